"""The service asks the live database whether it keeps what it acknowledges, and does not begin where it does not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from survey_app.errors import ConfigurationError
from survey_app.services import durability
from survey_app.services.context import Context
from survey_app.store import database
from survey_app.store.database import Database
from tests.durability.served import environment
from tests.stores import Cluster, free_port


def commit_level(context: Context) -> object:
    with context.database.connection() as connection:
        return connection.exec_driver_sql("SHOW synchronous_commit").scalar()


def test_stores_that_keep_what_they_take_are_served(durable: Context) -> None:
    assert durable.database.unsafe_settings() == []
    durability.require_durable(durable)


@pytest.mark.postgres
def test_every_transaction_is_synced_whatever_the_servers_default_is(durable_postgres: Context) -> None:
    """This server's is off. A rollback does not bring it back."""
    assert commit_level(durable_postgres) == "on"
    with pytest.raises(ZeroDivisionError), durable_postgres.database.transaction():
        raise ZeroDivisionError
    with durable_postgres.database.transaction() as session:
        assert session.connection().exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


@pytest.mark.postgres
@pytest.mark.parametrize(("default", "found"), [("local", "on"), ("remote_apply", "remote_apply")])
def test_what_an_operator_made_stronger_stays(
    durable_postgres: Context, durable_cluster: Cluster, default: str, found: str
) -> None:
    name = durable_postgres.database.url.database
    with durable_postgres.database.transaction() as session:
        statement = f'ALTER DATABASE "{name}" SET synchronous_commit = {default}'
        session.connection().exec_driver_sql(statement)
    durable_postgres.database.dispose()
    assert commit_level(durable_postgres) == found


@pytest.mark.postgres
def test_a_postgresql_without_syncs_is_not_served(postgres_context: Context) -> None:
    """As a person meets it: one sentence, the settings by name, and what to do."""
    command = [sys.executable, "-m", "survey_app.cli", "serve", "--port", str(free_port())]
    ended = subprocess.run(
        command, env=environment(postgres_context), capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 1
    assert "mogłaby przy braku prądu zgubić przyjętą odpowiedź" in ended.stderr
    assert "fsync = off, full_page_writes = off. Włącz je (on) w postgresql.conf" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_sqlite_that_syncs_less_is_not_served(
    durable_sqlite: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = tuple(one.replace("FULL", "NORMAL") for one in database.SQLITE_SETTINGS)
    monkeypatch.setattr(database, "SQLITE_SETTINGS", weak)
    durable_sqlite.database.dispose()
    with pytest.raises(ConfigurationError, match="synchronous = 1"):
        durability.require_durable(durable_sqlite)


def test_a_sqlite_in_memory_is_not_served(durable_sqlite: Context) -> None:
    forgetful = replace(durable_sqlite, database=Database("sqlite:///:memory:"))
    with pytest.raises(ConfigurationError, match="journal_mode = memory"):
        durability.require_durable(forgetful)
    forgetful.database.dispose()
