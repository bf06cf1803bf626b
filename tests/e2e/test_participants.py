"""People, consent and personal data in a real browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import participants, retention, withdraw
from survey_app.services.interviewing.participants import PersonalData
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.interview_kit import agree, note, planned

pytestmark = pytest.mark.browser

MODERATOR = "lucja@example.org"


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """An FGI of five: two agreed, one took it back, one refused, one was not asked."""
    context = sqlite_context
    people(context)
    moderator = accounts.create_user(context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    made = planned(context, "fgi", 5, moderator.id)
    agree(context, made, "ABC")
    agree(context, made, "D", agreed=False)
    note(context, made, 1, "A", "Znam trzy partnerstwa.")
    for letter, name in (("A", "Zofia Wrzos"), ("B", "Bogna Bez")):
        data = PersonalData(name, "600 100 200", {"wiek": "44"})
        participants.set_personal(context, GMINA, made.id, letter, data, None)
    retention.delete(context, GMINA, made.id, "B", None)
    withdraw.withdraw(context, GMINA, made.id, "C", None)
    with serving(create_app(context=context)) as served:
        yield f"{served}/panel/{GMINA}/wywiady/{made.id}/osoby"


def test_every_page_of_people_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}/A/zgoda", account=("anna@example.org", PASSWORD))
    paths = ["", *(f"/A/{name}" for name in ("zgoda", "dane", "termin", "usuniecie", "cofniecie"))]
    for path in [*paths, "/B/dane", "/C/zgoda", "/C/cofniecie", "/D/usuniecie", "/E/zgoda", "/E/dane"]:
        page.goto(address + path)
        look(page, f"people{path.replace('/', '-')}")
    page.goto(f"{address}/A/dane")
    page.get_by_label("Wiek").fill("sto")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_role("alert")).to_contain_text("od 15 do 110")
    look(page, "people-refused")


def test_a_person_takes_everything_back(visitor: Visitor, address: str) -> None:
    page = visitor.page(address, account=(MODERATOR, PASSWORD))
    page.get_by_role("link", name="Osoba cofa zgodę… (osoba A)").click()
    expect(page.get_by_text("1 notatka")).to_be_visible()
    page.get_by_role("button", name="Zapisz cofnięcie i usuń").click()
    expect(page.get_by_text("Zgoda osoby A jest cofnięta.")).to_be_visible()
    expect(page.get_by_text("Dane osobowe osoby A i ich klucz są usunięte.")).to_be_visible()
