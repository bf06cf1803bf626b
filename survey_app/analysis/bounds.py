"""Bounds of a share that assume nothing about those who kept silent (METHOD, "How sure it is")."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.analysis.diagnoza.result import Bounds


def share_bounds(positive: int, answered: int, population: int) -> Bounds:
    """TAK/N and (TAK + N - answered)/N, from 0 to 1 (the worst-case bounds of Manski).

    The lower end holds if all who kept silent would have said NIE, the upper if all would have said TAK.
    ValueError unless 0 <= positive <= answered <= population and population > 0.
    """
    if not 0 <= positive <= answered <= population or population == 0:
        raise ValueError("bounds need 0 <= positive <= answered <= population, and a population")
    return Bounds(positive / population, (positive + population - answered) / population)


def mean_bounds(parts: Sequence[Bounds], scale: float = 1.0) -> Bounds:
    """Bounds of a mean: the mean of the lower ends and of the upper ends, times `scale`."""
    return Bounds(
        scale * sum(part.low for part in parts) / len(parts),
        scale * sum(part.high for part in parts) / len(parts),
    )


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two ranges share a point: then nobody can say which of the two is higher."""
    return one.low <= other.high and other.low <= one.high
