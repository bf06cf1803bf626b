"""Gminas are found by name, added by hand with a checked code, and given a team."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, gminas
from survey_app.services.context import Context
from survey_app.services.signing_in import links
from survey_app.store import audit


@pytest.fixture
def pilot(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def faults_of(context: Context, *values: str, example: bool = False) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInputError) as caught:
        gminas.add_gmina(context, *values, actor=None, example=example)
    return {(fault.code, fault.where) for fault in caught.value.faults}


def test_the_twenty_pilot_gminas_come_once(context: Context) -> None:
    assert not gminas.exists(context, "060504")
    assert gminas.seed_pilot_gminas(context) == 20
    assert gminas.exists(context, "060504")
    assert gminas.seed_pilot_gminas(context) == 0
    assert gminas.describe(context, "060504").name == "Godziszów"
    assert gminas.describe(context, "306401").kind_label == "gmina miejska"


def test_search_ignores_case_and_diacritics_and_puts_the_best_first(pilot: Context) -> None:
    assert [gmina.name for gmina in gminas.search_gminas(pilot, "SLUPNO")] == ["Słupno"]
    assert [gmina.name for gmina in gminas.search_gminas(pilot, "lubelski")] == [
        "Janów Lubelski",
        "Tomaszów Lubelski",
    ]
    assert [gmina.name for gmina in gminas.search_gminas(pilot, "0605042")] == ["Godziszów"]
    assert gminas.search_gminas(pilot, "  ") == []
    assert gminas.search_gminas(pilot, "%") == []


def test_a_gmina_is_added_by_hand(pilot: Context) -> None:
    added = gminas.add_gmina(pilot, " 0605 072 ", "Potok  Wielki", "Lubelskie", "ignorowany", None)
    assert (added.code, added.name, added.wojewodztwo) == ("060507", "Potok Wielki", "lubelskie")
    assert added.powiat == "janowski", "the name that the service knows already"
    with pilot.database.transaction() as session:
        assert [event.action for event in audit.events(session, "060507")] == ["gmina_added"]


@pytest.mark.parametrize(
    ("code", "wojewodztwo", "expected"),
    [
        ("060504", "lubelskie", ("teryt_form", "teryt7")),
        ("0605044", "lubelskie", ("teryt_form", "teryt7")),
        ("0600042", "lubelskie", ("teryt_form", "teryt7")),
        ("٠٦٠٥٠٤٢", "lubelskie", ("teryt_form", "teryt7")),
        ("0705042", "lubelskie", ("teryt_wojewodztwo", "teryt7")),
        ("0605072", "mazowieckie", ("teryt_wojewodztwo", "wojewodztwo_name")),
    ],
    ids=["six digits", "kind 4", "powiat 00", "other digits", "no such województwo", "not its województwo"],
)
def test_a_wrong_code_is_refused(
    context: Context, code: str, wojewodztwo: str, expected: tuple[str, str]
) -> None:
    assert faults_of(context, code, "Nazwa", wojewodztwo, "powiat") == {expected}


def test_blank_names_are_all_named_at_once(context: Context) -> None:
    assert faults_of(context, "0605072", " ", "lubelskie", "") == {
        ("name_missing", "name"),
        ("name_missing", "powiat_name"),
    }


def test_a_code_that_is_taken_is_refused(pilot: Context) -> None:
    with pytest.raises(ConflictError, match="060504 już jest"):
        gminas.add_gmina(pilot, "0605042", "Inna", "lubelskie", "janowski", None)
    assert gminas.describe(pilot, "060504").name == "Godziszów"


def test_a_double_click_adds_a_gmina_once(context: Context) -> None:
    def add(_: int) -> str:
        try:
            return gminas.add_gmina(context, "0605042", "Godziszów", "lubelskie", "janowski", None).code
        except ConflictError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(2))) == ["060504", "refused"]


def test_an_example_can_never_be_taken_for_a_real_gmina(context: Context) -> None:
    assert faults_of(context, "0605042", "Małowice", "lubelskie", "janowski", example=True) == {
        ("teryt_example", "teryt7")
    }
    made_up = gminas.add_gmina(
        context, "9901022", "Małowice", "przykładowe", "przykładowy", None, example=True
    )
    assert made_up.example
    assert made_up.wojewodztwo == "przykładowe"


def test_a_gmina_that_does_not_exist(context: Context) -> None:
    with pytest.raises(NotFoundError):
        gminas.describe(context, "060504")
    with pytest.raises(NotFoundError):
        gminas.create_team(context, "060504", "a@example.pl", "Anna", None)


def test_a_new_team_gets_a_coordinator_who_can_log_in(pilot: Context) -> None:
    token = gminas.create_team(pilot, "060504", "Anna.Łącka@Example.pl", "Anna Łącka", None)
    links.use(pilot, token, "drzwi pod lasem 7")
    person = accounts.log_in(pilot, "anna.łącka@example.pl", "drzwi pod lasem 7")
    assert person is not None
    assert accounts.coordinates(person, "060504")
    assert not accounts.coordinates(person, "060505")
    assert not accounts.is_administrator(person)
    assert [gmina.code for gmina in gminas.teams(pilot)] == ["060504"]


def test_somebody_with_an_account_keeps_the_password_in_a_second_team(pilot: Context) -> None:
    accounts.create_user(pilot, "anna@example.pl", "Anna", "łąka pod lasem 7", coordinator_of="060504")
    assert gminas.create_team(pilot, "060505", "anna@example.pl", "Anna", None) == ""
    person = accounts.log_in(pilot, "anna@example.pl", "łąka pod lasem 7")
    assert person is not None
    assert accounts.gmina_codes(person) == ["060504", "060505"]
    assert [found.name for found in accounts.coordinators(pilot, "060505")] == ["Anna"]
