"""Kept reports: one per edition that differs; published byte by byte; withdrawn with a reason; told to BIP."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io

import pytest

from survey_app.analysis.diagnoza.result import Edition
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.survey import (
    build_diagnoza,
    campaigns,
    kept_reports,
    open_texts,
    publish_report,
    report_texts,
)
from survey_app.services.survey.kept_reports import KeptReport
from survey_app.store import reports as store
from tests.campaign_kit import GMINA, hold, lock, send
from tests.integration.test_build_diagnoza import locked


@pytest.fixture
def number(context: Context) -> int:
    """A locked campaign, and Anna, who is person 1."""
    held = locked(context)
    accounts.create_user(context, "a@example.org", "Anna Zając", "cztery-zwykle-slowa", coordinator_of=GMINA)
    return held.campaign.id


def make(context: Context, campaign_id: int, edition: Edition = Edition.PUBLIC) -> bytes:
    context.clock.set(context.clock() + dt.timedelta(minutes=1))  # type: ignore[attr-defined]
    return build_diagnoza.pdf(context, campaign_id, edition, actor=1)


def write(context: Context, campaign_id: int, text: str) -> None:
    known = report_texts.part(context, campaign_id, "wnioski").revision
    report_texts.save(context, campaign_id, "wnioski", text, known, "", actor=1)


def one(context: Context, campaign_id: int, number: int = 1) -> KeptReport:
    return kept_reports.one(context, campaign_id, "public", number)


def test_the_same_report_again_adds_nothing_and_another_one_gets_the_next_number(
    context: Context, number: int
) -> None:
    for _ in range(3):
        make(context, number)
    make(context, number, Edition.INTERNAL)
    write(context, number, "Rozmawiać.")
    make(context, number)
    found = kept_reports.listed(context, number)
    assert [(row.edition, row.number) for row in found] == [("public", 2), ("internal", 1), ("public", 1)]
    assert {row.made_by for row in found} == {"Anna Zając"}
    assert found[0].checksum == build_diagnoza.build(context, number, Edition.PUBLIC).checksum
    assert len([line for line in campaigns.trace(context, number) if "nowy raport" in line]) == 3


def test_a_report_of_the_command_line_is_the_services(context: Context, number: int) -> None:
    build_diagnoza.pdf_of_gmina(context, GMINA, "public", None)
    assert one(context, number).made_by == "serwis"


def test_what_changed_since_the_one_before_is_told_in_numbers_and_words(
    context: Context, number: int
) -> None:
    make(context, number)
    first = kept_reports.compared(context, number, "public", 1)
    assert (first.before, first.changes) == (None, None)
    write(context, number, "Rozmawiać.")
    text = open_texts.waiting(context, number)[0]
    open_texts.clear(context, text.id, "Uczciwość", actor=None)
    make(context, number)
    second = kept_reports.compared(context, number, "public", 2)
    assert second.before is not None
    assert second.before.number == 1
    assert second.changes is not None
    words = {row.chapter: row for row in second.changes.words}
    assert "Rozmawiać." in words["Wnioski i rekomendacje zespołu"].added
    assert words["Odpowiedzi otwarte"].quoted == (0, 1)
    assert "Uczciwość" not in repr(second.changes)


def test_the_first_report_of_a_later_campaign_is_compared_with_the_gminas_last_one(
    context: Context, number: int
) -> None:
    make(context, number)
    context.clock.set(context.clock() + dt.timedelta(days=30))  # type: ignore[attr-defined]
    now = context.clock()
    later = hold(context, title="Ankieta druga", opens_at=now, closes_at=now + dt.timedelta(days=7))
    for place in range(8):
        send(context, later, later.codes[place], {"p1": {"option": "edukacja"}, "p5": "tak"})
    lock(context, later)
    make(context, later.campaign.id)
    make(context, number)  # the older one again: nothing new, and never compared with a later campaign
    found = kept_reports.compared(context, later.campaign.id, "public", 1)
    assert found.earlier_campaign == "Ankieta instytucji, jesień 2026"
    assert found.changes is not None
    cells = [cell for table in found.changes.tables for cell in table.cells]
    assert ("7", "8") in {(cell.before, cell.after) for cell in cells}
    assert kept_reports.compared(context, number, "public", 1).before is None


def test_a_published_file_stays_byte_by_byte_whatever_is_written_later(context: Context, number: int) -> None:
    file = make(context, number)
    with pytest.raises(NotFoundError):
        kept_reports.published_file(context, number, 1)
    publish_report.publish(context, number, 1, " Strona  gminy\n", actor=1)
    write(context, number, "Później.")
    assert make(context, number) != file
    assert kept_reports.published_file(context, number, 1) == file
    found = one(context, number)
    assert (found.note, found.published_by, found.holds) == ("Strona  gminy", "Anna Zając", True)


def test_only_the_newest_report_that_still_holds_can_be_published_and_once(
    context: Context, number: int
) -> None:
    make(context, number)
    write(context, number, "Nowe.")
    with pytest.raises(ConflictError, match="zmieniły się wyniki albo teksty"):
        publish_report.publish(context, number, 1, "", 1)
    make(context, number)
    with pytest.raises(ConflictError, match="nowszy"):
        publish_report.publish(context, number, 1, "", 1)
    publish_report.publish(context, number, 2, "", 1)
    with pytest.raises(ConflictError, match="już"):
        publish_report.publish(context, number, 2, "", 1)
    with pytest.raises(NotFoundError):
        publish_report.publish(context, number, 3, "", 1)


def test_the_internal_edition_is_never_published(context: Context, number: int) -> None:
    make(context, number, Edition.INTERNAL)
    with pytest.raises(NotFoundError):
        publish_report.publish(context, number, 1, "", 1)
    assert kept_reports.history(context, number) == []


def test_a_withdrawn_report_stays_in_the_history_with_its_reason(context: Context, number: int) -> None:
    file = make(context, number)
    with pytest.raises(ConflictError):
        publish_report.withdraw(context, number, 1, "Nie było go", 1)
    publish_report.publish(context, number, 1, "", 1)
    with pytest.raises(InvalidInputError):
        publish_report.withdraw(context, number, 1, "  ", 1)
    publish_report.withdraw(context, number, 1, "Błąd w cytacie", 1)
    with pytest.raises(ConflictError):
        publish_report.withdraw(context, number, 1, "Drugi raz", 1)
    (version,) = kept_reports.history(context, number)
    assert (version.state, version.report.withdrawn_reason) == ("wycofany", "Błąd w cytacie")
    assert kept_reports.published_file(context, number, 1) == file


@pytest.mark.parametrize("note", ["x" * 501, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(context: Context, number: int, note: str) -> None:
    make(context, number)
    with pytest.raises(InvalidInputError):
        publish_report.publish(context, number, 1, note, 1)
    assert one(context, number).published_at is None


def test_the_history_tells_versions_changes_and_checksums_for_bip(context: Context, number: int) -> None:
    files = [make(context, number)]
    publish_report.publish(context, number, 1, "=1+1", 1)
    write(context, number, "Rozmawiać.")
    make(context, number)  # number 2 is never published
    write(context, number, "Rozmawiać częściej.")
    files.append(make(context, number))
    publish_report.publish(context, number, 3, "", 1)
    versions = kept_reports.history(context, number)
    assert [(row.report.number, row.state) for row in versions] == [
        (3, "aktualny"),
        (1, "zastąpiony nowszym"),
    ]
    assert [row.file_sha256 for row in versions] == [hashlib.sha256(file).hexdigest() for file in files[::-1]]
    assert "od raportu nr 1" in versions[0].summary
    assert "„Wnioski i rekomendacje zespołu”" in versions[0].summary
    text = kept_reports.bip_text("Diagnoza", versions)
    assert "Opublikował(a): Anna Zając" in text
    assert text.index("Raport nr 3 (aktualny)") < text.index("Raport nr 1 (zastąpiony nowszym)")
    rows = list(
        csv.reader(io.StringIO(kept_reports.history_csv(versions).decode("utf-8-sig")), delimiter=";")
    )
    assert [row[0] for row in rows] == ["Numer raportu", "3", "1"]
    assert "'=1+1" in rows[2]
    publish_report.withdraw(context, number, 3, "Błąd", 1)
    states = [(row.report.number, row.state) for row in kept_reports.history(context, number)]
    assert states == [(3, "wycofany"), (1, "aktualny")]


def test_a_report_from_before_this_was_kept_is_completed_by_the_next_download(
    context: Context, number: int
) -> None:
    checksum = build_diagnoza.build(context, number, Edition.PUBLIC).checksum
    with context.database.transaction() as session:
        store.add(
            session,
            campaign_id=number,
            edition="public",
            checksum=checksum,
            shown={},
            at=context.clock(),
            actor=None,
        )
    write(context, number, "Nowe.")
    make(context, number)
    assert kept_reports.compared(context, number, "public", 2).changes is None
    report_texts.restore(context, number, "wnioski", 1, None)
    make(context, number)
    assert kept_reports.compared(context, number, "public", 3).changes is not None


@pytest.mark.parametrize("named", [0, 7, 2**31, 10**30])
def test_a_number_that_names_nothing_is_not_found(context: Context, number: int, named: int) -> None:
    with pytest.raises(NotFoundError):
        kept_reports.one(context, number, "public", named)
