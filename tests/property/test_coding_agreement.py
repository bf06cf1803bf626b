"""Alpha against a slow reading of its definition, in fractions, and what must not change it."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from random import Random

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.analysis.coding.agreement import Metric, agreement, krippendorff_alpha
from survey_app.analysis.coding.ratings import lower_median, summarise

METRICS = st.sampled_from(["nominal", "ordinal", "interval"])
POINT = st.sampled_from([None, 1, 2, 3, 5])
RATINGS = st.integers(1, 4).flatmap(
    lambda raters: st.lists(st.lists(POINT, min_size=raters, max_size=raters), min_size=1, max_size=7)
)


def slow_alpha(rows: list[list[int | None]], metric: str) -> Fraction | None:
    """1 - observed / expected disagreement, every pair of values by itself: no coincidence matrix."""
    units = [[point for point in row if point is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = [point for unit in units for point in unit]
    n = len(values)

    def difference(one: int, other: int) -> Fraction:
        if one == other or metric == "nominal":
            return Fraction(one != other)
        if metric == "interval":
            return Fraction(one - other) ** 2
        between = sum(min(one, other) < value < max(one, other) for value in values)
        return (between + Fraction(values.count(one) + values.count(other), 2)) ** 2

    observed = sum(
        (difference(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)), Fraction()
    )
    expected = sum((difference(a, b) for a, b in permutations(values, 2)), Fraction())
    return None if expected == 0 else 1 - (n - 1) * observed / expected


def frame(rows: list[list[int | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=float)


@given(RATINGS, METRICS)
def test_alpha_is_what_its_definition_says(rows: list[list[int | None]], metric: Metric) -> None:
    expected, found = slow_alpha(rows, metric), krippendorff_alpha(frame(rows), metric)
    assert (found is None) == (expected is None)
    if expected is not None:
        assert found is not None
        assert abs(found - float(expected)) < 1e-9


@settings(max_examples=60)
@given(RATINGS, st.randoms(use_true_random=False))
def test_the_same_ratings_in_another_order_give_the_same_interval(
    rows: list[list[int | None]], random: Random
) -> None:
    there = agreement("wplyw", frame(rows), draws=50, seed=9)
    raters = list(range(len(rows[0])))
    random.shuffle(raters)
    shuffled = [[row[rater] for rater in raters] for row in rows]
    random.shuffle(shuffled)
    assert agreement("wplyw", frame(shuffled), draws=50, seed=9) == there


@given(RATINGS)
def test_bounds_stand_in_order_and_nothing_is_infinite(rows: list[list[int | None]]) -> None:
    found = agreement("wplyw", frame(rows), draws=30, seed=2)
    numbers = [number for number in (found.low, found.alpha, found.high) if number is not None]
    assert all(np.isfinite(number) and number <= 1 for number in numbers)
    assert found.low is None or (found.high is not None and found.low <= found.high)
    assert (found.alpha is None) <= bool(found.undefined)


@given(st.lists(st.integers(1, 3), max_size=9))
def test_the_median_and_the_one_that_stands_out_were_given(points: list[int]) -> None:
    median = lower_median(points)
    assert (median is None) == (not points)
    assert median is None or median in points
    # At least half of all points are no higher, at least half no lower.
    if median is not None:
        assert 2 * sum(point <= median for point in points) >= len(points)
        assert 2 * sum(point >= median for point in points) >= len(points)
    farthest = summarise("wplyw", points, 0).farthest
    assert farthest is None or points.count(farthest) == 1
