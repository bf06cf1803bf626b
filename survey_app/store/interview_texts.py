"""Texts that passages point into: locked versions of notes, and transcripts, kept apart from them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Interview, InterviewText
from survey_app.store.database import MAX_ID

__all__ = [
    "NOTES",
    "TRANSCRIPT",
    "InterviewText",
    "add",
    "by_id",
    "get",
    "latest",
    "newest_notes",
    "numbered",
    "of_gmina",
    "of_interview",
    "remove",
    "rewrite",
]

NOTES, TRANSCRIPT = "notes", "transcript"


def of_interview(
    session: Session, interview_id: int, kind: str | None = None, *, include_removed: bool = False
) -> list[InterviewText]:
    """Notes first, each kind by number; those that were removed only where they are asked for."""
    query = select(InterviewText).filter_by(interview_id=interview_id)
    if kind is not None:
        query = query.filter_by(kind=kind)
    if not include_removed:
        query = query.where(InterviewText.removed_at.is_(None))
    return list(session.scalars(query.order_by(InterviewText.kind, InterviewText.number)))


def of_gmina(session: Session, gmina_code: str) -> dict[int, list[InterviewText]]:
    """As `of_interview`, of all interviews of the gmina that have any, by interview."""
    query = (
        select(InterviewText)
        .join(Interview, Interview.id == InterviewText.interview_id)
        .where(Interview.gmina_code == gmina_code, InterviewText.removed_at.is_(None))
        .order_by(InterviewText.interview_id, InterviewText.kind, InterviewText.number)
    )
    found: dict[int, list[InterviewText]] = {}
    for row in session.scalars(query):
        found.setdefault(row.interview_id, []).append(row)
    return found


def newest_notes(session: Session, gmina_code: str) -> dict[int, int]:
    """By interview of the gmina: the number of the last version of the notes whose words are there."""
    query = (
        select(InterviewText.interview_id, func.max(InterviewText.number))
        .join(Interview, Interview.id == InterviewText.interview_id)
        .where(
            Interview.gmina_code == gmina_code,
            InterviewText.kind == NOTES,
            InterviewText.removed_at.is_(None),
        )
        .group_by(InterviewText.interview_id)
    )
    return dict(session.execute(query).all())


def get(
    session: Session, gmina_code: str, interview_id: int, text_id: int, *, alone: bool = False
) -> InterviewText | None:
    """None: the interview of this gmina has no such text, or its words are gone."""
    if not (0 < text_id <= MAX_ID and 0 < interview_id <= MAX_ID):
        return None
    query = (
        select(InterviewText)
        .join(Interview, Interview.id == InterviewText.interview_id)
        .where(
            Interview.gmina_code == gmina_code,
            InterviewText.interview_id == interview_id,
            InterviewText.id == text_id,
            InterviewText.removed_at.is_(None),
        )
    )
    if alone:
        query = query.with_for_update(of=InterviewText).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def by_id(session: Session, text_id: int) -> InterviewText | None:
    """Of any interview. None: there is no such text, or its words are gone."""
    return session.scalars(select(InterviewText).filter_by(id=text_id, removed_at=None)).one_or_none()


def numbered(
    session: Session, interview_id: int, kind: str, number: int, *, alone: bool = False
) -> InterviewText | None:
    """None: there never was such a number, or its words are gone."""
    if not 0 < number <= MAX_ID:
        return None
    query = select(InterviewText).filter_by(
        interview_id=interview_id, kind=kind, number=number, removed_at=None
    )
    if alone:
        query = query.with_for_update(of=InterviewText).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def latest(session: Session, interview_id: int, kind: str) -> InterviewText | None:
    """The one with the highest number whose words are there."""
    query = select(InterviewText).filter_by(interview_id=interview_id, kind=kind, removed_at=None)
    return session.scalars(query.order_by(InterviewText.number.desc()).limit(1)).first()


def add(
    session: Session,
    *,
    interview_id: int,
    kind: str,
    text: str,
    segments: list[dict[str, Any]],
    sha256: str,
    file_name: str,
    created_at: dt.datetime,
    created_by: int | None,
) -> InterviewText:
    """Takes the next number of its kind; a number is never given twice. The caller holds the interview's row."""
    highest = select(func.max(InterviewText.number)).filter_by(interview_id=interview_id, kind=kind)
    row = InterviewText(
        interview_id=interview_id,
        kind=kind,
        number=(session.scalar(highest) or 0) + 1,
        text=text,
        segments=segments,
        sha256=sha256,
        file_name=file_name,
        created_at=created_at,
        created_by=created_by,
    )
    session.add(row)
    session.flush()
    return row


def rewrite(
    session: Session,
    row: InterviewText,
    text: str,
    segments: list[dict[str, Any]],
    sha256: str,
    at: dt.datetime,
) -> None:
    """What somebody had said was cut out of it."""
    row.text, row.segments, row.sha256, row.redacted_at = text, segments, sha256, at
    session.flush()


def remove(session: Session, row: InterviewText, at: dt.datetime) -> None:
    """Its number stays; the words go, and with them the checksum, by which a guess could be proven."""
    row.text, row.segments, row.sha256, row.file_name, row.removed_at = "", [], "", "", at
    session.flush()
