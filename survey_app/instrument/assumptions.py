"""What a team gave for the assumptions of a calculator: read from the rows of its tables, and every fault of them.

A number without a source is no fault of a draft, but nothing is computed with it, and it is named wherever it stands.
An assumption without its middle value is missing, which is no fault either: a draft may be incomplete. An empty lowest
or highest value is the middle one: then the number is taken for certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from survey_app.instrument.calculator_model import (
    COLUMNS,
    HIGH,
    LOW,
    MIDDLE,
    SOURCE,
    TABLE_OF,
    VALUES,
    Assumption,
    Calculator,
    grouped,
    plain,
)
from survey_app.instrument.paper_model import ROW_ID, Row

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_LABELS = {column.id: column.label for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Given:
    """`low` <= `middle` <= `high`, all within the assumption's bounds."""

    low: Fraction
    middle: Fraction
    high: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be taken: `column` is one of COLUMNS' ids."""

    assumption: Assumption
    column: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Assumed:
    """`given`: assumption id -> what it is. Everything else is missing, be it empty, faulty or without a source.

    `unsourced`: of each assumption that has numbers and no source, its id -> column -> number.
    """

    given: Mapping[str, Given]
    problems: tuple[Problem, ...]
    unsourced: Mapping[str, Mapping[str, Fraction]]


def assumed(calculator: Calculator, tables: Mapping[str, Sequence[Row]]) -> Assumed:
    """`tables`: of a paper, table id -> rows."""
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    unsourced: dict[str, Mapping[str, Fraction]] = {}
    for one in calculator.assumptions:
        rows = tables.get(f"{TABLE_OF}{one.section}", ())
        row = next((row for row in rows if row.get(ROW_ID) == one.id), {})
        numbers, found = _numbers(one, row)
        found += _order(one, numbers)
        problems += found
        if lacks_source(row):
            unsourced[one.id] = numbers
        elif MIDDLE in numbers and not found:
            middle = numbers[MIDDLE]
            given[one.id] = Given(
                numbers.get(LOW, middle), middle, numbers.get(HIGH, middle), row[SOURCE].strip()
            )
    return Assumed(given, tuple(problems), unsourced)


def lacks_source(row: Row) -> bool:
    """A row with a number and nothing that says where it is from; a dash says nothing."""
    return any(row.get(column, "").strip() for column in VALUES) and not any(
        sign.isalnum() for sign in row.get(SOURCE, "")
    )


def default_rows(calculator: Calculator) -> dict[str, list[Row]]:
    """Table id -> the rows that a new paper begins with."""
    tables: dict[str, list[Row]] = {}
    for one in calculator.assumptions:
        if one.default is not None:
            held = one.default
            cells = {
                key: plain(value).replace(",", ".")
                for key, value in zip(VALUES, (held.low, held.middle, held.high), strict=True)
            }
            row = {ROW_ID: one.id, **cells, SOURCE: f"{held.source}, {held.year}"}
            tables.setdefault(f"{TABLE_OF}{one.section}", []).append(row)
    return tables


def _numbers(one: Assumption, row: Row) -> tuple[dict[str, Fraction], list[Problem]]:
    numbers: dict[str, Fraction] = {}
    problems = []
    limits = f"Prosimy wpisać liczbę od {grouped(one.smallest)} do {grouped(one.largest)} ({one.unit.value})."
    for column in VALUES:
        text = row.get(column, "").strip()
        if not text:
            continue
        if not _NUMBER.fullmatch(text):
            problems.append(Problem(one, column, f"{_named(one, column)}: to nie jest liczba.", limits))
            continue
        number = Fraction(text)
        if not one.smallest <= number <= one.largest:
            typed = text.replace(".", ",").replace("-", "−")[:40]
            message = f"{_named(one, column)}: wartość {typed} nie może być prawdziwa."
            problems.append(Problem(one, column, message, limits))
            continue
        numbers[column] = number
    return numbers, problems


def _order(one: Assumption, numbers: Mapping[str, Fraction]) -> Iterator[Problem]:
    present = [column for column in VALUES if column in numbers]
    for first, then in pairwise(present):
        if numbers[first] > numbers[then]:
            message = f"{_named(one, then)}: mniej niż „{_LABELS[first]}”."
            yield Problem(
                one, then, message, "Prosimy ułożyć te trzy wartości od najmniejszej do największej."
            )


def _named(one: Assumption, column: str) -> str:
    return f"„{one.name}”, {_LABELS[column]}"
