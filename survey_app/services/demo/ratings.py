"""Made-up ratings for the example gminas: the same on every machine, institutions differing as they might."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from survey_app.services.coding.rate import RatingDraft
from survey_app.services.register.catalogue import Stakeholder

STORY = Path(__file__).with_name("coding.yml")
CRITERIA = ("wplyw", "wiedza", "zainteresowanie")
LOW, HIGH = 1, 3

# Sectors whose institutions decide, know or care more from the start, on a scale of 1 to 3.
START: Mapping[str, tuple[float, float, float]] = {
    "administracja_publiczna": (2.6, 1.7, 1.6),
    "pomoc_spoleczna": (2.5, 2.7, 2.5),
    "rynek_pracy": (2.3, 2.4, 1.9),
    "organizacje_obywatelskie": (1.8, 1.9, 1.9),
    "organizacje_koscielne": (1.9, 1.6, 1.8),
    "zdrowie": (1.8, 1.8, 1.5),
    "edukacja": (1.7, 1.5, 1.4),
}
ELSEWHERE = (1.4, 1.2, 1.1)
GROWTH = (0.0, 0.5, 0.55)  # what the team's work between the rounds adds, on average
CHANCE_OF_NOT_KNOWING = (0.02, 0.06, 0.03)
CHANCE_OF_REASON = 0.12


@cache
def story() -> Mapping[str, Any]:
    """Members, declarations, votes and words of the example."""
    told: Mapping[str, Any] = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return told


def made_up(stakeholder: Stakeholder, person: str, later: bool) -> dict[str, RatingDraft]:
    """How one person rates one institution by each criterion, at the start or `later`."""
    own = random.Random(f"{person}/{stakeholder.name}/{later}")  # noqa: S311  (the same on every machine)
    return {
        criterion: _rating(criterion, level, CHANCE_OF_NOT_KNOWING[place], own)
        for place, (criterion, level) in enumerate(zip(CRITERIA, _levels(stakeholder, later), strict=True))
    }


def _levels(stakeholder: Stakeholder, later: bool) -> tuple[float, ...]:
    """What the team would agree on, before each person's own view is added."""
    source = random.Random(stakeholder.name)  # noqa: S311
    start = START.get(stakeholder.sector, ELSEWHERE)
    levels = [level + source.uniform(-0.6, 0.6) for level in start]
    grown = [source.uniform(0.4, 1.6) * growth for growth in GROWTH]
    return tuple(a + b for a, b in zip(levels, grown, strict=True)) if later else tuple(levels)


def _rating(criterion: str, level: float, not_knowing: float, own: random.Random) -> RatingDraft:
    point = min(HIGH, max(LOW, round(level + own.gauss(0, 0.35))))
    if own.random() < not_knowing:
        return RatingDraft(point=None, dont_know=True, reason="")
    reasons = story()["reasons"][criterion][point]
    return RatingDraft(
        point=point, dont_know=False, reason=own.choice(reasons) if own.random() < CHANCE_OF_REASON else ""
    )
