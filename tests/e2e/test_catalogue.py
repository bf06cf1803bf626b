"""The catalogue in a real browser: its pages on a phone and on a desk, and a merge of doubles without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from survey_app.services.register import catalogue, declarations, own_sectors
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.register.declarations import DeclarationDraft
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

BASE = f"/panel/{GMINA}/katalog"
LONG_NAME = "Stowarzyszenie" + "PrzyjaciółGminyOrazMieszkańców" * 4


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    people(sqlite_context)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def add(context: Context, name: str) -> int:
    draft = StakeholderDraft(name, "kultura", True, "C", "Rynek 1", usefulness="Sala", natural_person=True)
    return catalogue.add_stakeholder(context, GMINA, draft, None).id


def test_every_page_of_the_catalogue_is_in_order(
    visitor: Visitor, address: str, sqlite_context: Context
) -> None:
    entry, double = add(sqlite_context, LONG_NAME), add(sqlite_context, LONG_NAME + "w")
    left = add(sqlite_context, "Dawny klub")
    catalogue.mark_left(sqlite_context, GMINA, left, None, "zamknięty")
    own = own_sectors.add_own_sector(sqlite_context, GMINA, "Rolnictwo", "inny", None)
    draft = DeclarationDraft("contribution", LONG_NAME, sqlite_context.today(), "lokal")
    one = declarations.add_declaration(sqlite_context, GMINA, entry, draft, None)
    page = visitor.page(f"{address}{BASE}", account=("anna@example.org", PASSWORD))
    for path in (
        "?kto=wszyscy",
        f"/{entry}",
        f"/{left}",
        f"/{entry}/edycja",
        f"/{entry}/wklad",
        f"/{entry}/odmowa",
        f"/{entry}/deklaracje/{one.id}/wycofanie",
        f"/{entry}/odejscie",
        f"/{left}/powrot",
        "/podwojne",
        f"/podwojne/porownanie?podwojny={double}&zostaje={entry}",
        f"/podwojne/porownanie?podwojny={entry}&zostaje={entry}",
        "/sektory",
        f"/sektory/{own}",
        "/zacznij",
        "/pobierz",
        "/wczytaj",
    ):
        page.goto(f"{address}{BASE}{path}")
        look(page, "katalog-" + path.strip("/?").replace("/", "-").replace("?", "-"))


def test_doubles_are_merged_without_scripts(visitor: Visitor, address: str, sqlite_context: Context) -> None:
    kept, double = add(sqlite_context, "Dom Kultury"), add(sqlite_context, "Dom Kulturry")
    page = visitor.page(f"{address}/logowanie", scripts=False)
    page.get_by_label("Adres e-mail").fill("anna@example.org")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()
    page.wait_for_url("**/panel**")
    page.goto(f"{address}{BASE}/podwojne")
    page.get_by_role("link", name="Dom Kulturry").click()
    page.get_by_role("button", name="Połącz wpisy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dom Kultury")
    page.goto(f"{address}{BASE}?kto=wszyscy")
    expect(page.get_by_text("podwójny", exact=True)).to_be_visible()
    assert catalogue.stakeholder(sqlite_context, GMINA, double).merged_into_id == kept
