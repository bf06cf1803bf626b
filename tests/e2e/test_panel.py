"""A coordinator in a real browser: from the log-in to the results, on a phone and with the keyboard."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey_app.instrument.routing import settle
from survey_app.services import instruments
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.survey import campaigns, take_survey
from survey_app.services.survey.campaigns import CampaignDraft
from survey_app.web.app import create_app
from tests.e2e.browser import (
    DESK,
    PHONE,
    Visitor,
    axe_faults,
    keep_picture,
    serving,
    sideways_overflow,
    small_targets,
)
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import Clock

pytestmark = pytest.mark.browser

FILE = "Nazwa;Sektor;Wewnętrzny/zewnętrzny;Typ\r\nGOPS;pomoc społeczna;wewnętrzny;A\r\nBank;finanse;zewnętrzny;\r\n"

LONG_NAME = "Stowarzyszenie" + "PrzyjaciółGminyOrazMieszkańców" * 4  # somebody's space bar was broken


@pytest.fixture
def draft(clock: Clock) -> CampaignDraft:
    now = clock()
    end = now + dt.timedelta(days=7)
    return CampaignDraft(
        "Ankieta próbna", "anonymous", "open_link", now, end, 30, 3, "Administratorem jest Wójt."
    )


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    people(sqlite_context)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def log_in(visitor: Visitor, address: str, email: str = "anna@example.org", width: int = PHONE) -> Page:
    page = visitor.page(f"{address}/logowanie", width=width)
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/panel**")
    return page


def look(page: Page, name: str) -> None:
    """Nothing that axe finds, nothing that a thumb misses, nothing wider than the screen."""
    keep_picture(page, f"panel-{name}")
    assert axe_faults(page) == [], name
    assert sideways_overflow(page) <= 0, name
    assert small_targets(page) == [], name


def test_a_coordinator_imports_the_catalogue_and_opens_a_campaign(
    visitor: Visitor, address: str, sqlite_context: Context, tmp_path: Path
) -> None:
    page = log_in(visitor, address)
    look(page, "gmina")
    page.get_by_role("link", name="Przejdź do katalogu").click()
    look(page, "empty-catalogue")
    page.get_by_role("link", name="Wczytaj z pliku").click()
    file = tmp_path / "katalog.csv"
    file.write_text(FILE, encoding="cp1250", newline="")
    page.get_by_label("Plik CSV albo XLSX").set_input_files(file)
    page.get_by_role("button", name="Pokaż, co jest w pliku").click()
    look(page, "import-preview")
    page.get_by_role("button", name="Zapisz w katalogu").click()
    look(page, "catalogue")
    page.get_by_role("link", name="Początek").click()
    page.get_by_role("link", name="Nowa kampania").click()
    look(page, "new-campaign")
    page.get_by_label("Tytuł kampanii").fill("Ankieta, jesień 2026")
    start, end = page.get_by_role("group", name="Początek"), page.get_by_role("group", name="Koniec")
    for group, day in ((start, "2026-11-02"), (end, "2026-11-09")):
        group.get_by_label("Dzień").fill(day)
        group.get_by_label("Godzina").fill("10:00")
    page.get_by_label("Informacja o przetwarzaniu danych").fill("Administratorem danych jest Burmistrz.")
    page.get_by_role("button", name="Zapisz szkic").click()
    look(page, "draft")
    page.get_by_role("link", name="Otwórz kampanię…").click()
    look(page, "opening")
    page.get_by_role("button", name="Otwórz kampanię i pokaż kody").click()
    look(page, "codes")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Kody do korespondencji seryjnej").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["instytucja", "Bank", "GOPS"]
    page.get_by_role("link", name="Pliki są zapisane").click()
    look(page, "open-campaign")
    assert campaigns.campaigns_of(sqlite_context, GMINA)[0].opened_at is not None


def test_a_refused_form_takes_the_focus_to_its_faults(visitor: Visitor, address: str) -> None:
    page = log_in(visitor, address)
    page.goto(f"{address}/panel/{GMINA}/kampanie/nowa")
    page.get_by_role("button", name="Zapisz szkic").click()
    expect(page.locator("#bledy")).to_be_focused()
    page.get_by_role("link", name="Prosimy podać tytuł.").click()
    expect(page.locator("#title")).to_be_focused()
    look(page, "refused-draft")


def test_results_open_texts_and_the_diagnoza_can_be_read(
    visitor: Visitor, address: str, sqlite_context: Context, clock: Clock, draft: CampaignDraft
) -> None:
    number = locked(sqlite_context, clock, draft)
    page = log_in(visitor, address)
    base = f"{address}/panel/{GMINA}/kampanie/{number}"
    for name in ("", "/wyniki", "/wyniki/diagnoza", "/wyniki/teksty"):
        page.goto(base + name)
        look(page, f"locked{name.replace('/', '-')}")
    assert "Czekają na przejrzenie: 8." in page.inner_text("main")
    page.get_by_label("Tekst 1", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # from "jeszcze nie wiem" to "może być pokazany"
    page.keyboard.press("Enter")
    page.get_by_text("Zapisane decyzje: 1.").wait_for()
    assert "Czekają na przejrzenie: 7." in page.inner_text("main")
    look(page, "texts-after-one")
    page.goto(base)
    desk = log_in(visitor, address, width=DESK)
    desk.goto(f"{base}/wyniki")
    look(desk, "results-desk")


def test_other_pages_of_the_panel_are_in_order(
    visitor: Visitor, address: str, sqlite_context: Context, draft: CampaignDraft
) -> None:
    entry = catalogue.add_stakeholder(
        sqlite_context, GMINA, StakeholderDraft(LONG_NAME, "pomoc_spoleczna", internal=True), None
    )
    by_invitation = dataclasses.replace(draft, access="invitations")
    number = campaigns.create_campaign(sqlite_context, GMINA, by_invitation, None).id
    campaigns.open_campaign(sqlite_context, number, None)
    page, base = log_in(visitor, address), f"/panel/{GMINA}"
    for path in (
        f"{base}/katalog",
        f"{base}/katalog/{entry.id}",
        f"{base}/katalog/{entry.id}/odejscie",
        f"{base}/kampanie",
        f"{base}/kampanie/{number}/koniec",
        f"{base}/kampanie/{number}/blokada",
        f"{base}/kampanie/{number}/papier",
        f"{base}/kampanie/{number}/nowe-kody",
        "/panel/haslo",
    ):
        page.goto(address + path)
        look(page, path.strip("/").replace("/", "-"))


def test_the_administrators_pages_are_in_order(visitor: Visitor, address: str) -> None:
    page = log_in(visitor, address, "admin@example.org")
    for path in (
        "/panel",
        "/panel/admin?szukaj=a",
        "/panel/admin/gmina",
        "/panel/admin/konto",
        "/panel/admin/zespol/060203",
    ):
        page.goto(address + path)
        look(page, path.strip("/").replace("/", "-").replace("?", "-"))


def test_public_pages_are_in_order(visitor: Visitor, address: str) -> None:
    page = visitor.page(address)
    for path in ("/", "/prywatnosc", "/anonimowosc", "/dostepnosc", "/pomoc", "/logowanie", "/nie-ma-takiej"):
        page.goto(address + path)
        look(page, f"site-{path.strip('/') or 'home'}")


def locked(context: Context, clock: Clock, draft: CampaignDraft) -> int:
    """A locked campaign with eight answers of three kinds of institution."""
    campaign = campaigns.create_campaign(context, GMINA, draft, None)
    campaigns.open_campaign(context, campaign.id, None)
    ankieta = instruments.current_ankieta(context)
    for number in range(8):
        option = ("edukacja", "pomoc_spoleczna", "gospodarka")[number % 3]
        said = "tak" if number % 4 else "nie"
        values = {
            "p1": {"option": option},
            "p2": "nie",
            "p5": said,
            "p7": "tak",
            "p9": said,
            "p10": f"Zaufanie {number}",
        }
        settled = settle(ankieta, values)
        take_survey.submit(context, campaign.public_id, None, f"{number:032x}", settled)
    clock.advance(days=8)
    campaigns.lock_campaign(context, campaign.id, None)
    return campaign.id
