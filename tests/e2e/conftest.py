"""Every visit starts fresh; the browser is one per test process (tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error

from survey_app.services.context import Context
from tests.e2e.browser import Visitor
from tests.e2e.console_browser import Devices, Talk, devices_of, talking
from tests.stores import Clock

LAST_WORDS, LAST_WORDS_MS = 2000, 2000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Of a test that failed: which pages stood there, and what they said."""
    report = yield
    visits = getattr(item, "funcargs", {}).get("visitor")
    if call.when == "call" and report.failed and isinstance(visits, Visitor):
        for page in (page for context in visits.contexts for page in context.pages):
            words = "(no words)"
            with suppress(Error):
                words = page.locator("body").inner_text(timeout=LAST_WORDS_MS)[:LAST_WORDS]
            report.sections.append((f"page {page.url}", words))
        report.sections.append(("what the browser complained about", "\n".join(visits.complaints)))
    return report


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Opens pages; a script error or a refusal of the security policy fails the test that met it."""
    visits = Visitor(browser)
    yield visits
    visits.leave()
    assert visits.complaints == []


@pytest.fixture
def talk(sqlite_context: Context, clock: Clock) -> Iterator[Talk]:
    with talking(sqlite_context, clock) as served:
        yield served


@pytest.fixture
def devices(browser: Browser) -> Iterator[Devices]:
    with devices_of(browser) as made:
        yield made
