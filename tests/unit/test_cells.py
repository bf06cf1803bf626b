"""A table's own cells against reportlab's paragraphs: the same lines, the same file, whatever is written in them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.platypus import Flowable, Paragraph

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import Metadata
from survey_app.analysis.pdf.cells import Cell
from survey_app.analysis.pdf.flowables import paragraph
from survey_app.analysis.pdf.fonts import REGULAR, markup, printable
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.tables import table_with_caption
from tests.unit.test_pdf import tags, text_of

LETTERS = "aąbcćdeęłńoóśźż-(),.„”0123456789ŁW"
Make = Callable[[str, Any], Flowable]


def texts(count: int, seed: int) -> list[str]:
    """From a word to several lines, some with words wider than any column of these tests."""
    source = random.Random(seed)
    return [
        " ".join(
            "".join(source.choices(LETTERS, k=source.choice((1, 2, 5, 9, 14, 60 if number % 9 == 0 else 7))))
            for _ in range(source.randint(1, 25))
        )
        for number in range(count)
    ]


def file_of(
    make: Make, rows: list[list[str]], looks: tuple[Any, ...] = (style.CELL, style.CELL_NUMBER)
) -> bytes:
    made = [[make(words, look) for words, look in zip(row, looks, strict=True)] for row in rows]
    return build_pdf(
        table_with_caption("Tabela", ("Słowa", "Liczby"), made, (90, 110), frozenset({1})),
        Metadata("Próba", "", "", dt.datetime(2026, 11, 21, tzinfo=dt.UTC), "pl-PL"),
        RunningHead("Próba", ""),
    )


def test_lines_break_where_reportlab_breaks_them() -> None:
    source = random.Random(5)
    for text in texts(300, seed=1):
        width = source.uniform(25, 240)
        look = source.choice((style.CELL, style.CELL_BOLD, style.CELL_HEAD_NUMBER))
        ours, theirs = Cell(text, look), Paragraph(markup(text, look.fontName), look)
        assert ours.wrap(width, 1e6) == theirs.wrap(width, 1e6), (text, width)
        assert ours.lines is not None
        broken = [[word for word in words if word] for _, words in theirs.blPara.lines]
        assert [words for _, words in ours.lines] == [" ".join(words) for words in broken], (text, width)


def test_a_table_of_cells_is_the_same_file_as_one_of_paragraphs() -> None:
    """Byte for byte, over page breaks: left and right, lines that are squeezed a little, rows that are cut."""
    plain = [text for text in texts(260, seed=2) if max(map(len, text.split())) < 15]
    rows = [list(pair) for pair in zip(plain[::2], plain[1::2], strict=False)]
    rows[40] = ["słowo " * 700, "12 345"]  # longer than a page
    assert file_of(Cell, rows) == file_of(lambda words, look: paragraph(words, look), rows)


@pytest.mark.parametrize("height", [5, 11, 12, 13, 24, 30, 36, 40, 47, 48, 60, 900])
@pytest.mark.parametrize("lines", [1, 2, 3, 4, 5])
def test_a_cell_breaks_over_pages_as_a_paragraph_does(height: float, lines: int) -> None:
    words = " ".join(["Przykładowo"] * lines)
    pieces = [
        [piece.wrap(60, 1e6)[1] for piece in one.split(60, height)]
        for one in (Cell(words, style.CELL), Paragraph(words, style.CELL))
        if one.wrap(60, 1e6)[1] == lines * style.CELL.leading
    ]
    assert len(pieces) == 2
    assert pieces[0] == pieces[1]


def test_more_letters_than_one_part_of_a_typeface_holds_are_all_read_back() -> None:
    """A typeface goes into the file in parts of 256 letters; a word may have letters of two."""
    many = [
        chr(code) for code in range(0xC0, 0x500) if printable(chr(code)) == chr(code) and chr(code).isalpha()
    ]
    assert len(many) > 500
    found = text_of(file_of(Cell, [["".join(many[at : at + 5]), "ą1"] for at in range(0, len(many), 5)]))
    assert not set(many) - set(found)
    assert "ą1" in found


def test_lines_of_their_own_and_signs_of_markup_are_kept() -> None:
    content = file_of(Cell, [["jeden\ndwa & <b>trzy</b>", "7"], ["", " "], ["a\\b (c)", "−0,3"]])
    assert "jeden dwa & <b>trzy</b>" in text_of(content)
    assert "a\\b (c)" in text_of(content)
    assert Cell("jeden\n\ndwa", style.CELL).wrap(300, 1e6)[1] == 3 * style.CELL.leading
    assert tags(content).count("P") == 2 + 6


def test_what_the_typeface_lacks_is_still_told_to_those_who_listen() -> None:
    assert Cell("Dziękuję 😀", style.CELL).slot.entries == {"ActualText": "Dziękuję 😀"}
    assert Cell("[sic]", style.CELL).slot.entries is None
    assert style.CELL.fontName == REGULAR
