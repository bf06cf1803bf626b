"""Keys to the read-only API. Only their hashes are here."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import ApiKey

__all__ = ["ApiKey", "active", "add", "everyone", "get"]


def add(
    session: Session, *, region_code: str, label: str, key_hash: str, at: dt.datetime, actor: int | None
) -> ApiKey:
    key = ApiKey(region_code=region_code, label=label, key_hash=key_hash, created_at=at, created_by=actor)
    session.add(key)
    session.flush()
    return key


def active(session: Session, key_hash: str) -> ApiKey | None:
    """The key with this hash, unless it was revoked."""
    return session.scalars(select(ApiKey).filter_by(key_hash=key_hash, revoked_at=None)).one_or_none()


def get(session: Session, key_id: int) -> ApiKey | None:
    return session.get(ApiKey, key_id)


def everyone(session: Session) -> list[ApiKey]:
    """The newest first, revoked ones included."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id.desc())))
