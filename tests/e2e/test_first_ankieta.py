"""A team's first ankieta, from the log-in to the printed diagnoza, in a real browser."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests.conftest import leave_out
from tests.e2e.browser import DESK, PHONE, Visitor, comes_true, keep_picture, look, resize, serving, step
from tests.stores import Clock

pytestmark = pytest.mark.browser

GMINA = "060901"  # Bełżyce
EMAIL, PASSWORD = "anna@example.org", "cztery-zwykle-slowa-razem"
CATALOGUE = """nazwa;sektor;wewnętrzny/zewnętrzny;typ
Gminny Ośrodek Pomocy Społecznej „Żuraw”;pomoc społeczna;wewnętrzny;B
Biblioteka Publiczna w Bełżycach;kultura;wewnętrzny;C
Parafia św. Łucji;"organizacje kościelne, w tym parafie";wewnętrzny;C
Piekarnia „Źdźbło”;przedsiębiorcy;wewnętrzny;C
"""
SEND = "Wyślij odpowiedzi"  # the last button: it leads to the thanks
WISH = "Zażółć gęślą jaźń: dowóz seniorów & <warsztaty>"


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """The service with one coordinator of a real gmina."""
    gminas.seed_pilot_gminas(sqlite_context)
    accounts.create_user(sqlite_context, EMAIL, "Anna Zając", PASSWORD, coordinator_of=GMINA)
    with serving(create_app(context=sqlite_context)) as found:
        yield found


def test_a_team_holds_its_first_ankieta(address: str, visitor: Visitor, clock: Clock, tmp_path: Path) -> None:
    """The catalogue is imported, a campaign opened, three people answer, and the council gets its PDF."""
    desk = _log_in(visitor, address)
    _import_catalogue(desk)
    resize(desk, PHONE)  # the campaign is prepared in a narrow window
    _draft_campaign(desk)
    links = [address + urlsplit(link).path for link in _open_campaign(desk, tmp_path)]
    assert len(links) == 4

    _answer_on_a_phone(visitor, links[0])
    _answer_by_keyboard(visitor, links[1])
    _answer_without_scripts(visitor, links[2])

    clock.advance(days=8)
    desk = visitor.page(f"{address}/panel/{GMINA}", width=DESK, account=(EMAIL, PASSWORD))
    _lock(desk)
    _clear_texts(desk)
    _look_at_results(desk)
    _read_the_pdf(desk, tmp_path)


def _log_in(visitor: Visitor, address: str) -> Page:
    desk = visitor.page(address + "/logowanie", width=DESK)
    desk.get_by_label("E-mail").fill(EMAIL)
    desk.get_by_label("Hasło").fill(PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/panel**")
    desk.goto(f"{address}/panel/{GMINA}")
    look(desk, "gmina")
    return desk


def _import_catalogue(desk: Page) -> None:
    desk.get_by_role("link", name="Przejdź do katalogu").click()
    desk.wait_for_url("**/katalog")
    look(desk, "katalog-pusty")
    desk.get_by_role("link", name="Wczytaj z pliku").first.click()
    content = CATALOGUE.encode("cp1250")
    desk.get_by_label("Plik CSV albo XLSX").set_input_files(
        {"name": "katalog.csv", "mimeType": "text/csv", "buffer": content}
    )
    desk.get_by_role("button", name="Pokaż, co jest w pliku").click()
    expect(desk.get_by_text("plik jest poprawny")).to_be_visible()
    look(desk, "katalog-podglad")
    desk.get_by_role("button", name="Zapisz w katalogu").click()
    expect(desk.get_by_text("Katalog został")).to_be_visible()
    expect(desk.get_by_text("Piekarnia „Źdźbło”")).to_be_visible()


def _draft_campaign(desk: Page) -> None:
    desk.get_by_role("link", name="Kampanie", exact=True).click()
    desk.get_by_role("link", name="Nowa kampania").first.click()
    expect(desk.get_by_label("Tytuł kampanii")).to_be_visible()
    look(desk, "kampania-nowa")
    desk.get_by_label("Tytuł kampanii").fill("Ankieta, jesień 2026")
    for name, day in (("opens_at", "2026-11-02"), ("closes_at", "2026-11-09")):
        desk.fill(f"[name={name}_date]", day)
        desk.fill(f"[name={name}_time]", "10:00")
    desk.get_by_label("Informacja o przetwarzaniu danych").fill(
        "Administratorem danych jest Burmistrz Bełżyc."
    )
    desk.get_by_role("button", name="Zapisz szkic").click()
    expect(desk.get_by_role("link", name="Otwórz kampanię…")).to_be_visible()
    look(desk, "kampania-szkic")


def _open_campaign(desk: Page, folder: Path) -> list[str]:
    """The links from the file for mail merge; the codes are shown this once."""
    desk.get_by_role("link", name="Otwórz kampanię…").click()
    opening = desk.get_by_role("button", name="Otwórz kampanię i pokaż kody")
    expect(opening).to_be_visible()
    look(desk, "kampania-otwarcie")
    opening.click()
    expect(desk.get_by_role("link", name="Wszystko razem")).to_be_visible()
    look(desk, "kampania-kody")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Kody do korespondencji seryjnej").click()
    first, *lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert first.startswith("instytucja;")
    assert len(lines) == 4
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Wszystko razem").click()
    download.value.save_as(folder / "kody.zip")
    desk.get_by_role("link", name="przejdź do kampanii").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ankieta, jesień 2026")
    look(desk, "kampania-otwarta")
    with zipfile.ZipFile(folder / "kody.zip") as archive:
        name = next(each for each in archive.namelist() if each.endswith(".csv"))
        rows = list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")), delimiter=";"))
    assert {row["instytucja"] for row in rows} >= {"Parafia św. Łucji", "Piekarnia „Źdźbło”"}
    return [row["link"] for row in rows]


def _answer_on_a_phone(visitor: Visitor, link: str) -> None:
    """One question at a time; goes back once and finds everything in its place."""
    phone = visitor.page(link)
    step(phone, "Zaczynam")
    phone.get_by_label("Instytucja pomocy społecznej").check()
    step(phone, "Dalej")
    phone.get_by_role("radio", name="TAK").check()
    phone.get_by_role("textbox", name="Odpowiedź 1").fill("wspólne ferie")
    step(phone, "Wstecz")
    expect(phone.get_by_label("Instytucja pomocy społecznej")).to_be_checked()
    step(phone, "Dalej")
    expect(phone.get_by_role("textbox", name="Odpowiedź 1")).to_have_value("wspólne ferie")
    expect(phone.get_by_text("Pytanie 2 z 11").first).to_be_visible()
    while not phone.get_by_text("Pytanie 10 z 11").first.is_visible():
        _go_on_with_yes(phone)
    phone.get_by_role("textbox").fill(WISH)
    while not phone.get_by_role("button", name=SEND).is_visible():
        _go_on_with_yes(phone)
    phone.get_by_role("button", name=SEND).click()
    _thanked(phone)


def _go_on_with_yes(page: Page) -> None:
    step(page, "Dalej")
    yes = page.get_by_role("radio", name="TAK")
    if yes.is_visible():
        yes.check()


def _answer_by_keyboard(visitor: Visitor, link: str) -> None:
    """Tab, arrows, space and Enter only: the institution of culture says NIE to question 2, and TAK to the rest."""
    page = visitor.page(link, width=DESK)
    _press_on(page, "Zaczynam")
    # Focus comes to the question's heading; the next Tab is its first choice.
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Instytucja kultury i dziedzictwa narodowego")).to_be_checked()
    _press_on(page, "Dalej")
    _choose(page, "NIE")
    _press_on(page, "Dalej")
    expect(page.get_by_text("Pytanie 5 z 11").first).to_be_visible()
    while not page.get_by_role("button", name=SEND).is_visible():
        if page.get_by_role("radio", name="TAK").is_visible():
            _choose(page, "TAK")
        if page.get_by_text("Pytanie 10 z 11").first.is_visible():
            page.keyboard.press("Tab")
            page.keyboard.type("równość głosów")
        _press_on(page, "Dalej")
    _press_on(page, SEND)
    _thanked(page)


def _choose(page: Page, answer: str) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    if answer == "NIE":
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=answer)).to_be_checked()


def _press_on(page: Page, button: str) -> None:
    """Tab until the button has the focus, then Enter; back when the next screen stands there."""
    before = page.evaluate("history.state?.screen")
    for _ in range(60):
        focused = page.evaluate("document.activeElement.textContent.trim()")
        if focused == button:
            page.keyboard.press("Enter")
            if button != SEND:
                comes_true(page, "before => history.state?.screen !== before", before)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"„{button}” cannot be reached by Tab")


def _answer_without_scripts(visitor: Visitor, link: str) -> None:
    """The whole form on one page; answers off the path come back once, named, and go without them when asked."""
    page = visitor.page(link, scripts=False)
    keep_picture(page, "ankieta-bez-skryptow")
    page.get_by_label("Instytucja / Podmiot gospodarczy").check()
    _group(page, "2. ").get_by_role("radio", name="NIE").check()
    _group(page, "3.").get_by_role("radio", name="TAK").check()
    _group(page, "5.").get_by_role("radio", name="NIE").check()
    _group(page, "7.").get_by_role("radio", name="NIE").check()
    _group(page, "9.").get_by_role("radio", name="NIE").check()
    page.fill("[name=p10]", "konkret")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("button", name="Wyślij bez tych odpowiedzi")).to_be_visible()
    keep_picture(page, "ankieta-poza-sciezka")
    expect(_group(page, "3.").get_by_role("radio", name="TAK")).to_be_checked()
    page.get_by_role("button", name="Wyślij bez tych odpowiedzi").click()
    _thanked(page)


def _group(page: Page, number: str) -> Locator:
    return page.locator("fieldset").filter(has_text=number).first


def _thanked(page: Page) -> None:
    expect(page).to_have_url(re.compile("/dziekujemy$"))
    expect(page.get_by_role("heading", name="Twoja odpowiedź została zapisana")).to_be_visible()


def _lock(desk: Page) -> None:
    desk.get_by_role("link", name="Kampanie", exact=True).click()
    desk.get_by_role("link", name="Ankieta, jesień 2026").click()
    desk.get_by_role("link", name="Zablokuj kampanię…").click()
    desk.get_by_role("button", name="Zablokuj na dobre").click()
    expect(desk.get_by_role("link", name="Wyniki pytanie po pytaniu")).to_be_visible()


def _clear_texts(desk: Page) -> None:
    desk.get_by_role("link", name="Odpowiedzi otwarte").first.click()
    expect(desk.get_by_role("button", name="Zapisz decyzje")).to_be_visible()
    desk.wait_for_load_state()  # all of them are there to be gone through
    for fine in desk.get_by_text("może być pokazany", exact=True).all():
        fine.click()
    desk.get_by_role("button", name="Zapisz decyzje").click()
    expect(desk.get_by_text("Wszystkie teksty są przejrzane")).to_be_visible()
    desk.get_by_role("link", name="Ankieta, jesień 2026").first.click()


def _look_at_results(desk: Page) -> None:
    """The team's words are in it; without them both pages are looked at in test_panel.py."""
    desk.get_by_role("link", name="Wyniki pytanie po pytaniu").click()
    desk.get_by_role("link", name="Diagnoza", exact=True).click()
    expect(desk.get_by_text(WISH).first).to_be_visible()
    look(desk, "diagnoza")


def _read_the_pdf(desk: Page, folder: Path) -> None:
    with desk.expect_download() as download:
        desk.get_by_role("link", name="wydanie publiczne").click()
    file = folder / "diagnoza.pdf"
    download.value.save_as(file)
    if shutil.which("pdftotext") is None:
        leave_out("left out: pdftotext (poppler-utils) is not on this machine")
    told = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True
    ).stdout.decode()
    words = " ".join(told.split())
    assert "gmina Bełżyce" in words
    assert "3 ankiety z 4 zaproszonych instytucji" in words
    # Question 5: TAK, TAK, NIE; among four invited that is from 2/4 to 3/4. Under five answers: counts, no per cents.
    assert "TAK to 2 z 3 odpowiedzi" in words
    assert WISH in words  # three people wrote to question 10, and the team has cleared their texts
    assert "wspólne ferie" not in words  # one person alone wrote to that question
