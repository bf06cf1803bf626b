"""A team's papers: forms and documents in versions, remarks on them, signatures, points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from survey_app.models import (
    InstrumentVersion,
    Paper,
    PaperPoints,
    PaperRemark,
    PaperSignature,
    PaperVersion,
    Stakeholder,
)
from survey_app.store.database import MAX_ID

__all__ = [
    "Paper",
    "PaperPoints",
    "PaperRemark",
    "PaperSignature",
    "PaperVersion",
    "VersionHead",
    "add",
    "add_version",
    "agreed",
    "get",
    "give_points",
    "heads",
    "hold",
    "newest_answers",
    "newest_head",
    "newest_heads",
    "of_gmina",
    "points",
    "remark",
    "remarks",
    "signature",
    "signatures",
    "version",
]


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without what it holds, which may be long. `by_hand`: its text was edited by a person."""

    paper_id: int
    number: int
    base: int
    settles: int | None
    instrument_version_id: int
    by_hand: bool
    said: str
    made_at: dt.datetime
    made_by: int | None


_HEADS = select(
    PaperVersion.paper_id,
    PaperVersion.number,
    PaperVersion.base,
    PaperVersion.settles,
    PaperVersion.instrument_version_id,
    PaperVersion.text.is_not(None),
    PaperVersion.said,
    PaperVersion.made_at,
    PaperVersion.made_by,
)


def of_gmina(session: Session, gmina_code: str) -> list[Paper]:
    """All papers of a gmina, the newest first."""
    query = select(Paper).filter_by(gmina_code=gmina_code).order_by(Paper.id.desc())
    return list(session.scalars(query))


def get(session: Session, gmina_code: str, paper_id: int) -> Paper | None:
    if not 0 < paper_id <= MAX_ID:
        return None
    return session.scalars(select(Paper).filter_by(id=paper_id, gmina_code=gmina_code)).one_or_none()


def hold(session: Session, paper: Paper) -> None:
    """Nobody else adds a version, remark or signature until this transaction ends (SQLite: holds anyway)."""
    session.refresh(paper, with_for_update=True)  # as it is now: somebody may have agreed to it meanwhile


def add(session: Session, gmina_code: str, key: str, title: str, at: dt.datetime, by: int | None) -> Paper:
    paper = Paper(gmina_code=gmina_code, key=key, title=title, state="draft", created_at=at, created_by=by)
    session.add(paper)
    session.flush()
    return paper


def add_version(
    session: Session, paper: Paper, base: int, at: dt.datetime, by: int | None, **content: Any
) -> PaperVersion:
    """The next version. Call `hold` first. `content`: columns of `PaperVersion`."""
    newest = session.scalar(select(func.max(PaperVersion.number)).filter_by(paper_id=paper.id))
    made = PaperVersion(
        paper_id=paper.id, number=(newest or 0) + 1, base=base, made_at=at, made_by=by, **content
    )
    session.add(made)
    session.flush()
    return made


def version(session: Session, paper_id: int, number: int) -> PaperVersion | None:
    return session.get(PaperVersion, (paper_id, number)) if 0 < number <= MAX_ID else None


def heads(session: Session, paper_id: int) -> list[VersionHead]:
    """Of all versions, the newest first."""
    query = _HEADS.where(PaperVersion.paper_id == paper_id).order_by(PaperVersion.number.desc())
    return [VersionHead(*row) for row in session.execute(query)]


def newest_head(session: Session, paper_id: int) -> VersionHead:
    """A paper has at least one version."""
    query = _HEADS.where(PaperVersion.paper_id == paper_id).order_by(PaperVersion.number.desc())
    return VersionHead(*session.execute(query.limit(1)).one())


def newest_heads(session: Session, gmina_code: str) -> Mapping[int, VersionHead]:
    """Paper id -> the head of its newest version, of all papers of a gmina."""
    newest = _newest_numbers(gmina_code)
    query = _HEADS.join(
        newest, (newest.c.paper_id == PaperVersion.paper_id) & (newest.c.number == PaperVersion.number)
    )
    return {head.paper_id: head for head in (VersionHead(*row) for row in session.execute(query))}


def agreed(session: Session, gmina_code: str) -> list[tuple[Paper, PaperVersion, InstrumentVersion]]:
    """Papers that the team agreed to, the newest first, each in the version that it agreed to, with its definition."""
    query = (
        select(Paper, PaperVersion, InstrumentVersion)
        .join(
            PaperVersion,
            (PaperVersion.paper_id == Paper.id) & (PaperVersion.number == Paper.agreed_version),
        )
        .join(InstrumentVersion, InstrumentVersion.id == PaperVersion.instrument_version_id)
        .where(Paper.gmina_code == gmina_code)
        .order_by(Paper.id.desc())
    )
    return [(paper, version, used) for paper, version, used in session.execute(query)]


def newest_answers(session: Session, gmina_code: str) -> Mapping[int, Mapping[str, Any]]:
    """Paper id -> the answers of its newest version, of all papers of a gmina."""
    newest = _newest_numbers(gmina_code)
    query = select(PaperVersion.paper_id, PaperVersion.answers).join(
        newest, (newest.c.paper_id == PaperVersion.paper_id) & (newest.c.number == PaperVersion.number)
    )
    return dict(session.execute(query).all())


def _newest_numbers(gmina_code: str) -> Subquery:
    return (
        select(PaperVersion.paper_id, func.max(PaperVersion.number).label("number"))
        .join(Paper, Paper.id == PaperVersion.paper_id)
        .where(Paper.gmina_code == gmina_code)
        .group_by(PaperVersion.paper_id)
        .subquery()
    )


def remarks(session: Session, paper_id: int) -> list[PaperRemark]:
    """In the order in which they came."""
    return list(session.scalars(select(PaperRemark).filter_by(paper_id=paper_id).order_by(PaperRemark.id)))


def remark(session: Session, paper_id: int, remark_id: int) -> PaperRemark | None:
    if not 0 < remark_id <= MAX_ID:
        return None
    return session.scalars(select(PaperRemark).filter_by(id=remark_id, paper_id=paper_id)).one_or_none()


def signatures(session: Session, paper_ids: Collection[int]) -> list[tuple[PaperSignature, Stakeholder]]:
    """With who signed, by name."""
    query = (
        select(PaperSignature, Stakeholder).join(Stakeholder).where(PaperSignature.paper_id.in_(paper_ids))
    )
    return [(one, who) for one, who in session.execute(query.order_by(Stakeholder.name))]


def signature(session: Session, paper_id: int, signature_id: int) -> PaperSignature | None:
    if not 0 < signature_id <= MAX_ID:
        return None
    query = select(PaperSignature).filter_by(id=signature_id, paper_id=paper_id)
    return session.scalars(query).one_or_none()


def points(session: Session, paper_id: int) -> list[PaperPoints]:
    return list(session.scalars(select(PaperPoints).filter_by(paper_id=paper_id)))


def give_points(session: Session, paper_id: int, person_id: int, given: Mapping[str, int | None]) -> None:
    """Row id -> points, or None to take them back; rows that are not named keep theirs."""
    for row_id, number in given.items():
        found = session.get(PaperPoints, (paper_id, row_id, person_id))
        if found is None and number is not None:
            session.add(PaperPoints(paper_id=paper_id, row_id=row_id, person_id=person_id, points=number))
        elif found is not None and number is None:
            session.delete(found)
        elif found is not None and number is not None:
            found.points = number
