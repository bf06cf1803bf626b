"""Open answers read for themes, and the page of files, in a real browser: accessible, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import themes
from survey_app.services.interviewing.themes import ThemeDraft
from survey_app.services.survey import open_texts
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA, add_gmina, hold, lock, send
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import PASSWORD

pytestmark = pytest.mark.browser

IGA = ("iga@example.org", PASSWORD)
PANEL = f"/panel/{GMINA}/wywiady/tematy"
WRITTEN = (
    "Świetlica dla dzieci",
    "Brak świetlic 👵🏽",
    "Autobus dwa razy dziennie",
    "Klub seniora",
    "Praca",
    "Dom kultury",
    "Dowóz",
    "Zajęcia",
)


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """Twelve cleared texts to question 6."""
    add_gmina(sqlite_context, 10)
    accounts.create_user(sqlite_context, IGA[0], "Iga Żak", PASSWORD, coordinator_of=GMINA)
    held = hold(sqlite_context)
    for place, (code, words) in enumerate(zip(held.codes, WRITTEN, strict=False)):
        boxes = [words, f"{words}, także zimą"][: 1 + place % 2]
        send(sqlite_context, held, code, {"p1": {"option": "edukacja"}, "p6": boxes})
    lock(sqlite_context, held)
    for text in open_texts.waiting(sqlite_context, held.campaign.id):
        open_texts.clear(sqlite_context, text.id, text.text, actor=None)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PANEL}/odpowiedzi", account=IGA)
    for place, heading, name in (
        ("/odpowiedzi", "Tematy odpowiedzi otwartych", "tematy-odpowiedzi"),
        ("/odpowiedzi/1/p6", "Pytanie 6: tematy odpowiedzi", "tematy-odpowiedzi-pytanie"),
        ("/odpowiedzi/1/p6?slowo=świetlica", "Pytanie 6: tematy odpowiedzi", "tematy-odpowiedzi-szukanie"),
        ("/pliki", "Tematy w plikach", "tematy-pliki"),
    ):
        page.goto(f"{address}{PANEL}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)


def test_folded_themes_are_given_by_keyboard(visitor: Visitor, address: str, sqlite_context: Context) -> None:
    top = themes.tree(sqlite_context, GMINA)[0]
    for number in range(10):
        themes.add(sqlite_context, GMINA, ThemeDraft(f"Węższy {number}", parent_id=top.id), None)
    page = visitor.page(f"{address}{PANEL}/odpowiedzi/1/p6?slowo=autobusem", width=DESK, account=IGA)
    first = page.locator("fieldset.open-text").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    look(page, "tematy-odpowiedzi-rozwiniete")
    page.get_by_role("button", name="Zapisz tematy").press("Enter")
    expect(page.get_by_text("Zapisano tematy")).to_be_visible()
    expect(page.locator("fieldset.open-text summary").first).to_contain_text(top.label)
    expect(page.get_by_label("Słowo albo kilka słów")).to_have_value("autobusem")
