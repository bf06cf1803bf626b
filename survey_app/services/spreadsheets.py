"""The one way to write a table into a file that a spreadsheet opens: CSV and XLSX, made harmless.

A cell that starts with = + - @ (or a tab or a line end before one) is read by spreadsheets as a formula. In CSV such a
cell gets an apostrophe in front; in XLSX every text is written as text, never as a formula or a link.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | float | None
Item = TypeVar("Item")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
SHEET_NAME_LENGTH = 31  # a limit of the format
WIDEST = 60
ROWS_OF_A_PIECE = 500
LONGEST_CELL = 32_767  # a limit of the format
CUT = " […] (skrócono: komórka arkusza mieści 32 767 znaków)"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def harmless(cell: Cell) -> Cell:
    """The cell as it may stand in a CSV file; numbers stay numbers, a negative one too."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Semicolons and UTF-8 with a mark, as Polish spreadsheets expect; an empty cell is an empty field."""
    return b"".join(csv_pieces(header, rows))


def csv_pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same file piece by piece, the heading first; no more than a piece of it is held at a time."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    yield text.getvalue().encode("utf-8-sig")
    for some in batched(rows, ROWS_OF_A_PIECE):
        text.seek(0)
        text.truncate()
        writer.writerows([_decimal_comma(harmless(cell)) for cell in row] for row in some)
        yield text.getvalue().encode()


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of `size`, the last one shorter."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _decimal_comma(cell: Cell) -> Cell:
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook; the first row of each sheet is a frozen heading."""
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for sheet in sheets:
        page = workbook.add_worksheet(sheet.name[:SHEET_NAME_LENGTH])
        page.freeze_panes(1, 0)
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, title, heading)
            page.set_column(column, column, _width(title, sheet.rows, column))
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                _write(page, number, column, cell)
    workbook.close()
    return target.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, _fitting(cell))
    else:
        page.write_number(row, column, cell)


def _fitting(text: str) -> str:
    """A cell holds only so much; a longer text would be left out without a word."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def _width(title: str, rows: Sequence[Sequence[Cell]], column: int) -> int:
    longest = max((len(str(row[column])) for row in rows[:200] if row[column] is not None), default=0)
    return min(WIDEST, max(longest, len(title), 6) + 2)
