"""Notes of an interview, and how far it has come. A note that was deleted stays as its bare id and letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey_app.models import Excerpt, InterviewProgress, InterviewText, Note, Participant

__all__ = [
    "ERASED",
    "PART",
    "InterviewProgress",
    "Note",
    "bury",
    "erase_all",
    "erase_seat",
    "forget_seats",
    "get",
    "locked_versions",
    "next_second",
    "notes",
    "progress",
    "progress_of",
    "put",
    "put_progress",
    "seats_in_use",
    "speaking",
]

PART = "part:"
ERASED = ""  # the writer of a tombstone that a withdrawal left: no page's own


def notes(session: Session, interview_id: int, include_deleted: bool = False) -> list[Note]:
    """In the order in which they were begun: within one second by the id, which begins with the moment."""
    query = select(Note).filter_by(interview_id=interview_id)
    if not include_deleted:
        query = query.where(Note.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Note.second, Note.id)))


def get(session: Session, note_id: str) -> Note | None:
    """Of any interview, deleted ones among them: the id is the device's, and whose it is has to be looked at."""
    return session.get(Note, note_id)


def put(session: Session, note_id: str, interview_id: int, **columns: Any) -> Note:
    """A new note, or the next revision of one."""
    note = session.get(Note, note_id)
    if note is None:
        note = Note(id=note_id, interview_id=interview_id, **columns)
        session.add(note)
    else:
        for name, value in columns.items():
            setattr(note, name, value)
        note.revision += 1
    session.flush()
    return note


def next_second(session: Session, interview_id: int) -> int:
    """Of the interview: after all notes that are there."""
    query = select(func.max(Note.second)).filter_by(interview_id=interview_id, deleted_at=None)
    last = session.scalar(query)
    return 0 if last is None else last + 1


def bury(session: Session, note: Note, at: dt.datetime, **columns: Any) -> None:
    """Nothing of it stays but its id and letter; what was written beside it stands by itself."""
    session.execute(update(Note).where(Note.variant_of == note.id).values(variant_of=None))
    for name, value in columns.items():
        setattr(note, name, value)
    note.text, note.question_id, note.quotation, note.second, note.variant_of = "", "", False, 0, None
    note.deleted_at = at
    note.revision += 1
    session.flush()


def erase_seat(session: Session, interview_id: int, seat_id: int, at: dt.datetime | None = None) -> int:
    """All that stands under the letter, and what was written beside it elsewhere; how many notes went."""
    found = notes(session, interview_id)
    own = {note.id for note in found if note.seat_id == seat_id}
    return _erase(session, [note for note in found if note.id in own or note.variant_of in own], seat_id, at)


def erase_all(session: Session, interview_id: int, at: dt.datetime | None = None) -> int:
    """Every note of the interview; how many went."""
    return _erase(session, notes(session, interview_id), None, at)


def _erase(session: Session, gone: list[Note], seat_id: int | None, at: dt.datetime | None) -> int:
    """The tombstones tell a late device why nothing comes back."""
    trace = {"writer": ERASED, "writer_change": 0, "changed_by": None}
    for note in gone:
        bury(session, note, at or dt.datetime.now(dt.UTC), seat_id=seat_id or note.seat_id, **trace)
    return len(gone)


def progress(session: Session, interview_id: int) -> list[InterviewProgress]:
    """Marks of questions, and the seconds of parts (their items begin with "part:")."""
    query = select(InterviewProgress).filter_by(interview_id=interview_id)
    return list(session.scalars(query.order_by(InterviewProgress.item)))


def progress_of(session: Session, interview_id: int, item: str) -> InterviewProgress | None:
    return session.get(InterviewProgress, (interview_id, item))


def put_progress(session: Session, interview_id: int, item: str, **columns: Any) -> InterviewProgress:
    """A new one, or its next revision."""
    row = progress_of(session, interview_id, item)
    if row is None:
        row = InterviewProgress(interview_id=interview_id, item=item, **columns)
        session.add(row)
    else:
        for name, value in columns.items():
            setattr(row, name, value)
        row.revision += 1
    session.flush()
    return row


def locked_versions(session: Session, interview_id: int) -> int:
    """How often the notes were locked; a version that was removed counts, for its number is taken."""
    query = select(func.count()).select_from(InterviewText)
    return session.scalar(query.filter_by(interview_id=interview_id, kind="notes")) or 0


def seats_in_use(session: Session, seat_ids: Iterable[int]) -> frozenset[int]:
    """Of the seats, those with consent, personal data, notes or passages."""
    wanted = list(seat_ids)
    used: set[int] = set(session.scalars(select(Participant.seat_id).where(Participant.seat_id.in_(wanted))))
    live = select(Note.seat_id).where(Note.seat_id.in_(wanted), Note.deleted_at.is_(None))
    passages = select(Excerpt.seat_id).where(Excerpt.seat_id.in_(wanted))
    for query in (live, passages):
        used.update(found for found in session.scalars(query) if found is not None)
    return frozenset(used)


def promised_evidence(session: Session, seat_ids: Iterable[int]) -> frozenset[int]:
    """Of the seats, those whose second yes stands: a sentence of theirs may support their institution's code."""
    wanted = list(seat_ids)
    query = select(Participant.seat_id).where(
        Participant.seat_id.in_(wanted), Participant.evidence.is_(True), Participant.withdrawn_at.is_(None)
    )
    return frozenset(session.scalars(query))


def speaking(session: Session, seat_ids: Iterable[int]) -> frozenset[int]:
    """Of the seats, those who agreed to the talk or have notes: they were there."""
    wanted = list(seat_ids)
    agreed = select(Participant.seat_id).where(Participant.seat_id.in_(wanted), Participant.agreed.is_(True))
    noted = select(Note.seat_id).where(Note.seat_id.in_(wanted), Note.deleted_at.is_(None))
    found = [*session.scalars(agreed), *session.scalars(noted)]
    return frozenset(one for one in found if one is not None)


def forget_seats(session: Session, seat_ids: Iterable[int]) -> None:
    """Seats that are taken away leave the tombstones of notes without a letter."""
    wanted = list(seat_ids)
    session.execute(
        update(Note).where(Note.seat_id.in_(wanted), Note.deleted_at.is_not(None)).values(seat_id=None)
    )
