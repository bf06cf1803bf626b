"""A team codes its catalogue in a real browser: rated, laid open, voted on, closed; a second round; what came of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.coding import coding_history
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA, hold, lock
from tests.coding_kit import PASSWORD, Team, add_team, closed_round
from tests.e2e.browser import DESK, PHONE, Visitor, look, serving
from tests.stores import Clock

pytestmark = pytest.mark.browser

REASON = "Dyrektor zaproponował wspólne warsztaty."


@pytest.fixture
def team(sqlite_context: Context) -> Team:
    return add_team(sqlite_context, stakeholders=4, seats=3)


@pytest.fixture
def address(sqlite_context: Context, team: Team) -> Iterator[str]:
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def enter(visitor: Visitor, address: str, number: int, width: int = PHONE, path: str = "/panel") -> Page:
    account = (f"osoba{number}.{GMINA}@example.org", PASSWORD)
    return visitor.page(address + path, width=width, account=account)


# What each of the three raters types, in the order of the criteria ("n": nie wiem): the first and the third
# institution are agreed on, on the second they differ, the fourth nobody knows.
TYPED = (("233", "221", "111", "nnn"), ("233", "222", "111", "nnn"), ("233", "223", "111", "nnn"))


def rate_by_keyboard(page: Page, typed: tuple[str, ...]) -> None:
    """From the log-in to the end of one's own list, as a member finds the way."""
    page.get_by_role("link", name="Oceniaj (ocenione 0 z 4)").click()
    page.get_by_role("link", name="Zacznij oceniać").click()
    for number, keys in enumerate(typed, start=1):
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Instytucja {number:03d}")
        expect(page.locator('[name="punkt-wplyw"]').first).to_be_focused()
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("Enter")
    expect(page.get_by_text("wszystkie oceny są zapisane")).to_be_visible()


def open_round_by_hand(anna: Page, title: str) -> str:
    """The address of the new round: all institutions and all people, as the form proposes."""
    anna.get_by_role("navigation").get_by_role("link", name="Kodowanie").first.click()
    anna.get_by_role("link", name="Otwórz pierwszą turę").click()
    anna.get_by_label("Nazwa tury").fill(title)
    anna.get_by_label("na początku", exact=True).check()
    anna.get_by_label("Trzy kody").check()
    anna.get_by_role("button", name="Otwórz turę").click()
    expect(anna.get_by_role("heading", level=1)).to_have_text(title)
    return anna.url


def close_by_hand(anna: Page) -> None:
    anna.get_by_role("link", name="Zamknij turę…").first.click()
    anna.get_by_role("button", name="Zamknij turę").click()
    expect(anna.get_by_role("link", name="Wyniki kodowania")).to_be_visible()


def first_round(anna: Page, others: tuple[Page, Page]) -> str:
    """Three raters on their own, laid open, agreed on, one vote of the three, one decision, closed."""
    base = open_round_by_hand(anna, "Początek pracy")
    for page, typed in zip((anna, *others), TYPED, strict=True):
        page.goto(base.partition("/kodowanie")[0])
        rate_by_keyboard(page, typed)
    anna.goto(base)
    anna.get_by_role("link", name="Wyłóż oceny…").click()
    anna.get_by_role("button", name="Wyłóż oceny").click()
    anna.get_by_role("link", name="Potwierdź propozycje, co do których wszyscy są zgodni (2)").click()
    anna.get_by_role("button", name="Potwierdź wszystkie (2)").click()
    anna.get_by_role("link", name="Instytucja 002").click()
    vote(anna, others)
    expect(anna.get_by_role("heading", name="Decyzja zespołu: Zwolennik")).to_be_visible()
    anna.get_by_role("link", name="Następny bez decyzji").click()
    expect(anna.get_by_role("heading", level=1)).to_have_text("Instytucja 004")
    decide_with_a_reason(anna)
    anna.goto(f"{base}/uzgodnienia")
    close_by_hand(anna)
    return base


