"""Files that a team keeps as evidence."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from survey_app.models import CodingRound, Document, Evidence, Gmina
from survey_app.store.database import MAX_ID

__all__ = [
    "Document",
    "add",
    "by_checksum",
    "count",
    "documents",
    "forget_unseen",
    "get",
    "hold",
    "in_use",
    "remove",
]


def hold(session: Session, gmina_code: str) -> None:
    """Until the transaction ends, nobody else adds a file here: one that is sent twice at once is kept once."""
    held = select(Gmina.code).where(Gmina.code == gmina_code).with_for_update(key_share=True)
    session.scalars(held).one_or_none()


def documents(session: Session, gmina_code: str) -> list[Document]:
    """Without their content; the newest first."""
    query = select(Document).filter_by(gmina_code=gmina_code)
    return list(session.scalars(query.order_by(Document.id.desc())))


def get(
    session: Session, gmina_code: str, document_id: int, *, with_content: bool = False
) -> Document | None:
    """None if the gmina has no such document."""
    if not 0 < document_id <= MAX_ID:
        return None
    query = select(Document).filter_by(gmina_code=gmina_code, id=document_id)
    if with_content:
        query = query.options(undefer(Document.content))
    return session.scalars(query).one_or_none()


def by_checksum(session: Session, gmina_code: str, sha256: str) -> Document | None:
    query = select(Document).filter_by(gmina_code=gmina_code, sha256=sha256)
    return session.scalars(query.limit(1)).first()


def count(session: Session, gmina_code: str) -> int:
    return session.scalar(select(func.count()).select_from(Document).filter_by(gmina_code=gmina_code)) or 0


def add(session: Session, **columns: Any) -> Document:
    document = Document(**columns)
    session.add(document)
    session.flush()
    return document


def forget_unseen(session: Session, document_id: int) -> None:
    """Evidence that points at it from ratings that were never laid open, of rounds that were given up."""
    unseen = select(CodingRound.id).where(
        CodingRound.stage == "abandoned", CodingRound.laid_open_at.is_(None)
    )
    session.execute(
        delete(Evidence).where(Evidence.document_id == document_id, Evidence.round_id.in_(unseen))
    )


def in_use(session: Session, document_id: int) -> bool:
    """Does any evidence point at it?"""
    return bool(session.scalar(select(exists().where(Evidence.document_id == document_id))))


def remove(session: Session, document: Document) -> bool:
    """False if evidence points at it, even since this very moment."""
    try:
        with session.begin_nested():
            session.delete(document)
    except IntegrityError:
        return False
    return True
