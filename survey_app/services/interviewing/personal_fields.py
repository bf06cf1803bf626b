"""What a person said of themselves, checked against the fields of the scenario: each may be left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.model import AnswerType, Instrument, Question


def checked_fields(scenario: Instrument, fields: Mapping[str, str]) -> dict[str, str]:
    """Tidied, "" for an answer taken away. InvalidInputError: all faults, each at its question's id."""
    questions = {question.id: question for question in scenario.respondent_fields}
    checked, faults = {}, []
    for key, value in fields.items():
        question = questions.get(key)
        if question is None:
            faults.append(Fault("field.unknown", key, "Scenariusz nie ma takiego pola o osobie."))
            continue
        checked[key] = text = " ".join(value.split())
        fault = _fault(question, text) if text else ""
        if fault:
            faults.append(Fault("field.wrong", key, f"{question.text}: {fault}"))
    if faults:
        raise InvalidInputError(
            "Nie zapisano, co osoba mówi o sobie. Prosimy poprawić wskazane pola.", faults
        )
    return checked


def field_words(scenario: Instrument, key: str, value: str) -> tuple[str, str]:
    """The question and the answer as they are shown."""
    question = scenario.by_id[key]
    label = next((one.label for one in question.options if one.id == value), value)
    return question.text, label


def _fault(question: Question, text: str) -> str:
    if question.options:
        return "" if text in {one.id for one in question.options} else "prosimy wybrać z listy."
    if question.type is AnswerType.NUMBER:
        return _number_fault(question, text)
    if len(text) > question.max_length:
        return f"najwyżej {question.max_length} znaków."
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        return "tekst zawiera znak sterujący. Prosimy go usunąć."
    return ""


def _number_fault(question: Question, text: str) -> str:
    low, high = int(question.minimum or 0), int(question.maximum or 999)
    if text.isascii() and text.isdecimal() and len(text) < 10 and low <= int(text) <= high:
        return ""
    return f"prosimy wpisać liczbę całkowitą od {low} do {high}."
