"""The parts of the design system in a real browser: narrow, wide, dark, by keyboard, without scripts, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask, Response, render_template
from playwright.sync_api import Page, expect

from survey_app.web.styleguide import styleguide
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

ROOT = Path(__file__).parents[2]
ANKIETA = "https://ankieta.example.org/a/przykladowo-2026"
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
STRICT_POLICY = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:"

pytestmark = pytest.mark.browser


def make_app() -> Flask:
    """The page alone, under the policy of the service."""
    app = Flask(
        "survey_app.web",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "survey_app/web/static"),
    )
    app.secret_key = "only for this test"
    app.register_blueprint(styleguide)

    @app.get("/blad")
    def error() -> str:
        return render_template(
            "errors/error.html", title="Nie ma takiej strony", message="Sprawdź adres.", status=404
        )

    @app.after_request
    def add_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = STRICT_POLICY
        return response

    return app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(make_app()) as base:
        yield base


@pytest.mark.parametrize("path", ["/styleguide", "/blad"])
def test_axe_finds_nothing(visitor: Visitor, address: str, path: str) -> None:
    page = visitor.page(address + path)
    loaded(page)
    for width in (PHONE, DESK):
        resize(page, width)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            keep_picture(page, f"{path.strip('/')}-{width}-{scheme}")
            assert axe_faults(page) == [], f"{width} pixels wide, {scheme}"


def test_page_never_scrolls_sideways_and_nothing_on_it_is_small(visitor: Visitor, address: str) -> None:
    """Not at 400 per cent of a desk either, which is a window of 320 pixels with fine dots."""
    page = visitor.page(address + "/styleguide", device_scale_factor=4)
    for width in (DESK, DESK // 2, PHONE, DESK // 4):
        resize(page, width)
        assert sideways_overflow(page) <= 0, width
        assert small_targets(page) == [], width
        assert small_texts(page) == [], width
    region = page.get_by_role("region", name="Odpowiedzi na pytanie 5 według sektorów")
    region.focus()
    page.keyboard.press("ArrowRight")
    comes_true(page, "document.querySelector('.scroll').scrollLeft > 0")  # a wide table scrolls on its own


def test_text_is_set_in_our_own_font_and_the_first_fault_has_the_focus(
    visitor: Visitor, address: str
) -> None:
    page = visitor.page(address + "/styleguide")
    expect(page.locator("#bledy-wzor")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Wybierz tryb ankiety.").click()
    expect(page.locator("[name=tryb]:focus")).to_have_count(1)
    faces = """document.fonts.ready.then(() => [...document.fonts]
        .filter(face => face.status === 'loaded').map(face => face.family.replaceAll('"', '')))"""
    becomes(lambda: page.evaluate(faces), ["Gmina Sans", "Gmina Sans"])


def test_skip_link_is_first_and_leads_to_the_main_part(visitor: Visitor, address: str) -> None:
    page = visitor.page(address + "/blad")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Przejdź do treści")
    page.keyboard.press("Enter")
    expect(page.locator("#tresc")).to_be_focused()  # the browser moves there in its own time


def test_whoever_goes_by_keyboard_always_sees_where_they_are(visitor: Visitor, address: str) -> None:
    """To the end of the page in light colours, and back to its beginning in dark ones."""
    page = visitor.page(address + "/styleguide")
    page.evaluate("document.activeElement.blur()")
    for scheme, key in zip(SCHEMES, ("Tab", "Shift+Tab"), strict=True):
        page.emulate_media(color_scheme=scheme)
        for _ in range(page.locator("a, button, input, select, textarea, summary, [tabindex='0']").count()):
            page.keyboard.press(key)
            becomes(lambda: lost_focus(page), None)  # the browser scrolls there in its own time


def lost_focus(page: Page) -> dict[str, Any] | None:
    """What has the focus, if it is out of sight or hardly marked."""
    mark: dict[str, Any] = page.evaluate(FOCUS_MARK)
    return None if mark["seen"] and mark["outline"] >= 3 else mark


FOCUS_MARK = """() => {
  const focused = document.activeElement;
  const drawn = focused.matches('.option > input') ? focused.nextElementSibling : focused;
  const style = getComputedStyle(drawn);
  const box = drawn.getBoundingClientRect();
  const seen = document.body === focused || (box.bottom > 0 && box.top < innerHeight && box.width > 0);
  const outline = document.body === focused || style.outlineStyle === 'none' ? 9 * (document.body === focused)
    : parseFloat(style.outlineWidth);
  return {what: focused.outerHTML.slice(0, 100), seen, outline};
}"""


def test_without_scripts_nothing_is_offered_that_does_not_work(visitor: Visitor, address: str) -> None:
    page = visitor.page(address + "/styleguide", scripts=False)
    expect(page.get_by_role("textbox", name="Adres ankiety")).to_have_value(ANKIETA)
    expect(page.get_by_text("Najwyżej 500 znaków.")).to_be_visible()
    expect(page.get_by_role("button", name="Kopiuj")).to_have_count(0)


def test_copying_and_counting_are_said_in_words(visitor: Visitor, address: str) -> None:
    """The counter says how much is too much and cuts nothing."""
    page = visitor.page(address + "/styleguide", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopiuj: Adres ankiety").click()
    expect(page.get_by_text("Skopiowano.")).to_be_visible()
    becomes(lambda: page.evaluate("navigator.clipboard.readText()"), ANKIETA)
    area = page.get_by_label("Opis")
    area.fill("ż" * 498)
    expect(page.get_by_text("zostało 2.")).to_be_visible()
    area.fill("ż" * 503)
    expect(page.locator("#opis-limit")).to_have_text("O 3 znaki za dużo.")
    expect(area).to_have_value("ż" * 503)


def test_no_movement_for_whoever_asked_for_none(visitor: Visitor, address: str) -> None:
    page = visitor.page(address + "/styleguide", reduced_motion="reduce")
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].map(e => getComputedStyle(e))
            .filter(style => style.transitionDuration !== '0s' || style.animationName !== 'none').length"""
    )
    assert moving == 0


def test_system_colours_keep_choices_and_stages_apart(visitor: Visitor, address: str) -> None:
    page = visitor.page(address + "/styleguide", forced_colors="active")
    chosen, other = (page.locator(f"label[for={name}]") for name in ("p5", "p5-2"))
    width = "e => getComputedStyle(e).borderTopWidth"
    becomes(lambda: (chosen.evaluate(width), other.evaluate(width)), ("4px", "2px"))
    assert axe_faults(page) == []


def test_printed_page_is_black_on_white_even_from_a_dark_screen(visitor: Visitor, address: str) -> None:
    page = visitor.page(address + "/styleguide", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    style = "(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))"
    becomes(lambda: page.evaluate(style), ["rgb(255, 255, 255)", "rgb(0, 0, 0)"])
    expect(page.get_by_role("heading", name="Elementy stron")).to_be_visible()
    expect(page.get_by_role("button", name="Wyloguj")).to_be_hidden()
