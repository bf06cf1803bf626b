"""The team's codes: each with a reason, each a new entry that names the one it replaces. METHOD, "Coding"."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.services.coding.discussion import Discussion, lay_out, proposal_of, read_discussion
from survey_app.services.coding.round_rules import (
    instrument_and_coding,
    record,
    require_entry,
    require_round,
    tidy_reason,
)
from survey_app.services.context import Context
from survey_app.store import coding, coding_decisions
from survey_app.store.coding import CodingRound
from survey_app.store.coding_decisions import Ballot, Decision


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
    """`replaces`: id of the decision that the page showed as the one that holds, None if it showed none.

    InvalidInputError: a code of another scheme, no reason, or another code than the proposed one with the words of
    the proposal. ConflictError: somebody decided meanwhile, or a vote is going on or did not carry.
    """
    reason = tidy_reason(reason)
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        require_entry(session, found, stakeholder_id)
        refuse_open_ballot(session, found, stakeholder_id)
        refuse_unknown_code(found, code)
        discussion = read_discussion(context, session, found, stakeholder_id)
        refuse_borrowed_reason(discussion, stakeholder_id, code, reason)
        if current_id(discussion, stakeholder_id) != replaces:
            raise ConflictError(coding_decisions.JUST_DECIDED)
        if ballot_id is not None:
            _require_carried(session, found, stakeholder_id, ballot_id, code)
        return write_decision(context, session, discussion, stakeholder_id, code, reason, actor, ballot_id)


def confirm_agreed(context: Context, gmina_code: str, round_id: int, actor: int | None) -> int:
    """Confirms the proposal for every undecided stakeholder on which nobody differs; how many those were."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        discussion = read_discussion(context, session, found)
        agreed = [
            laid
            for laid in (lay_out(discussion, entry) for entry in discussion.entries)
            if laid.decision is None and laid.ballot is None and not laid.differ and laid.proposed is not None
        ]
        for laid in agreed:
            assert laid.proposed is not None
            key = laid.stakeholder.stakeholder_id
            write_decision(
                context, session, discussion, key, laid.proposed, laid.composed_reason, actor, None
            )
        return len(agreed)


def write_decision(
    context: Context,
    session: Session,
    discussion: Discussion,
    stakeholder_id: int,
    code: str,
    reason: str,
    actor: int | None,
    ballot_id: int | None,
) -> Decision:
    """In place of the one that holds, if there is one."""
    added = coding_decisions.add_decision(
        session,
        round_id=discussion.round.id,
        stakeholder_id=stakeholder_id,
        code=code,
        proposed=proposal_of(discussion, stakeholder_id),
        reason=reason,
        ballot_id=ballot_id,
        replaces_id=current_id(discussion, stakeholder_id),
        correction=False,
        decided_at=context.clock(),
        decided_by=actor,
    )
    record(context, session, discussion.round, "round_decision", actor, str(added.id))
    return added


def current_id(discussion: Discussion, stakeholder_id: int) -> int | None:
    """Id of the decision that holds."""
    chain = discussion.chains.get(stakeholder_id)
    return chain[-1].id if chain else None


def refuse_unknown_code(found: CodingRound, code: str) -> None:
    """InvalidInputError: not a code of the round's scheme."""
    _, rules = instrument_and_coding(found)
    if code not in rules.scheme(found.scheme).codes:
        fault = Fault("code_unknown", "code", "W tej turze nie ma takiego kodu.", "Wybierz kod z listy.")
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", [fault])


def refuse_borrowed_reason(discussion: Discussion, stakeholder_id: int, code: str, reason: str) -> None:
    """METHOD, "Coding": another code than the proposed one is set with a written reason, in the team's own words."""
    entry = next(one for one in discussion.entries if one.stakeholder_id == stakeholder_id)
    laid = lay_out(discussion, entry)
    if code != laid.proposed and reason.split() == laid.composed_reason.split():
        message = "Ten powód mówi o propozycji, a wybrano inny kod."
        fault = Fault("reason_of_the_proposal", "reason", message, "Napisz, dlaczego zespół ustala inny kod.")
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", [fault])


def refuse_open_ballot(session: Session, found: CodingRound, stakeholder_id: int) -> None:
    if stakeholder_id in coding_decisions.open_ballots(session, found.id):
        raise ConflictError(coding_decisions.BALLOT_OPEN)


def _require_carried(
    session: Session, found: CodingRound, stakeholder_id: int, ballot_id: int, code: str
) -> Ballot:
    row = coding_decisions.ballot(session, found.id, ballot_id)
    if row is None or row.stakeholder_id != stakeholder_id:
        raise ConflictError("To głosowanie nie dotyczyło tego interesariusza.")
    if row.votes_for is None or row.votes_against is None:
        raise ConflictError(coding_decisions.BALLOT_OPEN)
    if row.votes_for <= row.votes_against:
        raise ConflictError("Ten wniosek nie uzyskał większości, więc decyzja nie może się na nim opierać.")
    if row.code != code:
        raise ConflictError("Głosowano nad innym kodem, więc decyzja nie może się na tym opierać.")
    return row
