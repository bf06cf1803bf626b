"""A meeting in a real browser: every page accessible at both widths, kept by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services import team_people
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.registers import meetings, votes
from survey_app.services.registers.entries import Owner
from survey_app.services.registers.quorum import Counts
from survey_app.web.app import create_app
from tests import meeting_kit
from tests.coding_rows import id_of
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

JAN = ("jan@example.org", PASSWORD)
OWNER = Owner(gmina_code=GMINA)
REGISTER = f"/panel/{GMINA}/rejestry/posiedzenia"


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """Meeting 1 with a motion by name that goes on, one that passed, one without a quorum; meeting 2 not begun."""
    context = sqlite_context
    people(context)
    draft = StakeholderDraft("Gminny Ośrodek Pomocy Społecznej", "pomoc_spoleczna", True)
    centre = catalogue.add_stakeholder(context, GMINA, draft, None).id
    for email in ("anna@example.org", "maria@example.org"):
        team_people.set_representations(context, GMINA, id_of(context, email), {centre}, None)
    first = meeting_kit.a_meeting(context, GMINA)
    meeting_kit.a_meeting(context, GMINA, nazwa=["Spotkanie informacyjne"], rodzaj={"option": "informacyjne"})
    where = (context, OWNER, first)
    meetings.list_seats(*where, None)
    seats = [one.id for one in meetings.meeting(*where).seats]
    votes.put(*where, "Wybór przewodniczącego", False, None)
    votes.close(*where, 1, Counts(), "", None)
    meetings.record_attendance(*where, [], seats[:2], None)
    votes.put(*where, "Przyjąć regulamin pracy Zespołu Synergii Lokalnej", True, None)
    votes.cast(*where, 2, dict.fromkeys(seats[:2], "for"), None)
    votes.close(*where, 2, None, "Świetlica prosi o dopisanie godzin.", None)
    votes.put(*where, "Zaprosić Bank Spółdzielczy do Paktu", True, None)
    votes.cast(*where, 3, {seats[0]: "against"}, None)
    votes.put(*where, "Przyjąć plan roczny", False, None)
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{REGISTER}/1/glosowania", account=JAN)
    vote = f"{REGISTER}/1/glosowania/3/glosy/1"
    for place, heading, name in (
        (f"{REGISTER}/1/glosowania", "Obecność i głosowania", "posiedzenie"),
        (f"{REGISTER}/2/glosowania", "Obecność i głosowania", "posiedzenie-nowe"),
        (f"{REGISTER}/1/glosowania/nowy", "Nowy wniosek", "wniosek-nowy"),
        (f"{REGISTER}/1/glosowania/1", "Wniosek nr 1", "wniosek-bez-kworum"),
        (f"{REGISTER}/1/glosowania/2", "Wniosek nr 2", "wniosek-przyjety"),
        (f"{REGISTER}/1/glosowania/3", "Wniosek nr 3", "wniosek-imienny"),
        (f"{REGISTER}/1/glosowania/4", "Wniosek nr 4", "wniosek-liczby"),
        (f"{REGISTER}/1/glosowania/4/wycofanie", "Wycofać wniosek nr 4?", "wniosek-wycofanie"),
        (vote, "Zmienić zapisany głos?", "glos-zmiana"),
        (f"{REGISTER}/uchwaly", "Uchwały i głosowania", "uchwaly"),
    ):
        page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)
    for number, button in ((3, "Zapisz głosy"), (4, "Zamknij głosowanie")):
        page.goto(f"{address}{REGISTER}/1/glosowania/{number}")
        page.get_by_role("button", name=button).press("Enter")
        expect(page.locator(".summary")).to_be_focused()
        look(page, f"wniosek-bledy-{number}")


def test_a_meeting_is_kept_by_keyboard_without_scripts(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{REGISTER}", width=DESK, scripts=False, account=JAN)
    page.get_by_role("link", name="Spotkanie informacyjne").press("Enter")
    page.get_by_role("link", name="Obecność i głosowania").press("Enter")
    page.get_by_role("button", name="Otwórz listę obecności").press("Enter")
    for seat in ("Gminny Ośrodek Pomocy Społecznej", "Jan Łoś"):
        page.get_by_role("checkbox", name=seat).press("Space")
    page.get_by_role("button", name="Zapisz obecność").press("Enter")
    expect(
        page.get_by_text("Teraz obecne 2 z 3 miejsc, kworum jest (potrzeba więcej niż połowy).")
    ).to_be_visible()
    page.get_by_role("link", name="Nowy wniosek").press("Enter")
    page.get_by_role("button", name="Poddaj pod głosowanie").press("Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Wniosek", exact=True).fill("Zorganizować seminarium")
    page.get_by_label("Imiennie").press("Space")
    page.get_by_role("button", name="Poddaj pod głosowanie").press("Enter")
    centre = page.get_by_role("radiogroup", name="Gminny Ośrodek Pomocy Społecznej")
    centre.get_by_label("za", exact=True).press("Space")
    page.get_by_role("button", name="Zapisz głosy").press("Enter")
    expect(page.get_by_role("link", name="Zmień głos: Gminny Ośrodek Pomocy Społecznej")).to_be_visible()
    page.get_by_role("radiogroup", name="Jan Łoś").get_by_label("za", exact=True).press("Space")
    page.get_by_role("button", name="Zapisz głosy").press("Enter")
    expect(page.get_by_role("link", name="Zmień głos: Jan Łoś")).to_be_visible()
    page.get_by_role("button", name="Zamknij głosowanie").press("Enter")
    page.get_by_label("Wynik jest sprawdzony").press("Space")
    page.get_by_role("button", name="Zamknij głosowanie").press("Enter")
    expect(page.get_by_text("przyjęty jednomyślnie")).to_be_visible()
