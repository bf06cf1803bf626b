"""A team codes its catalogue in a real browser: rated, laid open, voted on, closed; a second round; what came of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from survey_app.services import coding_history, coding_rounds
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA, hold, lock
from tests.coding_kit import PASSWORD, Points, Team, add_team, closed_round, open_round, rate_all
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


def log_in(visitor: Visitor, address: str, number: int, width: int = PHONE) -> Page:
    page = visitor.page(f"{address}/logowanie", width=width)
    page.get_by_label("Adres e-mail").fill(f"osoba{number}.{GMINA}@example.org")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/panel**")
    return page


def look(page: Page, name: str) -> None:
    keep_picture(page, f"coding-{name}")
    assert axe_faults(page) == [], name
    assert sideways_overflow(page) <= 0, name
    assert small_targets(page) == [], name


def points(seat: int, place: int) -> Points:
    """Two institutions on which all agree, one on which they differ, one that nobody knows."""
    return ((2, 3, 3), (2, 2, 1 + seat), (1, 1, 1), (None, None, None))[place]


def test_a_round_from_the_ratings_to_the_close_with_a_vote_and_then_a_second_one(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, clock: Clock
) -> None:
    found = open_round(sqlite_context, team)
    rate_all(sqlite_context, found.id, team, points)
    base = f"{address}/panel/{GMINA}/kodowanie/{found.id}"
    anna = log_in(visitor, address, 1, DESK)
    anna.goto(f"{base}/wylozenie")
    anna.get_by_role("button", name="Wyłóż oceny").click()
    anna.goto(f"{base}/uzgodnienia")
    look(anna, "overview")
    anna.get_by_role("link", name="Potwierdź propozycje, co do których wszyscy są zgodni (2)").click()
    look(anna, "confirming")
    anna.get_by_role("button", name="Potwierdź wszystkie (2)").click()
    anna.get_by_role("link", name="Instytucja 002").click()
    look(anna, "one")
    vote_on_phones(visitor, address, anna)
    expect(anna.get_by_role("heading", name="Decyzja zespołu: Zwolennik")).to_be_visible()
    anna.get_by_role("link", name="Następny bez decyzji").click()
    expect(anna.get_by_role("heading", level=1)).to_have_text("Instytucja 004")
    decide_with_a_reason(anna)
    anna.goto(f"{base}/zamkniecie")
    look(anna, "closing")
    anna.get_by_role("button", name="Zamknij turę").click()
    assert coding_rounds.coding_round(sqlite_context, GMINA, found.id).stage == "closed"
    clock.advance(days=30)
    closed_round(sqlite_context, team, points=(2, 2, 3), title="Tura 2", occasion="before_pact")
    first, last = coding_history.history(sqlite_context, GMINA).rounds
    assert [one.votes.votes_for for one in first.stakeholders if one.votes] == [2]
    assert {one.code for one in last.stakeholders} == {"zwolennik"}
    correct_the_first(log_in(visitor, address, 1, DESK), base, team)
    for width in (PHONE, DESK):
        page = log_in(visitor, address, 2, width)
        page.goto(f"{address}/panel/{GMINA}/kodowanie/wyniki")
        expect(page.locator("td, th").filter(has_text="Instytucja 002").first).to_be_visible()
        look(page, f"results-{width}")


def vote_on_phones(visitor: Visitor, address: str, anna: Page) -> None:
    """Two seats vote for, one against, each on a phone."""
    anna.get_by_text("Głosowanie na telefonach").click()
    form = anna.locator("form[action$='/glosowanie']")
    form.get_by_label("Zwolennik").check()
    form.get_by_label("Powód").fill(REASON)
    form.get_by_role("button", name="Otwórz głosowanie").click()
    for number, choice in ((1, "za"), (2, "za"), (3, "przeciw")):
        phone = log_in(visitor, address, number)
        phone.goto(anna.url)
        phone.get_by_label(choice, exact=True).check()
        if number == 2:
            look(phone, "voting")
        phone.get_by_role("button", name="Oddaj głos").click()
        expect(phone.get_by_text(f"Oddane głosy: {number} z 3")).to_be_visible()
    anna.get_by_role("button", name="Zamknij głosowanie i policz").click()


def decide_with_a_reason(anna: Page) -> None:
    form = anna.locator("form[action$='/decyzja']")
    form.get_by_role("button", name="Zapisz decyzję").click()
    expect(anna.locator("#bledy")).to_be_focused()
    look(anna, "refused")
    form = anna.locator("form[action$='/decyzja']")
    form.get_by_label("Neutralny").check()
    form.get_by_label("Powód").fill("Nikt jeszcze z nią nie rozmawiał.")
    form.get_by_role("button", name="Zapisz decyzję").click()


def correct_the_first(anna: Page, base: str, team: Team) -> None:
    anna.goto(f"{base}/uzgodnienia/{team.stakeholders[0]}")
    anna.get_by_text("Popraw kod (sprostowanie)").click()
    form = anna.locator("form[action$='/sprostowanie']")
    form.get_by_label("Neutralny").check()
    form.get_by_label("Powód sprostowania").fill("Pomyłka przy spisywaniu.")
    look(anna, "correcting")
    form.get_by_role("button", name="Zapisz sprostowanie").click()
    anna.goto(f"{base}/uzgodnienia")
    expect(anna.get_by_role("heading", name="Sprostowania po zamknięciu")).to_be_visible()
    look(anna, "closed-overview")


def test_the_diagnoza_holds_both_rounds(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, clock: Clock
) -> None:
    held = hold(sqlite_context)
    lock(sqlite_context, held)
    closed_round(sqlite_context, team, {team.stakeholders[0]: "neutralny"})
    clock.advance(days=30)
    closed_round(sqlite_context, team, title="Tura 2", occasion="before_pact")
    page = log_in(visitor, address, 1, DESK)
    where = f"{address}/panel/{GMINA}/kampanie/{held.campaign.id}/wyniki/diagnoza"
    page.goto(f"{where}?wydanie=internal")
    expect(page.get_by_role("table").filter(has_text="fekt").first).to_be_visible()
    expect(page.locator("td, th").filter(has_text="Instytucja 001").first).to_be_visible()
    look(page, "diagnoza-internal")
    page.goto(f"{where}?wydanie=public")
    expect(page.get_by_role("table").filter(has_text="fekt").first).to_be_visible()
    look(page, "diagnoza-public")


def test_several_gminas_side_by_side(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team
) -> None:
    closed_round(sqlite_context, team)
    page = log_in(visitor, address, 1)
    page.goto(f"{address}/panel/zestawienie")
    look(page, "gminas-start")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"gmina {GMINA} (CSV)").click()
    page.get_by_label("Pliki gmin (CSV albo XLSX)").set_input_files(
        {"name": "g.csv", "mimeType": "text/csv", "buffer": waiting.value.path().read_bytes()}
    )
    page.get_by_role("button", name="Pokaż zestawienie").click()
    expect(page.get_by_role("cell", name="brak danych").first).to_be_visible()
    look(page, "gminas-table")
