"""What every answer type's handler has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from survey_app.errors import Fault
from survey_app.instrument.model import Question
from survey_app.instrument.values import Value

# Field name -> everything that was sent under it, in order.
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one question's fields hold: a valid value (None: left unanswered), or faults and no value."""

    value: Value | None = None
    faults: tuple[Fault, ...] = ()


class AnswerHandler(ABC):
    """One answer type. Ids of questions and options hold no dash, so names built with one never collide."""

    macro: ClassVar[str]  # in templates/forms/questions.html
    projection: ClassVar[tuple[str, ...]]  # which columns of the tidy frame a value fills

    def field_names(self, question: Question) -> tuple[str, ...]:
        """Every name that the question's controls send; the first is also the id of its first control."""
        return (question.id,)

    def parse(self, question: Question, form: Fields) -> Parsed:
        """The value, or what is wrong; a fault's place is the id of the control to go to."""
        faults = _repeated(question, self.field_names(question), form)
        return Parsed(faults=faults) if faults else self._read(question, form)

    @abstractmethod
    def _read(self, question: Question, form: Fields) -> Parsed:
        """As `parse`, of fields that came once at the most."""

    def fields(self, question: Question, value: Value) -> dict[str, list[str]]:
        """The fields that would send this value: the inverse of `parse`."""
        return {question.id: [str(value)]}

    def raw(self, question: Question, form: Fields) -> dict[str, str]:
        """What to show again, exactly as typed, by field name."""
        return {name: form[name][0] for name in self.field_names(question) if form.get(name)}

    def told(self, question: Question, raw: Mapping[str, str]) -> list[str]:
        """What was typed, in words that a person can read and copy."""
        return [raw[name] for name in self.field_names(question) if raw.get(name, "").strip()]


def single(form: Fields, name: str) -> str:
    """What was sent under a name; empty when nothing was."""
    sent = form.get(name)
    return sent[0] if sent else ""


def _repeated(question: Question, names: tuple[str, ...], form: Fields) -> tuple[Fault, ...]:
    """A fault for each field that came more than once: the service does not choose between two answers."""
    return tuple(
        Fault("field.repeated", name, f"{name_of(question)}: ta sama odpowiedź przyszła więcej niż raz.", ONE)
        for name in names
        if len(form.get(name, ())) > 1
    )


ONE = "Prosimy zostawić jedną."


def name_of(question: Question) -> str:
    """How a fault calls the question: "Pytanie 3", or a follow-up by its own words."""
    if question.number:
        return f"Pytanie {question.number}"
    return f"„{question.text.rstrip(' :')}”"
