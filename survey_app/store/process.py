"""How far a gmina's process has come, and the variants that regions published."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.models import GminaProcess, InstrumentVersion, ProcessStep, RegionProcess

__all__ = ["GminaProcess", "ProcessStep", "RegionProcess", "followed", "of_region", "step", "steps"]


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
