"""Charts of a region: a measure over gminas (lowest, median, highest, bounds), shares of sums, a change by area."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.parts import LegendEntry, Segment
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Primitive, Rect, Text
from survey_app.analysis.disclosure.rollup import PART, REGION, Spread
from survey_app.analysis.pdf.fonts import text_width
from survey_app.analysis.released import HIDDEN, ReleasedRow, ReleasedTable

FEW_GMINAS = "mniej niż trzy gminy"
_LABELS = 152.0
_TRACK = 182.0
_MEDIAN = _LABELS + _TRACK + 40
_RANGE = _LABELS + _TRACK + 88
_HEAD = 38.0
_LONGEST = 130  # letters of a label: the table beside the chart has all of them
_TWO = ("strong", "soft")  # TAK and NIE
_STEPS = ("soft", "step1", "step2", "strong")  # answers in an order, the last the most
_CODES = ("strong", "ink", "soft")  # for, neither, against: full, outlined, light
_QUESTIONS = 226.0  # the wording of a question needs more room than the name of an area
_BASE = 44.0
_FEW_AREAS, _MOST_AREAS = 12, 28  # with more areas than few, bars are thinner; more than most fill no page


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """One measure; `spread` is None with fewer than three gminas. `strong`: it stands for the whole, set in bold."""

    label: str
    spread: Spread | None
    strong: bool = False
    unit: str = ""


def spread_chart(lines: Sequence[SpreadLine], title: str, whole_scale: bool = True) -> Chart:
    """A line from the lowest to the highest gmina, a dot at the median, a light band for the median's bounds.

    `whole_scale`: from 0 to 100, the same in every chart of shares and scores; else from the numbers themselves.
    Rows stay in the order given. ValueError without lines.
    """
    if not lines:
        raise ValueError("a chart needs a line")
    heights = [parts.row_height(short(line.label), _LABELS) + 3 for line in lines]
    bottom = _HEAD + sum(heights)
    low, high, steps = (0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0)) if whole_scale else _scale(lines)
    marks = [*_spread_legend(any(line.spread and line.spread.bounds for line in lines)), *_columns()]
    for step in steps:
        at = _at(step, low, high)
        marks.append(Line(at, _HEAD - 4, at, bottom, "rule", 0.5))
        marks.append(Text(at, bottom + 10, polish.decimal(step, 0), parts.SMALL, "middle", "muted"))
    top = _HEAD
    for line, height in zip(lines, heights, strict=True):
        marks += parts.row_label(short(line.label), top, height, bold=line.strong, width=_LABELS)
        marks += _spread_row(line, top + height / 2, low, high, halves=not whole_scale)
        top += height
    return Chart(parts.WIDTH, bottom + 14, title, _told_spreads(lines, halves=not whole_scale), tuple(marks))


def number(value: float, unit: str = "", halves: bool = False) -> str:
    """Scores and per cents in whole numbers; with `halves` the half of a median of counts stays a half."""
    places = 1 if halves and value % 1 == 0.5 else 0
    return polish.decimal(value, places) + unit


def short(label: str) -> str:
    """A label that leaves room for the chart."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def sums_chart(questions: Sequence[tuple[str, ReleasedTable]], title: str, told: str) -> Chart:
    """One bar for each question: label, and its table, whose first row is the region. Shares of those who answered.

    Tables share their columns, at most four. `told`: how the alternative text begins. ValueError without questions.
    """
    if not questions:
        raise ValueError("a chart needs a question")
    columns = questions[0][1].columns
    rows = [(short(label), table.rows[0]) for label, table in questions]
    entries = [
        LegendEntry(tone, column.label) for tone, column in zip(_tones(len(columns)), columns, strict=True)
    ]
    if any(row.hidden for _, row in rows):
        entries.append(LegendEntry("hidden", "dane ukryte", hatched=True))
    marks: list[Primitive] = list(parts.legend(entries, 0, 9))
    top, percent_from = 22.0, questions[0][1].percent_from
    for label, row in rows:
        height = parts.row_height(label, _QUESTIONS)
        marks += parts.row_label(label, top, height, width=_QUESTIONS)
        marks += _sum_bar(row, percent_from, top, height)
        top += height
    sentences = [told, *(f"{label.rstrip('.:?')}: {_told_sum(table)}." for label, table in questions)]
    return Chart(parts.WIDTH, top + 2, title, " ".join(sentences), tuple(marks))


