"""Krippendorff's alpha: do the raters mean the same? METHOD, "Coding".

Source: K. Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability". With n_uc = how many raters gave unit u
the value c, and m_u = how many gave it any, only units with m_u >= 2 count, and

    o_ck = sum over u of n_uc (n_uk - [c = k]) / (m_u - 1)        the coincidence matrix
    n_c  = sum over k of o_ck,   n = sum over c of n_c
    alpha = 1 - (n - 1) sum_{c<k} o_ck d_ck / sum_{c<k} n_c n_k d_ck

where d_ck (the squared difference of two values) is 1 (nominal), (c - k)^2 (interval), or, ordinal,
(n_c/2 + the n_g of all values between c and k + n_k/2)^2. The paper's own examples are pinned in the tests.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey_app.analysis.coding.result import Agreement

Metric = Literal["nominal", "ordinal", "interval"]
Floats = npt.NDArray[np.float64]
INTERVAL = (2.5, 97.5)  # percentiles of the bootstrap
NO_PAIRS = "Nie da się policzyć: żadnego interesariusza nie oceniły co najmniej dwie osoby."
NO_VARIATION = "Nie da się policzyć: wszystkie oceny są jednakowe, więc nie widać, czy oceniający odróżniają."
NO_INTERVAL = "Nie da się podać przedziału: za mało interesariuszy oceniły co najmniej dwie osoby."
_PLACES = 6  # far beyond what is printed; the same on every machine, whatever its last binary digit


def krippendorff_alpha(ratings: pd.DataFrame, metric: Metric) -> float | None:
    """Alpha of `ratings`: a row per unit, a column per rater, NaN where a rater gave none.

    1: full agreement, 0: as by chance, below 0: less than that. None when it is undefined: no unit has two values,
    or there is only one value in all those that have. Nominal values may be of any kind that can be sorted.
    """
    values, counts = _counts(ratings)
    alphas = _alphas(_coincidences(counts).sum(axis=0)[None], values, metric)
    return None if np.isnan(alphas[0]) else float(alphas[0])


def agreement(criterion: str, ratings: pd.DataFrame, *, draws: int = 1000, seed: int) -> Agreement:
    """Ordinal alpha with a percentile bootstrap over stakeholders (the rows of `ratings`; columns: raters).

    Stakeholders with at least two points are drawn with replacement, as many as there are. Draws in which alpha is
    undefined are left out and counted. The same ratings give the same interval, in whatever order rows and columns
    stand; `seed` chooses the draws.
    """
    values, counts = _counts(ratings)
    units, points = len(counts), int(counts.sum())
    each = _coincidences(counts)
    alpha = float(_alphas(each.sum(axis=0)[None], values, "ordinal")[0])
    if np.isnan(alpha):
        return Agreement(criterion, None, None, None, units, points, NO_VARIATION if units else NO_PAIRS)
    drawn = np.random.default_rng(seed).multinomial(units, np.full(units, 1 / units), size=draws)
    alphas = _alphas(np.tensordot(drawn.astype(float), each, axes=1), values, "ordinal")
    defined = alphas[~np.isnan(alphas)]
    left_out = draws - len(defined)
    if units == 1 or not len(defined):
        return Agreement(criterion, _rounded(alpha), None, None, units, points, NO_INTERVAL, left_out)
    low, high = (_rounded(float(bound)) for bound in np.percentile(defined, INTERVAL))
    return Agreement(criterion, _rounded(alpha), low, high, units, points, left_out=left_out)


def _rounded(alpha: float) -> float:
    return round(alpha, _PLACES) + 0.0


def _counts(ratings: pd.DataFrame) -> tuple[Floats, Floats]:
    """The values that occur (of text: their ranks), and n_uc of the units with at least two, in one fixed order."""
    table = ratings.to_numpy(dtype=object)
    given = ratings.notna().to_numpy(dtype=bool)
    found = sorted(set(table[given].tolist()))
    counts = np.array([((table == value) & given).sum(axis=1) for value in found], dtype=float)
    counts = counts.T.reshape(len(table), len(found))
    counts = counts[counts.sum(axis=1) >= 2]
    values = range(len(found)) if any(isinstance(value, str) for value in found) else found
    return np.array(list(values), dtype=float), counts[np.lexsort(counts.T)] if counts.size else counts


def _coincidences(counts: Floats) -> Floats:
    """What each unit adds to the coincidence matrix: an array of units x values x values."""
    pairs = counts[:, :, None] * counts[:, None, :]
    width = counts.shape[1]
    pairs[:, range(width), range(width)] -= counts
    within: Floats = pairs / (counts.sum(axis=1) - 1)[:, None, None]
    return within


def _alphas(coincidences: Floats, values: Floats, metric: Metric) -> Floats:
    """Alpha of each coincidence matrix in a stack of them; NaN where it is undefined."""
    totals = coincidences.sum(axis=2)
    differences = _differences(totals, values, metric)
    observed = (coincidences * differences).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * differences).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        alphas: Floats = 1 - (totals.sum(axis=1) - 1) * observed / expected
    return np.where(expected > 0, alphas, np.nan)


def _differences(totals: Floats, values: Floats, metric: Metric) -> Floats:
    """The squared difference of every two values, for each matrix of the stack."""
    if metric == "nominal":
        return np.broadcast_to(1 - np.eye(len(values)), (len(totals), len(values), len(values)))
    # The place of a value on the scale: its own number, or how many values lie below it and half of its own.
    places = np.cumsum(totals, axis=1) - totals / 2
    if metric == "interval":
        places = np.broadcast_to(values, totals.shape)
    squared: Floats = (places[:, :, None] - places[:, None, :]) ** 2
    return squared
