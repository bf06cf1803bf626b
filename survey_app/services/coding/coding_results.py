"""What comes out of coding: the section of an edition, the report of its own, and files for the team."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.analysis.coding.change import change_between, counted_rounds
from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.coding_files import (
    CHANGE_HEADER,
    change_rows,
    stakeholder_header,
    stakeholder_rows,
)
from survey_app.analysis.coding_report import coding_document
from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.diagnoza.coding_section import (
    Ankieta,
    CodingSection,
    DeclaredResource,
    Diary,
    coding_section,
)
from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.edition import Edition
from survey_app.analysis.readiness import readiness_result
from survey_app.errors import NotFoundError
from survey_app.services import emblems, gminas
from survey_app.services.coding import coding_history, coding_rounds
from survey_app.services.context import Context
from survey_app.services.register import declarations
from survey_app.services.registers import diary
from survey_app.services.report_facts import facts_of
from survey_app.services.spreadsheets import Sheet, csv_bytes, xlsx_bytes
from survey_app.services.survey import results
from survey_app.store import audit
from survey_app.store.coding import CLOSED

NOT_YET = "Nie ma jeszcze zamkniętej tury kodowania; wyniki powstaną po zamknięciu pierwszej."
ONE_ROUND = "Zmianę widać dopiero po drugiej zamkniętej turze."


@dataclass(frozen=True, slots=True)
class Held:
    """What is frozen of a gmina's coding, what was declared by the close of the last round, and the diary of what took
    place to win over the Neutral.
    """

    history: CodingHistory
    resources: tuple[DeclaredResource, ...]
    diary: Diary


def held(context: Context, gmina_code: str) -> Held | None:
    """None before any round is closed."""
    history = coding_history.history(context, gmina_code)
    if not history.rounds:
        return None
    return Held(history, _resources(context, gmina_code, history), diary.diary(context, gmina_code))


@dataclass(frozen=True, slots=True)
class Shown:
    """The report, and whether there are two closed rounds to compare."""

    document: Document
    has_change: bool


def section(context: Context, gmina_code: str, edition: Edition) -> CodingSection | None:
    """What the edition may show; the arguments of the talks come from the newest locked campaign, if there is one."""
    found = held(context, gmina_code)
    return _section(context, gmina_code, edition, found) if found else None


def _section(context: Context, gmina_code: str, edition: Edition, found: Held) -> CodingSection | None:
    newest = ankieta(context, gmina_code) if edition is Edition.INTERNAL else None
    return coding_section(edition, found.history, found.resources, newest, found.diary)


def document(context: Context, gmina_code: str, edition: Edition) -> Document | None:
    """The report as chapters and blocks; None before any round is closed."""
    found = shown(context, gmina_code, edition)
    return found.document if found else None


def shown(context: Context, gmina_code: str, edition: Edition) -> Shown | None:
    """The report for the web page; None before any round is closed."""
    found = held(context, gmina_code)
    if found is None:
        return None
    made = _section(context, gmina_code, edition, found)
    if made is None:
        return None
    facts = facts_of(gminas.describe(context, gmina_code))
    laid_out = emblems.with_emblem(context, gmina_code, coding_document(made, facts, edition))
    return Shown(laid_out, len(found.history.rounds) > 1)


def pdf(context: Context, gmina_code: str, edition: Edition, actor: int | None) -> bytes:
    """NotFoundError before any round is closed. Who took which edition is kept."""
    from survey_app.analysis.diagnoza.pdf import render_pdf

    made = document(context, gmina_code, edition)
    if made is None:
        raise NotFoundError(NOT_YET)
    _trace(context, gmina_code, f"pdf {edition.value} {made.checksum}", actor)
    return render_pdf(made)


def stakeholders_csv(context: Context, gmina_code: str, actor: int | None) -> bytes:
    """Every stakeholder of every closed round, with code and reason. For the team alone."""
    rounds = counted_rounds(_history(context, gmina_code))
    _trace(context, gmina_code, "stakeholders csv", actor)
    return csv_bytes(stakeholder_header(rounds), stakeholder_rows(rounds))


def changes_csv(context: Context, gmina_code: str, actor: int | None) -> bytes:
    """Everyone of the first and of the last round, with both codes. For the team alone."""
    change = change_between(_history(context, gmina_code))
    if change is None:
        raise NotFoundError(ONE_ROUND)
    _trace(context, gmina_code, "changes csv", actor)
    return csv_bytes(CHANGE_HEADER, change_rows(change))


def workbook(context: Context, gmina_code: str, actor: int | None) -> bytes:
    """Both tables, a sheet each. For the team alone."""
    history = _history(context, gmina_code)
    rounds, change = counted_rounds(history), change_between(history)
    sheets = [Sheet("interesariusze", stakeholder_header(rounds), stakeholder_rows(rounds))]
    if change is not None:
        sheets.append(Sheet("zmiany", CHANGE_HEADER, change_rows(change)))
    _trace(context, gmina_code, "xlsx", actor)
    return xlsx_bytes(sheets)


def _history(context: Context, gmina_code: str) -> CodingHistory:
    history = coding_history.history(context, gmina_code)
    if not history.rounds:
        raise NotFoundError(NOT_YET)
    return history


def _resources(context: Context, gmina_code: str, history: CodingHistory) -> tuple[DeclaredResource, ...]:
    """Contributions of those who were coded last, as they stood at that close: later ones wait for the next round."""
    last = counted_rounds(history)[-1]
    closed = [one for one in coding_rounds.rounds(context, gmina_code) if one.stage == CLOSED]
    moment = next(one.closed_at for one in closed if one.number == last.number)
    assert moment is not None  # a closed round has its moment
    declared = declarations.declarations_of_gmina(context, gmina_code)
    return tuple(
        DeclaredResource(
            one.name,
            one.natural_person,
            declarations.RESOURCES[row.resource or "inne"],
            row.description,
            row.declared_on,
        )
        for one in last.stakeholders
        for row in declared.get(one.stakeholder_id, ())
        if row.kind == declarations.CONTRIBUTION
        and row.entered_at <= moment
        and (row.withdrawn_on is None or row.withdrawn_on > last.closed_on)
    )


def ankieta(context: Context, gmina_code: str) -> Ankieta | None:
    """The newest locked campaign's readiness; None without one."""
    locked = results.locked_campaigns(context, gmina_code)
    if not locked:
        return None
    found = results.load_results(context, locked[0].id, texts=False)
    released = release(found.instrument, found.records, found.groups, found.population)
    readiness = readiness_result(found.instrument, released, found.population)
    return Ankieta(readiness, found.groups, found.instrument.definitions.sectors)


def _trace(context: Context, gmina_code: str, what: str, actor: int | None) -> None:
    with context.database.transaction() as session:
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="export",
            object_type="coding",
            object_id=gmina_code,
            gmina_code=gmina_code,
            detail=what,
        )
