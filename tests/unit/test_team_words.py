"""The team's words in the diagnoza: what a line becomes, the mark, the original, whatever is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import pytest

from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import Block, BulletList, Document, Paragraph, words_of
from survey_app.analysis.diagnoza.page import page_chapters
from survey_app.analysis.diagnoza.pdf import render_pdf, summary_fits
from survey_app.analysis.diagnoza.result import Diagnoza, SummaryPart, TeamText
from survey_app.analysis.diagnoza.team_words import (
    rules_checksum,
    rules_text,
    text_blocks,
    told_by_team,
)
from tests.unit import example_diagnoza as example
from tests.unit.test_pdf import tags, text_of

DAY = dt.date(2026, 11, 20)
MARK = "Zmienione przez zespół 20 listopada 2026."


def written(words: Mapping[str, TeamText], diagnoza: Diagnoza | None = None) -> Diagnoza:
    """The example with these words of the team in it."""
    made = diagnoza or example.example_60()
    told = told_by_team(words, made.summary, made.summary)
    return replace(
        made, summary=told.summary, conclusions=told.conclusions, recommendations=told.recommendations
    )


def said_in(document: Document, anchor: str) -> list[str]:
    return [text for one in document.chapters if one.anchor == anchor for text in words_of(one)]


@pytest.mark.parametrize(
    ("typed", "blocks"),
    [
        ("Raz.\nDwa.\n\nTrzy.", [Paragraph("Raz."), Paragraph("Dwa."), Paragraph("Trzy.")]),
        ("Wnioski:\n- a\n– b\n\n• c\nDalej", [
            Paragraph("Wnioski:"), BulletList(("a", "b", "c")), Paragraph("Dalej")]),
        ("1. a\n2) b\n\n1. c", [BulletList(("a", "b"), True), BulletList(("c",), True)]),
        ("2026. rok był trudny\n3. bez początku", [
            Paragraph("2026. rok był trudny"), Paragraph("3. bez początku")]),
        ("-5 stopni\n<b>nie</b> & **też nie**", [
            Paragraph("-5 stopni"), Paragraph("<b>nie</b> & **też nie**")]),
        ("- \n-", [Paragraph("-"), Paragraph("-")]),
    ],
)  # fmt: skip
def test_lines_become_paragraphs_and_lists_and_no_sign_is_lost(typed: str, blocks: list[Block]) -> None:
    assert text_blocks(typed) == blocks


def test_the_rules_own_text_comes_back_as_the_same_blocks() -> None:
    for part in example.example_60().summary:
        expected: list[Block] = [*map(Paragraph, part.sentences)]
        expected += [BulletList(part.points)] if part.points else []
        assert text_blocks(rules_text(part)) == expected


def test_a_changed_part_is_marked_and_what_it_said_is_one_step_away() -> None:
    original = example.example_60().summary[-1]
    document = compose(written({"summary:follows": TeamText("Zaczynamy od szkół.", DAY)}))
    summary = said_in(document, "podsumowanie")
    assert "Zaczynamy od szkół." in summary
    assert original.sentences[0] not in summary
    assert original.sentences[0] in said_in(document, "aneks-podsumowanie")
    (mark,) = [
        block
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph) and block.link
    ]
    assert mark.text.startswith(MARK)
    anchors = {getattr(block, "anchor", "") for chapter in document.chapters for block in chapter.blocks}
    assert mark.link in anchors


def test_every_rendering_carries_the_mark_and_the_conclusions() -> None:
    words = {
        "summary:follows": TeamText("Zaczynamy od szkół.", DAY),
        "conclusions": TeamText("Trzeba rozmawiać.\n1. Szkoły\n2. Firmy", DAY),
        "recommendations": TeamText("- Powołać zespół", DAY),
    }
    document = compose(written(words))
    paper = render_pdf(document)
    page = [str(block.content) for chapter in page_chapters(document) for block in chapter.blocks]
    for told in (MARK, "Zaczynamy od szkół.", "Trzeba rozmawiać.", "Szkoły", "Powołać zespół"):
        assert told in text_of(paper)
        assert any(told in block for block in page)
    plain = tags(render_pdf(compose(example.example_60())))
    assert tags(paper).count("Link") == plain.count("Link") + 1 + 2  # the mark; two chapters in the contents
    assert "Od tego czasu" not in text_of(paper)


def test_words_that_rest_on_other_results_say_so() -> None:
    made = example.example_60()
    by_key = {part.key: part for part in made.summary}
    fresh, old = rules_checksum([by_key["follows"]]), rules_checksum([by_key["said"]])
    for basis, told in ((fresh, False), (old, True), ("", False)):
        document = compose(written({"summary:follows": TeamText("Tak.", DAY, basis)}))
        assert any("wyniki się zmieniły" in text for text in said_in(document, "podsumowanie")) is told
    whole = rules_checksum(made.summary)
    for basis, told in ((whole, False), (fresh, True)):
        document = compose(written({"conclusions": TeamText("Tak.", DAY, basis)}))
        assert any("wyniki się zmieniły" in text for text in said_in(document, "wnioski")) is told


def test_without_words_of_the_team_nothing_is_added() -> None:
    document = compose(written({"conclusions": TeamText("  \n", DAY), "summary:follows": TeamText("", DAY)}))
    assert document == compose(example.example_60())
    assert not {"wnioski", "aneks-podsumowanie"} & {chapter.anchor for chapter in document.chapters}


def test_words_on_a_part_that_the_public_edition_has_not_are_printed_nowhere() -> None:
    parts = (SummaryPart("Kogo wysłuchaliśmy", ("Mówiły 2 osoby.",), key="heard"),)
    told = told_by_team({"summary:heard": TeamText("Dwie osoby", DAY)}, parts, ())
    assert told.summary[0].team is None
    assert not told.shown


HARD = (
    "Ł" * 300,
    "Dziękuję 👩\u200d👩\u200d👧 i 🇵🇱",
    "שלום עולם",
    "a < b & c </p><script>",
    ("słowo " * 1700)[:10_000],
)


@pytest.mark.parametrize("typed", HARD)
def test_whatever_a_team_types_is_printed_in_letters_that_can_be_read(typed: str) -> None:
    words = {part: TeamText(typed, DAY) for part in ("summary:said", "conclusions", "recommendations")}
    paper = render_pdf(compose(written(words)))
    text = text_of(paper)
    assert MARK in text
    if typed.startswith("Ł"):
        assert text.replace(" ", "").count(typed) == 3
    if typed.startswith("słowo"):
        assert text.count("słowo") >= 3 * 1660
    if typed.startswith("a <"):
        assert text.count("</p><script>") == 3


@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (30, 1), (60, 3), (136, 6)])
def test_a_summary_that_cannot_be_read_on_one_page_goes_on_instead_of_shrinking(
    lines: int, pages: int
) -> None:
    typed = "Zdanie podsumowania, które zespół napisał sam i które ma swoją długość.\n" * lines
    document = compose(written({"summary:said": TeamText(typed, DAY)}))
    found = text_of(render_pdf(document), pages=True).split("\f")
    first, second = (
        next(number for number, page in enumerate(found[2:]) if heading in page)
        for heading in ("1. Podsumowanie", "2. Metoda i jej ograniczenia")
    )
    assert abs(second - first - pages) <= (pages > 1)  # a list or a heading may begin on the next one
    assert summary_fits(document) is (pages == 1)
