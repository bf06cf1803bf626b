"""What is read from GUS's register, and what is refused, by row and column."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from survey_app.errors import InvalidInputError
from survey_app.services.terc_file import read_register

EXCERPT = (Path(__file__).parent.parent / "fixtures" / "terc_excerpt.csv").read_text(encoding="utf-8")
HEADINGS = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA\n"
LUBELSKIE = HEADINGS + "06;;;;LUBELSKIE;województwo;2020-01-01\n06;05;;;janowski;powiat;2020-01-01\n"


def faults_of(text: str | bytes) -> list[tuple[str, str, int | None]]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InvalidInputError) as caught:
        read_register(content)
    return [(fault.code, fault.where, fault.line) for fault in caught.value.faults]


def test_parts_of_a_gmina_and_of_a_city_are_not_counted_as_gminas() -> None:
    register = read_register(EXCERPT.encode())
    assert len(register.gminas) == 14
    assert register.gminas["060505"] == ("Janów Lubelski", "3")
    assert register.gminas["146501"] == ("Warszawa", "1")
    assert "146502" not in register.gminas, "a district of Warsaw"
    assert "306402" not in register.gminas, "a delegatura of Poznań"
    assert register.wojewodztwa == {"06": "lubelskie", "14": "mazowieckie", "30": "wielkopolskie"}
    assert register.as_of == dt.date(2020, 1, 1)


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference() -> None:
    plain = read_register(EXCERPT.encode())
    assert read_register(b"\xef\xbb\xbf" + EXCERPT.replace("\n", "\r\n").encode()) == plain


def test_the_older_name_of_the_column_is_known() -> None:
    assert read_register(EXCERPT.replace("NAZWA_DOD", "NAZDOD").encode()) == read_register(EXCERPT.encode())


def test_every_wrong_row_is_named_at_once() -> None:
    bad = LUBELSKIE + (
        "06;5;01;2;Batorz;gmina wiejska;2020-01-01\n"
        "06;05;02;7;Chrzanów;gmina wiejska;2020-01-01\n"
        "06;05;03;2;;gmina wiejska;2020-01-01\n"
        "06;05;04;2;Godziszów;gmina wiejska;2020-13-01\n"
        "06;05;04;2;Godziszów\n"
        "06;05;05;;Janów Lubelski;gmina;2020-01-01\n"
    )
    assert faults_of(bad) == [
        ("terc_digits", "POW", 4),
        ("terc_kind", "RODZ", 5),
        ("terc_name", "NAZWA", 6),
        ("terc_date", "STAN_NA", 7),
        ("terc_columns", "wiersz", 8),
        ("terc_kind", "RODZ", 9),
    ]


def test_a_doubled_code_and_a_gmina_without_its_powiat_are_named() -> None:
    row = "06;05;04;2;Godziszów;gmina wiejska;2020-01-01\n"
    assert faults_of(LUBELSKIE + row + row) == [("terc_double", "GMI", 5)]
    orphan = "06;07;04;2;Gościeradów;gmina wiejska;2020-01-01\n"
    assert faults_of(LUBELSKIE + row + orphan) == [("terc_parent", "POW", 5)]


def test_two_registers_glued_together_are_refused() -> None:
    later = "06;05;04;2;Godziszów;gmina wiejska;2021-01-01\n"
    assert faults_of(LUBELSKIE + later) == [("terc_mixed", "STAN_NA", 4)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "terc_empty"),
        (b"PK\x03\x04rest", "terc_zip"),
        (LUBELSKIE.encode("cp1250"), "terc_encoding"),
        (LUBELSKIE.encode(), "terc_no_gminas"),
        (b"WOJ,POW,GMI,RODZ,NAZWA,NAZWA_DOD,STAN_NA\n", "terc_heading"),
        (b"WOJ;POW;GMI;RODZ_GMI;RM;MZ;NAZWA;SYM;SYMPOD;STAN_NA\n", "terc_heading"),
    ],
    ids=["empty", "zip", "cp1250", "only a powiat", "commas", "the register of places"],
)
def test_a_file_that_is_not_the_register_is_refused(content: bytes, code: str) -> None:
    assert code in {found for found, _, _ in faults_of(content)}


def test_a_file_full_of_faults_shows_the_first_fifty_and_counts_the_rest() -> None:
    rows = "".join(f"06;05;{n:02};7;Gmina {n};gmina;2020-01-01\n" for n in range(1, 70))
    with pytest.raises(InvalidInputError) as caught:
        read_register((LUBELSKIE + rows).encode())
    assert len(caught.value.faults) == 50
    assert "jeszcze 19" in caught.value.message
