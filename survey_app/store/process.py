"""How far a gmina's process has come, and the variants that regions published."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from survey_app.models import (
    Campaign,
    CodingRound,
    Decision,
    Declaration,
    GminaProcess,
    InstrumentVersion,
    Interview,
    Membership,
    Paper,
    PaperSignature,
    Person,
    ProcessStep,
    RegionProcess,
    Representation,
    Stakeholder,
)

__all__ = [
    "GminaProcess",
    "ProcessStep",
    "RegionProcess",
    "counts",
    "followed",
    "newest_codes",
    "of_region",
    "sectors",
    "step",
    "steps",
]


def followed(session: Session, gmina_code: str) -> tuple[GminaProcess, InstrumentVersion] | None:
    """What the team follows, with its definition; None before it chose a path."""
    query = (
        select(GminaProcess, InstrumentVersion)
        .join(InstrumentVersion)
        .filter(GminaProcess.gmina_code == gmina_code)
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def of_region(session: Session, wojewodztwo_code: str) -> tuple[RegionProcess, InstrumentVersion] | None:
    """A województwo's own variant, if it published one."""
    query = select(RegionProcess, InstrumentVersion).join(InstrumentVersion)
    found = session.execute(query.filter(RegionProcess.wojewodztwo_code == wojewodztwo_code)).one_or_none()
    return (found[0], found[1]) if found else None


def steps(session: Session, gmina_code: str) -> Mapping[str, ProcessStep]:
    """Step id -> what the team says of it."""
    return {one.step_id: one for one in session.scalars(select(ProcessStep).filter_by(gmina_code=gmina_code))}


def step(session: Session, gmina_code: str, step_id: str) -> ProcessStep | None:
    return session.get(ProcessStep, (gmina_code, step_id))


def counts(session: Session, gmina_code: str) -> Mapping[str, int]:
    """What a process's steps can need, counted in one statement (sectors and papers elsewhere)."""
    present = (Stakeholder.gmina_code == gmina_code, Stakeholder.left_on.is_(None))
    signed = select(PaperSignature.id).join(Paper, Paper.id == PaperSignature.paper_id)
    counted = {
        "members": select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.gmina_code == gmina_code,
            Membership.role.in_(("coordinator", "member")),
            Person.active,
        )
        .distinct(),
        "stakeholders": select(Stakeholder.id).where(*present),
        "type_c": select(Stakeholder.id).where(*present, Stakeholder.stakeholder_type == "C"),
        "campaigns_opened": select(Campaign.id).where(
            Campaign.gmina_code == gmina_code, Campaign.opened_at.is_not(None)
        ),
        "campaigns_locked": select(Campaign.id).where(
            Campaign.gmina_code == gmina_code, Campaign.locked_at.is_not(None)
        ),
        "interviews_held": select(Interview.id).where(
            Interview.gmina_code == gmina_code, Interview.state == "held"
        ),
        "rounds_closed": select(CodingRound.id).where(
            CodingRound.gmina_code == gmina_code, CodingRound.stage == "closed"
        ),
        "contributions": select(Declaration.stakeholder_id)
        .join(Stakeholder, Stakeholder.id == Declaration.stakeholder_id)
        .where(*present, Declaration.kind == "contribution", Declaration.withdrawn_on.is_(None))
        .distinct(),
        "signatures": signed.where(
            Paper.gmina_code == gmina_code, Paper.state != "withdrawn", PaperSignature.left_on.is_(None)
        ),
    }
    columns = [
        select(func.count()).select_from(query.subquery()).scalar_subquery().label(name)
        for name, query in counted.items()
    ]
    return dict(session.execute(select(*columns)).one()._mapping)


def sectors(session: Session, gmina_code: str) -> tuple[Mapping[str, int], frozenset[str]]:
    """Sector id -> how many stakeholders stand in it; and the sectors that people of the team represent."""
    here = select(Stakeholder.sector, func.count()).where(
        Stakeholder.gmina_code == gmina_code, Stakeholder.left_on.is_(None)
    )
    counted = dict(session.execute(here.group_by(Stakeholder.sector)).all())
    team = (
        select(Stakeholder.sector)
        .join(Representation, Representation.stakeholder_id == Stakeholder.id)
        .join(Membership, Membership.person_id == Representation.person_id)
        .where(
            Stakeholder.gmina_code == gmina_code,
            Membership.gmina_code == gmina_code,
            Membership.role.in_(("coordinator", "member")),
        )
        .distinct()
    )
    return counted, frozenset(session.scalars(team))


def newest_codes(session: Session, gmina_code: str) -> tuple[InstrumentVersion, Mapping[str, int]] | None:
    """The criteria of the last closed round, and code id -> how many stakeholders have it; None before any."""
    found = session.scalars(
        select(CodingRound)
        .options(joinedload(CodingRound.instrument_version), defer(CodingRound.result))
        .where(CodingRound.gmina_code == gmina_code, CodingRound.stage == "closed")
        .order_by(CodingRound.number.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    query = select(Decision.code, func.count()).where(
        Decision.round_id == found.id, Decision.id.not_in(replaced)
    )
    return found.instrument_version, dict(session.execute(query.group_by(Decision.code)).all())
