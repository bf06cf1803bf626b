"""Whether a question can be reached at all, at the edges where guessing goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from survey_app.errors import InvalidInputError
from survey_app.instrument.loader import instrument_from_document
from survey_app.instrument.model import AnswerType, Comparison, Condition, Operator, Question
from survey_app.instrument.reach import Reach, reach
from survey_app.instrument.routing import holds


def verdict(asked: Question, *comparisons: tuple[str, Any], mode: str = "all") -> Reach:
    """Can a question with these comparisons on `asked` be reached?"""
    parts = tuple(Comparison(asked.id, Operator(op), value) for op, value in comparisons)
    last = Question("last", AnswerType.LONG_TEXT, "", ask_if=Condition(mode, parts))
    return reach([asked, last])["last"]


def number(minimum: float | None = None, maximum: float | None = None, decimals: int = 0) -> Question:
    return Question("n", AnswerType.NUMBER, "", minimum=minimum, maximum=maximum, decimals=decimals)


DATE = Question("d", AnswerType.DATE, "")


@pytest.mark.parametrize(
    ("asked", "comparisons", "expected"),
    [
        (number(), [("gt", 3), ("lt", 5)], Reach.YES),  # 4
        (number(), [("gt", 3), ("lt", 4)], Reach.NO),
        (number(decimals=1), [("gt", 3), ("lt", 4)], Reach.YES),  # 3,1
        (number(), [("ge", 3), ("le", 3)], Reach.YES),
        (number(), [("ge", 3), ("le", 3), ("ne", 3)], Reach.NO),
        (number(maximum=10), [("gt", 10)], Reach.NO),
        (number(maximum=10), [("ge", 10)], Reach.YES),
        (number(minimum=0), [("lt", 0)], Reach.NO),
        (number(minimum=0), [("le", 0)], Reach.YES),
        (number(), [("eq", 2.5)], Reach.NO),  # cannot be typed in without decimals
        (number(decimals=1), [("eq", 2.5)], Reach.YES),
        (number(), [("gt", 2.5), ("lt", 3.5)], Reach.YES),  # 3
        (number(), [("in", (1, 2)), ("not_in", (2, 1))], Reach.NO),
        (number(), [("not_in", (1, 2))], Reach.YES),
        (number(), [("answered", None)], Reach.YES),
        (DATE, [("gt", "2024-02-28"), ("lt", "2024-03-01")], Reach.YES),  # 29 February
        (DATE, [("gt", "2026-02-28"), ("lt", "2026-03-01")], Reach.NO),
        (DATE, [("gt", "9999-12-31")], Reach.NO),
        (DATE, [("ge", "9999-12-31")], Reach.YES),
    ],
)
def test_numbers_and_dates_are_tried_at_their_boundaries(
    asked: Question, comparisons: list[tuple[str, Any]], expected: Reach
) -> None:
    assert verdict(asked, *comparisons) is expected


def test_either_of_two_ways_is_enough_where_any_is_said() -> None:
    assert verdict(number(), ("lt", 0), ("gt", 0), mode="any") is Reach.YES
    assert verdict(number(), ("lt", 0), ("gt", 0), mode="all") is Reach.NO


@pytest.mark.parametrize(
    ("op", "constant", "met", "unmet"),
    [
        ("eq", 3, [3, 3.0], [2, 4]),
        ("ne", 3, [2, 4], [3]),
        ("lt", 3, [2], [3, 4]),
        ("le", 3, [2, 3], [4]),
        ("gt", 3, [4], [2, 3]),
        ("ge", 3, [3, 4], [2]),
        ("in", (1, 3), [1, 3], [2]),
        ("not_in", (1, 3), [2], [1, 3]),
        ("answered", None, [0, 5], []),
    ],
)
def test_each_operator_at_its_boundary(op: str, constant: Any, met: list[int], unmet: list[int]) -> None:
    condition = Condition("all", (Comparison("n", Operator(op), constant),))
    assert all(holds(condition, {"n": value}) for value in met)
    assert not any(holds(condition, {"n": value}) for value in [*unmet, None])


def test_a_follow_up_of_a_skipped_question_may_be_skipped_and_so_is_no_part_of_readiness() -> None:
    questions = [
        {"id": "q1", "number": "1", "type": "yes_no", "text": "Pierwsze"},
        {
            "id": "q2",
            "number": "2",
            "type": "yes_no",
            "text": "Drugie",
            "ask_if": {"question": "q1", "op": "eq", "value": "tak"},
        },
        {"id": "q3", "follows": "q2", "type": "yes_no", "text": "Trzecie"},
    ]
    item = {"question": "q3", "label": "Trzecie", "positive": "tak", "argument": "Warto."}
    document = {
        "key": "mala",
        "kind": "questionnaire",
        "title": "Mała",
        "source": {"document": "000", "title": "Mała"},
        "texts": {"promise_anonymous": "a", "promise_named": "b", "introduction": "c"},
        "sections": [{"id": "s1", "questions": questions}],
        "definitions": {"readiness": {"description": "x", "minimum_answers": 5, "items": [item]}},
    }
    with pytest.raises(InvalidInputError) as refused:
        instrument_from_document(document)
    assert [fault.code for fault in refused.value.faults] == ["readiness.skippable"]
