"""Read an uploaded CSV or XLSX as rows of text. Refuses, with the reason, what is not what it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from survey_app.services.register.table_rows import Sheet, SheetRow, limited, refuse
from survey_app.services.spreadsheets import FORMULA_STARTS
from survey_app.services.uploaded_text import UnreadableTextError, decoded

MAX_BYTES = 5_000_000
DELIMITERS = ";,\t"
SAVE_AGAIN = "Otwórz plik w arkuszu kalkulacyjnym i zapisz jako XLSX albo CSV UTF-8."
MAGIC = {
    b"%PDF": "To jest plik PDF, a nie tabela.",
    b"{\\rtf": "To jest dokument tekstowy RTF, a nie tabela.",
    b"\x89PNG": "To jest obraz, a nie tabela.",
    b"\xff\xd8\xff": "To jest obraz, a nie tabela.",
}
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"


def read_sheet(name: str, content: bytes) -> Sheet:
    """Raises InvalidInputError when the file is not a CSV or XLSX that can be read in full."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    _check_bytes(extension, content)
    if extension == "xlsx":
        from survey_app.services.register.workbook import read_workbook

        sheet = read_workbook(content)
    else:
        sheet = Sheet(tuple(_csv_rows(_decoded(content))))
    if not sheet.rows:
        raise refuse("file_empty", "Plik jest pusty.", "Sprawdź, czy to właściwy plik.")
    return sheet


def _check_bytes(extension: str, content: bytes) -> None:
    if not content.strip():
        raise refuse("file_empty", "Plik jest pusty.", "Sprawdź, czy to właściwy plik.")
    if len(content) > MAX_BYTES:
        raise refuse("file_too_big", "Plik ma ponad 5 MB.", "Usuń z niego obrazy i inne arkusze.")
    for magic, message in MAGIC.items():
        if content.startswith(magic):
            raise refuse("not_a_table", message, SAVE_AGAIN)
    if content.startswith(OLE):
        message = "Plik jest zabezpieczony hasłem albo zapisany w dawnym formacie XLS."
        raise refuse("file_locked", message, "Zdejmij hasło i zapisz go jako XLSX.")
    if extension not in {"csv", "txt", "xlsx"}:
        raise refuse("file_kind", "Można wczytać plik CSV albo XLSX.", SAVE_AGAIN)
    if (extension == "xlsx") != content.startswith(ZIP):
        shown = f"Nazwa pliku kończy się na .{extension}, ale w środku jest coś innego."
        raise refuse("file_kind", shown, SAVE_AGAIN)


def _decoded(content: bytes) -> str:
    try:
        return decoded(content)
    except UnreadableTextError as error:
        if error.line is None:
            raise refuse("not_a_table", "To nie jest plik tekstowy.", SAVE_AGAIN) from error
        message = f"W wierszu {error.line} są znaki, których nie da się odczytać."
        raise refuse("encoding", message, SAVE_AGAIN, error.line) from error


def _csv_rows(text: str) -> Iterator[SheetRow]:
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        delimiter, text, skipped = first.strip()[-1], rest, 1
    else:
        delimiter = _delimiter(text)
    return limited(_records(text, delimiter, skipped))


def _records(text: str, delimiter: str, skipped: int) -> Iterator[SheetRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = skipped + 1
    try:
        for record in reader:
            yield SheetRow(begins, tuple(_plain(cell.strip()) for cell in record))
            begins = skipped + reader.line_num + 1
    except csv.Error as error:
        message = f"Wiersza {begins} nie da się odczytać."
        hint = "Najczęściej brakuje w nim drugiego cudzysłowu."
        raise refuse("csv_row", message, hint, begins) from error


def _plain(cell: str) -> str:
    """Without the apostrophe that our own files put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _delimiter(text: str) -> str:
    """The one that the first lines use most; titles above the table use none."""
    start = text.splitlines()[:10]
    return max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in start), default=0))
