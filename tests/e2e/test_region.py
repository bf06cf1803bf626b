"""A region's report in a real browser, as its reader meets it: one visit, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

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
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Pobierz raport (PDF)").click()
    assert waiting.value.suggested_filename == "raport-06.pdf"
