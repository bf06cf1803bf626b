"""From the log-in page through another house's log-in service and back, in a real browser."""

from __future__ import annotations

import dataclasses

import pytest
from playwright.sync_api import expect

from survey_app.services.context import Context
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import people
from tests.sign_on_kit import app_with, other_house

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_log_in_page_to_the_panel(visitor: Visitor, sqlite_context: Context, scripts: bool) -> None:
    people(sqlite_context)
    with other_house(email="anna@example.org", email_verified=True) as issuer:
        app = app_with(sqlite_context, issuer)
        with serving(app) as address:
            held = app.extensions["context"]
            settings = dataclasses.replace(held.settings, public_url=address)
            app.extensions["context"] = dataclasses.replace(held, settings=settings)
            page = visitor.page(f"{address}/logowanie?next=/panel/konto", scripts=scripts)
            if scripts:
                look(page, "log-in-with-service")
            # The other side's own style sheet lies far away.
            page.context.route(lambda url: "jsdelivr" in url, lambda route: route.abort())
            page.get_by_role("link", name="Zaloguj przez: Konto urzędu").click()
            page.get_by_role("button", name="Deny").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie się nie udało")
            if scripts:
                look(page, "log-in-by-service-refused")
            page.get_by_role("link", name="Wróć do logowania").click()
            page.goto(
                f"{address}/logowanie?next=/panel/konto"
            )  # this refusal does not say of which log-in it is
            page.get_by_role("link", name="Zaloguj przez: Konto urzędu").click()
            page.get_by_role("button", name="anna", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("Anna Zając")
            assert page.url == f"{address}/panel/konto", "where she wanted to go, and no code in the address"
