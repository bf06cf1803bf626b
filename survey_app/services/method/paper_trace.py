"""What the trace says that was done with a paper: all that deals with one tells it alike."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.store import audit
from survey_app.store.papers import Paper


def record(
    context: Context, session: Session, action: str, paper: Paper, actor: int | None, detail: str = ""
) -> None:
    """By the paper's number. Never a word of a paper itself, nor who is named in it, as its title may do."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="paper",
        object_id=paper.id,
        gmina_code=paper.gmina_code,
        detail=detail,
    )
