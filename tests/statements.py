"""What the store is asked while something is done: for tests that say how often a page may ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event

from survey_app.services.context import Context
from survey_app.store import written_out
from tests.integration.staff import Staff

# A page of the staff asks the store at most this often, however much there is.
CEILING = 12


@contextmanager
def asked(context: Context) -> Iterator[list[str]]:
    """The statements that reach the store meanwhile; the beginning of a transaction is none."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    def note_and_send(connection: Connection, sql: str, values: object) -> tuple[object, ...] | None:
        seen.append(sql)
        return send(connection, sql, values)

    send = written_out._send  # what goes past SQLAlchemy
    event.listen(context.database.engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(written_out, "_send", note_and_send)
            yield seen
    finally:
        event.remove(context.database.engine, "before_cursor_execute", note)


def keep_to(ceilings: Mapping[str, int], context: Context, person: Staff, places: Mapping[str, int]) -> None:
    """Every page is shown, with no more queries than its ceiling."""
    beyond = {}
    for address, ceiling in ceilings.items():
        with asked(context) as seen:
            answer = person.client.get(address.format(**places))
        assert answer.status_code == 200, address
        if len(seen) > ceiling:
            beyond[address] = (len(seen), ceiling)
    assert not beyond, "page: (queries, ceiling)"
