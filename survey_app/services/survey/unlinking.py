"""What a locked campaign keeps of an answer, and how it is read again.

METHOD, "Who uses it": nobody must be able to tell who answered what from anything that is kept once a
campaign is locked, the administrator included. So an anonymous answer keeps, instead of the type of its
institution, the released group (there may be only one parish in a gmina); it keeps no text, and no sign of
whether a text was written that could name its institution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey_app.analysis.groups import Groups
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.values import (
    NOT_REACHED,
    TEXT_KEPT_APART,
    Answer,
    Answers,
    State,
    Value,
    answered,
    answers_from_json,
    choice_of,
)

WAITING, WITHHELD = "waiting", "withheld"
GROUP = "group"


def stored_record(instrument: Instrument, answers: Answers, groups: Groups) -> dict[str, Any]:
    """The JSON document of an anonymous answer: closed answers, the released group, counts of texts."""
    grouping = _grouping(instrument)
    document: dict[str, Any] = {}
    for question in instrument.questions:
        answer = answers[question.id]
        if question.id == grouping:
            group = groups.group_of(choice_of(answer.value))
            document[question.id] = {"state": State.ANSWERED.value, GROUP: group.id}
        elif not question.identifying:
            document[question.id] = _without_texts(question, answer).to_json()
    return document


def read_record(instrument: Instrument, document: Mapping[str, Any], groups: Groups) -> dict[str, Answer]:
    """A stored anonymous answer for the analysis. Question 1 holds a type of the released group, which the
    disclosure module turns back into that group; identifying texts count as not reached, for all alike.
    """
    grouping = _grouping(instrument)
    stored = {key: entry for key, entry in document.items() if key != grouping}
    record = answers_from_json(stored)
    if grouping is not None:
        record[grouping] = _any_of_group(document[grouping][GROUP], groups)
    return {question.id: record.get(question.id, NOT_REACHED) for question in instrument.questions}


def texts_apart(
    instrument: Instrument, answers: Answers, *, anonymous: bool
) -> Iterator[tuple[str, str, str]]:
    """(question id, text, state) of every text in an answer. Texts that can name the institution are never
    shown in an anonymous campaign (METHOD, "The ankieta"): they start as withheld.
    """
    for question in instrument.questions:
        state = WITHHELD if anonymous and names_institution(question) else WAITING
        for text in _texts(question, answers[question.id].value):
            yield question.id, text, state


def names_institution(question: Question) -> bool:
    """Free text that can name the respondent's institution, or belongs to the option that says what it is."""
    return question.identifying or question.type is AnswerType.SINGLE_CHOICE


def _texts(question: Question, value: Value | None) -> list[str]:
    if question.type is AnswerType.SHORT_TEXTS and isinstance(value, list):
        return value
    if question.type is AnswerType.LONG_TEXT and isinstance(value, str):
        return [value]
    if isinstance(value, dict) and value.get("text"):
        return [value["text"]]
    return []


def _without_texts(question: Question, answer: Answer) -> Answer:
    """METHOD: free text is never shown beside answers. How many boxes were filled stays known."""
    value = answer.value
    if isinstance(value, list):
        return answered([TEXT_KEPT_APART for _ in value])
    if isinstance(value, dict):
        return answered({"option": value["option"]})
    if question.type is AnswerType.LONG_TEXT and value is not None:
        return answered(TEXT_KEPT_APART)
    return answer


def _any_of_group(group_id: str, groups: Groups) -> Answer:
    group = next(one for one in groups.items if one.id == group_id)
    return answered({"option": group.options[0]})


def _grouping(instrument: Instrument) -> str | None:
    table = instrument.definitions.sectors
    return table.question if table else None
