"""Bad input: the report comes out right, on paper and as a page; no trace, no blank page, no empty chapter."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pikepdf
import pytest

from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import Document, Paragraph, TextTable
from survey_app.analysis.diagnoza.page import page_chapters
from survey_app.analysis.diagnoza.pdf import render_pdf
from survey_app.analysis.diagnoza.result import Diagnoza, Edition
from survey_app.instrument.values import Answers
from tests.unit import analysis_records, example_coding
from tests.unit import example_diagnoza as example

LONG = "Bardzo potrzebna jest współpraca. " * 295  # 10,030 characters
HOSTILE = {
    "10 000 characters": LONG,
    "a word of 300 letters": "ż" * 300,
    "right to left": "نحن بحاجة إلى شراكة, שותפות",
    "emoji": "Super pomysł 🎉👵🏽",
    "markup": "A & B <script>alert('x')</script> </text>]]>",
    "controls": "dzwonek\x07 i zero\x00 i \u202eodwrotnie\u202c",
    "nothing but spaces": " \u00a0\u2003",
}


def nine() -> list[Answers]:
    return example.made_up_records({"edukacja": 4, "pozarzadowa": 3, "administracja": 2}, seed=3)


def pages_with_words(content: bytes) -> list[int]:
    """How many strings each page shows beside its running head."""
    with pikepdf.open(io.BytesIO(content)) as file:
        return [
            sum(str(step.operator) in {"Tj", "TJ", "'"} for step in pikepdf.parse_content_stream(page))
            for page in file.pages
        ]


def comes_out_right(document: Document) -> bytes:
    """Paper and page; every chapter has something to say, every page words, every chart is well-formed."""
    assert all(chapter.blocks for chapter in document.chapters)
    for chapter in page_chapters(document):
        for block in chapter.blocks:
            if block.svg is not None:
                ElementTree.fromstring(str(block.svg))
    content = render_pdf(document)
    words = pages_with_words(content)
    assert min(words[1:]) > 4  # the running head and the page number are up to four strings
    return content


def said(document: Document) -> str:
    return "\n".join(
        block.text
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Paragraph)
    )


def numbers_of_questions(diagnoza: Diagnoza) -> set[int | None]:
    """But of question 1, which says how many took part."""
    return {
        count
        for result in diagnoza.questions
        if result.table is not None and result.question.id != "p1"
        for row in result.table.rows
        for count in (row.base, *row.counts)
    }


def test_no_answers() -> None:
    document = compose(example.example_0())
    comes_out_right(document)
    assert "Nie otrzymano żadnej ankiety." in said(document)
    assert "gotowosc" not in [chapter.anchor for chapter in document.chapters]


@pytest.mark.parametrize("invited", [22, 1, None])
def test_one_answer(invited: int | None) -> None:
    """Nothing of what this person answered is in the report."""
    diagnoza = example.build(example.made_up_records({"koscielna": 1}), invited)
    comes_out_right(compose(diagnoza))
    assert numbers_of_questions(diagnoza) <= {None}


def test_all_hidden() -> None:
    diagnoza = example.build(nine(), 22, k=20)
    document = compose(diagnoza)
    comes_out_right(document)
    assert numbers_of_questions(diagnoza) <= {None}
    assert not [one for one in document.chapters if one.anchor == "gotowosc"]


def test_all_alike() -> None:
    same = [{**answers, "p5": nine()[0]["p5"]} for answers in nine()[:5]]
    comes_out_right(compose(example.build(same, 22)))


@pytest.mark.parametrize("sheets", [9, None], ids=["nine sheets", "fewer than k"])
def test_only_paper(sheets: int | None) -> None:
    document = compose(example.build(nine(), 22, paper_sheets=sheets, paper_used=True))
    comes_out_right(document)
    assert "na papierze" in said(document)


def test_a_sector_with_one_institution() -> None:
    """It has no row of its own."""
    counts = {"edukacja": 6, "pozarzadowa": 5, "koscielna": 1}
    diagnoza = example.build(example.made_up_records(counts), 22)
    comes_out_right(compose(diagnoza))
    assert min(row.base or 0 for row in diagnoza.response.groups.rows) >= 3


def test_a_question_that_nobody_reached() -> None:
    """Question 2 was answered NIE by all: 3 and 4 were asked of nobody."""
    kinds = ["edukacja"] * 4 + ["pozarzadowa"] * 3
    records = [analysis_records.simple(kind, p2="nie", p5="tak", p7="nie", p9="tak") for kind in kinds]
    diagnoza = example.build(records, 22)
    comes_out_right(compose(diagnoza))
    by_id = {result.question.id: result.table for result in diagnoza.questions}
    table = by_id["p3"]
    assert table is None or not any(row.base for row in table.rows)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_what_people_wrote(words: str) -> None:
    texts = {"p10": [words, "Otwartość.", "Zaufanie."], "p5_instytucje": [words, "szkoły", "parafia"]}
    comes_out_right(compose(example.build(nine(), 22, extra_texts=texts)))


@pytest.mark.parametrize("name", [*HOSTILE.values(), ""], ids=[*HOSTILE, "empty"])
def test_the_name_of_the_gmina_and_the_title(name: str) -> None:
    document = compose(example.build(nine(), 22, gmina_name=name[:300], title=name[:200], powiat=name[:100]))
    assert re.match(rb"%PDF-1\.7", comes_out_right(document))


def test_a_notice_of_ten_thousand_characters_and_no_introduction() -> None:
    comes_out_right(compose(example.build(nine(), 22, notice=LONG + "\n\n" + "ż" * 300, introduction=())))


@pytest.mark.parametrize("names", [example_coding.HOSTILE])
def test_names_of_stakeholders(names: Sequence[str]) -> None:
    comes_out_right(_coded(40, names, Edition.INTERNAL))


def test_three_thousand_stakeholders() -> None:
    """On paper the public edition; the internal one, a table of 3,000 rows, as chapters, a twentieth on paper."""
    comes_out_right(_coded(3000, (), Edition.PUBLIC))
    rows = [len(block.rows) for chapter in _coded(3000, (), Edition.INTERNAL).chapters
            for block in chapter.blocks if isinstance(block, TextTable)]  # fmt: skip
    assert max(rows) == 3000
    content = comes_out_right(_coded(150, (), Edition.INTERNAL))
    assert len(pages_with_words(content)) > 15


def _coded(count: int, names: Sequence[str], edition: Edition) -> Document:
    first = example_coding.closed(1, example_coding.many(count, 1, 0.15, names))
    second = example_coding.closed(2, example_coding.many(count, 2, 0.6, names))
    history = CodingHistory((first, second), {}, frozenset())
    made = replace(example.example_9(), edition=edition, coding=example_coding.section(history, edition))
    return compose(made)
