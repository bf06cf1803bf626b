"""A rater in a real browser: forty stakeholders by keyboard, a lost connection, two windows, no scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from survey_app.services import team_people
from survey_app.services.coding import coding_rounds, rate
from survey_app.services.coding.coding_rounds import RoundDraft
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
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
    begin_session,
    comes_true,
    look,
    resize,
    serving,
    sideways_overflow,
)
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

JAN = "jan@example.org"
ANNA = "anna@example.org"
CRITERIA = ("wplyw", "wiedza", "zainteresowanie")
Point = tuple[int | None, bool, str]


@dataclass
class Held:
    """A round that Jan, Anna and Maria rate, served at `address`."""

    context: Context
    address: str
    round_id: int
    ids: list[int]

    @property
    def round_address(self) -> str:
        return f"{self.address}/panel/{GMINA}/kodowanie/{self.round_id}"

    def sheet(self, place: int) -> str:
        return f"{self.round_address}/oceny/{self.ids[place]}"

    def own(self, place: int) -> list[Point]:
        """What is kept of Jan's for one stakeholder."""
        person_id = id_of(self.context, JAN)
        found = rate.sheet(self.context, GMINA, self.round_id, person_id, self.ids[place])
        return [(one.point, one.dont_know, one.reason) for one in found.own.values()]

    def has(self, place: int, points: list[Point]) -> None:
        """What Jan chose and wrote comes to be kept: of the first criteria, as many as are given."""
        becomes(lambda: self.own(place)[: len(points)], points)


@pytest.fixture
def hold(sqlite_context: Context) -> Iterator[Callable[[int], Held]]:
    """Opens a round of so many stakeholders."""
    people(sqlite_context)
    with serving(create_app(context=sqlite_context)) as served:

        def make(count: int) -> Held:
            ids = [
                catalogue.add_stakeholder(
                    sqlite_context,
                    GMINA,
                    StakeholderDraft(name=f"Instytucja {number:02d}", sector="edukacja", internal=True),
                    None,
                ).id
                for number in range(1, count + 1)
            ]
            raters = tuple(id_of(sqlite_context, email) for email in (JAN, ANNA, "maria@example.org"))
            draft = RoundDraft("Tura 1", "start", "dwa_kody", tuple(ids), raters)
            opened = coding_rounds.open_round(sqlite_context, GMINA, draft, None)
            return Held(sqlite_context, served, opened.id, ids)

        yield make


def enter(
    visitor: Visitor, held: Held, address: str, email: str = JAN, width: int = DESK, scripts: bool = True
) -> Page:
    return visitor.page(address, width=width, scripts=scripts, account=(email, PASSWORD))


def box(page: Page, criterion: str) -> str:
    return f'[data-criterion="{criterion}"]'


def test_a_dozen_stakeholders_are_rated_with_the_keyboard_alone(
    visitor: Visitor, hold: Callable[[int], Held]
) -> None:
    held = hold(12)
    page = enter(visitor, held, f"{held.round_address}/oceny")
    start = page.get_by_role("link", name="Zacznij oceniać")
    for _ in range(60):
        page.keyboard.press("Tab")
        if start.evaluate("link => link === document.activeElement"):
            break
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    for number in range(1, 13):
        expect(page.locator("h1")).to_have_text(f"Instytucja {number:02d}")
        expect(page.locator("[name=punkt-wplyw]:focus")).to_have_count(1)
        page.keyboard.press(str(number % 3 + 1))
        page.keyboard.press("n" if number % 2 else "0")
        page.keyboard.press("3")
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Moje oceny")
    expect(page.get_by_text("wszystkie oceny są zapisane")).to_be_visible()
    for place in range(12):
        held.has(place, [((place + 1) % 3 + 1, False, ""), (None, True, ""), (3, False, "")])


