"""Read a transcript: pasted, or a TXT, DOCX, VTT or SRT file. Words are kept; what cannot be read is told."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webvtt.errors import MalformedCaptionError
from webvtt.models import Timestamp

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError
from survey_app.services.coding.document_files import check_file
from survey_app.services.interviewing.transcript_turns import MOST_SPEAKERS, Turn, turns_of_lines
from survey_app.services.uploaded_text import UnreadableTextError, decoded

LARGEST_FILE = 2_000_000
LARGEST_TEXT = 1_000_000  # characters: more than ten hours of talk
KINDS = {
    "txt": "plik TXT",
    "docx": "plik DOCX",
    "vtt": "plik VTT",
    "srt": "plik SRT",
    "": "tekst wklejony",
}
LARGEST_UNPACKED = 25_000_000
MOST_TOLD = 10
SAVE_AGAIN = "Prosimy zapisać go jeszcze raz jako DOCX, bez obrazów i makr, albo wkleić tekst."
FILE, PASTED = "plik", "tekst"
_NOT_TEXT = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"ID3",
)
_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Times, be they right or broken; a sentence with an arrow in it is a sentence.
_TIMES = re.compile(r"[ \t]*[\d:.,x?-]*\d[^\s>]{0,20}[ \t]*-->[^>]{0,150}")
_ARROW = "-->"
_TAG = re.compile(r"<([^<>]*)>")
_VOICE = re.compile(r"v(?:\.\w+)*[ \t]+(\S[^\n]*)")


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was read. `kind`: a key of KINDS. `told`: what a person should know before it is kept."""

    kind: str
    turns: tuple[Turn, ...]
    told: tuple[str, ...] = ()


def read_file(name: str, content: bytes) -> Transcript:
    """InvalidInputError: empty, too big, none of the four kinds, or not what it says it is."""
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    if not content.strip():
        raise _refused(FILE, "file_empty", "Plik jest pusty.", "Prosimy sprawdzić, czy to właściwy plik.")
    if len(content) > LARGEST_FILE:
        hint = "Prosimy podzielić transkrypcję albo usunąć z pliku obrazy."
        raise _refused(FILE, "file_too_big", f"Plik ma ponad {LARGEST_FILE // 1_000_000} MB.", hint)
    if kind not in KINDS or not kind:
        hint = "Prosimy zapisać transkrypcję w jednym z tych formatów albo wkleić jej tekst."
        raise _refused(FILE, "file_kind", "Można wczytać plik TXT, DOCX, VTT albo SRT.", hint)
    text = _docx_text(content) if kind == "docx" else _plain_text(kind, content)
    return _read(kind, text, FILE)


def read_pasted(text: str) -> Transcript:
    """InvalidInputError: nothing in it, or too much."""
    beginning = text.lstrip("\ufeff \t\r\n")
    return _read("vtt" if beginning.startswith("WEBVTT") else "", text, PASTED)


def _read(kind: str, text: str, where: str) -> Transcript:
    text, told = _clean(text.removeprefix("\ufeff"))
    if not text.strip():
        raise _refused(where, "text_empty", "W transkrypcji nie ma żadnego tekstu.", "Prosimy ją sprawdzić.")
    if len(text) > LARGEST_TEXT:
        limit = polish.whole(LARGEST_TEXT)
        hint = "Prosimy podzielić ją na części."
        raise _refused(where, "text_too_long", f"Transkrypcja ma ponad {limit} znaków.", hint)
    if kind in ("vtt", "srt"):
        turns, faults = _cue_turns(text.split("\n"))
        told += faults
        if not turns:
            message = "W pliku nie ma żadnych wypowiedzi."
            raise _refused(where, "text_empty", message, "Prosimy sprawdzić, czy to właściwy plik.")
    else:
        turns = turns_of_lines(line.rstrip() for line in text.split("\n"))
    marks = len({turn.speaker for turn in turns})
    if marks > MOST_SPEAKERS:
        message = f"W transkrypcji jest {polish.counted(marks, 'oznaczenie', 'oznaczenia', 'oznaczeń')} osób."
        hint = f"Można wskazać najwyżej {MOST_SPEAKERS}. Prosimy usunąć dwukropki, które nie stoją po osobie."
        raise _refused(where, "too_many_speakers", message, hint)
    return Transcript(kind, turns, tuple(told))


