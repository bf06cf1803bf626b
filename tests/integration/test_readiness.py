"""/health and /ready: what watches over the service is told yes or no, and nothing else."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from survey_app.services import schema
from survey_app.services.context import Context
from survey_app.store.database import Database
from survey_app.web.app import create_app


def client_of(context: Context) -> FlaskClient:
    return create_app(context=context).test_client()


def states(context: Context) -> tuple[int, int]:
    client = client_of(context)
    live, ready = client.get("/health"), client.get("/ready")
    assert ready.text in ("ok\n", "niedostępne\n")
    assert "Set-Cookie" not in ready.headers
    return live.status_code, ready.status_code


def test_a_new_installation_is_ready(context: Context) -> None:
    assert states(context) == (200, 200)


def test_tables_of_an_older_version_are_not_served(context: Context) -> None:
    schema.downgrade(context, "0009")
    assert states(context) == (200, 503)


def test_no_tables_are_not_served(empty_context: Context) -> None:
    assert states(empty_context) == (200, 503)


def test_tables_that_a_newer_program_brought_are_served_on(context: Context) -> None:
    """During an upgrade the old processes go on until each is replaced."""
    with context.database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert states(context) == (200, 200)


def test_without_its_database_it_lives_and_is_not_ready(context: Context) -> None:
    gone = replace(context, database=Database("postgresql+psycopg://nobody@/x?host=/nowhere"))
    assert states(gone) == (200, 503)


def test_a_place_of_keys_that_is_gone(sqlite_context: Context) -> None:
    first, second = sqlite_context.settings.key_folders
    first.mkdir()
    assert states(sqlite_context) == (200, 503)
    second.mkdir()
    assert states(sqlite_context) == (200, 200)
    shutil.rmtree(second)
    second.write_text("a file")
    assert states(sqlite_context) == (200, 503)


@pytest.mark.parametrize("address", ["/health", "/ready"])
def test_only_reading(sqlite_context: Context, address: str) -> None:
    assert client_of(sqlite_context).post(address).status_code == 405
