"""Votes on a code: one seat, one vote, recorded: for, against, abstained. METHOD, "Coding"."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.coding.agree_views import BallotView
from survey_app.services.coding.decisions import (
    refuse_borrowed_reason,
    refuse_open_ballot,
    refuse_unknown_code,
    write_decision,
)
from survey_app.services.coding.discussion import Discussion, ballot_view, read_discussion
from survey_app.services.coding.round_rules import (
    record,
    refuse_representative,
    require_entry,
    require_round,
    require_seat,
    tidy_reason,
)
from survey_app.services.context import Context
from survey_app.store import coding, coding_decisions
from survey_app.store.coding import CodingRound
from survey_app.store.coding_decisions import ABSTAINED, AGAINST, FOR, Ballot

CHOICES = {FOR: "za", AGAINST: "przeciw", ABSTAINED: "wstrzymuję się"}


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
    reason = tidy_reason(reason)
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        discussion = _discussion(context, session, found, stakeholder_id, code, reason)
        added = coding_decisions.add_ballot(
            session,
            round_id=found.id,
            stakeholder_id=stakeholder_id,
            code=code,
            reason=reason,
            show_of_hands=False,
            seats=len(discussion.voters(stakeholder_id)),
            opened_at=context.clock(),
            opened_by=actor,
        )
        record(context, session, found, "round_ballot_opened", actor, str(added.id))
        return added.id


def cast_vote(
    context: Context, gmina_code: str, round_id: int, ballot_id: int, person_id: int, choice: str
) -> None:
    """One seat, one vote; while the ballot is open it may be changed, and the last one counts."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        row = _require_open(session, found, ballot_id)
        require_seat(session, found, person_id)
        refuse_representative(session, found, person_id, row.stakeholder_id)
        if choice not in coding_decisions.CHOICES:
            fault = Fault(
                "choice_unknown", "choice", "Nie wybrano głosu.", "Wybierz: za, przeciw albo wstrzymuję się."
            )
            raise InvalidInputError("Głosu nie zapisano.", [fault])
        coding_decisions.vote(session, row.id, person_id, choice)


def close_ballot(
    context: Context, gmina_code: str, round_id: int, ballot_id: int, actor: int | None
) -> BallotView:
    """Counts the votes. More for than against: the decision is written at once, in place of an earlier one."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        row = _require_open(session, found, ballot_id)
        discussion = read_discussion(context, session, found, row.stakeholder_id)
        # A representation entered since then takes the vote out of the count (METHOD, "Coding").
        cast = {
            person_id: choice
            for person_id, choice in discussion.cast[row.id].items()
            if row.stakeholder_id not in discussion.representing.get(person_id, frozenset())
        }
        counts = Counter(cast.values())
        row.seats = len(discussion.voters(row.stakeholder_id) | cast.keys())
        row.votes_for, row.votes_against = counts[FOR], counts[AGAINST]
        row.votes_abstained, row.closed_at = counts[ABSTAINED], context.clock()
        record(context, session, found, "round_ballot_closed", actor, str(row.id))
        return _concluded(context, session, discussion, row, actor)


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
    reason = tidy_reason(reason)
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        discussion = _discussion(context, session, found, stakeholder_id, code, reason)
        seats = len(discussion.voters(stakeholder_id))
        _refuse_counts({"votes_for": votes_for, "against": against, "abstained": abstained}, seats)
        now = context.clock()
        row = coding_decisions.add_ballot(
            session,
            round_id=found.id,
            stakeholder_id=stakeholder_id,
            code=code,
            reason=reason,
            show_of_hands=True,
            seats=seats,
            opened_at=now,
            opened_by=actor,
            closed_at=now,
            votes_for=votes_for,
            votes_against=against,
            votes_abstained=abstained,
        )
        record(context, session, found, "round_show_of_hands", actor, str(row.id))
        return _concluded(context, session, discussion, row, actor)


def _discussion(
    context: Context, session: Session, found: CodingRound, stakeholder_id: int, code: str, reason: str
) -> Discussion:
    """What a motion has to meet, whichever way it is voted on."""
    require_entry(session, found, stakeholder_id)
    refuse_unknown_code(found, code)
    refuse_open_ballot(session, found, stakeholder_id)
    discussion = read_discussion(context, session, found, stakeholder_id)
    refuse_borrowed_reason(discussion, stakeholder_id, code, reason)
    if not discussion.voters(stakeholder_id):
        raise ConflictError(
            "Nie ma kto głosować: wszyscy w tej turze reprezentują tę instytucję albo odeszli."
        )
    return discussion


def _concluded(
    context: Context, session: Session, discussion: Discussion, row: Ballot, actor: int | None
) -> BallotView:
    """A tie, or more against, is recorded and decides nothing."""
    view = ballot_view(discussion.cast, row)
    if view.carried:
        write_decision(context, session, discussion, row.stakeholder_id, row.code, row.reason, actor, row.id)
    return view


def _require_open(session: Session, found: CodingRound, ballot_id: int) -> Ballot:
    row = coding_decisions.ballot(session, found.id, ballot_id)
    if row is None:
        raise NotFoundError("Nie ma takiego głosowania w tej turze.")
    if row.closed_at is not None:
        raise ConflictError("To głosowanie jest już zamknięte. Głosów nie zmieniono.")
    return row


def _refuse_counts(counts: dict[str, int], seats: int) -> None:
    negative = [name for name, count in counts.items() if count < 0]
    faults = [
        Fault("negative", name, "Liczba głosów nie może być ujemna.", "Wpisz zero albo więcej.")
        for name in negative
    ]
    total = sum(counts.values())
    if not negative and total == 0:
        faults = [Fault("no_votes", "votes_for", "Nie wpisano żadnego głosu.", "Wpisz, ile osób było za.")]
    if not negative and total > seats:
        message = f"Głosów jest {total}, a głosować może {polish.counted(seats, 'osoba', 'osoby', 'osób')}."
        hint = "Każde miejsce ma jeden głos; kto reprezentuje tę instytucję, nie głosuje."
        faults = [Fault("too_many_votes", "votes_for", message, hint)]
    if faults:
        raise InvalidInputError("Głosowania nie zapisano.", faults)
