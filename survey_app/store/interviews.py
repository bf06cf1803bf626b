"""Interviews and the seats in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from survey_app.models import Interview, InterviewSeat
from survey_app.store.database import MAX_ID

__all__ = [
    "CANCELLED",
    "FGI",
    "HELD",
    "IDI",
    "PLANNED",
    "Interview",
    "InterviewSeat",
    "add",
    "add_newcomer",
    "get",
    "move_seats",
    "of_gmina",
    "of_moderator",
    "of_seat",
    "planned_between",
    "set_seats",
]

IDI, FGI = "idi", "fgi"
PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"


def get(session: Session, gmina_code: str, interview_id: int, *, alone: bool = False) -> Interview | None:
    """With its seats. `alone`: nobody else changes it until the transaction ends. None: the gmina has no such one."""
    if not 0 < interview_id <= MAX_ID:
        return None
    query = select(Interview).filter_by(gmina_code=gmina_code, id=interview_id)
    if alone:
        # Its seats are read after it is held: read with it, they would be those of before the wait.
        query = query.with_for_update(of=Interview).execution_options(populate_existing=True)
        return session.scalars(query).one_or_none()
    return session.scalars(query.options(joinedload(Interview.seats))).unique().one_or_none()


def of_gmina(session: Session, gmina_code: str) -> list[Interview]:
    """By date."""
    query = select(Interview).filter_by(gmina_code=gmina_code)
    return list(session.scalars(query.order_by(Interview.starts_at, Interview.id)))


def of_moderator(session: Session, gmina_code: str, person_id: int) -> list[Interview]:
    """Those of the gmina that were given to the person, by date."""
    query = select(Interview).filter_by(gmina_code=gmina_code, moderator_id=person_id)
    return list(session.scalars(query.order_by(Interview.starts_at, Interview.id)))


def of_seat(session: Session, seat_id: int) -> Interview | None:
    query = select(Interview).join(InterviewSeat, InterviewSeat.interview_id == Interview.id)
    return session.scalars(query.where(InterviewSeat.id == seat_id)).one_or_none()


def planned_between(
    session: Session, person_id: int, since: dt.datetime, until: dt.datetime
) -> list[Interview]:
    """What the person is to moderate, in any gmina, that begins within this time."""
    query = select(Interview).filter_by(moderator_id=person_id, state=PLANNED)
    query = query.where(Interview.starts_at > since, Interview.starts_at < until)
    return list(session.scalars(query.order_by(Interview.starts_at, Interview.id)))


def add(session: Session, seats: Iterable[InterviewSeat], **columns: Any) -> Interview:
    interview = Interview(**columns)
    interview.seats = list(seats)
    session.add(interview)
    session.flush()
    return interview


def set_seats(session: Session, interview: Interview, wanted: dict[str, tuple[int | None, str]]) -> bool:
    """Letter -> stakeholder and role. A letter that stays keeps its row; False if nothing is different."""
    before = {seat.letter: (seat.stakeholder_id, seat.role) for seat in interview.seats}
    interview.seats = [seat for seat in interview.seats if seat.letter in wanted]
    kept = {seat.letter: seat for seat in interview.seats}
    for letter, (stakeholder_id, role) in sorted(wanted.items()):
        if letter in kept:
            kept[letter].stakeholder_id, kept[letter].role = stakeholder_id, role
        else:
            interview.seats.append(InterviewSeat(letter=letter, stakeholder_id=stakeholder_id, role=role))
    session.flush()
    interview.seats.sort(key=lambda seat: seat.letter)
    return before != wanted


def add_newcomer(
    session: Session, interview: Interview, letter: str, role: str, newcomer: str
) -> InterviewSeat:
    """Somebody whom a console added, under a letter that is free."""
    seat = InterviewSeat(letter=letter, stakeholder_id=None, role=role, newcomer=newcomer)
    interview.seats.append(seat)
    session.flush()
    interview.seats.sort(key=lambda one: one.letter)
    return seat


def move_seats(session: Session, from_id: int, to_id: int) -> None:
    """Two entries of the catalogue were one institution: who was heard for the one was heard for the other."""
    moved = update(InterviewSeat).where(InterviewSeat.stakeholder_id == from_id).values(stakeholder_id=to_id)
    session.execute(moved)
