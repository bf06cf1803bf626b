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
from tests.e2e.browser import Visitor, look, serving
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


def enter(visitor: Visitor, url: str, number: int, *, scripts: bool = True) -> Page:
    return visitor.page(url, scripts=scripts, account=(f"osoba{number}.{GMINA}@example.org", PASSWORD))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_rater_points_at_a_sentence_that_was_read_whole(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, scripts: bool
) -> None:
    found = open_round(sqlite_context, team)
    evidence = f"{address}/kodowanie/{found.id}/oceny/{team.stakeholders[0]}/dowody/wplyw"
    page = enter(visitor, evidence, 2, scripts=scripts)
    page.get_by_text("Fragmenty wywiadów: 2").click()
    expect(page.get_by_text(LITERAL)).to_be_visible()
    if scripts:
        look(page, "excerpts-rating")
    page.get_by_role("button", name="Wskaż jako dowód").first.click()
    page.get_by_role("link", name="fragment wywiadu nr 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fragment wywiadu nr 1")
    expect(page.get_by_text(LITERAL)).to_be_visible()
    expect(page.get_by_text("Długo się zastanawialiśmy")).to_have_count(0)
    if scripts:
        look(page, "excerpt")


def test_from_the_decision_to_the_sentence_until_it_is_taken_back(
    visitor: Visitor, address: str, sqlite_context: Context, team: Team, talk: Talk
) -> None:
    found = laid_open_round(sqlite_context, team)
    first = team.stakeholders[0]
    agree.decide(sqlite_context, GMINA, found.id, first, "zwolennik", "Oddają salę.", team.coordinator)
    where = f"{address}/kodowanie/{found.id}/uzgodnienia/{first}"
    page = enter(visitor, where, 1)
    page.get_by_text("Dodaj dowód do decyzji").click()
    page.get_by_text("Fragmenty wywiadów: 2").click()
    page.get_by_role("button", name="Wskaż jako dowód").first.click()
    expect(page.get_by_role("link", name="fragment wywiadu nr 1")).to_be_visible()
    look(page, "excerpts-decision")
    page.get_by_role("link", name="fragment wywiadu nr 1").click()
    expect(page.locator("mark")).to_have_text(LITERAL)
    look(page, "excerpt-in-talk")
    represent(sqlite_context, team.people[2], first)
    other = enter(visitor, where, 3)
    expect(other.get_by_text("fragment wywiadu nr 1")).to_be_visible()
    expect(other.get_by_role("link", name="fragment wywiadu nr 1")).to_have_count(0)
    answer_second(sqlite_context, talk, "A", False)
    page.goto(where)
    expect(page.get_by_text("dowód usunięty")).to_be_visible()
    look(page, "excerpts-gone")
    page.goto(f"{address}/wywiady/fragmenty/1")
    expect(page.get_by_text("Zamknięta tura kodowania zachowuje tylko jego numer.")).to_be_visible()
    look(page, "excerpt-gone")


def test_quotations_are_read_cleared_and_taken_back_with_the_keyboard(visitor: Visitor, address: str) -> None:
    page = enter(visitor, f"{address}/wywiady/cytaty", 1)
    look(page, "quotations")
    page.get_by_role("button", name="Dopuść do cytowania").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Wycofaj")).to_have_count(1)
    look(page, "quotations-cleared")
    page.get_by_role("button", name="Wycofaj").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Dopuść do cytowania")).to_have_count(2)
