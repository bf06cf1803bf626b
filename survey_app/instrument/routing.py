"""Which questions are on the path, given the answers: computed here, and nowhere else.

Routing is declared on the question that is asked (`ask_if`), never as a jump; the words on paper, the form
without scripts and the state "not asked" all follow from it (METHOD, "The ankieta").
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey_app import polish
from survey_app.instrument.model import AnswerType, Comparison, Condition, Instrument, Operator, Question
from survey_app.instrument.values import NO, NOT_ASKED, NOT_REACHED, UNANSWERED, YES, Answer, Value, answered

Given = Mapping[str, Value | None]  # question id -> what was typed; a question may be missing, None or empty
Truth = bool | None  # None: it cannot be told (yet)


class _Unknown:
    """Stands for an answer that nobody knows: of a question that was not reached."""


UNKNOWN: Final = _Unknown()
Lookup = Callable[[str], "Value | _Unknown | None"]


@dataclass(frozen=True, slots=True)
class Settled:
    """A complete record (every question, one of four states), and what was typed off the path.

    `off_path` names the questions whose typed value is not in the record: never stored, and never dropped
    in silence.
    """

    answers: dict[str, Answer]
    off_path: tuple[str, ...]


def is_given(value: Value | None) -> bool:
    """Whether something was answered: a blank text, no text at all and an empty choice are not an answer."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(text.strip() for text in value)
    if isinstance(value, dict):
        return bool(value.get("option"))
    return value is not None


def holds(condition: Condition, answers_on_path: Given) -> bool:
    """Whether a condition is met. A question without an answer meets no comparison, not even `ne`."""
    return truth(condition, answers_on_path.get) is True


def path(instrument: Instrument, answers: Given) -> tuple[str, ...]:
    """Ids of the questions on the path, in order. A condition sees only answers that are on the path."""
    on_path: dict[str, Value | None] = {}
    for question in instrument.questions:
        if asked(question, on_path.get, dict.fromkeys(on_path, True)) is True:
            value = answers.get(question.id)
            on_path[question.id] = value if is_given(value) else None
    return tuple(on_path)


def is_on_path(instrument: Instrument, question_id: str, answers: Given) -> bool:
    """KeyError if the instrument has no such question."""
    instrument.by_id[question_id]
    return question_id in path(instrument, answers)


def settle(instrument: Instrument, answers: Given, *, last_reached: str | None = None) -> Settled:
    """The record to keep for what was typed.

    `last_reached`: the last question that an unfinished interview or an incomplete sheet came to; whatever
    after it is empty, and would be or might have been asked, is "not reached". KeyError on an unknown id.
    """
    unknown = sorted(set(answers) - set(instrument.by_id))
    if unknown:
        raise KeyError(f"no such question in {instrument.key}: {', '.join(unknown)}")
    ended = _position(instrument, last_reached)
    record: dict[str, Answer] = {}
    due: dict[str, Truth] = {}
    off_path: list[str] = []
    for position, question in enumerate(instrument.questions):
        value = answers.get(question.id)
        is_asked = due[question.id] = asked(question, lambda earlier: _seen(record, earlier), due)
        record[question.id] = _answer(is_asked, value, past_end=position > ended)
        if is_asked is not True and is_given(value):
            off_path.append(question.id)
    return Settled(record, tuple(off_path))


def _position(instrument: Instrument, question_id: str | None) -> int:
    ids = [question.id for question in instrument.questions]
    if question_id is None:
        return len(ids)
    if question_id not in instrument.by_id:
        raise KeyError(question_id)
    return ids.index(question_id)


def _answer(is_asked: Truth, value: Value | None, *, past_end: bool) -> Answer:
    if is_asked is True and value is not None and is_given(value):
        return answered(value)
    if is_asked is False:
        return NOT_ASKED
    return NOT_REACHED if past_end else UNANSWERED


def _seen(record: Mapping[str, Answer], question_id: str) -> Value | _Unknown | None:
    answer = record.get(question_id)
    if answer is None or answer == NOT_REACHED:
        return UNKNOWN
    return answer.value


