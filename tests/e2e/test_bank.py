"""The bank and the network in a real browser: accessible at both widths, by keyboard, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from survey_app.services.register import declarations
from survey_app.services.register.declarations import CONTRIBUTION, DeclarationDraft
from survey_app.services.registers import bank, entries, network, parties
from survey_app.services.registers.bank import OfferDraft
from survey_app.services.registers.entries import Content
from survey_app.services.registers.parties import Who
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.integration.test_bank_pages import OWNER, a_need, entry

pytestmark = pytest.mark.browser

JAN = ("jan@example.org", PASSWORD)
PANEL = f"/panel/{GMINA}"
PAGES = (
    ("bank", "Bank zasobów i potrzeb"),
    ("bank/potrzeby/2/oferta", "Oferta do potrzeby"),
    ("siec", "Sieć w Janowie"),
    ("siec/platforma", "Regionalna Platforma Współpracy"),
)


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """An offer (1), a need that it fits (2), a contribution; a network with a partnership."""
    context = sqlite_context
    people(context)
    club, school, firm = entry(context, "Klub", "A"), entry(context, "Szkoła"), entry(context, "Tartak")
    bank.offer(context, GMINA, OfferDraft(school, "Aula", "lokal", "Po 16"), None)
    a_need(context, club)
    draft = DeclarationDraft(CONTRIBUTION, "Rzutnik", context.today(), "sprzet")
    declarations.add_declaration(context, GMINA, firm, draft, None)
    hub = entries.add(context, OWNER, network.NETWORK, Content({"nazwa": ["Sieć w Janowie"]}, club), None)
    work = Content({"nazwa": ["Przewóz"], "cel": "Busem"}, club)
    made = entries.add(context, OWNER, network.PARTNERSHIPS, work, None)
    for number in (hub.id, made.id):
        parties.add(context, OWNER, number, [Who(stakeholder_id=school), Who(stakeholder_id=firm)], "", None)
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PANEL}/bank", account=JAN)
    for place, heading in PAGES:
        page.goto(f"{address}{PANEL}/{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, f"bank-{place.replace('/', '-')}")
    page.goto(f"{address}{PANEL}/siec")
    expect(page.get_by_role("img", name="Sieć w Janowie: 3")).to_be_visible()


def test_a_need_is_answered_by_keyboard_without_scripts(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PANEL}/bank", account=JAN, scripts=False)
    page.get_by_role("button", name="Przejmij do banku: Tartak").press("Enter")
    expect(page.get_by_text("1 nowa oferta")).to_be_visible()
    page.get_by_role("button", name="Zapisz, że pytamy wszystkich").press("Enter")
    expect(page.get_by_text("pytamy 1 instytucję")).to_be_visible()
    page.get_by_role("link", name="Zapisz nową ofertę do potrzeby").press("Enter")
    page.get_by_label("Co może udostępnić").fill("Świetlica")
    page.get_by_role("button", name="Zapisz ofertę i zgodę").press("Enter")
    expect(page.get_by_text("Prosimy wybrać instytucję").first).to_be_visible()
    expect(page.get_by_label("Co może udostępnić")).to_have_value("Świetlica")
    page.get_by_label("Kto oferuje").select_option(label="Tartak")
    page.get_by_role("button", name="Zapisz ofertę i zgodę").press("Enter")
    expect(page.get_by_text("Tartak: zgoda („Świetlica”)")).to_be_visible()
