"""Numbers and dates in the report: counted in classes that follow from the definition, never from the answers."""

from __future__ import annotations

from typing import Any

import pytest

from survey_app.analysis.classes import category_of, columns_of
from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.groups import form_groups, type_counts
from survey_app.instrument.model import AnswerType, Question
from survey_app.instrument.routing import settle
from survey_app.instrument.values import UNANSWERED, Value, answered
from tests.unit.test_instrument_routing import small

AGE = Question("q1", AnswerType.NUMBER, "Od ilu lat działa instytucja?", number="1", minimum=0, maximum=100)


def test_a_number_is_counted_in_five_classes() -> None:
    assert [column.label for column in columns_of(AGE)] == [
        "od 0 do 19",
        "od 20 do 39",
        "od 40 do 59",
        "od 60 do 79",
        "od 80 do 100",
    ]


@pytest.mark.parametrize(
    ("number", "place"), [(0, "0"), (19, "0"), (20, "1"), (59, "2"), (60, "3"), (99, "4"), (100, "4")]
)
def test_each_number_belongs_to_one_class(number: Value, place: str) -> None:
    assert category_of(AGE, answered(number)) == place


def test_a_short_range_has_a_class_per_number_and_nothing_twice() -> None:
    question = Question("q1", AnswerType.NUMBER, "Ile osób?", number="1", minimum=1, maximum=3)
    assert [column.label for column in columns_of(question)] == ["1", "2", "3"]
    assert [category_of(question, answered(number)) for number in (1, 2, 3)] == ["0", "1", "2"]


def test_a_number_with_decimals_falls_into_one_class_only() -> None:
    question = Question("q1", AnswerType.NUMBER, "Ile etatu?", number="1", minimum=0, maximum=1.5, decimals=1)
    assert [column.label for column in columns_of(question)][:2] == ["od 0,0 do 0,2", "od 0,3 do 0,5"]
    assert [category_of(question, answered(number)) for number in (0.2, 0.3, 1.5)] == ["0", "1", "4"]


@pytest.mark.parametrize("kind", [AnswerType.NUMBER, AnswerType.DATE])
def test_without_declared_ends_only_that_something_was_given_is_counted(kind: AnswerType) -> None:
    question = Question("q1", kind, "Od kiedy?", number="1")
    assert [column.label for column in columns_of(question)] == ["podano"]
    assert category_of(question, answered("2020-01-01" if kind is AnswerType.DATE else 7)) == "given"
    assert category_of(question, UNANSWERED) is None


def test_a_released_table_counts_a_number_and_hides_when_few_are_alike() -> None:
    instrument = small({"id": "q1", "type": "number", "minimum": 0, "maximum": 100})

    def counts(*numbers: Any) -> tuple[int | None, ...]:
        records = [settle(instrument, {"q1": number}).answers for number in numbers]
        groups = form_groups(instrument, type_counts(instrument, records), 3)
        return release(instrument, records, groups, None).questions["q1"].rows[0].counts

    assert counts(1, 5, 30, 70, 100) == (2, 1, 0, 1, 1)
    assert counts(1, 2, 3) == (None,) * 5