def asked(question: Question, lookup: Lookup, due: Mapping[str, Truth]) -> Truth:
    """Whether a question is asked. One that follows another is asked only where that one is.

    `due`: what is known of the earlier questions; one that is missing is not asked.
    """
    above = True if question.follows is None else due.get(question.follows, False)
    own = True if question.ask_if is None else truth(question.ask_if, lookup)
    if above is False or own is False:
        return False
    return True if above is True and own is True else None


def truth(condition: Condition, lookup: Lookup) -> Truth:
    """Whether a condition is met: True, False, or None where unknown answers leave it open."""
    parts = [compare(comparison, lookup(comparison.question)) for comparison in condition.comparisons]
    decisive = condition.mode == "any"
    if any(part is decisive for part in parts):
        return decisive
    return None if None in parts else not decisive


def compare(comparison: Comparison, value: Value | _Unknown | None) -> Truth:
    """One comparison; None where the answer is unknown."""
    if isinstance(value, _Unknown):
        return None
    if value is None or not is_given(value):
        return False
    if comparison.op is Operator.ANSWERED:
        return True
    return _OPERATIONS[comparison.op](_comparable(value), comparison.value)


def _comparable(value: Value) -> object:
    """The option of a choice; else the value itself. Dates are ISO texts: their order is the texts' order."""
    return value["option"] if isinstance(value, dict) else value


@functools.lru_cache(maxsize=64)
def written_routing(instrument: Instrument) -> Mapping[str, str]:
    """For each question that is not always asked: when to answer it, as read on paper and without scripts."""
    written = {}
    for question in instrument.questions:
        conditions = _effective_conditions(instrument, question)
        if conditions:
            told = " oraz ".join(_told(instrument, condition) for condition in conditions)
            written[question.id] = f"Odpowiedz tylko, jeśli {told}."
    return written


def _effective_conditions(instrument: Instrument, question: Question) -> list[Condition]:
    """The question's own condition; without one, that of the question it follows."""
    if question.ask_if is not None:
        return [question.ask_if]
    followed = instrument.by_id.get(question.follows or "")
    return _effective_conditions(instrument, followed) if followed else []


def _told(instrument: Instrument, condition: Condition) -> str:
    joint = " i " if condition.mode == "all" else " lub "
    return joint.join(_comparison_told(instrument, part) for part in condition.comparisons)


def _comparison_told(instrument: Instrument, comparison: Comparison) -> str:
    question = instrument.by_id[comparison.question]
    if comparison.op is Operator.ANSWERED:
        return f"na {question_name(question)} udzielono odpowiedzi"
    constants = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
    names = [value_name(question, constant) for constant in constants if constant is not None]
    return f"w {_locative(question)} {_verb(question, comparison.op)} {_listed(names, comparison.op)}"


def _verb(question: Question, op: Operator) -> str:
    if question.type in (AnswerType.NUMBER, AnswerType.SCALE):
        return _NUMBER_VERBS[op]
    return _DATE_VERBS[op] if question.type is AnswerType.DATE else _CHOICE_VERBS[op]


def _listed(names: Sequence[str], op: Operator) -> str:
    joint = " ani " if op in (Operator.NE, Operator.NOT_IN) else " albo "
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}{joint}{names[-1]}"


def question_name(question: Question) -> str:
    """ "pytanie 2", or a follow-up by its own words."""
    return f"pytanie {question.number}" if question.number else f"pytanie „{question.text}”"


def _locative(question: Question) -> str:
    return "pytaniu" + question_name(question).removeprefix("pytanie")


def value_name(question: Question, constant: str | int | float) -> str:
    """How a value is called in a sentence: TAK, „Administracja”, 5, 1.02.2026."""
    if question.type is AnswerType.YES_NO:
        return str(constant).upper()
    if question.type is AnswerType.SINGLE_CHOICE:
        return f"„{question.option(str(constant)).label}”"
    if question.type is AnswerType.DATE:
        return polish.date_short(dt.date.fromisoformat(str(constant)))
    return str(constant).replace(".", ",")


