"""A coordinator types the time of Polish clocks; the service must mean the same moment."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.forms.staff_fields import warsaw_moment


def test_a_winter_and_a_summer_hour_are_the_right_moments() -> None:
    assert warsaw_moment("2026-01-15", "12:00") == dt.datetime(2026, 1, 15, 11, tzinfo=dt.UTC)
    assert warsaw_moment("15.07.2026", "12.00") == dt.datetime(2026, 7, 15, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("2026-03-29", "02:30", "nie ma godziny 02:30"),
        ("2026-10-25", "02:30", "jest dwa razy"),
        ("", "12:00", "podać dzień"),
        ("2026-01-15", "", "podać godzinę"),
        ("2026-02-30", "12:00", "Nie ma takiego dnia"),
        ("15 stycznia", "12:00", "Nie ma takiego dnia"),
        ("0001-01-01", "12:00", "Nie ma takiego dnia"),
        ("2026-01-15", "25:00", "Nie ma takiej godziny"),
        ("2026-01-15", "٠٩:٠٠x", "Nie ma takiej godziny"),
    ],
)
def test_what_is_no_single_moment_is_said_in_plain_words(day: str, time: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        warsaw_moment(day, time)


@pytest.mark.parametrize(
    ("day", "time", "hour_in_utc"),
    [("2026-03-29", "03:00", 1), ("2026-03-29", "01:59", 0), ("2026-10-25", "03:00", 2)],
)
def test_the_hours_around_the_change_of_clocks_are_taken(day: str, time: str, hour_in_utc: int) -> None:
    assert warsaw_moment(day, time).hour == hour_in_utc