def test_two_rounds_from_the_first_rating_to_the_diagnoza(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, clock: Clock
) -> None:
    held = hold(sqlite_context)
    lock(sqlite_context, held)
    anna = enter(visitor, address, 1, DESK)
    base = first_round(anna, (enter(visitor, address, 2), enter(visitor, address, 3)))
    clock.advance(days=30)
    everybody_alike = (2, 2, 3)
    closed_round(sqlite_context, team, points=everybody_alike, title="Przed Paktem", occasion="before_pact")
    first, last = coding_history.history(sqlite_context, GMINA).rounds
    assert [one.votes.votes_for for one in first.stakeholders if one.votes] == [2]
    assert [one.code for one in first.stakeholders] == ["zwolennik", "zwolennik", "neutralny", "neutralny"]
    assert {one.code for one in last.stakeholders} == {"zwolennik"}
    anna = enter(visitor, address, 1, DESK, f"/panel/{GMINA}/kodowanie")
    expect(anna.get_by_role("link", name="Otwórz nową turę")).to_be_visible()
    correct_the_first(anna, base, team)
    member = enter(visitor, address, 2)
    member.get_by_role("link", name="Wyniki kodowania").click()
    expect(member.locator("td, th").filter(has_text="Instytucja 002").first).to_be_visible()
    look(member, "coding-results")
    read_the_diagnoza(anna, address, held.campaign.id)


def read_the_diagnoza(anna: Page, address: str, campaign_id: int) -> None:
    """Both editions, as a page and as PDF, with what changed between the rounds."""
    where = f"{address}/panel/{GMINA}/kampanie/{campaign_id}/wyniki/diagnoza"
    for edition in ("internal", "public"):
        anna.goto(f"{where}?wydanie={edition}")
        expect(anna.get_by_role("table").filter(has_text="fekt").first).to_be_visible()
        named = anna.locator("td, th").filter(has_text="Instytucja 001")
        expect(named).to_have_count(0) if edition == "public" else expect(named.first).to_be_visible()
        look(anna, f"coding-diagnoza-{edition}")
        pdf = anna.request.get(f"{where}-{edition}.pdf")
        assert pdf.body().startswith(b"%PDF")


def vote(anna: Page, others: tuple[Page, Page]) -> None:
    """Two seats vote for, one against: the coordinator on the desk, the others on their phones."""
    anna.get_by_text("Głosowanie na telefonach").click()
    form = anna.locator("form[action$='/glosowanie']")
    form.get_by_label("Zwolennik").check()
    form.get_by_label("Powód").fill(REASON)
    form.get_by_role("button", name="Otwórz głosowanie").click()
    expect(anna.get_by_role("button", name="Oddaj głos")).to_be_visible()
    choices = ("za", "za", "przeciw")
    for number, (page, choice) in enumerate(zip((anna, *others), choices, strict=True), start=1):
        page.goto(anna.url)
        page.get_by_label(choice, exact=True).check()
        if number == 2:
            look(page, "coding-voting")
        page.get_by_role("button", name="Oddaj głos").click()
        expect(page.get_by_text(f"Oddane głosy: {number} z 3")).to_be_visible()
    anna.get_by_role("button", name="Zamknij głosowanie i policz").click()


def decide_with_a_reason(anna: Page) -> None:
    form = anna.locator("form[action$='/decyzja']")
    form.get_by_role("button", name="Zapisz decyzję").click()
    expect(anna.locator("#bledy")).to_be_focused()
    look(anna, "coding-refused")
    form = anna.locator("form[action$='/decyzja']")
    form.get_by_label("Neutralny").check()
    form.get_by_label("Powód").fill("Nikt jeszcze z nią nie rozmawiał.")
    form.get_by_role("button", name="Zapisz decyzję").click()
    expect(anna.get_by_role("heading", name="Decyzja zespołu: Neutralny")).to_be_visible()


def correct_the_first(anna: Page, base: str, team: Team) -> None:
    anna.goto(f"{base}/uzgodnienia/{team.stakeholders[0]}")
    anna.get_by_text("Popraw kod (sprostowanie)").click()
    form = anna.locator("form[action$='/sprostowanie']")
    form.get_by_label("Neutralny").check()
    form.get_by_label("Powód sprostowania").fill("Pomyłka przy spisywaniu.")
    look(anna, "coding-correcting")
    form.get_by_role("button", name="Zapisz sprostowanie").click()
    expect(anna.get_by_text("Pomyłka przy spisywaniu.").first).to_be_visible()
    anna.goto(f"{base}/uzgodnienia")
    expect(anna.get_by_role("heading", name="Sprostowania po zamknięciu")).to_be_visible()


def test_several_gminas_side_by_side(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team
) -> None:
    closed_round(sqlite_context, team)
    page = enter(visitor, address, 1, path="/panel/zestawienie")
    look(page, "coding-gminas-start")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Godziszów (CSV)").click()
    page.get_by_label("Pliki gmin (CSV albo XLSX)").set_input_files(
        {"name": "g.csv", "mimeType": "text/csv", "buffer": waiting.value.path().read_bytes()}
    )
    page.get_by_role("button", name="Pokaż zestawienie").click()
    expect(page.get_by_role("cell", name="brak danych").first).to_be_visible()
    look(page, "coding-gminas-table")
