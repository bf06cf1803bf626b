"""Coding rounds, their stakeholders and their seats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from survey_app.errors import ConflictError
from survey_app.models import (
    CodingRound,
    InstrumentVersion,
    Membership,
    Person,
    RoundRater,
    RoundStakeholder,
    Stakeholder,
)
from survey_app.store.database import MAX_ID

__all__ = [
    "ABANDONED",
    "AGREEMENT",
    "ALREADY_OPEN",
    "CLOSED",
    "OPEN",
    "RATING",
    "CodingRound",
    "InstrumentVersion",
    "RoundRater",
    "RoundStakeholder",
    "active_seats",
    "add",
    "add_raters",
    "add_stakeholders",
    "closed_rounds",
    "entries",
    "entry",
    "freeze",
    "get",
    "open_round",
    "rounds",
    "seat",
    "seats",
    "seats_now",
    "stands",
]

RATING = "rating"
AGREEMENT = "agreement"
CLOSED = "closed"
ABANDONED = "abandoned"
OPEN = (RATING, AGREEMENT)
TEAM_ROLES = ("coordinator", "member")
ALREADY_OPEN = "W tej gminie jest już otwarta tura kodowania. Najpierw ją zamknij albo porzuć."


def get(session: Session, round_id: int, *, alone: bool = False) -> CodingRound | None:
    """With its instrument. `alone`: nobody else changes anything of the round until the transaction ends.

    SQLite has one writer anyway.
    """
    if not 0 < round_id <= MAX_ID:
        return None
    query = select(CodingRound).filter_by(id=round_id).options(joinedload(CodingRound.instrument_version))
    if alone:
        query = query.with_for_update(of=CodingRound)
    return session.scalars(query).one_or_none()


def rounds(session: Session, gmina_code: str) -> list[CodingRound]:
    """The newest first, abandoned ones among them."""
    query = select(CodingRound).filter_by(gmina_code=gmina_code)
    query = query.options(joinedload(CodingRound.instrument_version))
    return list(session.scalars(query.order_by(CodingRound.id.desc())))


def closed_rounds(session: Session, gmina_code: str) -> list[CodingRound]:
    """The earliest first."""
    closed = [one for one in rounds(session, gmina_code) if one.stage == CLOSED]
    return sorted(closed, key=lambda one: one.number or 0)


def open_round(session: Session, gmina_code: str) -> CodingRound | None:
    """The round that is being rated or agreed now; there is at most one."""
    query = select(CodingRound).where(CodingRound.gmina_code == gmina_code, CodingRound.stage.in_(OPEN))
    return session.scalars(query).one_or_none()


def add(session: Session, gmina_code: str, **columns: Any) -> CodingRound:
    """In stage rating, with the next number. ConflictError if a round is open, even since this very moment."""
    highest = session.scalar(select(func.max(CodingRound.number)).filter_by(gmina_code=gmina_code))
    added = CodingRound(gmina_code=gmina_code, number=(highest or 0) + 1, stage=RATING, **columns)
    try:
        with session.begin_nested():
            session.add(added)
    except IntegrityError as error:
        raise ConflictError(ALREADY_OPEN) from error
    return added


def add_stakeholders(session: Session, round_id: int, stakeholder_ids: Iterable[int]) -> list[int]:
    """Those that were not in the round, or had been taken out of it; their ids come back."""
    added = []
    for stakeholder_id in dict.fromkeys(stakeholder_ids):
        row = session.get(RoundStakeholder, (round_id, stakeholder_id))
        if row is None:
            session.add(RoundStakeholder(round_id=round_id, stakeholder_id=stakeholder_id))
        elif row.withdrawn_at is None:
            continue
        else:
            row.withdrawn_at, row.withdrawn_reason = None, ""
        added.append(stakeholder_id)
    session.flush()
    return added


def add_raters(session: Session, round_id: int, person_ids: Iterable[int]) -> list[int]:
    """Those who had no seat, or had left it; their ids come back."""
    added = []
    for person_id in dict.fromkeys(person_ids):
        row = session.get(RoundRater, (round_id, person_id))
        if row is None:
            session.add(RoundRater(round_id=round_id, person_id=person_id))
        elif row.left_at is None:
            continue
        else:
            row.left_at = None
        added.append(person_id)
    session.flush()
    return added


def entries(session: Session, round_id: int) -> list[tuple[RoundStakeholder, Stakeholder]]:
    """Every stakeholder of the round, withdrawn ones among them."""
    query = select(RoundStakeholder, Stakeholder).join(
        Stakeholder, Stakeholder.id == RoundStakeholder.stakeholder_id
    )
    rows = session.execute(query.where(RoundStakeholder.round_id == round_id))
    return [(row, stakeholder) for row, stakeholder in rows]


def entry(session: Session, round_id: int, stakeholder_id: int) -> RoundStakeholder | None:
    if not 0 < stakeholder_id <= MAX_ID:
        return None
    return session.get(RoundStakeholder, (round_id, stakeholder_id))


def seats(session: Session, round_id: int) -> list[tuple[RoundRater, Person]]:
    """Every seat of the round with its person, by name; those who left among them."""
    query = select(RoundRater, Person).join(Person, Person.id == RoundRater.person_id)
    rows = session.execute(query.where(RoundRater.round_id == round_id).order_by(Person.name, Person.id))
    return [(row, person) for row, person in rows]


def seats_now(session: Session, found: CodingRound) -> list[tuple[RoundRater, Person, bool]]:
    """As `seats`, each with whether it is active (`active_seats`)."""
    active = RoundRater.left_at.is_(None) & stands(found.gmina_code)
    query = select(RoundRater, Person, active).join(Person, Person.id == RoundRater.person_id)
    rows = session.execute(query.where(RoundRater.round_id == found.id).order_by(Person.name, Person.id))
    return [(row, person, bool(stands_now)) for row, person, stands_now in rows]


def seat(session: Session, round_id: int, person_id: int) -> RoundRater | None:
    if not 0 < person_id <= MAX_ID:
        return None
    return session.get(RoundRater, (round_id, person_id))


def active_seats(session: Session, found: CodingRound) -> frozenset[int]:
    """Who rates and votes: has not left the round, is still of the gmina's team, has an account that works."""
    query = select(RoundRater.person_id).where(
        RoundRater.round_id == found.id, RoundRater.left_at.is_(None), stands(found.gmina_code)
    )
    return frozenset(session.scalars(query))


def stands(gmina_code: str) -> Any:
    """A condition on RoundRater: the person is of the team now."""
    team = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.gmina_code == gmina_code, Membership.role.in_(TEAM_ROLES), Person.active)
    )
    return RoundRater.person_id.in_(team)


def freeze(
    found: CodingRound, document: dict[str, Any], checksum: str, at: dt.datetime, actor: int | None
) -> None:
    """Closed, with everything that it found and the checksum of that."""
    found.stage, found.closed_at, found.closed_by = CLOSED, at, actor
    found.result, found.result_sha256 = document, checksum
