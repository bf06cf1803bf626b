"""Registers in a real browser: every page accessible at both widths, a need kept to its end by keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import entries, parties
from survey_app.services.registers.entries import Content, Owner
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.register_kit import offer_registers

pytestmark = pytest.mark.browser

JAN = ("jan@example.org", PASSWORD)
OWNER = Owner(gmina_code=GMINA)
REGISTERS = f"/panel/{GMINA}/rejestry"
PAGES = (
    (REGISTERS, "Plan i rejestry", "rejestry"),
    (f"{REGISTERS}/potrzeby", "Zapotrzebowania", "rejestr"),
    (f"{REGISTERS}/potrzeby/nowy", "Nowy wpis", "rejestr-nowy"),
    (f"{REGISTERS}/wpis/2", "Sala na warsztaty", "rejestr-wpis"),
    (f"{REGISTERS}/wpis/2/pola", "Zmiana wpisu", "rejestr-pola"),
    (f"{REGISTERS}/wpis/2/uczestnicy", "Kogo zapytano", "rejestr-uczestnicy"),
    (f"{REGISTERS}/wpis/2/uczestnicy/1", "Odpowiedź: Szkoła", "rejestr-odpowiedz"),
)


@pytest.fixture
def address(sqlite_context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """An offer of a school; a need that it and a library were asked for; another one, long past its day."""
    context = sqlite_context
    people(context)
    offer_registers(monkeypatch, tmp_path / "instruments")
    jan, today = id_of(context, JAN[0]), context.today()
    school, library = (
        catalogue.add_stakeholder(context, GMINA, StakeholderDraft(name, sector, True), None).id
        for name, sector in (("Szkoła", "edukacja"), ("Biblioteka", "kultura"))
    )
    entries.add(context, OWNER, "oferty", Content({"nazwa": ["Aula"]}, school), jan)
    answers = {
        "nazwa": ["Sala na warsztaty"],
        "do": (today + dt.timedelta(3)).isoformat(),
        "opis": "Pięć dni",
    }
    asked = entries.add(
        context, OWNER, "potrzeby", Content(answers, sector="edukacja", person_id=jan), jan
    ).id
    parties.add(context, OWNER, asked, [parties.Who(school), parties.Who(library)], "użyczający", jan)
    past = {"nazwa": ["Rzutnik"], "do": (today - dt.timedelta(3)).isoformat()}
    entries.add(context, OWNER, "potrzeby", Content(past, library), jan)
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str, sqlite_context: Context) -> None:
    page = visitor.page(f"{address}{REGISTERS}", account=JAN)
    for place, heading, name in PAGES:
        page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)
    page.goto(f"{address}{REGISTERS}/potrzeby/nowy")
    save(page, "Zapisz wpis")
    expect(page.locator(".summary")).to_be_focused()
    look(page, "rejestr-bledy")
    page.goto(f"{address}{REGISTERS}/wpis/2/pola")
    held = entries.view(sqlite_context, OWNER, 2).entry
    other = Content({**held.answers, "opis": "Dwa dni"}, sector="edukacja", person_id=held.person_id)
    entries.change(sqlite_context, OWNER, 2, held.revision, other, None)
    page.get_by_label("Opis").fill("Pięć dni, od rana")
    save(page, "Zapisz")
    expect(page.get_by_role("table", name="Czym się różnią")).to_contain_text("Dwa dni")
    look(page, "rejestr-obok")


def test_a_need_is_kept_from_nothing_to_closed_by_keyboard_and_without_scripts(
    visitor: Visitor, address: str
) -> None:
    page = visitor.page(f"{address}{REGISTERS}", width=DESK, account=JAN, scripts=False)
    page.get_by_role("link", name="Nowy wpis: Zapotrzebowania").press("Enter")
    page.get_by_label("Kogo dotyczy").select_option("Biblioteka")
    save(page, "Zapisz wpis")
    expect(page.get_by_role("alert").get_by_text("Pole „Czego potrzeba” jest puste.")).to_be_visible()
    expect(page.get_by_label("Kogo dotyczy")).to_have_value("i-2")
    page.get_by_label("Czego potrzeba").fill("Namiot")
    page.get_by_label("Do kiedy").fill("2026-12-01")
    save(page, "Zapisz wpis")
    expect(page.get_by_role("heading", level=1)).to_have_text("Namiot")

    page.get_by_role("link", name="Dopisz: Kogo zapytano").press("Enter")
    page.get_by_role("checkbox", name="Szkoła").press("Space")
    save(page, "Dopisz")
    page.get_by_role("link", name="Zapisz odpowiedź").press("Enter")
    page.get_by_role("radio", name="zgoda").press("Space")
    page.get_by_label("Oferta, którą daje").select_option("Aula")
    save(page, "Zapisz odpowiedź")
    expect(page.get_by_role("link", name="Aula")).to_be_visible()

    page.get_by_role("radio", name="wysłano", exact=True).press("Space")
    page.get_by_label("Co się stało").fill("List do szkoły")
    save(page, "Dopisz do dziennika")
    expect(page.get_by_text("List do szkoły")).to_be_visible()
    page.get_by_role("radio", name="wycofane").press("Space")
    save(page, "Zapisz stan")
    expect(page.get_by_role("alert").get_by_text("wymaga powodu")).to_be_visible()
    page.get_by_label("Kilka słów").fill("Jest już namiot z gminy")
    save(page, "Zapisz stan")
    expect(page.get_by_text("stan: otwarte → wycofane")).to_be_visible()
    expect(page.get_by_text("List do szkoły")).to_be_visible()


def save(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).press("Enter")
