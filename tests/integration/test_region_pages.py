"""Roll-ups as a region's reader meets them: pages, files, the role, the gmina's switch."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from flask import Flask

from survey_app.cli import main
from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.rollup import region_report, regions
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, staff
from tests.region_rows import TOWNS, send_up_towns

READER = "rops@example.org"


@pytest.fixture
def region(app: Flask, sqlite_context: Context) -> Context:
    """Four gminas of one powiat and two of another have sent up; one person reads the województwo."""
    send_up_towns(sqlite_context)
    regions.appoint(sqlite_context, READER, "Róża Regionalna", "06", None)
    accounts.set_password(sqlite_context, id_of(sqlite_context, READER), PASSWORD, None)
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
    assert "Województwo lubelskie" in page
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
    book = openpyxl.load_workbook(io.BytesIO(reader.file("/panel/region/06/zestawienie.xlsx")))
    assert book.sheetnames == ["tabele", "miary", "uwagi"]
    assert book["tabele"].max_row == len(rows) + 1


def test_the_command_writes_the_same_file(
    region: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_VAR", str(region.settings.var))
    monkeypatch.setenv("DATABASE_URL", str(region.database.url))
    ended = CliRunner().invoke(main, ["rollup", "06", "--out", str(tmp_path / "06.csv")])
    assert ended.exit_code == 0, ended.output
    from survey_app.services.rollup.region_files import region_csv

    assert (tmp_path / "06.csv").read_bytes() == region_csv(region_report.report(region, "06"))
    assert CliRunner().invoke(main, ["rollup", "77", "--out", str(tmp_path / "x.csv")]).exit_code == 1
    assert CliRunner().invoke(main, ["rollup", "06", "--out", str(tmp_path / "x.pdf")]).exit_code == 2


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
    assert regions.appoint(context, READER, "Róża", "06", None) == ""  # twice changes nothing
    accounts.close_account(context, person.id, None)
    closed = accounts.find_person(context, READER)
    assert closed is not None
    assert not regions.may_read(closed, "06")
    with pytest.raises(InvalidInputError):
        regions.appoint(context, READER, "Róża", "10", None)
