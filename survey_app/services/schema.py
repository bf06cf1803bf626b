"""Bring the database's tables to the version that this code needs, or back."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from survey_app.config import MIGRATIONS
from survey_app.errors import ConfigurationError
from survey_app.services.context import Context

if TYPE_CHECKING:
    from alembic.config import Config

_NAMED = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)


def upgrade(context: Context, revision: str = "head") -> str | None:
    """One transaction: after a failure the database is as it was. Returns the version reached."""
    from alembic import command

    with context.database.schema_change() as connection:
        command.upgrade(_config(connection), revision)
        return _revision(connection)


def downgrade(context: Context, revision: str) -> str | None:
    """Back to `revision` ("base": no tables at all). Rows of tables that go are lost."""
    from alembic import command

    with context.database.schema_change() as connection:
        command.downgrade(_config(connection), revision)
        return _revision(connection)


def reach(connection: Connection, revision: str = "head") -> None:
    """Tables without rows, or with those of an older version, in this version: within the caller's `schema_change`."""
    from alembic import command

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
def newest() -> str:
    """The version that this code needs."""
    (head,) = _known() - {before for _, before in _versions()}
    return head


def require_current(context: Context) -> None:
    """Raises ConfigurationError, saying what to run, when tables and code do not belong together."""
    found = current(context)
    if found != newest():
        state = "jest w innej wersji niż program" if found else "nie ma jeszcze tabel"
        raise ConfigurationError(f"Baza danych {state}. Uruchom: survey-app db upgrade")


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    return config


@cache
def _versions() -> tuple[tuple[str, str | None], ...]:
    """Each version and the one before it, as the files say. Every web process asks this, so Alembic is not asked: it
    would stay in their memory for nothing else.
    """
    named = [
        {name: value or None for name, value in _NAMED.findall(file.read_text(encoding="utf-8"))}
        for file in (MIGRATIONS / "versions").glob("*.py")
    ]
    return tuple((str(one["revision"]), one["down_revision"]) for one in named)


def _known() -> frozenset[str]:
    return frozenset(revision for revision, _ in _versions())


def _revision(connection: Connection) -> str | None:
    """None: no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
