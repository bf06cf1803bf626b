"""What gminas have sent up to powiat, województwo and country; which of them let their row be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
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
    "campaign_document",
    "campaign_releases",
    "campaigns_without_release",
    "coding_document",
    "coding_releases",
    "gminas_to_code_again",
    "gminas_with_coding",
    "instrument_keys",
    "locked_campaigns",
    "places",
    "put_campaign_release",
    "put_coding_release",
    "set_shows_its_row",
]


@dataclass(frozen=True, slots=True)
class GminaPlace:
    """A gmina as a roll-up needs it. `in_register`: the newest register still lists it."""

    code: str
    name: str
    example: bool
    shows_its_row: bool
    in_register: bool = True


def put_campaign_release(session: Session, campaign: Campaign, document: dict[str, Any]) -> None:
    """Of a locked campaign that this transaction holds alone; in the place of the one that is there."""
    session.merge(
        CampaignRelease(
            campaign_id=campaign.id,
            gmina_code=campaign.gmina_code,
            instrument_key=campaign.instrument_version.key,
            locked_at=campaign.locked_at,
            document=document,
        )
    )


def campaign_document(session: Session, campaign_id: int) -> dict[str, Any] | None:
    """What is kept of a campaign; None if nothing is."""
    found = session.get(CampaignRelease, campaign_id)
    return found.document if found else None


def coding_document(session: Session, gmina_code: str) -> dict[str, Any] | None:
    """What is kept of a gmina's coding; None if nothing is."""
    found = session.get(CodingRelease, gmina_code)
    return found.document if found else None


def locked_campaigns(session: Session, gmina_code: str | None) -> list[int]:
    """Ids, the earliest lock first; of one gmina, or of all."""
    query = select(Campaign.id).where(Campaign.locked_at.is_not(None))
    if gmina_code is not None:
        query = query.where(Campaign.gmina_code == gmina_code)
    return list(session.scalars(query.order_by(Campaign.locked_at, Campaign.id)))


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
    kept = session.execute(select(CodingRelease.gmina_code, CodingRelease.seen_event))
    seen = {row.gmina_code: row.seen_event for row in kept}
    return [(code, event) for code, event in gminas_with_coding(session) if seen.get(code, -1) < event]


def gminas_with_coding(session: Session, gmina_code: str | None = None) -> list[tuple[str, int]]:
    """(gmina, its last event) of those with a closed round, by code; an event is 0 where the trace holds none."""
    last = (
        select(func.max(AuditEvent.id))
        .where(AuditEvent.gmina_code == CodingRound.gmina_code)
        .scalar_subquery()
    )
    query = (
        select(CodingRound.gmina_code, func.coalesce(last, 0)).where(CodingRound.stage == CLOSED).distinct()
    )
    if gmina_code is not None:
        query = query.where(CodingRound.gmina_code == gmina_code)
    return [(code, event) for code, event in session.execute(query.order_by(CodingRound.gmina_code))]


def put_coding_release(session: Session, gmina_code: str, seen_event: int, document: dict[str, Any]) -> None:
    session.merge(CodingRelease(gmina_code=gmina_code, seen_event=seen_event, document=document))


def places(session: Session, codes: Iterable[str] | None = None) -> list[GminaPlace]:
    """Those of the gminas that there are, by code; without codes every one."""
    listed = Gmina.in_register_until.is_(None)
    query = select(Gmina.code, Gmina.name, Gmina.example, Gmina.shows_its_row, listed)
    wanted = None if codes is None else set(codes)
    rows = session.execute(query.order_by(Gmina.code))
    return [GminaPlace(*row) for row in rows if wanted is None or row.code in wanted]


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
