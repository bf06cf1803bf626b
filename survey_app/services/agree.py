"""Stage 2 of a round: the ratings are laid open, the team decides. METHOD, "Coding"."""

from __future__ import annotations

from survey_app.services.agree_views import (
    BallotView,
    DecisionView,
    LaidOpen,
    LaidOpenCriterion,
    LaidOpenReason,
    Overview,
)
from survey_app.services.ballots import (
    CHOICES,
    cast_vote,
    close_ballot,
    open_ballot,
    record_show_of_hands,
)
from survey_app.services.context import Context
from survey_app.services.corrections import correct
from survey_app.store.coding_decisions import Decision

__all__ = [
    "CHOICES",
    "BallotView",
    "Decision",
    "DecisionView",
    "LaidOpen",
    "LaidOpenCriterion",
    "LaidOpenReason",
    "Overview",
    "agree_to_names",
    "cast_vote",
    "close_ballot",
    "composed_reason",
    "confirm_agreed",
    "correct",
    "decide",
    "laid_open",
    "open_ballot",
    "overview",
    "record_show_of_hands",
]


def overview(context: Context, gmina_code: str, round_id: int) -> Overview:
    """ConflictError before the ratings are laid open."""
    raise NotImplementedError


def laid_open(
    context: Context, gmina_code: str, round_id: int, stakeholder_id: int, person_id: int
) -> LaidOpen:
    """One stakeholder; whether the person represents it, may vote on it, and how they voted."""
    raise NotImplementedError


def composed_reason(laid: LaidOpen) -> str:
    """Why the proposal stands, from what was rated: the words of `confirm_agreed`."""
    raise NotImplementedError


def agree_to_names(context: Context, gmina_code: str, round_id: int, person_id: int, agrees: bool) -> None:
    """Each seat for itself, until the close."""
    raise NotImplementedError


def decide(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_id: int,
    code: str,
    reason: str,
    actor: int | None,
    replaces: int | None = None,
    ballot_id: int | None = None,
) -> Decision:
    """`replaces`: id of the decision that the page showed as the one that holds, None if it showed none."""
    raise NotImplementedError


def confirm_agreed(context: Context, gmina_code: str, round_id: int, actor: int | None) -> int:
    """Confirms the proposal for every undecided stakeholder on which nobody differs; how many those were."""
    raise NotImplementedError
