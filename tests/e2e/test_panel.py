"""The pages of the staff and of everybody in a real browser: on a phone, on a desk, with the keyboard."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

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
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import Clock

pytestmark = pytest.mark.browser

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


def enter(visitor: Visitor, url: str, email: str = "anna@example.org") -> Page:
    return visitor.page(url, account=(email, PASSWORD))


def test_a_refused_form_takes_the_focus_to_its_faults(visitor: Visitor, address: str) -> None:
    page = enter(visitor, f"{address}/panel/{GMINA}/kampanie/nowa")
    page.get_by_role("button", name="Zapisz szkic").click()
    expect(page.locator("#bledy")).to_be_focused()
    page.get_by_role("link", name="Prosimy podać tytuł.").click()
    expect(page.locator("#title")).to_be_focused()
    look(page, "panel-refused-draft")


def test_results_open_texts_and_the_diagnoza_can_be_read(
    visitor: Visitor, address: str, sqlite_context: Context, clock: Clock, draft: CampaignDraft
) -> None:
    number = locked(sqlite_context, clock, draft)
    base = f"{address}/panel/{GMINA}/kampanie/{number}"
    page = enter(visitor, base)
    look(page, "panel-locked")
    for name in ("/wyniki", "/wyniki/diagnoza", "/wyniki/teksty"):
        page.goto(base + name)
        look(page, f"panel-locked{name.replace('/', '-')}")
    expect(page.get_by_role("main")).to_contain_text("Czekają na przejrzenie: 8.")
    page.get_by_label("Tekst 1", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # from "jeszcze nie wiem" to "może być pokazany"
    page.keyboard.press("Enter")
    expect(page.get_by_text("Zapisane decyzje: 1.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Czekają na przejrzenie: 7.")
    look(page, "panel-texts-after-one")


def test_other_pages_of_the_panel_are_in_order(
    visitor: Visitor, address: str, sqlite_context: Context, draft: CampaignDraft
) -> None:
    institution = StakeholderDraft(LONG_NAME, "pomoc_spoleczna", internal=True)
    catalogue.add_stakeholder(sqlite_context, GMINA, institution, None)
    by_invitation = dataclasses.replace(draft, access="invitations")
    number = campaigns.create_campaign(sqlite_context, GMINA, by_invitation, None).id
    campaigns.open_campaign(sqlite_context, number, None)
    base = f"/panel/{GMINA}"
    page = enter(visitor, f"{address}{base}/kampanie")
    for path in (
        f"{base}/kampanie",
        f"{base}/kampanie/{number}/koniec",
        f"{base}/kampanie/{number}/blokada",
        f"{base}/kampanie/{number}/papier",
        f"{base}/kampanie/{number}/nowe-kody",
        "/panel/haslo",
    ):
        page.goto(address + path)
        look(page, f"panel-{path.strip('/').replace('/', '-')}")


def test_the_administrators_pages_are_in_order(visitor: Visitor, address: str) -> None:
    page = enter(visitor, f"{address}/panel", "admin@example.org")
    for path in (
        "/panel",
        "/panel/admin?szukaj=a",
        "/panel/admin/gmina",
        "/panel/admin/konto",
        "/panel/admin/zespol/060203",
    ):
        page.goto(address + path)
        look(page, f"panel-{path.strip('/').replace('/', '-').replace('?', '-')}")


def test_public_pages_are_in_order(visitor: Visitor, address: str) -> None:
    page = visitor.page(address)
    for path in ("/", "/prywatnosc", "/anonimowosc", "/dostepnosc", "/pomoc", "/logowanie", "/nie-ma-takiej"):
        page.goto(address + path)
        look(page, f"panel-site-{path.strip('/') or 'home'}")


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


def test_the_trace_can_be_read(visitor: Visitor, address: str, sqlite_context: Context) -> None:
    for name in ("Bank", LONG_NAME, "Ośrodek"):
        draft = StakeholderDraft(name=name, sector="edukacja", internal=True)
        catalogue.add_stakeholder(sqlite_context, GMINA, draft, None)
    page = enter(visitor, f"{address}/panel/{GMINA}/slad")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ślad")
    look(page, "panel-slad")
