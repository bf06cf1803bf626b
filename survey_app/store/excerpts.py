"""Passages of interview texts, the themes that they were given, and who has finished a text.

A passage is never deleted: a number that a closed round names must not be given to another. `removed_at` makes it
bare, `set_aside_at` takes it out of its coder's work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey_app.models import (
    Excerpt,
    ExcerptTheme,
    FinishedCoding,
    Interview,
    InterviewSeat,
    InterviewText,
    Participant,
)
from survey_app.store import interview_texts, interviews
from survey_app.store.database import MAX_ID

__all__ = [
    "Coded",
    "Excerpt",
    "FinishedCoding",
    "add",
    "add_themes",
    "cut",
    "finish",
    "finished",
    "get",
    "of_gmina",
    "of_text",
    "of_texts",
    "remove",
    "remove_of_text",
    "set_aside",
    "set_themes",
    "shift",
    "themes_of",
    "unfinish",
]


@dataclass(frozen=True, slots=True)
class Coded:
    """A passage with what its text, its interview and its speaker say about it."""

    excerpt: Excerpt
    text: InterviewText
    interview: Interview
    seat: InterviewSeat | None
    evidence: bool  # whoever said it agreed to that, and has not withdrawn


def get(session: Session, excerpt_id: int) -> Excerpt | None:
    """Removed ones too: see `removed_at`."""
    return session.get(Excerpt, excerpt_id) if 0 < excerpt_id <= MAX_ID else None


def of_text(session: Session, text_id: int, *, set_aside: bool = False) -> list[Excerpt]:
    """Those that are there, in the order of the text. `set_aside`: also what their coders no longer mean."""
    return of_texts(session, [text_id], set_aside=set_aside)


def of_texts(session: Session, text_ids: Collection[int], *, set_aside: bool = False) -> list[Excerpt]:
    """As `of_text`, of several."""
    if not text_ids:
        return []
    query = select(Excerpt).where(Excerpt.text_id.in_(text_ids), Excerpt.removed_at.is_(None))
    if not set_aside:
        query = query.where(Excerpt.set_aside_at.is_(None))
    order = (Excerpt.text_id, Excerpt.start_at, Excerpt.end_at, Excerpt.id)
    return list(session.scalars(query.order_by(*order)))


def of_gmina(session: Session, gmina_code: str) -> list[Coded]:
    """All passages of the gmina that are there, by interview, text and place.

    Texts and interviews are read on their own: beside each passage they would come once per passage.
    """
    texts = {row.id: row for rows in interview_texts.of_gmina(session, gmina_code).values() for row in rows}
    talks = {row.id: row for row in interviews.of_gmina(session, gmina_code)}
    query = (
        select(Excerpt, InterviewSeat, Participant)
        .outerjoin(InterviewSeat, InterviewSeat.id == Excerpt.seat_id)
        .outerjoin(Participant, Participant.seat_id == InterviewSeat.id)
        .where(
            Excerpt.text_id.in_(_texts_of(gmina_code)),
            Excerpt.removed_at.is_(None),
            Excerpt.set_aside_at.is_(None),
        )
    )
    found = []
    for excerpt, seat, participant in session.execute(query):
        text = texts[excerpt.text_id]
        interview = talks[text.interview_id]
        found.append(Coded(excerpt, text, interview, seat, _is_evidence_of(participant)))
    return sorted(found, key=_place)


def _texts_of(gmina_code: str) -> Any:
    return (
        select(InterviewText.id)
        .join(Interview, Interview.id == InterviewText.interview_id)
        .where(Interview.gmina_code == gmina_code, InterviewText.removed_at.is_(None))
    )


def _place(one: Coded) -> tuple[int, str, int, int, int, int]:
    text, excerpt = one.text, one.excerpt
    return one.interview.id, text.kind, text.number, text.id, excerpt.start_at, excerpt.id


def add(
    session: Session,
    *,
    text_id: int,
    seat_id: int | None,
    question_id: str,
    start_at: int,
    end_at: int,
    coder_id: int,
    memo: str,
    created_at: dt.datetime,
    independent: bool,
    theme_ids: Iterable[int],
) -> Excerpt:
    row = Excerpt(
        text_id=text_id,
        seat_id=seat_id,
        question_id=question_id,
        start_at=start_at,
        end_at=end_at,
        coder_id=coder_id,
        memo=memo,
        created_at=created_at,
        independent=independent,
    )
    session.add(row)
    session.flush()
    set_themes(session, row, theme_ids)
    return row


def themes_of(session: Session, excerpt_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """By passage: the ids of its themes; a passage without any is not there."""
    query = select(ExcerptTheme).where(ExcerptTheme.excerpt_id.in_(excerpt_ids))
    found: dict[int, list[int]] = {}
    for row in session.scalars(query.order_by(ExcerptTheme.excerpt_id, ExcerptTheme.theme_id)):
        found.setdefault(row.excerpt_id, []).append(row.theme_id)
    return {excerpt_id: tuple(themes) for excerpt_id, themes in found.items()}


def set_themes(session: Session, excerpt: Excerpt, theme_ids: Iterable[int]) -> None:
    """Makes these its only ones."""
    session.execute(delete(ExcerptTheme).filter_by(excerpt_id=excerpt.id))
    add_themes(session, excerpt, theme_ids)


def add_themes(session: Session, excerpt: Excerpt, theme_ids: Iterable[int]) -> None:
    """Beside those that it has; none of these may be among them."""
    session.add_all([ExcerptTheme(excerpt_id=excerpt.id, theme_id=each) for each in sorted(set(theme_ids))])
    session.flush()


def remove(session: Session, excerpt: Excerpt, at: dt.datetime) -> None:
    """Leaves its number, and that it is gone: no place, no speaker, no memo, no themes."""
    session.execute(delete(ExcerptTheme).filter_by(excerpt_id=excerpt.id))
    excerpt.seat_id, excerpt.question_id, excerpt.memo = None, "", ""
    excerpt.start_at, excerpt.end_at = 0, 1
    excerpt.cleared_at = excerpt.cleared_by = None
    excerpt.removed_at = at
    session.flush()


def remove_of_text(session: Session, text_id: int, at: dt.datetime) -> int:
    """All of a text that is gone; how many. Who had finished it is forgotten with it."""
    there = of_text(session, text_id, set_aside=True)
    for excerpt in there:
        remove(session, excerpt, at)
    session.execute(delete(FinishedCoding).filter_by(text_id=text_id))
    return len(there)


def set_aside(session: Session, excerpt: Excerpt, at: dt.datetime, *, independent: bool) -> None:
    """Its coder no longer means it. `independent`: it still counts where agreement is counted."""
    excerpt.set_aside_at = at
    excerpt.independent = excerpt.independent and independent
    excerpt.cleared_at = excerpt.cleared_by = None
    session.flush()


def shift(session: Session, text_id: int, at: int, by: int) -> None:
    """The text grew (`by` > 0) or shrank at this place: passages after it move, those around it keep their ends.

    When it shrinks, `at` is where the cut ended, and no passage may touch what was cut: see `cut`.
    """
    of_it = (Excerpt.text_id == text_id, Excerpt.removed_at.is_(None))
    # The end first: for a moment the run is longer, never empty. When it moves back, the start goes first.
    moves = [
        update(Excerpt).where(*of_it, Excerpt.end_at > at).values(end_at=Excerpt.end_at + by),
        update(Excerpt).where(*of_it, Excerpt.start_at >= at).values(start_at=Excerpt.start_at + by),
    ]
    for move in moves if by > 0 else reversed(moves):
        session.execute(move.execution_options(synchronize_session="fetch"))
    session.flush()


def cut(session: Session, text_id: int, runs: Iterable[tuple[int, int]], at: dt.datetime) -> int:
    """These runs [start, end) were taken out of the text: passages that touch one are removed, the others move.

    A passage across several speakers goes with the first that goes: its memo may tell what was said. The runs stand
    in the positions of the text as it was, and do not overlap. Returns how many passages went.
    """
    gone = 0
    for start, end in sorted(runs, reverse=True):  # from the end, so that places before stay right
        for excerpt in of_text(session, text_id, set_aside=True):
            if excerpt.start_at < end and start < excerpt.end_at:
                remove(session, excerpt, at)
                gone += 1
        shift(session, text_id, end, start - end)
    return gone


# Who has finished ----------------------------------------------------------------------------------------------


def finished(session: Session, text_ids: Collection[int]) -> dict[int, dict[int, dt.datetime]]:
    """By text: coder -> when; a text that nobody finished is not there."""
    query = select(FinishedCoding).where(FinishedCoding.text_id.in_(text_ids))
    found: dict[int, dict[int, dt.datetime]] = {}
    for row in session.scalars(query.order_by(FinishedCoding.finished_at, FinishedCoding.coder_id)):
        found.setdefault(row.text_id, {})[row.coder_id] = row.finished_at
    return found


def finish(session: Session, text_id: int, coder_id: int, at: dt.datetime) -> None:
    session.add(FinishedCoding(text_id=text_id, coder_id=coder_id, finished_at=at))
    session.flush()


def unfinish(session: Session, text_id: int, coder_id: int) -> None:
    session.execute(delete(FinishedCoding).filter_by(text_id=text_id, coder_id=coder_id))


def _is_evidence_of(participant: Participant | None) -> bool:
    return participant is not None and participant.evidence is True and participant.withdrawn_at is None
