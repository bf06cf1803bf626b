"""Meetings: seats, motions and votes by name; all hang on an entry of a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import MeetingSeat, Motion, MotionVote, RegisterEntry, Representation, Stakeholder

__all__ = [
    "MeetingSeat",
    "Motion",
    "MotionVote",
    "add_motion",
    "add_seat",
    "both_voted",
    "cast",
    "delete_motion",
    "delete_seat",
    "motions",
    "motions_of_gmina",
    "move_seats",
    "represented",
    "seats",
    "take_back",
    "votes",
]


def represented(session: Session, gmina_code: str) -> dict[int, dict[int, str]]:
    """Person id -> the institutions that the person represents and that are in the catalogue now, by id and name."""
    query = (
        select(Representation.person_id, Stakeholder.id, Stakeholder.name)
        .join(Stakeholder, Stakeholder.id == Representation.stakeholder_id)
        .where(Stakeholder.gmina_code == gmina_code, Stakeholder.left_on.is_(None))
    )
    found: dict[int, dict[int, str]] = {}
    for person_id, stakeholder_id, name in session.execute(query):
        found.setdefault(person_id, {})[stakeholder_id] = name
    return found


def seats(session: Session, entry_id: int) -> list[MeetingSeat]:
    """As they were listed."""
    return list(session.scalars(select(MeetingSeat).filter_by(entry_id=entry_id).order_by(MeetingSeat.id)))


def add_seat(
    session: Session, entry_id: int, stakeholder_id: int | None, person_id: int | None, label: str
) -> None:
    session.add(
        MeetingSeat(entry_id=entry_id, stakeholder_id=stakeholder_id, person_id=person_id, label=label)
    )
    session.flush()


def delete_seat(session: Session, seat: MeetingSeat) -> None:
    """Of one that has voted on nothing."""
    session.delete(seat)
    session.flush()


def motions(session: Session, entry_id: int) -> list[Motion]:
    """In the order of their numbers."""
    return list(session.scalars(select(Motion).filter_by(entry_id=entry_id).order_by(Motion.number)))


def motions_of_gmina(
    session: Session, gmina_code: str, limit: int, offset: int
) -> tuple[list[tuple[RegisterEntry, Motion]], int]:
    """A page of all motions, those of the latest meeting first; and how many there are."""
    own = RegisterEntry.gmina_code == gmina_code
    total = select(func.count()).select_from(Motion).join(RegisterEntry).where(own)
    query = (
        select(RegisterEntry, Motion)
        .join(Motion, Motion.entry_id == RegisterEntry.id)
        .where(own)
        .order_by(RegisterEntry.starts_on.desc(), RegisterEntry.id.desc(), Motion.number)
        .limit(limit)
        .offset(offset)
    )
    return [(entry, motion) for entry, motion in session.execute(query)], session.scalar(total) or 0


def add_motion(
    session: Session, entry_id: int, number: int, text: str, named: bool, at: dt.datetime, by: int | None
) -> Motion:
    motion = Motion(entry_id=entry_id, number=number, text=text, named=named, put_at=at, put_by=by)
    session.add(motion)
    session.flush()
    return motion


def delete_motion(session: Session, motion: Motion) -> None:
    """Of one that is open and has no votes."""
    session.delete(motion)
    session.flush()


def votes(session: Session, motion_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Motion id -> seat id -> vote."""
    found: dict[int, dict[int, str]] = {one: {} for one in motion_ids}
    query = select(MotionVote).where(MotionVote.motion_id.in_(sorted(motion_ids)))
    for one in session.scalars(query) if motion_ids else ():
        found[one.motion_id][one.seat_id] = one.vote
    return found


def cast(session: Session, motion_id: int, seat_id: int, vote: str) -> None:
    """In the place of an earlier vote of this seat, if it has one."""
    session.merge(MotionVote(motion_id=motion_id, seat_id=seat_id, vote=vote))
    session.flush()


def take_back(session: Session, motion_id: int, seat_id: int) -> None:
    """The seat has not voted on this."""
    found = session.get(MotionVote, (motion_id, seat_id))
    if found is not None:
        session.delete(found)
        session.flush()


def both_voted(session: Session, first_id: int, second_id: int) -> tuple[str, int] | None:
    """Title of the meeting and number of the first open motion that both institutions have voted on."""
    voted = (
        select(MotionVote.motion_id)
        .join(MeetingSeat, MeetingSeat.id == MotionVote.seat_id)
        .where(MeetingSeat.stakeholder_id.in_((first_id, second_id)))
        .group_by(MotionVote.motion_id)
        .having(func.count() > 1)
    )
    query = (
        select(RegisterEntry.title, Motion.number)
        .join(Motion, Motion.entry_id == RegisterEntry.id)
        .where(Motion.outcome == "", Motion.id.in_(voted))
        .order_by(RegisterEntry.id, Motion.number)
    )
    row = session.execute(query.limit(1)).one_or_none()
    return (row.title, row.number) if row else None


def move_seats(session: Session, from_id: int, to_id: int) -> None:
    """The seats of one institution are another's. Where both sit, one seat is left, with the votes and the presence of
    both; after a motion was closed there, both stay: who was counted does not change.
    """
    here = {one.entry_id: one for one in session.scalars(select(MeetingSeat).filter_by(stakeholder_id=to_id))}
    for seat in session.scalars(select(MeetingSeat).filter_by(stakeholder_id=from_id)).all():
        kept = here.get(seat.entry_id)
        if kept is None:
            seat.stakeholder_id = to_id
        elif not any(one.outcome for one in motions(session, seat.entry_id)):
            kept.present = kept.present or seat.present
            for vote in session.scalars(select(MotionVote).filter_by(seat_id=seat.id)).all():
                cast(session, vote.motion_id, kept.id, vote.vote)
                session.delete(vote)
            session.flush()
            delete_seat(session, seat)
    session.flush()
