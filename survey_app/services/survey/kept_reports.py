"""Reports that were made: who made which, when, from which data; what changed since the one before; their history.

A report is kept when its numbers or words differ from the last one of its edition; the same again adds nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.diagnoza.changes import Changes, as_kept, changes_between
from survey_app.analysis.diagnoza.document import Document
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.deeds import SERVICE
from survey_app.services.spreadsheets import csv_bytes
from survey_app.services.survey import campaign_trace
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.store import people, reports
from survey_app.store.reports import Report

UNKNOWN = "Nie ma takiego raportu."
EDITION_WORDS = {Edition.PUBLIC.value: "publiczne", Edition.INTERNAL.value: "wewnętrzne"}


@dataclass(frozen=True, slots=True)
class KeptReport:
    """One report that was made. `made_by` and `published_by` are names; "serwis" for the command line."""

    edition: str
    number: int
    checksum: str
    made_at: dt.datetime
    made_by: str
    published_at: dt.datetime | None
    published_by: str
    note: str
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str

    @property
    def edition_words(self) -> str:
        return EDITION_WORDS[self.edition]

    @property
    def is_public(self) -> bool:
        return self.edition == Edition.PUBLIC

    @property
    def holds(self) -> bool:
        """Published, and not withdrawn."""
        return self.published_at is not None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Compared:
    """A report beside the one before it. `changes` None: there is none before, or what it showed is not known."""

    report: KeptReport
    before: KeptReport | None
    earlier_campaign: str  # title, where the one before is of another campaign
    changes: Changes | None


@dataclass(frozen=True, slots=True)
class Version:
    """A published edition in the history for BIP. `file_sha256`: of the file that was published."""

    report: KeptReport
    state: str
    file_sha256: str
    size: int
    summary: str  # what changed since the version before, in a sentence


def keep(
    context: Context, campaign_id: int, diagnoza: Diagnoza, document: Document, actor: int | None
) -> None:
    """Adds the report, unless the last one of this edition has the same checksum."""
    edition, shown = diagnoza.edition.value, as_kept(document)
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        last = reports.last(session, campaign_id, edition)
        if last is not None and last.checksum == diagnoza.checksum:
            if not last.shown:  # made before it was kept what reports show
                last.shown = shown
            return
        made = reports.add(
            session,
            campaign_id=campaign_id,
            edition=edition,
            checksum=diagnoza.checksum,
            shown=shown,
            at=context.clock(),
            actor=actor,
        )
        told = f"wydanie {EDITION_WORDS[edition]}, nr {made.number}"
        campaign_trace.record(context, session, campaign, "report_kept", actor, told)


def listed(context: Context, campaign_id: int) -> list[KeptReport]:
    """Both editions, the newest first."""
    with context.database.reading() as session:
        require_campaign(session, campaign_id)
        return _views(session, reports.of_campaign(session, campaign_id))


def one(context: Context, campaign_id: int, edition: str, number: int) -> KeptReport:
    """NotFoundError if there is none."""
    with context.database.reading() as session:
        return _views(session, [_found(session, campaign_id, edition, number)])[0]


def compared(context: Context, campaign_id: int, edition: str, number: int) -> Compared:
    """With the report before it: of this campaign, or else of the gmina's campaign before."""
    with context.database.reading() as session:
        row = _found(session, campaign_id, edition, number)
        found = reports.before(session, row)
        if found is None:
            return Compared(_views(session, [row])[0], None, "", None)
        previous, title = found
        view, before = _views(session, [row, previous])
        changed = changes_between(previous.shown, row.shown)
        return Compared(view, before, title if previous.campaign_id != campaign_id else "", changed)


def published_file(context: Context, campaign_id: int, number: int) -> bytes:
    """What was published, byte by byte, also when it was withdrawn since. NotFoundError for what never was."""
    with context.database.reading() as session:
        file = reports.file_of(session, _found(session, campaign_id, Edition.PUBLIC.value, number))
    if file is None:
        raise NotFoundError("Tego raportu nie opublikowano, więc jego plik nie jest przechowywany.")
    return file


