"""Choosing to whom a letter goes, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from survey_app.services import definition_files
from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.method.papers import Content
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser
FIXTURES = Path(__file__).parents[1] / "fixtures" / "papers"


@pytest.fixture
def address(sqlite_context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    (tmp_path / "documents").mkdir()
    text = (FIXTURES / "zaproszenie.yml").read_text(encoding="utf-8")
    (tmp_path / "documents" / "zaproszenie.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(definition_files, "INSTRUMENTS", tmp_path)
    people(sqlite_context)
    for name, sector in (("Bank Spółdzielczy", "finanse"), ("Klub „Orzeł”", "sport"), ("Gazeta", "media")):
        draft = StakeholderDraft(name, sector, internal=False)
        catalogue.add_stakeholder(sqlite_context, GMINA, draft, None)
    paper = papers.start(sqlite_context, GMINA, "zaproszenie", Content(), "", None)
    with serving(create_app(context=sqlite_context)) as served:
        yield f"{served}/panel/{GMINA}/pisma/{paper.id}"


def test_recipients_are_ticked_by_sector_and_a_refusal_says_why(visitor: Visitor, address: str) -> None:
    page = visitor.page(f"{address}/listy", account=("anna@example.org", PASSWORD))
    look(page, "paper-letters")
    page.get_by_role("button", name="Przygotuj PDF").click()
    expect(page.locator("#bledy")).to_be_focused()
    look(page, "paper-letters-refused")
    page.get_by_label("Zaznacz od razu").select_option(label="sektor: sport")
    page.get_by_role("button", name="Zaznacz", exact=True).click()
    expect(page.get_by_label("Klub „Orzeł”")).to_be_checked()
    expect(page.get_by_label("Gazeta")).not_to_be_checked()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Przygotuj DOCX").click()
    assert waiting.value.suggested_filename == "listy-zaproszenie-na-spotkanie-janow-lubelski.docx"
