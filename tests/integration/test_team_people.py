"""The people of a team: added, removed, and the institutions that they represent."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.models import RoundRater
from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue import StakeholderDraft
from survey_app.services.signing_in import links
from survey_app.store import audit, people
from tests.coding_rows import a_round, close, id_of
from tests.integration.staff import GMINA, OTHER_GMINA, PASSWORD, access_link, staff
from tests.integration.staff import people as add_people

PAGE = f"/panel/{GMINA}/zespol"


@pytest.fixture
def team(context: Context) -> Context:
    add_people(context)
    return context


def an_entry(context: Context, name: str, gmina_code: str = GMINA) -> int:
    draft = StakeholderDraft(name=name, sector=next(iter(catalogue.catalogue_sectors())), internal=True)
    return catalogue.add_stakeholder(context, gmina_code, draft, actor=None).id


def names(context: Context, gmina_code: str = GMINA) -> list[str]:
    return [seat.name for seat in team_people.team(context, gmina_code)]


def represented(context: Context, email: str) -> list[str]:
    seat = team_people.team_person(context, GMINA, id_of(context, email))
    return [name for _, name in seat.represents]


def test_the_team_is_its_coordinator_and_members_in_polish_order(team: Context) -> None:
    assert names(team) == ["Anna Zając", "Jan Łoś", "Maria Ćwik", "Piotr Żuk"]
    assert [seat.coordinator for seat in team_people.team(team, GMINA)] == [True, False, False, False]
    assert [person.name for person in accounts.coordinators(team, GMINA)] == ["Anna Zając"]


def test_a_new_member_gets_a_link_that_works_and_sits_in_this_team_alone(team: Context) -> None:
    anna = id_of(team, "anna@example.org")
    token = team_people.add_member(team, GMINA, " Ola@Example.org", "Ola  Nowa", anna)
    assert accounts.log_in(team, "ola@example.org", "") is None
    links.use(team, token, PASSWORD)
    ola = accounts.log_in(team, "ola@example.org", PASSWORD)
    assert ola is not None
    assert ola.name == "Ola Nowa"
    assert accounts.is_member(ola, GMINA)
    assert not accounts.coordinates(ola, GMINA)
    assert not accounts.is_member(ola, OTHER_GMINA)
    with team.database.reading() as session:
        last = audit.events(session, GMINA)[0]  # what is done with the link belongs to no gmina
    assert (last.action, last.person_id, last.object_id) == ("member_appointed", anna, str(ola.id))


def test_an_existing_account_keeps_its_password_and_name(team: Context) -> None:
    assert team_people.add_member(team, GMINA, "obcy@example.org", "Ktoś Inny", None) == ""
    assert accounts.log_in(team, "obcy@example.org", PASSWORD) is not None
    assert "Olaf Obcy" in names(team)
    assert "Olaf Obcy" in names(team, OTHER_GMINA)


def test_who_sits_in_the_team_is_added_once_more_without_harm(team: Context) -> None:
    before = names(team)
    for email in ("jan@example.org", "anna@example.org"):
        assert team_people.add_member(team, GMINA, email, "Jan", None) == ""
    assert names(team) == before
    anna = accounts.find_person(team, "anna@example.org")
    assert anna is not None
    assert [row.role for row in anna.memberships] == ["coordinator"]


@pytest.mark.parametrize("email", ["nowa@example.org", "obcy@example.org"])
def test_the_same_person_twice_at_once_gets_one_seat(team: Context, email: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = list(
            pool.map(lambda _: team_people.add_member(team, GMINA, email, "Nowa Osoba", None), range(2))
        )
    assert any(made) is (email == "nowa@example.org")
    person = accounts.find_person(team, email)
    assert person is not None
    assert [row.gmina_code for row in person.memberships].count(GMINA) == 1


def test_a_closed_account_is_not_opened_by_a_team(team: Context) -> None:
    accounts.close_account(team, id_of(team, "obcy@example.org"), None)
    with pytest.raises(InvalidInputError) as refused:
        team_people.add_member(team, GMINA, "obcy@example.org", "Olaf", None)
    assert "administratora" in str(refused.value.faults[0])
    assert "Olaf Obcy" not in names(team)


@pytest.mark.parametrize(("email", "name"), [("bez-malpy", "Ola"), ("ola@example.org", " ")])
def test_what_cannot_be_a_person_is_refused(team: Context, email: str, name: str) -> None:
    with pytest.raises(InvalidInputError):
        team_people.add_member(team, GMINA, email, name, None)


def test_who_is_removed_leaves_open_rounds_and_keeps_what_is_closed(team: Context) -> None:
    jan = id_of(team, "jan@example.org")
    over = a_round(team, ("jan@example.org", "maria@example.org"))
    close(team, over)
    going_on = a_round(team, ("jan@example.org", "maria@example.org"), number=2)
    entry = an_entry(team, "Szkoła")
    team_people.set_representations(team, GMINA, jan, [entry], None)
    team_people.remove_member(team, GMINA, jan, None)
    assert "Jan Łoś" not in names(team)
    with team.database.reading() as session:
        left = {(row.round_id, row.person_id) for row in session.scalars(select(RoundRater)) if row.left_at}
        assert people.representations(session, GMINA) == {jan: {entry}}
    assert left == {(going_on, jan)}
    for act in (
        lambda: team_people.remove_member(team, GMINA, jan, None),
        lambda: team_people.set_representations(team, GMINA, jan, [], None),
        lambda: team_people.team_person(team, GMINA, jan),
    ):
        with pytest.raises(NotFoundError):
            act()


def test_the_last_coordinator_stays_even_when_two_remove_each_other_at_once(team: Context) -> None:
    anna = id_of(team, "anna@example.org")
    with pytest.raises(ConflictError, match="jedyny koordynator"):
        team_people.remove_member(team, GMINA, anna, anna)
    second = accounts.make_coordinator(team, "jan@example.org", GMINA, None).id

    def remove(person_id: int) -> str:
        try:
            team_people.remove_member(team, GMINA, person_id, None)
        except ConflictError:
            return "refused"
        return "removed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, (anna, second))) == ["refused", "removed"]
    assert len(accounts.coordinators(team, GMINA)) == 1


def test_a_coordinator_with_a_closed_account_does_not_count_as_one_who_stays(team: Context) -> None:
    accounts.make_coordinator(team, "jan@example.org", GMINA, None)
    accounts.close_account(team, id_of(team, "jan@example.org"), None)
    with pytest.raises(ConflictError):
        team_people.remove_member(team, GMINA, id_of(team, "anna@example.org"), None)
    team_people.remove_member(team, GMINA, id_of(team, "jan@example.org"), None)


def test_a_person_represents_several_institutions_or_none(team: Context) -> None:
    jan, anna = id_of(team, "jan@example.org"), id_of(team, "anna@example.org")
    school, parish = an_entry(team, "Szkoła"), an_entry(team, "Łaźnia")
    team_people.set_representations(team, GMINA, jan, [school, parish], anna)
    assert represented(team, "jan@example.org") == ["Łaźnia", "Szkoła"]
    team_people.set_representations(team, GMINA, anna, [school], anna)
    assert represented(team, "anna@example.org") == ["Szkoła"], "the coordinator's is a seat, too"
    team_people.set_representations(team, GMINA, jan, [parish], anna)
    team_people.set_representations(team, GMINA, jan, [parish], anna)
    assert represented(team, "jan@example.org") == ["Łaźnia"]
    team_people.set_representations(team, GMINA, jan, [], anna)
    assert represented(team, "jan@example.org") == []
    with team.database.reading() as session:
        told = [row.detail for row in audit.about(session, "person", jan) if row.action == "represents"]
    assert told == [f"+{school} +{parish}", f"-{school}", f"-{parish}"]


def test_what_is_not_in_the_catalogue_is_represented_by_nobody(team: Context) -> None:
    jan = id_of(team, "jan@example.org")
    school, foreign = an_entry(team, "Szkoła"), an_entry(team, "Obca", OTHER_GMINA)
    for wrong in ([foreign], [school, 9999], [0]):
        with pytest.raises(InvalidInputError):
            team_people.set_representations(team, GMINA, jan, wrong, None)
    assert represented(team, "jan@example.org") == []
    with pytest.raises(NotFoundError):
        team_people.set_representations(team, GMINA, id_of(team, "obcy@example.org"), [school], None)


def test_who_represents_a_double_represents_the_entry_that_it_was(team: Context) -> None:
    jan, maria = id_of(team, "jan@example.org"), id_of(team, "maria@example.org")
    double, right = an_entry(team, "Szkola"), an_entry(team, "Szkoła Podstawowa")
    team_people.set_representations(team, GMINA, jan, [double, right], None)
    team_people.set_representations(team, GMINA, maria, [double], None)
    with team.database.transaction() as session:
        people.move_representations(session, double, right)
    with team.database.reading() as session:
        assert people.representations(session, GMINA) == {jan: {right}, maria: {right}}
        assert people.represents(session, maria, right)
        assert not people.represents(session, maria, double)


def test_the_coordinator_adds_a_person_and_the_link_is_shown_once(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{PAGE}/nowa-osoba")
    typed = {"name": "Ola Nowa", "email": "ola@example.org"}
    page = anna.send(f"{PAGE}/nowa-osoba", typed).text
    first = access_link(page)
    link = access_link(anna.send(f"{PAGE}/nowa-osoba", typed).text)
    assert first != link, "who invited may invite again; the first link is over"
    staff(app).get(first, expect=410)
    assert staff(app).choose_password(link).status_code == 302
    assert "loguje się tak jak dotąd" in anna.send(f"{PAGE}/nowa-osoba", typed).text


def test_of_an_existing_account_nothing_is_told_but_that_it_is_there(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    anna.get(f"{PAGE}/nowa-osoba")
    pages = []
    for email in ("admin@example.org", "obca@example.org"):
        page = anna.send(f"{PAGE}/nowa-osoba", {"name": "Ktoś", "email": email}).text
        assert "Adam" not in page
        assert "Ewa" not in page
        page = re.sub(r"/zespol/\d+", "", page)  # the way to their own page, as on the list of the team
        pages.append(re.sub(r"[\w.-]{60,}", "", page.replace(email, "")))
    assert pages[0] == pages[1]


def test_a_refused_person_comes_back_as_typed(app: Flask) -> None:
    anna = staff(app, "anna@example.org")
    response = anna.send(f"{PAGE}/nowa-osoba", {"name": "Ola Nowa", "email": "ola@localhost"})
    assert response.status_code == 422
    assert 'value="Ola Nowa"' in response.text
    assert 'value="ola@localhost"' in response.text
    assert "nazwa@domena.pl" in response.text


def test_members_read_names_and_institutions_but_no_addresses(app: Flask, sqlite_context: Context) -> None:
    school = an_entry(sqlite_context, "Szkoła Podstawowa nr 1")
    anna, jan = staff(app, "anna@example.org"), staff(app, "jan@example.org")
    maria = id_of(sqlite_context, "maria@example.org")
    anna.get(f"{PAGE}/{maria}")
    response = anna.send(f"{PAGE}/{maria}", {"stakeholder_ids": [school]}, follow_redirects=True)
    assert "Zapisano, kogo reprezentuje Maria Ćwik" in response.text
    page = jan.get(PAGE)
    assert "Maria Ćwik" in page
    assert "Szkoła Podstawowa nr 1" in page
    assert "@example.org" not in page
    assert "Dodaj osobę" not in page
    assert "maria@example.org" in anna.get(PAGE)


def test_a_change_during_a_round_is_warned_of_and_a_wrong_one_is_told(
    app: Flask, sqlite_context: Context
) -> None:
    school = an_entry(sqlite_context, "Szkoła")
    anna, jan = staff(app, "anna@example.org"), id_of(sqlite_context, "jan@example.org")
    page = anna.get(f"{PAGE}/{jan}")
    assert "nie ocenia i nie głosuje nad jej kodem" in page
    assert "trwa tura kodowania" not in page
    a_round(sqlite_context, ("jan@example.org",), (school,))
    assert "trwa tura kodowania" in anna.get(f"{PAGE}/{jan}")
    refused = anna.send(f"{PAGE}/{jan}", {"stakeholder_ids": [school, "x"]})
    assert refused.status_code == 422
    assert "nie ma w katalogu" in refused.text
    assert represented(sqlite_context, "jan@example.org") == []


def test_the_only_coordinator_is_told_why_the_seat_stays(app: Flask, sqlite_context: Context) -> None:
    anna, number = staff(app, "anna@example.org"), id_of(sqlite_context, "anna@example.org")
    anna.get(f"{PAGE}/{number}/odejscie")
    refused = anna.send(f"{PAGE}/{number}/odejscie")
    assert refused.status_code == 409
    assert "jedyny koordynator" in refused.text


def test_a_removed_member_is_out_with_the_next_request(app: Flask, sqlite_context: Context) -> None:
    anna, jan = staff(app, "anna@example.org"), staff(app, "jan@example.org")
    jan.get(PAGE)
    number = id_of(sqlite_context, "jan@example.org")
    anna.get(f"{PAGE}/{number}/odejscie")
    gone = anna.send(f"{PAGE}/{number}/odejscie", follow_redirects=True)
    assert "Jan Łoś nie należy już do zespołu" in gone.text
    jan.get(PAGE, expect=403)
    assert "nie należy jeszcze do zespołu żadnej gminy" in jan.get("/panel")
