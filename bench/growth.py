"""Does it grow? Samples of one thing over time -> a slope per hour after the warm-up, and a verdict."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

HOUR = 3600.0
FEWEST = 8  # samples, in each half after the warm-up, to say anything


class Verdict(StrEnum):
    STEADY = "steady"
    LEVELS_OFF = "levels off"  # it grew, and has stopped: a cache that is full
    GROWS = "GROWS"
    TOO_SHORT = "too short to say"


@dataclass(frozen=True, slots=True)
class Growth:
    """`begin`: at the end of the warm-up; `end`: now; both medians of a few samples. `slope`, `late`: per hour, after
    the warm-up and in the second half of that alone.
    """

    begin: float
    end: float
    highest: float
    slope: float
    late: float
    verdict: Verdict


def judge(
    samples: Sequence[tuple[float, float]], warm_up: float, least: float, share: float = 0.05
) -> Growth:
    """`samples`: (seconds, value), in order. Growth is a slope above `least` units and `share` of the value an hour, in
    the second half still, which also rises so fast above all that the first half saw: what only goes up and down does
    not.

    The slope is the median of those between all pairs (Theil-Sen): one spike, or one file that is emptied now and then,
    does not move it. ValueError: no samples.
    """
    if not samples:
        raise ValueError("no samples")
    warm = [one for one in samples if one[0] >= warm_up] or list(samples[-1:])
    begin, end = _middle(warm[:3]), _middle(warm[-3:])
    highest = max(value for _, value in warm)
    half = len(warm) // 2
    if half < FEWEST:
        return Growth(begin, end, highest, 0.0, 0.0, Verdict.TOO_SHORT)
    slope, late = slope_per_hour(warm), slope_per_hour(warm[half:])
    most = max(least, share * abs(_middle(warm)))
    rise = _middle(warm[-(len(warm) // 3) :]) - max(value for _, value in warm[:half])
    third = (warm[-1][0] - warm[0][0]) / 3 / HOUR  # from the first half's end to the middle of the last third
    if late > most and rise > most * third:
        verdict = Verdict.GROWS
    else:
        verdict = Verdict.LEVELS_OFF if slope > most else Verdict.STEADY
    return Growth(begin, end, highest, slope, late, verdict)


def slope_per_hour(samples: Sequence[tuple[float, float]]) -> float:
    """Median of the slopes between all pairs; 0 with fewer than two moments."""
    slopes = [
        (late - early) / (end - begin)
        for (begin, early), (end, late) in combinations(samples, 2)
        if end > begin
    ]
    return statistics.median(slopes) * HOUR if slopes else 0.0


def _middle(samples: Sequence[tuple[float, float]]) -> float:
    return statistics.median(value for _, value in samples)
