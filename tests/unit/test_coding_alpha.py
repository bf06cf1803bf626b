"""Krippendorff's alpha against published worked examples: "Computing Krippendorff's Alpha-Reliability" (2011).

Its sections: A two observers, binary; B two observers, nominal; C four observers, missing values, several metrics.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from survey_app.analysis.coding.agreement import Metric, agreement, krippendorff_alpha
from survey_app.analysis.coding.result import Agreement

A = ["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"]
B = ["a a b b d c c c e d d a", "b a b b b c c c e d d d"]
C = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def ratings(rows: list[str]) -> pd.DataFrame:
    """The paper writes a row per observer; ours is a row per unit."""
    read = [[np.nan if cell == "." else cell for cell in row.split()] for row in rows]
    frame = pd.DataFrame(read).T
    return frame if "a" in rows[0] else frame.astype(float)


def interval(found: Agreement) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.mark.parametrize(
    ("rows", "metric", "printed"),
    [
        (A, "nominal", "0.095"),
        (B, "nominal", "0.692"),
        (C, "nominal", "0.743"),
        (C, "ordinal", "0.815"),
        (C, "interval", "0.849"),
    ],
)
def test_published_examples(rows: list[str], metric: Metric, printed: str) -> None:
    assert f"{krippendorff_alpha(ratings(rows), metric):.3f}" == printed


def test_the_report_of_the_published_example() -> None:
    found = agreement("wplyw", ratings(C), seed=7)
    assert found.alpha == pytest.approx(0.815, abs=5e-4)
    assert (found.units, found.points) == (11, 40)  # the twelfth unit has one value only
    low, high = interval(found)
    assert low < 0.815 < high <= 1
    assert (found.undefined, found.left_out) == ("", 0)


def test_no_variation_is_undefined_and_said_so() -> None:
    found = agreement("wplyw", pd.DataFrame([[2, 2, 2], [2, 2, np.nan]]), seed=1)
    assert (found.alpha, found.low, found.high) == (None, None, None)
    assert "wszystkie oceny są jednakowe" in found.undefined
    assert (found.units, found.points) == (2, 5)


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame(index=[1, 2]), pd.DataFrame([[1, np.nan], [np.nan, 3]])], ids=len
)
def test_nobody_rated_by_two_is_undefined_and_said_so(frame: pd.DataFrame) -> None:
    found = agreement("wplyw", frame, seed=1)
    assert (found.alpha, found.units, found.points) == (None, 0, 0)
    assert "co najmniej dwie osoby" in found.undefined


def test_one_stakeholder_has_no_interval() -> None:
    found = agreement("wplyw", pd.DataFrame([[1, 3, 3]]), seed=1)
    assert found.alpha is not None
    assert (found.low, found.high) == (None, None)
    assert "przedziału" in found.undefined


def test_draws_without_variation_are_left_out_and_counted() -> None:
    found = agreement("wplyw", pd.DataFrame([[2, 2], [2, 2], [2, 3]]), seed=1)
    # A draw has no variation unless it holds the third row: (2/3)^3 of 1000 draws are expected.
    assert 230 < found.left_out < 370
    assert found.low is not None


def test_the_interval_grows_narrower_with_more_stakeholders() -> None:
    few, many = ratings(C), pd.concat([ratings(C)] * 6)
    small, large = (interval(agreement("w", rows, seed=3)) for rows in (few, many))
    assert large[1] - large[0] < small[1] - small[0]


def test_forty_stakeholders_eight_raters_three_criteria_take_no_time() -> None:
    drawn = np.random.default_rng(5).integers(1, 4, (3, 40, 8)).astype(float)
    began = time.thread_time()
    for criterion in drawn:
        agreement("wplyw", pd.DataFrame(criterion), seed=1)
    assert time.thread_time() - began < 0.5
