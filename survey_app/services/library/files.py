"""Is an uploaded file one that the library takes? What it is tells its content, whatever its name says."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from survey_app.errors import Fault, InvalidInputError
from survey_app.services.coding.document_files import BROKEN, check_office, check_pdf, clean_stem
from survey_app.services.uploaded_text import UnreadableTextError, decoded

MAX_SIZE = 10 * 1024 * 1024  # with its form it fits what deploy/nginx.conf lets through
PDF, DOCX, ODT, XLSX, ODS, TXT = "pdf", "docx", "odt", "xlsx", "ods", "txt"
MEDIA_TYPES = {
    PDF: "application/pdf",
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ODT: "application/vnd.oasis.opendocument.text",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ODS: "application/vnd.oasis.opendocument.spreadsheet",
    TXT: "text/plain",
}
KINDS = "PDF, DOCX, ODT, XLSX, ODS albo TXT"
MAX_NAME = 150  # with its ending
# Kind -> the parts that an archive of that kind must hold.
OFFICE = {
    DOCX: ("[Content_Types].xml", "word/document.xml"),
    XLSX: ("[Content_Types].xml", "xl/workbook.xml"),
    ODT: ("META-INF/manifest.xml", "content.xml"),
    ODS: ("META-INF/manifest.xml", "content.xml"),
}
OPEN_KINDS = {MEDIA_TYPES[ODT].encode(): ODT, MEDIA_TYPES[ODS].encode(): ODS}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """`kind` is of MEDIA_TYPES; `name` is clean and ends as the content is; `text`: of a plain text, "" of others."""

    kind: str
    name: str
    content: bytes
    text: str = ""

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.kind]


def check_file(name: str, content: bytes) -> CheckedFile:
    """InvalidInputError says in Polish what is wrong with the file and what to do."""
    if not content:
        raise _refused("file_empty", "Plik jest pusty.", "Prosimy sprawdzić, czy zapisał się w całości.")
    if len(content) > MAX_SIZE:
        limit = MAX_SIZE // 1024 // 1024
        hint = "Prosimy go zmniejszyć albo dodać odnośnik do strony, na której jest."
        raise _refused("file_too_big", f"Plik jest za duży: najwyżej {limit} MB.", hint)
    if content.startswith(b"%PDF-"):
        _checked(content, PDF)
        return CheckedFile(PDF, _name(name, PDF), content)
    if content.startswith(b"PK\x03\x04"):
        kind = _office_kind(content)
        _checked(content, kind)
        return CheckedFile(kind, _name(name, kind), content)
    text = _plain_text(content)
    if (named := ending(name)) in MEDIA_TYPES and named != TXT:
        # Most often a page of a server that could not give the file, kept under the file's name.
        hint = (
            "Prosimy sprawdzić, czy dobrze się pobrał. Jeśli to ma być tekst, prosimy zmienić nazwę na .txt."
        )
        raise _refused(
            "file_name", f"Nazwa pliku kończy się na .{named}, a w środku jest zwykły tekst.", hint
        )
    return CheckedFile(TXT, _name(name, TXT), content, text)


def ending(name: str) -> str:
    """Letters and digits after the last dot, in small letters; "" without a dot."""
    return "".join(filter(str.isalnum, name.rpartition(".")[2])).lower() if "." in name else ""


def _checked(content: bytes, kind: str) -> None:
    try:
        if kind == PDF:
            check_pdf(content)
        else:
            check_office(content, *OFFICE[kind])
    except BROKEN as error:
        hint = "Prosimy otworzyć go i zapisać jeszcze raz, na przykład jako PDF."
        raise _refused("file_broken", f"Plik {kind.upper()} jest uszkodzony.", hint) from error


def _office_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                found = OPEN_KINDS.get(archive.read("mimetype").strip())
            else:
                found = next((kind for kind in (DOCX, XLSX) if OFFICE[kind][1] in names), None)
    except BROKEN as error:
        hint = "Prosimy zapisać go jeszcze raz."
        raise _refused("file_broken", "Plik jest uszkodzony albo niepełny.", hint) from error
    if found is None:
        raise _not_taken()
    return found


def _plain_text(content: bytes) -> str:
    """A file of no other kind must be a text, in an encoding that Polish files come in."""
    try:
        text = decoded(content)
    except UnreadableTextError as error:
        if error.line is None:
            raise _not_taken() from error
        message = f"Pliku tekstowego nie da się odczytać od wiersza {error.line}."
        raise _refused("text_encoding", message, "Prosimy zapisać go w kodowaniu UTF-8.") from error
    if _CONTROL.search(text):
        raise _not_taken()
    return text


def _name(name: str, kind: str) -> str:
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    base = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    stem = base.rpartition(".")[0] if "." in base[1:] else base
    return f"{clean_stem(stem)}.{kind}"


def _not_taken() -> InvalidInputError:
    hint = "Prosimy zapisać go jako PDF albo dodać odnośnik."
    return _refused("file_kind", f"Przyjmujemy tylko pliki {KINDS}.", hint)


def _refused(code: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(f"{message} {hint}", [Fault(code, "content", message, hint)])
