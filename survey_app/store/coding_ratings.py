"""Ratings: what each seat gave for each stakeholder by each criterion."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Rating

__all__ = ["Rating", "add", "any_given", "finished", "get", "own_ratings", "ratings"]


def get(
    session: Session, round_id: int, person_id: int, stakeholder_id: int, criterion: str
) -> Rating | None:
    return session.get(Rating, (round_id, person_id, stakeholder_id, criterion))


def add(session: Session, **columns: Any) -> Rating:
    """The first of its seat for this stakeholder and criterion: revision 1."""
    added = Rating(revision=1, **columns)
    session.add(added)
    return added


def own_ratings(session: Session, round_id: int, person_id: int) -> list[Rating]:
    """All of one seat, and of no other."""
    return list(session.scalars(select(Rating).filter_by(round_id=round_id, person_id=person_id)))


def ratings(session: Session, round_id: int, stakeholder_id: int | None = None) -> list[Rating]:
    """Everybody's: only for a round whose ratings are laid open."""
    query = select(Rating).filter_by(round_id=round_id)
    if stakeholder_id is not None:
        query = query.filter_by(stakeholder_id=stakeholder_id)
    return list(session.scalars(query.order_by(Rating.stakeholder_id, Rating.criterion, Rating.person_id)))


def finished(session: Session, round_id: int, criteria: int) -> set[tuple[int, int]]:
    """(person, stakeholder): a point or "nie wiem" for each of so many criteria. Nothing about which."""
    given = Rating.point.is_not(None) | Rating.dont_know
    query = (
        select(Rating.person_id, Rating.stakeholder_id)
        .where(Rating.round_id == round_id, given)
        .group_by(Rating.person_id, Rating.stakeholder_id)
        .having(func.count() >= criteria)
    )
    return {(person_id, stakeholder_id) for person_id, stakeholder_id in session.execute(query)}


def any_given(session: Session, round_id: int) -> bool:
    """Whether anybody gave a point or "nie wiem"."""
    given = Rating.point.is_not(None) | Rating.dont_know
    query = select(Rating.person_id).where(Rating.round_id == round_id, given).limit(1)
    return session.scalar(query) is not None
