"""The trace: every deed once, in a chain that shows whoever changed it, on both stores."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from survey_app.cli import main
from survey_app.errors import ConflictError, NotFoundError
from survey_app.services import gminas, trace
from survey_app.services.context import Context
from survey_app.services.trace_words import WORDS
from survey_app.store import audit
from tests.integration.staff import GMINA, OTHER_GMINA, staff
from tests.stores import Clock


@pytest.fixture
def service(context: Context) -> Context:
    gminas.seed_pilot_gminas(context)
    return context


def deed(service: Context, action: str = "export", gmina: str | None = GMINA) -> None:
    with service.database.transaction() as session:
        audit.record(
            session,
            at=service.clock(),
            actor=None,
            action=action,
            object_type="campaign",
            object_id=7,
            gmina_code=gmina,
            detail="ąę",
        )


def by_force(service: Context, statement: str) -> None:
    """As somebody who may do anything in the database: past the guard."""
    with service.database.transaction() as session:
        if service.database.is_sqlite:
            for trigger in ("audit_event_update", "audit_event_delete"):
                session.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        else:
            session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        session.execute(text(statement))


def test_deeds_stand_in_a_chain_of_their_gmina(service: Context) -> None:
    for _ in range(3):
        deed(service)
    deed(service, gmina=OTHER_GMINA)
    deed(service, gmina=None)
    states = {one.ledger: (one.entries, one.broken) for one in trace.check_all(service)}
    assert states == {GMINA: (3, ()), OTHER_GMINA: (1, ()), "": (1, ())}
    assert trace.check(service, GMINA).digest != trace.check(service, OTHER_GMINA).digest


def test_what_is_rolled_back_was_not_done(service: Context) -> None:
    def half_done() -> None:
        with service.database.transaction() as session:
            audit.record(
                session, at=service.clock(), actor=None, action="export", object_type="campaign", object_id=1
            )
            raise ConflictError("nie")

    with pytest.raises(ConflictError):
        half_done()
    deed(service)
    assert [one.entries for one in trace.check_all(service)] == [1]


def test_what_a_savepoint_undoes_was_not_done_either(service: Context) -> None:
    def told(session: Session, action: str) -> None:
        audit.record(
            session, at=service.clock(), actor=None, action=action, object_type="campaign", object_id=1
        )

    def undone(session: Session) -> None:
        with session.begin_nested():
            told(session, "undone")
            with session.begin_nested():
                told(session, "undone with it")
            raise ConflictError("nie")

    with service.database.transaction() as session:
        told(session, "first")
        with session.begin_nested():
            told(session, "kept")
        with pytest.raises(ConflictError):
            undone(session)
        told(session, "last")
    with service.database.reading() as session:
        assert [one.action for one in audit.events(session, None)] == ["last", "kept", "first"]


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET detail = 'x'", "DELETE FROM audit_event"])
def test_the_store_itself_refuses_a_change(service: Context, statement: str) -> None:
    deed(service)
    with pytest.raises(DatabaseError, match="only ever added to"), service.database.transaction() as session:
        session.execute(text(statement))
    assert trace.check(service, GMINA).entries == 1


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_event SET action = 'gmina_added' WHERE place = 2", 2),
        ("UPDATE audit_event SET detail = '' WHERE place = 3", 3),
        ("UPDATE audit_event SET person_id = NULL, object_id = '8' WHERE place = 1", 1),
        ("DELETE FROM audit_event WHERE place = 2", 2),
        ("DELETE FROM audit_event WHERE place = 1", 1),
        (f"UPDATE audit_event SET gmina_code = '{OTHER_GMINA}' WHERE place = 4", 4),
    ],
)
def test_whoever_changes_the_table_is_found_out(service: Context, statement: str, place: int) -> None:
    for _ in range(4):
        deed(service)
    by_force(service, statement)
    state = trace.check(service, GMINA)
    assert place in state.broken
    assert "NIE ZGADZA SIĘ" in state.sentence


def test_a_cut_end_shows_against_a_noted_digest(service: Context) -> None:
    """The chain alone cannot tell that its last entries are gone; the pages and the command show what to note."""
    for _ in range(3):
        deed(service)
    noted = trace.check(service, GMINA)
    by_force(service, "DELETE FROM audit_event WHERE place = 3")
    now = trace.check(service, GMINA)
    assert now.broken == ()
    assert (now.entries, now.digest) != (noted.entries, noted.digest)


def test_many_at_once_make_one_chain(service: Context) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: deed(service), range(40)))
    state = trace.check(service, GMINA)
    assert (state.entries, state.broken) == (40, ())


def test_what_is_older_than_its_time_goes_and_the_chain_holds(service: Context, clock: Clock) -> None:
    for _ in range(3):
        deed(service)
    clock.advance(days=365 * 4)
    deed(service)
    assert trace.shorten(service) == []
    clock.advance(days=400)
    assert trace.shorten(service) == [f"Ślad gminy {GMINA}: usunięto wpisy starsze niż 5 lat: 3."]
    state = trace.check(service, GMINA)
    assert (state.entries, state.broken) == (5, ())
    assert [one.words for one in trace.page(service, GMINA)] == [WORDS["trace_shortened"], WORDS["export"]]
    with pytest.raises(DatabaseError), service.database.transaction() as session:
        session.execute(text("DELETE FROM audit_event"))


def test_a_clock_that_went_back_leaves_no_hole(service: Context, clock: Clock) -> None:
    clock.advance(days=3000)
    deed(service)
    clock.set(clock.now - dt.timedelta(days=2999))
    deed(service)
    clock.advance(days=2999)
    assert trace.shorten(service) == [], "nothing can go, so nothing is told, however often the worker asks"
    state = trace.check(service, GMINA)
    assert (state.entries, state.broken) == (2, ())


def test_the_command_says_what_is_right_and_what_is_not(
    sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    gminas.seed_pilot_gminas(sqlite_context)
    monkeypatch.setenv("SURVEY_VAR", str(sqlite_context.settings.var))
    monkeypatch.setenv("DATABASE_URL", str(sqlite_context.database.url))
    deed(sqlite_context)
    deed(sqlite_context)
    ended = CliRunner().invoke(main, ["trace", "check", GMINA])
    assert (ended.exit_code, f"Ślad gminy {GMINA}: 2\u00a0wpisy, bez zmian i luk" in ended.output) == (
        0,
        True,
    )
    by_force(sqlite_context, "UPDATE audit_event SET action = 'x' WHERE place = 1")
    ended = CliRunner().invoke(main, ["trace", "check"])
    assert (ended.exit_code, "NIE ZGADZA SIĘ, miejsca: 1" in ended.output) == (1, True)
    assert CliRunner().invoke(main, ["trace", "check", "999999"]).exit_code == 1
    with pytest.raises(NotFoundError):
        trace.check_all(sqlite_context, "999999")


def test_the_coordinator_reads_it_page_by_page(app: Flask, sqlite_context: Context) -> None:
    for _ in range(trace.PAGE + 5):
        deed(sqlite_context)
    coordinator = staff(app, "anna@example.org")
    first = coordinator.get(f"/panel/{GMINA}/slad")
    assert "żadnego nie brakuje" in first
    assert "pobranie danych" in first
    assert "kampania 7" in first
    assert "ąę" not in first, "details stay on the page of their own thing"
    older = coordinator.get(f"/panel/{GMINA}/slad?przed=6")
    assert "Najnowsze" in older
    for typed in ("", "-1", "x", "9" * 40, "٣"):
        assert coordinator.client.get(f"/panel/{GMINA}/slad?przed={typed}").status_code == 200
    by_force(sqlite_context, "UPDATE audit_event SET action = 'export2' WHERE place = 9")
    assert "Ślad był zmieniany poza serwisem" in coordinator.get(f"/panel/{GMINA}/slad")


def test_of_a_long_trace_a_page_says_what_it_checked_and_checks_all_when_asked(
    app: Flask, sqlite_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "WHOLE", 60)
    for _ in range(trace.PAGE + 15):
        deed(sqlite_context)
    coordinator = staff(app, "anna@example.org")
    newest = trace.check(sqlite_context, GMINA).entries
    first = coordinator.get(f"/panel/{GMINA}/slad")
    assert f"tylko wpisy z tej strony (numery {newest - trace.PAGE + 1}–{newest})" in first
    assert "cały ślad, " not in first
    everything = f"/panel/{GMINA}/slad?calosc=1"
    assert everything in first
    assert "Sprawdzono cały ślad, " in coordinator.get(everything)
    by_force(sqlite_context, "UPDATE audit_event SET action = 'export2' WHERE place = 9")
    assert "Ślad był zmieniany" not in coordinator.get(f"/panel/{GMINA}/slad")
    for address in (everything, f"/panel/{GMINA}/slad?przed=12"):
        assert "Nie zgadzają się wpisy w miejscach: 9." in coordinator.get(address)
    by_force(sqlite_context, f"DELETE FROM audit_event WHERE place = {newest - 3}")
    assert f"w miejscach: {newest - 3}." in coordinator.get(f"/panel/{GMINA}/slad")


@pytest.mark.parametrize("email", ["jan@example.org", "obca@example.org", "admin@example.org"])
def test_nobody_else_reads_it(app: Flask, email: str) -> None:
    assert staff(app, email).client.get(f"/panel/{GMINA}/slad").status_code in (403, 404)
