"""What may rest on an alpha: words for the number that `agreement` computes."""

from __future__ import annotations

from enum import StrEnum

RELIABLE, TENTATIVE = 0.8, 0.667  # what Krippendorff asks for, and the lowest that he accepts


class Level(StrEnum):
    """What may rest on ratings that agree so far. Limits: Krippendorff, "Content Analysis" (0.800 and 0.667)."""

    UNDEFINED = "undefined"
    RELIABLE = "reliable"
    TENTATIVE = "tentative"
    LOW = "low"
    CHANCE = "chance"  # no better than points dealt out at random


def level(alpha: float | None) -> Level:
    """Of an alpha between -1 and 1; None: undefined."""
    if alpha is None:
        return Level.UNDEFINED
    if alpha >= RELIABLE:
        return Level.RELIABLE
    if alpha >= TENTATIVE:
        return Level.TENTATIVE
    return Level.LOW if alpha > 0 else Level.CHANCE
