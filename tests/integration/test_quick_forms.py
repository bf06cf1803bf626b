"""A respondent's ordinary exchange goes past Flask and past SQLAlchemy: that it does, and that nobody can tell."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, String, event, select, table, text
from sqlalchemy import column as named
from sqlalchemy.exc import ProgrammingError
from werkzeug.test import TestResponse

from survey_app.errors import NotFoundError, UnavailableError
from survey_app.instrument.routing import settle
from survey_app.services.context import Context
from survey_app.services.survey import campaigns as services
from survey_app.services.survey import take_survey
from survey_app.store import campaigns, keep_sealed, written_out
from survey_app.store.written_out import WrittenOut
from survey_app.web.app import create_app
from survey_app.web.quick_forms import QuickForms
from tests.campaign_kit import Held, add_gmina, end, hold, new_key

THROUGH_FLASK = "application/x-www-form-urlencoded; charset=utf-8"  # as no browser writes it
A_DAY = dt.timedelta(days=1)


@contextmanager
def views_asked(app: Flask) -> Iterator[list[object]]:
    """A mark for each request that came to Flask."""
    seen: list[object] = []

    def note(_app: Flask, **_more: object) -> None:
        seen.append(1)

    with request_started.connected_to(note, app):
        yield seen


def address(held: Held, place: int = 0) -> str:
    return "/".join(["/a", held.campaign.public_id, *held.codes[place : place + 1]])


def form(**more: str) -> dict[str, str]:
    return {"form_key": new_key(), "p10": "zdanie", **more}


def as_sent(reply: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    return reply.status_code, sorted(reply.headers), re.sub(rb"[0-9a-f]{32}", b"KEY", reply.data)


@pytest.mark.parametrize("access", ["open_link", "invitations"])
def test_the_ordinary_exchange_goes_past_flask_and_all_others_come_to_it(
    context: Context, access: str
) -> None:
    add_gmina(context, 2)
    held = hold(context, access=access)
    app = create_app(context=context)
    client = app.test_client()
    path = address(held)
    client.get(path)  # makes the page
    with views_asked(app) as asked:
        assert client.get(path).status_code == 200
        assert client.post(path, data=form()).status_code == 303
        assert not asked
        assert client.post(path, data=form(p1="nie ma takiej")).status_code == 422
        assert client.get(f"/a/{held.campaign.public_id}/AAAA-AAAA-AAAA-AAAA").status_code == 404
        assert client.head(path).status_code == 200
        end(context, held)
        assert client.get(path).status_code == 410
        assert client.post(path, data=form()).status_code == 410
        assert len(asked) == 5


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_both_ways_look_alike(sqlite_context: Context, secure: bool, mode: str) -> None:
    settings = dataclasses.replace(sqlite_context.settings, secure_cookies=secure)
    context = dataclasses.replace(sqlite_context, settings=settings)
    add_gmina(context, 2)
    held = hold(context, mode=mode)
    app = create_app(context=context)
    client = app.test_client()
    with views_asked(app) as asked:
        first, second = client.get(address(held)), client.get(address(held))
        assert as_sent(first) == as_sent(second)
        slow = client.post(address(held), data=form(), content_type=THROUGH_FLASK)
        quick = client.post(address(held, 1), data=form())
        assert len(asked) == 2
    for reply in (slow, quick):  # only the page that no browser shows differs
        del reply.headers["Content-Length"]
    assert as_sent(slow)[:2] == as_sent(quick)[:2]


def test_what_is_read_past_sqlalchemy_is_what_it_would_read(context: Context) -> None:
    add_gmina(context, 2)
    held = hold(context, mode="named")
    values = {"public_id": held.campaign.public_id, "token_hash": "f" * 64}
    with context.database.connection() as connection:
        for statement in (campaigns._OPENED_NOW, campaigns._OPENED_FOR):
            known = connection.execute(statement.statement, values).one()
            assert statement.row(connection, values) == tuple(known)
        assert campaigns._OPENED_NOW.row(connection, {"public_id": "nobody"}) is None


def test_what_the_driver_cannot_tell_sqlalchemy_does(context: Context) -> None:
    statement = WrittenOut(select(named("id", String)).select_from(table("nie_ma_takiej")))
    sort = UnavailableError if context.database.is_sqlite else ProgrammingError  # SQLite calls both the same
    with pytest.raises(sort):
        context.database.at_once(lambda connection: statement.row(connection, {}))


def kept(context: Context) -> tuple[int, int, int]:
    """Boxes, keys, used invitations."""
    counts = "SELECT count(*) FROM sealed_answer", "SELECT count(*) FROM submission_key"
    with context.database.connection() as connection:
        used = connection.execute(text("SELECT sum(CASE WHEN used THEN 1 ELSE 0 END) FROM invitation"))
        boxes, keys = (int(connection.execute(text(one)).scalar_one()) for one in counts)
        return boxes, keys, int(used.scalar_one() or 0)


def seen(context: Context, held: Held) -> campaigns.OpenedCampaign:
    with context.database.connection() as connection:
        found = campaigns.opened(connection, held.campaign.public_id)
    assert found is not None
    return found


def hashes(context: Context) -> list[str]:
    with context.database.connection() as connection:
        return list(connection.execute(text("SELECT token_hash FROM invitation ORDER BY id")).scalars())


def test_the_short_way_keeps_all_or_nothing(context: Context) -> None:
    add_gmina(context, 2)
    held = hold(context)
    first, second = hashes(context)
    found, database = seen(context, held), context.database
    assert keep_sealed.keep_sealed(database, found, "1" * 64, first, b"box")
    assert kept(context) == (1, 1, 1)
    assert not keep_sealed.keep_sealed(database, found, "1" * 64, first, b"box"), "the same form"
    assert not keep_sealed.keep_sealed(database, found, "2" * 64, first, b"box"), "a used invitation"
    assert not keep_sealed.keep_sealed(database, found, "1" * 64, second, b"box"), "a known form, another's"
    assert not keep_sealed.keep_sealed(database, found, "3" * 64, "f" * 64, b"box"), "nobody's invitation"
    services.reissue_codes(context, held.campaign.id, actor=None)
    assert not keep_sealed.keep_sealed(database, found, "4" * 64, second, b"box"), "a code that was replaced"
    assert kept(context) == (1, 1, 1)


@pytest.mark.parametrize("access", ["open_link", "invitations"])
def test_the_short_way_keeps_nothing_of_a_campaign_that_has_changed_since(
    context: Context, access: str
) -> None:
    add_gmina(context, 2)
    held = hold(context, access=access)
    token = hashes(context)[0] if access == "invitations" else None
    before = seen(context, held)
    services.move_end(context, held.campaign.id, held.campaign.closes_at + A_DAY, actor=None)
    assert not keep_sealed.keep_sealed(context.database, before, "1" * 64, token, b"box")
    moved = seen(context, held)
    other = moved._replace(inbox_public_key=b"k" * 32)  # what was sealed with it nobody could open
    assert not keep_sealed.keep_sealed(context.database, other, "1" * 64, token, b"box")
    assert keep_sealed.keep_sealed(context.database, moved, "1" * 64, token, b"box")
    with context.database.transaction() as session:  # as the lock begins
        session.execute(text("UPDATE campaign SET locked_at = closes_at"))
    assert not keep_sealed.keep_sealed(context.database, moved, "2" * 64, token, b"box")
    assert kept(context)[:2] == (1, 1)


def test_a_connection_that_died_meanwhile_is_noticed_by_nobody(postgres_context: Context) -> None:
    """Nobody asks it first whether it lives."""
    context = postgres_context
    add_gmina(context, 2)
    held = hold(context, access="open_link")
    client: FlaskClient = create_app(context=context).test_client()
    path = address(held)
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    for _ in range(2):
        assert client.get(path).status_code == 200
        with context.database.connection() as connection:
            connection.execute(kill)
        assert client.get(path).status_code == 200
        with context.database.connection() as connection:
            connection.execute(kill)
        assert client.post(path, data=form()).status_code == 303
    assert kept(context)[:2] == (2, 2)


@contextmanager
def statements(context: Context) -> Iterator[list[str]]:
    """Those that are written out, and those that SQLAlchemy sends itself."""
    found: list[str] = []
    send = written_out._send

    def note(connection: Connection, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        found.append(f"written out: {sql.split(maxsplit=1)[0]}")
        return send(connection, sql, values)

    def note_other(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        found.append(f"SQLAlchemy: {sql.split(maxsplit=1)[0]}")

    event.listen(Engine, "before_cursor_execute", note_other)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(written_out, "_send", note)
            yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note_other)


@pytest.mark.parametrize("access", ["open_link", "invitations"])
def test_on_postgresql_each_exchange_is_one_statement_that_the_driver_takes(
    postgres_context: Context, access: str
) -> None:
    context = postgres_context
    add_gmina(context, 2)
    held = hold(context, access=access)
    client = create_app(context=context).test_client()
    client.get(address(held))  # makes the page
    with statements(context) as asked:
        assert client.get(address(held)).status_code == 200
        assert client.post(address(held), data=form()).status_code == 303
        assert client.post(address(held, 1), data=form()).status_code == 303
    assert asked == ["written out: SELECT", "written out: WITH", "written out: WITH"]
    assert kept(context) == (2, 2, 2 if access == "invitations" else 0)


def moved(context: Context, held: Held) -> int:
    services.move_end(context, held.campaign.id, held.campaign.closes_at + A_DAY, actor=None)
    return 303


def closed(context: Context, held: Held) -> int:
    services.close_now(context, held.campaign.id, actor=None)
    context.clock.advance(minutes=held.campaign.grace_minutes + 1)  # type: ignore[attr-defined]
    return 410


def locked(context: Context, held: Held) -> int:
    with context.database.transaction() as session:
        session.execute(text("UPDATE campaign SET locked_at = closes_at"))
    return 410


def ended(context: Context, held: Held) -> int:
    end(context, held)  # nobody did anything: the clock alone
    return 410


@pytest.mark.parametrize("change", [moved, closed, locked, ended])
def test_what_has_changed_since_the_campaign_was_read_holds_for_the_next_form(
    context: Context, change: Callable[[Context, Held], int]
) -> None:
    """A sent form is judged by what was read for the one before; another process has changed it since."""
    add_gmina(context, 2)
    held = hold(context, access="open_link")
    client = create_app(context=context).test_client()
    assert client.get(address(held)).status_code == 200
    assert client.post(address(held), data=form()).status_code == 303
    expected = change(context, held)
    for _ in range(2):
        assert client.post(address(held), data=form()).status_code == expected
    assert kept(context)[0] == (3 if expected == 303 else 1)


def test_a_box_for_the_key_of_another_database_is_not_kept(context: Context) -> None:
    add_gmina(context, 1)
    held = hold(context, access="open_link")
    found = take_survey.find_survey(context, held.campaign.public_id, None)
    other = dataclasses.replace(found, campaign=found.campaign._replace(inbox_public_key=b"\x09" + bytes(31)))
    empty = settle(found.instrument, {})
    with pytest.raises(NotFoundError):
        take_survey.submit(context, held.campaign.public_id, None, new_key(), empty, survey=other)
    assert kept(context)[:2] == (0, 0)


def test_nobodys_name_is_remembered_for_the_next_form(sqlite_context: Context) -> None:
    add_gmina(sqlite_context, 2)
    held = hold(sqlite_context, mode="named")
    app = create_app(context=sqlite_context)
    client = app.test_client()
    for _ in range(2):
        client.get(address(held))
    quick = app.wsgi_app
    assert isinstance(quick, QuickForms)
    assert [one.stakeholder_name for one in quick._seen.values()] == [None]
