"""What the page of the console keeps: without a network, after a log-out, after a week, after its browser is killed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from survey_app.store import interviews as interview_store
from tests import interview_kit
from tests.e2e.browser import axe_faults, becomes, comes_true, keep_picture, loaded
from tests.e2e.console_browser import (
    Device,
    Devices,
    Replica,
    Talk,
    log_in,
)
from tests.integration.staff import GMINA

pytestmark = pytest.mark.browser

HERE = "indexedDB.databases().then((found) => found.map(({name}) => name))"
KEPT = """(async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const {url} of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
    return found;
})()"""
WORKERS = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"


def open_console(context: BrowserContext, talk: Talk) -> Page:
    with talk.context.database.reading() as session:
        talked = interview_store.get(session, GMINA, talk.interview_id)
    assert talked is not None
    interview_kit.agree(talk.context, talked)
    page = context.new_page()
    log_in(context, talk)
    page.goto(talk.console)
    page.locator("#konsola").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return page


def here(page: Page, databases: int, workers: int) -> None:
    """So many copies are on this device, and so many workers that open a console without a network."""
    becomes(lambda: (len(page.evaluate(HERE)), page.evaluate(WORKERS)), (databases, workers))


def nothing_is_here(page: Page) -> None:
    here(page, 0, 0)
    becomes(lambda: page.evaluate(KEPT), [])


def test_the_console_opens_again_without_a_network(devices: Devices, talk: Talk) -> None:
    page = open_console(devices(), talk)
    shell = urlsplit(page.url).path
    becomes(lambda: shell in page.evaluate(KEPT), True)
    kept = page.evaluate(KEPT)
    assert all(path == shell or path.startswith(("/static/", "/panel/konsola-pliki/")) for path in kept), kept
    talk.wire.cut = True
    page.reload()
    page.locator("#konsola").wait_for()
    talk.wire.cut = False
    page.goto(f"{talk.address}{talk.path}")  # any other page comes from the service
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("h1")).not_to_contain_text("konsola", ignore_case=True)


def test_the_log_out_says_what_waits_and_then_takes_everything_away(devices: Devices, talk: Talk) -> None:
    context = devices()
    open_console(context, talk).close()
    context.route("**/konsola/zmiany", lambda route: route.abort())
    one = Replica.open(context, talk, email=None)
    one.write("Czeka na wysłanie")
    one.do("replica.flush()")
    page = context.new_page()
    page.goto(f"{talk.address}{talk.path}")
    page.get_by_role("button", name="Wyloguj").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Wywiad nr {talk.interview_id}: 1 notatka")
    loaded(page)
    assert axe_faults(page) == []
    keep_picture(page, "logout-ask")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Pobierz jako plik").click()
    assert "A: Czeka na wysłanie" in Path(downloaded.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Zostaję").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    here(page, 1, 1)
    page.get_by_role("button", name="Wyloguj").click()
    page.get_by_role("button", name="Wyloguj i usuń").click()
    page.wait_for_url("**/logowanie**")
    nothing_is_here(page)
    becomes(lambda: one.status["session"], "ended")
    assert one.notes == []
    one.do("replica.flush()")
    nothing_is_here(page)


def test_a_log_out_with_nothing_waiting_asks_nothing(devices: Devices, talk: Talk) -> None:
    page = open_console(devices(), talk)
    page.goto(f"{talk.address}{talk.path}")
    page.evaluate("localStorage.setItem('ankieta:1', 'a respondent on the same browser')")
    page.get_by_role("button", name="Wyloguj").click()
    page.wait_for_url("**/logowanie**")
    nothing_is_here(page)
    comes_true(page, "localStorage.getItem('ankieta:1') !== null")


TOUCHED_DAYS_AGO = """days => new Promise((done) => {
  indexedDB.databases().then(([{name}]) => {
    indexedDB.open(name).onsuccess = ({target}) => {
      const writing = target.result.transaction("facts", "readwrite");
      const facts = writing.objectStore("facts");
      facts.get("copy").onsuccess = ({target: asked}) =>
        facts.put({...asked.result, touchedAt: Date.now() - days * 86400000}, "copy");
      writing.oncomplete = () => { target.result.close(); done(); };
    };
  });
})"""


def test_after_seven_days_any_staff_page_takes_the_copy_away(devices: Devices, talk: Talk) -> None:
    page = open_console(devices(), talk)
    page.goto(f"{talk.address}/dostepnosc")
    page.evaluate(TOUCHED_DAYS_AGO, 6)
    page.context.clear_cookies()
    page.goto(f"{talk.address}/logowanie")  # the session may have ended long ago
    page.evaluate("wipeOldCopies()")  # once more, and now to its end: nothing happens
    here(page, 1, 1)
    page.evaluate(TOUCHED_DAYS_AGO, 8)
    page.reload()
    nothing_is_here(page)


SAFE = 110  # letters that the page had said are kept, before it was killed


def to_part(page: Page, part: int) -> None:
    """Onward until its first question stands there."""
    question = page.locator("#pytanie")
    while not (before := question.inner_text()).startswith(f"{part}.1"):
        page.locator(".stage-actions .button-primary").click()
        expect(question).not_to_have_text(before)


def kept_by_itself(line: Locator) -> None:
    """Until the page has said twice that it kept something: the second time it began after what was typed by now."""
    for _ in range(2):
        expect(line).not_to_have_text(line.inner_text())


def test_an_idi_goes_through_a_cut_network_and_a_killed_browser(
    browser: Browser, talk: Talk, tmp_path: Path
) -> None:
    """On the real screen: cut in part two, killed in part three while somebody types, opened without a network."""
    device = Device(browser, tmp_path / "profile")
    typed = []
    try:
        page = open_console(device.switch_on(), talk)
        onward = page.locator(".stage-actions .button-primary")
        sent = page.locator('#zapis-slowa[data-kind="good"]')
        for part in (1, 2):
            to_part(page, part)
            sent.wait_for()
            talk.wire.cut = part == 2
            for question in (1, 2):
                words = f"Część {part}, notatka {question}: zażółć gęślą jaźń 🤝"
                page.locator("#notatka").click()
                page.keyboard.type(words, delay=2)
                typed.append(words)
                page.keyboard.press("Control+Enter")
                onward.click()
        to_part(page, 3)
        becomes(lambda: sorted(talk.texts()), sorted(typed[:2]))
        long = "".join(f"{place:03d} " for place in range(40))
        page.locator("#notatka").click()
        page.keyboard.type(long[:SAFE], delay=12)
        kept_by_itself(page.locator("#zapis-slowa"))
        page.keyboard.type(long[SAFE:], delay=12)
        device.kill()
        again = device.switch_on().new_page()
        again.goto(talk.console)
        again.locator("#konsola").wait_for()
        keep_picture(again, "console-after-the-kill")
        talk.wire.cut = False
        log_in(again.context, talk)
        again.goto(talk.console)
        again.locator('#zapis-slowa[data-kind="good"]').wait_for()
        becomes(lambda: len(talk.texts()), len(typed) + 1)
        kept = [text for text in talk.texts() if text not in typed]
        assert sorted(text for text in talk.texts() if text in typed) == sorted(typed)
        assert len(kept) == 1
        assert long.startswith(kept[0])
        assert len(kept[0]) >= SAFE
        assert device.holds("zażółć") == []
        assert device.holds("017 018") == []
    finally:
        device.kill()
