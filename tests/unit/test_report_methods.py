"""Medians with ranges, and the annex that says by which formula each number came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import TextTable
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.analysis.frequencies import median_and_range
from survey_app.analysis.pdf.fonts import printable
from tests.unit import example_diagnoza as example


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 3, 1), (1, 1, 2)),
        ((1, 0, 0, 1), (0, 0, 3)),  # two values: the lower one
        ((2, 1, 0), (0, 0, 1)),
        ((0, 0, 4), (2, 2, 2)),
        ((0, 0, 0), None),
        ((1, None, 2), None),
        ((), None),
    ],
)
def test_the_median_is_a_value_that_somebody_has(
    counts: Sequence[int | None], expected: tuple[int, int, int] | None
) -> None:
    assert median_and_range(counts) == expected


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_it_is_the_lower_median_of_the_values_themselves(values: list[int]) -> None:
    counts = [values.count(value) for value in range(7)]
    assert median_and_range(counts) == (median_low(values), min(values), max(values))


def annex(diagnoza: Diagnoza) -> dict[str, str]:
    chapter = next(one for one in compose(diagnoza).chapters if one.anchor == "aneks-definicje")
    table = chapter.blocks[0]
    assert isinstance(table, TextTable)
    assert all(source.strip() for _, _, source in table.rows)
    return {row[0]: row[1] for row in table.rows}


def test_the_rate_is_worked_out_with_the_reports_own_numbers() -> None:
    diagnoza = example.example_60()
    assert (
        f"W tym raporcie: {diagnoza.response.complete} / 74 = " in annex(diagnoza)["Odsetek odpowiedzi RR1"]
    )


def test_bounds_are_not_defined_where_the_report_has_none() -> None:
    closed, opened = (
        annex(example.example_60()),
        annex(example.build(example.made_up_records({"edukacja": 8}), None)),
    )
    assert "(TAK + N − n) / N" in closed["Granice odsetka"]
    assert "Granice odsetka" not in opened
    assert "nie podaje się go" in opened["Odsetek odpowiedzi RR1"]


def test_a_named_campaign_has_no_rule_of_protection() -> None:
    assert "Ochrona odpowiadających" in annex(example.example_60())
    named = example.build(example.made_up_records({"edukacja": 8}), 9, Edition.INTERNAL, anonymous=False)
    assert "Ochrona odpowiadających" not in annex(named)


def test_every_sign_of_the_formulas_can_be_printed() -> None:
    for words in annex(replace(example.example_60(), edition=Edition.INTERNAL)).values():
        assert printable(words) == words
