"""The calculator: three scenarios of the result, what changes it most, and where it reaches zero. Exact throughout.

Conventions (printed with every result):

- The middle scenario takes every middle value. The pessimistic one is found from there: each assumption in turn takes
  whichever of its three values makes the result smallest, the others as they are, until none changes any more; the
  optimistic one likewise with the largest. So a scenario is not "everything low", and an assumption that the result
  does not rest on keeps its middle value.
- Sensitivity: one assumption from its lowest to its highest value, all others in the middle.
- Break-even: the smallest whole number of the named assumption with which the result is not below zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from survey_app.instrument.assumptions import Assumed, Given, assumed
from survey_app.instrument.calculator_model import Assumption, Calculator, Line
from survey_app.instrument.paper_model import Row

Values = Mapping[str, Fraction]
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Missing:
    """An assumption without a value, and the lines whose formulas name it. `result`: it is not there either."""

    assumption: Assumption
    lines: tuple[Line, ...]
    result: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """`chosen`: assumption id -> the value it takes. `lines`: line id -> its value, of all that can be computed.

    `break_even`: None where no number that is allowed brings the result to zero, or where it is not computed.
    """

    chosen: Values
    lines: Values
    break_even: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one assumption alone does to the result."""

    assumption: Assumption
    given: Given
    at_low: Fraction
    at_high: Fraction
    span: Fraction  # between the smallest and the largest result, the middle one among them
    changes_sign: bool


@dataclass(frozen=True, slots=True)
class Calculation:
    """`pessimistic`, `optimistic`, `effects`: None and none where the result itself cannot be computed."""

    calculator: Calculator
    assumed: Assumed
    missing: tuple[Missing, ...]
    middle: Scenario
    pessimistic: Scenario | None
    optimistic: Scenario | None
    effects: tuple[Effect, ...]

    @property
    def result(self) -> Fraction | None:
        """In the middle scenario."""
        return self.middle.lines.get(self.calculator.result)


def calculated(calculator: Calculator, tables: Mapping[str, Sequence[Row]]) -> Calculation:
    """Of what was filled in, however much that is. Faulty numbers are never computed with."""
    return _Work(calculator, assumed(calculator, tables)).done()


class _Work:
    def __init__(self, calculator: Calculator, found: Assumed) -> None:
        self.calculator, self.assumed, self.given = calculator, found, found.given
        self.needs = calculator.needs()
        self.computable = [line for line in calculator.lines if self.needs[line.id] <= self.given.keys()]
        above = {line.id: line for line in calculator.lines}
        wanted = {calculator.result}
        for line in reversed(calculator.lines):
            if line.id in wanted:
                wanted |= {name for name in line.formula.names if name in above}
        self.toward_result = [line for line in calculator.lines if line.id in wanted]

    def done(self) -> Calculation:
        middle = {one: given.middle for one, given in self.given.items()}
        ends: tuple[Scenario | None, Scenario | None] = (None, None)
        effects: list[Effect] = []
        if self.needs[self.calculator.result] <= self.given.keys():
            ends = self.scenario(self.at_end(middle, -1)), self.scenario(self.at_end(middle, 1))
            effects = sorted(self.effects(middle), key=lambda one: -one.span)
        return Calculation(
            self.calculator, self.assumed, self.missing(), self.scenario(middle), *ends, tuple(effects)
        )

    def missing(self) -> tuple[Missing, ...]:
        return tuple(
            Missing(
                one,
                tuple(line for line in self.calculator.lines if one.id in line.formula.names),
                one.id in self.resting(),
            )
            for one in self.calculator.assumptions
            if one.id not in self.given
        )

    def scenario(self, chosen: Values) -> Scenario:
        values = dict(chosen)
        for line in self.computable:
            values[line.id] = line.formula.value(values)
        lines = {line.id: values[line.id] for line in self.computable}
        return Scenario(chosen, lines, self.break_even(chosen))

    def result(self, chosen: Values, changed: str = "", value: Fraction | None = None) -> Fraction:
        values = dict(chosen)
        if value is not None:
            values[changed] = value
        for line in self.toward_result:
            values[line.id] = line.formula.value(values)
        return values[self.calculator.result]

    def at_end(self, middle: Values, direction: int) -> Values:
        """The values that make the result smallest (-1) or largest (1); ties keep what is there."""
        chosen, best = dict(middle), self.result(middle) * direction
        asked = [one.id for one in self.calculator.assumptions if one.id in self.resting()]
        for _ in range(_MOST_ROUNDS):
            before = dict(chosen)
            for name in asked:
                given = self.given[name]
                for value in (given.low, given.middle, given.high):
                    if (there := self.result(chosen, name, value) * direction) > best:
                        best, chosen[name] = there, value
            if chosen == before:
                break
        return chosen

    def resting(self) -> frozenset[str]:
        return self.needs[self.calculator.result]

    def effects(self, middle: Values) -> list[Effect]:
        at_middle = self.result(middle)
        found = []
        for one in self.calculator.assumptions:
            if one.id not in self.resting():
                continue
            given = self.given[one.id]
            low, high = self.result(middle, one.id, given.low), self.result(middle, one.id, given.high)
            three = (low, at_middle, high)
            found.append(Effect(one, given, low, high, max(three) - min(three), min(three) < 0 <= max(three)))
        return found

    def break_even(self, chosen: Values) -> int | None:
        """By halving, as the result grows with it. None if not even the most that is sensible is enough."""
        name = self.calculator.break_even
        if name not in self.resting() or not self.resting() <= self.given.keys():
            return None
        asked = self.calculator.assumption(name)
        low, high = -(-asked.smallest // 1), asked.largest // 1
        if low > high or self.result(chosen, name, Fraction(high)) < 0:
            return None
        while low < high:
            half = (low + high) // 2
            if self.result(chosen, name, Fraction(half)) >= 0:
                high = half
            else:
                low = half + 1
        return int(low)
