"""The team's decisions and the votes that they rest on. Decisions are only ever added."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.errors import ConflictError
from survey_app.models import Ballot, Decision, Vote
from survey_app.store.database import MAX_ID

__all__ = [
    "ABSTAINED",
    "AGAINST",
    "CHOICES",
    "FOR",
    "JUST_DECIDED",
    "Ballot",
    "Decision",
    "Vote",
    "add_ballot",
    "add_decision",
    "ballot",
    "ballots_and_votes",
    "chains",
    "decided",
    "open_ballots",
    "vote",
]

FOR = "for"
AGAINST = "against"
ABSTAINED = "abstained"
CHOICES = (FOR, AGAINST, ABSTAINED)
JUST_DECIDED = (
    "Ktoś właśnie zapisał decyzję o tym interesariuszu. Państwa decyzji nie zapisano: prosimy przeczytać tamtą"
    " i zapisać swoją jeszcze raz, jeśli ma ją zastąpić."
)
BALLOT_OPEN = "Nad kodem tego interesariusza trwa już głosowanie. Najpierw trzeba je zamknąć."


def chains(session: Session, round_id: int, only: int | None = None) -> dict[int, list[Decision]]:
    """Stakeholder -> its decisions, each the one that the next replaces; the last one holds. `only`: of one."""
    query = select(Decision).filter_by(round_id=round_id)
    if only is not None:
        query = query.filter_by(stakeholder_id=only)
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.stakeholder_id].append(row)
    return {stakeholder_id: _in_order(rows) for stakeholder_id, rows in found.items()}


def add_decision(session: Session, **columns: Any) -> Decision:
    """ConflictError if another one took its place in the chain at the same moment."""
    added = Decision(**columns)
    try:
        with session.begin_nested():
            session.add(added)
    except IntegrityError as error:
        raise ConflictError(JUST_DECIDED) from error
    return added


def ballot(session: Session, round_id: int, ballot_id: int) -> Ballot | None:
    """None if it is of another round."""
    if not 0 < ballot_id <= MAX_ID:
        return None
    return session.scalars(select(Ballot).filter_by(id=ballot_id, round_id=round_id)).one_or_none()


def decided(session: Session, round_id: int) -> frozenset[int]:
    """The stakeholders that have a decision."""
    return frozenset(session.scalars(select(Decision.stakeholder_id).filter_by(round_id=round_id).distinct()))


def ballots_and_votes(
    session: Session, round_id: int, only: int | None = None
) -> tuple[list[Ballot], dict[int, dict[int, str]]]:
    """The earliest first; and ballot -> person -> choice, empty where nobody voted in the service. `only`: of one."""
    query = select(Ballot, Vote.person_id, Vote.choice).outerjoin(Vote, Vote.ballot_id == Ballot.id)
    query = query.where(Ballot.round_id == round_id).order_by(Ballot.id, Vote.person_id)
    if only is not None:
        query = query.where(Ballot.stakeholder_id == only)
    found: dict[int, Ballot] = {}
    cast: dict[int, dict[int, str]] = {}
    for row, person_id, choice in session.execute(query):
        found[row.id] = row
        theirs = cast.setdefault(row.id, {})
        if person_id is not None:
            theirs[person_id] = choice
    return list(found.values()), cast


def open_ballots(session: Session, round_id: int) -> dict[int, Ballot]:
    """Stakeholder -> the vote on it that is going on."""
    query = select(Ballot).where(Ballot.round_id == round_id, Ballot.closed_at.is_(None))
    return {row.stakeholder_id: row for row in session.scalars(query)}


def add_ballot(session: Session, *, opened_at: dt.datetime, **columns: Any) -> Ballot:
    """ConflictError if a vote on the same stakeholder is going on."""
    added = Ballot(opened_at=opened_at, **columns)
    try:
        with session.begin_nested():
            session.add(added)
    except IntegrityError as error:
        raise ConflictError(BALLOT_OPEN) from error
    return added


def vote(session: Session, ballot_id: int, person_id: int, choice: str) -> None:
    """One seat, one vote: a later one takes the place of an earlier one."""
    row = session.get(Vote, (ballot_id, person_id))
    if row is None:
        session.add(Vote(ballot_id=ballot_id, person_id=person_id, choice=choice))
    else:
        row.choice = choice


def _in_order(rows: list[Decision]) -> list[Decision]:
    following = {row.replaces_id: row for row in rows}
    ordered: list[Decision] = []
    row = following.get(None)
    while row is not None:
        ordered.append(row)
        row = following.get(row.id)
    return ordered
