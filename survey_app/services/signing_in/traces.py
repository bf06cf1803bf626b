"""What the trace of the service says about a person's ways in; all modules of this folder tell it alike."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.store import audit


def record(context: Context, session: Session, action: str, person_id: int, actor: int | None) -> None:
    """`actor`: who did it; None: the command line."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="person",
        object_id=person_id,
    )
