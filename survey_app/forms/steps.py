"""A page's steps: each numbered question with its follow-ups, and its routing as words and as a rule for scripts."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

from survey_app.forms.handlers import handler
from survey_app.forms.handlers.numbers import bounds_told
from survey_app.instrument.model import Comparison, Condition, Instrument, Question
from survey_app.instrument.routing import jump_hint, written_routing


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a page shows it.

    `when`: the routing written out; `jump`: what to pass over after an answer; `rule`: the condition as JSON;
    `bounds`: of a number, in words.
    """

    question: Question
    macro: str
    names: tuple[str, ...]
    when: str
    jump: str
    rule: str
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one screen shows. `opens_section`: title and introduction of the section that begins here."""

    asked: tuple[Asked, ...]
    opens_section: tuple[str, str] | None

    @property
    def id(self) -> str:
        return self.asked[0].question.id


@functools.lru_cache(maxsize=64)
def steps(instrument: Instrument) -> tuple[Step, ...]:
    """A follow-up shares the step of the question before it when both hang on the same one; else it is its own."""
    written = written_routing(instrument)
    groups: list[list[Asked]] = []
    openings: list[tuple[str, str] | None] = []
    for section in instrument.sections:
        opening: tuple[str, str] | None = (section.title, section.intro or "")
        for question in section.questions:
            asked = _asked(instrument, question, written.get(question.id, ""))
            if groups and not _opens(opening) and question.follows in _ids(groups[-1]):
                groups[-1].append(asked)
                continue
            groups.append([asked])
            openings.append(opening if _opens(opening) else None)
            opening = None
    return tuple(Step(tuple(group), opening) for group, opening in zip(groups, openings, strict=True))


def _opens(opening: tuple[str, str] | None) -> bool:
    return opening is not None and any(opening)


def _ids(group: list[Asked]) -> set[str]:
    return {asked.question.id for asked in group}


def _asked(instrument: Instrument, question: Question, when: str) -> Asked:
    answer = handler(question.type)
    return Asked(
        question=question,
        macro=answer.macro,
        names=answer.field_names(question),
        when=when,
        jump=jump_hint(instrument, question.id) or "",
        rule=condition_rule(question.ask_if) if question.ask_if else "",
        bounds=_bounds(question),
    )


def _bounds(question: Question) -> str:
    told = bounds_told(question)
    return f"{told.capitalize()}." if told else ""


def condition_rule(condition: Condition) -> str:
    """The condition for the page's script: {"mode": "all", "parts": [["p2", "eq", "tak"]]}."""
    document = {"mode": condition.mode, "parts": [_part(part) for part in condition.comparisons]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _part(comparison: Comparison) -> list[object]:
    value = comparison.value
    return [comparison.question, comparison.op.value, list(value) if isinstance(value, tuple) else value]
