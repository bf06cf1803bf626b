"""What ratings and decisions lean on. The tables themselves refuse an anonymous answer (models.coding.Evidence)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session, aliased

from survey_app.models import (
    Campaign,
    CodingRound,
    Decision,
    Document,
    Evidence,
    Excerpt,
    InterviewSeat,
    InterviewText,
    Participant,
    Response,
    Stakeholder,
)
from survey_app.store import spoken_excerpts
from survey_app.store.database import MAX_ID

__all__ = [
    "Answer",
    "Evidence",
    "Pointed",
    "add",
    "answer",
    "count",
    "decision",
    "get",
    "gone_from_decisions",
    "known_excerpts",
    "locked_named_answers",
    "of_decisions",
    "of_ratings",
    "of_round",
    "remove",
    "same",
]


Row = TypeVarTuple("Row")


@dataclass(frozen=True, slots=True)
class Pointed:
    """One piece of evidence with the names that words are made of; those of other kinds are None.

    `standing`: an excerpt whose words are there, and whose speaker lets them be evidence.
    """

    row: Evidence
    entry: str | None
    document: str | None
    institution: str | None
    campaign: str | None
    standing: bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as far as evidence needs it. `institution` is None in an anonymous campaign."""

    id: str
    mode: str
    locked: bool
    institution: str | None
    campaign: str


def of_ratings(session: Session, round_id: int, person_id: int) -> list[Pointed]:
    """Of one rater of the round; the oldest first."""
    return _read(session, _pointed().where(Evidence.round_id == round_id, Evidence.person_id == person_id))


def of_decisions(session: Session, round_id: int) -> list[Pointed]:
    """Of every decision of the round, replaced ones among them; the oldest first."""
    query = _pointed().join(Decision, Decision.id == Evidence.decision_id)
    return _read(session, query.where(Decision.round_id == round_id))


def of_round(session: Session, round_id: int) -> list[Pointed]:
    """Of every rater and of every decision of the round; the oldest first."""
    decisions = select(Decision.id).where(Decision.round_id == round_id)
    of_it = (Evidence.round_id == round_id) | Evidence.decision_id.in_(decisions)
    return _read(session, _pointed().where(of_it))


def gone_from_decisions(session: Session, round_id: int) -> list[tuple[int, int]]:
    """Stakeholder and excerpt: what decisions of the round lean on and nobody may read any more."""
    query = (
        select(Decision.stakeholder_id, Evidence.excerpt_id)
        .join(Evidence, Evidence.decision_id == Decision.id)
        .where(Decision.round_id == round_id, Evidence.excerpt_id.is_not(None))
        .where(func.coalesce(spoken_excerpts.standing(), false()).is_(False))
        .order_by(Evidence.id)
    )
    return [
        (entry, excerpt) for entry, excerpt in session.execute(_with_excerpt(query)) if excerpt is not None
    ]


def known_excerpts(session: Session, excerpt_ids: Collection[int]) -> set[int]:
    """Of these passages, those that a decision leans on, or a rating that was laid open.

    METHOD, "Coding": what a rating leans on is its rater's alone until then, and not even a count may tell of it.
    """
    laid_open = select(CodingRound.id).where(CodingRound.laid_open_at.is_not(None))
    query = select(Evidence.excerpt_id).where(
        Evidence.excerpt_id.in_(excerpt_ids),
        Evidence.decision_id.is_not(None) | Evidence.round_id.in_(laid_open),
    )
    return {excerpt_id for excerpt_id in session.scalars(query) if excerpt_id is not None}


def get(session: Session, evidence_id: int) -> Evidence | None:
    return session.get(Evidence, evidence_id) if 0 < evidence_id <= MAX_ID else None


def decision(session: Session, decision_id: int) -> Decision | None:
    return session.get(Decision, decision_id) if 0 < decision_id <= MAX_ID else None


def same(session: Session, columns: dict[str, Any]) -> Evidence | None:
    """One that points from the same to the same, with the same note."""
    return session.scalars(select(Evidence).filter_by(**columns).limit(1)).first()


def count(session: Session, of: dict[str, Any]) -> int:
    """How many pieces a rating, or a decision, has."""
    return session.scalar(select(func.count()).select_from(Evidence).filter_by(**of)) or 0


def add(session: Session, columns: dict[str, Any]) -> Evidence:
    row = Evidence(**columns)
    session.add(row)
    session.flush()
    return row


def remove(session: Session, row: Evidence) -> None:
    session.delete(row)
    session.flush()


def answer(session: Session, gmina_code: str, response_id: str) -> Answer | None:
    """None if the gmina has no such answer."""
    if not (response_id.isascii() and response_id.isalnum()):  # PostgreSQL balks at a NUL
        return None
    found = session.execute(_answers(gmina_code).where(Response.id == response_id)).one_or_none()
    return _answer(*found) if found else None


def locked_named_answers(session: Session, gmina_code: str) -> list[Answer]:
    """Of named campaigns alone: for an anonymous one there is nothing to point at."""
    query = _answers(gmina_code).where(Response.mode == "named", Campaign.locked_at.is_not(None))
    return [_answer(*row) for row in session.execute(query.order_by(Campaign.id.desc(), Response.id))]


def _answers(gmina_code: str) -> Select[Any]:
    return (
        select(Response.id, Response.mode, Campaign.locked_at, _institution(), Campaign.title)
        .join(Campaign, Campaign.id == Response.campaign_id)
        .outerjoin(Stakeholder, Stakeholder.id == Response.stakeholder_id)
        .where(Response.gmina_code == gmina_code)
    )


def _answer(response_id: str, mode: str, locked_at: object, institution: str | None, title: str) -> Answer:
    return Answer(response_id, mode, locked_at is not None, institution, title)


def _institution(named: type[Stakeholder] = Stakeholder) -> ColumnElement[Any]:
    return func.coalesce(Response.institution_name, named.name)


def _pointed() -> Select[*tuple[Any, ...]]:
    entry, respondent = _aliases()
    query = (
        select(
            Evidence,
            entry.name,
            Document.title,
            _institution(respondent),
            Campaign.title,
            spoken_excerpts.standing(),
        )
        .outerjoin(entry, entry.id == Evidence.entry_id)
        .outerjoin(Document, Document.id == Evidence.document_id)
        .outerjoin(Response, Response.id == Evidence.response_id)
        .outerjoin(Campaign, Campaign.id == Response.campaign_id)
        .outerjoin(respondent, respondent.id == Response.stakeholder_id)
        .order_by(Evidence.id)
    )
    return _with_excerpt(query)


def _with_excerpt(query: Select[*Row]) -> Select[*Row]:
    """The passage, where it stands, who said it and what was agreed to: for `spoken_excerpts.standing`."""
    return (
        query.outerjoin(Excerpt, Excerpt.id == Evidence.excerpt_id)
        .outerjoin(InterviewText, InterviewText.id == Excerpt.text_id)
        .outerjoin(InterviewSeat, InterviewSeat.id == Excerpt.seat_id)
        .outerjoin(Participant, Participant.seat_id == Excerpt.seat_id)
    )


def _aliases() -> tuple[type[Stakeholder], type[Stakeholder]]:
    return aliased(Stakeholder), aliased(Stakeholder)


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[Pointed]:
    return [Pointed(*row) for row in session.execute(query)]
