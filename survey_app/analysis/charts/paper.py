"""Charts on a reportlab canvas."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from reportlab.lib.colors import HexColor

from survey_app.analysis.charts.primitives import Chart, Circle, Line, Polygon, Primitive, Rect, Text
from survey_app.analysis.charts.tones import TONES
from survey_app.analysis.pdf.fonts import BOLD, REGULAR, printable

_COLOURS = {tone: HexColor(value) for tone, value in TONES.items()}
_HATCH_STEP = 4.0


class PaperChart:
    """A chart that can stand in a `FigureBox`."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.width = chart.width
        self.height = chart.height

    def draw_on(self, canvas: Any) -> None:
        """Draw with the lower left corner at the origin."""
        draw(self.chart, canvas)


def draw(chart: Chart, canvas: Any) -> None:
    """Draw the primitives; `y` is turned round, because paper counts from below."""
    for primitive in chart.primitives:
        _mark(primitive, canvas, chart.height)


@singledispatch
def _mark(primitive: Primitive, canvas: Any, height: float) -> None:
    raise TypeError(f"no such primitive: {primitive!r} on {canvas} of {height}")


@_mark.register
def _(text: Text, canvas: Any, height: float) -> None:
    canvas.setFont(BOLD if text.bold else REGULAR, text.size)
    canvas.setFillColor(_COLOURS[text.tone])
    place = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
    place[text.anchor](text.x, height - text.y, printable(text.text))


@_mark.register
def _(line: Line, canvas: Any, height: float) -> None:
    canvas.setStrokeColor(_COLOURS[line.tone])
    canvas.setLineWidth(line.width)
    canvas.setDash([2, 2] if line.dashed else [])
    canvas.line(line.x1, height - line.y1, line.x2, height - line.y2)
    canvas.setDash([])


@_mark.register
def _(rect: Rect, canvas: Any, height: float) -> None:
    bottom = height - rect.y - rect.height
    if rect.pattern == "solid":
        canvas.setFillColor(_COLOURS[rect.tone])
        canvas.rect(rect.x, bottom, rect.width, rect.height, stroke=0, fill=1)
        return
    canvas.setStrokeColor(_COLOURS[rect.tone])
    if rect.pattern == "hatched":
        _hatch(canvas, rect, bottom)
    canvas.setLineWidth(0.8)
    canvas.rect(rect.x, bottom, rect.width, rect.height, stroke=1, fill=0)


def _hatch(canvas: Any, rect: Rect, bottom: float) -> None:
    canvas.saveState()
    outline = canvas.beginPath()
    outline.rect(rect.x, bottom, rect.width, rect.height)
    canvas.clipPath(outline, stroke=0, fill=0)
    canvas.setLineWidth(0.5)
    x = rect.x - rect.height
    while x < rect.x + rect.width:
        canvas.line(x, bottom, x + rect.height, bottom + rect.height)
        x += _HATCH_STEP
    canvas.restoreState()


@_mark.register
def _(circle: Circle, canvas: Any, height: float) -> None:
    canvas.setFillColor(_COLOURS[circle.tone if circle.filled else "paper"])
    canvas.setStrokeColor(_COLOURS[circle.tone])
    canvas.setLineWidth(1.5)
    canvas.circle(circle.x, height - circle.y, circle.radius, stroke=1, fill=1)


@_mark.register
def _(polygon: Polygon, canvas: Any, height: float) -> None:
    outline = canvas.beginPath()
    (first_x, first_y), *others = polygon.points
    outline.moveTo(first_x, height - first_y)
    for x, y in others:
        outline.lineTo(x, height - y)
    outline.close()
    canvas.setFillColor(_COLOURS[polygon.tone])
    if polygon.outline:
        canvas.setStrokeColor(_COLOURS[polygon.outline])
        canvas.setLineWidth(1.2)
    canvas.drawPath(outline, stroke=1 if polygon.outline else 0, fill=1)
