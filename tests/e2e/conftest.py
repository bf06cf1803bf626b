"""Every visit starts fresh; the browser is one per test process (tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from survey_app.services.context import Context
from tests.e2e.browser import Visitor
from tests.e2e.console_browser import Devices, Talk, devices_of, talking
from tests.stores import Clock


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
