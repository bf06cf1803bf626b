"""Accounts: who gets in, who does not, and what the trace says."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from flask import Flask

from survey_app import security
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.signing_in import sessions
from survey_app.store import audit, people
from survey_app.store.people import Person
from tests.integration.staff import GMINA, staff

PASSWORD = "żółta łódka 12"


def a_person(context: Context, email: str = "anna@example.pl", *, administrator: bool = False) -> Person:
    return accounts.create_user(context, email, "Anna Łącka", PASSWORD, administrator=administrator)


def test_the_right_password_opens_and_a_wrong_one_does_not(context: Context) -> None:
    person = a_person(context)
    entered = accounts.log_in(context, " Anna@Example.PL", PASSWORD)
    assert entered is not None
    assert entered.id == person.id
    assert accounts.log_in(context, "anna@example.pl", PASSWORD + " ") is None
    assert accounts.log_in(context, "anna@example.pl", "") is None
    assert accounts.log_in(context, "nikt@example.pl", PASSWORD) is None
    assert accounts.log_in(context, "anna@example.pl", "x" * 1_000_000) is None
    assert accounts.log_in(context, "anna@example.pl", "\ud800") is None
    assert accounts.log_in(context, "anna\x00@example.pl", PASSWORD) is None
    assert accounts.log_in(context, "\ud800@example.pl", PASSWORD) is None
    assert accounts.person(context, 2**40) is None


def test_letters_with_diacritics_open_from_any_keyboard(context: Context) -> None:
    a_person(context)
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD
    assert accounts.log_in(context, "anna@example.pl", decomposed) is not None


def test_the_password_itself_is_nowhere_in_the_store(context: Context) -> None:
    person = a_person(context)
    assert PASSWORD not in person.password_hash
    assert person.password_hash.startswith("$argon2id$")


def test_an_unknown_address_costs_the_same_work(monkeypatch: pytest.MonkeyPatch, context: Context) -> None:
    """Counted, not timed: both log-ins verify one hash."""
    checked: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(hasher: argon2.PasswordHasher, known: str, given: str) -> bool:
        checked.append(known.split("$")[3])
        return verify(hasher, known, given)

    a_person(context)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    accounts.log_in(context, "anna@example.pl", "złe hasło 123")
    accounts.log_in(context, "nikt@example.pl", "złe hasło 123")
    assert len(checked) == 2
    assert checked[0] == checked[1], "the same cost parameters"


def test_a_hash_of_weaker_parameters_is_renewed_at_the_next_log_in(context: Context) -> None:
    person = a_person(context)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with context.database.transaction() as session:
        found = people.get(session, person.id)
        assert found is not None
        found.password_hash = weak
    assert accounts.log_in(context, "anna@example.pl", "nie to hasło 1") is None
    assert accounts.log_in(context, "anna@example.pl", PASSWORD) is not None
    renewed = accounts.person(context, person.id)
    assert renewed is not None
    assert renewed.password_hash != weak
    assert not security.needs_rehash(renewed.password_hash)
    assert accounts.log_in(context, "anna@example.pl", PASSWORD) is not None


@pytest.mark.parametrize(
    ("email", "name", "password", "where"),
    [
        ("anna", "Anna", PASSWORD, "email"),
        ("anna@localhost", "Anna", PASSWORD, "email"),
        ("anna@exa mple.pl", "Anna", PASSWORD, "email"),
        ("a@b.pl\nBcc: c@d.pl", "Anna", PASSWORD, "email"),
        ("a" * 250 + "@b.pl", "Anna", PASSWORD, "email"),
        ("anna@example.pl", "  ", PASSWORD, "name"),
        ("anna@example.pl", "Anna", "krótkie", "password"),
        ("anna@example.pl", "Anna", "x" * 201, "password"),
        ("anna@example.pl", "Anna", "aaaaaaaaaaaaaaa", "password"),
        ("anna@example.pl", "Anna", "anna@example.pl1", "password"),
    ],
)
def test_what_cannot_be_an_account(
    context: Context, email: str, name: str, password: str, where: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        accounts.create_user(context, email, name, password)
    assert {fault.where for fault in caught.value.faults} == {where}
    assert accounts.everyone(context) == []


def test_one_address_has_one_account_in_any_case(context: Context) -> None:
    a_person(context)
    with pytest.raises(ConflictError):
        a_person(context, "ANNA@example.pl")
    assert len(accounts.everyone(context)) == 1


def test_one_address_gets_one_account_even_at_the_same_moment(context: Context) -> None:
    def make(_: int) -> str:
        try:
            return a_person(context).email
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, range(2))) == ["anna@example.pl", "refused"]
    assert len(accounts.everyone(context)) == 1


def test_a_coordinator_of_an_unknown_gmina_gets_no_account_at_all(context: Context) -> None:
    with pytest.raises(NotFoundError):
        accounts.create_user(context, "anna@example.pl", "Anna", PASSWORD, coordinator_of="060504")
    assert accounts.everyone(context) == []


def test_an_administrator_coordinates_no_gmina_by_that_alone(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    administrator = a_person(context, administrator=True)
    assert accounts.is_administrator(administrator)
    assert not accounts.coordinates(administrator, "060504")


def test_a_new_password_ends_the_sessions_and_the_old_password(context: Context) -> None:
    person = a_person(context)
    with pytest.raises(InvalidInputError):
        accounts.change_password(context, person.id, "nie to hasło 1", "nowe drzwi do lasu 7")
    token = sessions.begin(context, person.id, "Firefox", with_factor=False)
    accounts.change_password(context, person.id, PASSWORD, "nowe drzwi do lasu 7")
    assert sessions.alive(context, token) is None
    assert accounts.log_in(context, "anna@example.pl", PASSWORD) is None
    assert accounts.log_in(context, "anna@example.pl", "nowe drzwi do lasu 7") is not None


def test_a_weak_new_password_leaves_the_old_one(context: Context) -> None:
    person = a_person(context)
    with pytest.raises(InvalidInputError) as caught:
        accounts.change_password(context, person.id, PASSWORD, "krótkie")
    assert [fault.where for fault in caught.value.faults] == ["new"]
    assert accounts.log_in(context, "anna@example.pl", PASSWORD) is not None


def test_a_closed_account_lets_nobody_in(context: Context) -> None:
    person = a_person(context, administrator=True)
    token = sessions.begin(context, person.id, "Firefox", with_factor=False)
    accounts.close_account(context, person.id, actor=None)
    assert sessions.alive(context, token) is None
    assert accounts.log_in(context, "anna@example.pl", PASSWORD) is None
    closed = accounts.person(context, person.id)
    assert closed is not None
    assert not accounts.is_administrator(closed)


def test_the_trace_tells_who_was_made_what(context: Context) -> None:
    gminas.seed_pilot_gminas(context)
    boss = a_person(context, "szefowa@example.pl", administrator=True)
    anna = accounts.create_user(
        context, "anna@example.pl", "Anna", PASSWORD, coordinator_of="060504", actor=boss.id
    )
    accounts.end_sessions(context, anna.id, boss.id)
    with context.database.transaction() as session:
        of_gmina = [(event.action, event.person_id) for event in audit.events(session, "060504")]
        of_service = [(event.action, event.object_id) for event in audit.events(session, None)]
    assert of_gmina == [("coordinator_appointed", boss.id)]
    assert of_service[0] == ("sessions_ended", str(anna.id))
    assert ("administrator_appointed", str(boss.id)) in of_service


def test_a_person_mends_their_own_name(app: Flask) -> None:
    jan, anna = staff(app, "jan@example.org"), staff(app, "anna@example.org")
    assert 'value="Jan Łoś"' in jan.get("/panel/konto")
    for typed, said in (
        ("  ", "Prosimy podać"),
        ("J" * 201, "Najwyżej 200 znaków"),
        ("Jan\u202eŁoś", "zwykłych"),
    ):
        refused = jan.send("/panel/konto/nazwisko", {"name": typed})
        assert refused.status_code == 422
        assert said in refused.text
        assert 'href="#name"' in refused.text
    assert 'value="Jan Łoś"' in jan.get("/panel/konto")
    changed = jan.send("/panel/konto/nazwisko", {"name": "Jan  Łosiński"})
    assert (changed.status_code, changed.location) == (303, "/panel/konto")
    assert "<h1>Jan Łosiński</h1>" in re.sub("<h1[^>]*>", "<h1>", jan.get("/panel/konto"))
    assert "Jan Łosiński" in anna.get(f"/panel/{GMINA}/zespol")


def test_the_log_in_says_who_helps_with_a_password_that_was_forgotten(app: Flask) -> None:
    page = staff(app).get("/logowanie")
    assert "Kto nie pamięta hasła" in page
    assert "administratora serwisu: wyda odnośnik" in page
