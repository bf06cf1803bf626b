"""Readiness with bounds: a dot and an interval for each group, the score first, its components as small multiples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from survey_app import polish
from survey_app.analysis.charts import parts
from survey_app.analysis.charts.primitives import Chart, Circle, Line, Primitive, Text
from survey_app.analysis.diagnoza.result import Bounds, ComponentResult, ReadinessResult, ReadinessRow
from survey_app.analysis.released import HIDDEN

_GAP = 16.0
_SCORE_SHARE = 1.5  # the panel of the score is this much wider than a component's
_HEAD = 18.0


def readiness_chart(readiness: ReadinessResult) -> Chart:
    """Rows in the instrument's order, never ranked. Scores stand on the same 0 to 100 axis as components."""
    marks: list[Primitive] = []
    top = _HEAD
    heights = [parts.row_height(row.label) + 3 for row in readiness.rows]
    bottom = top + sum(heights)
    for title, x, width in _panels(readiness):
        marks.append(Text(x, 9, title, parts.SIZE, bold=True))
        marks += parts.axis(x, width, _HEAD - 3, bottom, (0, 0.5, 1), "")
    for row, height in zip(readiness.rows, heights, strict=True):
        marks += _row(readiness, row, top, height)
        top += height
    return Chart(parts.WIDTH, bottom + 14, _finding(readiness), _describe(readiness), tuple(marks))


def _panels(readiness: ReadinessResult) -> list[tuple[str, float, float]]:
    """Title, left edge and width of each panel."""
    components = readiness.rows[0].components
    room = parts.WIDTH - parts.LABELS - 4 - _GAP * len(components)
    unit = room / (_SCORE_SHARE + len(components))
    panels = [("Wynik (0–100)", parts.LABELS, unit * _SCORE_SHARE)]
    x = parts.LABELS + unit * _SCORE_SHARE + _GAP
    for component in components:
        panels.append((component.label, x, unit))
        x += unit + _GAP
    return panels


def _row(readiness: ReadinessResult, row: ReadinessRow, top: float, height: float) -> Iterator[Primitive]:
    yield from parts.row_label(row.label, top, height, bold=row is readiness.rows[0])
    score_panel, *component_panels = _panels(readiness)
    middle = top + height / 2
    if row.score is not None:
        share_bounds = row.bounds and Bounds(row.bounds.low / 100, row.bounds.high / 100)
        yield from _dot(row.score / 100, share_bounds, score_panel, middle, is_score=True)
    else:
        yield Text(score_panel[1] + 2, middle + 3, "bez wyniku", parts.SMALL, tone="muted")
    for component, panel in zip(row.components, component_panels, strict=True):
        yield from _component(component, panel, middle)


def _component(
    component: ComponentResult, panel: tuple[str, float, float], middle: float
) -> Iterator[Primitive]:
    if component.positive is None or component.base is None:
        yield Text(panel[1] + 2, middle + 3, HIDDEN, parts.SMALL, tone="muted")
    elif component.share is None:
        told = f"{component.positive} z {component.base}"
        yield Text(panel[1] + 2, middle + 3, told, parts.SMALL, tone="muted")
    else:
        yield from _dot(component.share, component.bounds, panel, middle, is_score=False)


def _dot(
    share: float, bounds: Bounds | None, panel: tuple[str, float, float], middle: float, *, is_score: bool
) -> Iterator[Primitive]:
    _, x, width = panel
    at = x + share * width
    if bounds:
        low, high = x + bounds.low * width, x + bounds.high * width
        yield Line(low, middle, high, middle, "strong", 1.6)
        for end in (low, high):
            yield Line(end, middle - 3.5, end, middle + 3.5, "strong", 1.2)
    yield Circle(at, middle, 3.6 if is_score else 2.8, "strong")
    edge: Literal["start", "end"] = "end" if share > 0.5 else "start"
    yield Text(
        at + (4 if edge == "start" else -4), middle - 5.5, _number(share), parts.SMALL, edge, bold=is_score
    )


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