def jump_hint(instrument: Instrument, question_id: str) -> str | None:
    """For paper, after a question: "Jeśli NIE, przejdź do pytania 5."

    None where no numbered question is passed over. Derived from the conditions: a question is passed over
    when no answers to the others could bring it on the path.
    KeyError if the instrument has no such question.
    """
    question = instrument.by_id[question_id]
    targets: dict[str, list[str]] = {}
    for value, name in _choices(question):
        target = _jump_target(instrument, question, value)
        if target is not None:
            targets.setdefault(target, []).append(name)
    hints = [f"Jeśli {_listed(names, Operator.IN)}, {target}." for target, names in targets.items()]
    return " ".join(hints) or None


def _choices(question: Question) -> list[tuple[Value, str]]:
    """What can be ticked in a question, and how that is called."""
    if question.type is AnswerType.YES_NO:
        return [(value, value.upper()) for value in (YES, NO)]
    if question.type is AnswerType.SINGLE_CHOICE:
        return [({"option": option.id}, value_name(question, option.id)) for option in question.options]
    if question.scale is not None:
        return [(point, str(point)) for point in range(question.scale.low, question.scale.high + 1)]
    return []


def _jump_target(instrument: Instrument, question: Question, value: Value) -> str | None:
    """ "przejdź do pytania 5" when the answer passes over a numbered question; None when it does not."""
    known: dict[str, Value | _Unknown | None] = {}
    due: dict[str, Truth] = {}
    passed_numbered = after = False
    for other in instrument.questions:
        is_asked = True if other is question else asked(other, lambda key: known.get(key, UNKNOWN), due)
        known[other.id] = value if other is question else (None if is_asked is False else UNKNOWN)
        due[other.id] = is_asked
        if after and is_asked is not False:
            return f"przejdź do {_genitive(other)}" if passed_numbered else None
        passed_numbered = passed_numbered or (after and other.number is not None)
        after = after or other is question
    return "to już koniec pytań" if passed_numbered else None


def _genitive(question: Question) -> str:
    return "pytania" + question_name(question).removeprefix("pytanie")


_CHOICE_VERBS: Final[Mapping[Operator, str]] = {
    Operator.EQ: "zaznaczono",
    Operator.IN: "zaznaczono",
    Operator.NE: "zaznaczono inną odpowiedź niż",
    Operator.NOT_IN: "zaznaczono inną odpowiedź niż",
}
_NUMBER_VERBS: Final[Mapping[Operator, str]] = {
    Operator.EQ: "podano",
    Operator.IN: "podano",
    Operator.NE: "podano liczbę inną niż",
    Operator.NOT_IN: "podano liczbę inną niż",
    Operator.LT: "podano mniej niż",
    Operator.LE: "podano najwyżej",
    Operator.GT: "podano więcej niż",
    Operator.GE: "podano co najmniej",
}
_DATE_VERBS: Final[Mapping[Operator, str]] = {
    Operator.EQ: "podano datę",
    Operator.IN: "podano datę",
    Operator.NE: "podano datę inną niż",
    Operator.NOT_IN: "podano datę inną niż",
    Operator.LT: "podano datę wcześniejszą niż",
    Operator.LE: "podano datę nie późniejszą niż",
    Operator.GT: "podano datę późniejszą niż",
    Operator.GE: "podano datę nie wcześniejszą niż",
}


_OPERATIONS: Final[Mapping[Operator, Callable[..., bool]]] = {
    Operator.EQ: lambda value, constant: value == constant,
    Operator.NE: lambda value, constant: value != constant,
    Operator.IN: lambda value, constants: value in constants,
    Operator.NOT_IN: lambda value, constants: value not in constants,
    Operator.LT: lambda value, constant: value < constant,
    Operator.LE: lambda value, constant: value <= constant,
    Operator.GT: lambda value, constant: value > constant,
    Operator.GE: lambda value, constant: value >= constant,
}
