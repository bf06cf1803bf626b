"""What the page of the console keeps: without a network, after a log-out, after a week, after its browser is killed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from survey_app.store import interviews as interview_store
from tests import interview_kit
from tests.e2e.browser import axe_faults, keep_picture
from tests.e2e.console_browser import (
    PATIENT_SECONDS,
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
    page.set_default_timeout(PATIENT_SECONDS * 1000)
    log_in(context, talk)
    page.goto(talk.console)
    page.locator("#konsola").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return page


def test_the_console_opens_again_without_a_network(devices: Devices, talk: Talk) -> None:
    page = open_console(devices(), talk)
    shell = urlsplit(page.url).path
    kept = page.evaluate(KEPT)
    assert shell in kept
    assert all(path == shell or path.startswith(("/static/", "/panel/konsola-pliki/")) for path in kept), kept
    talk.wire.cut = True
    page.reload()
    page.locator("#konsola").wait_for()
    talk.wire.cut = False
    page.goto(f"{talk.address}{talk.path}")  # any other page comes from the service
    assert "konsola" not in page.locator("h1").inner_text().lower()


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
    page.get_by_role("dialog").wait_for()
    assert f"Wywiad nr {talk.interview_id}: 1 notatka" in page.get_by_role("dialog").inner_text()
    assert axe_faults(page) == []
    keep_picture(page, "logout-ask")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Pobierz jako plik").click()
    assert "A: Czeka na wysłanie" in Path(downloaded.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Zostaję").click()
    assert page.evaluate(HERE) != []
    page.get_by_role("button", name="Wyloguj").click()
    page.get_by_role("button", name="Wyloguj i usuń").click()
    page.wait_for_url("**/logowanie**")
    assert page.evaluate(HERE) == []
    assert page.evaluate(KEPT) == []
    assert page.evaluate(WORKERS) == 0
    assert one.notes == []
    assert one.status["session"] == "ended"
    one.do("replica.flush()")
    assert page.evaluate(HERE) == []


def test_a_log_out_with_nothing_waiting_asks_nothing(devices: Devices, talk: Talk) -> None:
    page = open_console(devices(), talk)
    page.goto(f"{talk.address}{talk.path}")
    page.evaluate("localStorage.setItem('ankieta:1', 'a respondent on the same browser')")
    page.get_by_role("button", name="Wyloguj").click()
    page.wait_for_url("**/logowanie**")
    assert page.evaluate(HERE) == []
    assert page.evaluate("localStorage.getItem('ankieta:1')") is not None


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
    page.wait_for_timeout(1000)  # nothing happens
    assert (len(page.evaluate(HERE)), page.evaluate(WORKERS)) == (1, 1)
    page.evaluate(TOUCHED_DAYS_AGO, 8)
    page.reload()
    Replica(page, talk).until(f"(await {HERE}).length + (await {WORKERS}) === 0")


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
            while not page.locator("#pytanie").inner_text().startswith(f"{part}.1"):
                onward.click()
            sent.wait_for()
            talk.wire.cut = part == 2
            for question in (1, 2):
                words = f"Część {part}, notatka {question}: zażółć gęślą jaźń 🤝"
                page.locator("#notatka").click()
                page.keyboard.type(words, delay=2)
                typed.append(words)
                page.keyboard.press("Control+Enter")
                onward.click()
        while not page.locator("#pytanie").inner_text().startswith("3.1"):
            onward.click()
        assert sorted(talk.texts()) == sorted(typed[:2])
        long = "".join(f"{place:03d} " for place in range(40))
        page.locator("#notatka").click()
        page.keyboard.type(long, delay=12)
        device.kill()
        again = device.switch_on().new_page()
        again.set_default_timeout(PATIENT_SECONDS * 1000)
        again.goto(talk.console)
        again.locator("#konsola").wait_for()
        keep_picture(again, "console-after-the-kill")
        talk.wire.cut = False
        log_in(again.context, talk)
        again.goto(talk.console)
        again.locator('#zapis-slowa[data-kind="good"]').wait_for()
        kept = [text for text in talk.texts() if text not in typed]
        assert sorted(text for text in talk.texts() if text in typed) == sorted(typed)
        assert len(kept) == 1
        assert long.startswith(kept[0])
        assert len(kept[0]) >= len(long) - 50  # a second of typing
        assert device.holds("zażółć") == []
        assert device.holds("017 018") == []
    finally:
        device.kill()
