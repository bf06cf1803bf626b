"""Charts as SVG for the page: title and description for readers, classes for tones, no style attribute, no script."""

from __future__ import annotations

from functools import singledispatch
from xml.sax.saxutils import escape, quoteattr

from survey_app.analysis.charts.primitives import Chart, Circle, Line, Polygon, Primitive, Rect, Text
from survey_app.analysis.charts.tones import TONES


def to_svg(chart: Chart, uid: str) -> str:
    """The chart as one <svg> element. `uid` makes its ids unique on the page; everything in it is escaped."""
    marks = "".join(_mark(primitive, uid) for primitive in chart.primitives)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {chart.width:g} {chart.height:g}" '
        f'role="img" aria-labelledby="{uid}-t {uid}-d" font-family="Gmina Sans, Source Sans 3, sans-serif">'
        f'<title id="{uid}-t">{escape(chart.title)}</title><desc id="{uid}-d">{escape(chart.alt)}</desc>'
        f"{_hatching(chart, uid)}{marks}</svg>"
    )


def _hatching(chart: Chart, uid: str) -> str:
    tones = {mark.tone for mark in chart.primitives if isinstance(mark, Rect) and mark.pattern == "hatched"}
    patterns = "".join(
        f'<pattern id="{uid}-h-{tone}" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<path d="M-1 1 1 -1M0 5 5 0M4 6 6 4" class="cs-{tone}" stroke="{TONES[tone]}" stroke-width="0.7"/>'
        "</pattern>"
        for tone in sorted(tones)
    )
    return f"<defs>{patterns}</defs>" if patterns else ""


@singledispatch
def _mark(primitive: Primitive, uid: str) -> str:
    raise TypeError(f"no such primitive: {primitive!r} in {uid}")


@_mark.register
def _(text: Text, uid: str) -> str:  # noqa: ARG001
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    weight = ' font-weight="600"' if text.bold else ""
    return (
        f'<text x="{text.x:.1f}" y="{text.y:.1f}" font-size="{text.size:g}"{anchor}{weight} {_fill(text.tone)}>'
        f"{escape(text.text)}</text>"
    )


@_mark.register
def _(line: Line, uid: str) -> str:  # noqa: ARG001
    dashes = ' stroke-dasharray="2 2"' if line.dashed else ""
    return (
        f'<line x1="{line.x1:.1f}" y1="{line.y1:.1f}" x2="{line.x2:.1f}" y2="{line.y2:.1f}" '
        f'stroke-width="{line.width:g}"{dashes} {_stroke(line.tone)}/>'
    )


@_mark.register
def _(rect: Rect, uid: str) -> str:
    box = f'x="{rect.x:.1f}" y="{rect.y:.1f}" width="{rect.width:.1f}" height="{rect.height:.1f}"'
    if rect.pattern == "solid":
        return f"<rect {box} {_fill(rect.tone)}/>"
    ground = f"url(#{uid}-h-{rect.tone})" if rect.pattern == "hatched" else "none"
    return f'<rect {box} fill={quoteattr(ground)} stroke-width="0.8" {_stroke(rect.tone)}/>'


@_mark.register
def _(circle: Circle, uid: str) -> str:  # noqa: ARG001
    ground = _fill(circle.tone)
    if not circle.filled:  # one attribute names both classes, so that the edge is seen on a dark page, too
        colours = f'fill="{TONES["paper"]}" stroke="{TONES[circle.tone]}"'
        ground = f'class="cf-paper cs-{circle.tone}" {colours} stroke-width="1.5"'
    return f'<circle cx="{circle.x:.1f}" cy="{circle.y:.1f}" r="{circle.radius:g}" {ground}/>'


@_mark.register
def _(polygon: Polygon, uid: str) -> str:  # noqa: ARG001
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in polygon.points)
    if not polygon.outline:
        return f'<polygon points="{points}" {_fill(polygon.tone)}/>'
    classes = f'class="cf-{polygon.tone} cs-{polygon.outline}"'
    colours = f'fill="{TONES[polygon.tone]}" stroke="{TONES[polygon.outline]}"'
    return f'<polygon points="{points}" {classes} {colours} stroke-width="1.2"/>'


def _fill(tone: str) -> str:
    return f'class="cf-{tone}" fill="{TONES[tone]}"'


def _stroke(tone: str) -> str:
    return f'class="cs-{tone}" stroke="{TONES[tone]}"'