def change_chart(table: ReleasedTable, title: str) -> Chart:
    """Supporters in the first and in the last round, two bars for each area that is shown.

    The table has the columns "start" and "end". Where there are many areas, the whole and single gminas stay out:
    the one would make all bars short, the others would be too many. ValueError where no area is shown.
    """
    rows = _areas(table)
    thick = 11.0 if len(rows) <= _FEW_AREAS else 7.5
    pairs = [(row, table.count(row.id, "start") or 0, table.count(row.id, "end") or 0) for row in rows]
    most = max(1, *(number for _, *both in pairs for number in both))
    entries = [LegendEntry("step2", "pierwsza tura"), LegendEntry("strong", "ostatnia tura")]
    marks: list[Primitive] = list(parts.legend(entries, _LABELS, 9))
    top = 20.0
    for row, start, end in pairs:
        height = max(parts.row_height(short(row.label), _LABELS), 2 * thick + 7)
        marks += parts.row_label(short(row.label), top, height, bold=row.level == REGION, width=_LABELS)
        middle = top + height / 2
        for count, tone, bar_top in ((start, "step2", middle - thick - 0.5), (end, "strong", middle + 0.5)):
            length = (parts.WIDTH - _LABELS - 34) * count / most
            marks.append(Rect(_LABELS, bar_top, max(length, 1.2), thick, tone))
            marks.append(
                Text(_LABELS + max(length, 1.2) + 5, bar_top + thick / 2 + 3, polish.whole(count), 8.0)
            )
        top += height
    sentences = ["Wykres słupkowy: Zwolennicy w pierwszej i w ostatniej turze kodowania."]
    sentences += [
        f"{row.label}: {polish.whole(start)} i {polish.whole(end)} (gmin: {polish.whole(row.base or 0)})."
        for row, start, end in pairs
    ]
    return Chart(parts.WIDTH, top + 2, title, " ".join(sentences), tuple(marks))


def _tones(columns: int) -> tuple[str, ...]:
    return _TWO[:columns] if columns <= len(_TWO) else _STEPS[len(_STEPS) - columns :]


def stances_chart(table: ReleasedTable, stances: Sequence[str], title: str) -> Chart:
    """Who was coded how, one bar of shares for each area that is shown, with the counts in it.

    `stances`: ids of three columns, supporters first. ValueError where no area is shown.
    """
    rows, labels = _areas(table), [one.label for one in table.columns if one.id in stances]
    entries = [
        LegendEntry(tone, label, outline=tone == "ink") for tone, label in zip(_CODES, labels, strict=True)
    ]
    marks: list[Primitive] = list(parts.legend(entries, _LABELS, 9))
    top, sentences = 20.0, ["Wykres słupkowy: kody w ostatniej turze."]
    for row in rows:
        counts = [table.count(row.id, one) or 0 for one in stances]
        height, total = parts.row_height(short(row.label), _LABELS), sum(counts) or 1
        marks += parts.row_label(short(row.label), top, height, bold=row.level == REGION, width=_LABELS)
        bars = [
            Segment(count / total, tone, polish.whole(count), outline=tone == "ink")
            for count, tone in zip(counts, _CODES, strict=True)
        ]
        marks += parts.segments(bars, _LABELS, top + (height - parts.BAR) / 2, parts.WIDTH - _LABELS - _BASE)
        told = f"n = {polish.whole(sum(counts))}"
        marks.append(Text(parts.WIDTH, top + height / 2 + 3, told, parts.SIZE, "end", "muted"))
        pieces = (f"{label} {polish.whole(count)}" for label, count in zip(labels, counts, strict=True))
        sentences.append(f"{row.label}: {', '.join(pieces)}.")
        top += height
    return Chart(parts.WIDTH, top + 2, title, " ".join(sentences), tuple(marks))


def _areas(table: ReleasedTable) -> list[ReleasedRow]:
    rows = [row for row in table.rows if not row.hidden]
    if len(rows) > _FEW_AREAS:
        rows = [row for row in rows if row.level == PART][:_MOST_AREAS] or rows[:1]
    if not rows:
        raise ValueError("no area is shown")
    return rows


def _at(value: float, low: float, high: float) -> float:
    return _LABELS + _TRACK * (value - low) / (high - low)


def _scale(lines: Sequence[SpreadLine]) -> tuple[float, float, tuple[float, ...]]:
    """From a round number below the lowest to one above the highest, nought among them."""
    known = [line.spread for line in lines if line.spread]
    low = min([0.0, *(one.lowest for one in known)])
    high = max([1.0, *(one.highest for one in known)])
    rough = (high - low) / 4
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return first * step, last * step, tuple(one * step for one in range(first, last + 1))


