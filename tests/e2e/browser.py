"""A real Chromium and what tests ask it: serve an application, open a page as someone, look for faults."""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from werkzeug.serving import WSGIRequestHandler, make_server

PHONE = 360
DESK = 1280
PATIENCE_MS = 60_000  # a busy machine is no fault of the page
expect.set_options(timeout=PATIENCE_MS)
HTTP_FAILURE = 400
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def find_chromium() -> str | None:
    """The browser of the system; `CHROMIUM` names another one."""
    named = os.environ.get("CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


class _QuietHandler(WSGIRequestHandler):
    """The test's own output stays readable."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free port, in a thread; gives the address without a slash at its end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Visitor:
    """Opens pages as one kind of person after another, and keeps what the browser complained about."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def page(
        self,
        url: str,
        *,
        width: int = PHONE,
        scripts: bool = True,
        account: tuple[str, str] | None = None,
        **options: Any,
    ) -> Page:
        """A fresh visit: own cookies, own storage. `options` go to the browser's context (color_scheme, ...).

        With an account, an address and a password, the visitor is logged in before the page opens.
        """
        # Without movement no colour is read on its way to another one.
        still = {"locale": "pl-PL", "timezone_id": "Europe/Warsaw", "reduced_motion": "reduce"}
        options = {**still, **options}
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=scripts, **options
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if account is not None:
            begin_session(context, url, *account)
        page = context.new_page()
        page.on("console", lambda line: self._hear(line.type, line.text))
        page.on("response", self._see)
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.goto(url)
        return page

    def _hear(self, kind: str, text: str) -> None:
        # A page may well answer 404 or 422; what it loads may not, and `_see` has that with its address.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)

    def _see(self, response: Response) -> None:
        if response.status >= HTTP_FAILURE and response.request.resource_type != "document":
            self.complaints.append(f"{response.status} for {response.url}")

    def leave(self) -> None:
        """Close every visit."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def begin_session(context: BrowserContext, url: str, email: str, password: str) -> None:
    """Log in without looking at the form: for tests of what comes after it."""
    door = urljoin(url, "/logowanie")
    token = _TOKEN.search(context.request.get(door).text())
    assert token is not None, "somebody is logged in already"
    typed: dict[str, str | float | bool] = {"csrf_token": token[1], "email": email, "password": password}
    assert context.request.post(door, form=typed, max_redirects=0).status == 302


def becomes(read: Callable[[], object], wanted: object) -> None:
    """Reads again and again until it is so: what a script or the service does after a click takes its own time.

    Of a page, `expect` says the same shorter; this is for what it does not know: the store, a script's own state.
    """
    late = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted and time.monotonic() < late:
        time.sleep(0.05)
    assert found == wanted


def comes_true(page: Page, condition: str, given: Any = None) -> None:
    """A script's expression. It is asked from outside: the policy of the pages lets no words be run from within."""
    becomes(lambda: bool(page.evaluate(condition, given)), True)


def resize(page: Page, width: int, height: int = 800) -> None:
    """Back when the page itself has the new width."""
    page.set_viewport_size({"width": width, "height": height})
    comes_true(page, "width => window.innerWidth === width", width)


def loaded(page: Page) -> None:
    """Everything that the page loads is there: its styles, its fonts, and its scripts, which have run."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => null)")


def step(page: Page, button: str) -> None:
    """A button of the ankieta that leads to another screen, and back when that one stands there."""
    before = page.evaluate("history.state?.screen")
    page.get_by_role("button", name=button, exact=True).click()
    comes_true(page, "before => history.state?.screen !== before", before)


def look(page: Page, name: str) -> None:
    """Nothing that axe finds; nothing that sticks out or that a thumb misses, on a phone and on a desk.

    Axe reads the page at the width that it has, and it keeps that width. The name is for faults and pictures.
    """
    loaded(page)
    assert page.viewport_size is not None
    own, height = page.viewport_size["width"], page.viewport_size["height"]
    assert axe_faults(page) == [], name
    for width in (PHONE + DESK - own, own):
        resize(page, width, height)
        keep_picture(page, f"{name}-{width}")
        assert sideways_overflow(page) <= 0, f"{name}, {width} pixels wide"
        assert small_targets(page) == [], f"{name}, {width} pixels wide"


def axe_faults(page: Page) -> list[str]:
    """What axe finds on the page, of any weight: rule, weight, place."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:160]}"
        for found in violations
        for node in found["nodes"]
    ]


def sideways_overflow(page: Page) -> int:
    """By how many pixels the page as a whole is wider than the window (WCAG 1.4.10: 0 at 320 px)."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Buttons and form controls that are lower than `least` pixels (a choice counts with its label)."""
    return list(
        page.evaluate(
            """least => [...document.querySelectorAll(
                'button, .button, .input, .option > label, summary, input:not([type=radio], [type=checkbox])')]
              .filter(e => e.checkVisibility() && e.type !== 'hidden' && e.getBoundingClientRect().height < least)
              .map(e => e.outerHTML.slice(0, 120))""",
            least,
        )
    )


def small_texts(page: Page, least: float = 18) -> list[str]:
    """Texts set smaller than `least` pixels."""
    return list(
        page.evaluate(
            """least => [...document.querySelectorAll('body *')]
              .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('svg'))
              .filter(e => parseFloat(getComputedStyle(e).fontSize) < least - 0.01)
              .map(e => e.outerHTML.slice(0, 120))""",
            least,
        )
    )


def keep_picture(page: Page, name: str) -> Path | None:
    """A picture of the whole page into the folder that `PICTURES` names, for a person to look at; else nothing."""
    folder = os.environ.get("PICTURES")
    if not folder:
        return None
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)
    return path
