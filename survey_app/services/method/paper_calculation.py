"""What a calculator computed, as a file: the same rounded numbers that its page prints."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from survey_app.analysis.papers.calculation_words import NO_SOURCE, NONE_ENOUGH, NOT_COMPUTED, rounded
from survey_app.analysis.papers.calculator import Calculation, calculated
from survey_app.errors import NotFoundError
from survey_app.instrument.calculator_model import VALUES, Line, Unit
from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.spreadsheets import Cell, csv_bytes

NO_CALCULATOR = "To pismo nie jest kalkulatorem."
HEADER = (
    "Część",
    "Nazwa",
    "Jednostka",
    "Najmniej albo scenariusz pesymistyczny",
    "Najpewniej albo scenariusz środkowy",
    "Najwięcej albo scenariusz optymistyczny",
    "Źródło",
)


def csv_of(context: Context, gmina_code: str, paper_id: int, number: int | None = None) -> bytes:
    """Of a version; without a number the agreed one, or the newest.

    NotFoundError: no such paper or version, or no calculator.
    """
    view = papers.view(context, gmina_code, paper_id)
    version = view.version(number or view.paper.agreed_version or view.newest.number)
    calculator = rules_of(view.definition).calculator
    if calculator is None:
        raise NotFoundError(NO_CALCULATOR)
    return csv_bytes(HEADER, _rows(calculated(calculator, version.tables)))


def _rows(found: Calculation) -> Iterator[list[Cell]]:
    for one in found.calculator.assumptions:
        given = found.assumed.given.get(one.id)
        bare = found.assumed.unsourced.get(one.id)
        cells: list[Cell] = [None, None, None]
        if given is not None:
            cells = [_exact(number) for number in (given.low, given.middle, given.high)]
        elif bare is not None:
            cells = [_exact(bare[column]) if column in bare else None for column in VALUES]
        source = given.source if given else (NO_SOURCE if bare is not None else "brak")
        yield ["założenie", one.name, one.unit.value, *cells, source]
    for group in found.calculator.groups:
        for line in group.lines:
            yield [group.title, line.label, line.unit.value, *_scenarios(found, line), None]
    if found.result is None:
        return
    asked = found.calculator.assumption(found.calculator.break_even)
    levels = [one.break_even if one else None for one in (found.pessimistic, found.middle, found.optimistic)]
    told: list[Cell] = [NONE_ENOUGH if level is None else level for level in levels]
    yield ["próg: wynik nie jest ujemny", asked.name, asked.unit.value, *told, None]
    unit = found.calculator.line(found.calculator.result).unit
    for effect in found.effects:
        ends = [_cell(effect.at_low, unit), _cell(found.result, unit), _cell(effect.at_high, unit)]
        yield ["wynik, gdy zmienia się tylko to założenie", effect.assumption.name, unit.value, *ends, None]


def _scenarios(found: Calculation, line: Line) -> Iterator[Cell]:
    for scenario in (found.pessimistic, found.middle, found.optimistic):
        value = scenario.lines.get(line.id) if scenario else None
        yield NOT_COMPUTED if value is None else _cell(value, line.unit)


def _cell(number: Fraction, unit: Unit) -> Cell:
    return _exact(rounded(number, unit))


def _exact(number: Fraction) -> Cell:
    return float(number) if number.denominator > 1 else int(number)
