"""Published versions of instruments. A version never changes; a changed file is a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.models import InstrumentVersion

__all__ = [
    "Definition",
    "InstrumentVersion",
    "add_copy",
    "copies",
    "get",
    "latest",
    "latest_copy",
    "of_content",
    "publish",
]


class Definition(Protocol):
    """What is published: an instrument or a process."""

    @property
    def key(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def document(self) -> Mapping[str, Any]: ...


def publish(session: Session, instrument: Definition, at: dt.datetime) -> InstrumentVersion:
    """The version with this checksum; made now if there is none yet."""
    found = of_content(session, instrument)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            return _add(session, instrument, at)
    except IntegrityError:
        # Another process published the same file at the same moment: its version is ours.
        found = of_content(session, instrument)
        if found is None:
            raise
        return found


def latest(session: Session, key: str) -> InstrumentVersion | None:
    """The newest published version of the instrument called `key`."""
    query = select(InstrumentVersion).where(InstrumentVersion.key == key)
    return session.scalars(query.order_by(InstrumentVersion.version.desc()).limit(1)).first()


def get(session: Session, version_id: int) -> InstrumentVersion | None:
    return session.get(InstrumentVersion, version_id)


def add_copy(
    session: Session, instrument: Definition, at: dt.datetime, gmina_code: str, reason: str, actor: int | None
) -> InstrumentVersion | None:
    """A team's own copy, made with a reason; None: somebody else published one at this moment."""
    try:
        with session.begin_nested():
            return _add(session, instrument, at, gmina_code=gmina_code, reason=reason, published_by=actor)
    except IntegrityError:
        return None


def latest_copy(session: Session, gmina_code: str) -> InstrumentVersion | None:
    """The newest of a team's own copies."""
    return next(iter(copies(session, gmina_code)), None)


def copies(session: Session, gmina_code: str) -> list[InstrumentVersion]:
    """A team's own copies, the newest first."""
    query = select(InstrumentVersion).where(InstrumentVersion.gmina_code == gmina_code)
    return list(session.scalars(query.order_by(InstrumentVersion.version.desc())))


def of_content(session: Session, instrument: Definition) -> InstrumentVersion | None:
    """The published version with this key and checksum."""
    query = select(InstrumentVersion).filter_by(key=instrument.key, sha256=instrument.sha256)
    return session.scalars(query).one_or_none()


def _add(session: Session, instrument: Definition, at: dt.datetime, **copy: Any) -> InstrumentVersion:
    newest = session.scalar(select(func.max(InstrumentVersion.version)).filter_by(key=instrument.key))
    version = InstrumentVersion(
        key=instrument.key,
        version=(newest or 0) + 1,
        sha256=instrument.sha256,
        definition=dict(instrument.document),
        published_at=at,
        **copy,
    )
    session.add(version)
    session.flush()
    return version
