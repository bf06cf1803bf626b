"""What becomes of an item of the library, in the trace of its gmina or, of a region's, in the service's own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.store import audit
from survey_app.store.library import LibraryItem


def record(
    context: Context, session: Session, action: str, item: LibraryItem, actor: int | None, detail: str
) -> None:
    """`detail`: the item's title, or the reason that was given; never a word of its text."""
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="library_item",
        object_id=item.id,
        gmina_code=item.gmina_code,
        detail=detail,
    )
