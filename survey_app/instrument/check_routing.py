"""Faults of routing: conditions on what is later, missing or impossible; questions that nobody can reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from survey_app.instrument.build import condition
from survey_app.instrument.model import AnswerType, Operator, Option, Question, Scale
from survey_app.instrument.outline import Outline, Placed, choices
from survey_app.instrument.reach import Reach, reach
from survey_app.instrument.shape import Findings

_EQUALITY = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, Operator.ANSWERED})
_ORDER = frozenset({Operator.LT, Operator.LE, Operator.GT, Operator.GE})
_LISTS = frozenset({Operator.IN, Operator.NOT_IN})
OPERATORS: Mapping[AnswerType, frozenset[Operator]] = {
    AnswerType.SINGLE_CHOICE: _EQUALITY,
    AnswerType.YES_NO: _EQUALITY,
    AnswerType.SCALE: _EQUALITY | _ORDER,
    AnswerType.NUMBER: _EQUALITY | _ORDER,
    AnswerType.DATE: _EQUALITY | _ORDER,
    AnswerType.SHORT_TEXTS: frozenset({Operator.ANSWERED}),
    AnswerType.LONG_TEXT: frozenset({Operator.ANSWERED}),
}


def check_routing(outline: Outline, findings: Findings) -> None:
    """Adds the faults of follow-ups, of conditions, and of the paths that they leave open."""
    for position, question in enumerate(outline.questions):
        _check_follows(outline, position, question, findings)
        _check_condition(outline, position, question, findings)
    _check_reach(outline, findings)


def _check_follows(outline: Outline, position: int, question: Placed, findings: Findings) -> None:
    place, entry = question
    followed = entry.get("follows")
    if followed is None:
        if outline.is_field(place) or outline.unnumbered:
            return
        if entry and not any(findings.mentions(f"{place}.{key}") for key in ("number", "follows")):
            hint = "Dopisz „number:” albo „follows:” z identyfikatorem pytania, które to pytanie uzupełnia."
            findings.add("number.missing", place, "Pytanie nie ma numeru i niczego nie uzupełnia.", hint)
        return
    if "number" in entry:
        message = "Pytanie uzupełniające ma własny numer."
        findings.add("follows.numbered", f"{place}.number", message, "Usuń „number:” albo „follows:”.")
    _check_earlier(outline, position, followed, f"{place}.follows", "follows", findings)


def _check_earlier(
    outline: Outline, position: int, question_id: str, where: str, code: str, findings: Findings
) -> bool:
    """Whether the question named at `where` exists and comes before `position`."""
    named = outline.first_position.get(question_id)
    if named is None:
        hint = "Sprawdź identyfikator; musi to być pytanie, które stoi wcześniej."
        findings.add(f"{code}.missing", where, f"Nie ma pytania „{question_id}”.", hint)
        return False
    if named >= position:
        message = f"Pytanie „{question_id}” nie stoi wcześniej."
        findings.add(f"{code}.later", where, message, "Można wskazać tylko pytanie, które stoi wcześniej.")
        return False
    return True


def _check_condition(outline: Outline, position: int, question: Placed, findings: Findings) -> None:
    if "ask_if" not in question.entry:
        return
    where, document = f"{question.place}.ask_if", question.entry["ask_if"]
    keys = ("question", "op", "value", "all", "any")
    said = {key for key in keys if findings.mentions(f"{where}.{key}")}
    if said not in ({"question", "op"}, {"question", "op", "value"}, {"all"}, {"any"}):
        hint = "Podaj albo question, op i value, albo samą listę „all:”, albo samą listę „any:”."
        findings.add("condition.form", where, "Nie wiadomo, co ten warunek porównuje.", hint)
        return
    for mode in ("all", "any"):
        for i, part in enumerate(document.get(mode, ())):
            _check_comparison(outline, position, Placed(f"{where}.{mode}[{i}]", part), findings)
    if "question" in document:
        _check_comparison(outline, position, Placed(where, document), findings)


def _check_comparison(outline: Outline, position: int, comparison: Placed, findings: Findings) -> None:
    where, document = comparison
    if "question" not in document or "op" not in document:
        return
    if not _check_earlier(outline, position, document["question"], where, "condition", findings):
        return
    asked = outline.entry(document["question"]) or {}
    operator = Operator(document["op"])
    if "type" not in asked:
        return
    allowed = OPERATORS[AnswerType(asked["type"])]
    if operator not in allowed:
        message = (
            f"Porównanie „{operator.value}” nie pasuje do pytania „{document['question']}” ({asked['type']})."
        )
        hint = f"Możliwe: {', '.join(sorted(op.value for op in allowed))}."
        findings.add("condition.operator", f"{where}.op", message, hint)
        return
    _check_constants(asked, operator, Placed(where, document), findings)


def _check_constants(
    asked: Mapping[str, Any], operator: Operator, comparison: Placed, findings: Findings
) -> None:
    where, document = f"{comparison.place}.value", comparison.entry
    if operator is Operator.ANSWERED:
        if "value" in document:
            findings.add("condition.value_form", where, "„answered” niczego nie porównuje.", "Usuń „value:”.")
        return
    if "value" not in document:
        findings.add("condition.value_form", comparison.place, "Brakuje wartości.", "Dopisz „value:”.")
        return
    value = document["value"]
    if isinstance(value, list) is not (operator in _LISTS) or value == []:
        hint = "„in” i „not_in” porównują z niepustą listą, pozostałe z jedną wartością."
        findings.add("condition.value_form", where, "Wartość ma niewłaściwą postać.", hint)
        return
    for constant in value if isinstance(value, list) else [value]:
        expected = _expected(asked, constant)
        if constant is not None and expected:
            message = f"„{str(constant)[:60]}” nie może być odpowiedzią na pytanie „{document['question']}”."
            findings.add("condition.value", where, message, expected)


def _expected(asked: Mapping[str, Any], constant: object) -> str:
    """What a comparison with this question may name; empty when the constant is fine."""
    possible = choices(asked)
    if possible is not None:
        return "" if not possible or constant in possible else f"Możliwe: {', '.join(possible)}."
    if asked["type"] == AnswerType.DATE:
        return "" if _is_date(constant) else "Wpisz datę jako RRRR-MM-DD."
    if isinstance(constant, str):
        return "Wpisz liczbę."
    return _expected_number(asked, constant)


def _expected_number(asked: Mapping[str, Any], constant: Any) -> str:
    scale = asked.get("scale", {})
    low, high = scale.get("low", asked.get("minimum")), scale.get("high", asked.get("maximum"))
    if asked["type"] == AnswerType.SCALE and not isinstance(constant, int):
        return "Punkty skali to liczby całkowite."
    if (low is not None and constant < low) or (high is not None and constant > high):
        return f"Odpowiedź mieści się od {'…' if low is None else low} do {'…' if high is None else high}."
    return ""


def _is_date(constant: object) -> bool:
    try:
        return isinstance(constant, str) and dt.date.fromisoformat(constant).isoformat() == constant
    except ValueError:
        return False


def _check_reach(outline: Outline, findings: Findings) -> None:
    """Questions with a faulty condition count as always asked, so that one fault is told once."""
    steps = [_step(question.entry, sound=_is_sound(question, findings)) for question in outline.questions]
    if any(step is None for step in steps) or len(outline.first_position) != len(steps):
        return
    verdicts = reach([step for step in steps if step is not None])
    for (place, entry), step in zip(outline.questions, steps, strict=True):
        verdict = verdicts[step.id] if step is not None else Reach.YES
        where = f"{place}.ask_if" if "ask_if" in entry else place
        if verdict is Reach.NO:
            hint = "Warunki wykluczają się nawzajem; popraw ten warunek albo któryś z wcześniejszych."
            findings.add("route.unreachable", where, "Do tego pytania nie prowadzi żadna droga.", hint)
        if verdict is Reach.TOO_COMPLEX:
            hint = "Uprość warunki tego pytania albo tych, od których zależy."
            findings.add(
                "route.too_complex", where, "Nie da się sprawdzić, czy to pytanie jest osiągalne.", hint
            )


def _is_sound(question: Placed, findings: Findings) -> bool:
    """Whether nothing is wrong with what decides if the question is asked."""
    deciding = (f"{question.place}.ask_if", f"{question.place}.follows")
    return not any(fault.where.startswith(deciding) for fault in findings.faults)


def _step(entry: Mapping[str, Any], *, sound: bool) -> Question | None:
    """What the search for paths needs of a question; None when too little of it is left."""
    scale = entry.get("scale", {})
    has_points = {"low", "high"} <= set(scale)
    if "id" not in entry or "type" not in entry or choices(entry) == []:
        return None
    if entry["type"] == AnswerType.SCALE and not has_points:
        return None
    return Question(
        id=entry["id"],
        type=AnswerType(entry["type"]),
        text="",
        follows=entry.get("follows") if sound else None,
        ask_if=condition(entry["ask_if"]) if sound and "ask_if" in entry else None,
        options=tuple(Option(choice, "", 0) for choice in choices(entry) or ()),
        scale=Scale(scale["low"], scale["high"], {}) if has_points else None,
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        decimals=entry.get("decimals", 0),
    )
