"""One Chromium per test process; every visit starts fresh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import leave_out
from tests.e2e.browser import Visitor, find_chromium

NO_CHROMIUM = "left out: Chromium is not on this machine"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        leave_out(NO_CHROMIUM)
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Opens pages; a script error or a refusal of the security policy fails the test that met it."""
    visits = Visitor(browser)
    yield visits
    visits.leave()
    assert visits.complaints == []
