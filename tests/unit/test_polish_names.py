"""Names as a Polish reader compares and sorts them."""

from __future__ import annotations

import pytest

from survey_app.polish import alphabetical, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Żłobek „Miś”", "zlobek  MIS"),
        ("G.O.P.S.", "g o p s"),
        ("Łąka-Zdrój", "LAKA ZDROJ"),
        ("wewnętrzny/zewnętrzny", "Wewnetrzny / Zewnetrzny"),
        ("Straße", "STRASSE"),
        ("Zażółć", "Zaz\u0307o\u0301łc\u0301"),
    ],
)
def test_two_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("GOPS", "MOPS"), ("Szkoła nr 1", "Szkoła nr 2"), ("Las", "Lasy")]
)
def test_two_names_do_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_letters_with_diacritics_come_after_their_plain_ones() -> None:
    names = ["Żar", "Zator", "Łan", "Luta", "Ósemka", "Oaza", "Ćma", "Czas", "ala", "Ął", "Źdźbło"]
    assert sorted(names, key=alphabetical) == [
        "ala",
        "Ął",
        "Czas",
        "Ćma",
        "Luta",
        "Łan",
        "Oaza",
        "Ósemka",
        "Zator",
        "Źdźbło",
        "Żar",
    ]
