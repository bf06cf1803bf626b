"""Reports, the team's texts and the herb, in a real browser: accessible at both widths, and by keyboard."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from survey_app.analysis.diagnoza.result import Edition
from survey_app.services import accounts, emblems
from survey_app.services.context import Context
from survey_app.services.survey import build_diagnoza, report_texts
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import PASSWORD
from tests.integration.test_lost_quotations import Scene

pytestmark = pytest.mark.browser

IGA = ("iga@example.org", PASSWORD)
CAMPAIGN = f"/panel/{GMINA}/kampanie/1"
REPORTS, TEXTS = f"{CAMPAIGN}/diagnoza/raporty", f"{CAMPAIGN}/diagnoza/teksty"
HERB = f"/panel/{GMINA}/herb"
PAGES = (
    (REPORTS, "Raporty i publikacja", "raporty"),
    (f"{REPORTS}/public/2", "Raport nr 2, wydanie publiczne", "raport"),
    (f"{REPORTS}/2/publikacja", "Oznaczyć raport nr 2 jako opublikowany?", "raport-publikacja"),
    (f"{REPORTS}/1/wycofanie", "Wycofać raport nr 1?", "raport-wycofanie"),
    (f"{REPORTS}/historia", "Historia wersji", "raporty-historia"),
    (TEXTS, "Wnioski i teksty zespołu", "teksty"),
    (f"{TEXTS}/wnioski", "Wnioski", "tekst"),
    (f"{TEXTS}/wnioski/usuniecie", "Usunąć tekst zespołu?", "tekst-usuniecie"),
    (HERB, "Herb na raportach", "herb"),
    (f"{HERB}/usuniecie", "Usunąć herb?", "herb-usuniecie"),
)


def herb() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (150, 180), (190, 30, 45)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def scene(sqlite_context: Context) -> Scene:
    """A published report, of which one quotation may no longer be used, and a newer one that is not published."""
    made = Scene(sqlite_context)
    accounts.create_user(sqlite_context, IGA[0], "Iga Żak", PASSWORD, coordinator_of=GMINA)
    made.publish(1)
    made.take_back(0)
    part = report_texts.part(sqlite_context, made.held.campaign.id, "wnioski")
    words = "Zaczynamy od szkół.\n- Sala\n- Dowóz"
    report_texts.save(sqlite_context, made.held.campaign.id, "wnioski", words, 0, part.basis, None)
    build_diagnoza.pdf(sqlite_context, made.held.campaign.id, Edition.PUBLIC, None)
    emblems.keep(sqlite_context, GMINA, herb(), "Herb gminy Przykładowo", None)
    return made


@pytest.fixture
def address(scene: Scene) -> Iterator[str]:
    with serving(create_app(context=scene.context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{REPORTS}", account=IGA)
    for place, heading, name in PAGES:
        if page.url != f"{address}{place}":
            page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)


def test_a_new_edition_takes_the_place_of_the_old_one_by_keyboard(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{CAMPAIGN}", width=DESK, account=IGA)
    follow(page, "Raporty i publikacja")
    expect(page.get_by_text("w opublikowanym raporcie są słowa")).to_be_visible()
    follow(page, "Oznacz raport nr 2 jako opublikowany…")
    page.get_by_role("button", name="Tak, oznacz").press("Enter")
    follow(page, "wycofaj raport nr 1…")
    page.get_by_role("button", name="Tak, wycofaj").press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()  # refused without a reason
    page.get_by_label("Powód").fill("Cofnięta zgoda na cytat")
    page.get_by_role("button", name="Tak, wycofaj").press("Enter")
    expect(page.get_by_text("Raport nr 1 jest wycofany.")).to_be_visible()
    expect(page.get_by_text("w opublikowanym raporcie są słowa")).to_have_count(0)


def test_a_herb_is_uploaded_and_the_wrong_file_is_refused(
    visitor: Visitor, address: str, scene: Scene
) -> None:
    emblems.remove(scene.context, GMINA, None)
    page = visitor.page(f"{address}{HERB}", account=IGA)
    field = page.get_by_label("Plik z herbem")
    field.set_input_files({"name": "herb.png", "mimeType": "image/png", "buffer": b"tekst"})
    page.get_by_role("button", name="Zapisz").press("Enter")
    expect(page.get_by_text("To nie jest obraz PNG ani JPEG").first).to_be_visible()
    look(page, "herb-odmowa")
    field.set_input_files({"name": "herb.png", "mimeType": "image/png", "buffer": herb()})
    page.get_by_role("button", name="Zapisz").press("Enter")
    picture = page.get_by_role("img", name="Herb gminy")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 150)


def follow(page: Page, name: str) -> None:
    """A link, by its name, with the keyboard."""
    page.get_by_role("link", name=name, exact=True).press("Enter")
