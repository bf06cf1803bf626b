"""Krippendorff's alpha on question x theme: the paper's own example, a slow second version, and the edges."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pandas as pd
import pytest

from survey_app.analysis.coding.agreement import krippendorff_alpha
from survey_app.analysis.themes.agreement import (
    NO_INTERVAL,
    NO_PAIRS,
    NO_VARIATION,
    by_theme,
    differences,
    theme_agreement,
    theme_table,
)
from survey_app.analysis.themes.places import Place, Span, places


def a_table(columns: dict[int, list[float]]) -> pd.DataFrame:
    """Every unit in a place of its own, of one theme."""
    length = len(next(iter(columns.values())))
    index = pd.MultiIndex.from_tuples(
        [(1, f"p{number}", 1) for number in range(length)], names=["text", "place", "theme"]
    )
    return pd.DataFrame(columns, index=index, dtype=float)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def slow_alpha(rows: list[list[float | None]]) -> float:
    """Straight from the definition 1 - D_o / D_e over all pairs of values, without a coincidence matrix."""
    units = [[value for value in row if value is not None] for row in rows]
    units = [unit for unit in units if len(unit) >= 2]
    values = list(itertools.chain.from_iterable(units))
    n = len(values)
    observed = sum(
        sum(a != b for a, b in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    expected = sum(a != b for a, b in itertools.permutations(values, 2)) / (n - 1)
    return 1 - observed / expected


def test_binary_example_of_krippendorff_2011() -> None:
    """Section A of the paper: Meg and Owen, ten units, no value missing: 0.095."""
    found = theme_agreement(a_table({1: [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], 2: [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]}))
    assert found.alpha == pytest.approx(0.095, abs=0.0005)
    assert (found.units, found.places, found.both, found.one) == (10, 10, 1, 4)
    assert found.alpha is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.alpha <= found.high


@pytest.mark.parametrize("seed", range(12))
def test_equals_two_other_versions_where_values_are_missing(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        [None if chance.random() < 0.3 else float(chance.random() < 0.4) for _ in range(3)] for _ in range(30)
    ]
    table = a_table({at + 1: [_number(row[at]) for row in rows] for at in range(3)})
    alpha = theme_agreement(table).alpha
    assert alpha == pytest.approx(slow_alpha(rows), abs=1e-6)
    assert alpha == pytest.approx(krippendorff_alpha(table, "nominal"), abs=1e-6)
    assert alpha == pytest.approx(krippendorff_alpha(table, "ordinal"), abs=1e-6)


def test_interval_does_not_hang_on_the_order_of_rows_and_coders() -> None:
    table = a_table({1: [0, 1, 0, 1, 1, 0], 2: [0, 1, 1, 1, 0, 0], 3: [0, 1, 0, 1, 1, 1]})
    assert theme_agreement(table) == theme_agreement(table.iloc[::-1, ::-1])


def test_themes_of_one_place_are_drawn_together() -> None:
    """Two themes that always come as a pair say no more than one: the interval is as wide."""
    once = a_table({1: [0, 1, 0, 1, 1, 0, 0, 1], 2: [0, 1, 1, 1, 0, 0, 0, 1]})
    other = once.copy()
    other.index = pd.MultiIndex.from_tuples(
        [(text, place, 2) for text, place, _ in once.index], names=once.index.names
    )
    alone, twice = theme_agreement(once), theme_agreement(pd.concat([once, other]))
    assert twice.places == alone.places == 8
    assert twice.low == pytest.approx(alone.low, abs=0.06)
    assert twice.high == pytest.approx(alone.high, abs=0.06)


def test_undefined_is_said_in_words() -> None:
    assert theme_agreement(a_table({1: [1, 0], 2: [np.nan, np.nan]})).why == NO_PAIRS
    assert theme_agreement(a_table({1: [1, 1], 2: [1, 1]})).why == NO_VARIATION
    one_place = theme_agreement(
        pd.DataFrame(
            {1: [1.0, 0.0], 2: [1.0, 0.0]},
            index=pd.MultiIndex.from_tuples([(1, "p", 1), (1, "p", 2)], names=["text", "place", "theme"]),
        )
    )
    assert (one_place.alpha, one_place.low, one_place.why) == (1.0, None, NO_INTERVAL)


FIRST, SECOND = 11, 12


def a_text() -> tuple[int, list[Place], dict[int, list[Span]]]:
    """Two notes under one question, one under another, and one under none."""
    found = places([(0, 10, "p1"), (12, 20, "p1"), (22, 30, "p2"), (32, 40, "")])
    codings = {
        FIRST: [
            Span(1, 0, 5, frozenset({1})),
            Span(2, 22, 25, frozenset({2})),
            Span(3, 33, 34, frozenset({1})),
        ],
        SECOND: [Span(4, 13, 20, frozenset({1, 2}))],
    }
    return 7, found, codings


def values_of(table: pd.DataFrame, *unit: object) -> dict[int, float]:
    """Of those coders who coded the text."""
    row = next(row for key, row in table.iterrows() if key == unit)
    return {int(str(coder)): float(value) for coder, value in row.items() if not np.isnan(value)}


def test_a_theme_counts_once_for_a_question_wherever_in_it_it_was_given() -> None:
    table = theme_table([a_text()])
    assert values_of(table, 7, "p1", 1) == {FIRST: 1.0, SECOND: 1.0}
    assert values_of(table, 7, "p1", 2) == {FIRST: 0.0, SECOND: 1.0}
    assert values_of(table, 7, "p2", 2) == {FIRST: 1.0, SECOND: 0.0}
    assert values_of(table, 7, "@32", 1) == {FIRST: 1.0, SECOND: 0.0}
    assert len(table) == 6, "three places, two themes"


def test_differences_name_who_gave_and_who_did_not() -> None:
    found = differences(theme_table([a_text()]))
    assert (7, "p1", 2, frozenset({SECOND}), frozenset({FIRST})) in found
    assert (7, "p1", 1) not in [row[:3] for row in found]
    assert len(found) == 3


def test_a_text_of_one_coder_and_a_theme_that_nobody_gave_are_left_out() -> None:
    alone = (8, places([(0, 9, "p1")]), {FIRST: [Span(5, 0, 4, frozenset({3}))]})
    table = theme_table([a_text(), alone])
    assert set(table.index.get_level_values("theme")) == {1, 2}
    assert set(table.index.get_level_values("text")) == {7}
    assert theme_table([alone]).empty
    assert theme_agreement(theme_table([alone])).why == NO_PAIRS
    assert by_theme(theme_table([])) == {}


def test_a_coder_who_did_not_code_a_text_is_no_coder_who_gave_nothing() -> None:
    third = 13
    other = (9, places([(0, 9, "p1")]), {FIRST: [Span(6, 0, 4, frozenset({1}))], third: []})
    table = theme_table([a_text(), other])
    assert values_of(table, 9, "p1", 1) == {FIRST: 1.0, third: 0.0}
    assert by_theme(table)[1].units == 4
