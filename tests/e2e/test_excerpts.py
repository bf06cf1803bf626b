"""Passages of interviews in a real browser: pointed at, opened from the decision in one click, quoted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.coding import agree
from survey_app.services.context import Context
from survey_app.services.interviewing.compose_text import Run
from survey_app.web.app import create_app
from tests.campaign_kit import GMINA
from tests.coding_kit import PASSWORD, Team, add_team, laid_open_round, open_round, represent
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
from tests.excerpt_rows import Talk, a_talk, an_excerpt, answer_second

pytestmark = pytest.mark.browser

LITERAL = "Salę w remizie oddamy za darmo, w każdą sobotę 🎈, byle ktoś potem posprzątał."
NOTED = "Mówi, że ludzie chcieliby przyjść, ale nie mają czym dojechać z przysiółków."


@pytest.fixture
def team(sqlite_context: Context) -> Team:
    return add_team(sqlite_context, stakeholders=3, seats=3)


@pytest.fixture
def talk(sqlite_context: Context, team: Team) -> Talk:
    """An IDI with a passage of each kind; the first institution's own person speaks."""
    runs = [
        Run(f"Długo się zastanawialiśmy. {LITERAL} Tak postanowiliśmy.", "A", "slyszal", quotation=True),
        Run(NOTED, "A"),
    ]
    made = a_talk(sqlite_context, GMINA, {"A": team.stakeholders[0]}, runs)
    for words in (LITERAL, NOTED):
        an_excerpt(sqlite_context, made, words, team.people[1])
    return made


@pytest.fixture
def address(sqlite_context: Context, talk: Talk) -> Iterator[str]:
    with serving(create_app(context=sqlite_context)) as served:
        yield f"{served}/panel/{GMINA}"


def log_in(visitor: Visitor, address: str, number: int, width: int, *, scripts: bool = True) -> Page:
    page = visitor.page(f"{address.partition('/panel')[0]}/logowanie", width=width, scripts=scripts)
    page.get_by_label("Adres e-mail").fill(f"osoba{number}.{GMINA}@example.org")
    page.get_by_label("Hasło").fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()
    page.wait_for_url("**/panel**")
    return page


def look(page: Page, name: str) -> None:
    keep_picture(page, name)
    assert axe_faults(page) == []
    assert sideways_overflow(page) <= 0
    assert small_targets(page) == []


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_rater_points_at_a_sentence_that_was_read_whole(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, width: int, scripts: bool
) -> None:
    found = open_round(sqlite_context, team)
    page = log_in(visitor, address, 2, width, scripts=scripts)
    page.goto(f"{address}/kodowanie/{found.id}/oceny/{team.stakeholders[0]}/dowody/wplyw")
    page.get_by_text("Fragmenty wywiadów: 2").click()
    expect(page.get_by_text(LITERAL)).to_be_visible()
    if scripts:
        look(page, f"excerpts-rating-{width}")
    page.get_by_role("button", name="Wskaż jako dowód").first.click()
    page.get_by_role("link", name="fragment wywiadu nr 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fragment wywiadu nr 1")
    expect(page.get_by_text(LITERAL)).to_be_visible()
    expect(page.get_by_text("Długo się zastanawialiśmy")).to_have_count(0)
    if scripts:
        look(page, f"excerpt-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_from_the_decision_to_the_sentence_until_it_is_taken_back(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, talk: Talk, width: int
) -> None:
    found = laid_open_round(sqlite_context, team)
    first = team.stakeholders[0]
    agree.decide(sqlite_context, GMINA, found.id, first, "zwolennik", "Oddają salę.", team.coordinator)
    where = f"{address}/kodowanie/{found.id}/uzgodnienia/{first}"
    page = log_in(visitor, address, 1, width)
    page.goto(where)
    page.get_by_text("Dodaj dowód do decyzji").click()
    page.get_by_text("Fragmenty wywiadów: 2").click()
    page.get_by_role("button", name="Wskaż jako dowód").first.click()
    look(page, f"excerpts-decision-{width}")
    page.get_by_role("link", name="fragment wywiadu nr 1").click()
    expect(page.locator("mark")).to_have_text(LITERAL)
    look(page, f"excerpt-in-talk-{width}")
    represent(sqlite_context, team.people[2], first)
    other = log_in(visitor, address, 3, width)
    other.goto(where)
    expect(other.get_by_text("fragment wywiadu nr 1")).to_be_visible()
    expect(other.get_by_role("link", name="fragment wywiadu nr 1")).to_have_count(0)
    answer_second(sqlite_context, talk, "A", False)
    page.goto(where)
    expect(page.get_by_text("dowód usunięty")).to_be_visible()
    look(page, f"excerpts-gone-{width}")
    page.goto(f"{address}/wywiady/fragmenty/1")
    expect(page.get_by_text("Zamknięta tura kodowania zachowuje tylko jego numer.")).to_be_visible()
    look(page, f"excerpt-gone-{width}")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_quotations_are_read_cleared_and_taken_back_with_the_keyboard(
    visitor: Visitor, address: str, width: int
) -> None:
    page = log_in(visitor, address, 1, width)
    page.goto(f"{address}/wywiady/cytaty")
    look(page, f"quotations-{width}")
    page.get_by_role("button", name="Dopuść do cytowania").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Wycofaj")).to_have_count(1)
    look(page, f"quotations-cleared-{width}")
    page.get_by_role("button", name="Wycofaj").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Dopuść do cytowania")).to_have_count(2)
