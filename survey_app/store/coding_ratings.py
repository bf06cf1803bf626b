"""Ratings: what each seat gave for each stakeholder by each criterion."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from survey_app.models import Rating, Representation, RoundRater, RoundStakeholder
from survey_app.store.coding import CodingRound, stands

__all__ = [
    "Given",
    "Rating",
    "add",
    "any_given",
    "authors",
    "finished",
    "get",
    "own_ratings",
    "progress",
    "ratings",
]


class Given(NamedTuple):
    """A rating as it is read with all the others: thousands of them, so no rows that could be changed."""

    person_id: int
    stakeholder_id: int
    criterion: str
    point: int | None
    dont_know: bool
    reason: str


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


def ratings(session: Session, round_id: int, stakeholder_id: int | None = None) -> list[Given]:
    """Everybody's: only for a round whose ratings are laid open."""
    columns = (getattr(Rating, name) for name in Given._fields)
    query = select(*columns).where(Rating.round_id == round_id)
    if stakeholder_id is not None:
        query = query.where(Rating.stakeholder_id == stakeholder_id)
    query = query.order_by(Rating.stakeholder_id, Rating.criterion, Rating.person_id)
    return [Given._make(row) for row in session.execute(query)]


def authors(session: Session, round_id: int) -> set[tuple[int, int]]:
    """(person, stakeholder): anything was written, a reason or a piece of evidence included."""
    query = select(Rating.person_id, Rating.stakeholder_id).where(Rating.round_id == round_id).distinct()
    return {(person_id, stakeholder_id) for person_id, stakeholder_id in session.execute(query)}


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


def progress(session: Session, found: CodingRound, person_id: int, criteria: int) -> tuple[int, int]:
    """(finished, due) of one seat, by what it represents now: for a round that is being rated. No seat: nothing due."""
    of_entry = (Rating.round_id == found.id, Rating.stakeholder_id == RoundStakeholder.stakeholder_id)
    given = select(func.count()).where(
        *of_entry, Rating.person_id == person_id, Rating.point.is_not(None) | Rating.dont_know
    )
    represented = select(Representation.person_id).where(
        Representation.person_id == person_id,
        Representation.stakeholder_id == RoundStakeholder.stakeholder_id,
    )
    seat = select(RoundRater.person_id).where(
        RoundRater.round_id == found.id,
        RoundRater.person_id == person_id,
        RoundRater.left_at.is_(None),
        stands(found.gmina_code),
    )
    finished = case((given.scalar_subquery() >= criteria, 1), else_=0)
    query = select(func.coalesce(func.sum(finished), 0), func.count()).where(
        RoundStakeholder.round_id == found.id,
        RoundStakeholder.withdrawn_at.is_(None),
        ~represented.exists(),
        seat.exists(),
    )
    rated, due = session.execute(query).one()
    return int(rated), due


def any_given(session: Session, round_id: int) -> bool:
    """Whether anybody gave a point or "nie wiem"."""
    given = Rating.point.is_not(None) | Rating.dont_know
    query = select(Rating.person_id).where(Rating.round_id == round_id, given).limit(1)
    return session.scalar(query) is not None
