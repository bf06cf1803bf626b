"""A finished public edition is marked as published: its file is kept byte by byte; or a published one is withdrawn."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.services.context import Context
from survey_app.services.survey import campaign_trace
from survey_app.services.survey.build_diagnoza import build, laid_out
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.services.survey.kept_reports import UNKNOWN
from survey_app.store import reports
from survey_app.store.reports import Report

NOTE_LENGTH = 500
ALREADY = "Ten raport jest już oznaczony jako opublikowany."
NEWER = "Jest już nowszy raport tego wydania. Prosimy opublikować nowszy."
DIFFERENT = (
    "Od zrobienia tego raportu zmieniły się wyniki albo teksty, więc plik byłby inny niż ten, który ktoś przeczytał. "
    "Prosimy pobrać nowy raport, przeczytać go i opublikować nowy."
)


def publish(context: Context, campaign_id: int, number: int, note: str, actor: int | None) -> None:
    """The newest public report, if it still says what the data say. ConflictError otherwise; the note is one line."""
    from survey_app.analysis.diagnoza.pdf import render_pdf

    tidy = _line("note", "Uwaga", note)
    with context.database.reading() as session:
        _publishable(session, campaign_id, number)  # before the work of drawing it
    diagnoza = build(context, campaign_id, Edition.PUBLIC)
    file = render_pdf(laid_out(context, diagnoza))
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        row = _publishable(session, campaign_id, number)
        if row.checksum != diagnoza.checksum:
            raise ConflictError(DIFFERENT)
        row.file, row.published_at, row.published_by = file, context.clock(), actor
        row.published_note = tidy
        told = f"nr {number}"
        campaign_trace.record(context, session, campaign, "report_published", actor, told)


def withdraw(context: Context, campaign_id: int, number: int, reason: str, actor: int | None) -> None:
    """It no longer holds; file and reason stay in the history. ConflictError: withdrawn already, or never published."""
    tidy = _line("reason", "Powód", reason)
    if not tidy:
        raise InvalidInputError("Prosimy podać powód: zostanie w historii wersji.")
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        row = reports.numbered(session, campaign_id, Edition.PUBLIC.value, number)
        if row is None:
            raise NotFoundError(UNKNOWN)
        if row.published_at is None:
            raise ConflictError("Tego raportu nie opublikowano, więc nie ma czego wycofać.")
        if row.withdrawn_at is not None:
            raise ConflictError("Ten raport jest już wycofany.")
        row.withdrawn_at, row.withdrawn_reason = context.clock(), tidy
        campaign_trace.record(context, session, campaign, "report_withdrawn", actor, f"nr {number}: {tidy}")


def _publishable(session: Session, campaign_id: int, number: int) -> Report:
    row = reports.numbered(session, campaign_id, Edition.PUBLIC.value, number)
    if row is None:
        raise NotFoundError(UNKNOWN)
    if row.published_at is not None:
        raise ConflictError(ALREADY)
    newest = reports.last(session, campaign_id, Edition.PUBLIC.value)
    if newest is None or newest.number != number:
        raise ConflictError(NEWER)
    return row


def _line(where: str, name: str, typed: str) -> str:
    faults = line_faults(where, name, typed, NOTE_LENGTH)
    if faults:
        raise InvalidInputError("Tego tekstu nie można zapisać.", faults)
    return clean_line(typed)
