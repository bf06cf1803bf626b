"""Respondents in a real Chromium: on a phone, by keyboard, without scripts, on a bad connection."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from survey_app.instrument.values import State
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, results
from survey_app.services.survey.campaign_rules import default_notice
from survey_app.web.app import create_app
from tests.campaign_kit import Held, add_gmina, hold, lock
from tests.e2e.browser import (
    DESK,
    PHONE,
    Visitor,
    axe_faults,
    comes_true,
    keep_picture,
    loaded,
    resize,
    serving,
    sideways_overflow,
    small_targets,
    small_texts,
    step,
)

pytestmark = pytest.mark.browser


class Ankieta:
    """An open campaign, and what it kept."""

    def __init__(self, context: Context, base: str, held: Held) -> None:
        self.context, self.held = context, held
        self.url = f"{base}/a/{held.campaign.public_id}"

    def kept(self, *questions: str) -> list[list[object]]:
        """For each answer that was kept: the values of the questions, or their states."""
        lock(self.context, self.held)
        found = results.load_results(self.context, self.held.campaign.id).records
        return [
            [one[key].value if one[key].value is not None else one[key].state for key in questions]
            for one in found
        ]


@pytest.fixture
def ankieta(sqlite_context: Context) -> Iterator[Ankieta]:
    add_gmina(sqlite_context, 1)
    held = hold(sqlite_context, access="open_link")
    with serving(create_app(context=sqlite_context)) as base:
        yield Ankieta(sqlite_context, base, held)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def at(page: Page, words: str) -> None:
    """Where the focus is after a step: on a heading that begins so."""
    expect(page.locator(":focus")).to_have_text(re.compile(rf"^\s*{re.escape(words)}"))


def on_to(page: Page, number: int) -> None:
    """Goes on until the question with this number."""
    loaded(page)
    for _ in range(12):
        if page.get_by_text(f"Pytanie {number} z 11", exact=True).first.is_visible():
            return
        step(page, "Zaczynam" if page.get_by_role("button", name="Zaczynam").is_visible() else "Dalej")
    raise AssertionError(f"question {number} was not reached")


def to_review(page: Page) -> None:
    on_to(page, 11)
    step(page, "Dalej")


def kept_on_the_device(page: Page, count: int) -> None:
    comes_true(page, "count => localStorage.length === count", count)


def sent(page: Page) -> None:
    expect(page).to_have_url(re.compile("/dziekujemy$"))  # a second click breaks the first one's way off
    page.wait_for_load_state()
    expect(page.get_by_role("heading", name="Twoja odpowiedź została zapisana")).to_be_visible()


def test_on_a_phone_one_question_at_a_time_to_the_thanks(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    expect(page.get_by_text("przy zapewnieniu pełnej anonimowości")).to_be_visible()
    step(page, "Zaczynam")
    at(page, "1. ")
    page.get_by_label("Instytucja edukacji i oświaty").check()
    step(page, "Dalej")
    at(page, "2. ")
    expect(page.get_by_text("Jeśli TAK proszę wskazać cele")).to_be_hidden()
    page.locator("#p2").check()
    expect(page.get_by_text("Jeśli TAK proszę wskazać cele")).to_be_visible()
    page.locator("#p2-2").check()
    step(page, "Dalej")
    at(page, "5. ")
    expect(page.get_by_text("Pytanie 5 z 11", exact=True).first).to_be_visible()
    to_review(page)
    expect(page.locator("#przeglad")).to_contain_text("bez odpowiedzi")
    press(page, "Wyślij odpowiedzi")
    sent(page)
    assert ankieta.kept("p2", "p3", "p5") == [["nie", State.NOT_ASKED, State.UNANSWERED]]


def test_going_back_loses_nothing_and_a_hidden_answer_is_not_sent(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 2)
    page.locator("#p2").check()
    page.locator("#p2_cele-1").fill("wspólny cel")
    step(page, "Dalej")
    page.locator("#p3").check()
    step(page, "Wstecz")
    page.locator("#p2-2").check()
    step(page, "Dalej")
    at(page, "5. ")
    page.go_back()
    at(page, "2. ")
    page.locator("#p2").check()
    expect(page.locator("#p2_cele-1")).to_have_value("wspólny cel")
    step(page, "Dalej")
    expect(page.locator("#p3")).to_be_checked()
    page.go_back()
    at(page, "2. ")
    page.locator("#p2-2").check()
    to_review(page)
    press(page, "Wyślij odpowiedzi")
    sent(page)
    assert ankieta.kept("p2", "p2_cele", "p3") == [["nie", State.NOT_ASKED, State.NOT_ASKED]]


def test_answers_stand_below_their_question_where_the_routing_words_are_hidden(
    visitor: Visitor, ankieta: Ankieta
) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 2)
    page.locator("#p2").check()
    for number in (3, 4):
        on_to(page, number)
        at(page, f"{number}. ")
        words = page.get_by_role("heading", name=f"{number}. ").bounding_box()
        answer = page.locator(f"#p{number} + label").bounding_box()
        assert words
        assert answer
        assert answer["y"] >= words["y"] + words["height"]
        assert answer["width"] > PHONE / 2
        assert sideways_overflow(page) <= 0


def test_the_browsers_back_and_forward_walk_through_the_questions(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 3 + 2)  # question 2 was left out, so 3 and 4 are not asked
    page.go_back()
    at(page, "2. ")
    page.go_back()
    at(page, "1. ")
    page.go_back()
    expect(page.get_by_role("button", name="Zaczynam")).to_be_visible()
    page.go_forward()
    at(page, "1. ")
    expect(page).to_have_url(ankieta.url)


def test_an_answer_can_be_changed_from_the_review_and_taken_back(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 5)
    page.locator("#p5").check()
    on_to(page, 7)
    page.locator("#p7").check()
    to_review(page)
    page.get_by_role("button", name="Zmień: 5.").click()
    at(page, "5. ")
    press(page, "Usuń odpowiedź")
    expect(page.locator("#p5")).not_to_be_checked()
    step(page, "Do podsumowania")
    press(page, "Wyślij odpowiedzi")
    sent(page)
    assert ankieta.kept("p5") == [[State.UNANSWERED]]


def test_by_keyboard_alone(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url, width=DESK)

    def reach(name: str, then: str | None) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                page.keyboard.press("Enter")
                if then is not None:
                    at(page, then)
                return
        raise AssertionError(f"no way to „{name}” by keyboard")

    reach("Zaczynam", "1. ")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#p1")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#p1-2")).to_be_checked()
    for number in (2, 5, 6, 7, 8, 9, 10, 11):  # question 2 is left out, so 3 and 4 are not asked
        reach("Dalej", f"{number}. ")
    page.keyboard.press("Tab")
    page.keyboard.type("mieszkania, żłobek")
    reach("Dalej", "Prosimy sprawdzić odpowiedzi")
    reach("Wyślij odpowiedzi", None)
    sent(page)
    assert len(ankieta.kept("p11")) == 1


def test_without_scripts_the_whole_form_is_one_page(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url, scripts=False)
    expect(page.get_by_text("Jeśli NIE, przejdź do pytania 5.")).to_be_visible()
    page.locator("#p2-2").check()
    page.locator("#p3").check()
    page.locator("#p10").fill("otwartość")
    press(page, "Wyślij odpowiedzi")
    expect(page.get_by_role("alert").get_by_role("link", name="Pytanie 3")).to_be_visible()
    expect(page.locator("#p10")).to_have_value("otwartość")
    press(page, "Wyślij bez tych odpowiedzi")
    sent(page)
    assert ankieta.kept("p2", "p3") == [["nie", State.NOT_ASKED]]


def test_a_double_click_is_one_answer(visitor: Visitor, ankieta: Ankieta) -> None:
    with_scripts, without = visitor.page(ankieta.url), visitor.page(ankieta.url, scripts=False)
    on_to(with_scripts, 5)
    with_scripts.locator("#p5").check()
    without.locator("#p5").check()
    to_review(with_scripts)
    with_scripts.get_by_role("button", name="Wyślij odpowiedzi").dblclick()
    sent(with_scripts)
    without.get_by_role("button", name="Wyślij odpowiedzi").dblclick()
    sent(without)
    assert len(ankieta.kept("p5")) == 2


def test_a_broken_connection_keeps_everything_and_the_retry_is_one_answer(
    visitor: Visitor, ankieta: Ankieta
) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 10)
    page.locator("#p10").fill("zaufanie")
    to_review(page)

    def arrive_but_break(route: Route) -> None:
        """The worst case: the service has kept the answer, and its word is lost on the way."""
        route.fetch(max_redirects=0)
        route.abort()

    page.route(ankieta.url, arrive_but_break)
    press(page, "Wyślij odpowiedzi")
    expect(page.get_by_text("nie udało się wysłać")).to_be_visible()
    visitor.complaints.clear()  # the browser says that the connection broke, as it should
    expect(page.locator("#p10")).to_have_value("zaufanie")
    page.unroute(ankieta.url)
    press(page, "Wyślij jeszcze raz")
    sent(page)
    assert len(ankieta.kept("p10")) == 1


def test_too_long_a_text_comes_back_with_its_field_and_can_be_mended(
    visitor: Visitor, ankieta: Ankieta
) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 6)
    page.locator("#p6-1").fill("ż" * 503)
    expect(page.get_by_text("O 3 znaki za dużo.")).to_be_visible()
    to_review(page)
    press(page, "Wyślij odpowiedzi")
    page.get_by_role("link", name="tekst ma").click()
    visitor.complaints.clear()  # the browser notes the 422
    expect(page.locator("#p6-1")).to_be_focused()
    assert axe_faults(page) == []
    page.locator("#p6-1").fill("żłobek")
    press(page, "Wyślij odpowiedzi")
    sent(page)
    assert len(ankieta.kept("p6")) == 1


def test_a_copy_is_kept_only_if_wanted_and_goes_when_sent(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    on_to(page, 5)
    page.locator("#p5").check()
    expect(page.get_by_role("button", name="Usuń odpowiedź")).to_be_visible()  # the script has taken note
    kept_on_the_device(page, 0)
    page.evaluate("window.onbeforeunload = null")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_label("Zachowaj kopię na tym urządzeniu").check()
    on_to(page, 5)
    page.locator("#p5").check()
    key = page.locator("[name=form_key]").input_value()
    kept_on_the_device(page, 1)
    page.reload()
    press(page, "Wczytaj kopię")
    expect(page.locator("#p5")).to_be_checked()
    expect(page.locator("[name=form_key]")).to_have_value(key)
    to_review(page)
    press(page, "Wyślij odpowiedzi")
    sent(page)
    kept_on_the_device(page, 0)
    assert ankieta.kept("p5") == [["tak"]]


def test_a_copy_of_someone_else_can_be_deleted(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    page.get_by_label("Zachowaj kopię na tym urządzeniu").check()
    on_to(page, 10)
    page.locator("#p10").fill("cudze słowa")
    kept_on_the_device(page, 1)
    page.reload()
    press(page, "Usuń kopię")
    expect(page.get_by_role("button", name="Usuń kopię")).to_have_count(0)
    kept_on_the_device(page, 0)
    expect(page.locator("#p10")).to_have_value("")


def test_every_screen_is_open_to_everyone(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page(ankieta.url)
    for screen in ("wstep", "p1", "p2", "przeglad"):
        if screen == "p1":
            step(page, "Zaczynam")
            page.get_by_label("Inna", exact=True).check()
        if screen == "p2":
            step(page, "Dalej")
            page.locator("#p2").check()
        if screen == "przeglad":
            to_review(page)
        assert axe_faults(page) == []
        for width in (320, DESK, PHONE):
            resize(page, width)
            keep_picture(page, f"ankieta-{screen}-{width}")
            assert sideways_overflow(page) <= 0
            assert small_targets(page) == []
            assert small_texts(page) == []


def test_pages_around_the_form_are_open_to_everyone(visitor: Visitor, ankieta: Ankieta) -> None:
    thanks = visitor.page(ankieta.url + "/dziekujemy")
    campaigns.close_now(ankieta.context, ankieta.held.campaign.id, None)
    ankieta.context.clock.advance(hours=1)  # type: ignore[attr-defined]
    closed = visitor.page(ankieta.url)
    expect(closed.get_by_role("heading", name="Ta ankieta jest już zakończona")).to_be_visible()
    for page in (thanks, closed):
        assert axe_faults(page) == []
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert axe_faults(page) == []


LARGEST_VISIT = 30_000  # bytes of a first visit, compressed as a proxy does it
MOST_REQUESTS = 4
ALREADY_COMPRESSED = (".woff2", ".png")


def test_a_first_visit_loads_little(visitor: Visitor, ankieta: Ankieta) -> None:
    """Everything that the browser really fetches, with the notice as long as a team's own."""
    context, long_notice = ankieta.context, default_notice("Godziszów").replace("[", "").replace("]", "")
    held = hold(context, access="open_link", notice=long_notice)
    page = visitor.page("about:blank")
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(f"{ankieta.url.rpartition('/')[0]}/{held.campaign.public_id}", wait_until="networkidle")
    step(page, "Zaczynam")
    page.evaluate("document.fonts.ready.then(() => 1)")
    page.wait_for_load_state("networkidle")
    bodies = {url: requests.get(url, timeout=60).content for url in asked if not url.startswith("data:")}
    seen = {
        url: len(body if url.endswith(ALREADY_COMPRESSED) else gzip.compress(body, 6))
        for url, body in bodies.items()
    }
    assert len(seen) <= MOST_REQUESTS, seen
    assert 10_000 < sum(seen.values()) < LARGEST_VISIT, seen


def test_the_form_can_be_sent_before_any_script_has_come(visitor: Visitor, ankieta: Ankieta) -> None:
    page = visitor.page("about:blank")
    page.route("**/*.js*", lambda _route: None)  # never answered
    page.goto(ankieta.url, wait_until="commit")
    page.locator("input[name=p5][value=tak]").check()
    page.get_by_role("button", name="Wyślij odpowiedzi").click(no_wait_after=True)
    expect(page.get_by_role("heading", name="Twoja odpowiedź została zapisana")).to_be_visible()
    assert ankieta.kept("p5") == [["tak"]]
