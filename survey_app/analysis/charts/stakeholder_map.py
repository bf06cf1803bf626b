"""The influence × interest map: one cell for each pair of points, numbered marks in it, none on top of another.

METHOD, "The diagnoza". The numbers lead to the list beside the map; the alternative text names who stands where, so
that the map can be used without seeing it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.code_marks import Look, code_legend, code_mark, looks
from survey_app.analysis.charts.primitives import Chart, Line, Primitive, Rect, Text
from survey_app.analysis.pdf.fonts import text_width, wrap_text
from survey_app.instrument.model import Code, Question, Scale, Stance

_LEFT = 104.0  # the column of the vertical axis
_TOP = 42.0
_RADII = (9.0, 8.0, 7.0, 6.2, 5.4, 4.6, 3.9)
_SPREAD = 0.4  # how far from its middle `survey_app.analysis.coding.map` fills a cell
_CELL_LOW = 78.0
_ALL_CELLS = 430.0  # as high as a page of A4 can hold beside heading, legend, axis and caption
_ANCHOR_LINES = 5
_LINE = 8.8


@dataclass(frozen=True, slots=True)
class MapMark:
    """One stakeholder: its number in the list, name and code, its medians, which say the cell, and its place.

    `x` (interest) and `y` (influence) are points of the scales, spread within the cell so that no mark covers another.
    """

    number: int
    name: str
    code: str
    influence: int
    interest: int
    x: float
    y: float


Cell = tuple[int, int]  # interest, influence


def stakeholder_map_chart(
    marks: Sequence[MapMark],
    codes: Sequence[Code],
    influence: Question,
    interest: Question,
    unplaced: int = 0,
) -> Chart:
    """Influence upwards, interest to the right; `unplaced`: stakeholders without one of the two medians."""
    up, right = _scale(influence), _scale(interest)
    cells = _cells(marks)
    width = (parts.WIDTH - 1 - _LEFT) / (right.high - right.low + 1)
    most = _ALL_CELLS / (up.high - up.low + 1)
    radius, height = _fit(cells, width, most)
    plot = _Plot(up, right, width, height, radius)
    drawn = [
        *code_legend(codes, _LEFT, 11),
        *_grid(plot),
        *_up_axis(plot, influence.text),
        *_all_marks(plot, cells, looks(codes)),
    ]
    below, bottom = _right_axis(plot, interest.text)
    title = finding(marks, codes, up, unplaced)
    words = describe(cells, codes, influence, interest, unplaced)
    return Chart(parts.WIDTH, bottom, title, words, (*drawn, *below))


def finding(marks: Sequence[MapMark], codes: Sequence[Code], up: Scale, unplaced: int = 0) -> str:
    """How many of those still to be won stand at the top of the scale of influence."""
    undecided = [code for code in codes if code.stance is Stance.UNDECIDED]
    ids = {code.id for code in undecided}
    top = sum(mark.influence == up.high and mark.code in ids for mark in marks)
    total = len(marks) + unplaced
    placed = f"Na mapie: {polish.whole(len(marks))} z {polish.whole(total)}"
    if not undecided or not marks:
        return placed
    names = " lub ".join(f"„{code.label}”" for code in undecided)
    return f"{placed}; kod {names} i wpływ {up.high} (najwyższy): {polish.whole(top)}"


def describe(
    cells: Mapping[Cell, Sequence[MapMark]],
    codes: Sequence[Code],
    influence: Question,
    interest: Question,
    unplaced: int,
) -> str:
    """Who stands where, cell by cell, from the highest influence down; empty cells are named, too."""
    up, right = _scale(influence), _scale(interest)
    labels = {code.id: code.label for code in codes}
    told = [f"Mapa interesariuszy: {_lower(influence.text)} (w górę) i {_lower(interest.text)} (w prawo)."]
    for high in range(up.high, up.low - 1, -1):
        for across in range(right.high, right.low - 1, -1):
            here = cells.get((across, high), ())
            names = "; ".join(f"{mark.number}. {mark.name} ({labels[mark.code]})" for mark in here)
            told.append(f"{influence.text} {high}, {_lower(interest.text)} {across}: {names or 'nikt'}.")
    if unplaced:
        who = polish.counted(unplaced, "interesariusz", "interesariuszy", "interesariuszy")
        told.append(f"Poza mapą, bez jednej z median: {who}.")
    return " ".join(told)


def short_anchor(anchor: str) -> str:
    """The anchor's first thought: "Nie podejmuje tematu; na zaproszenia nie odpowiada." -> "Nie podejmuje tematu"."""
    return re.split(r"[;:.(]|, (?:ale|a) ", anchor, maxsplit=1)[0].strip() or anchor


@dataclass(frozen=True, slots=True)
class _Plot:
    up: Scale
    right: Scale
    width: float  # of a cell
    height: float
    radius: float

    @property
    def bottom(self) -> float:
        return _TOP + self.height * (self.up.high - self.up.low + 1)

    def corner(self, cell: Cell) -> tuple[float, float]:
        across, high = cell
        return _LEFT + (across - self.right.low) * self.width, _TOP + (self.up.high - high) * self.height


def _scale(question: Question) -> Scale:
    assert question.scale is not None  # every criterion is of type scale
    return question.scale


def _cells(marks: Sequence[MapMark]) -> dict[Cell, list[MapMark]]:
    cells: dict[Cell, list[MapMark]] = {}
    for mark in sorted(marks, key=lambda one: one.number):
        cells.setdefault((mark.interest, mark.influence), []).append(mark)
    return cells


