"""Passages of interviews with who said them and what was agreed to: for evidence and for quotations.

METHOD, "IDI and FGI": without the second yes a passage cannot be evidence, and no member sees what people of the
institution said that they represent. Here only what the tables know of it; who may read is decided by use cases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from survey_app.models import (
    Excerpt,
    ExcerptTheme,
    Interview,
    InterviewSeat,
    InterviewText,
    Participant,
    Stakeholder,
    Theme,
)
from survey_app.store.database import MAX_ID

__all__ = [
    "Excerpt",
    "SpokenExcerpt",
    "TextRuns",
    "find",
    "get_alone",
    "left",
    "of_gmina",
    "of_stakeholder",
    "standing",
    "text_runs",
    "themes",
]


@dataclass(frozen=True, slots=True)
class SpokenExcerpt:
    """One passage. `words` is "" where they are gone. `stakeholder_id`: whose person said it; None: nobody's alone.

    `consented`: the second yes of whoever said it stands, so that it may be evidence. `start`, `end`: code points in
    the text. `set_aside`: its coder no longer means it; what points at it goes on pointing.
    """

    id: int
    interview_id: int
    form: str
    moderator_id: int | None
    held_on: dt.date | None
    starts_at: dt.datetime
    text_id: int
    text_kind: str
    letter: str | None
    role: str | None
    stakeholder_id: int | None
    institution: str | None
    natural_person: bool
    question_id: str
    start: int
    end: int
    words: str
    consented: bool
    set_aside: bool
    removed: bool
    cleared_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class TextRuns:
    """A text of an interview: `segments` as `InterviewText` keeps them."""

    text: str
    segments: tuple[dict[str, Any], ...]


def standing() -> ColumnElement[bool]:
    """May a passage be evidence now? For a query with Excerpt, InterviewText, InterviewSeat and Participant joined.

    NULL or false: no. METHOD, "IDI and FGI": the second yes of whoever said it, and not taken back since.
    """
    return and_(
        Excerpt.removed_at.is_(None),
        InterviewText.removed_at.is_(None),
        InterviewSeat.stakeholder_id.is_not(None),
        Participant.agreed.is_(True),
        Participant.evidence.is_(True),
        Participant.withdrawn_at.is_(None),
    )


def find(session: Session, gmina_code: str, excerpt_id: int) -> SpokenExcerpt | None:
    """None: this gmina has no such passage. One whose words are gone is found, without them."""
    if not 0 < excerpt_id <= MAX_ID:
        return None
    found = _read(session, _query(gmina_code).where(Excerpt.id == excerpt_id))
    return found[0] if found else None


def of_gmina(
    session: Session, gmina_code: str, excerpt_ids: Collection[int] | None = None
) -> list[SpokenExcerpt]:
    """Those whose words are there, by interview and place in it; `excerpt_ids`: of these, removed ones included."""
    query = _query(gmina_code)
    if excerpt_ids is None:
        query = query.where(Excerpt.removed_at.is_(None), Excerpt.set_aside_at.is_(None))
    else:
        query = query.where(Excerpt.id.in_(excerpt_ids))
    return _read(session, query)


def left(session: Session, excerpt_ids: Collection[int]) -> dict[int, dt.datetime | None]:
    """Of these passages, those that may no longer be quoted: number -> when its words went (None: they are there)."""
    query = select(Excerpt.id, Excerpt.removed_at).where(
        Excerpt.id.in_(excerpt_ids),
        Excerpt.cleared_at.is_(None) | Excerpt.removed_at.is_not(None) | Excerpt.set_aside_at.is_not(None),
    )
    return {row.id: row.removed_at for row in session.execute(query)}


def of_stakeholder(session: Session, gmina_code: str, stakeholder_id: int) -> list[SpokenExcerpt]:
    """What people of this institution said and agreed to have used as evidence."""
    query = _query(gmina_code).where(
        InterviewSeat.stakeholder_id == stakeholder_id, standing(), Excerpt.set_aside_at.is_(None)
    )
    return _read(session, query)


def get_alone(session: Session, excerpt_id: int) -> Excerpt | None:
    """The row itself; nobody else changes it until the transaction ends."""
    query = select(Excerpt).filter_by(id=excerpt_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def text_runs(session: Session, text_ids: Collection[int]) -> dict[int, TextRuns]:
    """By id of the text."""
    query = select(InterviewText.id, InterviewText.text, InterviewText.segments)
    found = session.execute(query.where(InterviewText.id.in_(text_ids)))
    return {key: TextRuns(text, tuple(segments)) for key, text, segments in found}


def themes(session: Session, excerpt_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Excerpt -> labels of its themes, in the order of the tree's positions."""
    query = (
        select(ExcerptTheme.excerpt_id, Theme.label)
        .join(Theme, Theme.id == ExcerptTheme.theme_id)
        .where(ExcerptTheme.excerpt_id.in_(excerpt_ids))
        .order_by(Theme.position, Theme.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for excerpt_id, label in session.execute(query):
        found[excerpt_id] = (*found.get(excerpt_id, ()), label)
    return found


def _query(gmina_code: str) -> Select[*tuple[Any, ...]]:
    """Both databases count code points in `substr`, as positions in a text do."""
    words = func.substr(InterviewText.text, Excerpt.start_at + 1, Excerpt.end_at - Excerpt.start_at)
    return (
        select(
            Excerpt.id,
            Interview.id.label("interview_id"),
            Interview.form,
            Interview.moderator_id,
            Interview.held_on,
            Interview.starts_at,
            Excerpt.text_id,
            InterviewText.kind.label("text_kind"),
            InterviewSeat.letter,
            InterviewSeat.role,
            InterviewSeat.stakeholder_id,
            Stakeholder.name.label("institution"),
            Stakeholder.natural_person,
            Excerpt.question_id,
            Excerpt.start_at.label("start"),
            Excerpt.end_at.label("end"),
            words.label("words"),
            standing().label("consented"),
            Excerpt.set_aside_at,
            (Excerpt.removed_at.is_not(None) | InterviewText.removed_at.is_not(None)).label("removed"),
            Excerpt.cleared_at,
        )
        .join(InterviewText, InterviewText.id == Excerpt.text_id)
        .join(Interview, Interview.id == InterviewText.interview_id)
        .outerjoin(InterviewSeat, InterviewSeat.id == Excerpt.seat_id)
        .outerjoin(Stakeholder, Stakeholder.id == InterviewSeat.stakeholder_id)
        .outerjoin(Participant, Participant.seat_id == Excerpt.seat_id)
        .where(Interview.gmina_code == gmina_code)
        .order_by(Interview.starts_at, Interview.id, Excerpt.text_id, Excerpt.start_at, Excerpt.id)
    )


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[SpokenExcerpt]:
    return [_spoken(row._asdict()) for row in session.execute(query)]


def _spoken(row: dict[str, Any]) -> SpokenExcerpt:
    set_aside_at, removed = row.pop("set_aside_at"), bool(row.pop("removed"))
    words, consented = row.pop("words"), bool(row.pop("consented"))
    return SpokenExcerpt(
        **{**row, "natural_person": bool(row["natural_person"])},
        words="" if removed else words,
        consented=consented,
        set_aside=set_aside_at is not None,
        removed=removed,
    )
