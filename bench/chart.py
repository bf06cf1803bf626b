"""Every figure that has a baseline, as a bar on one scale of ratios: 1 is the baseline, each step is tenfold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Line, Primitive, Rect, Text
from survey_app.analysis.charts.svg import to_svg

if TYPE_CHECKING:
    from bench.results import Measured

LABELS = 215.0
NUMBERS = 34.0  # at the right end, for the ratio in digits


def svg(found: Sequence[Measured]) -> str:
    return to_svg(ratios(found), "bench")


def ratios(found: Sequence[Measured]) -> Chart:
    """Bars begin at 1 and go to the left where the figure is the smaller one. ValueError: no figure has a baseline."""
    rows = [
        (one.name, figure.name, ratio)
        for one in found
        for figure in one.figures
        if (ratio := figure.ratio) is not None and ratio > 0
    ]
    if not rows:
        raise ValueError("no figure has a baseline")
    scale = _Scale(min(ratio for *_, ratio in rows), max(ratio for *_, ratio in rows))
    marks: list[Primitive] = []
    top, last = 4.0, ""
    for measurement, name, ratio in rows:
        if measurement != last:
            marks.append(Text(4, top + 12, measurement, parts.SIZE, bold=True))
            top, last = top + 18, measurement
        height = parts.row_height(name, LABELS)
        marks += parts.row_label(name, top, height, width=LABELS)
        marks += _bar(scale, ratio, top + (height - parts.BAR) / 2)
        top += height
    marks = [*_grid(scale, top), *marks]
    told = "; ".join(f"{measurement}, {name}: {ratio:.2f}" for measurement, name, ratio in rows)
    alt = f"Bars: each figure as a ratio to the baseline of its own run. {told}."
    return Chart(parts.WIDTH, top + 14, "Each figure beside the baseline of its run", alt, tuple(marks))


class _Scale:
    """Whole powers of ten, with 1 among them; from a ratio to a place."""

    def __init__(self, least: float, most: float) -> None:
        self.low = min(0, math.floor(math.log10(least)))
        self.high = max(0, math.ceil(math.log10(most)))
        if self.low == self.high:
            self.low, self.high = -1, 1

    def place(self, ratio: float) -> float:
        width = parts.WIDTH - LABELS - NUMBERS
        return LABELS + (math.log10(ratio) - self.low) / (self.high - self.low) * width


def _bar(scale: _Scale, ratio: float, top: float) -> Iterator[Primitive]:
    begin, end = sorted((scale.place(1), scale.place(ratio)))
    yield Rect(begin, top, max(end - begin, 0.6), parts.BAR, "strong" if ratio > 1 else "soft")
    yield Text(parts.WIDTH, top + parts.BAR - 4, f"{ratio:.2f}", parts.SMALL, "end", "muted")


def _grid(scale: _Scale, bottom: float) -> Iterator[Primitive]:
    for power in range(scale.low, scale.high + 1):
        at = scale.place(10.0**power)
        yield Line(at, 0, at, bottom, "ink" if power == 0 else "rule")
        yield Text(at, bottom + 10, f"{10.0**power:g}", parts.SMALL, "middle", "muted")
