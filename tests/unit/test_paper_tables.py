"""Tables of a paper on a page: what is read, what is named, what comes back; texts out of word processors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.forms.paper_page import edited_faults, read_paper, unworded
from survey_app.forms.tables import TablesResult, filled_in, read_tables, shown_rows, with_room
from survey_app.forms.typed_text import from_word
from survey_app.instrument.calculator_model import TABLE_OF
from survey_app.instrument.paper_model import Column, ColumnType, FixedRow, RowTable
from survey_app.services.method.definitions import papers

TASKS = RowTable(
    "zadania",
    "Zadania",
    (
        Column("co", "Co"),
        Column("opis", "Opis", ColumnType.LONG_TEXT),
        Column("kiedy", "Kiedy", ColumnType.DATE),
        Column("ile", "Ile", ColumnType.NUMBER),
        Column("stan", "Stan", ColumnType.CHOICE, ("plan", "gotowe")),
    ),
    most=4,
)
FIXED = RowTable(
    "dane", "Dane", (Column("wartosc", "Wartość"),), (FixedRow("lud", "Ludność"), FixedRow("obs", "Obszar"))
)


def read(form: dict[str, list[str]], stamp: str = "1:1") -> TablesResult:
    return read_tables((TASKS, FIXED), form, stamp)


def test_every_kind_of_cell_is_kept_in_its_own_form() -> None:
    found = read(
        {
            "zadania-rows": ["a1"],
            "zadania-a1-co": [" sala\nduża "],
            "zadania-a1-opis": ["pierwsza\r\ndruga"],
            "zadania-a1-kiedy": ["5.11.2026"],
            "zadania-a1-ile": ["1 200,50"],
            "zadania-a1-stan": ["gotowe"],
            "dane-obs-wartosc": ["12 km²"],
        }
    )
    assert found.faults == []
    assert found.rows == {
        "zadania": [
            {
                "_id": "a1",
                "co": "sala duża",
                "opis": "pierwsza\ndruga",
                "kiedy": "2026-11-05",
                "ile": "1200.50",
                "stan": "gotowe",
            }
        ],
        "dane": [{"_id": "obs", "wartosc": "12 km²"}],
    }


def test_each_fault_says_table_row_and_column_and_everything_comes_back() -> None:
    found = read(
        {
            "zadania-rows": ["a1", "nowy2"],
            "zadania-a1-co": ["x" * 501],
            "zadania-nowy2-kiedy": ["31.02.2026"],
            "zadania-nowy2-ile": ["dużo"],
            "zadania-nowy2-stan": ["kiedyś"],
            "dane-lud-wartosc": ["a\x00b"],
        }
    )
    told = {fault.where: fault.message for fault in found.faults}
    assert told["zadania-a1-co"].startswith("Zadania, wiersz 1, Co: tekst ma 501\u00a0znaków")
    assert told["zadania-nowy2-kiedy"] == "Zadania, wiersz 2, Kiedy: nie ma takiej daty."
    assert told["zadania-nowy2-ile"] == "Zadania, wiersz 2, Ile: to nie jest liczba."
    assert told["zadania-nowy2-stan"] == "Zadania, wiersz 2, Stan: nie ma odpowiedzi „kiedyś”."
    assert told["dane-lud-wartosc"].startswith("Dane, „Ludność”, Wartość: w tekście jest znak sterujący")
    assert found.raw["zadania-nowy2-ile"] == "dużo"
    assert found.raw["zadania-a1-co"] == "x" * 501
    assert found.order["zadania"] == ["a1", "nowy2"]


def test_a_number_that_cannot_be_is_refused_by_row_and_column_and_older_versions_take_any() -> None:
    (social,) = (one for one in papers()["dane_spoleczne"].tables if one.id == "pomoc_tabela")
    cells = {
        "pomoc_tabela-rodziny-rok_1": ["-5"],
        "pomoc_tabela-osoby-rok_4": ["1234,5"],
        "pomoc_tabela-choroba-rok_4": ["12,0"],
        "pomoc_tabela-zasilki-rok_3": ["1 234 567,89"],
        "pomoc_tabela-zasilki-rok_4": ["−0,01"],
    }
    found = read_tables((social,), cells, "1:1")
    title = "Osoby i rodziny, którym przyznano świadczenia"
    assert [fault.message for fault in found.faults] == [
        f"{title}, „Rodziny objęte pomocą”, Trzy lata wcześniej: najmniej 0.",
        f"{title}, „Osoby w tych rodzinach”, Ostatni rok: to ma być liczba całkowita.",
        f"{title}, „Wydatki na zasiłki w roku (zł)”, Ostatni rok: najmniej 0.",
    ]
    assert found.raw["pomoc_tabela-osoby-rok_4"] == "1234,5"
    kept = {row["_id"]: row for row in found.rows["pomoc_tabela"]}
    assert kept["choroba"]["rok_4"] == "12"
    assert kept["zasilki"]["rok_3"] == "1234567.89"
    before = replace(social, columns=tuple(Column(one.id, one.label, one.type) for one in social.columns))
    assert read_tables((before,), cells, "1:1").faults == []


def test_every_number_of_the_services_own_papers_has_bounds() -> None:
    """Below zero only a team's own indicator goes; what is no amount, share or time is whole."""
    tables = [(key, table) for key, paper in papers().items() for table in paper.tables]
    free = {}
    for key, table in tables:
        if not table.id.startswith(TABLE_OF):
            for one in (*table.columns, *table.rows):
                is_number = isinstance(one, Column) and one.type is ColumnType.NUMBER
                if is_number:
                    assert one.minimum is not None, (key, table.id, one.id)
                if (is_number and one.decimals is None) or one.decimals:
                    free[key, one.id] = one.minimum
    assert free == {
        ("bilans_otwarcia", "godziny"): 0,
        ("dane_spoleczne", "zasilki"): None,
        ("monitoring", "inny"): -999999999,
    }


