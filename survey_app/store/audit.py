"""The trace of who did what to what. Never a word about an answer of an anonymous campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import AuditEvent

__all__ = ["AuditEvent", "about", "events", "latest", "of_actions", "record"]

DETAIL_LENGTH = 500


def record(
    session: Session,
    *,
    at: dt.datetime,
    actor: int | None,
    action: str,
    object_type: str,
    object_id: str | int,
    gmina_code: str | None = None,
    detail: str = "",
) -> None:
    """`actor`: a person's id; None is the command line or the service itself."""
    session.add(
        AuditEvent(
            at=at,
            person_id=actor,
            gmina_code=gmina_code,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            detail=detail[:DETAIL_LENGTH],
        )
    )


def events(session: Session, gmina_code: str | None, limit: int = 100) -> list[AuditEvent]:
    """The newest first; `gmina_code` None: what concerns no single gmina."""
    query = select(AuditEvent).where(AuditEvent.gmina_code == gmina_code)
    return list(session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))


def about(session: Session, object_type: str, object_id: str | int) -> list[AuditEvent]:
    """What was done to one thing, the oldest first."""
    query = select(AuditEvent).filter_by(object_type=object_type, object_id=str(object_id))
    return list(session.scalars(query.order_by(AuditEvent.id)))


def latest(session: Session, action: str, object_type: str) -> AuditEvent | None:
    """The last time that this was done to a thing of this type."""
    query = select(AuditEvent).where(AuditEvent.action == action, AuditEvent.object_type == object_type)
    return session.scalars(query.order_by(AuditEvent.id.desc()).limit(1)).first()


def of_actions(session: Session, gmina_code: str, actions: Collection[str]) -> list[AuditEvent]:
    """All events of these kinds in the gmina, the oldest first."""
    query = select(AuditEvent).where(AuditEvent.gmina_code == gmina_code, AuditEvent.action.in_(actions))
    return list(session.scalars(query.order_by(AuditEvent.id)))