def _clean(text: str) -> tuple[str, list[str]]:
    """One kind of line break; no control characters, which no store keeps. Letters stay as they are."""
    text, removed = _CONTROL.subn("", _BREAKS.sub("\n", text))
    if not removed:
        return text, []
    one, few, many = "niewidoczny znak", "niewidoczne znaki", "niewidocznych znaków"
    signs = polish.counted(removed, one, few, many)
    return text, [f"Z tekstu usunięto {signs}. Słowa się nie zmieniły."]


def _plain_text(kind: str, content: bytes) -> str:
    if content.startswith(_NOT_TEXT):
        message = f"Nazwa pliku kończy się na .{kind}, ale w środku jest coś innego niż tekst."
        raise _refused(
            FILE, "file_kind", message, "Prosimy zapisać transkrypcję jeszcze raz jako TXT albo DOCX."
        )
    try:
        return decoded(content)
    except UnreadableTextError as error:
        hint = "Prosimy zapisać plik jako „tekst UTF-8” i wczytać jeszcze raz."
        if error.line is None:
            raise _refused(FILE, "not_text", "To nie jest plik tekstowy.", hint) from error
        message = f"W wierszu {error.line} są znaki, których nie da się odczytać."
        raise _refused(FILE, "encoding", message, hint) from error


# DOCX ----------------------------------------------------------------------------------------------------------


def _docx_text(content: bytes) -> str:
    """Paragraphs in the order of the document, those in tables, too; without what tracked changes deleted."""
    import docx

    try:
        check_file("transkrypcja.docx", content)
        _check_unpacked(content)
        body = docx.Document(io.BytesIO(content)).element.body
    except InvalidInputError as error:
        message = error.faults[0].message if error.faults else error.message
        raise _refused(FILE, "docx_broken", message, SAVE_AGAIN) from error
    except (
        Exception
    ) as error:  # python-docx has no error of its own for a part that is missing or of a wrong kind
        message = "Plik jest uszkodzony albo to nie dokument DOCX."
        raise _refused(FILE, "docx_broken", message, SAVE_AGAIN) from error
    return "\n".join(_paragraphs(body))


