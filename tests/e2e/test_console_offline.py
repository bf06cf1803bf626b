"""What the console keeps: a cut wire, a killed browser, two tabs, two devices, an ended session, a log-out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from survey_app.services.context import Context
from tests.console_kit import Device, Replica, Talk, talking
from tests.stores import Clock

pytestmark = pytest.mark.browser


@pytest.fixture
def talk(sqlite_context: Context, clock: Clock) -> Iterator[Talk]:
    with talking(sqlite_context, clock) as served:
        yield served


def test_what_is_written_comes_to_the_service(browser: Browser, talk: Talk) -> None:
    one = Replica.open(browser.new_context(), talk)
    assert one.status["vault"] == "ok"
    one.agree()
    note = one.write("Działamy")
    assert one.write("Działamy razem 🤝", note) == note
    one.settle()
    assert talk.notes() == [("Działamy razem 🤝", False)]
    print(one.status, one.notes)
