"""The pages about personal data in a real browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.interview_kit import agree, planned
from tests.participant_kit import keep

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """An interview with a person whose data are kept, a contact person, an account that is closed."""
    context = sqlite_context
    people(context)
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    keep(context, made)
    draft = StakeholderDraft(
        "Stowarzyszenie „Razem”",
        "edukacja",
        internal=True,
        contact_name="Żaneta Łącka",
        contact_email="z@e.org",
    )
    catalogue.add_stakeholder(context, GMINA, draft, None)
    accounts.close_account(context, id_of(context, "piotr@example.org"), None)
    with serving(create_app(context=context)) as served:
        yield served


def test_the_teams_pages_are_in_order(visitor: Visitor, address: str) -> None:
    base = f"{address}/panel/{GMINA}"
    page = visitor.page(f"{base}/dane", account=("anna@example.org", PASSWORD))
    look(page, "personal-register")
    for path in (
        "/dane/administrator",
        "/dane/osoby",
        "/dane/osoby?szukaj=%C5%82%C4%85cka",
        "/wywiady/1/informacja",
        "/wywiady/1/osoby",
    ):
        page.goto(base + path)
        look(page, f"personal-{path.strip('/').replace('/', '-').replace('?', '-')}")
    page.goto(f"{base}/wywiady/1/informacja")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_role("alert")).to_contain_text("czy rozmowa będzie nagrywana")
    look(page, "personal-notice-refused")
    page.get_by_label("Nie", exact=True).check()
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text("Rozmowa nie będzie nagrywana.")).to_be_visible()


def test_a_contact_person_is_found_and_erased(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}/panel/{GMINA}/dane", account=("anna@example.org", PASSWORD))
    page.get_by_role("link", name="Dane jednej osoby: kopia i usunięcie").click()
    page.get_by_label("Imię i nazwisko, e-mail albo telefon").fill("łącka")
    page.get_by_role("button", name="Szukaj").click()
    page.get_by_role("link", name="Usuń osobę do kontaktu… (Żaneta Łącka)").click()
    expect(page.get_by_role("button", name="Usuń te dane na zawsze")).to_be_visible()
    look(page, "personal-contact-erasing")
    page.get_by_role("button", name="Usuń te dane na zawsze").click()
    expect(page.get_by_text("Osoba do kontaktu jest usunięta.")).to_be_visible()


def test_ones_own_data_and_the_administrators_pages_are_in_order(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}/panel/moje-dane", account=("jan@example.org", PASSWORD))
    look(page, "personal-own")
    page = visitor.page(f"{address}/panel/admin", account=("admin@example.org", PASSWORD))
    look(page, "personal-admin")
    for number in range(1, 8):
        page.goto(f"{address}/panel/admin/osoba/{number}/usuniecie")
        if page.get_by_role("button", name="Usuń dane konta na zawsze").count():
            break
    look(page, "personal-account-erasing")
    page.get_by_role("button", name="Usuń dane konta na zawsze").click()
    expect(page.get_by_text("Dane konta są usunięte.")).to_be_visible()
