"""Charts as files inside a document that others edit: an SVG without patterns, and a PNG for readers without SVG.

Office programs draw a pattern fill in their own ways, or not at all; here hatching becomes lines before it is written.
"""

from __future__ import annotations

import functools
import io
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import singledispatch
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from survey_app.analysis.charts.primitives import Chart, Circle, Line, Polygon, Primitive, Rect, Text
from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.charts.tones import TONES
from survey_app.analysis.pdf.fonts import BOLD, REGULAR, printable

DOTS_PER_INCH = 200
_FINER = 2  # drawn larger and made smaller, so that slanted lines and letters come out smooth
_SCALE = DOTS_PER_INCH / 72 * _FINER
_COLOURS = 128
_HATCH_STEP = 4.0
_HATCH_WIDTH = 0.5
_DASH = 2.0
_FILES = {REGULAR: "SourceSans3-Regular.ttf", BOLD: "SourceSans3-SemiBold.ttf"}
# Calibri and its free twin run no wider than the house's typeface, so labels keep to their places.
_OFFICE_FONTS = "Source Sans 3, Calibri, Carlito, sans-serif"


def without_patterns(chart: Chart) -> Chart:
    """The same chart with every hatched area as its edge and lines."""
    marks: list[Primitive] = []
    for mark in chart.primitives:
        if isinstance(mark, Rect) and mark.pattern not in ("solid", "outline"):
            marks += [*_hatching(mark), replace(mark, pattern="outline")]
        else:
            marks.append(mark)
    return replace(chart, primitives=tuple(marks))


def _hatching(rect: Rect) -> Iterator[Line]:
    """Lines at 45 degrees from the lower left, cut off at the edges."""
    bottom = rect.y + rect.height
    start = rect.x - rect.height
    while start < rect.x + rect.width:
        start += _HATCH_STEP
        first = max(start, rect.x)
        last = min(start + rect.height, rect.x + rect.width)
        if first < last:
            yield Line(
                first, bottom - (first - start), last, bottom - (last - start), rect.tone, _HATCH_WIDTH
            )


def to_office_svg(chart: Chart, uid: str) -> bytes:
    """The chart as a file of its own, as office programs read SVG: sized, with fonts that they have."""
    markup = to_svg(without_patterns(chart), uid)
    markup = re.sub(r'font-family="[^"]*"', f'font-family="{_OFFICE_FONTS}"', markup, count=1)
    size = f'width="{chart.width:g}pt" height="{chart.height:g}pt" viewBox='
    return markup.replace("viewBox=", size, 1).encode()


def to_png(chart: Chart) -> bytes:
    """The chart as a picture at `DOTS_PER_INCH`."""
    size = (math.ceil(chart.width * _SCALE), math.ceil(chart.height * _SCALE))
    image = Image.new("RGB", size, TONES["paper"])
    pen = ImageDraw.Draw(image)
    for mark in without_patterns(chart).primitives:
        _mark(mark, pen)
    content = io.BytesIO()
    dots = (DOTS_PER_INCH, DOTS_PER_INCH)
    image.reduce(_FINER).quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(content, "PNG", dpi=dots)
    return content.getvalue()


@functools.lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> ImageFont.FreeTypeFont:
    folder = resources.files("survey_app.analysis").joinpath("fonts")
    with resources.as_file(folder.joinpath(_FILES[BOLD if bold else REGULAR])) as path:
        return ImageFont.truetype(str(path), size * _SCALE)


@singledispatch
def _mark(primitive: Primitive, pen: ImageDraw.ImageDraw) -> None:
    raise TypeError(f"no such primitive: {primitive!r} on {pen}")


@_mark.register
def _(text: Text, pen: ImageDraw.ImageDraw) -> None:
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[text.anchor]
    words = printable(text.text, BOLD if text.bold else REGULAR).replace("\n", " ")
    place = (text.x * _SCALE, text.y * _SCALE)
    pen.text(place, words, fill=TONES[text.tone], font=_font(text.size, text.bold), anchor=anchor)


@_mark.register
def _(line: Line, pen: ImageDraw.ImageDraw) -> None:
    width = max(1, round(line.width * _SCALE))
    for x1, y1, x2, y2 in _dashes(line) if line.dashed else [(line.x1, line.y1, line.x2, line.y2)]:
        pen.line([(x1 * _SCALE, y1 * _SCALE), (x2 * _SCALE, y2 * _SCALE)], fill=TONES[line.tone], width=width)


def _dashes(line: Line) -> Iterator[tuple[float, float, float, float]]:
    length = math.hypot(line.x2 - line.x1, line.y2 - line.y1)
    across, down = line.x2 - line.x1, line.y2 - line.y1
    for number in range(math.ceil(length / (2 * _DASH))):
        first, last = 2 * number * _DASH / length, min(1.0, (2 * number + 1) * _DASH / length)
        yield (
            line.x1 + first * across,
            line.y1 + first * down,
            line.x1 + last * across,
            line.y1 + last * down,
        )


@_mark.register
def _(rect: Rect, pen: ImageDraw.ImageDraw) -> None:
    left, right = sorted((rect.x * _SCALE, (rect.x + rect.width) * _SCALE))
    top, bottom = sorted((rect.y * _SCALE, (rect.y + rect.height) * _SCALE))
    if rect.pattern == "solid":
        pen.rectangle([left, top, right, bottom], fill=TONES[rect.tone])
    else:
        pen.rectangle([left, top, right, bottom], outline=TONES[rect.tone], width=round(0.8 * _SCALE))


@_mark.register
def _(circle: Circle, pen: ImageDraw.ImageDraw) -> None:
    ground = TONES[circle.tone if circle.filled else "paper"]
    place = (circle.x * _SCALE, circle.y * _SCALE)
    # The pen of the other back ends runs along the edge, half of it outside.
    pen.circle(
        place, (circle.radius + 0.75) * _SCALE, ground, outline=TONES[circle.tone], width=round(1.5 * _SCALE)
    )


@_mark.register
def _(polygon: Polygon, pen: ImageDraw.ImageDraw) -> None:
    points = [(x * _SCALE, y * _SCALE) for x, y in polygon.points]
    outline = TONES[polygon.outline] if polygon.outline else None
    pen.polygon(points, fill=TONES[polygon.tone], outline=outline, width=max(1, round(1.2 * _SCALE)))