def test_digits_typed_into_a_reason_choose_nothing(visitor: Visitor, hold: Callable[[int], Held]) -> None:
    held = hold(2)
    page = enter(visitor, held, held.sheet(0))
    page.locator("#powod-wplyw").focus()
    page.keyboard.type("W 2023 r. 13 osób, nie 0.\nDrugi wiersz")
    page.keyboard.press("Tab")
    expect(page.locator(f"{box(page, 'wplyw')} [data-state]")).to_have_text("Zapisano")
    expect(page.locator("#stan")).to_have_text("Zapisano")
    held.has(0, [(None, False, "W 2023 r. 13 osób, nie 0.\nDrugi wiersz")])
    # Outside the form a digit is nobody's.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("3")
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    page.locator("#punkt-wplyw").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url("**" + held.sheet(1).removeprefix(held.address))
    expect(page.locator("[name=punkt-wplyw]:focus")).to_have_count(1)
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_url("**" + held.sheet(0).removeprefix(held.address))


def test_a_lost_connection_loses_nothing(visitor: Visitor, hold: Callable[[int], Held]) -> None:
    held = hold(2)
    page = enter(visitor, held, held.sheet(0))
    state = page.locator(f"{box(page, 'wplyw')} [data-state]")
    page.context.set_offline(True)
    page.locator("#punkt-wplyw").focus()
    page.keyboard.press("2")
    page.locator("#powod-wplyw").fill("Zapisane bez sieci.")
    expect(state).to_have_text("Nie zapisano – spróbujemy ponownie")
    expect(page.locator("#stan")).to_have_text("Nie zapisano – spróbujemy ponownie")
    # Going on is not possible while something is unsaved: the page stays where it is.
    page.get_by_role("button", name="Zapisz i przejdź dalej").click()
    expect(page.locator("h1")).to_have_text("Instytucja 01")
    comes_true(page, "!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    assert held.own(0)[0] == (None, False, "")
    page.context.set_offline(False)
    expect(state).to_have_text("Zapisano")
    held.has(0, [(2, False, "Zapisane bez sieci.")])
    comes_true(page, "window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    comes_true(page, "localStorage.length + sessionStorage.length === 0")
    page.get_by_role("button", name="Zapisz i przejdź dalej").click()
    expect(page.locator("h1")).to_have_text("Instytucja 02")


def test_two_windows_show_both_values_and_the_person_chooses(
    visitor: Visitor, hold: Callable[[int], Held]
) -> None:
    held = hold(1)
    first = enter(visitor, held, held.sheet(0))
    second = first.context.new_page()
    second.goto(held.sheet(0))
    third = first.context.new_page()
    third.goto(held.sheet(0))
    first.locator("#punkt-wplyw").focus()
    first.keyboard.press("3")
    expect(first.locator(f"{box(first, 'wplyw')} [data-state]")).to_have_text("Zapisano")
    for page in (second, third):
        page.locator("#punkt-wplyw").focus()
        page.keyboard.press("1")
        shown = page.locator(f"{box(page, 'wplyw')} [data-conflict]")
        expect(shown).to_contain_text("W innym oknie zapisano: 3")
        expect(shown).to_contain_text("W tym oknie: 1")
    assert axe_faults(second) == []
    assert held.own(0)[0] == (3, False, "")
    third.get_by_role("button", name="Weź to z innego okna").click()
    expect(third.locator("input[name=punkt-wplyw]:checked")).to_have_value("3")
    second.get_by_role("button", name="Zostaw to z tego okna").click()
    expect(second.locator(f"{box(second, 'wplyw')} [data-state]")).to_have_text("Zapisano")
    held.has(0, [(1, False, "")])
    # The pages that heard of a conflict go on as any other.
    second.locator("#powod-wplyw").fill("Po wyborze.")
    second.keyboard.press("Tab")
    expect(second.locator(f"{box(second, 'wplyw')} [data-state]")).to_have_text("Zapisano")
    held.has(0, [(1, False, "Po wyborze.")])
    # The browser tells of every answer but 200; these were meant.
    assert all(complaint.startswith("409 for ") for complaint in visitor.complaints)
    visitor.complaints.clear()


def test_a_session_that_ended_goes_on_after_a_log_in_elsewhere(
    visitor: Visitor, hold: Callable[[int], Held]
) -> None:
    held = hold(1)
    page = enter(visitor, held, held.sheet(0))
    state = page.locator(f"{box(page, 'wplyw')} [data-state]")
    other = page.context.new_page()
    other.goto(f"{held.address}/panel")
    other.get_by_role("button", name="Wyloguj").click()
    expect(other.get_by_role("button", name="Wyloguj")).to_have_count(0)
    page.locator("#punkt-wplyw").focus()
    page.keyboard.press("2")
    expect(state).to_contain_text("trzeba zalogować się ponownie")
    begin_session(page.context, held.address, JAN, PASSWORD)
    expect(state).to_have_text("Zapisano")
    held.has(0, [(2, False, "")])
    visitor.complaints.clear()  # the refusals of the ended session


def test_what_is_typed_when_the_stage_ends_stays_on_the_page(
    visitor: Visitor, hold: Callable[[int], Held]
) -> None:
    held = hold(1)
    page = enter(visitor, held, held.sheet(0))
    maria = id_of(held.context, "maria@example.org")
    rate.save_rating(
        held.context, GMINA, held.round_id, maria, held.ids[0], "wplyw", RatingDraft(2), revision=0
    )
    coding_rounds.lay_open(held.context, GMINA, held.round_id, None)
    page.locator("#powod-wplyw").fill("Spóźniony powód.")
    expect(page.get_by_role("alert")).to_contain_text("nie została zapisana")
    expect(page.locator("#powod-wplyw")).to_have_value("Spóźniony powód.")
    assert axe_faults(page) == []
    assert all(complaint.startswith("409 for ") for complaint in visitor.complaints)
    visitor.complaints.clear()


def test_without_scripts_the_form_saves_and_goes_on(visitor: Visitor, hold: Callable[[int], Held]) -> None:
    held = hold(2)
    page = enter(visitor, held, held.sheet(0), width=PHONE, scripts=False)
    old = page.context.new_page()
    old.goto(held.sheet(0))
    page.locator("label[for=punkt-wplyw-3]").click()
    page.locator("label[for=punkt-wiedza-nie-wiem]").click()
    page.locator("#powod-zainteresowanie").fill("Pytał o KIS.")
    page.get_by_role("button", name="Zapisz i przejdź dalej").click()
    expect(page.locator("h1")).to_have_text("Instytucja 02")
    held.has(0, [(3, False, ""), (None, True, ""), (None, False, "Pytał o KIS.")])
    old.locator("label[for=punkt-wplyw]").click()
    old.get_by_role("button", name="Zapisz i przejdź dalej").click()
    expect(old.get_by_text("W innym oknie zapisano: 3")).to_be_visible()
    expect(old.get_by_text("W tym oknie: 1")).to_be_visible()
    expect(old.locator("#powod-zainteresowanie")).to_have_value("Pytał o KIS.")
    old.get_by_role("button", name="Zapisz i przejdź dalej").click()
    expect(old.locator("h1")).to_have_text("Instytucja 02")
    held.has(0, [(1, False, "")])


def test_every_page_is_sound_on_a_phone_and_on_a_desk(visitor: Visitor, hold: Callable[[int], Held]) -> None:
    held = hold(3)
    home = f"{held.address}/panel/{GMINA}/kodowanie"
    team_people.set_representations(held.context, GMINA, id_of(held.context, ANNA), [held.ids[2]], None)
    page = enter(visitor, held, home, email=ANNA)
    for name, address in {
        "index": home,
        "new": f"{home}/nowa",
        "round": held.round_address,
        "adding": f"{held.round_address}/uzupelnienie",
        "withdrawing": f"{held.round_address}/wylaczenie/{held.ids[0]}",
        "leaving": f"{held.round_address}/odejscie/{id_of(held.context, JAN)}",
        "laying-open": f"{held.round_address}/wylozenie",
        "abandoning": f"{held.round_address}/porzucenie",
        "list": f"{held.round_address}/oceny",
        "represented": held.sheet(2),
        "evidence": f"{held.sheet(0)}/dowody/wplyw",
        "sheet": held.sheet(0),
    }.items():
        page.goto(address)
        look(page, f"coding-{name}")
    button = page.get_by_role("button", name="Zapisz i przejdź dalej").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 800  # a whole stakeholder without scrolling
    resize(page, 320, 640)
    assert sideways_overflow(page) <= 0
