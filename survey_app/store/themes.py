"""The gmina's tree of themes. METHOD, "IDI and FGI"."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Excerpt, ExcerptTheme, OpenTextTheme, Theme
from survey_app.store.database import MAX_ID

__all__ = ["Theme", "add", "answers_coded", "delete", "get", "has_passages", "of_gmina", "with_passages"]


def of_gmina(session: Session, gmina_code: str) -> list[Theme]:
    """Retired ones too; those of one parent stand in their order."""
    query = select(Theme).filter_by(gmina_code=gmina_code)
    return list(session.scalars(query.order_by(Theme.position, Theme.id)))


def get(session: Session, gmina_code: str, theme_id: int) -> Theme | None:
    """None: the gmina has no such theme."""
    if not 0 < theme_id <= MAX_ID:
        return None
    return session.scalars(select(Theme).filter_by(gmina_code=gmina_code, id=theme_id)).one_or_none()


def add(
    session: Session,
    *,
    gmina_code: str,
    parent_id: int | None,
    label: str,
    definition: str,
    example: str,
    position: int,
    topic: str = "",
    retired_at: dt.datetime | None = None,
) -> Theme:
    row = Theme(
        gmina_code=gmina_code,
        parent_id=parent_id,
        topic=topic,
        label=label,
        definition=definition,
        example=example,
        position=position,
        retired_at=retired_at,
    )
    session.add(row)
    session.flush()
    return row


def with_passages(session: Session, gmina_code: str) -> list[tuple[Theme, int]]:
    """As `of_gmina`, each with how many passages it was given to, by whomever; what is gone does not count.

    Open answers are not counted here: their counts come as released tables alone (METHOD, "Disclosure control").
    """
    given = (
        select(func.count())
        .select_from(ExcerptTheme)
        .join(Excerpt, Excerpt.id == ExcerptTheme.excerpt_id)
        .where(ExcerptTheme.theme_id == Theme.id, Excerpt.set_aside_at.is_(None))
        .scalar_subquery()
    )
    query = select(Theme, given).filter_by(gmina_code=gmina_code).order_by(Theme.position, Theme.id)
    return [(theme, count) for theme, count in session.execute(query)]


def has_passages(session: Session, theme_id: int) -> bool:
    """Passages that were set aside among them: then its row has to stay."""
    query = select(ExcerptTheme.theme_id).filter_by(theme_id=theme_id).limit(1)
    return session.scalar(query) is not None


def answers_coded(session: Session, gmina_code: str) -> bool:
    """Has any open answer any theme of the gmina's tree?"""
    query = select(OpenTextTheme.theme_id).join(Theme, Theme.id == OpenTextTheme.theme_id)
    return session.scalar(query.where(Theme.gmina_code == gmina_code).limit(1)) is not None


def delete(session: Session, theme: Theme) -> None:
    session.delete(theme)
    session.flush()
