"""The console in a real browser: an IDI by keyboard alone, an FGI of eight, two versions, time, no scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import LETTERS, InterviewDraft, SeatDraft
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import (
    DESK,
    PHONE,
    Visitor,
    axe_faults,
    becomes,
    comes_true,
    keep_picture,
    loaded,
    resize,
    serving,
    sideways_overflow,
    small_targets,
    small_texts,
)
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

MODERATOR = "lucja@example.org"
TABLET = 768
ZOOMED = 640  # a laptop's window at 200 %
NAMES = ("Gminny Ośrodek Pomocy Społecznej", "Szkoła Podstawowa nr 2", "Bank Spółdzielczy")
TITLE = "Synergia lokalna w gminach"
A_DAY_AHEAD = """() => { const now = Date.now, steady = performance.now.bind(performance); window.ticks = 0;
    Date.now = () => now() + 86400000; performance.now = () => { ticks += 1; return steady(); }; }"""  # its own


@dataclass
class Talks:
    """An IDI and an FGI of eight that Łucja moderates, served at `address`."""

    context: Context
    address: str
    idi: int
    fgi: int

    def console(self, interview: int) -> str:
        return f"{self.address}/panel/{GMINA}/wywiady/{interview}/konsola"

    def state(self, page: Page, interview: int) -> dict[str, Any]:
        """What the service has, asked with the page's own session."""
        answer = page.context.request.get(f"{self.console(interview)}/stan")
        assert answer.ok
        found: dict[str, Any] = answer.json()
        return found

    def notes(self, page: Page, interview: int) -> set[tuple[str, str | None, str, bool]]:
        kept = self.state(page, interview)["notes"]
        return {(note["question"], note["letter"], note["text"], note["quotation"]) for note in kept}

    def have(self, page: Page, interview: int, *texts: str) -> None:
        """So many notes come to the service, and no other ones."""
        becomes(lambda: sorted(note["text"] for note in self.state(page, interview)["notes"]), sorted(texts))


