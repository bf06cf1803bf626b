"""The console while somebody types: twenty minutes at five characters a second, and how long the page was busy at most.

Typed as fast as the browser takes keys, so that the document, the notes and the device's copy are as large as after
twenty minutes; that is harder than the real pace. The last minute is typed at the real pace. The browser itself says
which tasks were long (PerformanceObserver, from 50 ms on) and how long a key took to be shown (event timing).
The network is cut in the middle third. Baseline: the same keys in the same box with no script behind it.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from survey_app.services import accounts, schema
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import find_chromium, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import settings_for

MODERATOR = "lucja@example.org"
MINUTES, PER_SECOND = 20, 5
KEYS = MINUTES * 60 * PER_SECOND
STEADY_KEYS = 60 * PER_SECOND
NOTE_KEYS = 150  # a note of two sentences, then the next one
QUESTION_NOTES = 4
MOST_MS = 100
WORDS = "Świetlica działa od dwóch lat, prowadzi ją szkoła razem z parafią i kołem gospodyń. "
OBSERVE = """() => {
  window.busy = [];
  window.keys = [];
  const watch = (type, take, more) => new PerformanceObserver(take).observe({type, buffered: false, ...more});
  watch('longtask', list => busy.push(...list.getEntries().map(e => e.duration)));
  watch('event', list => keys.push(...list.getEntries()
    .filter(e => e.name === 'keydown' || e.name === 'input').map(e => e.duration)), {durationThreshold: 16});
}"""


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    program = find_chromium()
    if program is None:
        print("Chromium is not on this machine")
        return
    try:
        context = Context.from_settings(settings_for(folder, f"sqlite:///{folder / 'survey.sqlite3'}"))
        address = _planned(context)
        with serving(create_app(context=context)) as served, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = chromium.new_page(locale="pl-PL", viewport={"width": 768, "height": 1024})
            _enter(page, served, address)
            _bare(page)
            page.goto(served + address)
            _typing(page)
            chromium.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _planned(context: Context) -> str:
    schema.upgrade(context)
    people(context)
    accounts.create_user(context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    draft = InterviewDraft(
        context.clock() + dt.timedelta(hours=1),
        55,
        (SeatDraft("A", None, "other"),),
        place="Świetlica",
        moderator_id=id_of(context, MODERATOR),
        departure_reason="Pomiar.",
        project_title="Projekt",
    )
    found = interviews.plan(context, GMINA, "idi", draft, None)
    return f"/panel/{GMINA}/wywiady/{found.id}/konsola"


def _enter(page: Page, served: str, address: str) -> None:
    page.goto(f"{served}/logowanie")
    page.get_by_label("Adres e-mail").fill(MODERATOR)
    page.get_by_label("Hasło").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/panel**")
    page.goto(served + address)
    page.locator("#pytanie").wait_for()


def _bare(page: Page) -> None:
    """A box that nobody listens to: what the browser and the machine themselves take."""
    page.evaluate("document.body.innerHTML = '<textarea id=notatka rows=8></textarea>'")
    page.evaluate(OBSERVE)
    page.locator("#notatka").focus()
    started = time.perf_counter()
    _type(page, KEYS // 4)
    _told("a bare box", page, KEYS // 4, time.perf_counter() - started)


def _typing(page: Page) -> None:
    page.locator("#pytanie").wait_for()
    for words in ("Zacznij rozmowę", "Zgadza się", "Przejdź do rozmowy", "Dalej"):
        page.get_by_role("button", name=words, exact=True).first.click()
    page.locator("#notatka").focus()
    page.evaluate(OBSERVE)
    for third, offline in enumerate((False, True, False)):
        page.context.set_offline(offline)
        started = time.perf_counter()
        _type_notes(page, KEYS // 3)
        name = f"the console, {'without' if offline else 'with'} network, third {third + 1}"
        _told(name, page, KEYS // 3, time.perf_counter() - started)
    started = time.perf_counter()
    _type(page, STEADY_KEYS, pause=1 / PER_SECOND)
    _told("the console, at the real pace", page, STEADY_KEYS, time.perf_counter() - started)
    size = page.evaluate("[document.querySelectorAll('*').length, performance.memory?.usedJSHeapSize ?? 0]")
    print(f"the page then: {size[0]} elements, {size[1] / 1e6:.0f} MB of script memory")


def _type_notes(page: Page, count: int) -> None:
    for at in range(0, count, NOTE_KEYS):
        _type(page, min(NOTE_KEYS, count - at))
        page.keyboard.press("Control+Enter")
        if at // NOTE_KEYS % QUESTION_NOTES == QUESTION_NOTES - 1:
            page.keyboard.press("Alt+ArrowDown")


def _type(page: Page, count: int, pause: float = 0) -> None:
    for at in range(count):
        page.keyboard.type(WORDS[at % len(WORDS)])
        if pause:
            page.wait_for_timeout(pause * 1000)


def _told(name: str, page: Page, count: int, took: float) -> None:
    page.wait_for_timeout(500)
    found: dict[str, Any] = page.evaluate("() => ({busy: busy.splice(0), keys: keys.splice(0)})")
    longest, slowest = max(found["busy"], default=0.0), max(found["keys"], default=0.0)
    verdict = "" if longest < MOST_MS else f"   MORE THAN {MOST_MS} ms"
    print(
        f"{name:<44} {count:>5} keys in {took:4.0f} s; tasks over 50 ms: {len(found['busy']):>2},"
        f" longest {longest:3.0f} ms; slowest key {slowest:3.0f} ms{verdict}"
    )


if __name__ == "__main__":
    main()
