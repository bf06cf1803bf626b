"""Closed rounds as they were frozen, with the corrections made since."""

from __future__ import annotations

from survey_app.analysis.coding.result import CodingHistory, RoundResult
from survey_app.services.context import Context


def history(context: Context, gmina_code: str) -> CodingHistory:
    """All closed rounds, the earliest first. ConflictError if one no longer agrees with its checksum."""
    raise NotImplementedError


def closed_round(context: Context, gmina_code: str, round_id: int) -> RoundResult:
    """NotFoundError if it is not of this gmina, ConflictError if it is not closed."""
    raise NotImplementedError
