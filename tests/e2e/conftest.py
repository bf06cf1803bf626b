"""Every visit starts fresh; the browser is one per test process (tests/conftest.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.browser import Visitor


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Opens pages; a script error or a refusal of the security policy fails the test that met it."""
    visits = Visitor(browser)
    yield visits
    visits.leave()
    assert visits.complaints == []
