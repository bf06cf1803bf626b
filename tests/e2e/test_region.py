"""A region's report in a real browser, as its reader meets it: one visit, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.rollup import regions
from survey_app.services.signing_in import links
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import PASSWORD
from tests.region_rows import send_up_towns

pytestmark = pytest.mark.browser

READER = "rops@example.org"
RECORDS = Path(__file__).parents[1] / "fixtures" / "network" / "sposoby_powolania.csv"


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    gminas.seed_pilot_gminas(sqlite_context)
    send_up_towns(sqlite_context)
    token = regions.appoint(sqlite_context, READER, "Róża Regionalna", "06", None)
    links.use(sqlite_context, token, PASSWORD)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_the_report_reads_on_a_phone_and_on_a_desk(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}/panel/region/06", account=(READER, PASSWORD))
    expect(page.get_by_role("heading", level=1)).to_have_text("Zestawienie gmin: województwo lubelskie")
    expect(page.get_by_role("link", name="Zestawienia")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("img", name="Mediana gotowości w 7 gminach")).to_be_visible()
    look(page, "region")
    page.get_by_role("link", name="Zapisy o gminach z publicznych źródeł").click()
    page.get_by_label("Źródło").fill("Raport z pilotażu")
    page.get_by_label("Plik CSV albo XLSX").set_input_files(RECORDS)
    page.get_by_role("button", name="Pokaż, co jest w pliku").click()
    expect(page.get_by_role("table", name="Błędy w pliku")).to_contain_text("leży poza obszarem 06")
    look(page, "zapisy")
    page.goto(f"{address}/panel/region/06/wiadomosci/nowa")
    page.get_by_label("Tytuł").fill("Spotkanie")
    page.get_by_label("Treść").fill("Zapraszamy.")
    page.get_by_role("button", name="Pokaż podgląd").click()
    expect(page.get_by_role("button", name="Wyślij")).to_be_visible()
    look(page, "wiadomosc")
    page.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_role("heading", name="Spotkanie")).to_be_visible()
    look(page, "wiadomosci")
    page.goto(f"{address}/panel/region/06")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Pobierz raport (PDF)").click()
    assert waiting.value.suggested_filename == "raport-06.pdf"
