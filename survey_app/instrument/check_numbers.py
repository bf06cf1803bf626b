"""Bounds of a number: of a question, and of a table's column or row."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from survey_app.instrument.shape import Findings

CELL_DECIMALS = 12  # that a cell of a table takes where nothing is said of them


def check_number(place: str, entry: Mapping[str, Any], findings: Findings, decimals: int = 0) -> None:
    """A fault where no number fits. `decimals`: how many there may be where `entry` does not say it."""
    low, high = entry.get("minimum"), entry.get("maximum")
    if low is None or high is None:
        return
    unit = Decimal(1).scaleb(-entry.get("decimals", decimals))
    first = (Decimal(str(low)) / unit).to_integral_value(ROUND_CEILING)
    last = (Decimal(str(high)) / unit).to_integral_value(ROUND_FLOOR)
    if first > last:
        message = f"Między {low} a {high} nie ma żadnej liczby, którą można wpisać."
        findings.add(
            "number.range", f"{place}.minimum", message, "Popraw „minimum”, „maximum” albo „decimals”."
        )
