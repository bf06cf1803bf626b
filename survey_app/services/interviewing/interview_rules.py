"""What use cases of one interview begin and end with: it is of this gmina, and who did what to it is kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.store import audit, interviews
from survey_app.store.interviews import Interview


def require_interview(
    session: Session, gmina_code: str, interview_id: int, *, alone: bool = False
) -> Interview:
    """NotFoundError: the gmina has no such one. `alone`: nobody else writes about it until the transaction ends."""
    found = interviews.get(session, gmina_code, interview_id, alone=alone)
    if found is None:
        raise NotFoundError("W tej gminie nie ma takiego wywiadu.")
    return found


def record(
    context: Context, session: Session, interview: Interview, action: str, actor: int | None, detail: str = ""
) -> None:
    """In the trace of the interview; never a word of what was said, nor who said it."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="interview",
        object_id=interview.id,
        gmina_code=interview.gmina_code,
        detail=detail,
    )
