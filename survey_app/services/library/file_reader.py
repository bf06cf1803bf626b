"""A program of its own: reads the text of one file that somebody brought, with little memory, time and knowledge.

`python -I file_reader.py KIND LETTERS < file > text`. It is run by `read_text` in a process without settings, and
imports nothing of this service: what a hostile file may do to a parser, it does there. What has been read is written
page by page, so that a file that takes too long is still found by its beginning.
"""

from __future__ import annotations

import io
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

MEMORY = 640 * 1024 * 1024
SECONDS = 20
MOST_OF_PART = 60_000_000  # octets of one part of an archive, unpacked
PARTS = {
    "docx": ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"),
    "xlsx": ("xl/sharedStrings.xml", "xl/worksheets/*"),
    "odt": ("content.xml",),
    "ods": ("content.xml",),
}
AT_ONCE = 65536
# Elements after which a new word begins; within others (runs of one word) nothing is put between.
BREAKS = {"p", "h", "tab", "br", "cr", "line-break", "s", "si", "is", "c", "table-cell"}
# Elements whose own text is text; None: of all.
TEXT_OF = {"docx": {"t"}, "xlsx": {"t"}, "odt": None, "ods": None}


def main(kind: str, most: int) -> int:
    """The exit status: 0, or 3 where nothing can be read (a password, no text)."""
    _limit()
    content = sys.stdin.buffer.read()
    written = 0
    pieces = _pdf(content) if kind == "pdf" else _office(content, kind)
    try:
        for piece in pieces:
            clean = piece.encode("utf-8", "ignore").decode("utf-8")[: most - written]
            sys.stdout.buffer.write(clean.encode("utf-8"))
            sys.stdout.buffer.flush()
            written += len(clean)
            if written >= most:
                break
    except Exception:  # whatever a parser makes of a broken file: what was read before stays
        return 3
    return 0 if written else 3


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes into a pipe, and no file


def _pdf(content: bytes) -> Iterator[str]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return
    for page in reader.pages:
        try:
            yield page.extract_text() + "\n"
        except MemoryError:
            raise
        except Exception:  # noqa: S112  (one page that cannot be read is no reason to leave out the others)
            continue


def _office(content: bytes, kind: str) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in _named(archive, PARTS[kind]):
            with archive.open(name) as file:
                yield from _texts(file, TEXT_OF[kind])
            yield "\n"


def _named(archive: zipfile.ZipFile, wanted: tuple[str, ...]) -> list[str]:
    names = archive.namelist()
    return [
        name
        for want in wanted
        for name in names
        if name == want or (want.endswith("/*") and name.startswith(want[:-1]) and name.endswith(".xml"))
    ]


def _texts(file: IO[bytes], text_of: set[str] | None) -> Iterator[str]:
    """The text of one part, as it comes; a part that says it is small and is not ends at MOST_OF_PART."""
    told: list[str] = []
    inside: list[str] = []

    def start(tag: str, _attributes: object) -> None:
        inside.append(tag.rpartition(":")[2])

    def end(tag: str) -> None:
        inside.pop()
        if tag.rpartition(":")[2] in BREAKS:
            told.append("\n")

    def letters(text: str) -> None:
        if text_of is None or (inside and inside[-1] in text_of):
            told.append(text)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, letters
    left = MOST_OF_PART
    while left > 0 and (piece := file.read(AT_ONCE)):
        left -= len(piece)
        parser.Parse(piece)
        yield "".join(told)
        told.clear()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
