"""Roll-ups as a region's reader meets them: pages, files, the role, the gmina's switch."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from survey_app.cli import main
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.rollup import region_report, regions
from survey_app.services.rollup.region_files import region_csv
from survey_app.services.signing_in import links
from tests.integration.staff import GMINA, PASSWORD, staff
from tests.region_rows import TOWNS, send_up_towns
from tests.renderings import as_printed, of_document, of_docx, of_page, of_pdf, of_workbook, said

READER = "rops@example.org"


@pytest.fixture
def region(app: Flask, sqlite_context: Context) -> Context:
    """Four gminas of one powiat and two of another have sent up; one person reads the województwo."""
    send_up_towns(sqlite_context)
    token = regions.appoint(sqlite_context, READER, "Róża Regionalna", "06", None)
    links.use(sqlite_context, token, PASSWORD)
    return sqlite_context


def test_the_report_sums_what_went_up_on_both_stores(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    send_up_towns(context)
    found = region_report.report(context, "06").roll_up
    assert found.gminas == len(TOWNS)
    response = found.response
    assert response.count("06", "answered") == sum(answered for _, answered, _ in TOWNS)
    assert response.count("0605", "gminas") == 4
    assert response.row("0602").hidden  # two gminas
    p7 = next(one.table for one in found.questions if one.question == "p7")
    assert p7.row("06").base == sum(answered for _, answered, _ in TOWNS)
    with pytest.raises(NotFoundError):
        region_report.report(context, "77")
    with pytest.raises(NotFoundError):
        region_report.report(context, "06", "nieznana")


def test_two_gminas_left_over_hide_a_powiat_of_three_in_a_wojewodztwo_of_five(context: Context) -> None:
    """The województwo less the powiat would be two gminas."""
    gminas.seed_pilot_gminas(context)
    send_up_towns(context, TOWNS[1:-1])
    response = region_report.report(context, "06").roll_up.response
    assert response.row("0605").hidden
    assert not response.row("06").hidden


def test_a_reader_opens_their_region_and_nothing_else(app: Flask, region: Context) -> None:
    assert region
    reader = staff(app, READER)
    page = reader.get("/panel/region/06")
    assert "<h1>Zestawienie gmin: województwo lubelskie</h1>" in page
    assert "powiat janowski" in page.lower()
    assert "ukryte" in page
    reader.get("/panel/region/0605")
    for address in ("/panel/region/PL", "/panel/region/10", f"/panel/{GMINA}", f"/panel/{GMINA}/katalog"):
        reader.get(address, expect=403)
    assert "/panel/region/06" in reader.get("/panel")
    assert "gmina Janów" not in page  # no gmina let its row be seen


def test_files_hold_what_the_page_shows(app: Flask, region: Context, tmp_path: Path) -> None:
    reader = staff(app, READER)
    rows = list(
        csv.DictReader(
            io.StringIO(reader.file("/panel/region/06/zestawienie.csv").decode("utf-8-sig")), delimiter=";"
        )
    )
    told = {(row["tabela"], row["kod"], row["kolumna"]): row["liczba"] for row in rows}
    found = region_report.report(region, "06").roll_up
    for table in found.tables:
        for row in table.rows:
            for column, count in zip(table.columns, row.counts, strict=True):
                assert told[table.id, row.id, column.label] == ("ukryte" if count is None else str(count))
    measures = [row for row in rows if row["tabela"].startswith("miara: ")]
    assert len(rows) - len(measures) == len(told) - len(
        {(row["tabela"], row["kod"], row["kolumna"]) for row in measures}
    )
    median = next(
        row for row in measures if (row["tabela"], row["kolumna"]) == ("miara: gotowość", "mediana")
    )
    assert found.readiness.spread is not None
    assert float(median["liczba"].replace(",", ".")) == found.readiness.spread.median


def test_page_paper_word_and_workbook_say_the_same(app: Flask, region: Context) -> None:
    """Each table, read back from each rendering."""
    reader, document = staff(app, READER), region_report.report(region, "06").document()
    asked = of_document(document)
    assert len(asked) > 10
    assert any("ukryte" in row for _, rows in asked for row in rows)
    expected = [said(table) for table in asked]
    assert [said(table) for table in of_page(reader.get("/panel/region/06"))] == expected
    pdf = reader.file("/panel/region/06/raport.pdf")
    assert [said(table) for table in of_pdf(pdf)] == [said(as_printed(table)) for table in asked]
    assert [said(table) for table in of_docx(reader.file("/panel/region/06/raport.docx"))] == expected
    book = reader.file("/panel/region/06/zestawienie.xlsx")
    assert [said(table) for table in of_workbook(book, document)] == expected


def test_the_region_is_in_the_navigation_of_those_who_read_it(app: Flask, region: Context) -> None:
    reader = staff(app, READER)
    assert '<a href="/panel/region/06" aria-current="page">Zestawienia</a>' in reader.get("/panel/region/06")
    assert "Zestawienia</a>" not in staff(app, "anna@example.org").get(f"/panel/{GMINA}")
    regions.appoint(region, READER, "Róża Regionalna", "0605", None)
    assert '<a href="/panel">Zestawienia</a>' in reader.get("/panel/haslo")


def test_the_command_writes_the_same_file(
    region: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_VAR", str(region.settings.var))
    monkeypatch.setenv("DATABASE_URL", str(region.database.url))
    ended = CliRunner().invoke(main, ["rollup", "06", "--out", str(tmp_path / "06.csv")])
    assert ended.exit_code == 0, ended.output
    assert (tmp_path / "06.csv").read_bytes() == region_csv(region_report.report(region, "06"))
    for ending, start in ((".pdf", b"%PDF-"), (".DOCX", b"PK"), (".xlsx", b"PK")):
        out = tmp_path / f"06{ending}"
        assert CliRunner().invoke(main, ["rollup", "06", "--out", str(out)]).exit_code == 0
        assert out.read_bytes().startswith(start)
    assert CliRunner().invoke(main, ["rollup", "77", "--out", str(tmp_path / "x.csv")]).exit_code == 1
    assert CliRunner().invoke(main, ["rollup", "06", "--out", str(tmp_path / "x.txt")]).exit_code == 2


def test_a_team_lets_its_row_be_seen_and_takes_it_back(app: Flask, region: Context) -> None:
    coordinator, reader = staff(app, "anna@example.org"), staff(app, READER)
    coordinator.get(f"/panel/{GMINA}/region")
    coordinator.send(f"/panel/{GMINA}/region", {"pokazuje": "tak"})
    assert "gmina Janów Lubelski" in reader.get("/panel/region/0605")
    found = region_report.report(region, "0605").roll_up.response
    assert found.count(GMINA, "answered") == TOWNS[0][1]
    coordinator.send(f"/panel/{GMINA}/region", {"pokazuje": "nie"})
    assert "gmina Janów Lubelski" not in reader.get("/panel/region/0605")


def test_rows_that_would_leave_two_gminas_are_not_shown(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    send_up_towns(context)
    for code, _, _ in TOWNS[:2]:
        regions.show_row(context, code, shows=True, actor=None)
    response = region_report.report(context, "0605").roll_up.response
    assert response.row(TOWNS[0][0]).hidden
    assert response.row(TOWNS[1][0]).hidden


def test_a_newer_campaign_takes_the_place_of_the_older(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    send_up_towns(context)
    before = region_report.report(context, "06").roll_up.response.count("06", "answered") or 0
    send_up_towns(context, [(TOWNS[0][0], 20, 0.5)], first=100)
    found = region_report.report(context, "06").roll_up
    assert found.gminas == len(TOWNS)
    assert found.response.count("06", "answered") == before - TOWNS[0][1] + 20


def test_made_up_gminas_count_in_no_real_region(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    send_up_towns(context)
    for number in (1, 2, 3):
        gminas.add_gmina(
            context, f"99010{number}2", f"Zmyślona {number}", "przykładowe", "przykładowy", None, example=True
        )
    send_up_towns(context, [(f"99010{number}", 9, 0.5) for number in (1, 2, 3)], first=50)
    assert region_report.report(context, "PL").roll_up.gminas == len(TOWNS)
    assert region_report.report(context, "9901").roll_up.gminas == 3


def test_the_administrator_appoints_and_dismisses(app: Flask, region: Context) -> None:
    administrator = staff(app, "admin@example.org")
    administrator.get("/panel/admin/region")
    typed = {"name": "Nowa Osoba", "email": "nowa@example.org", "region_code": "77"}
    administrator.address = "/panel/admin/region/czytelnik"
    refused = administrator.send("/panel/admin/region/czytelnik", typed)
    assert refused.status_code == 422
    assert "nowa@example.org" in refused.text
    made = administrator.send("/panel/admin/region/czytelnik", {**typed, "region_code": "pl"})
    assert made.status_code == 200
    person = accounts.find_person(region, "nowa@example.org")
    assert person is not None
    assert regions.may_read(person, "0605")
    administrator.send(f"/panel/admin/region/czytelnik/{person.id}/PL/odebranie")
    again = accounts.find_person(region, "nowa@example.org")
    assert again is not None
    assert not regions.may_read(again, "0605")
    with pytest.raises(NotFoundError):
        regions.dismiss(region, person.id, "PL", None)


def test_a_closed_account_is_no_reader(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    regions.appoint(context, READER, "Róża", "06", None)
    person = accounts.find_person(context, READER)
    assert person is not None
    regions.appoint(context, READER, "Róża", "06", None)  # twice changes nothing
    assert len(accounts.everyone(context)) == 1
    accounts.close_account(context, person.id, None)
    closed = accounts.find_person(context, READER)
    assert closed is not None
    assert not regions.may_read(closed, "06")
    with pytest.raises(InvalidInputError):
        regions.appoint(context, READER, "Róża", "10", None)
