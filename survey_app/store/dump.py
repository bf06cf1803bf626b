"""Rows of any table as lines of text, alike on both stores: what a backup is made of, and what a restore reads.

Tables are looked at as they are, not as the models say: a backup of an older version is loaded into older tables.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    collate,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from sqlalchemy.types import TypeEngine

from survey_app.models import Base
from survey_app.models.base import UtcDateTime

BOOKKEEPING = "alembic_version"
JSON_TEXT, MOMENT, DAY, BYTES, TRUTH, NUMBER, WORDS = (
    "json",
    "moment",
    "day",
    "bytes",
    "truth",
    "number",
    "words",
)
# The first that fits is the column's kind.
KINDS: tuple[tuple[str, type[TypeEngine[Any]]], ...] = (
    (JSON_TEXT, JSON),
    (MOMENT, DateTime),
    (DAY, Date),
    (BYTES, LargeBinary),
    (TRUTH, Boolean),
    (NUMBER, Integer),
    (WORDS, String),
)
ROWS_AT_ONCE = 500
ROWS_WITH_BYTES_AT_ONCE = 8  # a row may hold a whole document
BATCH_BYTES = 1_000_000
MALFORMED = "a line of a backup that is no row of its table"


class RefusedRowsError(Exception):
    """The tables refuse the rows."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's name, its columns with their kinds in the order of their names, and its key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...] = ()

    def table(self, *, json_as: TypeEngine[Any]) -> Table:
        types: dict[str, TypeEngine[Any]] = {
            JSON_TEXT: json_as, MOMENT: UtcDateTime(), DAY: Date(), BYTES: LargeBinary(), TRUTH: Boolean(),
            NUMBER: Integer(), WORDS: Text(),
        }  # fmt: skip
        return Table(self.name, MetaData(), *(Column(name, types[kind]) for name, kind in self.columns))


def own_tables() -> list[str]:
    """By name, of the tables that this version of the service has."""
    return sorted(Base.metadata.tables)


def tables_there(connection: Connection) -> list[str]:
    """Every table of the database, without the one that says in which version they are."""
    return sorted(set(inspect(connection).get_table_names()) - {BOOKKEEPING})


def filled_table(connection: Connection) -> str | None:
    """The name of some table that has a row."""
    for name in tables_there(connection):
        if connection.execute(select(text("1")).select_from(Table(name, MetaData())).limit(1)).first():
            return name
    return None


def shape_of(connection: Connection, name: str) -> Shape:
    """As the database itself describes the table."""
    looked_at = inspect(connection)
    columns = sorted((column["name"], _kind(column["type"])) for column in looked_at.get_columns(name))
    return Shape(name, tuple(columns), tuple(looked_at.get_pk_constraint(name)["constrained_columns"]))


def _kind(column_type: TypeEngine[Any]) -> str:
    return next(kind for kind, known in KINDS if isinstance(column_type, known))


def lines(connection: Connection, shape: Shape) -> Iterator[bytes]:
    """A line for each row, in the order of the key: where a row lies on the disk tells when it was written."""
    on_sqlite = connection.dialect.name == "sqlite"
    table = shape.table(json_as=Text() if on_sqlite else JSONB())
    kinds = dict(shape.columns)
    read = [
        cast(column, Text) if kinds[column.name] == JSON_TEXT and not on_sqlite else column
        for column in table.columns
    ]
    in_order = [
        table.c[name] if on_sqlite or kinds[name] != WORDS else collate(table.c[name], "C")
        for name in shape.key
    ]
    at_once = ROWS_WITH_BYTES_AT_ONCE if BYTES in kinds.values() else ROWS_AT_ONCE
    query = select(*read).order_by(*in_order).execution_options(yield_per=at_once)
    writers = [_WRITERS.get(kind) for _, kind in shape.columns]
    for row in connection.execute(query):
        told = [
            value if value is None or write is None else write(value)
            for value, write in zip(row, writers, strict=True)
        ]
        yield json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