def test_empty_rows_are_dropped_and_rows_without_their_marker_are_not() -> None:
    found = read(
        {
            "zadania-rows": ["a1", "a2"],
            "zadania-a1-co": [" \u200b "],
            "zadania-a2-co": ["drugie"],
            "zadania-a3-co": ["trzecie"],
        }
    )
    assert [(row["_id"], row["co"]) for row in found.rows["zadania"]] == [("a2", "drugie"), ("a3", "trzecie")]
    assert found.order["zadania"] == ["a1", "a2", "a3"]


def test_a_new_row_has_an_id_of_its_own_and_the_same_page_makes_the_same() -> None:
    form = {"zadania-nowy1-co": ["sala"], "zadania-nowy2-co": ["sala"]}
    first, again, others = (read(form, stamp).rows["zadania"] for stamp in ("1:1", "1:1", "2:1"))
    ids = {row["_id"] for row in (*first, *others)}
    assert len(ids) == 4
    assert not any(one.startswith("nowy") for one in ids)
    assert first == again


def test_too_many_rows_are_said_and_none_is_cut() -> None:
    found = read({f"zadania-nowy{place}-co": ["x"] for place in range(1, 7)})
    assert [fault.message for fault in found.faults] == ["Zadania: tabela może mieć najwyżej 4\u00a0wiersze."]
    assert found.faults[0].hint == "Prosimy opróżnić 2\u00a0wiersze."
    assert len(found.order["zadania"]) == 6


def test_a_cell_that_came_twice_is_a_fault() -> None:
    found = read({"zadania-a1-co": ["raz", "dwa"]})
    assert [fault.code for fault in found.faults] == ["field.repeated"]


def test_kept_rows_are_shown_as_they_are_read_and_have_room_for_more() -> None:
    rows = {"zadania": [{"_id": "a1", "co": "sala", "ile": "1200.5", "kiedy": "2026-11-05"}]}
    shown = filled_in((TASKS, FIXED), rows)
    form = {name: [text] for name, text in shown.raw.items()}
    assert read(form).rows == rows
    assert shown.raw["zadania-a1-ile"] == "1200,5"
    assert with_room(TASKS, ["a1", "nowy7"], 3) == ["a1", "nowy7", "nowy8", "nowy9"]  # no more than four
    assert [row.label for row in shown_rows(FIXED, with_room(FIXED, [], 3))] == ["Ludność", "Obszar"]


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("so\u00adłtys", "sołtys"),
        ("\ufeffw\u00a0gminie", "w gminie"),
        ("raz\x0bdwa\u2028trzy", "raz\ndwa\ntrzy"),
        ("\uf0b7\tpierwszy\r\n\uf0a7 drugi", "- pierwszy\n- drugi"),
        ("•\tpierwszy\n  ·  drugi", "- pierwszy\n  - drugi"),
        ("o\tdrugiego stopnia", "- drugiego stopnia"),
        ("o tym · i o tamtym", "o tym · i o tamtym"),
        ("stąd \uf0e0 tam \uf04a", "stąd → tam •"),
        ("👨\u200d👩\u200d👧 i łódź", "👨\u200d👩\u200d👧 i łódź"),
    ],
)
def test_a_text_out_of_a_word_processor_is_made_plain(typed: str, plain: str) -> None:
    assert from_word(typed) == plain
    assert from_word(plain) == plain
    assert unworded({"a": [typed]}) == {"a": [plain]}


def test_places_that_lead_nowhere_are_named() -> None:
    known = {"gmina", "dzien"}
    assert edited_faults("Gmina {gmina}, {dzien}", known) == []
    told = edited_faults("W {gmnia} i {dzień}", known)
    assert [fault.message for fault in told] == ["Nie ma pola „gmnia”.", "Nie ma pola „dzień”."]
    assert [fault.code for fault in edited_faults("", known)] == ["text.none"]


def test_days_out_of_order_are_a_fault_and_equal_or_missing_ones_are_not() -> None:
    monitoring = papers()["monitoring"]

    def faults(first: str, then: str) -> list[str]:
        return [
            one.where for one in read_paper(monitoring, {"okres_od": [first], "okres_do": [then]}, "x").faults
        ]

    assert faults("2027-07-01", "2027-06-30") == ["okres_do"]
    assert faults("2027-06-30", "2027-06-30") == faults("2027-07-01", "") == faults("", "2027-07-01") == []
