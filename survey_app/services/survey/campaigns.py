"""Campaigns up to their lock: prepare, open, move the end, close. The lock is in `services.lock`."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.config import LOCAL_ADDRESS, Settings
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.instruments import publish_ankieta
from survey_app.services.survey import seal, tokens
from survey_app.services.survey.campaign_rules import (
    ANONYMOUS,
    INVITATIONS,
    CampaignDraft,
    Phase,
    default_notice,
    draft_faults,
    draft_mark,
    draft_of,
    grace_ends_at,
    opening_faults,
    phase,
    takes_answers,
    unfilled_places,
)
from survey_app.services.survey.campaign_trace import record, trace
from survey_app.services.survey.find_campaign import UNKNOWN, require_campaign
from survey_app.services.survey.lock import finish_locks, lock_campaign
from survey_app.services.survey.monitor import Monitor, answered, monitor, status_lines
from survey_app.store import campaigns, catalogue, gminas, own_sectors
from survey_app.store.campaigns import Campaign, OpenedCampaign
from survey_app.store.catalogue import Stakeholder

__all__ = [
    "Campaign",
    "CampaignDraft",
    "IssuedInvitation",
    "Monitor",
    "OpenedCampaign",
    "Phase",
    "answered",
    "by_public_id",
    "campaign",
    "campaigns_of",
    "close_now",
    "create_campaign",
    "default_notice",
    "discard_draft",
    "draft_mark",
    "draft_of",
    "finish_locks",
    "form_address",
    "grace_ends_at",
    "lock_campaign",
    "monitor",
    "move_end",
    "open_campaign",
    "phase",
    "reissue_codes",
    "status_lines",
    "takes_answers",
    "trace",
    "unfilled_places",
    "update_campaign",
]

CHANGED = (
    "W tym czasie ktoś inny zmienił ten szkic. Niczego nie zapisano. Prosimy porównać ze stroną kampanii: kto wyśle"
    " tę stronę jeszcze raz, zrobi to mimo tamtej zmiany."
)


@dataclass(frozen=True, slots=True)
class IssuedInvitation:
    """An invitation with its code: handed out once, kept nowhere (the store has a hash of the code)."""

    stakeholder_id: int
    name: str
    address: str
    code: str
    link: str


def create_campaign(context: Context, gmina_code: str, draft: CampaignDraft, actor: int | None) -> Campaign:
    """A draft, which nobody outside the team sees. InvalidInputError names every field at fault."""
    _refuse_faults(draft)
    version = publish_ankieta(context)
    with context.database.transaction() as session:
        if gminas.get(session, gmina_code) is None:
            raise NotFoundError(f"Nie ma gminy o kodzie {gmina_code}.")
        campaign_id = campaigns.add(
            session,
            public_id=tokens.new_public_id(),
            gmina_code=gmina_code,
            instrument_version_id=version.id,
            created_at=context.clock(),
            **_columns(draft),
        )
        created = require_campaign(session, campaign_id)
        record(context, session, created, "campaign_created", actor)
        return created


def update_campaign(
    context: Context, campaign_id: int, draft: CampaignDraft, actor: int | None, seen: str | None = None
) -> Campaign:
    """Before the opening only: mode, access, k and dates are promises to those who answer.

    `seen`: the `draft_mark` that the person began from; ConflictError if somebody else has changed the draft since.
    """
    _refuse_faults(draft)
    with context.database.transaction() as session:
        found = _require_draft(session, campaign_id, seen)
        for column, value in _columns(draft).items():
            setattr(found, column, value)
        record(context, session, found, "campaign_updated", actor)
        return found


def discard_draft(context: Context, campaign_id: int, actor: int | None) -> None:
    """Takes away a campaign that was never opened: nobody was promised anything. ConflictError afterwards."""
    with context.database.transaction() as session:
        found = _require_draft(session, campaign_id)
        record(context, session, found, "campaign_discarded", actor, found.title)
        campaigns.remove(session, found)


def open_campaign(
    context: Context, campaign_id: int, actor: int | None, seen: str | None = None
) -> list[IssuedInvitation]:
    """Fixes mode, access, k, instrument and population, and makes the seal.

    Returns the invitations with their codes, which exist nowhere else afterwards; empty with an open link.
    InvalidInputError: something is still to be filled in; ConflictError: not a draft, no address, no safe key, or
    not the draft that was `seen` (as `update_campaign`).
    """
    version = publish_ankieta(context)
    with context.database.transaction() as session:
        found = _require_draft(session, campaign_id, seen)
        _refuse_unready(session, context, found)
        found.instrument_version_id = version.id
        found.opened_at = context.clock()
        if found.mode == ANONYMOUS:
            found.inbox_public_key = seal.new_key(context.settings.key_folders, found.public_id)
        issued = _invite(session, context.settings, found) if found.access == INVITATIONS else []
        record(context, session, found, "campaign_opened", actor)
    return issued


def reissue_codes(context: Context, campaign_id: int, actor: int | None) -> list[IssuedInvitation]:
    """New codes for all invitations alike, when the first ones were lost; the old ones stop working.

    An institution that has answered stays so, and nobody learns which one that is.
    """
    with context.database.transaction() as session:
        found = require_campaign(session, campaign_id, alone=True)
        if found.access != INVITATIONS:
            raise ConflictError("Ta kampania ma otwarty adres; nie ma w niej kodów.")
        if phase(found, context.clock()) not in {Phase.SCHEDULED, Phase.OPEN}:
            raise ConflictError("Nowe kody można wydać tylko od otwarcia kampanii do jej zamknięcia.")
        invited = set(campaigns.invited_stakeholders(session, campaign_id))
        everyone = catalogue.stakeholders(session, found.gmina_code, include_left=True)
        issued, hashes = _codes(context.settings, found, [one for one in everyone if one.id in invited])
        campaigns.reissue(session, campaign_id, hashes)
        record(context, session, found, "campaign_codes_reissued", actor)
    return issued


def move_end(context: Context, campaign_id: int, closes_at: dt.datetime, actor: int | None) -> Campaign:
    """Only to a later moment, and only until the present one: a promised date is not cut short by a slip
    (`close_now` does that on purpose), and what was closed is not reopened.
    """
    with context.database.transaction() as session:
        found = require_campaign(session, campaign_id, alone=True)
        now = context.clock()
        if phase(found, now) not in {Phase.SCHEDULED, Phase.OPEN}:
            raise ConflictError("Koniec można przesunąć tylko w kampanii otwartej, przed jej zamknięciem.")
        if closes_at <= found.closes_at:
            raise _fault("closes_at", "Nowy koniec musi być późniejszy niż obecny.", _CLOSE_EARLIER)
        _refuse_faults(replace(draft_of(found), closes_at=closes_at))
        detail = f"{polish.moment(found.closes_at)} → {polish.moment(closes_at)}"
        found.closes_at = closes_at
        record(context, session, found, "campaign_end_moved", actor, detail)
        return found


def close_now(context: Context, campaign_id: int, actor: int | None) -> Campaign:
    """Ends it before its time. Forms that are being filled in are still taken for the grace time."""
    with context.database.transaction() as session:
        found = require_campaign(session, campaign_id, alone=True)
        now = context.clock()
        if phase(found, now) is not Phase.OPEN:
            raise ConflictError("Zamknąć można tylko kampanię, która właśnie trwa.")
        detail = f"{polish.moment(found.closes_at)} → {polish.moment(now)}"
        found.closes_at = max(now, found.opens_at + dt.timedelta(seconds=1))
        record(context, session, found, "campaign_closed", actor, detail)
        return found


def campaign(context: Context, campaign_id: int) -> Campaign:
    """NotFoundError if there is none."""
    with context.database.reading() as session:
        return require_campaign(session, campaign_id)


def by_public_id(context: Context, public_id: str) -> Campaign:
    """By the name in the address, in any case. NotFoundError if there is none."""
    with context.database.reading() as session:
        found = campaigns.by_public_id(session, public_id.strip().lower())
        if found is None:
            raise NotFoundError(UNKNOWN)
        return found


def campaigns_of(context: Context, gmina_code: str) -> list[Campaign]:
    """The newest first."""
    with context.database.reading() as session:
        return campaigns.of_gmina(session, gmina_code)


def form_address(settings: Settings, campaign: Campaign) -> str:
    """What the QR code and the poster carry; with invitations the page there asks for the code."""
    return f"{settings.public_url or LOCAL_ADDRESS}/a/{campaign.public_id}"


_CLOSE_EARLIER = "Aby skończyć wcześniej, zamknij kampanię."


def _columns(draft: CampaignDraft) -> dict[str, Any]:
    return {
        "title": " ".join(draft.title.split()),
        "mode": draft.mode,
        "access": draft.access,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "grace_minutes": draft.grace_minutes,
        "k": draft.k,
        "notice": draft.notice.strip(),
    }


def _refuse_faults(draft: CampaignDraft) -> None:
    faults = draft_faults(draft)
    if faults:
        raise InvalidInputError("Nie zapisano kampanii. Popraw wskazane pola.", faults)


def _refuse_unready(session: Session, context: Context, found: Campaign) -> None:
    faults = opening_faults(draft_of(found), context.clock())
    if faults:
        raise InvalidInputError("Kampanii nie można jeszcze otworzyć.", faults)
    gmina = gminas.get(session, found.gmina_code)
    assert gmina is not None
    if not gmina.example:
        _refuse_address(context.settings.public_url)


def _refuse_address(public_url: str | None) -> None:
    """A QR code must lead somewhere, and answers must not travel in the open."""
    parts = urlsplit(public_url or "")
    if not parts.hostname or _is_this_machine(parts.hostname):
        raise ConflictError(
            "Kampanii nie można otworzyć, bo serwis nie ma adresu, pod którym otworzą go inni. Administrator"
            " musi ustawić PUBLIC_URL, np. https://ankieta.gmina.pl"
        )
    if parts.scheme != "https":
        raise ConflictError(
            "Kampanii nie można otworzyć, bo adres serwisu nie jest szyfrowany. Administrator musi ustawić"
            " PUBLIC_URL zaczynający się od https://"
        )


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _invite(session: Session, settings: Settings, found: Campaign) -> list[IssuedInvitation]:
    """One invitation for each institution that is in the catalogue now; the population is frozen."""
    invited = catalogue.stakeholders(session, found.gmina_code)
    if not invited:
        raise ConflictError(
            "Katalog interesariuszy jest pusty, więc nie ma kogo zaprosić. Uzupełnij go albo wybierz otwarty adres."
        )
    issued, hashes = _codes(settings, found, invited)
    campaigns.invite(session, found.id, hashes)
    standard = own_sectors.counts_as(session, found.gmina_code)
    by_sector = Counter(standard.get(one.sector, one.sector) for one in invited)
    found.population = {"invited": len(invited), "by_sector": dict(sorted(by_sector.items()))}
    return issued


def _codes(
    settings: Settings, found: Campaign, invited: Sequence[Stakeholder]
) -> tuple[list[IssuedInvitation], dict[int, str]]:
    issued, hashes = [], {}
    for one in invited:
        code = tokens.new_token()
        hashed = tokens.token_hash(code)
        assert hashed is not None
        hashes[one.id] = hashed
        link = f"{form_address(settings, found)}/{code}"
        issued.append(IssuedInvitation(one.id, one.name, one.address, code, link))
    return issued, hashes


def _require_draft(session: Session, campaign_id: int, seen: str | None = None) -> Campaign:
    found = require_campaign(session, campaign_id, alone=True)
    if found.opened_at is not None:
        raise ConflictError("Ta kampania jest już otwarta; jej ustaleń nie można zmienić.")
    if seen and seen != draft_mark(found):
        raise ConflictError(CHANGED)
    return found


def _fault(where: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(message, [Fault(where, where, message, hint)])
