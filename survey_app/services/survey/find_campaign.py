"""A campaign by its id, for every use case: found, or refused in the same words."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, NotFoundError
from survey_app.store import campaigns
from survey_app.store.campaigns import Campaign

UNKNOWN = "Nie ma takiej kampanii."
NOT_YET = "Wyniki powstaną po zablokowaniu kampanii."


def require_campaign(session: Session, campaign_id: int, *, alone: bool = False) -> Campaign:
    """`alone`: nobody else changes it until the transaction ends. NotFoundError if there is none."""
    found = campaigns.get(session, campaign_id, alone=alone)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def require_locked(session: Session, campaign_id: int, otherwise: str) -> Campaign:
    """ConflictError, in the words of `otherwise`, while it is not locked."""
    found = require_campaign(session, campaign_id)
    if found.locked_at is None:
        raise ConflictError(otherwise)
    return found
