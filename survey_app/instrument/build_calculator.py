"""The calculator's part of a checked document -> the frozen model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from survey_app.instrument.calculator_model import (
    Assumption,
    Calculator,
    Default,
    Line,
    LineGroup,
    Unit,
    table_of,
)
from survey_app.instrument.formulas import parse
from survey_app.instrument.model import Section

Document = Mapping[str, Any]


def calculator(document: Document) -> Calculator:
    """`definitions.paper.calculator`."""
    return Calculator(
        assumptions=tuple(_assumption(one) for one in document["assumptions"]),
        groups=tuple(
            LineGroup(group["id"], group["title"], tuple(_line(line) for line in group["lines"]))
            for group in document["groups"]
        ),
        result=document["result"],
        break_even=document["break_even"],
        not_counted=tuple(document["not_counted"]),
    )


def exact(number: float) -> Fraction:
    """The number as it was written: 0.1 is a tenth."""
    return Fraction(str(number))


def _assumption(document: Document) -> Assumption:
    default = document.get("default")
    return Assumption(
        id=document["id"],
        name=document["name"],
        unit=Unit(document["unit"]),
        section=document["section"],
        smallest=exact(document["smallest"]),
        largest=exact(document["largest"]),
        default=_default(default) if default else None,
        help=document.get("help", ""),
    )


def _default(document: Document) -> Default:
    low, middle, high = (exact(document[key]) for key in ("low", "middle", "high"))
    return Default(low, middle, high, document["source"], document["year"])


def _line(document: Document) -> Line:
    return Line(document["id"], document["label"], Unit(document["unit"]), parse(document["formula"]))


def with_assumptions(sections: Iterable[Section], held: Calculator) -> tuple[Section, ...]:
    """The sections, each with the table of the assumptions that belong to it behind its own tables."""
    made = ((section, table_of(held, section.id, section.title)) for section in sections)
    return tuple(
        replace(section, tables=(*section.tables, table)) if table else section for section, table in made
    )
