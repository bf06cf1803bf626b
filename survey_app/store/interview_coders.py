"""Who was given an interview to code, beside its moderator and the coordinator."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import InterviewCoder
from survey_app.store.database import MAX_ID

__all__ = ["add", "codes", "given_to", "of_interview", "remove"]


def codes(session: Session, interview_id: int, person_id: int) -> bool:
    if not (0 < interview_id <= MAX_ID and 0 < person_id <= MAX_ID):
        return False
    return session.get(InterviewCoder, (interview_id, person_id)) is not None


def of_interview(session: Session, interview_id: int) -> list[int]:
    """Ids of people, the longest given first."""
    query = select(InterviewCoder.person_id).filter_by(interview_id=interview_id)
    return list(session.scalars(query.order_by(InterviewCoder.given_at, InterviewCoder.person_id)))


def given_to(session: Session, person_id: int) -> frozenset[int]:
    """Ids of the interviews that the person codes."""
    return frozenset(session.scalars(select(InterviewCoder.interview_id).filter_by(person_id=person_id)))


def add(session: Session, interview_id: int, person_id: int, at: dt.datetime) -> None:
    """Nothing happens where it was given already."""
    if not codes(session, interview_id, person_id):
        session.add(InterviewCoder(interview_id=interview_id, person_id=person_id, given_at=at))
        session.flush()


def remove(session: Session, interview_id: int, person_id: int) -> None:
    row = session.get(InterviewCoder, (interview_id, person_id))
    if row is not None:
        session.delete(row)
        session.flush()
