"""How far a gmina's process has come, and the variants that regions published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from survey_app.models import (
    Campaign,
    CodingRound,
    Decision,
    Declaration,
    Gmina,
    GminaProcess,
    InstrumentVersion,
    Interview,
    Membership,
    OwnSector,
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
    "Standing",
    "counts",
    "followed",
    "newest_codes",
    "of_region",
    "sectors",
    "standing",
    "step",
]

Known = tuple[str, int]  # a version's checksum and id


@dataclass(frozen=True, slots=True)
class Standing:
    """`followed`, `version`: None before the team chose a path. `of_region`: its województwo's own variant, if any.

    `steps`: step id -> what the team says of it. `names`: of the people who answer for steps.
    """

    followed: GminaProcess | None
    version: Known | None
    of_region: Known | None
    steps: Mapping[str, ProcessStep]
    names: Mapping[int, str]


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


def standing(session: Session, gmina_code: str) -> Standing:
    """What the team follows and says of its steps, in one statement and without any definition."""
    own, region = aliased(InstrumentVersion), aliased(InstrumentVersion)
    rows = session.execute(
        select(
            GminaProcess, own.sha256, own.id, region.sha256, region.id, ProcessStep, Person.id, Person.name
        )
        .select_from(Gmina)
        .outerjoin(GminaProcess, GminaProcess.gmina_code == Gmina.code)
        .outerjoin(own, own.id == GminaProcess.instrument_version_id)
        .outerjoin(RegionProcess, RegionProcess.wojewodztwo_code == gmina_code[:2])
        .outerjoin(region, region.id == RegionProcess.instrument_version_id)
        .outerjoin(ProcessStep, ProcessStep.gmina_code == Gmina.code)
        .outerjoin(Person, Person.id == ProcessStep.person_id)
        .where(Gmina.code == gmina_code)
    ).all()
    if not rows:
        return Standing(None, None, None, {}, {})
    followed, own_sum, own_id, region_sum, region_id, *_ = rows[0]
    return Standing(
        followed,
        (own_sum, own_id) if followed else None,
        (region_sum, region_id) if region_sum else None,
        {said.step_id: said for *_, said, _, _ in rows if said},
        {person_id: name for *_, person_id, name in rows if person_id},
    )


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


def sectors(session: Session, gmina_code: str) -> tuple[frozenset[str], frozenset[str]]:
    """Standard sectors in which stakeholders stand now, and those that people of the team represent.

    A team's own sector counts as the standard one that it was tied to.
    """
    represented = (
        select(Representation.person_id)
        .join(Membership, Membership.person_id == Representation.person_id)
        .where(
            Representation.stakeholder_id == Stakeholder.id,
            Membership.gmina_code == gmina_code,
            Membership.role.in_(("coordinator", "member")),
        )
        .exists()
    )
    own = and_(OwnSector.gmina_code == Stakeholder.gmina_code, OwnSector.id == Stakeholder.sector)
    standard = func.coalesce(OwnSector.counts_as, Stakeholder.sector)
    rows = session.execute(
        select(
            standard,
            func.max(case((Stakeholder.left_on.is_(None), 1), else_=0)),
            func.max(case((represented, 1), else_=0)),
        )
        .outerjoin(OwnSector, own)
        .where(Stakeholder.gmina_code == gmina_code)
        .group_by(standard)
    ).all()
    here = frozenset(sector for sector, present, _ in rows if present)
    return here, frozenset(sector for sector, _, team in rows if team)


def newest_codes(session: Session, gmina_code: str) -> tuple[Known, Mapping[str, int]] | None:
    """The criteria of the last closed round, and code id -> how many stakeholders have it; None before any."""
    newest = (
        select(CodingRound.id)
        .where(CodingRound.gmina_code == gmina_code, CodingRound.stage == "closed")
        .order_by(CodingRound.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    replaced = select(Decision.replaces_id).where(Decision.replaces_id.is_not(None))
    standing = and_(Decision.round_id == CodingRound.id, Decision.id.not_in(replaced))
    rows = session.execute(
        select(InstrumentVersion.sha256, InstrumentVersion.id, Decision.code, func.count())
        .select_from(CodingRound)
        .join(InstrumentVersion, InstrumentVersion.id == CodingRound.instrument_version_id)
        .outerjoin(Decision, standing)
        .where(CodingRound.id == newest)
        .group_by(InstrumentVersion.sha256, InstrumentVersion.id, Decision.code)
    ).all()
    if not rows:
        return None
    return (rows[0][0], rows[0][1]), {code: count for _, _, code, count in rows if code}
