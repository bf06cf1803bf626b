"""What people say of a paper and put under it: remarks, signatures. Versions and points are in `store.papers`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.models import PaperRemark, PaperSignature, Stakeholder

__all__ = [
    "PaperRemark",
    "PaperSignature",
    "add_remark",
    "add_signature",
    "delete_signature",
    "move",
    "remarks",
]


def add_remark(session: Session, paper_id: int, number: int, **content: Any) -> PaperRemark:
    """`content`: columns of `PaperRemark`. Call `papers.hold` first."""
    made = PaperRemark(paper_id=paper_id, number=number, **content)
    session.add(made)
    session.flush()
    return made


def remarks(session: Session, paper_id: int) -> list[tuple[PaperRemark, Stakeholder | None]]:
    """In the order in which they came, with the stakeholder that said it."""
    query = select(PaperRemark, Stakeholder).outerjoin(Stakeholder).where(PaperRemark.paper_id == paper_id)
    return [(one, who) for one, who in session.execute(query.order_by(PaperRemark.id))]


def add_signature(session: Session, paper_id: int, stakeholder_id: int, **content: Any) -> PaperSignature:
    """`content`: columns of `PaperSignature`. Call `papers.hold` first."""
    made = PaperSignature(paper_id=paper_id, stakeholder_id=stakeholder_id, **content)
    session.add(made)
    session.flush()
    return made


def delete_signature(session: Session, found: PaperSignature) -> None:
    """Call `papers.hold` first."""
    session.delete(found)
    session.flush()


def move(session: Session, from_id: int, to_id: int) -> None:
    """Remarks and signatures of one entry of the catalogue stand at another now, with their dates.

    Where both signed a paper, one signature is left, from the earlier day; it ended only if both did.
    """
    session.execute(
        update(PaperRemark).where(PaperRemark.stakeholder_id == from_id).values(stakeholder_id=to_id)
    )
    kept = {one.paper_id: one for one in _signatures(session, to_id)}
    for one in _signatures(session, from_id):
        if one.paper_id in kept:
            _unite(kept[one.paper_id], one)
            session.delete(one)
        else:
            one.stakeholder_id = to_id
    session.flush()


def _signatures(session: Session, stakeholder_id: int) -> Iterable[PaperSignature]:
    return session.scalars(select(PaperSignature).filter_by(stakeholder_id=stakeholder_id)).all()


def _unite(kept: PaperSignature, other: PaperSignature) -> None:
    """The kept one has the words and the day of the earlier; what that does not say, the other says."""
    earlier, later = (other, kept) if other.signed_on < kept.signed_on else (kept, other)
    left = _last_left(kept, other)
    words = {
        name: getattr(earlier, name) or getattr(later, name) for name in ("role", "contribution", "signed_by")
    }
    kept.signed_on = earlier.signed_on
    for name, text in words.items():
        setattr(kept, name, text)
    kept.left_on, kept.left_reason = left


def _last_left(kept: PaperSignature, other: PaperSignature) -> tuple[dt.date | None, str]:
    if kept.left_on is None or other.left_on is None:
        return None, ""
    last = max((kept, other), key=lambda one: one.left_on or dt.date.min)
    return last.left_on, last.left_reason
