"""Answers by group: stacked bars of shares, squares for groups too small for per cents, hatching for what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.parts import LegendEntry, Segment
from survey_app.analysis.charts.primitives import Chart, Primitive, Rect, Text
from survey_app.analysis.released import ReleasedRow, ReleasedTable
from survey_app.instrument.values import State

_BASE_COLUMN = 42.0
_SQUARE = 11.0
_TONES = ("strong", "soft", "step2", "step1")
_STATE_WORDS = {
    State.UNANSWERED.value: "bez odpowiedzi",
    State.NOT_ASKED.value: "nie dotyczy",
    State.NOT_REACHED.value: "nie doszło do pytania",
}


def answers_by_group(table: ReleasedTable) -> Chart:
    """One bar per row of a table of two to four answers (TAK and NIE), the gmina first, each with its base.

    Under `percent_from` answers a row is drawn as single squares, because per cents of four people mislead.
    """
    marks: list[Primitive] = list(parts.legend(_legend(table), parts.LABELS, 9))
    top = 20.0
    for row in table.rows:
        height = parts.row_height(row.label)
        marks += _row(table, row, top, height)
        top += height
    strip = _states(table)
    if strip:
        marks += _state_row(strip, top + 6)
        top += parts.BAR + 24
    return Chart(parts.WIDTH, top + 2, finding(table), describe(table), tuple(marks))


def finding(table: ReleasedTable) -> str:
    """The chart's title: how many gave the first answer (TAK), in the whole gmina."""
    row, column = table.rows[0], table.columns[0]
    count = table.count(row.id, column.id)
    if count is None or row.base is None:
        return "Wynik dla całej gminy jest ukryty, bo mógłby wskazać konkretne osoby"
    if row.base == 0:
        return "Nikt nie odpowiedział na to pytanie"
    share = table.share(row.id, column.id)
    told = f" ({polish.percent(share)})" if share is not None else ""
    return f"{column.label}: {polish.whole(count)} z {polish.whole(row.base)} odpowiedzi{told}"


def describe(table: ReleasedTable) -> str:
    """The alternative text: every row in words, as far as it is released."""
    sentences = [f"Wykres słupkowy: {table.title}."]
    sentences += [f"{row.label}: {_told(table, row)}." for row in table.rows]
    strip = _states(table)
    if strip:
        told = ", ".join(f"{words} {polish.whole(count)}" for words, count, _ in strip)
        sentences.append(f"Wszystkie ankiety: {told}.")
    return " ".join(sentences)


def _told(table: ReleasedTable, row: ReleasedRow) -> str:
    if row.hidden or row.base is None:
        return "dane ukryte"
    if row.base == 0:
        return "brak odpowiedzi"
    pieces = []
    for column in table.columns:
        share = table.share(row.id, column.id)
        extra = f" ({polish.percent(share)})" if share is not None else ""
        pieces.append(f"{column.label} {polish.whole(table.count(row.id, column.id) or 0)}{extra}")
    return ", ".join(pieces)


def _legend(table: ReleasedTable) -> list[LegendEntry]:
    entries = [LegendEntry(tone, column.label) for tone, column in zip(_TONES, table.columns, strict=False)]
    if _states(table):
        entries.append(LegendEntry("none", "bez odpowiedzi lub nie dotyczy", outline=True))
    if any(row.hidden for row in table.rows):
        entries.append(LegendEntry("hidden", "dane ukryte", hatched=True))
    return entries


def _row(table: ReleasedTable, row: ReleasedRow, top: float, height: float) -> Iterator[Primitive]:
    yield from parts.row_label(row.label, top, height, bold=row.level in {"gmina", "total"})
    width = parts.WIDTH - parts.LABELS - _BASE_COLUMN
    bar_top = top + (height - parts.BAR) / 2
    if row.hidden or row.base is None:
        yield from parts.hidden_bar(parts.LABELS, bar_top, width)
        return
    yield Text(parts.WIDTH, top + height / 2 + 3, f"n = {row.base}", parts.SIZE, "end", "muted")
    counts = [count or 0 for count in row.counts]
    if row.base == 0:
        yield Text(parts.LABELS, top + height / 2 + 3, "brak odpowiedzi", parts.SIZE, tone="muted")
    elif row.base < table.percent_from:
        yield from _squares(counts, parts.LABELS, bar_top + 2)
    else:
        shares = [
            Segment(count / row.base, tone, polish.percent(count / row.base))
            for count, tone in zip(counts, _TONES, strict=False)
        ]
        yield from parts.segments(shares, parts.LABELS, bar_top, width)


def _squares(counts: Sequence[int], x: float, top: float) -> Iterator[Primitive]:
    """One square for each answer, and the counts in figures."""
    for count, tone in zip(counts, _TONES, strict=False):
        for _ in range(count):
            yield Rect(x, top, _SQUARE - 2, _SQUARE, tone)
            x += _SQUARE
    yield Text(x + 4, top + 9, " / ".join(str(count) for count in counts), parts.SIZE, tone="muted")


def _states(table: ReleasedTable) -> list[tuple[str, int, str]]:
    """Answers and states of all forms, only when each of them is released and some form has no answer here."""
    counts = table.rows[0].counts if table.rows else ()
    known = [table.states.get(state, 0) for state in _STATE_WORDS]
    if any(count is None for count in (*counts, *known)) or not any(known):
        return []
    strip = [
        (column.label, count or 0, tone)
        for column, count, tone in zip(table.columns, counts, _TONES, strict=False)
    ]
    strip += [(words, count or 0, "none") for words, count in zip(_STATE_WORDS.values(), known, strict=True)]
    return [entry for entry in strip if entry[1]]


def _state_row(strip: Sequence[tuple[str, int, str]], top: float) -> Iterator[Primitive]:
    """All forms as one bar of counts: what the bars above leave out."""
    total = sum(count for _, count, _ in strip)
    yield from parts.row_label("Wszystkie ankiety (liczby)", top, parts.BAR)
    width = parts.WIDTH - parts.LABELS - _BASE_COLUMN
    bars = [
        Segment(count / total, tone, f"{count}" if tone != "none" else f"{words}: {count}", tone == "none")
        for words, count, tone in strip
    ]
    yield from parts.segments(bars, parts.LABELS, top, width)
    yield Text(parts.WIDTH, top + parts.BAR / 2 + 3, f"n = {total}", parts.SIZE, "end", "muted")
