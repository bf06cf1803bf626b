"""The administrator makes accounts, gminas and teams."""

from __future__ import annotations

import pytest
from flask import Flask

from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from tests.integration.staff import GMINA, OTHER_GMINA, Staff, access_link, staff

BASE = "/panel/admin"
NEW_GMINA = {
    "teryt7": "0605012",
    "name": "Batorz",
    "powiat_name": "janowski",
    "wojewodztwo_name": "lubelskie",
}


@pytest.fixture
def admin(app: Flask) -> Staff:
    person = staff(app, "admin@example.org")
    person.get(BASE)
    return person


def test_the_list_shows_teams_and_their_coordinators(admin: Staff) -> None:
    page = admin.get(BASE)
    assert "Janów Lubelski" in page
    assert "Anna Zając (anna@example.org)" in page


def test_a_gmina_is_found_by_name_without_diacritics(admin: Staff) -> None:
    assert f"/panel/admin/zespol/{OTHER_GMINA}" in admin.get(f"{BASE}?szukaj=bilgoraj")
    assert "Nie ma takiej gminy" in admin.get(f"{BASE}?szukaj=atlantyda")


def test_a_gmina_is_added_by_hand_and_leads_to_its_team(admin: Staff, sqlite_context: Context) -> None:
    admin.get(f"{BASE}/gmina")
    response = admin.send(f"{BASE}/gmina", NEW_GMINA)
    assert str(response.location).endswith("/zespol/060501")
    assert gminas.describe(sqlite_context, "060501").name == "Batorz"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"teryt7": "060501"}, "To nie jest kod TERYT gminy"),
        ({"teryt7": "9905012"}, "Żadne województwo nie ma kodu 99"),
        ({"wojewodztwo_name": "opolskie"}, "a to województwo lubelskie"),
        ({"teryt7": f"{GMINA}3"}, "już jest w serwisie"),
        ({"name": ""}, "Prosimy podać nazwę"),
    ],
)
def test_a_wrong_gmina_is_refused_beside_its_field(admin: Staff, change: dict[str, str], words: str) -> None:
    response = admin.send(f"{BASE}/gmina", {**NEW_GMINA, **change})
    assert response.status_code == 422
    assert words in response.text
    assert 'value="janowski"' in response.text


def test_a_team_gets_a_coordinator_who_chooses_a_password_by_the_link_shown_once(
    app: Flask, admin: Staff
) -> None:
    admin.get(f"{BASE}/zespol/060203")
    response = admin.send(f"{BASE}/zespol/060203", {"name": "Olga Nowa", "email": "olga@example.org"})
    assert response.status_code == 200
    olga = Staff(app.test_client())
    link = access_link(response.text)
    assert olga.choose_password(link).status_code == 302
    assert "Biłgoraj" in olga.get("/panel/060203")
    assert Staff(app.test_client()).log_in("olga@example.org").status_code == 302
    Staff(app.test_client()).get(link, expect=410)


def test_who_has_an_account_keeps_the_password_and_gets_a_second_gmina(app: Flask, admin: Staff) -> None:
    response = admin.send(f"{BASE}/zespol/{OTHER_GMINA}", {"name": "Anna Zając", "email": "anna@example.org"})
    assert "loguje się tak jak dotąd" in response.text
    page = staff(app, "anna@example.org").get("/panel")
    assert "Janów Lubelski" in page
    assert "Biłgoraj" in page


def test_a_new_account_needs_a_gmina_that_exists(admin: Staff, sqlite_context: Context) -> None:
    typed = {"name": "Jan Nowy", "email": "nowy@example.org", "role": "coordinator", "gmina_code": ""}
    assert "podać kod gminy" in admin.send(f"{BASE}/konto", typed).text
    response = admin.send(f"{BASE}/konto", {**typed, "gmina_code": "999999"})
    assert response.status_code == 422
    assert "Nie ma gminy o kodzie 999999" in response.text
    assert accounts.find_person(sqlite_context, "nowy@example.org") is None
    assert admin.send(f"{BASE}/konto", {**typed, "gmina_code": GMINA}).status_code == 200


def test_a_taken_address_is_said(admin: Staff) -> None:
    typed = {"name": "Anna", "email": "ANNA@example.org", "role": "administrator", "gmina_code": ""}
    response = admin.send(f"{BASE}/konto", typed)
    assert response.status_code == 422
    assert "już istnieje" in response.text


def account_of(context: Context, email: str) -> str:
    found = accounts.find_person(context, email)
    assert found is not None
    return f"{BASE}/osoba/{found.id}"


def test_who_forgot_the_password_gets_a_link_and_the_old_one_ends_when_it_is_used(
    app: Flask, admin: Staff, sqlite_context: Context
) -> None:
    anna = staff(app, "anna@example.org")
    address = account_of(sqlite_context, "anna@example.org")
    assert f'href="{address}"' in admin.get(BASE)
    admin.get(address)
    link = access_link(admin.send(f"{address}/odnosnik").text)
    assert anna.client.get("/panel/060505").status_code == 200, "nothing ends before the link is used"
    again = Staff(app.test_client())
    assert again.choose_password(link, "nowe drzwi do lasu 7").status_code == 302
    assert anna.client.get("/panel").status_code == 302, "logged out"
    assert Staff(app.test_client()).log_in("anna@example.org").status_code == 422
    assert Staff(app.test_client()).log_in("anna@example.org", "nowe drzwi do lasu 7").status_code == 302


def test_who_left_the_team_is_locked_out_and_may_come_back(
    app: Flask, admin: Staff, sqlite_context: Context
) -> None:
    anna = staff(app, "anna@example.org")
    address = account_of(sqlite_context, "anna@example.org")
    admin.send(f"{address}/zamkniecie")
    assert "konto zamknięte" in admin.get(BASE)
    assert anna.client.get("/panel").status_code == 302
    assert "zamknięte" in admin.get(address)
    link = access_link(admin.send(f"{address}/odnosnik").text)
    assert Staff(app.test_client()).log_in("anna@example.org").status_code == 422, "not with the old password"
    assert Staff(app.test_client()).choose_password(link).status_code == 302


def test_the_administrator_cannot_lock_themselves_out(admin: Staff, sqlite_context: Context) -> None:
    address = account_of(sqlite_context, "admin@example.org")
    assert "Zamknij konto" not in admin.get(address)
    assert admin.send(f"{address}/zamkniecie").status_code == 409
    admin.get(f"{BASE}/osoba/99999", expect=404)
