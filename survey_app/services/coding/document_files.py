"""Is an uploaded file what it says it is? Judged by its content; nothing in it is run, and nothing unpacked whole."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from survey_app.errors import Fault, InvalidInputError

MAX_SIZE = 7 * 1024 * 1024  # with the rest of its form it fits what a page takes (web/body_size.py)
MAX_PARTS = 2000
MAX_UNPACKED = 60_000_000
MAX_PIXELS = 40_000_000
MAX_NAME_LENGTH = 120
READ_AT_ONCE = 65536
TAIL = 1024  # a PDF's end may be followed by as much
ENCRYPTED = 0x1
PDF, DOCX, PNG, JPEG = "pdf", "docx", "png", "jpg"
MEDIA_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PNG: "image/png",
    JPEG: "image/jpeg",
}
ENDINGS = {"pdf": PDF, "docx": DOCX, "png": PNG, "jpg": JPEG, "jpeg": JPEG}
KINDS = "PDF, DOCX, PNG albo JPEG"
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    SyntaxError,
    ValueError,
    LookupError,
    RuntimeError,
    EOFError,
    OSError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
DOCTYPES = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le"))
LONGEST_MARK = max(len(mark) for mark in DOCTYPES)
# What would read as an ending inside a name: "umowa.exe.pdf".
INNER_ENDING = re.compile(r"\.(?=[^\W\d_]\w{0,9}(?:\.|$))")
FORBIDDEN = re.compile(r'[<>:"|?*%;\\/]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names that Windows keeps to itself


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept. `name` is clean, and ends as its content is."""

    name: str
    media_type: str
    content: bytes


def check_file(name: str, content: bytes) -> CheckedFile:
    """InvalidInputError says in Polish what is wrong with the file and what to do."""
    if not content:
        raise _refused("file_empty", "Plik jest pusty.", "Prosimy sprawdzić, czy zapisał się w całości.")
    if len(content) > MAX_SIZE:
        limit = MAX_SIZE // 1024 // 1024
        raise _refused("file_too_big", f"Plik jest za duży: najwyżej {limit} MB.", "Prosimy go zmniejszyć.")
    stem, kind = clean_name(name)
    try:
        CHECKS[kind](content)
    except BROKEN as error:
        raise _not_what_it_says(kind) from error
    return CheckedFile(f"{stem}.{kind}", MEDIA_TYPES[kind], content)


def clean_name(name: str) -> tuple[str, str]:
    """The name without folders, control characters and endings inside; and the kind that its ending names."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    stem, dot, ending = base.rpartition(".")
    kind = ENDINGS.get(ending.strip().lower())
    if not dot or kind is None:
        raise _refused("file_kind", f"Przyjmujemy tylko pliki {KINDS}.", "Prosimy zapisać go jako PDF.")
    return clean_stem(stem), kind


def clean_stem(stem: str) -> str:
    """A name without its ending, as every system can hold it."""
    stem = FORBIDDEN.sub("-", INNER_ENDING.sub("-", stem))
    stem = " ".join(stem.split()).strip(" .-")[:MAX_NAME_LENGTH].strip(" .-")
    if RESERVED.fullmatch(stem):
        stem = f"plik-{stem}"
    return stem or "dokument"


def check_pdf(content: bytes) -> None:
    """The header, the end, and the table or stream of objects where the end says that it is."""
    found = re.search(rb"startxref\s+(\d{1,10})\s+%%EOF\s*", content[-TAIL:])
    if not re.match(rb"%PDF-[12]\.\d", content) or found is None:
        raise ValueError("no beginning or no end of a PDF")
    start = int(found[1])
    if not re.match(rb"\s*(xref\b|\d+\s+\d+\s+obj\b)", content[start : start + 64]):
        raise ValueError("no objects where the PDF's end points")


def check_docx(content: bytes) -> None:
    check_office(content, "[Content_Types].xml", "word/document.xml")


def check_office(content: bytes, *needed: str) -> None:
    """An archive of an office program that holds these parts, as XML; no macros, no password, not too much inside."""
    if not content.startswith(b"PK\x03\x04"):
        raise ValueError("something stands before the archive")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename.lower() for part in parts]
        if any(part.flag_bits & ENCRYPTED for part in parts):
            raise _refused("file_locked", "Plik jest zabezpieczony hasłem.", "Prosimy zapisać go bez hasła.")
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            hint = "Prosimy zapisać go jako PDF."
            raise _refused("docx_too_big", "Plik po rozpakowaniu jest za duży.", hint)
        if any("vbaproject" in name or name.endswith((".exe", ".dll", ".js", ".vbs")) for name in names):
            hint = "Prosimy zapisać go bez makr albo jako PDF."
            raise _refused("docx_macros", "Plik zawiera makra albo programy.", hint)
        if len(set(names)) < len(names):
            raise ValueError("two parts of one name")
        for name in needed:
            _check_part(archive, name, b"macroEnabled" if name == "[Content_Types].xml" else b"")


def _check_part(archive: zipfile.ZipFile, name: str, forbidden: bytes = b"") -> None:
    """KeyError if it is not there; read in pieces, so that a part that lies about its size costs no memory."""
    with archive.open(name) as file:
        beginning = piece = file.read(READ_AT_ONCE)
        left, seam = MAX_UNPACKED, b""
        has_dtd = False
        while piece and left > 0:
            has_dtd = has_dtd or any(mark in seam + piece for mark in DOCTYPES)
            seam = piece[-LONGEST_MARK:]  # a mark may lie across two pieces
            piece = file.read(READ_AT_ONCE)
            left -= len(piece)
    if b"<" not in beginning or has_dtd:
        raise ValueError("no XML, or XML with a DTD, of which a document has no need")
    if forbidden and forbidden in beginning:
        hint = "Prosimy zapisać go bez makr albo jako PDF."
        raise _refused("docx_macros", "Plik zawiera makra albo programy.", hint)


def _check_image(content: bytes, kind: str) -> None:
    """Read whole: an image that is cut off is found only so."""
    with Image.open(io.BytesIO(content), formats=(kind,)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            limit = MAX_PIXELS // 1_000_000
            message = f"Obraz jest za duży: najwyżej {limit} milionów punktów."
            raise _refused("image_too_big", message, "Prosimy go zmniejszyć.")
        image.load()


CHECKS: dict[str, Callable[[bytes], None]] = {
    PDF: check_pdf,
    DOCX: check_docx,
    PNG: lambda content: _check_image(content, "PNG"),
    JPEG: lambda content: _check_image(content, "JPEG"),
}


def _not_what_it_says(kind: str) -> InvalidInputError:
    words = {PDF: "PDF", DOCX: "dokument DOCX", PNG: "obraz PNG", JPEG: "obraz JPEG"}[kind]
    message = f"Plik jest uszkodzony albo to nie {words}, choć tak się nazywa."
    return _refused("file_broken", message, "Prosimy otworzyć go i zapisać jeszcze raz.")


def _refused(code: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(f"{message} {hint}", [Fault(code, "content", message, hint)])