_WRITERS: dict[str, Any] = {
    MOMENT: lambda value: value.isoformat(timespec="microseconds"),
    DAY: lambda value: value.isoformat(),
    BYTES: lambda value: base64.b64encode(value).decode("ascii"),
    JSON_TEXT: str,
}
_READERS: dict[str, tuple[type, Any]] = {
    MOMENT: (str, dt.datetime.fromisoformat),
    DAY: (str, dt.date.fromisoformat),
    BYTES: (str, lambda value: base64.b64decode(value, validate=True)),
    JSON_TEXT: (str, str),
    TRUTH: (bool, bool),
    NUMBER: (int, int),
    WORDS: (str, str),
}


def read_line(shape: Shape, line: bytes) -> list[Any]:
    """The values of a row. ValueError: the line is no row of this table."""
    told = json.loads(line)
    if not isinstance(told, list) or len(told) != len(shape.columns):
        raise ValueError(MALFORMED)
    return [_value(kind, one) for (_, kind), one in zip(shape.columns, told, strict=True)]


def _value(kind: str, told: Any) -> Any:
    if told is None:
        return None
    expected, read = _READERS[kind]
    if type(told) is not expected:
        raise ValueError(MALFORMED)
    return read(told)


def load(connection: Connection, shape: Shape, rows: Iterator[tuple[int, Sequence[Any]]]) -> int:
    """Rows with their lengths, a batch at a time; returns how many. RefusedRowsError: the table refuses one."""
    on_sqlite = connection.dialect.name == "sqlite"
    table = shape.table(json_as=Text() if on_sqlite else JSONB())
    given = {}
    for name, kind in shape.columns:
        typed = bindparam(f"given_{name}", type_=Text() if kind == JSON_TEXT else table.c[name].type)
        given[name] = cast(typed, JSONB) if kind == JSON_TEXT and not on_sqlite else typed
    statement = table.insert().values(given)
    count, size, batch = 0, 0, []
    for length, row in rows:
        batch.append({f"given_{name}": value for (name, _), value in zip(shape.columns, row, strict=True)})
        count, size = count + 1, size + length
        if len(batch) == ROWS_AT_ONCE or size > BATCH_BYTES:
            _insert(connection, statement, batch)
            size, batch = 0, []
    if batch:
        _insert(connection, statement, batch)
    return count


def _insert(connection: Connection, statement: Any, batch: list[dict[str, Any]]) -> None:
    try:
        connection.execute(statement, batch)
    except (IntegrityError, DataError) as error:
        raise RefusedRowsError from error


@contextmanager
def resting_foreign_keys(connection: Connection) -> Iterator[None]:
    """Rows may come in any order meanwhile; every reference is checked at the end. RefusedRowsError: one leads nowhere.

    SQLite: `Database.schema_change` has switched them off. PostgreSQL: the tables' owner takes the rules off and sets
    them again, for only a superuser may switch them off.
    """
    rules = [] if connection.dialect.name == "sqlite" else connection.execute(text(_FOREIGN_KEYS)).all()
    for table, name, _ in rules:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RefusedRowsError
    try:
        for table, name, rule in rules:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
    except (IntegrityError, ProgrammingError) as error:
        raise RefusedRowsError from error


_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conrelid::regclass::text, conname
"""


def set_sequences(connection: Connection) -> None:
    """The next number of each key comes after the highest that is there. SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table, column, sequence in connection.execute(text(_SEQUENCES)).all():
        connection.exec_driver_sql(
            f"SELECT setval('{sequence}', max({column})) FROM {table} HAVING max({column}) IS NOT NULL"  # noqa: S608
        )


_SEQUENCES = """
SELECT d.refobjid::regclass::text, quote_ident(a.attname), d.objid::regclass::text
FROM pg_depend AS d JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
  AND s.relnamespace = current_schema()::regnamespace
"""
