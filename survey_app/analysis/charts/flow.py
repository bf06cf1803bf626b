"""From code to code: bands between two columns, as wide as the number of stakeholders who went that way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.code_marks import Look, looks
from survey_app.analysis.charts.coding import flows
from survey_app.analysis.charts.parts import LegendEntry
from survey_app.analysis.charts.primitives import Chart, Polygon, Primitive, Rect, Text
from survey_app.analysis.pdf.fonts import text_width, wrap_text
from survey_app.analysis.released import ReleasedTable
from survey_app.instrument.model import Code

_HEAD = 40.0
_NAMES = 92.0  # room for the names of the codes at both sides
_BAR = 12.0
_NUMBER = 26.0  # between a column and its bands, where the number of each band stands
_ALL = 170.0  # what all stakeholders together are high, unless the bands need more
_SLOT = 11.0  # the least room of a band, so that its number can be read
_BETWEEN = 12.0  # between two codes of a column
_LEFT_BAR, _RIGHT_BAR = _NAMES, parts.WIDTH - _NAMES - _BAR
_STEPS = 24  # corners along each edge of a band


@dataclass(frozen=True, slots=True)
class _Band:
    """Those who went from the code `source` to the code `target`."""

    source: str
    target: str
    count: int
    thickness: float

    @property
    def slot(self) -> float:
        return max(self.thickness, _SLOT)

    @property
    def moved(self) -> bool:
        return self.source != self.target


def flow_chart(matrix: ReleasedTable, codes: Sequence[Code]) -> Chart:
    """The table's rows are codes before, its columns codes after. Bars of counts where any number of it is hidden.

    Bands of those who moved are dark, of those who stayed light: they stay apart in grey print.
    """
    rows = [row for row in matrix.rows if row.level == "group"]
    plain = flows(matrix)
    total = sum(row.base or 0 for row in rows)
    if not total or any(row.hidden for row in rows):
        return plain
    bands = [
        _Band(row.id, column.id, count, _ALL * count / total)
        for row in rows
        for column, count in zip(matrix.columns, row.counts, strict=True)
        if count
    ]
    before = {row.id: row.label for row in rows}
    after = {column.id: column.label for column in matrix.columns}
    left = _side(bands, list(before), list(after), lambda band: band.source, lambda band: band.target)
    right = _side(bands, list(after), list(before), lambda band: band.target, lambda band: band.source)
    marks: list[Primitive] = [*parts.legend(list(_legend(bands)), 0, 9), *_heads()]
    for band in sorted(bands, key=lambda one: one.moved):  # the moves above what stayed
        marks += _drawn(band, left.places[band.source, band.target], right.places[band.source, band.target])
    look_of = looks(codes)
    marks += _column(left, before, look_of, on_left=True)
    marks += _column(right, after, look_of, on_left=False)
    alt = plain.alt.replace("Wykres słupkowy: ", "Wykres przepływów: ", 1)
    return Chart(parts.WIDTH, max(left.bottom, right.bottom) + 4, plain.title, alt, tuple(marks))


def _heads() -> Iterator[Primitive]:
    yield Text(_LEFT_BAR + _BAR, _HEAD - 9, "przed", parts.SIZE, "end", "muted")
    yield Text(_RIGHT_BAR, _HEAD - 9, "po", parts.SIZE, tone="muted")


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two columns. `places`: the upper end of each band's slot; `ends`: of each code, with its number."""

    places: Mapping[tuple[str, str], float]
    ends: Mapping[str, tuple[float, float, int]]
    bottom: float


def _side(
    bands: Sequence[_Band],
    codes: Sequence[str],
    across: Sequence[str],
    code_of: Callable[[_Band], str],
    other_of: Callable[[_Band], str],
) -> _Side:
    """Slots one below the other, in the order of the codes on the other side: bands cross no more than they must."""
    places: dict[tuple[str, str], float] = {}
    ends: dict[str, tuple[float, float, int]] = {}
    y = _HEAD
    for code in codes:
        here = sorted(
            (band for band in bands if code_of(band) == code), key=lambda band: across.index(other_of(band))
        )
        top = y
        for band in here:
            places[band.source, band.target] = y
            y += band.slot
        if here:
            ends[code] = (top, y, sum(band.count for band in here))
            y += _BETWEEN
    return _Side(places, ends, y - _BETWEEN)


def _legend(bands: Sequence[_Band]) -> Iterator[LegendEntry]:
    if any(band.moved for band in bands):
        yield LegendEntry("step2", "zmiana kodu")
    if not all(band.moved for band in bands):
        yield LegendEntry("step1", "bez zmiany")


def _drawn(band: _Band, left: float, right: float) -> Iterator[Primitive]:
    """A band in the middle of its slots, with its number where it begins."""
    start, end = _LEFT_BAR + _BAR + _NUMBER, _RIGHT_BAR - 3
    half = max(band.thickness, 1.4) / 2
    left, right = left + band.slot / 2, right + band.slot / 2
    upper = []
    for step in range(_STEPS + 1):
        part = step / _STEPS
        eased = part * part * (3 - 2 * part)  # flat at both ends, so that a band leaves and arrives level
        upper.append((round(start + part * (end - start), 1), round(left + eased * (right - left), 1)))
    points = [(x, y - half) for x, y in upper] + [(x, y + half) for x, y in reversed(upper)]
    yield Polygon(tuple(points), "step2" if band.moved else "step1", "strong" if band.moved else "rule")
    yield Text(start - 4, left + 3, polish.whole(band.count), parts.SIZE, "end", bold=band.moved)


def _column(
    side: _Side, names: Mapping[str, str], look_of: Mapping[str, Look], *, on_left: bool
) -> Iterator[Primitive]:
    """The codes of one side with their names and how many stand there."""
    x = _LEFT_BAR if on_left else _RIGHT_BAR
    at = x - 6 if on_left else x + _BAR + 6
    anchor: Literal["start", "end"] = "end" if on_left else "start"
    for code, (top, bottom, count) in side.ends.items():
        yield from _bar(look_of[code], x, top, bottom - top)
        lines = wrap_text(names[code], parts.SIZE, _NAMES - 12, bold=True)[:2]
        if len(lines) == 1 and text_width(f"{lines[0]} {count}", parts.SIZE, bold=True) < _NAMES - 8:
            lines = [f"{lines[0]} {polish.whole(count)}"]
        else:
            lines.append(polish.whole(count))
        y = (top + bottom) / 2 + 3 - (len(lines) - 1) * 5
        for line in lines:
            yield Text(at, y, line, parts.SIZE, anchor, bold=True)
            y += 10


def _bar(look: Look, x: float, top: float, height: float) -> Iterator[Primitive]:
    if look.bar == "solid":
        yield Rect(x, top, _BAR, height, look.ground)
    else:
        yield Rect(x + 0.4, top + 0.4, _BAR - 0.8, height - 0.8, "ink", look.bar)
