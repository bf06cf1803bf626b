"""Tables as words: the one place where a released count becomes a cell, for paper and page alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.diagnoza.document import CountTable, TextTable
from survey_app.analysis.released import HIDDEN, ReleasedRow, ReleasedTable

_NO_SHARE = "–"
_NUMBER = re.compile(rf"[\d\s.,%–−+-]+|{HIDDEN}")
_WIDE_FROM = 4  # columns from which count and share stand in one cell


@dataclass(frozen=True, slots=True)
class CellTable:
    """Words only. `numeric`: columns to set right; `emphasised`: rows that stand for everyone."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int]
    emphasised: frozenset[int]
    notes: tuple[str, ...]
    widths: tuple[float, ...]
    anchor: str
    narrow: bool = False  # a list of a few words and numbers reads better when they stand close


def cells(block: CountTable | TextTable) -> CellTable:
    """The table's words, in the order in which they are read."""
    if isinstance(block, TextTable):
        return _text_cells(block)
    header, rows, emphasised = _list_cells(block) if block.as_list else _row_cells(block)
    numeric = frozenset(range(1, len(header)))
    first = 3.4 if len(header) > 3 else 4.0
    widths = (first, *[1.0] * (len(header) - 1))
    notes = tuple(note for note in block.table.notes if note not in block.said)
    return CellTable(
        block.caption, header, tuple(rows), numeric, emphasised, notes, widths, block.anchor, block.as_list
    )


def _text_cells(block: TextTable) -> CellTable:
    columns = range(1, len(block.header))
    numeric = frozenset(
        column for column in columns if block.figures or _is_numeric([row[column] for row in block.rows])
    )
    widths = block.widths or tuple(1.0 for _ in block.header)
    return CellTable(block.caption, block.header, block.rows, numeric, frozenset(), (), widths, block.anchor)


def _is_numeric(words: list[str]) -> bool:
    """Numbers, dashes and the word for hidden only, and at least one number."""
    return any(word.lstrip("+−")[:1].isdigit() for word in words) and all(
        _NUMBER.fullmatch(word) for word in words
    )


Cells = tuple[tuple[str, ...], list[tuple[str, ...]], frozenset[int]]


def _list_cells(block: CountTable) -> Cells:
    """One line per column of the first row; with shares, a last line with the base."""
    table, row = block.table, block.table.rows[0]
    if not block.show_shares:
        lines = [
            (column.label, _count(count)) for column, count in zip(table.columns, row.counts, strict=True)
        ]
        return (block.heading or "Co policzono", "Liczba"), list(lines), frozenset()
    rows: list[tuple[str, ...]] = [
        (column.label, _count(count), _share(table, row, column.id))
        for column, count in zip(table.columns, row.counts, strict=True)
    ]
    whole = _NO_SHARE if row.base is None or row.base < table.percent_from else polish.percent(1)
    rows.append(("Razem", _count(row.base), whole))
    return (block.heading or "Odpowiedź", "Liczba", "Odsetek"), rows, frozenset({len(rows) - 1})


def _row_cells(block: CountTable) -> Cells:
    """One line per group: base, then each answer with its share."""
    table = block.table
    header = [block.heading or "Grupa", "n"]
    for column in table.columns:
        header.append(column.label)
        if block.show_shares and len(table.columns) < _WIDE_FROM:
            header.append(f"{column.label} %")
    rows = [_one_row(block, row) for row in table.rows]
    whole = frozenset(at for at, row in enumerate(table.rows) if row.level == "gmina" and len(table.rows) > 1)
    return tuple(header), rows, whole


def _one_row(block: CountTable, row: ReleasedRow) -> tuple[str, ...]:
    line = [row.label, _count(row.base)]
    for column, count in zip(block.table.columns, row.counts, strict=True):
        share = _share(block.table, row, column.id)
        if not block.show_shares:
            line.append(_count(count))
        elif len(block.table.columns) < _WIDE_FROM:
            line += [_count(count), share]
        else:
            line.append(f"{_count(count)} ({share})" if share not in {_NO_SHARE, HIDDEN} else _count(count))
    return tuple(line)


def _count(count: int | None) -> str:
    return HIDDEN if count is None else polish.whole(count)


def _share(table: ReleasedTable, row: ReleasedRow, column_id: str) -> str:
    if row.hidden:
        return HIDDEN
    share = table.share(row.id, column_id)
    return _NO_SHARE if share is None else polish.percent(share)
