"""Statements that are written out once for each kind of store and sent through its driver.

SQLAlchemy takes several times as long for sending one as the driver does. What it knows and the driver does not (what
an error means, whether a connection is lost) is needed only when something fails: then it sends the statement again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine

POSTGRESQL = "postgresql"
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """`places`, in order: (name among the values or None, else its value, conversion). `columns`: converted."""

    sql: str
    places: Sequence[tuple[str | None, Any, Convert | None]]
    columns: Sequence[tuple[int, Convert]]

    def bound(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(
            constant if name is None else (convert(values[name]) if convert else values[name])
            for name, constant, convert in self.places
        )

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for column, convert in self.columns:
            values[column] = convert(values[column])
        return tuple(values)


class WrittenOut:
    """A statement that bears being sent twice, and is not within a transaction of PostgreSQL (which a fault ends)."""

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self.statement = statement
        self._texts: dict[str, _Text] = {}

    def row(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row that comes back, as SQLAlchemy would give it. `values`: of every parameter, by its name."""
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _write_out(self.statement, dialect)
        try:
            found = _send(connection, text.sql, text.bound(values))
        except dialect.loaded_dbapi.Error:
            row = connection.execute(self.statement, values).first()
            return None if row is None else tuple(row)
        return None if found is None else text.read(found)


def _send(connection: Connection, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    if connection.dialect.name == POSTGRESQL:
        from survey_app.store.prepared import first_row  # with SQLite nobody needs that driver

        return first_row(connection, sql, values)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    finally:
        cursor.close()
    return tuple(found[0]) if found else None


def _write_out(statement: Select[Any] | Insert | Update, dialect: Dialect) -> _Text:
    places_by_number = {"paramstyle": "numeric_dollar"} if dialect.name == POSTGRESQL else {}
    compiled: Any = statement.compile(dialect=type(dialect)(**places_by_number))
    names = {name: bind for bind, name in compiled.bind_names.items()}
    places = []
    for place in compiled.positiontup:
        bind = names[place]
        convert = _of_store(bind.type, dialect).bind_processor(dialect)
        given = bind.value is None and bind.callable is None
        constant = None if given else (convert(bind.value) if convert else bind.value)
        places.append((bind.key if given else None, constant, convert))
    types = [column.type for column in statement.selected_columns] if isinstance(statement, Select) else []
    converts = [_of_store(one, dialect).result_processor(dialect, None) for one in types]
    columns = [(column, convert) for column, convert in enumerate(converts) if convert]
    return _Text(str(compiled), places, columns)


def _of_store(of_column: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return of_column.dialect_impl(dialect)
