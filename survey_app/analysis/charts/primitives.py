"""What a chart is made of: a few drawing primitives that small back ends put on a page (SVG, PDF).

`y` grows downwards, as in SVG; units are points. A chart carries its title (the finding), its alternative text
(what it shows, in words) and is drawn in tones that stay apart in grey print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    text: str
    size: float
    anchor: Literal["start", "middle", "end"] = "start"
    tone: str = "ink"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    tone: str = "rule"
    width: float = 0.5
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    tone: str
    pattern: Literal["solid", "hatched", "outline"] = "solid"


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    radius: float
    tone: str
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed shape; `outline` is the tone of its edge, empty for none."""

    points: tuple[tuple[float, float], ...]
    tone: str
    outline: str = ""


Primitive = Text | Line | Rect | Circle | Polygon


@dataclass(frozen=True, slots=True)
class Chart:
    """`title`: the finding, one line. `alt`: the alternative text, complete sentences with the numbers."""

    width: float
    height: float
    title: str
    alt: str
    primitives: tuple[Primitive, ...]
