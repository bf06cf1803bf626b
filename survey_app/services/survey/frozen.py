"""Of a campaign at its lock and ever after: its answers as the analysis reads them, and what of them goes up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from survey_app.analysis.groups import Groups
from survey_app.analysis.response import Population
from survey_app.analysis.rollup.gmina_release import release_document
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers, answers_from_json
from survey_app.services.instruments import instrument_of
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS
from survey_app.services.survey.unlinking import read_record
from survey_app.store import responses
from survey_app.store.campaigns import Campaign


def records_of(
    campaign: Campaign, instrument: Instrument, groups: Groups, documents: Iterable[Mapping[str, Any]]
) -> list[Answers]:
    """Stored answers, in the order given."""
    if campaign.mode == ANONYMOUS:
        return [read_record(instrument, one, groups) for one in documents]
    return [answers_from_json(one) for one in documents]


def population_of(campaign: Campaign) -> Population | None:
    """None with an open link."""
    if campaign.access != INVITATIONS or not campaign.population:
        return None
    return Population(campaign.population["invited"], campaign.population["by_sector"])


def counted(session: Session, campaign: Campaign) -> dict[str, Any]:
    """The document of a locked campaign's release, counted from its answers in this transaction."""
    session.flush()
    instrument, groups = instrument_of(campaign.instrument_version), Groups.from_json(campaign.groups or {})
    documents = [row.answers for row in responses.responses(session, campaign.id)]
    records = records_of(campaign, instrument, groups, documents)
    return release_document(instrument, records, groups, population_of(campaign))
