"""What is kept of one person of the staff: everything that points at them is handed over, and what is theirs goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from survey_app.errors import ConflictError, NotFoundError
from survey_app.models import Base
from survey_app.services import accounts, deleted_ledger, trace
from survey_app.services.backup import backup
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.personal_data import accounts_data, register
from survey_app.services.personal_data.readable import as_file
from survey_app.services.restore import restore
from survey_app.store import people, personal_data
from tests import coding_kit as kit
from tests.backup_kit import empty_service
from tests.coding_rows import id_of
from tests.integration.staff import GMINA, PASSWORD, Staff, staff
from tests.integration.staff import people as add_people
from tests.interview_kit import planned
from tests.stores import Cluster

NAME, ADDRESS = "Maria Ćwik", "maria@example.org"


def columns_of_models() -> set[tuple[str, str]]:
    return {(name, column.name) for name, table in Base.metadata.tables.items() for column in table.columns}


def test_every_column_of_every_table_is_classified_once() -> None:
    """A new column fails here until `kept.yml` says what it is, whose, why and until when."""
    told = [
        (table, column)
        for kind in register.kinds()
        for table, columns in kind.columns.items()
        for column in columns
    ]
    known = columns_of_models()
    assert known - set(told) == set(), "not classified"
    assert set(told) - known == set(), "not there"
    assert len(told) == len(set(told)), "classified twice"


def test_every_kind_says_all_that_a_register_has_to_say() -> None:
    for kind in register.kinds():
        assert all((kind.what, kind.why, kind.where, kind.readers, kind.until, kind.deletes)), kind.id
    assert len({kind.id for kind in register.kinds()}) == len(register.kinds())
    assert set(register.COUNTS) <= {kind.id for kind in register.kinds()}
    assert f"{trace.KEPT_YEARS} lat" in next(kind.until for kind in register.kinds() if kind.id == "trace")


def test_every_column_that_points_at_a_person_has_its_place() -> None:
    """A new one fails here until it is decided whether it is handed over, and whether it goes with the account."""
    pointing = {
        (name, column.name)
        for name, table in Base.metadata.tables.items()
        for column in table.columns
        if column.name == "person_id" or any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    places = {(place.table, place.column) for place in personal_data.PLACES}
    assert pointing == places
    known = columns_of_models()
    shown = {(place.table, name) for place in personal_data.PLACES for name in place.shown}
    assert shown - known == set()
    assert not [name for _, name in shown if "hash" in name or "secret" in name or name == "sealed"]


@pytest.fixture
def team(context: Context) -> Context:
    add_people(context)
    return context


def close(context: Context, email: str = ADDRESS) -> int:
    number = id_of(context, email)
    accounts.close_account(context, number, None)
    return number


def test_erasing_takes_the_name_the_address_and_the_roles(team: Context) -> None:
    talk = planned(team, moderator=id_of(team, ADDRESS))
    number = close(team)
    assert accounts_data.erase_account(team, number, id_of(team, "admin@example.org"))
    left = accounts.person(team, number)
    assert left is not None
    assert (left.name, left.active, left.memberships) == ("osoba usunięta", False, [])
    assert accounts_data.is_erased(left)
    assert accounts.find_person(team, ADDRESS) is None
    assert accounts.log_in(team, ADDRESS, PASSWORD) is None
    assert accounts.log_in(team, left.email, PASSWORD) is None
    assert interviews.interview(team, talk.gmina_code, talk.id).moderator_id is None
    again = accounts.create_user(team, ADDRESS, "Maria Nowa", PASSWORD, member_of=GMINA)
    assert again.id != number, "the address is free"


def test_the_trace_stays_whole_and_nameless(team: Context) -> None:
    number = id_of(team, ADDRESS)
    accounts.end_sessions(team, number, number)
    close(team)
    accounts_data.erase_account(team, number, None)
    assert [state.broken for state in trace.check_all(team)] == [()] * len(trace.check_all(team))
    with team.database.reading() as session:
        assert people.names(session, {number}) == {number: "osoba usunięta"}


def test_ratings_stay_without_a_name_and_open_seats_are_left(context: Context) -> None:
    crew = kit.add_team(context)
    held, coder = kit.open_round(context, crew), crew.people[1]
    kit.rate_one(context, held.id, coder, crew.stakeholders[0], (1, 2, 3), "Pomaga")
    accounts.close_account(context, coder, None)
    accounts_data.erase_account(context, coder, None)
    with context.database.reading() as session:
        rows = {place.heading: rows for place, _, rows in personal_data.rows_of(session, coder)}
    assert [row["uzasadnienie"] for row in rows["Oceny"]] == ["Pomaga"] * 3
    assert rows["Miejsca w turach kodowania"][0]["do kiedy"] is not None
    assert rows["Role"] == []


def test_only_a_closed_account_of_somebody_else_can_be_erased(team: Context) -> None:
    number, admin = id_of(team, ADDRESS), id_of(team, "admin@example.org")
    with pytest.raises(ConflictError, match="najpierw zamknąć"):
        accounts_data.erase_account(team, number, admin)
    with pytest.raises(ConflictError, match="własnego konta"):
        accounts_data.erase_account(team, admin, admin)
    for stray in (0, 999, 2**40):
        with pytest.raises(NotFoundError):
            accounts_data.erase_account(team, stray, admin)
    close(team)
    assert accounts_data.erase_account(team, number, admin)
    assert accounts_data.erase_account(team, number, admin), "again changes nothing"
    ledger = deleted_ledger.read(team.settings.key_folders)
    assert ledger is not None
    assert [entry["kind"] for entry in ledger.entries] == [accounts_data.ACCOUNT]
    assert NAME not in str(ledger.entries)


def test_no_page_of_the_file_keeps_the_name(sqlite_context: Context, var: Path) -> None:
    add_people(sqlite_context)
    number = close(sqlite_context)
    accounts_data.erase_account(sqlite_context, number, None)
    kept = b"".join(file.read_bytes() for file in var.glob("survey.sqlite3*"))
    assert NAME.encode() not in kept
    assert ADDRESS.encode() not in kept


def test_an_older_backup_brings_no_erased_account_back(
    request: pytest.FixtureRequest, team: Context, tmp_path: Path
) -> None:
    number = id_of(team, ADDRESS)
    file = tmp_path / "kopia"
    backup(team, file, None)
    close(team)
    accounts_data.erase_account(team, number, None)
    cluster: Cluster | None = None if team.database.is_sqlite else request.getfixturevalue("cluster")
    with empty_service(tmp_path / "other", team, cluster) as other:
        assert restore(other, file).forgotten == 1
        left = accounts.person(other, number)
        assert left is not None
        assert (left.name, left.active) == ("osoba usunięta", False)
        assert accounts.find_person(other, ADDRESS) is None
        assert accounts.find_person(other, "jan@example.org") is not None


def test_a_copy_holds_everything_that_points_at_the_person_and_no_secret(team: Context) -> None:
    number = id_of(team, ADDRESS)
    accounts.end_sessions(team, number, number)
    found = accounts_data.export_person(team, number)
    assert found["konto"]["e-mail"] == ADDRESS
    assert found["powiązane"]["Role"]["wpisy"] == [{"rola": "member", "gmina": GMINA, "region": None}]
    done = found["powiązane"]["Ślad: co ta osoba zrobiła"]["wpisy"]
    assert [one["czynność"] for one in done] == ["zakończenie sesji"]
    person = accounts.person(team, number)
    assert person is not None
    for kind in ("json", "txt"):
        content = as_file(found, kind).decode()
        assert NAME in content
        assert "argon2" not in content
        assert str(person.password_hash) not in content


def test_the_readable_copy_says_the_same_as_the_other() -> None:
    document = {"a": 1, "tak": True, "nic": None, "lista": [{"x": "y", "z": [1, 2]}, {}], "pusty": {}}
    assert as_file(document, "txt").decode().splitlines() == [
        "a: 1",
        "tak: tak",
        "nic: nie podano",
        "lista:",
        "  - x: y",
        "    z:",
        "      - 1",
        "      - 2",
        "  -",
        "pusty:",
        "  brak",
    ]


# Pages ----------------------------------------------------------------------------------------------------------


def admin(app: Flask) -> Staff:
    return staff(app, "admin@example.org")


def test_a_person_reads_and_takes_their_own_data(app: Flask) -> None:
    jan = staff(app, "jan@example.org")
    page = jan.get("/panel/moje-dane")
    assert "jan@example.org" in page
    assert "Role: 1" in page
    assert "Jan Łoś" in jan.file("/panel/moje-dane/plik.txt").decode()
    assert b'"rola": "member"' in jan.file("/panel/moje-dane/plik.json")
    jan.get("/panel/moje-dane/plik.exe", expect=404)


def test_the_administrator_erases_a_closed_account(app: Flask, sqlite_context: Context) -> None:
    number = id_of(sqlite_context, ADDRESS)
    one, address = admin(app), f"/panel/admin/osoba/{number}/usuniecie"
    assert "konto jest czynne" in one.get(address)
    assert one.send(address).status_code == 303
    assert accounts.find_person(sqlite_context, ADDRESS) is not None
    close(sqlite_context)
    page = one.get(address)
    assert "Usuń dane konta na zawsze" in page
    assert one.file(f"/panel/admin/osoba/{number}/dane/plik.txt").decode().count(ADDRESS) == 1
    assert one.send(address).status_code == 303
    assert accounts.find_person(sqlite_context, ADDRESS) is None
    assert "są już usunięte" in one.get(address)
    assert one.send(f"/panel/admin/osoba/{number}/odnosnik").status_code == 409, "nothing opens it again"
    assert f"/panel/admin/osoba/{number}" not in one.get("/panel/admin")
    own = id_of(sqlite_context, "admin@example.org")
    assert "to jest Państwa konto" in one.get(f"/panel/admin/osoba/{own}/usuniecie")
    one.get("/panel/admin/osoba/999/usuniecie", expect=404)


def test_the_administrator_sees_which_settings_are_missing(app: Flask) -> None:
    page = admin(app).get("/panel/admin")
    assert "brakuje ustawień serwisu" in page
    assert "OPERATOR_NAME" in page
