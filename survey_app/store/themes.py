"""The gmina's tree of themes. METHOD, "IDI and FGI"."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.models import Excerpt, ExcerptTheme, OpenTextTheme, Theme
from survey_app.store.database import MAX_ID

__all__ = ["Theme", "add", "delete", "get", "given", "is_given", "of_gmina"]


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


def given(session: Session, gmina_code: str) -> Counter[int]:
    """By theme: to how many passages and open answers it was given, by whomever; what is gone does not count."""
    passages = (
        select(ExcerptTheme.theme_id, func.count())
        .join(Excerpt, Excerpt.id == ExcerptTheme.excerpt_id)
        .join(Theme, Theme.id == ExcerptTheme.theme_id)
        .where(Theme.gmina_code == gmina_code, Excerpt.set_aside_at.is_(None))
        .group_by(ExcerptTheme.theme_id)
    )
    answers = (
        select(OpenTextTheme.theme_id, func.count())
        .join(Theme, Theme.id == OpenTextTheme.theme_id)
        .where(Theme.gmina_code == gmina_code)
        .group_by(OpenTextTheme.theme_id)
    )
    found: Counter[int] = Counter()
    for query in (passages, answers):
        for theme_id, number in session.execute(query):
            found[theme_id] += number
    return found


def is_given(session: Session, theme_id: int) -> bool:
    """To anything, passages that were set aside among it: then its row has to stay."""
    passage = select(ExcerptTheme.theme_id).filter_by(theme_id=theme_id).limit(1)
    answer = select(OpenTextTheme.theme_id).filter_by(theme_id=theme_id).limit(1)
    return session.scalar(passage) is not None or session.scalar(answer) is not None


def delete(session: Session, theme: Theme) -> None:
    session.delete(theme)
    session.flush()
