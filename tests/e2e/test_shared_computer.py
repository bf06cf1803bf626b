"""What stays in the browser of a shared computer after an ankieta: its address in the history, and no answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.campaign_kit import add_gmina, hold
from tests.e2e.browser import PATIENCE_MS, Visitor, becomes, find_chromium, loaded, serving, step

WORDS = "sekretny-zamek-nad-rzeka"
STORED = """async () => [localStorage.length, sessionStorage.length, document.cookie.length,
  (await indexedDB.databases()).length, (await caches.keys()).length]"""


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    add_gmina(sqlite_context, 1)
    held = hold(sqlite_context, access="open_link")
    with serving(create_app(context=sqlite_context)) as base:
        yield f"{base}/a/{held.campaign.public_id}"


def press_on(page: Page, until: str) -> None:
    loaded(page)
    for _ in range(14):
        if page.locator(until).is_visible():
            return
        name = "Zaczynam" if page.get_by_role("button", name="Zaczynam").is_visible() else "Dalej"
        step(page, name)
    raise AssertionError(f"{until} was not reached")


def fill_in(page: Page, *, send: bool) -> None:
    press_on(page, "#p10")
    page.locator("#p10").fill(WORDS)
    if send:
        step(page, "Dalej")
        press_on(page, "#przeglad")
        page.get_by_role("button", name="Wyślij odpowiedzi").click()
        thanked(page)


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Twoja odpowiedź została zapisana")).to_be_visible()
    page.wait_for_load_state()


def test_going_back_after_sending_shows_an_empty_form(visitor: Visitor, address: str) -> None:
    page = visitor.page(address)
    fill_in(page, send=True)
    becomes(lambda: page.evaluate(STORED), [0, 0, 0, 0, 0])
    for _ in range(3):
        page.go_back()
        expect(page.locator("#ankieta")).to_be_attached()
        expect(page.locator("#p10")).to_have_value("")
        becomes(lambda: WORDS in page.content(), False)


def test_going_back_without_scripts_shows_an_empty_form(visitor: Visitor, address: str) -> None:
    page = visitor.page(address, scripts=False)
    page.locator("#p10").fill(WORDS)
    page.get_by_role("button", name="Wyślij odpowiedzi").click()
    thanked(page)
    page.go_back()
    expect(page.locator("#p10")).to_have_value("")


@contextmanager
def own_profile(browser: Browser, folder: Path) -> Iterator[Page]:
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=find_chromium(), args=["--no-sandbox"], locale="pl-PL"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def holding(folder: Path, words: str) -> list[str]:
    """Files of a browser's profile that hold the words, in either of the ways that Chromium writes them."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if words.encode() in content or words.encode("utf-16-le") in content:
            found.append(str(path.relative_to(folder)))
    return found


@pytest.mark.parametrize("send", [True, False], ids=["sent", "left unsent"])
def test_the_profile_on_the_disk_holds_no_answer(
    browser: Browser, address: str, tmp_path: Path, send: bool
) -> None:
    """Neither the cache, nor the history, nor what a closed tab is opened again from."""
    with own_profile(browser, tmp_path / "profile") as page:
        page.goto(address)
        fill_in(page, send=send)
        if not send:
            page.goto("about:blank")
    assert holding(tmp_path / "profile", WORDS) == []
    assert holding(tmp_path / "profile", address) != [], (
        "the history keeps the address, as docs/anonymity.md says"
    )


def test_a_form_that_may_be_remembered_is_found_in_the_profile(browser: Browser, tmp_path: Path) -> None:
    """The search has teeth: the same words in an ordinary field."""
    page_file = tmp_path / "page.html"
    page_file.write_text("<form><textarea id=a></textarea></form><a id=on href='#b'>b</a>")
    with own_profile(browser, tmp_path / "profile") as page:
        page.goto(page_file.as_uri())
        page.locator("#a").fill(WORDS)
        page.locator("#on").click()
        page.goto("about:blank")
    assert any(name.startswith("Default/Sessions/") for name in holding(tmp_path / "profile", WORDS))
