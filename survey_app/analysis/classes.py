"""What is counted of an answer: its option, TAK or NIE, a point of a scale, or the class that a number falls into.

Classes follow from the definition alone, never from the answers: edges that moved with the data would tell of the
largest and the smallest of them.
"""

from __future__ import annotations

from survey_app import polish
from survey_app.analysis.released import Column
from survey_app.instrument.model import AnswerType, Question
from survey_app.instrument.values import YES_NO_WORDS, Answer, State, choice_of

# Of a date, and of a number without declared ends, only this much is counted.
GIVEN = Column("given", "podano")
MOST_CLASSES = 5
CLOSED_TYPES = frozenset({AnswerType.SINGLE_CHOICE, AnswerType.YES_NO, AnswerType.SCALE})
COUNTED_TYPES = CLOSED_TYPES | {AnswerType.NUMBER, AnswerType.DATE}


def columns_of(question: Question) -> tuple[Column, ...]:
    """The categories of a question, in order; filled boxes for free text."""
    if question.type is AnswerType.YES_NO:
        return tuple(Column(answer, word) for answer, word in YES_NO_WORDS.items())
    if question.type is AnswerType.SINGLE_CHOICE:
        return tuple(Column(option.id, option.label) for option in question.options)
    if question.type is AnswerType.SCALE and question.scale:
        points = range(question.scale.low, question.scale.high + 1)
        return tuple(Column(str(point), f"{point}: {question.scale.anchors[point]}") for point in points)
    if question.type is AnswerType.DATE:
        return (GIVEN,)
    if question.type is AnswerType.NUMBER:
        return _number_columns(question)
    boxes = range(question.max_items + 1)
    return tuple(Column(str(box), polish.counted(box, "wpis", "wpisy", "wpisów")) for box in boxes)


def category_of(question: Question, answer: Answer) -> str | None:
    """The id of the column that an answer counts in; None where it was not answered, and for free text."""
    if answer.state is not State.ANSWERED or question.type not in COUNTED_TYPES:
        return None
    if question.type is AnswerType.DATE:
        return GIVEN.id
    if question.type is not AnswerType.NUMBER:
        return choice_of(answer.value)
    place = _place(question, float(str(answer.value)))
    return GIVEN.id if place is None else str(place)


def _number_columns(question: Question) -> tuple[Column, ...]:
    """At most five classes, as even as can be, of the numbers that can be typed: "od 0 do 19", or "3" alone."""
    numbers = _typeable(question)
    if not numbers:
        return (GIVEN,)
    assert question.minimum is not None
    step, count = 10.0**-question.decimals, min(MOST_CLASSES, numbers)
    columns = []
    for at in range(count):
        first, last = at * numbers // count, (at + 1) * numbers // count - 1
        ends = [polish.decimal(question.minimum + step * end, question.decimals) for end in (first, last)]
        columns.append(Column(str(at), ends[0] if first == last else f"od {ends[0]} do {ends[1]}"))
    return tuple(columns)


def _place(question: Question, number: float) -> int | None:
    numbers = _typeable(question)
    if not numbers:
        return None
    assert question.minimum is not None
    position = round((number - question.minimum) * 10**question.decimals)
    count = min(MOST_CLASSES, numbers)
    return next(at for at in range(count) if position < (at + 1) * numbers // count)


def _typeable(question: Question) -> int:
    """How many different numbers can be typed; 0 without declared ends."""
    if question.minimum is None or question.maximum is None:
        return 0
    widths: float = (question.maximum - question.minimum) * 10.0**question.decimals
    return round(widths) + 1
