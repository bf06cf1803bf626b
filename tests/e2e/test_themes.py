"""Themes in a real browser: words selected by mouse, finger and keyboard, and without scripts; what overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from survey_app.services.context import Context
from survey_app.services.interviewing import passages, themes
from survey_app.services.interviewing.compose_text import Run
from survey_app.services.interviewing.passages import CodedPassage, PassageDraft
from survey_app.store.interview_texts import InterviewText
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import DESK, PHONE, Visitor, becomes, loaded, look, serving
from tests.excerpt_rows import Talk, a_talk
from tests.integration.staff import GMINA, PASSWORD, people

pytestmark = pytest.mark.browser

ANNA = ("anna@example.org", PASSWORD)
FAMILY = "👩‍👩‍👧"
SMILE = "🙂"
FIRST = f"Znamy to {SMILE} partnerstwo z gm\u0131\u0301ny. Działa od roku.\nDrugi wiersz o szkole."
SECOND = f"Rodziny {FAMILY} przychodzą do świetlicy. Reszta nie."
THIRD = "Pomogłabym, ale nie mam kiedy."
RUNS = [Run(FIRST, "A", "p1_1"), Run(SECOND, "A", "p1_1", quotation=True), Run(THIRD, "A", "p2_1")]


@dataclass(frozen=True)
class Place:
    """Where the text is, and what the store says of it."""

    address: str
    text: str
    talk: Talk
    context: Context

    def coded(self) -> list[CodedPassage]:
        with self.context.database.reading() as session:
            return passages.coded(session, GMINA)


@pytest.fixture
def place(sqlite_context: Context) -> Iterator[Place]:
    people(sqlite_context)
    anna = id_of(sqlite_context, "anna@example.org")
    talk = a_talk(sqlite_context, GMINA, {"A": None}, RUNS, moderator_id=anna)
    themes.tree(sqlite_context, GMINA)
    app = create_app(context=sqlite_context)
    app.testing = True
    with serving(app) as address:
        path = f"{address}/panel/{GMINA}/wywiady/{talk.interview_id}/tematy/{talk.text_id}"
        yield Place(address, path, talk, sqlite_context)


def opened(visitor: Visitor, place: Place, width: int = DESK) -> Page:
    return visitor.page(place.text, width=width, account=ANNA)


def save_with(page: Page, theme: str) -> None:
    page.get_by_role("checkbox", name=theme, exact=True).check()
    page.get_by_role("button", name="Zapisz fragment").click()
    expect(page.get_by_text("Zapisano fragment")).to_be_visible()
    loaded(page)


SELECT = """([from, to]) => {
  const find = (words, atEnd) => {
    for (const line of document.querySelectorAll('.line-words')) {
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(words);
        if (at >= 0) return [walker.currentNode, at + (atEnd ? words.length : 0)];
      }
    }
  };
  document.getSelection().setBaseAndExtent(...find(from, false), ...find(to, true));
}"""


# From these words to those, and what is kept: over a line break and from note to note, after emoji and combining
# letters, and past the numbers of the passages that are there already.
SELECTED = (
    (f"{SMILE} partnerstwo", "roku", f"{SMILE} partnerstwo z gm\u0131\u0301ny. Działa od roku"),
    ("roku", "Drugi wiersz", "roku.\nDrugi wiersz"),
    ("szkole", "Rodziny", "szkole.\n\nRodziny"),
    ("Rodziny", "świetlicy", f"Rodziny {FAMILY} przychodzą do świetlicy"),
    ("kiedy", "kiedy", "kiedy"),
)


def test_selected_words_are_the_words_that_are_kept(visitor: Visitor, place: Place) -> None:
    anna = id_of(place.context, ANNA[0])
    with place.context.database.reading() as session:
        text = session.get_one(InterviewText, place.talk.text_id)
    tree = themes.tree(place.context, GMINA)
    inside = text.text.index("do świetlicy")
    whole = PassageDraft(((2, 30), (inside, inside + 12)), frozenset({tree[3].id}), sha256=text.sha256)
    passages.add(place.context, GMINA, place.talk.interview_id, text.id, whole, anna)
    before = len(place.coded())
    page = opened(visitor, place)
    for begins, ends, words in SELECTED:
        page.evaluate(SELECT, [begins, ends])
        page.get_by_role("button", name="Nadaj tematy").click()
        save_with(page, "Własny udział w partnerstwie")
        becomes(lambda words=words: words in [one.words for one in place.coded()], True)
        page.goto(place.text)  # without the word that it was saved
    assert len(place.coded()) == before + len(SELECTED)


def test_words_dragged_over_with_the_mouse(visitor: Visitor, place: Place) -> None:
    page = opened(visitor, place)
    loaded(page)
    box = page.get_by_text("Pomogłabym").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 600, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.locator("#zaznaczenie")).to_contain_text(THIRD)
    look(page, "passages-bar")
    page.get_by_role("button", name="Nadaj tematy").click()
    expect(page.locator("#nadaj")).to_be_visible()
    look(page, "passages-form")
    page.get_by_label("Notatka kodera").fill("Chęć, brak czasu")
    save_with(page, "Perspektywy i rozwój partnerstwa")
    (made,) = place.coded()
    assert (made.words, made.memo, made.question_id, made.letter) == (THIRD, "Chęć, brak czasu", "p2_1", "A")


def test_a_finger_on_a_phone(visitor: Visitor, place: Place) -> None:
    """A long press selects a word, which comes as a change of the selection without a mouse."""
    page = opened(visitor, place, PHONE)
    page.evaluate(SELECT, ["świetlicy", "świetlicy"])
    expect(page.locator("#zaznaczenie")).to_contain_text("świetlicy")
    look(page, "passages-phone")
    page.get_by_role("button", name="Nadaj tematy").click()
    expect(page.locator("#nadaj")).to_be_visible()
    look(page, "passages-phone-form")
    save_with(page, "Wiedza o partnerstwie")
    assert [one.words for one in place.coded()] == ["świetlicy"]


def test_the_keyboard_alone(visitor: Visitor, place: Place) -> None:
    page = opened(visitor, place)
    page.locator("#tekst").focus()
    keys = page.keyboard
    keys.press("ArrowRight")  # Znamy
    keys.press("ArrowDown")  # Rodziny
    keys.press("ArrowRight")  # the family
    keys.press("Shift+ArrowRight")  # przychodzą
    expect(page.locator("#zaznaczono")).to_contain_text(f"{FAMILY} przychodzą")
    keys.press("Control+Shift+ArrowLeft")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Nadaj tematy")).to_be_focused()
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Space")
    page.get_by_role("button", name="Zapisz fragment").focus()
    keys.press("Enter")
    expect(page.get_by_text("Zapisano fragment")).to_be_visible()
    loaded(page)
    (made,) = place.coded()
    assert made.words == f"{FAMILY} przychodz"
    assert len(made.theme_ids) == 2
    page.locator("#tekst").focus()
    keys.press("ArrowRight")
    keys.press("Enter")
    keys.press("Escape")
    expect(page.locator("#nadaj")).to_be_hidden()
    expect(page.locator("#tekst")).to_be_focused()


def test_without_scripts_sentences_are_ticked(visitor: Visitor, place: Place) -> None:
    page = visitor.page(place.text, width=DESK, scripts=False, account=ANNA)
    page.get_by_role("link", name="Otwórz listę zdań").click()
    for words in ("Działa od roku.", "Drugi wiersz o szkole.", "Reszta nie."):
        page.get_by_role("checkbox", name=words).check()
    page.get_by_role("button", name="Zapisz", exact=True).click()
    expect(page.get_by_text("Prosimy wybrać co najmniej jeden temat").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="Reszta nie.")).to_be_checked()  # what was ticked comes back
    page.get_by_role("checkbox", name="Wiedza o partnerstwie", exact=True).check()
    page.get_by_role("button", name="Zapisz", exact=True).click()
    expect(page.get_by_text("Zapisano").first).to_be_visible()
    assert [one.words for one in place.coded()] == [
        "Działa od roku.\nDrugi wiersz o szkole.",
        "Reszta nie.",
    ]


def test_pages_of_themes_look_right(visitor: Visitor, place: Place) -> None:
    """With passages that overlap, two coders, and a comparison; on a desk and on a phone."""
    context, talk = place.context, place.talk
    tree = themes.tree(context, GMINA)
    deeper = themes.add(
        context, GMINA, themes.ThemeDraft("Szkoła jako partner", "Rola szkoły.", parent_id=tree[0].id), None
    )
    with context.database.reading() as session:
        text = session.get_one(InterviewText, talk.text_id)
    for email, runs in (
        ("anna@example.org", [(0, 48), (9, 25), (20, 80), (22, 40), (60, 110)]),
        ("jan@example.org", [(20, 80), (120, 140)]),
    ):
        for at, run in enumerate(runs):
            nodes = frozenset({tree[at % 4].id, deeper.id} if at % 2 else {tree[at % 4].id})
            draft = PassageDraft((run,), nodes, "Do rozmowy z zespołem." if at == 1 else "", text.sha256)
            passages.add(context, GMINA, talk.interview_id, text.id, draft, id_of(context, email))
        passages.finish(context, GMINA, talk.interview_id, text.id, id_of(context, email))
    base = f"{place.address}/panel/{GMINA}/wywiady"
    page = opened(visitor, place, PHONE)
    for path, name in (
        ("tematy", "themes"),
        ("tematy/nowy", "theme-new"),
        (f"tematy/{deeper.id}/zmiana", "theme-edit"),
        ("tematy/zgodnosc", "theme-agreement"),
        (f"{talk.interview_id}/tematy", "passages"),
        (f"{talk.interview_id}/tematy/koderzy", "passage-coders"),
        (f"{talk.interview_id}/tematy/{text.id}", "passage-text"),
        (f"{talk.interview_id}/tematy/{text.id}/zdania", "passage-sentences"),
        (f"{talk.interview_id}/tematy/{text.id}/zgodnosc", "passage-agreement"),
        (f"{talk.interview_id}/tematy/fragmenty/2", "passage-edit"),
    ):
        page.goto(f"{base}/{path}")
        look(page, name)