def _check_unpacked(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            message = "Plik po rozpakowaniu jest za duży."
            raise _refused(FILE, "docx_too_big", message, SAVE_AGAIN)


def _paragraphs(body: Any) -> list[str]:
    """An own reading of runs: the library's leaves out what tracked changes inserted, and text boxes."""
    from docx.oxml.ns import qn

    paragraph, run, text = qn("w:p"), qn("w:r"), qn("w:t")
    gone = (qn("w:del"), qn("w:moveFrom"), _FALLBACK)
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    lines: dict[object, list[str]] = {}
    for node in body.iter(paragraph, text, *signs):
        if next(node.iterancestors(*gone), None) is not None:
            continue
        if node.tag == paragraph:
            lines[node] = []
        elif node.getparent().tag == run:  # a w:tab elsewhere is a stop of a style
            own = next(node.iterancestors(paragraph), None)
            if own is not None:  # a run that stands in no paragraph is nothing that Word shows
                lines[own].append((node.text or "") if node.tag == text else signs[node.tag])
    return ["".join(line) for line in lines.values()]


# VTT and SRT ---------------------------------------------------------------------------------------------------


def _cue_turns(lines: Sequence[str]) -> tuple[tuple[Turn, ...], list[str]]:
    """The words of all cues. Times are not kept; a cue whose times cannot be read loses nothing but is told."""
    said: list[tuple[Turn, list[str]]] = []
    wrong: list[int] = []
    loose: list[int] = []
    for number, block in _blocks(lines):
        at = next((at for at, line in enumerate(block[:2]) if _TIMES.fullmatch(line)), None)
        if at is None:
            if _is_apart(block[0], number):
                continue
            loose.append(number)
        elif not _times_are_right(block[at]):
            wrong.append(number + at)
        _append(said, block if at is None else block[at + 1 :])
    told = []
    if wrong:
        told.append(f"{_lines_words(wrong)}: nie da się odczytać czasów. Tekst jest zachowany.")
    if loose:
        told.append(f"{_lines_words(loose)}: tekst bez czasów. Jest zachowany.")
    return _joined(said), told


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between empty ones, with the number of the first, counted from 1; times begin a new one, too."""
    block: list[str] = []
    start = 1
    for number, line in enumerate([*lines, ""], start=1):
        begins = _TIMES.fullmatch(line) and (len(block) > 1 or (block and _TIMES.fullmatch(block[0])))
        if line.strip() and not begins:
            if not block:
                start = number
            block.append(line)
            continue
        numbered = begins and len(block) > 1 and block[-1].strip().isdecimal()
        held = [block.pop()] if numbered else []  # the number of the next cue of an SRT without an empty line
        if block:
            yield start, block
        block = [*held, line] if begins else []
        start = number - len(held)


def _is_apart(first: str, number: int) -> bool:
    """The head of a VTT, a comment, a style: not words that somebody said. A lone number is an empty cue's."""
    words = first.split()
    return (
        (words[0] == "WEBVTT" and number <= 2)
        or words[0] in ("NOTE", "STYLE", "REGION")
        or first.strip().isdecimal()
    )


def _times_are_right(line: str) -> bool:
    begins, _, rest = line.replace(",", ".").partition(_ARROW)
    ends = rest.split()
    try:
        return bool(Timestamp.from_string(begins.strip()) <= Timestamp.from_string(ends[0] if ends else ""))
    except MalformedCaptionError:
        return False


def _append(said: list[tuple[Turn, list[str]]], lines: Sequence[str]) -> None:
    """Cues of one voice that follow each other are one turn."""
    for turn in _voices("\n".join(lines)):
        if said and turn.speaker == said[-1][0].speaker:
            said[-1][1].append(turn.words)
        else:
            said.append((turn, [turn.words]))


def _joined(said: Iterable[tuple[Turn, list[str]]]) -> tuple[Turn, ...]:
    """Without voices, each cue is a line of its own."""
    return tuple(replace(turn, words=(" " if turn.speaker else "\n").join(words)) for turn, words in said)


def _voices(cue: str) -> Iterator[Turn]:
    """`<v Anna>...` or "Anna: ..."; other marks of subtitles are not words."""
    speaker, at, words = "", 0, ""
    for tag in _TAG.finditer(cue):
        words += cue[at : tag.start()]
        at = tag.end()
        voice = _VOICE.match(tag[1])
        if voice or tag[1].strip() == "/v":
            yield from _said(speaker, words)
            speaker, words = " ".join(html.unescape(voice[1]).split()) if voice else "", ""
    yield from _said(speaker, words + cue[at:])


def _said(speaker: str, words: str) -> Iterator[Turn]:
    words = html.unescape(words)
    if not words.strip():
        return
    if speaker:
        yield Turn(speaker, " ".join(words.split()))
        return
    for turn in turns_of_lines(words.split("\n")):
        yield Turn(turn.speaker, " ".join(turn.words.split()), turn.mark)


def _lines_words(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:MOST_TOLD])
    more = len(numbers) - MOST_TOLD
    rest = f" i {polish.counted(more, 'dalszy', 'dalsze', 'dalszych')}" if more > 0 else ""
    return f"{'Wiersz' if len(numbers) == 1 else 'Wiersze'} {shown}{rest}"


def _refused(where: str, code: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(
        f"Nie wczytano transkrypcji. {message} {hint}", [Fault(code, where, message, hint)]
    )
