"""Themes by interviews: what counts as mentioned, what was not coded, what stands above; released counts of texts."""

from __future__ import annotations

import pytest

from survey_app.analysis.disclosure import release_text_themes
from survey_app.analysis.themes.table import TableInterview, TableTheme, theme_table


def theme(number: int, parent: int | None = None, *, retired: bool = False) -> TableTheme:
    return TableTheme(number, f"T{number}", "", "", parent, 0 if parent is None else 1, retired)


THEMES = [theme(1), theme(2, 1), theme(3, 2), theme(4), theme(5, retired=True), theme(6, retired=True)]
INTERVIEWS = [
    TableInterview(10, "idi", "IDI", True),
    TableInterview(11, "idi", "IDI", False),
    TableInterview(12, "fgi", "FGI", False),
]


def test_a_theme_is_counted_once_an_interview_with_all_that_is_above_it() -> None:
    table = theme_table(THEMES, INTERVIEWS, [(10, 3), (10, 3), (12, 5), (12, 99), (99, 1)])
    assert {row.theme.id: row.cells for row in table.rows} == {
        1: (True, None, False),
        2: (True, None, False),
        3: (True, None, False),
        4: (False, None, False),
        5: (False, None, True),
    }


def test_what_nobody_coded_is_in_no_base() -> None:
    table = theme_table(THEMES, INTERVIEWS, [(10, 2), (12, 2)])
    (row,) = [one for one in table.rows if one.theme.id == 2]
    assert (table.base(), table.base("idi"), table.base("fgi")) == (2, 1, 1)
    assert (table.mentions(row), table.mentions(row, "idi"), table.mentions(row, "fgi")) == (2, 1, 1)


def test_a_circle_in_the_tree_ends() -> None:
    table = theme_table([theme(1, 2), theme(2, 1)], INTERVIEWS, [(10, 1)])
    assert [row.cells[0] for row in table.rows] == [True, True]


@pytest.mark.parametrize(
    ("counts", "texts", "shown"),
    [
        ({"1": 3, "2": 2}, 8, {"1": 3, "2": None, "3": None}),  # two and none look alike
        ({"1": 5}, 5, {"1": None, "2": None, "3": None}),  # all of fewer than six
        ({"1": 6, "2": 5}, 6, {"1": 6, "2": 5, "3": None}),
        ({"1": 2}, 2, {"1": None, "2": None, "3": None}),
    ],
)
def test_small_counts_of_texts_are_hidden(
    counts: dict[str, int], texts: int, shown: dict[str, int | None]
) -> None:
    table = release_text_themes(
        "p6", "Pytanie", [("1", "A"), ("2", "B"), ("3", "C")], counts, texts, 3, 5, anonymous=True
    )
    assert {row.id: row.counts[0] for row in table.rows} == shown
    assert all((row.base is None) == (row.counts[0] is None) for row in table.rows)
    assert table.notes


def test_a_named_campaign_hides_nothing() -> None:
    table = release_text_themes("p6", "P", [("1", "A"), ("2", "B")], {"1": 1}, 2, 3, 5, anonymous=False)
    assert [row.counts for row in table.rows] == [(1,), (0,)]
    assert table.notes == ()
