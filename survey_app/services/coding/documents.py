"""Documents that a team keeps as evidence (METHOD, "Coding"): taken after a check, handed out whole, as they came."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.coding.document_files import MAX_SIZE, MEDIA_TYPES, check_file
from survey_app.services.context import Context
from survey_app.store import audit, coding, documents
from survey_app.store.documents import Document

__all__ = [
    "MAX_DOCUMENTS",
    "MAX_SIZE",
    "MAX_TITLE",
    "MEDIA_TYPES",
    "Document",
    "content_of",
    "document",
    "remove",
    "stored",
    "upload",
]

MAX_TITLE = 200
MAX_DOCUMENTS = 500  # of one gmina
UNKNOWN = "W tej gminie nie ma takiego dokumentu."


def upload(
    context: Context, gmina_code: str, title: str, file_name: str, content: bytes, actor: int | None
) -> Document:
    """InvalidInputError: not a file that may be kept. ConflictError: the team has this very file already."""
    checked = check_file(file_name, content)
    title = " ".join(title.split()) or checked.name.rpartition(".")[0]
    if len(title) > MAX_TITLE or not title.isprintable():
        message = f"Nazwa może mieć najwyżej {MAX_TITLE} zwykłych znaków."
        raise InvalidInputError("Dokument nie został zapisany.", [Fault("title_form", "title", message)])
    sha256 = hashlib.sha256(content).hexdigest()
    with context.database.transaction() as session:
        documents.hold(session, gmina_code)
        known = documents.by_checksum(session, gmina_code, sha256)
        if known is not None:
            raise ConflictError(f"Ten plik już tu jest, pod nazwą „{known.title}”. Nie trzeba go dodawać.")
        if documents.count(session, gmina_code) >= MAX_DOCUMENTS:
            limit = polish.counted(MAX_DOCUMENTS, "dokument", "dokumenty", "dokumentów")
            raise ConflictError(f"Zespół może trzymać najwyżej {limit}. Prosimy usunąć zbędne.")
        added = documents.add(
            session,
            gmina_code=gmina_code,
            title=title,
            file_name=checked.name,
            media_type=checked.media_type,
            size=len(content),
            sha256=sha256,
            content=content,
            uploaded_at=context.clock(),
            uploaded_by=actor,
        )
        _record(context, session, "document_added", added, actor)
        return added


def stored(context: Context, gmina_code: str) -> list[Document]:
    """The gmina's documents, without their content; the newest first."""
    with context.database.reading() as session:
        return documents.documents(session, gmina_code)


def document(context: Context, gmina_code: str, document_id: int) -> Document:
    """NotFoundError if the gmina has no such document."""
    with context.database.reading() as session:
        return _require(session, gmina_code, document_id)


def content_of(context: Context, gmina_code: str, document_id: int) -> Document:
    """As above, with the content."""
    with context.database.reading() as session:
        return _require(session, gmina_code, document_id, with_content=True)


def remove(context: Context, gmina_code: str, document_id: int, actor: int | None) -> None:
    """ConflictError if evidence points at it: what was agreed keeps what it leans on.

    While a round is being rated nothing is removed: a refusal, or none, would tell of a rater's own evidence. So would
    one for ratings that were given up before they were laid open: nobody may see them, and they hold nothing back.
    """
    with context.database.transaction() as session:
        row = _require(session, gmina_code, document_id)
        going_on = coding.open_round(session, gmina_code)
        if going_on is not None and going_on.stage == coding.RATING:
            raise ConflictError("Trwają oceny indywidualne: do ich wyłożenia dokumentów się nie usuwa.")
        _record(context, session, "document_removed", row, actor)
        documents.forget_unseen(session, row.id)
        if documents.in_use(session, row.id) or not documents.remove(session, row):
            raise ConflictError(f"Dokument „{row.title}” jest dowodem w kodowaniu, więc nie można go usunąć.")


def _require(session: Session, gmina_code: str, document_id: int, *, with_content: bool = False) -> Document:
    found = documents.get(session, gmina_code, document_id, with_content=with_content)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _record(context: Context, session: Session, action: str, row: Document, actor: int | None) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="document",
        object_id=row.id,
        gmina_code=row.gmina_code,
        detail=f"sha256 {row.sha256}",
    )
