"""One prepared statement on PostgreSQL, past the driver's cursor, whose own work takes longer than sending it.

The conversions are the driver's own, both ways. What was prepared is remembered with the connection, and ends with it.
"""

from __future__ import annotations

from typing import Any

from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection


def first_row(connection: Connection, sql: str, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """`sql`: with $1, $2, ... for the values. Raises the driver's errors; other threads go on meanwhile."""
    known, raw = connection.info, connection.connection.driver_connection
    assert raw is not None
    if (prepared := known.get(sql)) is None:
        name = b"written_out_%d" % len(known)
        _fine(raw.pgconn.prepare(name, sql.encode()), ExecStatus.COMMAND_OK)
        prepared = known[sql] = name, Transformer(raw)
    name, convert = prepared
    formats = [PyFormat.BINARY if isinstance(value, bytes) else PyFormat.TEXT for value in values]
    sent = convert.dump_sequence(values, formats)
    result = _fine(raw.pgconn.exec_prepared(name, sent, convert.formats), ExecStatus.TUPLES_OK)
    if not result.ntuples:
        return None
    convert.set_pgresult(result)
    row: tuple[Any, ...] = convert.load_row(0, tuple)
    convert.set_pgresult(None)  # nothing of an answer stays
    return row


def _fine(result: PGresult, expected: ExecStatus) -> PGresult:
    if result.status != expected:
        raise errors.error_from_result(result)
    return result
