"""What a stakeholder's points come to, worked out by hand."""

from __future__ import annotations

import pytest

from survey_app.analysis.coding.ratings import lower_median, summarise


@pytest.mark.parametrize(
    ("points", "median"),
    [([], None), ([3], 3), ([3, 1], 1), ([2, 3, 3], 3), ([3, 2, 2, 3], 2), ([1, 1, 3, 3, 3], 3)],
)
def test_the_lower_median_is_a_point_that_was_given(points: list[int], median: int | None) -> None:
    assert lower_median(points) == median


def test_nie_wiem_is_counted_and_left_out_of_the_median() -> None:
    summary = summarise("wplyw", [3, 1, 3], dont_know=2)
    assert (summary.points, summary.dont_know, summary.median) == ((1, 3, 3), 2, 3)
    assert (summary.low, summary.high, summary.spread, summary.differ) == (1, 3, 2, True)
    assert summary.counts == {1: 1, 3: 2}


def test_nobody_gave_a_point() -> None:
    summary = summarise("wplyw", [], dont_know=4)
    assert (summary.median, summary.low, summary.high, summary.farthest) == (None, None, None, None)
    assert (summary.spread, summary.differ) == (0, False)


@pytest.mark.parametrize(
    ("points", "farthest"),
    [
        ([1, 3, 3], 1),
        ([1, 1, 3], 3),
        ([2, 2, 2, 2, 1], 1),
        ([1, 2, 3], None),  # both ends are as far
        ([1, 1, 3, 3], None),
        ([1, 1, 3, 3, 3], None),  # two of them differ, neither alone
        ([2, 2, 2], None),
        ([1, 3], None),  # each is as far from the other
        ([1], None),
    ],
)
def test_one_point_stands_out_or_none_does(points: list[int], farthest: int | None) -> None:
    assert summarise("wplyw", points, 0).farthest == farthest
