"""A measure over gminas."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.analysis.disclosure.rollup import Spread


@dataclass(frozen=True, slots=True)
class Measure:
    """`spread` is None with fewer than three gminas. `mean`: only where the sum over the same gminas is shown."""

    id: str
    label: str
    spread: Spread | None
    mean: float | None = None
