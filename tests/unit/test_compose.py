"""From results to chapters: what is in the report, what is left out, and what it never says."""

from __future__ import annotations

import re

from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.chapters.open_answers import merge_equal
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import (
    BulletList,
    CountTable,
    Document,
    Figure,
    Notice,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.result import Edition
from tests.unit import example_diagnoza as example


def words_of(document: Document) -> str:
    """Everything that the report says, in one text."""
    words = [document.title, document.subtitle, *(f"{label}: {value}" for label, value in document.facts)]
    for chapter in document.chapters:
        words.append(chapter.title)
        for block in chapter.blocks:
            if isinstance(block, (Paragraph, Subheading)):
                words.append(block.text)
            elif isinstance(block, BulletList):
                words += block.items
            elif isinstance(block, Notice):
                words += [block.title, block.text]
            elif isinstance(block, Figure):
                words += [block.chart.title, block.chart.alt]
            elif isinstance(block, (CountTable, TextTable)):
                words += [" ".join(row) for row in cells(block).rows]
    return "\n".join(words)


def titles(document: Document) -> list[str]:
    return [f"{chapter.number} {chapter.title}" for chapter in document.chapters]


def test_a_full_report_has_six_chapters_and_three_annexes() -> None:
    assert titles(compose(example.example_60())) == [
        "1 Podsumowanie",
        "2 Metoda i jej ograniczenia",
        "3 Kto odpowiedział",
        "4 Wyniki pytanie po pytaniu",
        "5 Odpowiedzi otwarte",
        "6 Gotowość sektorów",
        "A Kwestionariusz",
        "B Definicje i wzory",
        "C Dane i suma kontrolna",
    ]


def test_without_answers_the_report_is_short_and_honest() -> None:
    document = compose(example.example_0())
    assert [title for title in titles(document) if title[0].isdigit()] == [
        "1 Podsumowanie",
        "2 Metoda i jej ograniczenia",
        "3 Kto odpowiedział",
    ]
    assert "nie otrzymaliśmy żadnej ankiety" in words_of(document)
    assert not any(isinstance(block, Figure) for chapter in document.chapters for block in chapter.blocks)


def test_every_chapter_has_content_and_no_heading_stands_alone() -> None:
    for made in (example.example_60(), example.example_9(), example.example_0()):
        for chapter in compose(made).chapters:
            assert chapter.blocks
            for block, after in zip(chapter.blocks, [*chapter.blocks[1:], None], strict=True):
                if isinstance(block, Subheading):
                    assert after is not None, block.text
                    assert not isinstance(after, Subheading) or after.level > block.level, block.text


def test_all_eleven_questions_are_there_word_for_word() -> None:
    said = words_of(compose(example.example_60()))
    for question in example.ankieta().numbered:
        assert f"Pytanie {question.number}. {question.text}" in said


def test_numbers_of_tables_and_figures_run_through_and_figures_name_their_table() -> None:
    document = compose(example.example_60())
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    tables = [block for block in blocks if isinstance(block, (CountTable, TextTable))]
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert [block.caption.split(".")[0] for block in tables] == [
        f"Tabela {n + 1}" for n in range(len(tables))
    ]
    assert [block.caption.split(".")[0] for block in figures] == [
        f"Rysunek {n + 1}" for n in range(len(figures))
    ]
    by_anchor = {table.anchor: table.caption.split(".")[0] for table in tables}
    assert figures
    for figure in figures:
        assert figure.table_label == by_anchor[figure.table_anchor]


def test_anchors_are_unique_so_that_links_lead_somewhere() -> None:
    document = compose(example.example_60())
    anchors = [chapter.anchor for chapter in document.chapters]
    for chapter in document.chapters:
        anchors += [
            block.anchor for block in chapter.blocks if isinstance(block, (Subheading, CountTable, TextTable))
        ]
    assert len(anchors) == len(set(anchors))


def test_the_rate_is_printed_with_its_counts() -> None:
    diagnoza = example.build(example.made_up_records(example.TYPES), 80)
    assert diagnoza.response.complete == 60
    assert "RR1 = 60 / 80 = 75%" in words_of(compose(diagnoza))


def test_an_open_link_has_its_warning_and_no_rate_nor_bounds() -> None:
    said = words_of(compose(example.build(example.made_up_records(example.TYPES), None)))
    assert "bez kontroli liczby odpowiedzi" in said
    assert not re.search(r"RR1 = \d", said)
    assert "Granice odsetka TAK" not in said


def test_the_network_is_written_out_where_it_is_first_named() -> None:
    said = words_of(compose(example.example_60()))
    assert said.index("Lokalną Sieć Reintegracji (LSR)") < said.index("LSR") + len("LSR")
    assert said.index("(LSR)") + 1 == said.index("LSR")


def test_equal_texts_are_printed_once_with_their_number() -> None:
    assert merge_equal(["Szkoły", "parafia", "szkoły ", "biblioteka"]) == [
        "Szkoły (2×)",
        "parafia",
        "biblioteka",
    ]


def test_a_list_of_open_answers_names_no_group() -> None:
    document = compose(example.example_60())
    chapter = next(chapter for chapter in document.chapters if chapter.anchor == "odpowiedzi-otwarte")
    said = " ".join(item for block in chapter.blocks if isinstance(block, BulletList) for item in block.items)
    assert said
    assert "Kościelna osoba prawna" not in said


def test_the_internal_edition_says_that_it_may_be_asked_for() -> None:
    records = example.made_up_records(example.TYPES)
    public = words_of(compose(example.build(records, 74)))
    internal = words_of(compose(example.build(records, 74, edition=Edition.INTERNAL)))
    assert "informację publiczną" in internal
    assert "informację publiczną" not in public


def test_hidden_counts_are_the_word_and_never_a_number() -> None:
    table = example.need_table({"Edukacja": (6, 5), "Administracja": (3, 4), "Kultura": None})
    rows = {row[0]: row[1:] for row in cells(CountTable("x", table)).rows}
    assert rows["Kultura"] == ("ukryte",) * 5
    assert rows["Cała gmina"] == ("18", "9", "50%", "9", "50%")


def test_under_five_answers_counts_stand_without_per_cents() -> None:
    table = example.need_table({"Edukacja": (16, 5), "Administracja": (3, 1)})
    rows = {row[0]: row[1:] for row in cells(CountTable("x", table)).rows}
    assert rows["Administracja"] == ("4", "3", "–", "1", "–")


def test_made_up_numbers_are_marked() -> None:
    assert compose(example.example_60()).watermark == "PRZYKŁAD"
    real = compose(example.build(example.made_up_records(example.TYPES), 74, example=False))
    assert real.watermark == ""
    assert "wymyślonych" not in words_of(real)


def test_groups_are_not_called_more_or_less_ready_while_bounds_overlap() -> None:
    diagnoza = example.example_60()
    assert diagnoza.readiness is not None
    assert not diagnoza.readiness.separable
    assert "Dane nie pozwalają powiedzieć, która grupa jest gotowa bardziej" in words_of(compose(diagnoza))
