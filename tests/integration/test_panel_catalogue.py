"""The catalogue as a coordinator keeps it on the pages."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask

from survey_app.services import catalogue
from survey_app.services.context import Context
from survey_app.web.carried_file import pack, unpack
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, staff

BASE = f"/panel/{GMINA}/katalog"
ENTRY = {
    "name": "Świetlica „Promyk” & Syn",
    "sector": "edukacja",
    "internal": "1",
    "stakeholder_type": "B",
    "address": "ul. Zamoyskiego 1",
    "contact_name": "Jan Kos",
    "contact_email": "jan@example.org",
}
GOOD = "Nazwa;Sektor;Wewnętrzny/zewnętrzny;Typ\r\nGOPS;pomoc społeczna;wewnętrzny;A\r\nBank;finanse;zewnętrzny;\r\n"
BAD = "Nazwa;Sektor;Wewnętrzny/zewnętrzny;Typ\r\nGOPS;pomoc spoleczna;wewn;Q\r\nBank;fynanse;tam;\r\n"


@pytest.fixture
def anna(app: Flask) -> Staff:
    return staff(app, "anna@example.org")


def names(context: Context, gmina: str = GMINA) -> list[str]:
    return [row.name for row in catalogue.stakeholders(context, gmina)]


def upload(anna: Staff, content: bytes, name: str = "katalog.csv") -> tuple[int, str]:
    anna.get(f"{BASE}/wczytaj")
    response = anna.send(f"{BASE}/wczytaj", {"plik": (io.BytesIO(content), name)})
    return response.status_code, response.text


def test_an_empty_catalogue_says_how_to_begin(anna: Staff) -> None:
    assert "Katalog jest jeszcze pusty" in anna.get(BASE)


def test_an_entry_is_typed_in_and_found_again(anna: Staff, sqlite_context: Context) -> None:
    assert anna.send(f"{BASE}/nowy", ENTRY).status_code == 302
    assert names(sqlite_context) == ["Świetlica „Promyk” & Syn"]
    assert "Świetlica „Promyk” &amp; Syn" in anna.get(f"{BASE}?szukaj=SWIETLICA")
    assert "Znaleziono 0 z 1" in anna.get(f"{BASE}?szukaj=swietlica&sektor=zdrowie")


def test_a_refused_entry_keeps_what_was_typed_and_says_what_is_wrong(
    anna: Staff, sqlite_context: Context
) -> None:
    response = anna.send(
        f"{BASE}/nowy", {**ENTRY, "name": "", "contact_email": "jan bez małpy", "note": "<b>uwaga</b>"}
    )
    assert response.status_code == 422
    assert "Prosimy podać nazwę" in response.text
    assert "ul. Zamoyskiego 1" in response.text
    assert "&lt;b&gt;uwaga" in response.text
    assert names(sqlite_context) == []
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "contact_email": "jan bez małpy"})
    assert "To nie jest adres e-mail" in response.text


def test_the_same_name_twice_is_refused(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "name": "swietlica PROMYK & syn"})
    assert response.status_code == 422
    assert "jest już w katalogu" in response.text
    assert len(names(sqlite_context)) == 1


def test_an_entry_is_corrected_and_shows_what_it_holds(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", {**ENTRY, "internal": "0"})
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    page = anna.get(f"{BASE}/{number}/edycja")
    assert 'value="0" checked' in page
    assert 'value="jan@example.org"' in page
    anna.send(f"{BASE}/{number}/edycja", {**ENTRY, "address": "ul. Nowa 2"})
    changed = catalogue.stakeholder(sqlite_context, GMINA, number)
    assert (changed.address, changed.internal) == ("ul. Nowa 2", True)


def test_leaving_asks_first_and_deletes_the_contact(anna: Staff, sqlite_context: Context) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    assert "dane kontaktowe zostaną usunięte" in anna.get(f"{BASE}/{number}/odejscie")
    assert names(sqlite_context) != []
    anna.send(f"{BASE}/{number}/odejscie")
    assert names(sqlite_context) == []
    assert "jan@example.org" not in anna.get(f"{BASE}/{number}")


def test_a_number_in_the_address_opens_nobody_elses_entry(
    app: Flask, anna: Staff, sqlite_context: Context
) -> None:
    anna.send(f"{BASE}/nowy", ENTRY)
    number = catalogue.stakeholders(sqlite_context, GMINA)[0].id
    stranger = staff(app, "obca@example.org")
    stranger.get(f"/panel/{OTHER_GMINA}/katalog/{number}", expect=404)
    assert stranger.send(f"/panel/{OTHER_GMINA}/katalog/{number}/odejscie").status_code == 404
    assert len(names(sqlite_context)) == 1


def test_a_file_is_shown_first_and_saved_on_the_second_step(anna: Staff, sqlite_context: Context) -> None:
    status, page = upload(anna, GOOD.encode("cp1250"))
    assert status == 200
    assert "Wierszy do wczytania: 2" in page
    assert names(sqlite_context) == []
    carried = re.search(r'name="plik" value="([^"]+)"', page)
    assert carried is not None
    response = anna.send(f"{BASE}/wczytaj/zapisz", {"plik": carried[1]})
    assert response.status_code == 302
    assert names(sqlite_context) == ["Bank", "GOPS"]
    anna.send(f"{BASE}/wczytaj/zapisz", {"plik": carried[1]})
    assert names(sqlite_context) == ["Bank", "GOPS"], "a second import doubles nothing"


def test_every_faulty_row_is_shown_and_nothing_is_saved(anna: Staff, sqlite_context: Context) -> None:
    status, page = upload(anna, BAD.encode())
    assert status == 422
    assert "Wierszy z błędami: 2 z 2" in page
    assert "fynanse" in page
    assert 'name="plik" value=' not in page
    assert anna.send(f"{BASE}/wczytaj/zapisz", {"plik": pack("k.csv", BAD.encode())}).status_code == 422
    assert names(sqlite_context) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "pusty.csv"), (b"%PDF-1.7 nie katalog", "katalog.csv"), (b"\xff\xd8\xff", "zdjecie.jpg")],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(anna: Staff, content: bytes, name: str) -> None:
    status, page = upload(anna, content, name)
    assert status == 422
    assert "Nie można wczytać pliku" in page


def test_no_file_chosen_says_so(anna: Staff) -> None:
    assert "Prosimy wybrać plik" in anna.send(f"{BASE}/wczytaj", {}).text


@pytest.mark.parametrize("broken", ["", "to nie jest plik", "eJw=", pack("k.csv", b"x" * 5_000_001)])
def test_a_carried_file_that_was_changed_is_refused(anna: Staff, broken: str) -> None:
    anna.get(f"{BASE}/wczytaj")
    assert "nie wrócił w całości" in anna.send(f"{BASE}/wczytaj/zapisz", {"plik": broken}).text


def test_a_carried_file_comes_back_whole() -> None:
    assert unpack(pack("kąt.csv", b"\x00a\x00")) == ("kąt.csv", b"\x00a\x00")


def test_too_large_a_request_is_refused_with_a_page(anna: Staff) -> None:
    response = anna.send(f"{BASE}/nowy", {**ENTRY, "note": "x" * 600_000})
    assert response.status_code == 413


def test_the_template_file_can_be_imported_itself(anna: Staff) -> None:
    status, page = upload(anna, anna.file(f"{BASE}/wczytaj/wzor.csv"))
    assert (status, "Przykładowa świetlica" in page) == (200, True)
