"""The text of a paper: its parts, its places, its tables; and what its Markdown becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.analysis.diagnoza.document import BulletList, Paragraph, Subheading, TextTable
from survey_app.analysis.papers.blocks import blocks_of
from survey_app.analysis.papers.compose import BLANK_CELL, UNANSWERED, composed
from survey_app.analysis.papers.paper_document import sheet_of
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.paper_text import BLANK

FOLDER = Path(__file__).parents[1] / "fixtures" / "papers"
LETTER, FORM = (load_instrument(FOLDER / f"{key}.yml") for key in ("zaproszenie", "bilans"))


def lines(*arguments: object) -> list[str]:
    return [line for line in composed(*arguments).split("\n") if line]  # type: ignore[arg-type]


def test_answers_stand_in_the_text_in_polish_words() -> None:
    answers = {
        "kiedy": "2026-12-01",
        "forma": {"option": "zdalna", "text": "przez  Internet"},
        "miejsc": 12.5,
        "posilek": "nie",
    }
    (line,) = [line for line in lines(LETTER, answers, {}, {}) if line.startswith("zapraszamy")]
    assert line == (
        "zapraszamy na spotkanie, które odbędzie się 1\u00a0grudnia 2026 (zdalnie: przez Internet). "
        "Liczba miejsc: 12,5. Poczęstunek: nie."
    )


def test_a_part_stands_only_where_its_condition_holds() -> None:
    words = "Na spotkaniu będzie poczęstunek."
    assert words in lines(LETTER, {"posilek": "tak"}, {}, {})
    assert words not in lines(LETTER, {"posilek": "nie"}, {}, {})
    assert words not in lines(LETTER, {}, {}, {})


def test_what_is_not_filled_in_can_be_completed_by_hand() -> None:
    text = composed(LETTER, {}, {}, {"gmina": "Kosów"})
    assert f"Kosów, {BLANK}" in text
    assert text.count(f"| {BLANK_CELL} | {BLANK_CELL} | {BLANK_CELL} |") == 3
    assert text.count(f"- {BLANK}\n") == 1 + 3  # one item, and a table of one column
    assert "{" not in text


def test_several_lines_alone_in_an_item_are_several_items() -> None:
    text = composed(LETTER, {"sprawy": ["Plan", "Budżet"]}, {"goscie": [{"kto": "Jan"}, {"kto": " "}]}, {})
    lists = [block for block in blocks_of(text) if isinstance(block, BulletList)]
    assert [one.items for one in lists[:2]] == [("Plan", "Budżet"), ("Jan",)]
    assert lists[2] == BulletList(("Prosimy o potwierdzenie.", f"Kontakt: {BLANK}."), ordered=True)


def test_a_form_without_a_text_is_questions_and_answers() -> None:
    rows = [{"_id": "ludzie", "ile": "2.50", "od": "2026-01-02", "uwagi": "raz\n\ndwa"}]
    answers = {
        "opis": "Jedno\nDrugie",
        "dobre": ["a", "b"],
        "kwota": 1234.5,
        "ocena": 2,
        "plan": "poza ścieżką",
    }
    text = composed(FORM, answers, {"zasoby": rows}, {})
    assert "# Bilans otwarcia\n\n## Co już mamy\n\n### Co robimy już dziś?\n\nJedno\nDrugie\n" in text
    assert "### Co się udaje?\n\n- a\n- b\n" in text
    assert "### Jaka kwota?\n\n1\u00a0234,50\n" in text
    assert "### Jak to oceniamy?\n\n2 (różnie)\n" in text
    assert f"### Od kiedy?\n\n{UNANSWERED}\n" in text
    assert "poza ścieżką" not in text
    assert "Jaki plan?" not in text
    assert "| Rodzaj | Ile | Od kiedy | Uwagi |" in text
    assert "| Ludzie | 2,5 | 02.01.2026 | raz; dwa |" in text
    assert "| Pieniądze |  |  |  |" in text


def test_a_text_of_odd_markdown_keeps_every_word() -> None:
    deep = blocks_of("- " * 400 + "głęboko")
    assert isinstance(deep[0], BulletList)
    assert deep[0].items[-1].endswith("głęboko")
    assert blocks_of("| a | b |\n|---|---|\n| 1 | 2 | 3 | x \\| y |\n| 4 |") == (
        TextTable("", ("a", "b"), (("1", "2 | 3 | x | y"), ("4", ""))),
    )
    assert blocks_of("5. piąty\n6. szósty\n\n   - w środku\n7. siódmy") == (
        BulletList(("piąty", "szósty"), True, 5),
        BulletList(("w środku",)),
        BulletList(("siódmy",), True, 7),
    )
    plain = "<b>x</b> [a](b) *c* `d` ![e](f)\n> q\n---\n```\nkod"
    assert blocks_of(plain) == (Paragraph(plain),)


def test_lines_that_begin_with_the_word_are_places_to_sign_and_escaped_ones_are_not() -> None:
    assert blocks_of("Tak.\nPodpis: Wójt\nPodpis: Rada\nKoniec.\n\nPodpis\\: nikt") == (
        Paragraph("Tak."),
        Paragraph("Wójt", "signature"),
        Paragraph("Rada", "signature"),
        Paragraph("Koniec."),
        Paragraph("Podpis: nikt"),
    )


def test_a_long_text_is_read_quickly_and_whole() -> None:
    text = "\n\n".join(f"- [{number}] | # *" * 3 for number in range(3_000))
    items = [item for block in blocks_of(text) if isinstance(block, BulletList) for item in block.items]
    assert len(items) == 3_000


@pytest.mark.parametrize(
    ("text", "place", "address", "under", "title"),
    [
        ("Kosów, 1 maja\n\nOPS\n\n# List\n\nDzień dobry", "Kosów, 1 maja", ("OPS",), (), "List"),
        ("# Uchwała\n\nRady\n\nz dnia 1 maja\n\nRada uchwala", "", (), ("Rady", "z dnia 1 maja"), "Uchwała"),
        ("Bez tytułu", "", (), (), "Pismo"),
        ("## Część\n\n# Za późno", "", (), (), "Pismo"),
    ],
)
def test_a_sheet_has_its_place_its_address_and_its_title(
    text: str, place: str, address: tuple[str, ...], under: tuple[str, ...], title: str
) -> None:
    sheet = sheet_of(text, "Pismo")
    assert (sheet.place, sheet.address, sheet.under, sheet.title) == (place, address, under, title)


def test_headings_of_a_sheet_never_skip_a_level() -> None:
    sheet = sheet_of("# T\n\n#### głęboko\n\n## wyżej\n\n###### najgłębiej\n\n# znów", "Pismo")
    assert [block.level for block in sheet.body if isinstance(block, Subheading)] == [2, 2, 3, 2]
