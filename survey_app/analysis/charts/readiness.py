"""Readiness with bounds: a dot and an interval for each group, the score first, its components as small multiples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Primitive, Rect, Text
from survey_app.analysis.diagnoza.result import Bounds, ComponentResult, ReadinessResult, ReadinessRow
from survey_app.analysis.pdf.fonts import text_width
from survey_app.analysis.released import HIDDEN

_LABELS = 138.0
_GAP = 12.0
_SCORE_TRACK = 66.0  # the score's axis is longer than a component's
_SCORE_WORDS = 46.0  # "63 (49–71)"
_SHARE_WORDS = 20.0  # "100"
_HEAD = 20.0
_INTERVAL = 5.0


@dataclass(frozen=True, slots=True)
class _Panel:
    """A column of the chart: an axis from `x`, `width` long, and to its right the numbers, which end at `edge`."""

    title: str
    x: float
    width: float
    edge: float
    is_score: bool


def readiness_chart(readiness: ReadinessResult) -> Chart:
    """Rows in the instrument's order, never ranked. Scores stand on the same 0 to 100 axis as components."""
    panels = _panels(readiness)
    marks: list[Primitive] = []
    top = _HEAD
    heights = [parts.row_height(row.label, _LABELS) + 2 for row in readiness.rows]
    bottom = top + sum(heights)
    for panel in panels:
        marks.append(Text(panel.x, 9, panel.title, parts.SIZE, bold=True))
        marks += parts.axis(panel.x, panel.width, _HEAD - 3, bottom, (0, 0.5, 1), "")
    for row, height in zip(readiness.rows, heights, strict=True):
        marks += _row(readiness, row, panels, top, height)
        top += height
    return Chart(parts.WIDTH, bottom + 14, _finding(readiness), _describe(readiness), tuple(marks))


def _panels(readiness: ReadinessResult) -> list[_Panel]:
    """The score first, then its components, which share what room is left."""
    components = readiness.rows[0].components
    edge = _LABELS + _SCORE_TRACK + _SCORE_WORDS
    panels = [_Panel("Wynik (0–100)", _LABELS, _SCORE_TRACK, edge, is_score=True)]
    room = (parts.WIDTH - edge) / len(components)
    for component in components:
        x, edge = edge + _GAP, edge + room
        panels.append(_Panel(component.label, x, edge - x - _SHARE_WORDS, edge, is_score=False))
    return panels


def _row(
    readiness: ReadinessResult, row: ReadinessRow, panels: Sequence[_Panel], top: float, height: float
) -> Iterator[Primitive]:
    is_whole = row is readiness.rows[0]
    yield from parts.row_label(row.label, top, height, bold=is_whole, width=_LABELS)
    if is_whole and len(readiness.rows) > 1:
        yield Line(0, top + height, parts.WIDTH, top + height, "rule", 0.8)
    score_panel, *component_panels = panels
    middle = top + height / 2
    if row.score is not None:
        share_bounds = row.bounds and Bounds(row.bounds.low / 100, row.bounds.high / 100)
        yield from _dot(row.score / 100, share_bounds, score_panel, middle)
    else:
        yield Text(score_panel.x + 3, middle + 3, "bez wyniku", parts.SMALL, tone="muted")
    for component, panel in zip(row.components, component_panels, strict=True):
        yield from _component(component, panel, middle)


def _component(component: ComponentResult, panel: _Panel, middle: float) -> Iterator[Primitive]:
    if component.share is not None:
        yield from _dot(component.share, component.bounds, panel, middle)
        return
    told = HIDDEN
    if component.positive is not None and component.base is not None:
        told = f"{component.positive} z {component.base}"
    yield Text(panel.x + 3, middle + 3, told, parts.SMALL, tone="muted")


def _dot(share: float, bounds: Bounds | None, panel: _Panel, middle: float) -> Iterator[Primitive]:
    """The interval as a light bar with ends, the value as a dot upon it, the numbers beside the axis."""
    at = panel.x + share * panel.width
    if bounds:
        low, high = panel.x + bounds.low * panel.width, panel.x + bounds.high * panel.width
        yield Rect(low, middle - _INTERVAL / 2, high - low, _INTERVAL, "step2")
        for end in (low, high):
            yield Line(end, middle - 4, end, middle + 4, "strong", 1.0)
    yield Circle(at, middle, 3.4 if panel.is_score else 2.8, "strong")
    edge = panel.edge
    if panel.is_score and bounds:
        told = f" ({_number(bounds.low)}–{_number(bounds.high)})"
        yield Text(edge, middle + 3, told.strip(), parts.SMALL, "end", "muted")
        edge -= text_width(told, parts.SMALL)
    elif panel.is_score:
        edge = panel.x + panel.width + 16
    yield Text(edge, middle + 3, _number(share), parts.SMALL, "end", bold=panel.is_score)


def _number(share: float) -> str:
    return polish.decimal(share * 100, 0)


def _finding(readiness: ReadinessResult) -> str:
    whole = readiness.rows[0]
    if whole.score is None:
        return "Za mało odpowiedzi, aby podać wynik gotowości"
    told = f"Gotowość w całej gminie: {_number(whole.score / 100)} na 100"
    if whole.bounds:
        told += f", granice od {_number(whole.bounds.low / 100)} do {_number(whole.bounds.high / 100)}"
    return told


def _describe(readiness: ReadinessResult) -> str:
    sentences = ["Wykres punktowy gotowości i jej składowych, w skali od 0 do 100."]
    for row in readiness.rows:
        score = (
            "bez wyniku" if row.score is None else f"{_number(row.score / 100)}{_told_bounds(row.bounds, 1)}"
        )
        pieces = [f"{component.label} {_told(component)}" for component in row.components]
        sentences.append(f"{row.label}: gotowość {score}; {', '.join(pieces)}.")
    return " ".join(sentences)


def _told(component: ComponentResult) -> str:
    if component.positive is None or component.base is None:
        return "dane ukryte"
    if component.share is None:
        return f"{component.positive} z {component.base}"
    return f"{_number(component.share)}{_told_bounds(component.bounds, 100)}"


def _told_bounds(bounds: Bounds | None, scale: float) -> str:
    if bounds is None:
        return ""
    low, high = polish.decimal(bounds.low * scale, 0), polish.decimal(bounds.high * scale, 0)
    return f" (granice {low} do {high})"
