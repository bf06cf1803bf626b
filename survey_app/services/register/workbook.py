"""Read the first sheet of an XLSX file, with limits on what an unpacked file may hold."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from survey_app.services.register.table_rows import CellFault, Sheet, SheetRow, limited, refuse

MAX_UNPACKED = 30_000_000  # read twice, which takes some twelve times as much memory
MAX_PARTS = 500
MAX_SHEET_ROWS = 100_000  # blank rows with a format count, too
MAX_SHEET_CELLS = 5_000_000  # blank cells, too: a row that is formatted to its end has 16,384
ENCRYPTED = 0x1
SAVE_AGAIN = "Otwórz go w arkuszu kalkulacyjnym i zapisz jeszcze raz jako XLSX."
# A spreadsheet has no need of a DTD; a file that brings one wants to be unpacked without end.
DOCTYPES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)

# What openpyxl, zipfile and the XML parsers raise on a broken file; openpyxl has no error of its own for that.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    EOFError,
    OSError,
)


def read_workbook(content: bytes) -> Sheet:
    """Raises InvalidInputError for a file that is broken, locked, or unpacks to too much."""
    _check_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about formats and styles, which are not read
            return _read(content)
    except BROKEN as error:
        raise refuse("xlsx_broken", "Plik XLSX jest uszkodzony.", SAVE_AGAIN) from error


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & ENCRYPTED for part in parts):
                raise refuse("file_locked", "Plik jest zabezpieczony hasłem.", "Zdejmij hasło i zapisz go.")
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise refuse(
                    "xlsx_too_big", "Plik po rozpakowaniu jest za duży.", "Zostaw w nim sam katalog."
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise refuse("file_kind", "To archiwum, a nie arkusz XLSX.", SAVE_AGAIN)
            for part in parts:
                _check_part(archive, part)
    except BROKEN as error:
        raise refuse("xlsx_broken", "Plik XLSX jest uszkodzony.", SAVE_AGAIN) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    with archive.open(part) as file:
        beginning = file.read(4096)
    if any(mark in beginning for mark in DOCTYPES):
        raise refuse("xlsx_broken", "Plik XLSX zawiera niedozwoloną definicję.", SAVE_AGAIN)


def _read(content: bytes) -> Sheet:
    """Two views of one file: the values as last saved, and the formulas behind them."""
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        if not values.worksheets:
            raise refuse("file_empty", "W pliku nie ma żadnego arkusza z tabelą.", "")
        for book in (values, formulas):
            # What the file says of its own size is often wrong: too much costs minutes, too little loses columns.
            book.worksheets[0].reset_dimensions()
        names = [sheet.title for sheet in values.worksheets]
        rows = _rows(values.worksheets[0], formulas.worksheets[0])
        return Sheet(tuple(limited(rows)), tuple(names[1:]))
    finally:
        values.close()
        formulas.close()


def _rows(values: Any, formulas: Any) -> Iterator[SheetRow]:
    pairs = zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=())
    cells = 0
    for number, (shown, written) in enumerate(pairs, start=1):
        cells += len(shown)
        if number > MAX_SHEET_ROWS:
            raise refuse("too_many_rows", "Arkusz ma za dużo wierszy.", "Usuń puste wiersze na dole.", number)
        if cells > MAX_SHEET_CELLS:
            hint = "Usuń puste kolumny po prawej stronie tabeli."
            raise refuse("too_many_columns", "Arkusz ma za dużo komórek.", hint, number)
        yield _row(number, shown, written)


def _row(number: int, shown: tuple[Any, ...], written: tuple[Any, ...]) -> SheetRow:
    cells, faults = [], []
    for column, (value, formula) in enumerate(zip_longest(shown, written)):
        kept = value.value if value is not None else None
        if value is not None and value.data_type == "e":
            faults.append(CellFault(column, f"W komórce jest błąd {kept}.", "Popraw ją w arkuszu."))
            kept = None
        elif kept is None and formula is not None and formula.data_type == "f":
            hint = "Zapisz plik w arkuszu kalkulacyjnym albo wpisz wartość zamiast formuły."
            faults.append(CellFault(column, "W komórce jest formuła bez zapisanego wyniku.", hint))
        cells.append(_text(kept))
    while cells and not cells[-1]:
        cells.pop()
    return SheetRow(number, tuple(cells), tuple(faults))


def _text(value: object) -> str:
    """A cell as the person sees it: a telephone number that the program took for a number has no ".0"."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value).strip()