@pytest.fixture
def talks(sqlite_context: Context) -> Iterator[Talks]:
    context = sqlite_context
    people(context)
    accounts.create_user(context, MODERATOR, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    ids = [
        catalogue.add_stakeholder(context, GMINA, StakeholderDraft(name, "edukacja", internal=True), None).id
        for name in NAMES
    ]

    def plan(form: str, count: int, minutes: int) -> int:
        draft = InterviewDraft(
            context.clock() + dt.timedelta(minutes=minutes, hours=count),
            minutes,
            tuple(SeatDraft(LETTERS[place], ids[place % 3], "works") for place in range(count)),
            place="Świetlica w Godziszowie",
            moderator_id=id_of(context, MODERATOR),
            project_title=TITLE,
        )
        return interviews.plan(context, GMINA, form, draft, None).id

    idi, fgi = plan("idi", 1, 55), plan("fgi", 8, 90)
    with serving(create_app(context=context)) as served:
        yield Talks(context, served, idi, fgi)


@pytest.fixture
def enter(visitor: Visitor, talks: Talks) -> Callable[..., Page]:
    """Łucja's browser with the console of one interview open."""

    def open_console(interview: int, width: int = TABLET, **options: Any) -> Page:
        page = visitor.page(talks.console(interview), width=width, account=(MODERATOR, PASSWORD), **options)
        page.locator("#pytanie").wait_for()
        return page

    return open_console


def onward(page: Page) -> None:
    page.locator(".stage-actions .button-primary").click()


def answer(page: Page, letter: str, words: str, *, second: bool = False) -> None:
    row = page.locator(f'.consent[data-letter="{letter}"]').nth(int(second))
    row.get_by_role("button", name=words, exact=True).click()


def all_sent(page: Page) -> None:
    expect(page.locator("#zapis-slowa")).to_have_attribute("data-kind", "good")


def look(page: Page, name: str) -> None:
    """Nothing wider than the window, nothing too small, nothing that axe minds."""
    loaded(page)
    keep_picture(page, f"console-{name}")
    assert axe_faults(page) == []
    assert sideways_overflow(page) <= 0
    assert small_targets(page) == []
    assert small_texts(page) == []


def tab_to(page: Page, words: str) -> None:
    """The Tab key until what has the focus says so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.innerText || '').trim()")
        if focused == words:
            return
    raise AssertionError(f"The Tab key does not come to: {words}")


def test_a_whole_idi_is_held_with_the_keyboard_alone(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi, DESK)
    tab_to(page, "Zacznij rozmowę")
    page.keyboard.press("Enter")
    expect(page.locator("#pytanie")).to_be_focused()
    expect(page.locator(".stage-body")).to_contain_text(TITLE)
    tab_to(page, "Zgadza się")
    page.keyboard.press("Space")
    expect(page.get_by_text("Pytanie drugie: zgoda na użycie zdania")).to_be_visible()
    tab_to(page, "Nie zgadza się")  # of the first question
    tab_to(page, "Nie zgadza się")
    page.keyboard.press("Enter")
    tab_to(page, "Przejdź do rozmowy")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the choice of three
    page.keyboard.press("Tab")
    expect(page.get_by_label("Wiek")).to_be_focused()
    page.keyboard.type("47")
    tab_to(page, "Dalej")
    page.keyboard.press("Enter")
    expect(page.locator("#notatka")).to_be_focused()
    page.keyboard.type("Zna partnerstwo przy świetlicy.\nOd wójta.")
    page.keyboard.press("Control+Enter")
    page.keyboard.type("Nikt nas o to nie pytał.")
    page.keyboard.press("Alt+c")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#notatka")).to_be_focused()
    expect(page.locator("#pytanie")).to_contain_text("1.2")
    page.keyboard.type("W trzech sołectwach.")
    tab_to(page, "Pominięte")
    page.keyboard.press("Space")
    page.keyboard.press("Alt+s")
    tab_to(page, "Zakończenie")
    page.keyboard.press("Enter")
    tab_to(page, "Zakończ rozmowę")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Gotowe: rozmowa zakończona")).to_be_visible()
    all_sent(page)
    assert talks.notes(page, talks.idi) == {
        ("p1_1", "A", "Zna partnerstwo przy świetlicy.\nOd wójta.", False),
        ("p1_1", "A", "Nikt nas o to nie pytał.", True),
        ("p1_2", "A", "W trzech sołectwach.", False),
    }
    state = talks.state(page, talks.idi)
    assert {key: one["mark"] for key, one in state["marks"].items()} == {"p1_1": "asked", "p1_2": "skipped"}
    assert (state["seats"][0]["agreed"], state["seats"][0]["evidence"]) == (True, False)
    assert state["seats"][0]["fields"] == {"wiek": "47"}
    assert state["interview"]["state"] == "held"


def test_nothing_is_written_before_somebody_agreed(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    page.keyboard.press("Alt+s")
    page.get_by_text("2. Wiedza o partnerstwie").click()
    page.get_by_role("button", name="1.1. Czy zna").click()
    expect(page.locator("#notatka")).to_be_hidden()
    look(page, "no-consent")
    page.get_by_role("button", name="Przejdź do zgody").click()
    answer(page, "A", "Nie zgadza się")
    expect(page.get_by_text("rozmówca się nie zgadza")).to_be_visible()
    all_sent(page)
    becomes(lambda: talks.state(page, talks.idi)["seats"][0]["agreed"], False)
    answer(page, "A", "Zgadza się")
    page.keyboard.press("Alt+s")
    page.get_by_text("2. Wiedza o partnerstwie").click()
    page.get_by_role("button", name="1.1. Czy zna").click()
    expect(page.locator("#notatka")).to_be_visible()


def test_a_group_of_eight_speaks_under_letters(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.fgi)
    onward(page)
    for letter in "ABCDEF":
        answer(page, letter, "Zgadza się")
    answer(page, "G", "Nie zgadza się")
    answer(page, "H", "Nie przyszła")
    answer(page, "A", "Zgadza się", second=True)
    look(page, "fgi-consent")
    onward(page)
    onward(page)
    page.get_by_label("Wiek").fill("200")
    expect(page.get_by_text("prosimy wpisać liczbę całkowitą od 15 do 110.")).to_be_visible()
    look(page, "fgi-fields")
    page.get_by_label("Wiek").fill("52")
    onward(page)
    page.get_by_text("mężczyzna", exact=True).click()
    for _ in range(5):
        onward(page)
    expect(page.locator("#pytanie")).to_contain_text("0.1")
    box = page.locator("#notatka")
    expect(box).to_be_focused()
    page.keyboard.type("B: Plac zabaw zrobiliśmy razem.")
    expect(page.locator("#mowi-B")).to_be_checked()
    page.keyboard.press("Control+Enter")
    page.keyboard.type("G: Ja tego nie mówię.")
    expect(page.locator(".speaker-words")).to_have_text("Nie zapisujemy: osoba G nie wyraziła zgody.")
    look(page, "fgi-no-consent")
    box.fill("")
    page.locator("#mowi-C").check(force=True)
    box.fill("Straż pomogła.")
    page.keyboard.press("Alt+ArrowDown")
    look(page, "fgi-question")
    all_sent(page)
    assert talks.notes(page, talks.fgi) == {
        ("g0_1", "B", "Plac zabaw zrobiliśmy razem.", False),
        ("g0_1", "C", "Straż pomogła.", False),
    }
    seats = {seat["letter"]: seat for seat in talks.state(page, talks.fgi)["seats"]}
    assert [seats[letter]["agreed"] for letter in "AFGH"] == [True, True, False, None]
    assert (seats["A"]["evidence"], seats["B"]["evidence"]) == (True, None)
    assert seats["A"]["fields"] == {"wiek": "52"}
    assert seats["B"]["fields"] == {"plec": "mezczyzna"}
    end_of_the_group(talks, page)


def end_of_the_group(talks: Talks, page: Page) -> None:
    """Two more did not come: five are too few, and the reason is asked for before the talk is over."""
    page.locator("#spis-przycisk").click()
    page.get_by_role("button", name="Zakończenie").click()
    expect(page.get_by_label("H: Szkoła Podstawowa nr 2")).to_be_checked()
    page.get_by_label("G: Gminny Ośrodek").check(force=True)
    page.get_by_role("button", name="Zakończ rozmowę").click()
    all_sent(page)
    state = talks.state(page, talks.fgi)
    assert state["interview"]["state"] == "held"
    assert [seat["letter"] for seat in state["seats"] if seat["absent"]] == ["G", "H"]


def test_too_few_people_need_a_reason(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.fgi)
    onward(page)
    for letter in "ABCDE":
        answer(page, letter, "Zgadza się")
    for letter in "FGH":
        answer(page, letter, "Nie przyszła")
    expect(page.get_by_text("liczba osób: 5, a metoda przewiduje od 6 do 12")).to_be_visible()
    page.keyboard.press("Alt+s")
    page.get_by_role("button", name="Zakończenie").click()
    page.get_by_role("button", name="Zakończ rozmowę").click()
    expect(page.get_by_text("Błąd: prosimy wpisać powód.")).to_be_visible()
    expect(page.get_by_label("Powód odstępstwa od metody")).to_be_focused()
    look(page, "fgi-reason")
    page.get_by_label("Powód odstępstwa od metody").fill("Trzy osoby zachorowały.")
    page.get_by_role("button", name="Zakończ rozmowę").click()
    all_sent(page)
    state = talks.state(page, talks.fgi)["interview"]
    assert (state["state"], state["departure_reason"]) == ("held", "Trzy osoby zachorowały.")


def test_somebody_who_was_not_expected_gets_a_letter(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.fgi)
    onward(page)
    page.get_by_role("button", name="Dodaj osobę, której nie było w planie").click()
    answer(page, "I", "Zgadza się")
    all_sent(page)
    seat = talks.state(page, talks.fgi)["seats"][-1]
    assert (seat["letter"], seat["role"], seat["agreed"]) == ("I", "other", True)


def in_the_talk(page: Page) -> None:
    """Consent given, the first question on the screen."""
    onward(page)
    answer(page, "A", "Zgadza się")
    onward(page)
    onward(page)
    expect(page.locator("#pytanie")).to_contain_text("1.1")


def test_a_note_is_corrected_removed_and_brought_back(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    in_the_talk(page)
    box = page.locator("#notatka")
    box.press_sequentially("Pierwsza")
    page.get_by_role("button", name="Nowa notatka").click()
    expect(box).to_have_value("")
    page.get_by_role("button", name="Popraw").click()
    expect(box).to_be_focused()
    box.press("End")
    page.keyboard.type(", poprawiona")
    all_sent(page)
    talks.have(page, talks.idi, "Pierwsza, poprawiona")
    page.get_by_role("button", name="Usuń").click()
    talks.have(page, talks.idi)
    page.get_by_role("button", name="Cofnij").click()
    talks.have(page, talks.idi, "Pierwsza, poprawiona")
    assert talks.notes(page, talks.idi) == {("p1_1", "A", "Pierwsza, poprawiona", False)}


def test_the_box_stays_while_somebody_types(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    in_the_talk(page)
    box = page.locator("#notatka")
    loaded(page)
    before = box.bounding_box()
    box.press_sequentially("Słowa, które są wysyłane, zanim ktoś skończy.", delay=60)
    page.context.set_offline(True)
    box.press_sequentially(" Bez sieci też.", delay=60)
    expect(page.locator("#zapis-slowa")).to_contain_text("czeka na wysłanie")
    assert box.bounding_box() == before
    expect(box).to_be_focused()
    look(page, "offline")
    page.context.set_offline(False)
    all_sent(page)
    talks.have(page, talks.idi, "Słowa, które są wysyłane, zanim ktoś skończy. Bez sieci też.")


def test_two_versions_stand_side_by_side(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    in_the_talk(page)
    box = page.locator("#notatka")
    box.press_sequentially("Wspólna notatka")
    page.get_by_role("button", name="Nowa notatka").click()
    all_sent(page)
    other = enter(talks.idi)
    other.keyboard.press("Alt+s")
    other.get_by_text("2. Wiedza o partnerstwie").click()
    other.get_by_role("button", name="1.1. Czy zna").click()
    other.get_by_role("button", name="Popraw").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Popraw").click()
    page.locator("#notatka").fill("Wspólna notatka z pierwszego urządzenia")
    other.locator("#notatka").fill("Wspólna notatka z drugiego urządzenia")
    all_sent(other)
    page.context.set_offline(False)
    expect(page.get_by_text("Dwie wersje tej notatki. Którą zostawić?")).to_be_visible()
    look(page, "versions")
    page.get_by_role("button", name="Zostaw drugą").click()
    all_sent(page)
    talks.have(page, talks.idi, "Wspólna notatka z pierwszego urządzenia")


def test_time_is_told_calmly_and_goes_on_after_a_reload(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    page.clock.install()
    page.reload()
    page.locator("#pytanie").wait_for()
    stop_the_clock(page)
    in_the_talk(page)
    part = page.locator("#czas-czesci")
    expect(part).to_contain_text("zostało 10 minut")
    page.clock.run_for("08:01")
    expect(part).to_contain_text("zostały 2 minuty")
    expect(part).to_have_attribute("data-state", "soon")
    expect(page.locator("#powiedziane")).to_contain_text("Do końca tej części zostały 2 minuty.")
    look_while_time_runs(page, "soon")
    page.keyboard.press("Alt+p")
    page.clock.run_for("20:00")
    expect(page.get_by_text("pauza od")).to_be_visible()
    expect(part).to_contain_text("zostały 2 minuty")
    look_while_time_runs(page, "paused")
    page.keyboard.press("Alt+p")
    page.clock.run_for("04:00")
    expect(part).to_contain_text("2 minuty po czasie")
    for _ in range(2):  # the second writing began when all of that time was over
        kept = page.locator("#zapis-slowa").inner_text()
        page.clock.run_for("00:06")
        expect(page.locator("#zapis-slowa")).not_to_have_text(kept)
    page.reload()
    expect(part).to_contain_text("2 minuty po czasie")
    expect(page.locator("#pytanie")).to_contain_text("1.1")
    look_while_time_runs(page, "over")


def stop_the_clock(page: Page) -> None:
    """From now on the page's time goes on only where the test says so, however slow the machine is."""
    page.clock.pause_at(dt.datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 + 5, dt.UTC))


