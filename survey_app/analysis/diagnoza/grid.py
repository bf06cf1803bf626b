"""The report's tables for machines: numbers as numbers, shares unrounded, what is hidden as the word for it.

`cells` makes words of the same tables for people; both read the same blocks, so they cannot differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from survey_app import polish
from survey_app.analysis.diagnoza.cells import CellTable, cells
from survey_app.analysis.diagnoza.document import CountTable, TextTable
from survey_app.analysis.released import HIDDEN, ReleasedRow, ReleasedTable

_NUMBER = re.compile(r"([+\u2212-]?)(\d{1,3}(?:[\u00a0\u202f]\d{3})+|\d+)(?:,(\d+))?(%?)")

Kind = Literal["text", "count", "share", "decimal"]


@dataclass(frozen=True, slots=True)
class GridCell:
    """`kind` says how the value is to be shown; `places`: digits after the decimal comma."""

    value: str | int | float | None
    kind: Kind = "text"
    places: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a workbook holds it. `numeric`: columns that hold numbers."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    numeric: frozenset[int]
    emphasised: frozenset[int]
    notes: tuple[str, ...]


def grid(block: CountTable | TextTable) -> Grid:
    """The table with a column for every count and every share."""
    words = cells(block)
    if isinstance(block, TextTable):
        return _of_words(words)
    header, rows = _of_list(block, words) if block.as_list else _of_groups(block, words)
    # What is said once above the table on paper would be missing on a sheet of its own.
    notes = block.table.notes
    return Grid(words.caption, header, tuple(rows), frozenset(range(1, len(header))), words.emphasised, notes)


def _of_words(words: CellTable) -> Grid:
    rows = tuple(
        tuple(GridCell(cell) if at == 0 else number_in(cell) for at, cell in enumerate(row))
        for row in words.rows
    )
    return Grid(words.caption, words.header, rows, words.numeric, words.emphasised, words.notes)


def number_in(words: str) -> GridCell:
    """The number that a cell of words is, or the words: "57%" is 0,57 shown as a per cent, "2.1" stays a text."""
    found = _NUMBER.fullmatch(words)
    if found is None:
        return GridCell(words)
    sign, whole, fraction, percent = found.groups()
    digits = re.sub(r"\D", "", whole)
    if (len(digits) > 1 and digits.startswith("0")) or len(digits) > 15:
        return GridCell(words)  # a code, not a number
    negative = -1 if sign in ("-", "\u2212") else 1
    signed, places = sign == "+", len(fraction or "")
    if percent:
        return GridCell(negative * float(f"{digits}.{fraction or 0}") / 100, "share", places, signed)
    if fraction:
        return GridCell(negative * float(f"{digits}.{fraction}"), "decimal", places, signed)
    return GridCell(negative * int(digits), "count", 0, signed)


def _of_list(block: CountTable, words: CellTable) -> tuple[tuple[str, ...], list[tuple[GridCell, ...]]]:
    table, row = block.table, block.table.rows[0]
    lines = [
        (GridCell(column.label), _count(count), _share(table, row, column.id))
        for column, count in zip(table.columns, row.counts, strict=True)
    ]
    if not block.show_shares:
        return words.header, [line[:2] for line in lines]
    whole = GridCell(None) if row.base is None or row.base < table.percent_from else GridCell(1.0, "share")
    return words.header, [*lines, (GridCell("Razem"), _count(row.base), whole)]


def _of_groups(block: CountTable, words: CellTable) -> tuple[tuple[str, ...], list[tuple[GridCell, ...]]]:
    table = block.table
    header = list(words.header[:2])
    for column in table.columns:
        header += [column.label, f"{column.label} %"] if block.show_shares else [column.label]
    rows = []
    for row in table.rows:
        line = [GridCell(row.label), _count(row.base)]
        for column, count in zip(table.columns, row.counts, strict=True):
            line += [_count(count), _share(table, row, column.id)][: 2 if block.show_shares else 1]
        rows.append(tuple(line))
    return tuple(header), rows


def _count(count: int | None) -> GridCell:
    return GridCell(HIDDEN) if count is None else GridCell(count, "count")


def _share(table: ReleasedTable, row: ReleasedRow, column_id: str) -> GridCell:
    """Empty under the base from which per cents are printed."""
    if row.hidden:
        return GridCell(HIDDEN)
    share = table.share(row.id, column_id)
    return GridCell(None) if share is None else GridCell(share, "share")


def shown(cell: GridCell) -> str:
    """The cell as its format shows it; the same words as on paper."""
    if not isinstance(cell.value, int | float):
        return cell.value or "–"
    plus = "+" if cell.signed and cell.value > 0 else ""
    if cell.kind == "share":
        return plus + polish.percent(cell.value, cell.places)
    if cell.kind == "decimal":
        return plus + polish.decimal(cell.value, cell.places)
    return plus + polish.whole(int(cell.value)).replace("-", polish.MINUS)
