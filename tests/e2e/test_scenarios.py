"""The scenarios of interviews in a real browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    people(sqlite_context)
    with serving(create_app(context=sqlite_context)) as served:
        yield served


def test_a_member_reads_both_scenarios(visitor: Visitor, address: str) -> None:
    base = f"{address}/panel/{GMINA}/wywiady/scenariusze"
    page = visitor.page(base, account=("jan@example.org", PASSWORD))
    look(page, "scenarios")
    for form, title in (("idi", "Wywiad indywidualny (IDI)"), ("fgi", "Wywiad grupowy (FGI)")):
        page.goto(f"{base}/{form}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)
        look(page, f"scenario-{form}")
