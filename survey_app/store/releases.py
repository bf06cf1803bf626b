"""What gminas have sent up to powiat, województwo and country; which of them let their row be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey_app.models import (
    AuditEvent,
    Campaign,
    CampaignRelease,
    CodingRelease,
    CodingRound,
    Gmina,
    InstrumentVersion,
)
from survey_app.store.coding import CLOSED

__all__ = [
    "CampaignRelease",
    "CodingRelease",
    "GminaPlace",
    "add_campaign_release",
    "campaign_releases",
    "campaigns_without_release",
    "coding_releases",
    "gminas_to_code_again",
    "has_campaign_release",
    "instrument_keys",
    "places",
    "put_coding_release",
    "set_shows_its_row",
]


@dataclass(frozen=True, slots=True)
class GminaPlace:
    """A gmina as a roll-up needs it."""

    code: str
    name: str
    example: bool
    shows_its_row: bool


def add_campaign_release(
    session: Session,
    *,
    campaign_id: int,
    gmina_code: str,
    instrument_key: str,
    locked_at: dt.datetime,
    document: dict[str, Any],
) -> None:
    """Made once: one that is there already, even since this very moment, stays as it is."""
    insert = _insert_of(session)
    values = {
        "campaign_id": campaign_id,
        "gmina_code": gmina_code,
        "instrument_key": instrument_key,
        "locked_at": locked_at,
        "document": document,
    }
    session.execute(insert(CampaignRelease).values(values).on_conflict_do_nothing())


def has_campaign_release(session: Session, campaign_id: int) -> bool:
    return session.get(CampaignRelease, campaign_id) is not None


def campaigns_without_release(session: Session) -> list[int]:
    """Ids of locked campaigns, the earliest lock first."""
    query = (
        select(Campaign.id)
        .outerjoin(CampaignRelease, CampaignRelease.campaign_id == Campaign.id)
        .where(Campaign.locked_at.is_not(None), CampaignRelease.campaign_id.is_(None))
    )
    return list(session.scalars(query.order_by(Campaign.locked_at, Campaign.id)))


def campaign_releases(session: Session, instrument_key: str) -> list[CampaignRelease]:
    """All of the instrument, in the order of the locks."""
    query = select(CampaignRelease).filter_by(instrument_key=instrument_key)
    return list(session.scalars(query.order_by(CampaignRelease.locked_at, CampaignRelease.campaign_id)))


def instrument_keys(session: Session) -> list[tuple[str, str]]:
    """(key, title of its newest version) of instruments with a release, the most used first."""
    held = func.count(CampaignRelease.campaign_id)
    used = select(CampaignRelease.instrument_key).group_by(CampaignRelease.instrument_key)
    keys = session.scalars(used.order_by(held.desc(), CampaignRelease.instrument_key)).all()
    return [(key, _title(session, key)) for key in keys]


def coding_releases(session: Session) -> list[CodingRelease]:
    return list(session.scalars(select(CodingRelease).order_by(CodingRelease.gmina_code)))


def gminas_to_code_again(session: Session) -> list[tuple[str, int]]:
    """(gmina, its last event) with a closed round of coding in which something was done since its release."""
    closed = select(CodingRound.gmina_code).where(CodingRound.stage == CLOSED).distinct()
    last = (
        select(AuditEvent.gmina_code, func.max(AuditEvent.id).label("event"))
        .where(AuditEvent.gmina_code.in_(closed))
        .group_by(AuditEvent.gmina_code)
        .subquery()
    )
    query = (
        select(last.c.gmina_code, last.c.event)
        .outerjoin(CodingRelease, CodingRelease.gmina_code == last.c.gmina_code)
        .where((CodingRelease.gmina_code.is_(None)) | (CodingRelease.seen_event < last.c.event))
    )
    return [(row.gmina_code, row.event) for row in session.execute(query.order_by(last.c.gmina_code))]


def put_coding_release(session: Session, gmina_code: str, seen_event: int, document: dict[str, Any]) -> None:
    session.merge(CodingRelease(gmina_code=gmina_code, seen_event=seen_event, document=document))


def places(session: Session, codes: Iterable[str]) -> list[GminaPlace]:
    """Those of the gminas that there are, by code."""
    query = select(Gmina.code, Gmina.name, Gmina.example, Gmina.shows_its_row)
    wanted = set(codes)
    return [GminaPlace(*row) for row in session.execute(query.order_by(Gmina.code)) if row.code in wanted]


def set_shows_its_row(session: Session, gmina_code: str, *, shows: bool) -> bool:
    """False if it was so already, or there is no such gmina."""
    found = session.get(Gmina, gmina_code)
    if found is None or found.shows_its_row is shows:
        return False
    found.shows_its_row = shows
    return True


def _title(session: Session, key: str) -> str:
    query = select(InstrumentVersion.definition).filter_by(key=key).order_by(InstrumentVersion.version.desc())
    definition = session.scalars(query.limit(1)).first() or {}
    return str(definition.get("title") or key)


def _insert_of(session: Session) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
