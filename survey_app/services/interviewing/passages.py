"""Passages of an interview's texts and the themes that coders gave them. METHOD, "IDI and FGI".

Coders work apart: what others chose in a text is shown to who has finished it, and agreement counts only what was
chosen before that. A passage points at its words by place, [start, end) in code points, and keeps no copy of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.store import excerpts as store
from survey_app.store import interview_texts

__all__ = ["CodedPassage", "coded"]


@dataclass(frozen=True, slots=True)
class CodedPassage:
    """A passage with what tables, files and evidence need. `end` exclusive, in code points; `role`: a key of ROLES.

    `letter`, `seat_id`, `role`: whose words it is wholly, else None, None, "". `question_id`: "" where it is in
    none, or in several. `cleared`: read for names, may be quoted. `may_be_evidence`: whoever said it agreed to that.
    `latest`: no later version of the notes is there; a transcript always is.
    """

    excerpt_id: int
    interview_id: int
    form: str
    text_id: int
    text_kind: str
    text_number: int
    question_id: str
    letter: str | None
    seat_id: int | None
    stakeholder_id: int | None
    role: str
    start: int
    end: int
    words: str
    theme_ids: tuple[int, ...]
    coder_id: int
    memo: str
    cleared: bool
    may_be_evidence: bool
    latest: bool


def coded(session: Session, gmina_code: str) -> list[CodedPassage]:
    """Every passage of the gmina that is there and that its coder means, by interview, text and place.

    Who may read which of them the caller asks: services.interviewing.readers.
    """
    rows = store.of_gmina(session, gmina_code)
    themes = store.themes_of(session, [row.excerpt.id for row in rows])
    newest = {
        interview_id: text.number
        for interview_id in {row.interview.id for row in rows}
        if (text := interview_texts.latest(session, interview_id, interview_texts.NOTES)) is not None
    }
    return [_coded(row, themes.get(row.excerpt.id, ()), newest) for row in rows]


def _coded(row: store.Coded, theme_ids: tuple[int, ...], newest: dict[int, int]) -> CodedPassage:
    excerpt, text, seat = row.excerpt, row.text, row.seat
    older = text.kind == interview_texts.NOTES and text.number < newest[row.interview.id]
    return CodedPassage(
        excerpt_id=excerpt.id,
        interview_id=row.interview.id,
        form=row.interview.form,
        text_id=text.id,
        text_kind=text.kind,
        text_number=text.number,
        question_id=excerpt.question_id,
        letter=seat.letter if seat else None,
        seat_id=seat.id if seat else None,
        stakeholder_id=seat.stakeholder_id if seat else None,
        role=seat.role if seat else "",
        start=excerpt.start_at,
        end=excerpt.end_at,
        words=text.text[excerpt.start_at : excerpt.end_at],
        theme_ids=theme_ids,
        coder_id=excerpt.coder_id,
        memo=excerpt.memo,
        cleared=excerpt.cleared_at is not None,
        may_be_evidence=row.evidence,
        latest=not older,
    )
