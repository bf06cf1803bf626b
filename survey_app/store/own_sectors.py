"""Sectors that a team added to those of the ankieta's file."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey_app.models import OwnSector, Stakeholder

__all__ = ["OwnSector", "add", "counts_as", "get", "of_gmina", "remove", "used"]


def of_gmina(session: Session, gmina_code: str) -> list[OwnSector]:
    query = select(OwnSector).filter_by(gmina_code=gmina_code)
    return list(session.scalars(query.order_by(OwnSector.label)))


def get(session: Session, gmina_code: str, sector_id: str) -> OwnSector | None:
    if not (sector_id.isascii() and sector_id.isprintable()):  # PostgreSQL balks at a NUL
        return None
    return session.get(OwnSector, (gmina_code, sector_id))


def counts_as(session: Session, gmina_code: str) -> Mapping[str, str]:
    """Id of a team's own sector -> id of the standard sector that it counts as."""
    return {row.id: row.counts_as for row in of_gmina(session, gmina_code)}


def add(session: Session, gmina_code: str, sector_id: str, label: str, standard: str) -> OwnSector:
    row = OwnSector(gmina_code=gmina_code, id=sector_id, label=label, counts_as=standard)
    session.add(row)
    return row


def remove(session: Session, row: OwnSector) -> None:
    """Entries that left go over to the sector that it counted as."""
    session.execute(
        update(Stakeholder)
        .where(Stakeholder.gmina_code == row.gmina_code, Stakeholder.sector == row.id)
        .values(sector=row.counts_as)
    )
    session.delete(row)


def used(session: Session, gmina_code: str) -> dict[str, int]:
    """Sector id -> how many stand in it now."""
    query = select(Stakeholder.sector, func.count().label("entries")).filter_by(gmina_code=gmina_code)
    query = query.where(Stakeholder.left_on.is_(None)).group_by(Stakeholder.sector)
    return {row.sector: row.entries for row in session.execute(query)}
