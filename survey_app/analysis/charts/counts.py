"""Bars of counts: the options of a single choice, or one count for each group."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Primitive, Rect, Text
from survey_app.analysis.released import ReleasedTable


def counts_bars(table: ReleasedTable, unit: str = "ankiet") -> Chart:
    """One bar per option (a table of one row) or per group (a table of one column), in the table's order."""
    entries = _entries(table)
    longest = max((count for _, count in entries if count), default=1)
    marks: list[Primitive] = []
    top = 2.0
    for label, count in entries:
        height = parts.row_height(label)
        marks += _row(label, count, longest, top, height)
        top += height
    return Chart(parts.WIDTH, top + 2, _finding(entries, unit), _describe(table, entries), tuple(marks))


def _entries(table: ReleasedTable) -> list[tuple[str, int | None]]:
    if len(table.rows) == 1:
        row = table.rows[0]
        return [(column.label, count) for column, count in zip(table.columns, row.counts, strict=True)]
    return [(row.label, row.counts[0]) for row in table.rows if row.level != "gmina"]


def _row(label: str, count: int | None, longest: int, top: float, height: float) -> Iterator[Primitive]:
    yield from parts.row_label(label, top, height)
    width = parts.WIDTH - parts.LABELS - 60
    bar_top = top + (height - parts.BAR) / 2
    if count is None:
        yield from parts.hidden_bar(parts.LABELS, bar_top, 90)
        return
    length = width * count / longest
    if count:
        yield Rect(parts.LABELS, bar_top, length, parts.BAR, "strong")
    yield Text(parts.LABELS + length + 5, top + height / 2 + 3, polish.whole(count), parts.SIZE, bold=True)


def _finding(entries: list[tuple[str, int | None]], unit: str) -> str:
    """The most frequent option by name; several at the top are named together, more than two only counted."""
    top = max((count for _, count in entries if count is not None), default=0)
    if not top:
        return "Brak liczb, które można pokazać"
    leaders = [label for label, count in entries if count == top]
    if len(leaders) > 2:
        return f"Najliczniejsze rodzaje mają po {polish.whole(top)} {unit}"
    return f"Najwięcej {unit} ({polish.whole(top)}): {' oraz '.join(leaders)}"


def _describe(table: ReleasedTable, entries: list[tuple[str, int | None]]) -> str:
    told = "; ".join(
        f"{label}: {'dane ukryte' if count is None else polish.whole(count)}" for label, count in entries
    )
    return f"Wykres słupkowy: {table.title}. {told}."
