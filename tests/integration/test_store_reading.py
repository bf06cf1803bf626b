"""Reading waits for no writer, and a store that fails says so in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from survey_app.errors import UnavailableError
from survey_app.services import gminas, schema
from survey_app.services.context import Context
from survey_app.store.database import Database
from tests.campaign_kit import DRAFT, GMINA, add_gmina
from tests.stores import settings_for


def test_a_page_can_be_read_while_somebody_writes(context: Context) -> None:
    add_gmina(context, 1)
    with context.database.transaction() as session:
        found = gminas.gminas.get(session, GMINA)
        assert found is not None
        found.name = "Zmieniona"
        session.flush()
        assert gminas.describe(context, GMINA).name == "Godziszów", "and it is what was kept last"
    assert gminas.describe(context, GMINA).name == "Zmieniona"


def test_what_only_reads_cannot_write(postgres_context: Context) -> None:
    add_gmina(postgres_context, 1)
    with postgres_context.database.reading() as session:
        found = gminas.gminas.get(session, GMINA)
        assert found is not None
        found.name = DRAFT.title
        with pytest.raises(SQLAlchemyError, match="read-only"):
            session.flush()
        session.rollback()
    assert gminas.describe(postgres_context, GMINA).name == "Godziszów"


@pytest.mark.parametrize("content", [b"to nie jest baza danych" * 100, None])
def test_a_store_that_cannot_be_read_is_unavailable(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "survey.sqlite3"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    settings = settings_for(tmp_path, f"sqlite:///{file}")
    broken = Context(settings, Database(settings.database_url))
    for attempt in (schema.current, schema.upgrade, gminas.teams):
        with pytest.raises(UnavailableError):
            attempt(broken)
    broken.database.dispose()


def test_the_live_settings_are_those_that_the_promises_need(context: Context) -> None:
    """Read back from a connection as the service uses it, not from what was meant to be set."""
    with context.database.connection() as connection:
        if context.database.is_sqlite:
            told = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
            }
            assert told == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "secure_delete": 1,
                "temp_store": 2,
            }
        else:
            level = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
            assert level == "read committed"
