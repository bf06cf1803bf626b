"""What the trace says that was done to a person: accounts, ways in, teams, moderators and readers tell it alike."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.store import audit


def record(
    context: Context,
    session: Session,
    action: str,
    person_id: int,
    actor: int | None,
    *,
    gmina_code: str | None = None,
    detail: str = "",
) -> None:
    """`actor`: who did it; None: the command line. Without a gmina it is in the trace of the service."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="person",
        object_id=person_id,
        gmina_code=gmina_code,
        detail=detail,
    )
