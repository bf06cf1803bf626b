"""What the charts share: the width of the page, row labels, a legend, a bar of segments, a hidden bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_app.analysis.charts.primitives import Line, Primitive, Rect, Text
from survey_app.analysis.charts.tones import label_tone
from survey_app.analysis.pdf.fonts import text_width, wrap_text
from survey_app.analysis.released import HIDDEN

WIDTH = 455.0
LABELS = 176.0  # width of the column of labels
SIZE = 8.5
SMALL = 7.5
BAR = 13.0
_LINE = 9.5


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; `share` of the bar's full length; `label` is printed when there is room."""

    share: float
    tone: str
    label: str
    outline: bool = False


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A key and its words."""

    tone: str
    words: str
    outline: bool = False
    hatched: bool = False


def row_height(label: str, width: float = LABELS) -> float:
    """Height of a row whose label may need two lines or more."""
    return max(BAR + 7, len(wrap_text(label, SIZE, width - 10)) * _LINE + 6)


def row_label(
    label: str, top: float, height: float, bold: bool = False, width: float = LABELS
) -> Iterator[Primitive]:
    """The label, set right against the bars, in the middle of its row."""
    lines = wrap_text(label, SIZE, width - 10, bold)
    first = top + height / 2 - (len(lines) - 1) * _LINE / 2 + 3
    for index, line in enumerate(lines):
        yield Text(width - 8, first + index * _LINE, line, SIZE, "end", bold=bold)


def segments(
    parts: Sequence[Segment], x: float, top: float, width: float, height: float = BAR
) -> Iterator[Primitive]:
    """A bar of segments, each with its label inside when it fits; zero shares leave no trace."""
    for part in parts:
        length = part.share * width
        if length <= 0:
            continue
        if part.outline:
            yield Rect(x + 0.4, top + 0.4, max(length - 0.8, 0.4), height - 0.8, part.tone, "outline")
        else:
            yield Rect(x, top, length, height, part.tone)
        if text_width(part.label, SIZE, bold=True) + 6 <= length:
            tone = "ink" if part.outline else label_tone(part.tone)
            yield Text(x + length / 2, top + height / 2 + 3, part.label, SIZE, "middle", tone, bold=True)
        x += length


def hidden_bar(x: float, top: float, width: float, height: float = BAR) -> Iterator[Primitive]:
    """A hatched bar with the word, so that a missing row cannot be read as a zero."""
    word_width = text_width(HIDDEN, SIZE) + 12
    yield Rect(x + 0.4, top + 0.4, width - word_width - 4, height - 0.8, "hidden", "hatched")
    yield Text(x + width - word_width + 2, top + height / 2 + 3, HIDDEN, SIZE, tone="muted")


def legend(entries: Sequence[LegendEntry], x: float, baseline: float) -> Iterator[Primitive]:
    """Keys in one line, in the order of the bars."""
    for entry in entries:
        pattern = "hatched" if entry.hatched else "outline" if entry.outline else "solid"
        yield Rect(x, baseline - 7, 9, 8, entry.tone, pattern)  # type: ignore[arg-type]
        yield Text(x + 13, baseline, entry.words, SIZE)
        x += 13 + text_width(entry.words, SIZE) + 16


def axis(
    x: float, width: float, top: float, bottom: float, steps: Sequence[float], unit: str = "%"
) -> Iterator[Primitive]:
    """Faint lines at `steps` (0 to 1) with their values below."""
    for step in steps:
        at = x + step * width
        yield Line(at, top, at, bottom, "rule", 0.5)
        yield Text(at, bottom + 10, f"{step * 100:.0f}{unit}", SMALL, "middle", "muted")
