"""The frozen answers of a locked campaign: what the analysis works on, and nothing before the lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.groups import Groups
from survey_app.analysis.response import Population
from survey_app.analysis.row_file import NamedRecord
from survey_app.errors import ConflictError
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.instruments import instrument_of
from survey_app.services.survey.campaign_rules import NAMED
from survey_app.services.survey.export_rows import catalogue_names, named_record
from survey_app.services.survey.find_campaign import NOT_YET, require_locked
from survey_app.services.survey.frozen import population_of, records_of
from survey_app.services.survey.lock import shuffled
from survey_app.services.survey.open_texts import cleared_texts
from survey_app.store import campaigns, responses
from survey_app.store.campaigns import Campaign


@dataclass(frozen=True, slots=True)
class Results:
    """`records` come in random order. `population` is None with an open link. `cleared_texts`: question id ->
    texts that may be shown. `paper_sheets` is None for none, and for fewer than k (`paper_used` tells them apart).
    """

    campaign: Campaign
    gmina: GminaDescription
    instrument: Instrument
    records: list[Answers]
    groups: Groups
    population: Population | None
    cleared_texts: Mapping[str, list[str]]
    paper_sheets: int | None
    paper_used: bool


def locked_campaigns(context: Context, gmina_code: str) -> list[Campaign]:
    """Those that have results, the newest opening first. NotFoundError if there is no such gmina."""
    gminas.describe(context, gmina_code)
    with context.database.reading() as session:
        return [found for found in campaigns.of_gmina(session, gmina_code) if found.locked_at is not None]


def load_results(context: Context, campaign_id: int, *, texts: bool = True) -> Results:
    """NotFoundError: no such campaign; ConflictError: it is not locked yet. `texts`: cleared ones are wanted, too."""
    with context.database.reading() as session:
        campaign = require_locked(session, campaign_id, NOT_YET)
        instrument = instrument_of(campaign.instrument_version)
        groups = Groups.from_json(campaign.groups or {})
        rows = responses.documents(session, campaign_id)
        cleared = cleared_texts(session, campaign_id) if texts else {}
    return Results(
        campaign=campaign,
        gmina=gminas.describe(context, campaign.gmina_code),
        instrument=instrument,
        records=shuffled(records_of(campaign, instrument, groups, rows)),
        groups=groups,
        population=population_of(campaign),
        cleared_texts=cleared,
        paper_sheets=campaign.paper_sheets if campaign.paper_sheets >= campaign.k else None,
        paper_used=campaign.paper_sheets > 0,
    )


def named_records(context: Context, campaign_id: int) -> list[NamedRecord]:
    """One per answer of a locked named campaign, by institution. ConflictError for an anonymous one."""
    with context.database.reading() as session:
        campaign = require_locked(session, campaign_id, NOT_YET)
        if campaign.mode != NAMED:
            raise ConflictError("Kampania jest anonimowa: odpowiedzi nie mają nazw instytucji.")
        rows = responses.responses(session, campaign_id)
    names = catalogue_names(context, campaign.gmina_code)
    found = [named_record(row, names) for row in rows]
    return sorted(found, key=lambda one: polish.alphabetical(one.institution))
