"""Concreteness: how many of the boxes of an open question were filled, one bar for each question."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.parts import LegendEntry, Segment
from survey_app.analysis.charts.primitives import Chart, Primitive, Text
from survey_app.analysis.released import ReleasedTable

_STEPS = ("step0", "step1", "step2", "step3")


def boxes_chart(concreteness: Sequence[tuple[str, ReleasedTable]]) -> Chart:
    """Tables of one row whose columns are 0, 1, 2, ... filled boxes; counts, not per cents."""
    columns = max((table.columns for _, table in concreteness), key=len)
    entries = [
        LegendEntry(tone, column.label, outline=tone == "step0")
        for tone, column in zip(_tones(len(columns)), columns, strict=True)
    ]
    marks: list[Primitive] = list(parts.legend(entries, parts.LABELS, 9))
    top = 20.0
    for label, table in concreteness:
        height = parts.row_height(label)
        marks += _row(label, table, top, height)
        top += height
    return Chart(parts.WIDTH, top + 2, _finding(concreteness), _describe(concreteness), tuple(marks))


def _tones(count: int) -> list[str]:
    """From empty (outline) to full (dark); more than four steps repeat the middle one."""
    if count <= len(_STEPS):
        return [_STEPS[0], *_STEPS[len(_STEPS) - count + 1 :]]
    return [*_STEPS[:2], *([_STEPS[2]] * (count - 3)), _STEPS[3]]


def _row(label: str, table: ReleasedTable, top: float, height: float) -> list[Primitive]:
    row = table.rows[0]
    marks: list[Primitive] = list(parts.row_label(label, top, height))
    width = parts.WIDTH - parts.LABELS - 42
    bar_top = top + (height - parts.BAR) / 2
    if row.hidden or not row.base:
        return [*marks, *parts.hidden_bar(parts.LABELS, bar_top, width)]
    bars = [
        Segment((count or 0) / row.base, tone, str(count), tone == "step0")
        for count, tone in zip(row.counts, _tones(len(row.counts)), strict=True)
    ]
    marks += parts.segments(bars, parts.LABELS, bar_top, width)
    return [*marks, Text(parts.WIDTH, top + height / 2 + 3, f"n = {row.base}", parts.SIZE, "end", "muted")]


def _finding(concreteness: Sequence[tuple[str, ReleasedTable]]) -> str:
    """The question in which most people filled every box."""
    full = [
        (table.rows[0].counts[-1] or 0, table.rows[0].base, label)
        for label, table in concreteness
        if not table.rows[0].hidden and table.rows[0].base
    ]
    if not full or not max(full)[0]:
        return "Ile pól wypełniono w pytaniach otwartych"
    count, base, label = max(full, key=lambda entry: entry[0])
    return f"Wszystkie pola najczęściej wypełniano w: {label} ({count} z {base})"


def _describe(concreteness: Sequence[tuple[str, ReleasedTable]]) -> str:
    sentences = ["Wykres słupkowy: liczba wypełnionych pól w pytaniach otwartych."]
    for label, table in concreteness:
        row = table.rows[0]
        told = "; ".join(
            f"{column.label}: {'dane ukryte' if count is None else polish.whole(count)}"
            for column, count in zip(table.columns, row.counts, strict=True)
        )
        sentences.append(f"{label}: {told}.")
    return " ".join(sentences)
