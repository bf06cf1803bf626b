"""Votes on a code: one seat, one vote, recorded: for, against, abstained. METHOD, "Coding"."""

from __future__ import annotations

from survey_app.services.agree_views import BallotView
from survey_app.services.context import Context

CHOICES = {"for": "za", "against": "przeciw", "abstained": "wstrzymuję się"}


def open_ballot(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_id: int,
    code: str,
    reason: str,
    actor: int | None,
) -> int:
    """A vote on this code, each seat for itself; the id of the ballot."""
    raise NotImplementedError


def cast_vote(
    context: Context, gmina_code: str, round_id: int, ballot_id: int, person_id: int, choice: str
) -> None:
    """One seat, one vote; while the ballot is open it may be changed, and the last one counts."""
    raise NotImplementedError


def close_ballot(
    context: Context, gmina_code: str, round_id: int, ballot_id: int, actor: int | None
) -> BallotView:
    """Counts the votes. More for than against: the decision is written at once, in place of an earlier one."""
    raise NotImplementedError


def record_show_of_hands(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_id: int,
    code: str,
    reason: str,
    votes_for: int,
    against: int,
    abstained: int,
    actor: int | None,
) -> BallotView:
    """A vote that was counted in the room. Carried: the decision is written with it."""
    raise NotImplementedError
