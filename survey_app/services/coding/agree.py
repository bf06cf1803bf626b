"""Stage 2 of a round: the ratings are laid open, the team decides. METHOD, "Coding"."""

from __future__ import annotations

from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.services.coding.agree_views import (
    BallotView,
    DecisionView,
    LaidOpen,
    LaidOpenCriterion,
    LaidOpenReason,
    Opened,
    Overview,
)
from survey_app.services.coding.ballots import (
    CHOICES,
    cast_vote,
    close_ballot,
    open_ballot,
    record_show_of_hands,
)
from survey_app.services.coding.corrections import correct
from survey_app.services.coding.count_ratings import agreements, finished
from survey_app.services.coding.decisions import confirm_agreed, decide
from survey_app.services.coding.discussion import lay_out, read_discussion
from survey_app.services.coding.round_rules import (
    NO_SEAT,
    NOT_IN_ROUND,
    record,
    require_entry,
    require_going_on,
    require_laid_open,
)
from survey_app.services.coding.round_views import view_of
from survey_app.services.context import Context
from survey_app.store import coding, coding_decisions
from survey_app.store.coding_decisions import Decision

__all__ = [
    "CHOICES",
    "BallotView",
    "Decision",
    "DecisionView",
    "LaidOpen",
    "LaidOpenCriterion",
    "LaidOpenReason",
    "Opened",
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
    "opened",
    "overview",
    "record_show_of_hands",
]


def overview(context: Context, gmina_code: str, round_id: int, person_id: int | None = None) -> Overview:
    """ConflictError before the ratings are laid open. `person_id`: who asks (their own votes are shown)."""
    with context.database.reading() as session:
        found = require_laid_open(session, gmina_code, round_id)
        discussion = read_discussion(context, session, found)
        ids = [entry.stakeholder_id for entry in discussion.entries]
        return Overview(
            entries=tuple(lay_out(discussion, entry, person_id) for entry in discussion.entries),
            agreements=agreements(discussion.counted, ids, discussion.criteria),
            names_shown=discussion.names_shown,
            view=view_of(found, discussion.rows, finished(discussion.counted, discussion.criteria)),
        )


def laid_open(
    context: Context, gmina_code: str, round_id: int, stakeholder_id: int, person_id: int | None
) -> LaidOpen:
    """One stakeholder; whether the person represents it, may vote on it, and how they voted."""
    return opened(context, gmina_code, round_id, stakeholder_id, person_id).laid


def opened(
    context: Context, gmina_code: str, round_id: int, stakeholder_id: int, person_id: int | None
) -> Opened:
    """As `laid_open`, with the round around it."""
    with context.database.reading() as session:
        found = require_laid_open(session, gmina_code, round_id)
        discussion = read_discussion(context, session, found, stakeholder_id)
        entry = next((one for one in discussion.entries if one.stakeholder_id == stakeholder_id), None)
        if entry is None or found.result is not None:
            require_entry(session, found, stakeholder_id)
        if entry is None:
            raise NotFoundError(NOT_IN_ROUND)
        decided = coding_decisions.decided(session, found.id)
        ids = (one.stakeholder_id for one in discussion.entries)
        return Opened(
            laid=lay_out(discussion, entry, person_id),
            coding=discussion.coding,
            scheme=discussion.coding.scheme(found.scheme),
            stakeholders=tuple(discussion.entries),
            undecided=tuple(key for key in ids if key not in decided),
        )


def composed_reason(laid: LaidOpen) -> str:
    """Why the proposal stands, from what was rated: the words of `confirm_agreed`."""
    return laid.composed_reason


def agree_to_names(context: Context, gmina_code: str, round_id: int, person_id: int, agrees: bool) -> None:
    """Each seat for itself, until the close; a seat that was given up may still say so for what it gave."""
    with context.database.transaction() as session:
        found = require_going_on(session, gmina_code, round_id)
        row = coding.seat(session, found.id, person_id)
        if row is None:
            raise ForbiddenError(NO_SEAT)
        if row.agrees_to_names != agrees:
            row.agrees_to_names = agrees
            action = "round_names_agreed" if agrees else "round_names_refused"
            record(context, session, found, action, person_id)
