"""The calculator in a real browser: filled in by keyboard, its chart and tables accessible at both widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.definitions import paper_definition, rules_of
from survey_app.services.method.papers import Content
from survey_app.web.app import create_app
from tests.calculator_rows import EXAMPLE, rows
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

PAPERS = f"/panel/{GMINA}/pisma"


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """A calculator with everything but one assumption, and a comparison of variants that nobody has begun."""
    people(sqlite_context)
    calculator = rules_of(paper_definition("kalkulator")).calculator
    assert calculator is not None
    content = Content(tables=rows(calculator, {**EXAMPLE, "udzial_pit": ""}))
    papers.start(sqlite_context, GMINA, "kalkulator", content, "", None)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_what_is_missing_is_given_by_keyboard_and_the_result_stands_there(
    visitor: Visitor, address: str
) -> None:
    page = visitor.page(f"{address}{PAPERS}/1", account=("anna@example.org", PASSWORD))
    expect(page.get_by_text("Nie wszystko da się policzyć")).to_be_visible()
    look(page, "kalkulator-brak")
    with page.expect_navigation():  # its script lets Enter save
        page.get_by_role("link", name="Wypełnij", exact=True).press("Enter")
    share = page.get_by_role(
        "group", name="Część wynagrodzenia brutto, którą dostaje gmina jako udział w PIT (%)"
    )
    share.get_by_label("Najpewniej").fill("40")
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_be_focused()
    expect(page.locator(".summary")).to_contain_text("wartość 40 nie może być prawdziwa")
    look(page, "kalkulator-bledy")
    share.get_by_label("Najpewniej").fill("4")
    share.get_by_label("Źródło i rok").fill("skarbnik, 2026")
    share.get_by_label("Najpewniej").press("Enter")
    expect(page.get_by_role("img", name="Wynik najbardziej zależy od: Miesiące")).to_be_visible()
    expect(page.get_by_role("table", name="Tabela 7")).to_contain_text("Etaty w klubie")
    look(page, "kalkulator")

    page.goto(f"{address}{PAPERS}/nowe/warianty_uslug")
    expect(page.get_by_label("Co mówi kalkulator wydatków")).to_have_value(
        "Wynik dla budżetu gminy w całym okresie: −405\u00a0587\u00a0zł w scenariuszu środkowym,"
        " −1\u00a0494\u00a0698\u00a0zł w pesymistycznym, 1\u00a0260\u00a0600\u00a0zł w optymistycznym."
    )
    look(page, "warianty")
