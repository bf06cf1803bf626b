"""From the log-in page through another house's log-in service and back, in a real browser."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from tests.e2e.browser import Visitor, look, serving
from tests.integration.staff import PASSWORD, people
from tests.sign_on_kit import app_with, other_house

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that this machine may need is not asked for this machine itself."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "localhost,127.0.0.1")


@contextmanager
def served(context: Context, **claims: object) -> Iterator[str]:
    """The service beside a log-in service in which "anna" is known; it calls itself as the browser does."""
    people(context)
    with other_house(**claims) as issuer:
        app = app_with(context, issuer)
        with serving(app) as address:
            held = app.extensions["context"]
            settings = dataclasses.replace(held.settings, public_url=address)
            app.extensions["context"] = dataclasses.replace(held, settings=settings)
            yield address


def without_far_styles(page: Page) -> None:
    """The other side's own style sheet lies far away."""
    page.context.route(lambda url: "jsdelivr" in url, lambda route: route.abort())


def at_rest(page: Page) -> None:
    """A page that is left while its fonts still come leaves the server with files that nobody closes."""
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_log_in_page_to_the_panel(visitor: Visitor, sqlite_context: Context, scripts: bool) -> None:
    with served(sqlite_context, email="anna@example.org", email_verified=True) as address:
        page = visitor.page(f"{address}/logowanie", scripts=scripts)
        without_far_styles(page)
        if scripts:
            look(page, "log-in-with-service")
        at_rest(page)
        page.get_by_role("link", name="Zaloguj przez: Konto urzędu").click()
        page.get_by_role("button", name="Deny").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie się nie udało")
        if scripts:
            look(page, "log-in-by-service-refused")
        at_rest(page)
        page.get_by_role("link", name="Wróć do logowania").click()
        at_rest(page)
        page.goto(f"{address}/logowanie?next=/panel/konto")
        at_rest(page)
        page.get_by_role("link", name="Zaloguj przez: Konto urzędu").click()
        page.get_by_role("button", name="anna", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Anna Zając")
        at_rest(page)
        expect(page).to_have_url(
            f"{address}/panel/konto"
        )  # where she wanted to go, and no code in the address


def test_who_is_logged_in_ties_the_account(visitor: Visitor, sqlite_context: Context) -> None:
    """The security policy lets no form lead there: a link does."""
    with served(sqlite_context) as address:
        page = visitor.page(f"{address}/panel/konto", account=("anna@example.org", PASSWORD))
        without_far_styles(page)
        at_rest(page)
        page.get_by_role("link", name="Połącz konto").click()
        at_rest(page)
        page.get_by_role("button", name="Sprawdź hasło").click()
        at_rest(page)
        page.get_by_label("Obecne hasło").fill(PASSWORD)
        look(page, "tie-account")
        page.get_by_role("button", name="Sprawdź hasło").click()
        at_rest(page)
        page.get_by_role("link", name="Dalej").click()
        page.get_by_role("button", name="anna", exact=True).click()
        expect(page.get_by_text("To konto jest połączone z usługą logowania.")).to_be_visible()
        at_rest(page)
