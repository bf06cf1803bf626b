"""What makes a form a calculator: assumptions that the team gives with their sources, and lines computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from survey_app import polish
from survey_app.instrument.formulas import Formula
from survey_app.instrument.paper_model import Column, ColumnType, FixedRow, RowTable

TABLE_OF = "zalozenia_"  # before a section's id: the table of its assumptions
LOW, MIDDLE, HIGH, SOURCE = "low", "middle", "high", "source"
VALUES = (LOW, MIDDLE, HIGH)
COLUMNS = (
    Column(LOW, "Najmniej", ColumnType.NUMBER),
    Column(MIDDLE, "Najpewniej", ColumnType.NUMBER),
    Column(HIGH, "Najwięcej", ColumnType.NUMBER),
    Column(SOURCE, "Źródło i rok", width=3),
)


class Unit(StrEnum):
    """What a number counts, as it is printed."""

    MONEY = "zł"
    MONEY_MONTH = "zł/miesiąc"
    MONEY_YEAR = "zł/rok"
    PEOPLE = "osoby"
    PEOPLE_YEAR = "osoby/rok"
    MONTHS = "miesiące"
    YEARS = "lata"
    POSTS = "etaty"
    PERCENT = "%"

    @property
    def is_money(self) -> bool:
        return self.value.startswith("zł")


@dataclass(frozen=True, slots=True)
class Default:
    """What a new paper begins with; `source` and `year` say where it is from."""

    low: Fraction
    middle: Fraction
    high: Fraction
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """`smallest`, `largest`: what is sensible at all; beyond it a number is refused. `section`: where it is asked."""

    id: str
    name: str
    unit: Unit
    section: str
    smallest: Fraction
    largest: Fraction
    default: Default | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A computed number. `formula`: over assumptions and lines above it."""

    id: str
    label: str
    unit: Unit
    formula: Formula


@dataclass(frozen=True, slots=True)
class LineGroup:
    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Calculator:
    """`result`: the line that scenarios and sensitivity look at; below zero it is a loss.

    `break_even`: the assumption (in whole numbers) of which the page says how much the result needs to reach zero.
    `not_counted`: what no number here stands for.
    """

    assumptions: tuple[Assumption, ...]
    groups: tuple[LineGroup, ...]
    result: str
    break_even: str
    not_counted: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    def line(self, line_id: str) -> Line:
        """KeyError if there is none."""
        return {line.id: line for line in self.lines}[line_id]

    def assumption(self, assumption_id: str) -> Assumption:
        """KeyError if there is none."""
        return {one.id: one for one in self.assumptions}[assumption_id]

    def needs(self) -> Mapping[str, frozenset[str]]:
        """Line id -> ids of the assumptions that it rests on, be it through other lines."""
        asked = {one.id for one in self.assumptions}
        found: dict[str, frozenset[str]] = {}
        for line in self.lines:
            used = {name for name in line.formula.names if name in asked}
            earlier = (found[name] for name in line.formula.names if name in found)
            found[line.id] = frozenset(used).union(*earlier)
        return found


def table_of(calculator: Calculator, section: str, title: str) -> RowTable | None:
    """The table in which the assumptions of a section are given; None where it has none. `title`: of the section."""
    asked = [one for one in calculator.assumptions if one.section == section]
    if not asked:
        return None
    rows = tuple(FixedRow(one.id, f"{one.name} ({one.unit.value})", _help(one)) for one in asked)
    return RowTable(f"{TABLE_OF}{section}", title or "Założenia", COLUMNS, rows, "Założenie")


def _help(one: Assumption) -> str:
    limits = f"Od {grouped(one.smallest)} do {grouped(one.largest)}."
    if one.default is None:
        return " ".join(part for part in (one.help, limits) if part)
    given = f"Wartości na początek: {one.default.source}, {one.default.year}."
    return " ".join(part for part in (one.help, limits, given) if part)


def grouped(number: Fraction) -> str:
    """As it is read: "50 000"."""
    return polish.whole(number.numerator) if number.denominator == 1 else plain(number)


def plain(number: Fraction) -> str:
    """With a decimal comma, nothing grouped: as it can be typed back. For numbers of a file: they end."""
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):.6f}".rstrip("0").rstrip(".").replace(".", ",")
