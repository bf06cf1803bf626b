"""A table of a paper from a file and into one: what is read, what is kept, and what is said of a bad file."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from survey_app.errors import InvalidInputError
from survey_app.instrument.paper_model import Row, RowTable
from survey_app.services.context import Context
from survey_app.services.method import paper_csv, papers
from survey_app.services.method.definitions import paper_definition
from survey_app.services.method.papers import Content
from tests.integration.staff import GMINA, staff
from tests.paper_kit import offer_for_people

FIXED = "Grupa;Osoby;Stan na dzień;Źródło\n"


@pytest.fixture(autouse=True)
def _definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    offer_for_people(monkeypatch)


def table(table_id: str) -> RowTable:
    return paper_csv.table_of(paper_definition("problemy"), table_id)


def read(table_id: str, text: str, held: list[Row] | None = None, encoding: str = "utf-8") -> list[Row]:
    return paper_csv.read(table(table_id), "dane.csv", text.encode(encoding), held or [])


def refused(table_id: str, text: str) -> list[str]:
    with pytest.raises(InvalidInputError) as error:
        read(table_id, text)
    return [f"{fault.line}: {fault.message}" for fault in error.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_columns_are_found_by_their_labels_in_any_order(encoding: str, mark: str) -> None:
    text = (
        mark.join(("ILU OSÓB", "Problem", "Kogo dotyczy"))
        + "\n"
        + mark.join(("12", "Źle", "młodzież"))
        + "\n\n"
    )
    assert read("problemy", text, encoding=encoding) == [
        {"_id": "nowy1", "problem": "Źle", "kogo": "młodzież", "ilu": "12"}
    ]


def test_rows_that_were_there_keep_their_ids() -> None:
    held: list[Row] = [{"_id": "a", "problem": "Dojazd"}, {"_id": "b", "problem": "Praca"}]
    found = read("problemy", "Problem;Ilu osób\nPraca;3\nNowe;4\nPraca;5\n", held)
    assert [row["_id"] for row in found] == ["b", "nowy2", "nowy3"]


def test_fixed_rows_take_what_the_file_has_and_keep_the_rest() -> None:
    held: list[Row] = [{"_id": "bezrobotni", "osoby": "3", "zrodlo": "ankieta"}]
    text = FIXED + "osoby z niepełnosprawnością;7,5;5.11.2026;\nBezrobotni;;2026-11-02;URZĄD\n"
    assert read("liczby", text, held) == [
        {"_id": "bezrobotni", "osoby": "3", "zrodlo": "urząd", "dzien": "2026-11-02"},
        {"_id": "niepelnosprawni", "osoby": "7,5", "dzien": "5.11.2026"},
    ]


def test_what_is_wrong_is_named_by_line_and_column() -> None:
    assert refused("problemy", "Problem;Kolor\nA;b\n") == ["1: Kolumna 2: tabela nie ma kolumny „Kolor”."]
    assert "drugi raz" in refused("problemy", "Problem;problem\nA;b\n")[0]
    wrong = refused("liczby", FIXED + "Bezrobotni;dużo;31.02.2026;plotki\nKosmici;1;;\nBezrobotni;1;;\n")
    assert [one.split(":")[0] for one in wrong] == ["3", "4", "2", "2", "2"]
    assert "Kolumna 1: tabela nie ma wiersza „Kosmici”" in wrong[0]
    assert [one.split("„")[1].split("”")[0] for one in wrong[2:]] == ["Osoby", "Stan na dzień", "Źródło"]
    assert "Brakuje kolumny „Grupa”" in refused("liczby", "Osoby;Źródło\n1;urząd\n")[0]
    assert refused("problemy", "Problem\nA;b\n") == ["2: Kolumna 2: nie ma nad nią nagłówka."]
    assert "najwyżej 60" in refused("problemy", "Problem\n" + "A\n" * 61)[0]
    assert "ponad 1 MB" in refused("problemy", "Problem\n" + "A" * 1_000_000)[0]
    with pytest.raises(InvalidInputError) as error:
        paper_csv.read(table("problemy"), "d.csv", b"Problem\ndobrze\n\x81\x83\n", [])
    assert error.value.faults[0].line == 3


def test_a_number_that_cannot_be_is_refused_from_a_file_as_from_the_page(
    app: Flask, sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # the shipped papers
    number = papers.start(sqlite_context, GMINA, "bilans_otwarcia", Content(), "", None).id
    jan, base = staff(app, "jan@example.org"), f"/panel/{GMINA}/pisma/{number}"
    text = "Grupa;Liczba osób\nOsoby długotrwale bezrobotne;12\nOsoby w kryzysie psychicznym;-5\n"
    file = {"plik": (io.BytesIO(f"{text}Młodzi ludzie poza szkołą i pracą;3,5\n".encode()), "dane.csv")}
    bad = jan.send(f"{base}/tabele/grupy_osob/wczytaj", file)
    assert bad.status_code == 422
    assert "Wiersz 3. Kolumna „Liczba osób”: najmniej 0." in bad.text
    assert "Wiersz 4. Kolumna „Liczba osób”: to ma być liczba całkowita." in bad.text
    page = jan.send(f"{base}/pola", {"base": "1", "grupy_osob-zdrowie_psychiczne-liczba": "-5"})
    assert page.status_code == 422
    assert "Grupy osób, „Osoby w kryzysie psychicznym”, Liczba osób: najmniej 0." in page.text
    assert papers.view(sqlite_context, GMINA, number).newest.number == 1


def test_what_is_written_is_read_back() -> None:
    rows: list[Row] = [
        {"_id": "a", "problem": '=1+1; "cudzysłów"\ni druga linia', "kogo": "- młodzież", "ilu": "-12.5"},
        {"_id": "b", "problem": "Praca", "ilu": "3"},
    ]
    content = paper_csv.written(table("problemy"), rows)
    back = paper_csv.read(table("problemy"), "t.csv", content, rows)
    assert [{**row, "ilu": row["ilu"].replace(",", ".")} for row in back] == rows
    fixed: list[Row] = [{"_id": "niepelnosprawni", "osoby": "7", "dzien": "2026-11-02", "zrodlo": "urząd"}]
    empty = paper_csv.written(table("liczby"), []).decode("utf-8-sig")
    assert empty.splitlines() == [FIXED.strip(), "Bezrobotni;;;", "Osoby z niepełnosprawnością;;;"]
    assert paper_csv.read(table("liczby"), "t.csv", paper_csv.written(table("liczby"), fixed), []) == fixed


def test_a_file_fills_the_form_and_nothing_is_saved_before_the_person_saves(
    app: Flask, sqlite_context: Context
) -> None:
    context = sqlite_context
    content = Content({"skad": "Z rozmów"}, {"liczby": [{"_id": "bezrobotni", "osoby": "3"}]})
    number = papers.start(context, GMINA, "problemy", content, "", None).id
    jan, base = staff(app, "jan@example.org"), f"/panel/{GMINA}/pisma/{number}"
    for table_id in ("problemy", "liczby"):
        assert f"/tabele/{table_id}/wczytaj" in jan.get(f"{base}/pola")
    address = f"{base}/tabele/problemy/wczytaj"
    bad = jan.send(address, {"plik": (io.BytesIO("Problem;Ilu osób\nA;wielu\n".encode()), "dane.csv")})
    assert bad.status_code == 422
    assert "Wiersz 2. Kolumna „Ilu osób”:" in bad.text
    assert jan.send(address).status_code == 422
    good = jan.send(
        address, {"plik": (io.BytesIO("Problem;Ilu osób\nBrak dojazdu;12\n".encode()), "dane.csv")}
    )
    assert good.status_code == 200
    for words in ("Brak dojazdu", "Z rozmów", "Dotąd nic nie zostało zapisane", f'action="{base}/pola"'):
        assert words in good.text
    assert papers.view(context, GMINA, number).newest.number == 1
    assert jan.file(f"{base}/tabele/liczby/plik.csv").decode("utf-8-sig").splitlines()[1] == "Bezrobotni;3;;"
    assert jan.client.get(f"{base}/tabele/inna/plik.csv").status_code == 404
    papers.agree(context, GMINA, number, 1, context.today(), None)
    assert jan.client.get(address).status_code == 303
