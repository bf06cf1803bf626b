"""Can a question ever be asked? Solved, not guessed: every combination of earlier answers that matters.

For one question only the questions it depends on matter, and of their answers only what its conditions can
tell apart: options of a choice, points of a scale, boundary values of numbers and dates, a text or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum
from typing import Final

from survey_app.instrument.model import AnswerType, Comparison, Question
from survey_app.instrument.routing import asked, compare
from survey_app.instrument.values import NO, YES, Value

MAX_STATES = 20_000
_NO_ANSWER: Final = -1
State = frozenset[
    tuple[str, int]
]  # (question on the path, which of its telling answers); off the path: absent


class Reach(Enum):
    """The verdict on a question."""

    YES = "yes"
    NO = "no"
    TOO_COMPLEX = "too complex"


def reach(questions: Sequence[Question]) -> dict[str, Reach]:
    """For each question, whether some answers lead to it. Conditions may look at earlier questions only."""
    return {question.id: _reach(question, questions) for question in questions}


def _reach(target: Question, questions: Sequence[Question]) -> Reach:
    """A search in depth, most promising answers first; states that differ in nothing that matters are met once."""
    sequence = _relevant(target, questions)
    answers = {question.id: _telling_answers(question, sequence) for question in sequence}
    needed = _needed_later(sequence)
    start: State = frozenset()
    waiting, met = [(0, start)], {(0, start)}
    while waiting:
        position, state = waiting.pop()
        question = sequence[position]
        if question is target:
            if _is_asked(target, state, answers):
                return Reach.YES
            continue
        for after in _steps(state, question, answers):
            entry = (position + 1, frozenset(known for known in after if known[0] in needed[position]))
            if entry not in met:
                met.add(entry)
                waiting.append(entry)
        if len(met) > MAX_STATES:
            return Reach.TOO_COMPLEX
    return Reach.NO


def _needed_later(sequence: Sequence[Question]) -> list[set[str]]:
    """For each position, the questions that decide about any that comes after it."""
    needed: list[set[str]] = []
    later: set[str] = set()
    for question in reversed(sequence):
        needed.append(set(later))
        later |= _needs(question)
    return needed[::-1]


def _needs(question: Question) -> set[str]:
    """The ids that decide directly whether a question is asked."""
    needed = {comparison.question for comparison in _comparisons(question)}
    return needed | ({question.follows} if question.follows else set())


def _comparisons(question: Question) -> tuple[Comparison, ...]:
    return question.ask_if.comparisons if question.ask_if else ()


def _relevant(target: Question, questions: Sequence[Question]) -> list[Question]:
    """The target and whatever it depends on, directly or not, in order."""
    needed = {target.id}
    earlier = questions[: next(i for i, question in enumerate(questions) if question is target) + 1]
    for question in reversed(earlier):
        if question.id in needed:
            needed |= _needs(question)
    return [question for question in earlier if question.id in needed]


def _steps(before: State, question: Question, answers: Mapping[str, Sequence[Value]]) -> Iterable[State]:
    if not _is_asked(question, before, answers):
        return [before]
    return [before | {(question.id, which)} for which in range(_NO_ANSWER, len(answers[question.id]))]


def _is_asked(question: Question, state: State, answers: Mapping[str, Sequence[Value]]) -> bool:
    on_path = {key: answers[key][which] if which != _NO_ANSWER else None for key, which in state}
    return asked(question, on_path.get, dict.fromkeys(on_path, True)) is True


def _telling_answers(question: Question, sequence: Sequence[Question]) -> list[Value]:
    """One answer for each way in which the comparisons with this question can come out, those that meet most last.

    An answer that meets none of them is left out: giving no answer comes to the same.
    """
    comparisons = [c for other in sequence for c in _comparisons(other) if c.question == question.id]
    telling: dict[tuple[bool, ...], Value] = {}
    for value in _candidates(question, comparisons):
        telling.setdefault(tuple(compare(c, value) is True for c in comparisons), value)
    return [telling[met] for met in sorted(telling, key=sum) if any(met)]


def _candidates(question: Question, comparisons: Sequence[Comparison]) -> list[Value]:
    if question.type is AnswerType.YES_NO:
        return [YES, NO]
    if question.type is AnswerType.SINGLE_CHOICE:
        return [{"option": option.id} for option in question.options]
    if question.type is AnswerType.SCALE:
        return list(range(question.scale.low, question.scale.high + 1)) if question.scale else []
    constants = _constants(comparisons)
    if question.type is AnswerType.NUMBER:
        return _numbers(question, constants)
    if question.type is AnswerType.DATE:
        return _dates(constants)
    return ["x"] if question.type is AnswerType.LONG_TEXT else [["x"]]


def _constants(comparisons: Sequence[Comparison]) -> list[str | int | float]:
    found: list[str | int | float] = []
    for comparison in comparisons:
        value = comparison.value
        found.extend(value if isinstance(value, tuple) else [] if value is None else [value])
    return found


def _numbers(question: Question, constants: Sequence[str | int | float]) -> list[Value]:
    """Each constant, its neighbours, and the ends of the range: as far as they can be typed in at all."""
    unit = Decimal(1).scaleb(-question.decimals)
    low = None if question.minimum is None else Decimal(str(question.minimum))
    high = None if question.maximum is None else Decimal(str(question.maximum))
    near = [Decimal(str(constant)) / unit for constant in constants] + [
        end / unit for end in (low, high) if end is not None
    ]
    whole = {
        point.to_integral_value(rounding) + step
        for point in near or [Decimal(0)]
        for rounding in (ROUND_FLOOR, ROUND_CEILING)
        for step in (-1, 0, 1)
    }
    points = sorted(point * unit for point in whole)
    return [
        float(point) if question.decimals else int(point)
        for point in points
        if (low is None or point >= low) and (high is None or point <= high)
    ]


def _dates(constants: Sequence[str | int | float]) -> list[Value]:
    days = {dt.date.fromisoformat(str(constant)).toordinal() for constant in constants} or {
        dt.date.max.toordinal()
    }
    near = {day + step for day in days for step in (-1, 0, 1)}
    return [
        dt.date.fromordinal(day).isoformat() for day in sorted(near) if 1 <= day <= dt.date.max.toordinal()
    ]