def history(context: Context, campaign_id: int) -> list[Version]:
    """The published editions, the newest first."""
    with context.database.reading() as session:
        require_campaign(session, campaign_id)
        rows = reports.published_of(session, campaign_id)
        views = _views(session, rows)
        latest = max((view.number for view in views if view.holds), default=0)
        versions, before = [], None
        for row, view in zip(rows, views, strict=True):
            file = row.file or b""
            told = _summary(before, row)
            checksum = hashlib.sha256(file).hexdigest()
            versions.append(Version(view, _state(view, latest), checksum, len(file), told))
            before = row
    return versions[::-1]


HISTORY_HEADER = (
    "Numer raportu", "Stan", "Data wytworzenia", "Wytworzył(a)", "Data publikacji", "Opublikował(a)", "Uwaga",
    "Co się zmieniło", "Data wycofania", "Powód wycofania", "Suma kontrolna danych (SHA-256)",
    "Suma kontrolna pliku (SHA-256)",
)  # fmt: skip


def history_csv(versions: Sequence[Version]) -> bytes:
    """The history as a table, the newest first."""
    rows = [
        (
            version.report.number, version.state, _day(version.report.made_at), version.report.made_by,
            _day(version.report.published_at), version.report.published_by, version.report.note, version.summary,
            _day(version.report.withdrawn_at), version.report.withdrawn_reason, version.report.checksum,
            version.file_sha256,
        )
        for version in versions
    ]  # fmt: skip
    return csv_bytes(HISTORY_HEADER, rows)


def bip_text(title: str, versions: Sequence[Version]) -> str:
    """Plain text for the page of the Biuletyn Informacji Publicznej: who made and published what, and the register of
    changes that BIP asks for (rozporządzenie MSWiA z 18 stycznia 2007 r. w sprawie BIP, Dz.U. 2007 nr 10 poz. 68).
    """
    parts = [title, "Rejestr zmian"]
    for version in versions:
        report = version.report
        assert report.published_at is not None
        lines = [
            f"Raport nr {report.number} ({version.state})",
            f"Wytworzył(a): {report.made_by}, {polish.moment(report.made_at)}",
            f"Opublikował(a): {report.published_by}, {polish.moment(report.published_at)}",
        ]
        if report.note:
            lines.append(f"Uwaga: {report.note}")
        lines.append(f"Zmiany: {version.summary}")
        if report.withdrawn_at is not None:
            lines.append(f"Wycofano {polish.moment(report.withdrawn_at)}. Powód: {report.withdrawn_reason}")
        lines.append(f"Suma kontrolna pliku (SHA-256): {version.file_sha256}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _found(session: Session, campaign_id: int, edition: str, number: int) -> Report:
    row = reports.numbered(session, campaign_id, edition, number)
    if row is None:
        raise NotFoundError(UNKNOWN)
    return row


def _views(session: Session, rows: Sequence[Report]) -> list[KeptReport]:
    ids = {person for row in rows for person in (row.made_by, row.published_by) if person is not None}
    names = people.names(session, ids)
    return [
        KeptReport(
            row.edition,
            row.number,
            row.checksum,
            row.made_at,
            names.get(row.made_by or 0, SERVICE),
            row.published_at,
            names.get(row.published_by or 0, SERVICE) if row.published_at else "",
            row.published_note,
            row.withdrawn_at,
            row.withdrawn_reason,
        )
        for row in rows
    ]


def _state(view: KeptReport, latest: int) -> str:
    if view.withdrawn_at is not None:
        return "wycofany"
    return "aktualny" if view.number == latest else "zastąpiony nowszym"


def _summary(before: Report | None, row: Report) -> str:
    if before is None:
        return "pierwsza opublikowana wersja"
    changes = changes_between(before.shown, row.shown)
    if changes is None:
        return f"nie wiadomo, co zmieniło się od raportu nr {before.number}"
    if not changes:
        return f"te same liczby i słowa co w raporcie nr {before.number}"
    told = []
    if changes.tables:
        told.append("tabele: " + ", ".join(f"„{table.caption}”" for table in changes.tables))
    if changes.words:
        told.append("tekst rozdziałów: " + ", ".join(f"„{words.chapter}”" for words in changes.words))
    return f"od raportu nr {before.number} zmieniły się: {'; '.join(told)}"


def _day(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone(polish.WARSAW):%Y-%m-%d %H:%M}" if moment else ""
