"""From frozen answers to the diagnoza: built once, with a checksum of all that it shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from survey_app.analysis.diagnoza.result import CampaignFacts, Diagnoza, Edition
from survey_app.analysis.disclosure import ReleasedCampaign, release_campaign
from survey_app.analysis.frames import tidy
from survey_app.analysis.frequencies import question_results
from survey_app.analysis.groups import Groups
from survey_app.analysis.open_texts import texts_of_report
from survey_app.analysis.readiness import readiness_result
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.response import Population, response_figures, response_result
from survey_app.analysis.summary import summary
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers


def release(
    instrument: Instrument, records: Sequence[Answers], groups: Groups, population: Population | None
) -> ReleasedCampaign:
    """Everything that may be shown of a locked campaign: for pages, files and the report alike."""
    frame = tidy(instrument, records)
    return release_campaign(instrument, frame, groups, response_figures(instrument, frame, population))


def build_diagnoza(
    edition: Edition,
    instrument: Instrument,
    facts: CampaignFacts,
    records: Sequence[Answers],
    groups: Groups,
    population: Population | None,
    cleared_texts: Mapping[str, Sequence[str]],
    data_version: str = "1",
) -> Diagnoza:
    """The report of a locked campaign.

    `groups`: as formed at the lock. `population`: None with an open link. `cleared_texts`: question id -> texts that
    a person of the team has cleared of names.
    """
    released = release(instrument, records, groups, population)
    response = response_result(released, population)
    texts = texts_of_report(instrument, records, released, cleared_texts)
    questions = question_results(instrument, released, population, texts)
    readiness = readiness_result(instrument, released, population)
    return Diagnoza(
        edition=edition,
        instrument=instrument,
        facts=facts,
        response=response,
        questions=questions,
        readiness=readiness,
        summary=summary(instrument, facts, response, questions, readiness),
        data_version=data_version,
        checksum=checksum(instrument, released, population, texts),
    )


def checksum(
    instrument: Instrument,
    released: ReleasedCampaign,
    population: Population | None,
    texts: Mapping[str, tuple[Sequence[str], int]],
) -> str:
    """sha256 over all that the report may show, and over nothing else.

    METHOD, "Disclosure control": the public edition prints it. Made from the answers themselves it would prove
    hidden counts: a reader who tries out the few ways to fill them would see which one gives the same sum.
    """
    tables = (released.response, released.by_type, released.sizes, *released.questions.values())
    frozen = {
        "instrument": instrument.sha256,
        "k": released.groups.k,
        "tables": [_as_shown(table) for table in tables],
        "population": population and {"invited": population.invited, "sectors": dict(population.by_sector)},
        "texts": {key: [sorted(shown), held_back] for key, (shown, held_back) in texts.items() if shown},
    }
    return hashlib.sha256(_canonical(frozen).encode()).hexdigest()


def _as_shown(table: ReleasedTable) -> dict[str, object]:
    """Every number of a released table; a hidden one is None, whatever it was."""
    return {
        "id": table.id,
        "columns": [column.id for column in table.columns],
        "rows": [[row.id, row.label, row.base, list(row.counts)] for row in table.rows],
        "states": dict(table.states),
        "notes": list(table.notes),
    }


def _canonical(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
