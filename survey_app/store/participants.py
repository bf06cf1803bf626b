"""Consent and sealed personal data of the seats of interviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from survey_app.models import Interview, InterviewSeat, InterviewText, Note, Participant

__all__ = [
    "Participant",
    "add",
    "deleted_keys",
    "forget_traces",
    "gone",
    "hold",
    "keeping",
    "last_project_title",
    "leave_traces",
    "letters_heard",
    "of_interview",
    "of_interviews",
    "of_key",
    "of_keys",
    "of_seat",
    "ordered",
    "with_traces",
]


def hold(session: Session, interview_id: int) -> None:
    """Nobody else changes consents, data or notes of this interview until the transaction ends."""
    session.execute(select(Interview.id).where(Interview.id == interview_id).with_for_update(of=Interview))


def of_interview(session: Session, interview_id: int) -> dict[int, Participant]:
    """By the id of the seat; a seat of which nothing is recorded yet has none."""
    return of_interviews(session, [interview_id])


def of_interviews(session: Session, interview_ids: Iterable[int]) -> dict[int, Participant]:
    """As `of_interview`, of several."""
    query = select(Participant).join(InterviewSeat, InterviewSeat.id == Participant.seat_id)
    rows = session.scalars(query.where(InterviewSeat.interview_id.in_(list(interview_ids))))
    return {row.seat_id: row for row in rows}


def of_seat(session: Session, seat_id: int, *, alone: bool = False) -> Participant | None:
    query = select(Participant).filter_by(seat_id=seat_id)
    if alone:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def add(session: Session, seat_id: int, **columns: Any) -> Participant:
    row = Participant(seat_id=seat_id, **columns)
    session.add(row)
    session.flush()
    return row


def of_key(session: Session, key_name: str) -> Participant | None:
    return session.scalars(select(Participant).filter_by(key_name=key_name)).one_or_none()


def of_keys(session: Session, names: Collection[str]) -> Participant | None:
    """The one row that names one of these keys, which took each other's place."""
    return session.scalars(select(Participant).where(Participant.key_name.in_(names))).first()


def gone(session: Session) -> list[tuple[Participant, Interview, InterviewSeat]]:
    """Everyone who took their consent back, or whose personal data were deleted or are being deleted."""
    query = (
        select(Participant, Interview, InterviewSeat)
        .join(InterviewSeat, InterviewSeat.id == Participant.seat_id)
        .join(Interview, Interview.id == InterviewSeat.interview_id)
        .where(
            or_(
                Participant.withdrawn_at.is_not(None),
                Participant.key_name.is_not(None) & Participant.sealed.is_(None),
            )
        )
    )
    found = session.execute(query.order_by(Participant.id)).unique()
    return [(row, interview, seat) for row, interview, seat in found]


def letters_heard(session: Session, interview: Interview) -> set[str]:
    """Letters under which words are kept, in notes or in texts; "": words under no letter."""
    letter_of = {seat.id: seat.letter for seat in interview.seats}
    notes = select(Note.seat_id).where(Note.interview_id == interview.id, Note.deleted_at.is_(None))
    heard = {letter_of.get(seat_id or 0, "") for seat_id in session.scalars(notes.distinct())}
    texts = select(InterviewText.segments).where(
        InterviewText.interview_id == interview.id, InterviewText.removed_at.is_(None)
    )
    return heard | {part.get("letter") or "" for segments in session.scalars(texts) for part in segments}


def keeping(session: Session) -> list[tuple[Participant, Interview]]:
    """Everyone whose personal data are kept, with their interview."""
    query = (
        select(Participant, Interview)
        .join(InterviewSeat, InterviewSeat.id == Participant.seat_id)
        .join(Interview, Interview.id == InterviewSeat.interview_id)
        .where(Participant.sealed.is_not(None))
    )
    return [(row, interview) for row, interview in session.execute(query.order_by(Participant.id)).unique()]


def ordered(session: Session) -> list[tuple[str, int, str, int]]:
    """Whose data are taken away and whose key may still be there: gmina, interview, letter, seat."""
    query = (
        select(Interview.gmina_code, Interview.id, InterviewSeat.letter, InterviewSeat.id)
        .join(InterviewSeat, InterviewSeat.interview_id == Interview.id)
        .join(Participant, Participant.seat_id == InterviewSeat.id)
        .where(
            Participant.key_name.is_not(None), Participant.sealed.is_(None), Participant.deleted_at.is_(None)
        )
    )
    return [(gmina, number, letter, seat) for gmina, number, letter, seat in session.execute(query)]


def deleted_keys(session: Session, names: Collection[str]) -> list[str]:
    """Of these names of keys, those whose data are deleted."""
    query = select(Participant.key_name).where(Participant.deleted_at.is_not(None))
    return sorted(name for name in session.scalars(query) if name is not None and name in names)


def with_traces(session: Session) -> dict[int, dt.datetime]:
    """Participant's id -> since when the free pages may hold what was taken away."""
    query = select(Participant.id, Participant.traces_since).where(Participant.traces_since.is_not(None))
    return {number: since for number, since in session.execute(query) if since is not None}


def leave_traces(session: Session, interview_id: int, at: dt.datetime) -> None:
    """Words went that somebody who withdrew may have said: the free pages have to be cleaned of them, too."""
    seats = select(InterviewSeat.id).where(InterviewSeat.interview_id == interview_id)
    withdrew = (Participant.seat_id.in_(seats), Participant.withdrawn_at.is_not(None))
    session.execute(update(Participant).where(*withdrew).values(traces_since=at))


def forget_traces(session: Session, seen: Iterable[tuple[int, dt.datetime]]) -> None:
    """The free pages are clean of what had been taken away at these moments; what went since stays marked."""
    for number, since in seen:
        session.execute(
            update(Participant)
            .where(Participant.id == number, or_(Participant.traces_since <= since))
            .values(traces_since=None)
        )


def last_project_title(session: Session, gmina_code: str) -> str:
    """Of the gmina's newest interview that has one."""
    query = select(Interview.project_title).where(
        Interview.gmina_code == gmina_code, Interview.project_title != ""
    )
    return session.scalars(query.order_by(Interview.id.desc()).limit(1)).first() or ""
