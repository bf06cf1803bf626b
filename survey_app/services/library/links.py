"""Links that are dead are said to be dead: the background worker asks a few addresses in each of its rounds."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

from survey_app.services.context import Context
from survey_app.services.library import link_probe
from survey_app.store import library

EVERY_DAYS = 30
AT_ONCE = 10  # addresses in one round of the worker
BUDGET = 40  # seconds in one round: the worker has other things to do


def check_due(context: Context, ask: Callable[[str], bool] = link_probe.answers) -> list[str]:
    """Asks addresses that were not asked for EVERY_DAYS, or whose owner wants to know. One line if any were asked.

    No transaction is open while a server elsewhere takes its time. LINK_CHECKS=off: nobody is asked.
    """
    if not context.settings.link_checks:
        return []
    today = context.today()
    with context.database.reading() as session:
        settled = context.clock() - dt.timedelta(days=1)
        due = library.due_links(session, today - dt.timedelta(days=EVERY_DAYS), settled, AT_ONCE)
    begun, asked, dead = time.monotonic(), 0, 0
    for item_id, url in due:
        if time.monotonic() - begun > BUDGET:
            break
        answer = _answer(ask, url)
        asked, dead = asked + 1, dead + (answer is not True)
        with context.database.transaction() as session:
            library.tell_of_link(session, item_id, url, today, answers=answer)
    return [f"Sprawdzono odnośniki biblioteczki: {asked}, bez odpowiedzi: {dead}."] if asked else []


def _answer(ask: Callable[[str], bool], url: str) -> bool | None:
    """None: the address is not a public one (any more), and was not asked."""
    try:
        return ask(url)
    except link_probe.RefusedAddressError:
        return None
