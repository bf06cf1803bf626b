"""Answers: the four states of METHOD, "The ankieta", kept apart in store, export and report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What became of a question for one respondent."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    NOT_ASKED = "not_asked"
    NOT_REACHED = "not_reached"


# In a locked anonymous campaign the texts lie apart from the answers; each is replaced by this mark, so that
# the number of filled boxes stays known.
TEXT_KEPT_APART = "[tekst przechowywany osobno]"

# What an answered question holds, by answer type (see model.AnswerType):
#   single_choice  {"option": "<option id>"} or {"option": ..., "text": "..."}
#   yes_no         "tak" | "nie"
#   short_texts    ["...", ...]     non-empty texts only, 1 to max_items
#   long_text      "..."
#   number         int | float
#   scale          int
#   date           "YYYY-MM-DD"
Value = str | int | float | list[str] | dict[str, str]

YES = "tak"
NO = "nie"
YES_NO_WORDS = {YES: "TAK", NO: "NIE"}  # as paper, pages and files write them


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's state, and its value when (and only when) it was answered."""

    state: State
    value: Value | None = None

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.state is State.ANSWERED):
            raise ValueError("an answer has a value exactly when its state is 'answered'")

    def to_json(self) -> dict[str, Any]:
        """`{"state": "answered", "value": ...}`, or the state alone."""
        if self.state is State.ANSWERED:
            return {"state": self.state.value, "value": self.value}
        return {"state": self.state.value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Answer:
        state, value = document["state"], document.get("value")
        shared = _SHARED.get((state, value)) if value is None or isinstance(value, str) else None
        return shared or cls(State(state), value)


# Most of what is stored: made once, for a thousand answers are eighteen thousand of these.
_SHARED: Mapping[tuple[str, str | None], Answer] = {
    (one.state.value, one.value if isinstance(one.value, str) else None): one
    for one in (
        *(Answer(state) for state in State if state is not State.ANSWERED),
        *(Answer(State.ANSWERED, value) for value in (YES, NO)),
    )
}


def answered(value: Value) -> Answer:
    """Shorthand for an answer that was given."""
    return Answer(State.ANSWERED, value)


UNANSWERED = Answer(State.UNANSWERED)
NOT_ASKED = Answer(State.NOT_ASKED)
NOT_REACHED = Answer(State.NOT_REACHED)

# Question id -> answer; a complete record has every question of the instrument.
Answers = Mapping[str, Answer]


def answers_to_json(answers: Answers) -> dict[str, dict[str, Any]]:
    return {question_id: answer.to_json() for question_id, answer in answers.items()}


def answers_from_json(document: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    return {question_id: Answer.from_json(entry) for question_id, entry in document.items()}


def choice_of(value: Value | None) -> str | None:
    """What a condition or a count looks at: the option of a choice, else the value itself as text."""
    if value is None:
        return None
    if isinstance(value, dict):
        return value["option"]
    return str(value)
