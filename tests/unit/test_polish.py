"""Numbers, dates and plurals as a Polish reader expects them."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app import polish

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 odpowiedzi"),
        (1, "1 odpowiedź"),
        (2, "2 odpowiedzi"),
        (5, "5 odpowiedzi"),
        (12, "12 odpowiedzi"),
        (22, "22 odpowiedzi"),
        (2477, "2477 odpowiedzi"),
        (12345, f"12{NBSP}345 odpowiedzi"),
    ],
)
def test_a_number_of_answers(count: int, words: str) -> None:
    assert polish.answers(count).rsplit(NBSP, 1) == words.rsplit(" ", 1)


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (1, "instytucja"),
        (2, "instytucje"),
        (4, "instytucje"),
        (5, "instytucji"),
        (12, "instytucji"),
        (112, "instytucji"),
        (22, "instytucje"),
        (25, "instytucji"),
        (101, "instytucji"),
    ],
)
def test_a_number_of_institutions(count: int, word: str) -> None:
    assert polish.institutions(count).endswith(NBSP + word)


@pytest.mark.parametrize(
    ("share", "words"),
    [(5 / 8, "63%"), (0.575, "58%"), (0.005, "1%"), (1 / 3, "33%"), (1, "100%"), (0, "0%")],
)
def test_a_share_is_rounded_as_people_round(share: float, words: str) -> None:
    assert polish.percent(share) == words


def test_a_decimal_has_a_comma_and_all_its_places() -> None:
    assert [polish.decimal(9.7143), polish.decimal(8, 2), polish.decimal(-2.25, 1)] == [
        "9,7",
        "8,00",
        "\u22122,3",
    ]


def test_moments_are_told_in_warsaw_time_in_summer_and_in_winter() -> None:
    summer = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)
    winter = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)
    assert polish.moment(summer) == "2 lipca 2026, godz. 00:30"
    assert polish.moment(winter) == "1 stycznia 2027, godz. 00:30"
    assert polish.date_short(winter) == "01.01.2027"
    assert polish.date(dt.date(2026, 11, 21)) == "21 listopada 2026"
