"""What tests of campaigns begin with: a gmina, its catalogue, a campaign in a wanted state, answers to send."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import Settled, settle
from survey_app.instrument.values import Value
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.instruments import current_ankieta
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaigns, take_survey
from survey_app.services.survey.campaigns import Campaign, CampaignDraft, IssuedInvitation
from survey_app.services.survey.take_survey import Receipt
from tests.once import built_once
from tests.stores import START

GMINA = "060502"
WEEK = dt.timedelta(days=7)
_keys = count()

DRAFT = CampaignDraft(
    title="Ankieta instytucji, jesień 2026",
    mode="anonymous",
    access="invitations",
    opens_at=START,
    closes_at=START + WEEK,
    grace_minutes=30,
    k=3,
    notice="Administratorem danych jest Wójt Gminy Godziszów.",
)


@built_once
def add_gmina(context: Context, institutions: int = 6) -> None:
    """Godziszów with that many institutions in its catalogue: schools and firms in turn."""
    gminas.add_gmina(context, GMINA + "2", "Godziszów", "lubelskie", "janowski", actor=None)
    for number in range(institutions):
        add_institution(context, f"Instytucja {number + 1:03d}", "edukacja" if number % 2 else "gospodarka")


def add_institution(context: Context, name: str, sector: str | None = None) -> int:
    sectors = list(catalogue.catalogue_sectors())
    chosen = sector if sector in sectors else sectors[0]
    draft = StakeholderDraft(name=name, sector=chosen, internal=True, address="Godziszów 1")
    return catalogue.add_stakeholder(context, GMINA, draft, actor=None).id


@dataclass(frozen=True, slots=True)
class Held:
    """A campaign with what a team holds in its hands."""

    campaign: Campaign
    issued: list[IssuedInvitation]
    instrument: Instrument

    @property
    def codes(self) -> list[str]:
        return [invitation.code for invitation in self.issued]


def hold(context: Context, **changes: object) -> Held:
    """An opened campaign; `changes` are those to DRAFT."""
    campaign = campaigns.create_campaign(context, GMINA, replace(DRAFT, **changes), actor=None)  # type: ignore[arg-type]
    issued = campaigns.open_campaign(context, campaign.id, actor=None)
    return Held(campaigns.campaign(context, campaign.id), issued, current_ankieta(context))


def new_key() -> str:
    """As a page makes one for each form that it serves."""
    return f"{next(_keys):032x}"


def answers(instrument: Instrument, values: Mapping[str, Value] | None = None) -> Settled:
    return settle(instrument, values if values is not None else {"p1": {"option": "edukacja"}, "p2": "nie"})


def send(
    context: Context, held: Held, code: str | None, values: Mapping[str, Value] | None = None, key: str = ""
) -> Receipt:
    return take_survey.submit(
        context, held.campaign.public_id, code, key or new_key(), answers(held.instrument, values)
    )


def end(context: Context, held: Held) -> None:
    """The clock moves past the close and the grace time."""
    context.clock.set(held.campaign.closes_at + dt.timedelta(minutes=held.campaign.grace_minutes))  # type: ignore[attr-defined]


def lock(context: Context, held: Held) -> Campaign:
    end(context, held)
    return campaigns.lock_campaign(context, held.campaign.id, actor=None)
