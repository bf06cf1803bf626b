"""How codes look: apart by shape and by fill, for grey print and for readers who see no colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_app.analysis.charts.parts import SIZE
from survey_app.analysis.charts.primitives import Circle, Polygon, Primitive, Text
from survey_app.analysis.pdf.fonts import text_width
from survey_app.instrument.model import Code, Stance

Shape = Literal["circle", "square", "diamond", "triangle"]


@dataclass(frozen=True, slots=True)
class Look:
    """A shape with the tones of its ground, edge and number; `bar`: the fill of a bar of this code."""

    shape: Shape
    ground: str
    edge: str
    number: str
    bar: Literal["solid", "outline", "hatched"]


_SUPPORTER = Look("circle", "strong", "strong", "on-strong", "solid")
_UNDECIDED = Look("square", "paper", "ink", "ink", "outline")
_OPPONENT = Look("diamond", "soft", "ink", "on-soft", "hatched")
_FIRST = {Stance.SUPPORTER: _SUPPORTER, Stance.UNDECIDED: _UNDECIDED, Stance.OPPONENT: _OPPONENT}
_FURTHER = (
    Look("triangle", "step1", "ink", "on-soft", "solid"),
    Look("circle", "paper", "ink", "ink", "outline"),
    Look("square", "step2", "ink", "on-soft", "solid"),
    Look("diamond", "paper", "ink", "ink", "hatched"),
    Look("triangle", "paper", "ink", "ink", "outline"),
)


def looks(codes: Sequence[Code]) -> dict[str, Look]:
    """Code id -> look: the first code of each stance has that stance's own, further ones (a team's) what is left."""
    found: dict[str, Look] = {}
    left = iter(_FURTHER * (len(codes) // len(_FURTHER) + 1))
    for code in codes:
        own = _FIRST[code.stance]
        found[code.id] = next(left) if own in found.values() else own
    return found


def code_mark(look: Look, x: float, y: float, radius: float) -> Iterator[Primitive]:
    """The shape about (x, y); every shape covers nearly the same area."""
    if look.shape == "circle":
        yield Circle(x, y, radius, look.edge, filled=look.ground != "paper")
    else:
        yield Polygon(_corners(look.shape, x, y, radius), look.ground, look.edge)


def _corners(shape: Shape, x: float, y: float, radius: float) -> tuple[tuple[float, float], ...]:
    if shape == "square":
        half = radius * 0.9
        return (x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)
    if shape == "diamond":
        reach = radius * 1.22
        return (x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)
    return (
        (x, y - radius * 1.25),
        (x + radius * 1.2, y + radius * 0.85),
        (x - radius * 1.2, y + radius * 0.85),
    )


def code_legend(codes: Sequence[Code], x: float, baseline: float) -> Iterator[Primitive]:
    """Shape and name of each code, in one line."""
    for code in codes:
        yield from code_mark(looks(codes)[code.id], x + 5, baseline - 3, 5)
        yield Text(x + 15, baseline, code.label, SIZE)
        x += 15 + text_width(code.label, SIZE) + 18