def _fit(cells: Mapping[Cell, Sequence[MapMark]], width: float, most: float) -> tuple[float, float]:
    """The largest marks that stay apart in every cell, and how high a cell must be for that."""
    across = max((len({mark.x for mark in here}) for here in cells.values()), default=1)
    down = max((len({mark.y for mark in here}) for here in cells.values()), default=1)
    for radius in _RADII:
        height = _room(down, radius)
        if _room(across, radius) <= width and height <= most:
            break
    return radius, min(max(height, _CELL_LOW), most)


def _room(places: int, radius: float) -> float:
    """What so many marks in a row need, with the space at both ends; a diamond reaches 1.22 of its radius."""
    return (places - 1) * (2.44 * radius + 1.5) + 2 * _margin(radius)


def _margin(radius: float) -> float:
    return 1.22 * radius + 3


def _grid(plot: _Plot) -> Iterator[Primitive]:
    for high in range(plot.up.low, plot.up.high + 1):
        for across in range(plot.right.low, plot.right.high + 1):
            x, y = plot.corner((across, high))
            yield Rect(x, y, plot.width, plot.height, "none", "outline")


def _all_marks(
    plot: _Plot, cells: Mapping[Cell, Sequence[MapMark]], look_of: Mapping[str, Look]
) -> Iterator[Primitive]:
    for cell, here in cells.items():
        left, top = plot.corner(cell)
        half_width = _half(plot.width, plot.radius, len({mark.x for mark in here}))
        half_height = _half(plot.height, plot.radius, len({mark.y for mark in here}))
        for mark in here:
            x = left + plot.width / 2 + (mark.x - mark.interest) / _SPREAD * half_width
            y = top + plot.height / 2 - (mark.y - mark.influence) / _SPREAD * half_height
            yield from _one_mark(mark, look_of[mark.code], x, y, plot.radius)


def _half(length: float, radius: float, places: int) -> float:
    """How far from the cell's middle its outer marks stand: loosely, but never in the neighbour's corner."""
    return min(length / 2 - _margin(radius), (places - 1) * 1.7 * radius)


def _one_mark(mark: MapMark, look: Look, x: float, y: float, radius: float) -> Iterator[Primitive]:
    yield from code_mark(look, x, y, radius)
    words = str(mark.number)
    size = radius * (1.0 if len(words) < 3 else 0.78)
    lower = radius * 0.25 if look.shape == "triangle" else 0
    yield Text(x, y + size * 0.35 + lower, words, round(size, 1), "middle", look.number, bold=True)


def _up_axis(plot: _Plot, title: str) -> Iterator[Primitive]:
    for index, line in enumerate(wrap_text(f"{title} (w górę)", parts.SIZE, parts.WIDTH, bold=True)[:1]):
        yield Text(0, _TOP - 10 + index * _LINE, line, parts.SIZE, bold=True)
    for high in range(plot.up.low, plot.up.high + 1):
        _, top = plot.corner((plot.right.low, high))
        lines = _anchor_lines(plot.up.anchors[high], _LEFT - 22, int((plot.height - 6) // _LINE))
        y = top + plot.height / 2 - (len(lines) - 1) * _LINE / 2 + 3
        yield Text(_LEFT - 6, top + plot.height / 2 + 4, str(high), 11, "end", bold=True)
        for line in lines:
            yield Text(_LEFT - 18, y, line, parts.SMALL, "end", "muted")
            y += _LINE


def _right_axis(plot: _Plot, title: str) -> tuple[list[Primitive], float]:
    """Numbers and anchors below the cells, then the axis' title; and where all of it ends."""
    marks: list[Primitive] = []
    longest = 0
    for across in range(plot.right.low, plot.right.high + 1):
        x, _ = plot.corner((across, plot.up.low))
        lines = _anchor_lines(plot.right.anchors[across], plot.width - 10, _ANCHOR_LINES)
        middle = x + plot.width / 2
        marks.append(Text(middle, plot.bottom + 13, str(across), 11, "middle", bold=True))
        for index, line in enumerate(lines):
            at = plot.bottom + 24 + index * _LINE
            marks.append(Text(middle, at, line, parts.SMALL, "middle", "muted"))
        longest = max(longest, len(lines))
    bottom = plot.bottom + 24 + longest * _LINE + 6
    marks.append(Line(_LEFT, plot.bottom, parts.WIDTH - 1, plot.bottom, "ink", 1.0))
    marks.append(Line(_LEFT, _TOP, _LEFT, plot.bottom, "ink", 1.0))
    words = wrap_text(f"{title} (w prawo)", parts.SIZE, parts.WIDTH - _LEFT, bold=True)[:2]
    for line in words:
        marks.append(Text(parts.WIDTH, bottom, line, parts.SIZE, "end", bold=True))
        bottom += _LINE + 1
    return marks, bottom


def _anchor_lines(anchor: str, width: float, most: int) -> list[str]:
    lines = wrap_text(short_anchor(anchor), parts.SMALL, width)
    if len(lines) <= max(most, 1):
        return lines
    kept = lines[: max(most, 1)]
    last = kept[-1]
    while last and text_width(last + "…", parts.SMALL) > width:
        last = last[:-1]
    return [*kept[:-1], last.rstrip() + "…"]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
