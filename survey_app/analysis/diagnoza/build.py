"""From frozen answers to the diagnoza: built once, with a checksum of all that it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.diagnoza.canonical import as_shown, sha256_of, table_as_shown
from survey_app.analysis.diagnoza.coding_section import (
    Ankieta,
    CodingSection,
    DeclaredResource,
    Diary,
    coding_section,
)
from survey_app.analysis.diagnoza.interview_section import InterviewSection, interview_section
from survey_app.analysis.diagnoza.result import (
    CampaignFacts,
    Diagnoza,
    Edition,
    SummaryPart,
    TeamText,
    TeamWork,
)
from survey_app.analysis.diagnoza.team_words import told_by_team
from survey_app.analysis.disclosure import ReleasedCampaign, release_campaign
from survey_app.analysis.disclosure.steps import release_steps
from survey_app.analysis.frames import tidy
from survey_app.analysis.frequencies import question_results
from survey_app.analysis.groups import Groups
from survey_app.analysis.open_texts import texts_of_report
from survey_app.analysis.readiness import readiness_result
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.response import Population, response_figures, response_result
from survey_app.analysis.summary import summary
from survey_app.analysis.themes.heard import InterviewMaterial
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answers

Summary = tuple[SummaryPart, ...]


DATA_VERSION = "1"  # answers do not change after the lock; after a dot comes the version of the codes
NO_WORK = TeamWork()


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
    history: CodingHistory | None = None,
    resources: Sequence[DeclaredResource] = (),
    material: InterviewMaterial | None = None,
    text_themes: Mapping[str, ReleasedTable] | None = None,
    team_words: Mapping[str, TeamText] | None = None,
    steps: Sequence[tuple[dt.date, int]] = (),
    work: TeamWork = NO_WORK,
    diary: Diary | None = None,
) -> Diagnoza:
    """The report of a locked campaign.

    `groups`: as formed at the lock. `population`: None with an open link. `cleared_texts`: question id -> texts that
    a person of the team has cleared of names. `history`: the gmina's closed coding rounds; `resources`: what was
    declared by the close of the last one. `material`: what interviews brought; `text_themes`: of open answers.
    `team_words`: by part (see there). `steps`: what the monitor showed in the mornings. `work`: of this edition.
    `diary`: of the scenariusz oddziaływań, for the internal edition.
    """
    released = release(instrument, records, groups, population)
    percent_from = instrument.definitions.percent_from
    response = response_result(released, population, release_steps(steps, percent_from))
    texts = texts_of_report(instrument, records, released, cleared_texts)
    questions = question_results(instrument, released, population, texts)
    readiness = readiness_result(instrument, released, population)
    ankieta = Ankieta(readiness, groups, instrument.definitions.sectors)

    def told_in(of: Edition) -> tuple[CodingSection | None, InterviewSection | None, Summary]:
        coding = coding_section(of, history, resources, ankieta, diary) if history else None
        heard = interview_section(of, material, groups.k, percent_from) if material else None
        return coding, heard, summary(instrument, facts, response, questions, readiness, coding, heard)

    coding, interviews, made = told_in(edition)
    shown_themes = {key: table for key, table in (text_themes or {}).items() if texts.get(key, ((), 0))[0]}
    changed_in_public = team_words and edition is Edition.INTERNAL
    told = told_by_team(team_words or {}, made, told_in(Edition.PUBLIC)[2] if changed_in_public else made)
    shown = (coding, interviews, shown_themes, told.shown, response.steps, work)
    return Diagnoza(
        edition=edition,
        instrument=instrument,
        facts=facts,
        response=response,
        questions=questions,
        readiness=readiness,
        summary=told.summary,
        data_version=f"{DATA_VERSION}.{coding.version}" if coding else DATA_VERSION,
        checksum=checksum(instrument, released, population, texts, *shown),
        coding=coding,
        interviews=interviews,
        text_themes=shown_themes,
        conclusions=told.conclusions,
        recommendations=told.recommendations,
        work=work,
    )


def checksum(
    instrument: Instrument,
    released: ReleasedCampaign,
    population: Population | None,
    texts: Mapping[str, tuple[Sequence[str], int]],
    coding: CodingSection | None = None,
    interviews: InterviewSection | None = None,
    text_themes: Mapping[str, ReleasedTable] | None = None,
    team_words: Mapping[str, object] | None = None,
    steps: ReleasedTable | None = None,
    work: TeamWork = NO_WORK,
) -> str:
    """sha256 over all that the report may show, and over nothing else.

    METHOD, "Disclosure control": the public edition prints it. Made from the answers themselves it would prove
    hidden counts: a reader who tries out the few ways to fill them would see which one gives the same sum.
    """
    tables = (released.response, released.by_type, released.sizes, *released.questions.values())
    frozen: dict[str, object] = {
        "instrument": instrument.sha256,
        "k": released.groups.k,
        "tables": [table_as_shown(table) for table in tables],
        "population": population and {"invited": population.invited, "sectors": dict(population.by_sector)},
        "texts": {key: [sorted(shown), held_back] for key, (shown, held_back) in texts.items() if shown},
    }
    if steps is not None:
        frozen["steps"] = table_as_shown(steps)
    if coding is not None:
        frozen["coding"] = coding.checksum
    if interviews is not None:
        frozen["interviews"] = interviews.checksum
    if text_themes:
        frozen["text_themes"] = {key: table_as_shown(table) for key, table in text_themes.items()}
    if team_words:
        frozen["team_words"] = team_words
    if work.papers:
        frozen["papers"] = as_shown(work.papers)
    if work.registers:
        frozen["registers"] = as_shown(work.registers)
    if work.network is not None:
        frozen["network"] = as_shown((work.network,))
    return sha256_of(frozen)
