"""The kind of a gmina is dated: registers may come in any order with what was typed by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.store.gminas import Gmina, GminaKind, kind_on, set_kind


def gmina(*kinds: tuple[int, str]) -> Gmina:
    made = Gmina(code="060504", name="Godziszów")
    made.kinds = [GminaKind(valid_from=dt.date(year, 1, 1), kind=kind) for year, kind in kinds]
    return made


def dated(made: Gmina) -> list[tuple[int, str]]:
    return [(row.valid_from.year, row.kind) for row in made.kinds]


@pytest.mark.parametrize(
    ("before", "year", "kind", "news", "after"),
    [
        ([(2020, "2")], 2024, "2", False, [(2020, "2")]),
        ([(2020, "2")], 2024, "3", True, [(2020, "2"), (2024, "3")]),
        ([(2020, "2"), (2024, "3")], 2022, "2", False, [(2020, "2"), (2024, "3")]),
        ([(2020, "2")], 2020, "3", True, [(2020, "3")]),
        ([(2026, "2")], 2020, "2", False, [(2020, "2")]),
        ([(2026, "3")], 2020, "2", False, [(2020, "2"), (2026, "3")]),
    ],
    ids=[
        "unchanged",
        "became a town",
        "between",
        "corrected on the day",
        "known since earlier",
        "typed in later",
    ],
)
def test_what_a_register_adds(
    before: list[tuple[int, str]], year: int, kind: str, news: bool, after: list[tuple[int, str]]
) -> None:
    made = gmina(*before)
    assert set_kind(made, kind, dt.date(year, 1, 1)) is news
    assert dated(made) == after


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(2000, 2030), st.sampled_from("123")), min_size=1, max_size=8))
def test_what_the_register_of_a_day_says_holds_on_that_day(registers: list[tuple[int, str]]) -> None:
    made = gmina((2015, "2"))
    for year, kind in registers:
        set_kind(made, kind, dt.date(year, 1, 1))
        assert kind_on(made, dt.date(year, 1, 1)) == kind
        days = [row.valid_from for row in made.kinds]
        assert days == sorted(set(days)), "one kind a day, in order"
