"""Faults of a calculator: bounds, defaults, and every formula, so that none can fail when a team fills it in."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from typing import Any

from survey_app.instrument.build_calculator import exact
from survey_app.instrument.calculator_model import TABLE_OF
from survey_app.instrument.formulas import FUNCTIONS, FormulaError, Interval, MayBeZeroError, parse
from survey_app.instrument.model import Kind
from survey_app.instrument.outline import Outline
from survey_app.instrument.shape import Findings

_ROOT = "definitions.paper.calculator"
_NUMBERS = ("low", "middle", "high")
Entry = tuple[str, Mapping[str, Any]]  # its place, and what stands there


def check_calculator(
    document: Mapping[str, Any],
    rules: Mapping[str, Any],
    names: Set[str],
    outline: Outline,
    findings: Findings,
) -> None:
    """Adds the faults of `definitions.paper.calculator`. `names`: of the questions and tables of the file."""
    calculator = rules.get("calculator")
    if calculator is None:
        return
    if document.get("kind") != Kind.TEAM_FORM or rules.get("body"):
        message = "Kalkulator należy do formularza zespołu bez własnej treści."
        findings.add("definition.not_for_kind", _ROOT, message, "Usuń „body:” albo „calculator:”.")
    assumptions = [
        (f"{_ROOT}.assumptions[{i}]", one) for i, one in enumerate(calculator.get("assumptions", ()))
    ]
    lines = [
        (f"{_ROOT}.groups[{i}].lines[{j}]", line)
        for i, group in enumerate(calculator.get("groups", ()))
        for j, line in enumerate(group.get("lines", ()))
    ]
    _differ([*assumptions, *lines], findings)
    sections = {section.get("id") for _, section in outline.sections}
    for place, one in assumptions:
        _check_assumption(place, one, sections, names, findings)
    used = _check_lines(assumptions, lines, findings)
    for place, one in assumptions:
        if one.get("id") and one["id"] not in used:
            message = f"Od założenia „{one['id']}” nic nie zależy."
            findings.add("calculator.unused", place, message, "Użyj go we wzorze albo usuń.")
    for key, possible, what in (("result", lines, "wiersza"), ("break_even", assumptions, "założenia")):
        wanted, known = calculator.get(key), [one.get("id", "") for _, one in possible]
        if wanted and wanted not in known:
            hint = _meant(wanted, known)
            findings.add("calculator.result", f"{_ROOT}.{key}", f"Nie ma {what} „{wanted}”.", hint)


def _differ(entries: Sequence[Entry], findings: Findings) -> None:
    seen = set(FUNCTIONS)
    for place, entry in entries:
        if entry.get("id") in seen:
            message = f"Nazwa „{entry['id']}” jest w kalkulatorze zajęta."
            findings.add("id.doubled", f"{place}.id", message, "Każde założenie i każdy wiersz ma własną.")
        seen.add(entry.get("id", ""))
    named: set[str] = set()
    for place, entry in entries:
        key = "name" if "name" in entry else "label"
        if entry.get(key) in named:
            message = f"Nazwę „{entry[key]}” ma już coś innego."
            findings.add(
                "calculator.label", f"{place}.{key}", message, "We wzorach nie byłoby wiadomo, o co chodzi."
            )
        named.add(entry.get(key, ""))


def _check_assumption(
    place: str, one: Mapping[str, Any], sections: Set[object], names: Set[str], findings: Findings
) -> None:
    section = one.get("section")
    if section and (section not in sections or f"{TABLE_OF}{section}" in names):
        message = f"W części „{section}” nie można zapytać o to założenie."
        hint = f"Wpisz identyfikator części z tego pliku, w której nic nie nazywa się „{TABLE_OF}{section}”."
        findings.add("calculator.section", f"{place}.section", message, hint)
    if not {"smallest", "largest"} <= one.keys():
        return
    if one["smallest"] > one["largest"]:
        message = "Najmniejsza możliwa wartość jest większa niż największa."
        findings.add("calculator.bounds", f"{place}.smallest", message, "Zamień je.")
        return
    given = [one["default"][key] for key in _NUMBERS if key in one.get("default", {})]
    if len(given) == len(_NUMBERS) and sorted([one["smallest"], *given, one["largest"]]) != [
        one["smallest"],
        *given,
        one["largest"],
    ]:
        message = "Wartości na początek nie rosną albo wychodzą poza granice."
        hint = "Ma być: smallest ≤ low ≤ middle ≤ high ≤ largest."
        findings.add("calculator.default", f"{place}.default", message, hint)


def _check_lines(assumptions: Iterable[Entry], lines: Iterable[Entry], findings: Findings) -> set[str]:
    """The names that formulas use. What a faulty line gives is not known below it, and is not complained of there."""
    known: dict[str, Interval | None] = {}
    for _, one in assumptions:
        if "id" in one:
            known[one["id"]] = _bounds(one)
    used: set[str] = set()
    for place, line in lines:
        where = f"{place}.formula"
        interval = None
        try:
            formula = parse(line.get("formula", "0"))
        except FormulaError as error:
            findings.add(
                "calculator.formula", where, f"Wzór, znak {error.at}. {error.message}", "Popraw wzór."
            )
        else:
            used |= set(formula.names)
            unknown = [name for name in formula.names if name not in known]
            for name in unknown:
                hint = _meant(name, known)
                message = f"Wzór używa nazwy „{name}”, której wyżej nie ma."
                findings.add("calculator.name", where, message, hint)
            here = dict(_known(formula.names, known))
            if len(here) == len(formula.names):
                try:
                    interval = formula.interval(here)
                except MayBeZeroError:
                    hint = "Napisz na przykład max(…, 1) w mianowniku albo podnieś „smallest” założenia."
                    findings.add("calculator.zero", where, "Ten wzór może dzielić przez zero.", hint)
        if "id" in line:
            known[line["id"]] = interval
    return used


def _bounds(one: Mapping[str, Any]) -> Interval | None:
    if not {"smallest", "largest"} <= one.keys() or one["smallest"] > one["largest"]:
        return None
    return exact(one["smallest"]), exact(one["largest"])


def _known(
    names: Iterable[str], known: Mapping[str, Interval | None]
) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    for name in names:
        interval = known.get(name)
        if interval is not None:
            yield name, interval


def _meant(name: str, known: Iterable[str]) -> str:
    names = [one for one in known if one]
    close = difflib.get_close_matches(name, names, n=1)
    return f"Czy chodziło o „{close[0]}”?" if close else f"Znane nazwy: {', '.join(names[:40])}."