def _spread_legend(with_bounds: bool) -> Iterator[Primitive]:
    yield from _whisker(0, 18, 6)
    yield Text(23, 9, "od najniższej do najwyższej gminy", parts.SIZE)
    x = 23 + text_width("od najniższej do najwyższej gminy", parts.SIZE) + 16
    yield Circle(x + 3.4, 6, 3.4, "strong")
    yield Text(x + 12, 9, "mediana", parts.SIZE)
    if with_bounds:
        x += 12 + text_width("mediana", parts.SIZE) + 16
        yield Rect(x, 1, 16, 10, "step1")
        yield Text(x + 21, 9, "granice mediany", parts.SIZE)


def _columns() -> Iterator[Primitive]:
    for x, words in ((_MEDIAN, "mediana"), (_RANGE, "od–do"), (parts.WIDTH, "gminy")):
        yield Text(x, _HEAD - 8, words, parts.SMALL, "end", "muted")


def _whisker(x1: float, x2: float, middle: float) -> Iterator[Primitive]:
    yield Line(x1, middle, x2, middle, "strong", 1.2)
    for end in (x1, x2):
        yield Line(end, middle - 4, end, middle + 4, "strong", 1.2)


def _spread_row(
    line: SpreadLine, middle: float, low: float, high: float, halves: bool
) -> Iterator[Primitive]:
    found = line.spread
    if found is None:
        yield Text(parts.WIDTH, middle + 3, FEW_GMINAS, parts.SIZE, "end", "muted")
        return
    if found.bounds:
        first, last = (_at(end, low, high) for end in found.bounds)
        yield Rect(first, middle - 6.5, max(last - first, 1), 13, "step1")
    yield from _whisker(_at(found.lowest, low, high), _at(found.highest, low, high), middle)
    yield Circle(_at(found.median, low, high), middle, 3.8, "strong")
    median = number(found.median, line.unit, halves)
    reach = f"{number(found.lowest, halves=halves)}–{number(found.highest, halves=halves)}"
    yield Text(_MEDIAN, middle + 3, median, parts.SIZE, "end", bold=True)
    yield Text(_RANGE, middle + 3, reach, parts.SIZE, "end")
    yield Text(parts.WIDTH, middle + 3, polish.whole(found.gminas), parts.SIZE, "end", "muted")


def _told_spreads(lines: Sequence[SpreadLine], halves: bool) -> str:
    sentences = ["Wykres punktowy: najniższa gmina, mediana gmin i najwyższa gmina."]
    for line in lines:
        found = line.spread
        if found is None:
            sentences.append(f"{line.label}: {FEW_GMINAS}.")
            continue
        median, low, high = (
            number(one, line.unit, halves) for one in (found.median, found.lowest, found.highest)
        )
        told = f"{line.label}: mediana {median}, od {low} do {high}, gmin: {polish.whole(found.gminas)}"
        if found.bounds:
            told += f", granice mediany od {number(found.bounds[0])} do {number(found.bounds[1])}"
        sentences.append(f"{told}.")
    return " ".join(sentences)


def _sum_bar(row: ReleasedRow, percent_from: int, top: float, height: float) -> Iterator[Primitive]:
    width, bar_top = parts.WIDTH - _QUESTIONS - _BASE, top + (height - parts.BAR) / 2
    if row.hidden or row.base is None:
        yield from parts.hidden_bar(_QUESTIONS, bar_top, width)
        return
    yield Text(parts.WIDTH, top + height / 2 + 3, f"n = {polish.whole(row.base)}", parts.SIZE, "end", "muted")
    if not row.base:
        yield Text(_QUESTIONS, top + height / 2 + 3, "brak odpowiedzi", parts.SIZE, tone="muted")
        return
    bars = [
        Segment(share, tone, polish.percent(share) if row.base >= percent_from else polish.whole(count))
        for count, share, tone in (
            (count or 0, (count or 0) / row.base, tone)
            for count, tone in zip(row.counts, _tones(len(row.counts)), strict=True)
        )
    ]
    yield from parts.segments(bars, _QUESTIONS, bar_top, width)


def _told_sum(table: ReleasedTable) -> str:
    row = table.rows[0]
    if row.hidden:
        return f"dane {HIDDEN}"
    if not row.base:
        return "brak odpowiedzi"
    pieces = []
    for column in table.columns:
        share = table.share(row.id, column.id)
        extra = f" ({polish.percent(share)})" if share is not None else ""
        pieces.append(f"{column.label} {polish.whole(table.count(row.id, column.id) or 0)}{extra}")
    return ", ".join(pieces)
