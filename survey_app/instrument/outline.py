"""A document's questions and sections with their places, as all checks look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from survey_app.instrument.model import FILLED_BY_TEAM, RESPONDENT, AnswerType, Kind
from survey_app.instrument.values import NO, YES


class Placed(NamedTuple):
    """A part of the document and where it stands, e.g. `sections[0].questions[3]`."""

    place: str
    entry: Mapping[str, Any]


@dataclass(frozen=True)
class Outline:
    """Sections and questions in the order of the file. Parts that were faulty may lack any key."""

    sections: tuple[Placed, ...]
    questions: tuple[Placed, ...]
    fields: str = ""  # the place of a scenario's section about the respondent
    unnumbered: bool = False  # a paper's or register's questions are fields: they need no numbers

    @cached_property
    def first_position(self) -> Mapping[str, int]:
        """Question id -> its (first) position."""
        positions: dict[str, int] = {}
        for position, (_, entry) in enumerate(self.questions):
            if "id" in entry:
                positions.setdefault(entry["id"], position)
        return positions

    def entry(self, question_id: object) -> Mapping[str, Any] | None:
        """The question with this id, if there is one."""
        position = self.first_position.get(question_id) if isinstance(question_id, str) else None
        return None if position is None else self.questions[position].entry

    def is_field(self, place: str) -> bool:
        """Whether the question at this place describes the respondent of an interview."""
        return bool(self.fields) and place.startswith(f"{self.fields}.")

    def may_be_skipped(self, question_id: str) -> bool:
        """Whether some answers leave the question out: it, or one that it follows, has a condition."""
        seen: set[str] = set()
        while question_id not in seen:
            seen.add(question_id)
            entry = self.entry(question_id) or {}
            if "ask_if" in entry:
                return True
            question_id = entry.get("follows", question_id)
        return False


def outline_of(document: Mapping[str, Any]) -> Outline:
    """The outline of a document, whole or partial."""
    sections = [Placed(f"sections[{i}]", entry) for i, entry in enumerate(document.get("sections", ()))]
    questions = [
        Placed(f"{place}.questions[{i}]", entry)
        for place, section in sections
        for i, entry in enumerate(section.get("questions", ()))
    ]
    is_scenario = document.get("kind") == Kind.INTERVIEW_SCENARIO
    fields = [place for place, section in sections if is_scenario and section.get("id") == RESPONDENT]
    unnumbered = document.get("kind") in FILLED_BY_TEAM
    return Outline(tuple(sections), tuple(questions), next(iter(fields), ""), unnumbered)


def choices(entry: Mapping[str, Any]) -> list[str] | None:
    """What can be chosen in a question of choices; None for other types."""
    if entry.get("type") == AnswerType.YES_NO:
        return [YES, NO]
    if entry.get("type") == AnswerType.SINGLE_CHOICE:
        return [option["id"] for option in entry.get("options", ()) if "id" in option]
    return None
