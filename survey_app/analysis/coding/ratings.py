"""One stakeholder's points by one criterion, put together. METHOD, "Coding": the lower median, "nie wiem" left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FEWEST_TO_STAND_OUT = 3  # of two points each is as far from the other


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """`points` ascending, without "nie wiem"; `low`, `high`, `median` None when nobody gave a point.

    `farthest`: the one point that differs most from the median of the others; None when none stands out.
    """

    criterion: str
    points: tuple[int, ...]
    dont_know: int
    median: int | None
    low: int | None
    high: int | None
    farthest: int | None

    @property
    def counts(self) -> Mapping[int, int]:
        """How many gave each point that was given, from the lowest."""
        return dict(Counter(self.points))

    @property
    def spread(self) -> int:
        """The distance between the highest and the lowest point; 0 when nobody gave one."""
        return 0 if self.low is None or self.high is None else self.high - self.low

    @property
    def differ(self) -> bool:
        """Did two raters give different points?"""
        return self.spread > 0


def lower_median(points: Sequence[int]) -> int | None:
    """The middle point; of an even number the lower of the two in the middle, so always a point that was given.

    METHOD, "Coding". None of no points at all.
    """
    return sorted(points)[(len(points) - 1) // 2] if points else None


def summarise(criterion: str, points: Sequence[int], dont_know: int) -> RatingSummary:
    """`points`: one per rater who gave one, in any order; `dont_know`: how many chose "nie wiem"."""
    ordered = tuple(sorted(points))
    low, high = (ordered[0], ordered[-1]) if ordered else (None, None)
    return RatingSummary(criterion, ordered, dont_know, lower_median(ordered), low, high, _farthest(ordered))


def _farthest(ordered: Sequence[int]) -> int | None:
    """The point that alone is farthest from the others' median.

    Of an even number of others, both middle points and all between them are medians: 1 stands out from 1, 3, 3
    exactly as 3 does from 1, 1, 3, which the lower median alone would not tell.
    """
    if len(ordered) < _FEWEST_TO_STAND_OUT:
        return None
    distances = [_distance(point, [*ordered[:at], *ordered[at + 1 :]]) for at, point in enumerate(ordered)]
    most = max(distances)
    alone = most > 0 and distances.count(most) == 1
    return ordered[distances.index(most)] if alone else None


def _distance(point: int, others: Sequence[int]) -> int:
    low, high = others[(len(others) - 1) // 2], others[len(others) // 2]
    return max(low - point, point - high, 0)
