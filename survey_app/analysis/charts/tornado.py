"""What changes a result most: for each assumption a bar between the results at its lowest and its highest value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Line, Primitive, Rect, Text
from survey_app.analysis.pdf.fonts import text_width

MOST_BARS = 12  # the table below has all
_ENDS = 58.0  # on both sides, for the numbers beside the bars
_TOP = 16.0
_GAP = 4.0  # between a bar and its numbers


@dataclass(frozen=True, slots=True)
class Bar:
    """`low`, `high`: the result where the assumption is lowest and highest; either may be the smaller one."""

    name: str
    low: int
    high: int


def tornado_chart(bars: Sequence[Bar]) -> Chart:
    """The longest first, as they come. Dark is what the higher value gives, light the lower one; a line marks zero."""
    shown = bars[:MOST_BARS]
    scale = _Scale(shown)
    marks: list[Primitive] = []
    top = _TOP
    for bar in shown:
        height = parts.row_height(bar.name)
        marks += parts.row_label(bar.name, top, height)
        marks += _bar(bar, scale, top + (height - parts.BAR) / 2)
        if scale.shows_zero and not _words_at(bar, scale, scale.x(0)):
            marks.append(Line(scale.x(0), top, scale.x(0), top + height, "ink", 0.9))
        top += height
    if scale.shows_zero:
        marks.append(Text(scale.x(0), _TOP - 7, "0", parts.SMALL, "middle", "muted"))
    return Chart(parts.WIDTH, top + 4, _finding(shown), _describe(shown), tuple(marks))


class _Scale:
    """Zero stands on the axis where the bars reach it or are near; the axis is never cut between a bar's ends."""

    def __init__(self, bars: Sequence[Bar]) -> None:
        ends = [end for bar in bars for end in (bar.low, bar.high)]
        self.low, self.high = min(ends), max(ends)
        width = max(self.high - self.low, 1)
        if self.low > 0 and self.low <= width:
            self.low = 0
        if self.high < 0 and -self.high <= width:
            self.high = 0
        self.shows_zero = self.low <= 0 <= self.high
        self.left = parts.LABELS + _ENDS
        self.right = parts.WIDTH - _ENDS

    def x(self, value: int) -> float:
        share = (value - self.low) / max(self.high - self.low, 1)
        return self.left + (self.right - self.left) * share


def _bar(bar: Bar, scale: _Scale, top: float) -> Iterator[Primitive]:
    """The half toward the higher value's result is dark, so that the direction shows without colour."""
    low, high = scale.x(bar.low), scale.x(bar.high)
    half = (low + high) / 2
    for end, tone in ((low, "step1"), (high, "step3")):
        width = abs(end - half)
        if width:
            yield Rect(min(end, half), top, width, parts.BAR, tone)
    for x, value, anchor in _labels(bar, scale):
        yield Text(x, top + parts.BAR / 2 + 3, _words(value), parts.SMALL, anchor)


def _labels(bar: Bar, scale: _Scale) -> tuple[tuple[float, int, Literal["start", "end"]], ...]:
    """On both sides of the bar."""
    first, last = sorted((bar.low, bar.high))
    return (scale.x(first) - _GAP, first, "end"), (scale.x(last) + _GAP, last, "start")


def _words_at(bar: Bar, scale: _Scale, x: float) -> bool:
    """Whether a number would stand on a line at `x`: there the line is left out."""
    (left, first, _), (right, last, _) = _labels(bar, scale)
    widths = [text_width(_words(value), parts.SMALL) + 1 for value in (first, last)]
    return left - widths[0] < x < left + 1 or right - 1 < x < right + widths[1]


def _words(value: int) -> str:
    return f"{polish.MINUS if value < 0 else ''}{polish.whole(abs(value))}"


def _finding(bars: Sequence[Bar]) -> str:
    return f"Wynik najbardziej zależy od: {bars[0].name}"


def _describe(bars: Sequence[Bar]) -> str:
    told = "; ".join(f"{bar.name}: od {_words(bar.low)} do {_words(bar.high)}" for bar in bars)
    return (
        "Wykres słupkowy: wynik przy najniższej i przy najwyższej wartości każdego założenia, inne są środkowe."
        f" Jasna połowa słupka prowadzi do wyniku przy wartości najniższej, ciemna do wyniku przy najwyższej. {told}."
    )
