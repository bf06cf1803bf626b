"""Own passages of an earlier version of the notes, brought into a later one where the notes are the same.

**Convention**: a passage is carried over when every note that it touches stands in the later version word for word,
under the same letter and question, and the passage reads the same there. The others are listed, for a person to see.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts as texts
from survey_app.services.interviewing.interview_rules import require_interview
from survey_app.services.interviewing.interviews import Interview
from survey_app.store import excerpts as store
from survey_app.store.excerpts import Excerpt
from survey_app.store.interview_texts import NOTES, InterviewText

__all__ = ["CarryOffer", "carry", "offer"]


@dataclass(frozen=True, slots=True)
class CarryOffer:
    """`same`: own passages of that version that can be carried over; `other`: words of those that cannot."""

    from_number: int
    from_id: int
    same: int
    other: tuple[str, ...]


def offer(session: Session, interview: Interview, text: InterviewText, person_id: int) -> CarryOffer | None:
    """None: this is no later version, nothing was marked in an earlier one, or something is marked here already."""
    before = _earlier(session, interview, text, person_id)
    if before is None or _own(session, text, person_id):
        return None
    rows = _own(session, before, person_id)
    other = [row for row in rows if _place(before, text, row) is None]
    return CarryOffer(
        before.number,
        before.id,
        len(rows) - len(other),
        tuple(before.text[row.start_at : row.end_at] for row in other),
    )


def carry(context: Context, gmina_code: str, interview_id: int, text_id: int, actor: int) -> int:
    """Copies them, with themes and memo; how many. Those that are here already are not doubled."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        text = texts.text(session, gmina_code, interview_id, text_id, alone=True)
        before = _earlier(session, interview, text, actor)
        if before is None:
            raise NotFoundError("Nie ma wcześniejszej wersji notatek z Państwa fragmentami.")
        there = {(row.start_at, row.end_at) for row in _own(session, text, actor)}
        finished = actor in store.finished(session, [text.id]).get(text.id, {})
        rows = _own(session, before, actor)
        themes = store.themes_of(session, [row.id for row in rows])
        carried = 0
        for row in rows:
            start = _place(before, text, row)
            if start is None or (start, start + row.end_at - row.start_at) in there:
                continue
            store.add(
                session,
                text_id=text.id,
                seat_id=row.seat_id,
                question_id=row.question_id,
                start_at=start,
                end_at=start + row.end_at - row.start_at,
                coder_id=actor,
                memo=row.memo,
                created_at=context.clock(),
                independent=row.independent and not finished,
                theme_ids=themes.get(row.id, ()),
            )
            carried += 1
        texts.record_text(context, session, interview, text, "passages_carried", actor)
        return carried


def _earlier(
    session: Session, interview: Interview, text: InterviewText, person_id: int
) -> InterviewText | None:
    """The last version before this one in which the person has passages."""
    if text.kind != NOTES:
        return None
    versions = [
        row for row in texts.texts(session, interview.id) if row.kind == NOTES and row.number < text.number
    ]
    coded = {
        row.text_id
        for row in store.of_texts(session, [row.id for row in versions])
        if row.coder_id == person_id
    }
    return max((row for row in versions if row.id in coded), key=lambda row: row.number, default=None)


def _own(session: Session, text: InterviewText, person_id: int) -> list[Excerpt]:
    return [row for row in store.of_text(session, text.id) if row.coder_id == person_id]


def _place(before: InterviewText, after: InterviewText, row: Excerpt) -> int | None:
    """Where the passage begins in the later version; None where it does not stand there as it was."""
    later = {one.note: one for one in texts.segments_of(after).segments if one.note}
    touched = [
        one for one in texts.segments_of(before).segments if one.start < row.end_at and row.start_at < one.end
    ]
    for one in touched:
        same = later.get(one.note)
        if same is None or (same.letter, same.question) != (one.letter, one.question):
            return None
        if after.text[same.start : same.end] != before.text[one.start : one.end]:
            return None
    if not touched:
        return None
    start = later[touched[0].note].start + row.start_at - touched[0].start
    words = before.text[row.start_at : row.end_at]
    return start if after.text[start : start + len(words)] == words else None
