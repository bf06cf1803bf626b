"""Runs migrations on the connection that the service hands in; for `alembic`, on its settings."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from survey_app.config import Settings
from survey_app.models import Base
from survey_app.models.base import Json, UtcDateTime
from survey_app.store.database import Database

JSON_COLUMN = 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A written migration names plain types only: it must keep its meaning when the models move on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Json:
        return JSON_COLUMN
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_from_settings() -> None:
    settings = Settings.from_environment()
    settings.var.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        with database.schema_change() as connection:
            run(connection)
    finally:
        database.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    run_from_settings()