def look_while_time_runs(page: Page, name: str) -> None:
    """Axe waits for timers itself. What it takes is less than what is left of the minute that the page tells of."""
    page.clock.resume()
    look(page, name)
    stop_the_clock(page)


def test_a_clock_put_right_by_a_day_changes_nothing(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    in_the_talk(page)
    page.evaluate(A_DAY_AHEAD)
    comes_true(page, "ticks >= 2")
    expect(page.locator("#czas-czesci")).to_contain_text("zostało 10 minut")


def test_who_comes_to_the_consent_by_the_list_has_begun(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    page.get_by_role("button", name="Spis pytań").click()
    page.locator("#spis").get_by_text("Zgoda", exact=True).click()
    answer(page, "A", "Zgadza się")
    onward(page)
    expect(page.locator("#czas-calosci")).to_contain_text("zostało 55 minut")


def test_a_session_that_ended_asks_for_a_login_and_loses_nothing(
    visitor: Visitor, talks: Talks, enter: Callable[..., Page]
) -> None:
    page = enter(talks.idi)
    in_the_talk(page)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.locator("#notatka").press_sequentially("Po końcu sesji.")
    link = page.get_by_role("link", name="Zaloguj się w nowej karcie")
    expect(link).to_be_visible()
    expect(page.locator("#zapis-slowa")).to_contain_text("Nic nie zginęło")
    look(page, "session-ended")
    page.context.add_cookies([{**one} for one in cookies])  # type: ignore[typeddict-item]
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    all_sent(page)
    talks.have(page, talks.idi, "Po końcu sesji.")
    visitor.complaints[:] = [one for one in visitor.complaints if not one.startswith("401")]


def look_both_ways(page: Page, name: str) -> None:
    """On a phone and, with dark colours, on a tablet."""
    for width, scheme in ((PHONE, "light"), (TABLET, "dark")):
        resize(page, width)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        look(page, f"{name}-{width}-{scheme}")


def test_every_state_is_accessible(talks: Talks, enter: Callable[..., Page]) -> None:
    page = enter(talks.idi)
    look_both_ways(page, "start")
    onward(page)
    look_both_ways(page, "consent")
    answer(page, "A", "Zgadza się")
    onward(page)
    look_both_ways(page, "fields")
    onward(page)
    page.locator("#notatka").press_sequentially("Notatka")
    page.keyboard.press("Control+Enter")
    look_both_ways(page, "question")
    page.keyboard.press("Alt+s")
    look_both_ways(page, "list")
    page.get_by_role("button", name="Zakończenie").click()
    look_both_ways(page, "finish")
    page.get_by_role("button", name="Zakończ rozmowę").click()
    look_both_ways(page, "held")


def test_the_shell_says_nothing_of_the_interview_and_helps_without_scripts(
    visitor: Visitor, talks: Talks
) -> None:
    account = (MODERATOR, PASSWORD)
    page = visitor.page(talks.console(talks.idi), width=TABLET, scripts=False, account=account)
    expect(page.get_by_text("konsola potrzebuje JavaScriptu")).to_be_visible()
    expect(page.get_by_text("Wczytujemy rozmowę")).to_be_hidden()
    keep_picture(page, "console-no-scripts")  # axe itself needs scripts
    assert sideways_overflow(page) <= 0
    assert small_texts(page) == []
    shell = page.content()
    for word in (*NAMES, TITLE, "Łucja", "Godziszow", "csrf", "partnerstwo"):
        assert word not in shell
