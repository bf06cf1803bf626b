"""The herb of a gmina: one picture, or none."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, undefer

from survey_app.models import GminaEmblem

__all__ = ["GminaEmblem", "keep", "of_gmina", "remove"]


def of_gmina(session: Session, gmina_code: str, *, with_content: bool = False) -> GminaEmblem | None:
    """None: the gmina has none. Without its content unless that is asked for."""
    options = [undefer(GminaEmblem.content)] if with_content else []
    return session.get(GminaEmblem, gmina_code, options=options)


def keep(
    session: Session,
    gmina_code: str,
    *,
    media_type: str,
    width: int,
    height: int,
    sha256: str,
    content: bytes,
    alt_text: str,
    at: dt.datetime,
    actor: int | None,
) -> None:
    """In place of the one before. The caller holds the gmina."""
    session.merge(
        GminaEmblem(
            gmina_code=gmina_code,
            alt_text=alt_text,
            media_type=media_type,
            width=width,
            height=height,
            sha256=sha256,
            content=content,
            changed_at=at,
            changed_by=actor,
        )
    )


def remove(session: Session, emblem: GminaEmblem) -> None:
    """The picture is gone; published reports keep their own bytes."""
    session.delete(emblem)
