"""Columns of a table on paper: words stay whole where there is room, and high tables are told from low ones."""

from __future__ import annotations

import pytest

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.columns import PADDING, fitted, height_of, hyphenated, is_high
from survey_app.analysis.pdf.fonts import text_width

HEADER = ("Interesariusz", "Kod", "Powód")
ROWS = (
    ("Poradnia Psychologiczno-Pedagogiczna", "Neutralny", "Potwierdzono propozycję z ocen."),
    ("Stowarzyszenie Rodziców Dzieci z Niepełnosprawnościami", "Zwolennik", "Wkład zapisany w katalogu."),
)


def words(cells: list[str]) -> list[str]:
    return [word for cell in cells for word in cell.replace("-", "- ").split()]


@pytest.mark.parametrize("widths", [(2, 1, 5), (1, 1, 8), (3, 3, 3)])
def test_no_word_is_broken_and_the_width_is_kept(widths: tuple[float, ...]) -> None:
    made = fitted(HEADER, ROWS, widths, style.WIDTH)
    assert sum(made) == pytest.approx(style.WIDTH)
    for at, width in enumerate(made):
        longest = max(text_width(one, 9, bold=at == 0) for one in words([row[at] for row in ROWS]))
        assert width - PADDING >= longest


def test_a_column_that_has_room_keeps_its_proportion() -> None:
    assert fitted(("a", "b"), [("x", "y")], (1, 3), 400) == [100, 300]


def test_where_words_need_more_than_there_is_the_longest_gives_way() -> None:
    rows = [("krótkie", "Rozporządzenie" * 8)]
    made = fitted(("a", "b"), rows, (1, 1), 200)
    assert sum(made) == pytest.approx(200)
    assert made[0] - PADDING >= text_width("krótkie", 9, bold=True)


def test_a_no_break_space_does_not_end_a_word() -> None:
    made = fitted(("a", "b"), [("wartość\u00a0minimalna\u00a0rocznie", "y")], (1, 9), 300)
    assert made[0] - PADDING >= text_width("wartość\u00a0minimalna\u00a0rocznie", 9, bold=True)


def test_a_single_letter_stays_with_the_word_after_it() -> None:
    made = fitted(("a", "b"), [("x", "w przygotowaniu")], (9, 1), 300)
    assert made[1] - PADDING >= text_width("w przygotowaniu", 9)


def test_a_compound_goes_on_below_its_hyphen_only_where_it_must() -> None:
    name = "Poradnia Psychologiczno-Pedagogiczna nr 2-3"
    assert hyphenated(name, 100, bold=True) == "Poradnia Psychologiczno-\nPedagogiczna nr 2-3"
    assert hyphenated(name, 200, bold=True) == name


def test_height_grows_with_lines() -> None:
    low = height_of([("jeden", "dwa")] * 4, (100, 100))
    assert low == 4 * (style.CELL.leading + 6)
    assert height_of([("jeden", "dwa trzy " * 30)] * 4, (100, 100)) > 5 * low
    assert height_of([("jeden\ndwa\ntrzy", "x")], (100, 100)) == 3 * style.CELL.leading + 6


def test_few_rows_move_as_a_whole_and_high_ones_break() -> None:
    cell = "słowo " * 60
    assert is_high([(cell, cell)] * 7, (100, 100))
    assert not is_high([(cell, cell)] * 4, (100, 100))
    assert not is_high([("a", "b")] * 12, (100, 100))
