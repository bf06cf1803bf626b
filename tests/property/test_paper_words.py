"""Whatever a person types into a paper stays words, and none of it is lost."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.analysis.diagnoza.document import Block, BulletList, Paragraph, Subheading, TextTable
from survey_app.analysis.papers.blocks import blocks_of
from survey_app.analysis.papers.compose import composed
from survey_app.analysis.papers.paper_document import sheet_of
from survey_app.instrument.loader import load_instrument

LETTER = load_instrument(Path(__file__).parents[1] / "fixtures" / "papers" / "zaproszenie.yml")
MARKUP = "#-*+|:.)(1\\ \n\t{}<>_`~=[]&"
PIECES = (
    "# ",
    "- ",
    "1. ",
    "| a |\n|---|\n| b |",
    "Podpis: ",
    "{gmina}",
    "\\",
    "**x**",
    "ąż",
    "👍",
    "\u2028",
    "---",
)
steady = settings(deadline=None, max_examples=150)
lines = st.lists(
    st.sampled_from(PIECES) | st.text(MARKUP + "abcż", min_size=1, max_size=8), min_size=1, max_size=6
).map("".join)


def words_of(blocks: tuple[Block, ...]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph | Subheading):
            found += block.text.split()
        elif isinstance(block, BulletList):
            found += [word for item in block.items for word in item.split()]
        elif isinstance(block, TextTable):
            found += [word for row in (block.header, *block.rows) for cell in row for word in cell.split()]
    return found


def shape(blocks: tuple[Block, ...]) -> list[str]:
    """The kinds of blocks; paragraphs beside each other count as one, for a text may have several."""
    kinds: list[str] = []
    for block in blocks:
        kind = type(block).__name__
        if isinstance(block, Paragraph):
            kind = block.style
        if kind != "body" or kinds[-1:] != ["body"]:
            kinds.append(kind)
    return kinds


def filled(text: str) -> tuple[Block, ...]:
    rows = [{"_id": "a", "godzina": text, "sprawa": text, "osoba": text}]
    answers = {"gdzie": text, "forma": {"option": "zdalna", "text": text}, "sprawy": [text, text]}
    facts = {"gmina": text, "coordinator": text, "recipient": text}
    return blocks_of(composed(LETTER, answers, {"porzadek": rows, "goscie": [{"kto": text}]}, facts))


@given(lines)
@steady
def test_what_is_typed_never_becomes_a_heading_a_list_a_table_or_a_place_to_sign(text: str) -> None:
    if text.strip():
        assert shape(filled(text)) == shape(filled("zwykłe"))


@given(lines)
@steady
def test_no_typed_word_is_lost_or_changed(text: str) -> None:
    typed = text.split()
    if not typed:
        return
    blocks = blocks_of(composed(LETTER, {"gdzie": text}, {}, {}))
    bare = words_of(blocks_of(composed(LETTER, {"gdzie": "zwykłe"}, {}, {})))
    at = bare.index("zwykłe")
    assert words_of(blocks) == [*bare[:at], *typed, *bare[at + 1 :]]


@given(st.text(MARKUP.replace("\n", "") + "abc", min_size=1, max_size=12))
@steady
def test_a_cell_keeps_to_its_column(text: str) -> None:
    rows = [{"_id": "a", "godzina": text, "sprawa": "b", "osoba": text}]
    blocks = blocks_of(composed(LETTER, {}, {"porzadek": rows}, {}))
    (table,) = (block for block in blocks if isinstance(block, TextTable))
    assert [tuple(cell.split()) for cell in table.rows[0]] == [(*text.split(),), ("b",), (*text.split(),)]


@given(st.text(max_size=300) | lines)
@steady
def test_a_text_that_was_edited_by_hand_never_raises_and_gives_the_same_twice(text: str) -> None:
    assert blocks_of(text) == blocks_of(text)
    sheet = sheet_of(text, "Pismo")
    assert sheet.title.strip()
    for table in (block for block in sheet.body if isinstance(block, TextTable)):
        assert all(len(row) == len(table.header) == len(table.widths) for row in table.rows)
