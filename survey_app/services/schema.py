"""Bring the database's tables to the version that this code needs, or back."""

from __future__ import annotations

from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from survey_app.config import MIGRATIONS
from survey_app.errors import ConfigurationError
from survey_app.services.context import Context


def upgrade(context: Context, revision: str = "head") -> str | None:
    """One transaction: after a failure the database is as it was. Returns the version reached."""
    with context.database.schema_change() as connection:
        command.upgrade(_config(connection), revision)
        return _revision(connection)


def downgrade(context: Context, revision: str) -> str | None:
    """Back to `revision` ("base": no tables at all). Rows of tables that go are lost."""
    with context.database.schema_change() as connection:
        command.downgrade(_config(connection), revision)
        return _revision(connection)


def reach(connection: Connection, revision: str = "head") -> None:
    """Tables without rows, or with those of an older version, in this version: within the caller's `schema_change`."""
    found = _revision(connection)
    if found is not None and revision not in ("head", found):
        command.downgrade(_config(connection), "base")
    command.upgrade(_config(connection), revision)


def knows(revision: str) -> bool:
    """Is it one that this code can begin from?"""
    return revision in _known()


def serves(revision: str | None) -> bool:
    """Whether a process that runs already may go on with tables of this version: its own, or one that a newer program
    brought meanwhile. During an upgrade old and new processes share the tables (docs/production.md says which may).
    """
    return revision is not None and (revision == newest() or not knows(revision))


def revision_of(connection: Connection) -> str | None:
    """As `current`, within a transaction of the caller's."""
    return _revision(connection)


def current(context: Context) -> str | None:
    """The version of the tables; None in a database that was never set up."""
    with context.database.connection() as connection:
        return _revision(connection)


@cache
def newest() -> str | None:
    """The version that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def require_current(context: Context) -> None:
    """Raises ConfigurationError, saying what to run, when tables and code do not belong together."""
    found = current(context)
    if found != newest():
        state = "jest w innej wersji niż program" if found else "nie ma jeszcze tabel"
        raise ConfigurationError(f"Baza danych {state}. Uruchom: survey-app db upgrade")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
