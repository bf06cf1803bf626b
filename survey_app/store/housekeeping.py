"""What is left to do, found by its state: locks that were interrupted, campaigns whose numbers are due."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import Campaign

__all__ = ["running", "unfinished_locks"]


def unfinished_locks(session: Session) -> list[Campaign]:
    """Campaigns that are locked, and whose invitations or keys may still be there."""
    query = select(Campaign).where(Campaign.locked_at.is_not(None), Campaign.cleaned_at.is_(None))
    return list(session.scalars(query.order_by(Campaign.id)))


def running(session: Session) -> list[Campaign]:
    """Opened and not locked."""
    query = select(Campaign).where(Campaign.opened_at.is_not(None), Campaign.locked_at.is_(None))
    return list(session.scalars(query.order_by(Campaign.id)))
