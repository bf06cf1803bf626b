"""Papers in a real browser: every page accessible at both widths, filled in by keyboard, rows added in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.papers import Content
from survey_app.web.app import create_app
from tests import paper_kit
from tests.coding_rows import id_of
from tests.e2e.browser import DESK, Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

ANNA = ("anna@example.org", PASSWORD)
PAPERS = f"/panel/{GMINA}/pisma"
PAGES = (
    (PAPERS, "Pisma", "pisma"),
    (f"{PAPERS}/nowe/{paper_kit.KEY}", "Zaproszenie", "pismo-nowe"),
    (f"{PAPERS}/1", "Analiza SWOT", "pismo"),
    (f"{PAPERS}/1/pola", "Wypełnianie", "pismo-pola"),
    (f"{PAPERS}/1/pola?scal=2", "Wypełnianie", "pismo-laczenie"),
    (f"{PAPERS}/1/tresc", "Poprawianie treści", "pismo-tresc"),
    (f"{PAPERS}/1/tresc/z-pol", "Wrócić do treści z pól?", "pismo-z-pol"),
    (f"{PAPERS}/1/wersje", "Historia", "pismo-historia"),
    (f"{PAPERS}/1/wersje/2", "Wersja 2", "pismo-wersja"),
    (f"{PAPERS}/1/wersje/2/wybor", "Dwie wersje jednego pisma", "pismo-wybor"),
    (f"{PAPERS}/1/wersje/porownanie", "Od wersji 1 do wersji 3", "pismo-porownanie"),
    (f"{PAPERS}/1/uzgodnienie", "Zapisać, że zespół uzgodnił to pismo?", "pismo-uzgodnienie"),
    (f"{PAPERS}/1/wycofanie", "Wycofać to pismo?", "pismo-wycofanie"),
)


@pytest.fixture
def address(sqlite_context: Context, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """SWOT with two versions side by side, the newest edited by hand; and a paper that nobody has begun."""
    context = sqlite_context
    people(context)
    paper_kit.offer(monkeypatch, tmp_path / "instruments")
    anna, jan = id_of(context, ANNA[0]), id_of(context, "jan@example.org")
    rows = {
        "mocne": [{"_id": "a1", "opis": "Zgrane szkoły i świetlice", "wykorzystanie": "Wspólny plan zajęć"}]
    }
    first = Content({"dzien": "2026-11-02", "wnioski": "Zaczynamy od szkół."}, rows)
    number = papers.start(context, GMINA, "swot", first, "", anna).id
    papers.save(
        context,
        GMINA,
        number,
        1,
        Content({"wnioski": "Zaczynamy od świetlic."}, rows),
        jan,
        said="Po rozmowie",
    )
    papers.save(
        context,
        GMINA,
        number,
        1,
        Content(first.answers, rows, "# SWOT\n\nZaczynamy od szkół.\n\n- Sala"),
        anna,
    )
    with serving(create_app(context=context)) as served:
        yield served


def test_every_page_is_accessible(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PAPERS}", account=ANNA)
    for place, heading, name in PAGES:
        page.goto(f"{address}{place}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name)


def test_a_paper_is_filled_in_by_keyboard_and_rows_come_in_place(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PAPERS}", width=DESK, account=ANNA)
    with page.expect_navigation():  # its script adds the rows
        page.get_by_role("link", name="Zacznij: Zaproszenie", exact=True).press("Enter")
    expect(page.get_by_label("Gmina", exact=True)).to_have_value("Janów Lubelski")
    page.get_by_label("Nazwa spotkania").fill("Otwarcie")
    plan = page.locator("#plan-tabela")
    expect(plan.get_by_label("Punkt")).to_have_count(3)
    plan.get_by_role("button", name="Dodaj wiersze: Porządek").press("Enter")
    expect(plan.get_by_label("Punkt")).to_have_count(6)
    expect(plan.get_by_label("Punkt").nth(3)).to_be_focused()
    page.keyboard.type("Powitanie")
    page.keyboard.press("Tab")
    page.keyboard.type("dużo")
    look(page, "pismo-wiersze")

    page.keyboard.press("Enter")  # in a field of one line: saves
    expect(page.locator(".summary")).to_be_focused()
    expect(page.get_by_text("Porządek, wiersz 4, Ile minut: to nie jest liczba").first).to_be_visible()
    look(page, "pismo-bledy")
    minutes = plan.get_by_label("Ile minut").nth(3)
    minutes.fill("15")
    minutes.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zaproszenie: Otwarcie")
    expect(page.get_by_text("Powitanie")).to_be_visible()


def test_a_question_that_is_passed_over_is_hidden_and_what_was_typed_is_kept(
    visitor: Visitor, address: str
) -> None:
    page = visitor.page(f"{address}{PAPERS}/nowe/{paper_kit.KEY}", account=ANNA)
    where = page.get_by_label("Adres spotkania w sieci")
    expect(where).to_be_hidden()
    choose(page, "TAK")
    where.fill("https://spotkanie.example")
    choose(page, "NIE")
    expect(where).to_be_hidden()
    page.get_by_role("button", name="Zapisz szkic").press("Enter")
    notice = page.get_by_text("Te pytania się pomija")
    expect(notice).to_be_visible()
    expect(page.get_by_text("Adres spotkania w sieci")).to_be_visible()
    look(page, "pismo-pominiete")
    page.get_by_role("link", name="Wypełnij").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wypełnianie")
    choose(page, "TAK")
    expect(where).to_have_value("https://spotkanie.example")


def choose(page: Page, answer: str) -> None:
    group = page.get_by_role("radiogroup", name="Czy spotkanie jest zdalne")
    group.get_by_role("radio", name=answer).check(force=True)


def test_what_was_typed_when_the_session_ended_is_sent_again(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}{PAPERS}/nowe/{paper_kit.KEY}", account=ANNA)
    page.get_by_label("Nazwa spotkania").fill("Otwarcie")
    page.context.clear_cookies()
    page.get_by_role("button", name="Zapisz szkic").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sesja się skończyła")
    look(page, "sesja-skonczona")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Zaloguj się w nowej karcie").click()
    door = opened.value
    door.get_by_label("Adres e-mail").fill(ANNA[0])
    door.get_by_label("Hasło").fill(ANNA[1])
    door.get_by_role("button", name="Zaloguj").click()
    expect(door).to_have_url(f"{address}/panel/{GMINA}")
    page.get_by_role("button", name="Wyślij jeszcze raz").click()
    expect(page.get_by_text("Anna Zając")).to_be_visible()
    look(page, "jeszcze-nie-zapisano")
    page.get_by_role("button", name="Wyślij jeszcze raz").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zaproszenie: Otwarcie")
