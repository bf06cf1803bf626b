"""Numbers and names of a calculation as Polish words: money in whole zł, everything else with at most one decimal."""

from __future__ import annotations

import re
from fractions import Fraction

from survey_app import polish
from survey_app.analysis.papers.calculator import Calculation, Scenario
from survey_app.instrument.calculator_model import Calculator, Line, Unit

SCENARIOS = ("Pesymistyczny", "Środkowy", "Optymistyczny")
NOT_COMPUTED = "nie policzono"
NO_SOURCE = "brak źródła"
NONE_ENOUGH = "żadna liczba nie wystarcza"
_WHOLE_FROM = 1_000
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FUNCTIONS = {"min": "mniejsza z ", "max": "większa z "}


def rounded(number: Fraction, unit: Unit) -> Fraction:
    """To what is printed: whole zł, otherwise tenths; halves go away from zero."""
    step = 1 if unit.is_money or abs(number) >= _WHOLE_FROM else 10
    size = (abs(number) * step + Fraction(1, 2)) // 1
    return Fraction(size if number >= 0 else -size, step)


def words(number: Fraction, unit: Unit) -> str:
    """ "−12 345", "7,5"; without the unit."""
    shown = rounded(number, unit)
    size = abs(shown)
    told = polish.whole(int(size)) if size.denominator == 1 else polish.decimal(float(size), 1)
    return f"{polish.MINUS}{told}" if shown < 0 else told


def with_unit(number: Fraction, unit: Unit) -> str:
    """ "12 345 zł", "30%", "7,5 (etaty)"."""
    told = words(number, unit)
    if unit.is_money:
        return f"{told}{polish.NBSP}{unit.value}"
    return f"{told}%" if unit is Unit.PERCENT else f"{told} ({unit.value})"


def sign_words(result: Fraction) -> str:
    """Of a result of money: what it means."""
    if result > 0:
        return "na plusie"
    return "na minusie" if result < 0 else "na zero"


def formula_words(calculator: Calculator, line: Line) -> str:
    """The formula with names in place of ids."""
    names = {one.id: one.name for one in calculator.assumptions} | {
        one.id: one.label for one in calculator.lines
    }

    def named(match: re.Match[str]) -> str:
        return _FUNCTIONS.get(match[0]) or f"„{names[match[0]]}”"

    signs = line.formula.text
    for written, printed in ((",", "; "), (".", ","), ("*", "×"), ("-", polish.MINUS)):
        signs = signs.replace(written, printed)
    return " ".join(_NAME.sub(named, signs).split())


def summary(found: Calculation) -> str:
    """The result in one or two sentences, for another paper."""
    line = found.calculator.line(found.calculator.result)
    if found.result is None or found.pessimistic is None or found.optimistic is None:
        lacking = ", ".join(
            f"„{one.assumption.name}”{f' ({NO_SOURCE})' if one.assumption.id in found.assumed.unsourced else ''}"
            for one in found.missing
            if one.result
        )
        return f"Wyniku kalkulatora jeszcze nie ma, bo brakuje założeń: {lacking}."
    ends = [with_unit(end.lines[line.id], line.unit) for end in (found.pessimistic, found.optimistic)]
    middle = with_unit(found.result, line.unit)
    return f"{line.label}: {middle} w scenariuszu środkowym, {ends[0]} w pesymistycznym, {ends[1]} w optymistycznym."


def break_even_words(scenario: Scenario) -> str:
    return NONE_ENOUGH if scenario.break_even is None else polish.whole(scenario.break_even)
