"""Files of coding results that are not as they should be: which line, what is wrong, what to do."""

from __future__ import annotations

import pytest

from survey_app.services.coding.gminas_table import read_files, table
from survey_app.services.spreadsheets import Cell, Sheet, xlsx_bytes

HEADER = (
    "TERYT;gmina;województwo;tura;moment;zamknięta;Zwolennicy;w tym osoby fizyczne;Neutralni;Przeciwnicy;"
    "sektory ze Zwolennikiem"
)
FIRST = "0609013;Bełżyce;lubelskie;1;na początku;2026-01-10;1;0;20;;1"
SECOND = "0609013;Bełżyce;lubelskie;2;przed podpisaniem Paktu;2026-06-10;14;0;7;;6"


def written(*lines: str, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join((HEADER, *lines)).encode(encoding)


def faults_of(*lines: str) -> list[tuple[str, int | None]]:
    frame, faults = read_files([("gmina.csv", written(*lines))])
    assert faults
    assert len(frame) == 0  # nothing is read in part
    assert all(fault.where == "plik „gmina.csv”" and fault.message and fault.hint for fault in faults)
    return [(fault.code, fault.line) for fault in faults]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1250", "iso8859-2", "utf-16"])
def test_a_file_is_read_whatever_a_spreadsheet_made_of_its_letters(encoding: str) -> None:
    frame, faults = read_files([("gmina.csv", written(FIRST, SECOND, encoding=encoding))])
    assert faults == []
    found = table(frame)
    assert [(row.gmina, row.wojewodztwo, row.effect) for row in found.rows] == [("Bełżyce", "lubelskie", 13)]


def test_a_workbook_is_read_too_and_a_lost_leading_zero_is_put_back() -> None:
    rows: list[list[Cell]] = [[609013, *FIRST.split(";")[1:]], [609013, *SECOND.split(";")[1:]]]
    frame, faults = read_files([("gmina.xlsx", xlsx_bytes([Sheet("wyniki", HEADER.split(";"), rows)]))])
    assert faults == []
    assert table(frame).rows[0].teryt == "0609013"


def test_six_digits_of_podlaskie_are_not_mistaken_for_seven() -> None:
    line = FIRST.replace("0609013;Bełżyce;lubelskie", "200201;Białystok;podlaskie")
    frame, faults = read_files([("gmina.csv", written(line))])
    assert faults == []
    assert table(frame).rows[0].teryt == "200201"


@pytest.mark.parametrize("cell", ["", "B.d.", "brak danych", "–"])
def test_a_missing_number_stays_missing(cell: str) -> None:
    second = SECOND.replace(";14;0;7;;6", f";{cell};;;;")
    frame, faults = read_files([("gmina.csv", written(FIRST, second))])
    assert faults == []
    row = table(frame).rows[0]
    assert (row.start, row.end, row.effect) == (1, None, None)


def test_one_round_alone_goes_to_the_side_that_its_moment_names() -> None:
    first, last = (table(read_files([("g.csv", written(line))])[0]).rows[0] for line in (FIRST, SECOND))
    assert (first.start, first.end) == (1, None)
    assert (last.start, last.end) == (None, 14)


def test_no_gmina_has_both_rounds() -> None:
    found = table(read_files([("g.csv", written(FIRST))])[0])
    assert (found.pairs, found.sums, found.means, found.highest) == (0, None, None, None)
    assert found.known_start.total == 1


def test_no_files_at_all() -> None:
    frame, faults = read_files([])
    assert (len(frame), faults, table(frame).rows) == (0, [], ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (FIRST.replace("0609013", "Bełżyce"), "teryt"),
        (FIRST.replace("0609013", "1409013"), "teryt_elsewhere"),
        (FIRST.replace("lubelskie", "lubelski"), "wojewodztwo"),
        (FIRST.replace(";Bełżyce;", ";;"), "gmina"),
        (FIRST.replace(";1;na", ";;na"), "number"),
        (FIRST.replace("na początku", "kiedyś"), "moment"),
        (FIRST.replace("2026-01-10", "w maju"), "date"),
        (FIRST.replace("2026-01-10", "2026-02-30"), "date"),
        (FIRST.replace(";1;0;20;;1", ";-1;0;20;;1"), "number"),
        (FIRST.replace(";1;0;20;;1", ";1,5;0;20;;1"), "number"),
        (FIRST.replace(";1;0;20;;1", ";99999999999;0;20;;1"), "number"),
        (FIRST.replace(";1;0;20;;1", ";1;2;20;;1"), "contradiction"),
        (FIRST.replace(";1;0;20;;1", ";1;0;20;;3"), "contradiction"),
        (FIRST.replace(";1;0;20;;1", ";1;0;20;;0"), "contradiction"),
    ],
)
def test_a_bad_row_is_named_by_its_line(line: str, fault: str) -> None:
    assert faults_of(SECOND, line) == [(fault, 3)]


def test_every_fault_of_a_file_at_once() -> None:
    bad = FIRST.replace("0609013", "x").replace("na początku", "kiedyś")
    assert faults_of(bad, SECOND.replace(";14;", ";wielu;")) == [("teryt", 2), ("moment", 2), ("number", 3)]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((FIRST, SECOND.replace(";2;przed", ";1;przed")), "round_twice"),
        ((FIRST, SECOND.replace("2026-06-10", "2025-06-10")), "rounds_order"),
        ((FIRST.replace(";1;na", ";3;na").replace("2026-01", "2026-07"), SECOND), "rounds_order"),
        ((FIRST, SECOND.replace("Bełżyce", "Bychawa")), "gmina_names"),
    ],
)
def test_rounds_that_contradict_each_other(lines: tuple[str, ...], fault: str) -> None:
    assert [code for code, _ in faults_of(*lines)] == [fault]


def test_the_same_gmina_in_two_files_is_refused_in_the_later_one() -> None:
    frame, faults = read_files([("stary.csv", written(FIRST)), ("nowy.csv", written(FIRST, SECOND))])
    assert [(fault.code, fault.where) for fault in faults] == [("gmina_twice", "plik „nowy.csv”")]
    assert "Bełżyce" in faults[0].message
    assert "stary.csv" in faults[0].message
    assert len(frame) == 1


def test_namesakes_are_two_gminas() -> None:
    town = FIRST.replace("0609013;Bełżyce", "0602011;Biłgoraj")
    village = FIRST.replace("0609013;Bełżyce", "0602032;Biłgoraj")
    frame, faults = read_files([("a.csv", written(town)), ("b.csv", written(village))])
    assert faults == []
    assert [row.teryt for row in table(frame).rows] == ["0602011", "0602032"]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", HEADER.encode(), "no_rows"),
        ("a.csv", "nazwa;sektor\nszkoła;edukacja".encode(), "heading_missing"),
        ("a.csv", written(FIRST).replace(b"TERYT;gmina", b"gmina;gmina"), "heading_double"),
        ("a.pdf", b"%PDF-1.7", "not_a_table"),
        ("a.csv", b"\x81\x8d\x8f\x90\xff;" * 20, "encoding"),
    ],
)
def test_a_file_that_is_something_else(name: str, content: bytes, fault: str) -> None:
    frame, faults = read_files([(name, content)])
    assert [one.code for one in faults] == [fault]
    assert len(frame) == 0
