"""Every page of the staff in a large gmina: statements, time at the server, bytes; beside it the same in a small one.

Times are of the processor, in process and warm, the median of some rounds. The ratio of the two gminas carries over
between machines.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import event

from survey_app.services import schema
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import big_gmina
from tests.stores import Clock, Cluster, find_programs, settings_for, short_folder

LARGE = big_gmina.Size(500, 1000, seats=5, interviews=20, notes=24, reports=12, events=5000)
SMALL = big_gmina.Size(5, 10)
ROUNDS = 3
STATEMENTS, MILLISECONDS = 12, 100


@dataclass(frozen=True, slots=True)
class Seen:
    """`status` is 200 unless something is wrong with the bench itself."""

    status: int
    statements: int
    ms: float
    size: int


def main() -> None:
    with tempfile.TemporaryDirectory(dir=short_folder()) as name:
        folder = Path(name)
        _compare("SQLite", [f"sqlite:///{folder / size}.sqlite3" for size in ("large", "small")], folder)
        programs = find_programs()
        if programs is None:
            print("PostgreSQL: not on this machine")
            return
        cluster = Cluster.start(programs)
        try:
            _compare("PostgreSQL", [cluster.url(cluster.create(empty=True)) for _ in range(2)], folder)
        finally:
            cluster.stop()


def _compare(store: str, urls: list[str], folder: Path) -> None:
    large, small = (_measured(folder, url, size) for url, size in zip(urls, (LARGE, SMALL), strict=True))
    print(f"{store}: {'page':<42} statements      ms   ratio      KB")
    for page, one in sorted(large.items(), key=lambda item: -item[1].ms):
        print(_line(page, one, small.get(page)))
    often = sum(one.statements > STATEMENTS for one in large.values())
    slow = sum(one.ms >= MILLISECONDS for one in large.values())
    print(
        f"{len(large)} pages; above {STATEMENTS} statements: {often}; {MILLISECONDS} ms or more: {slow}",
        flush=True,
    )


def _line(page: tuple[str, str], one: Seen, base: Seen | None) -> str:
    beside = f"{base.statements:>3} {one.ms / base.ms:>6.1f}" if base else "  -      -"
    over = "!" if one.statements > STATEMENTS or one.ms >= MILLISECONDS else " "
    name = f"{page[0]} ({page[1]})"
    status = "" if one.status == 200 else f" status {one.status}"
    return f"{over} {name:<52} {one.statements:>3} {one.ms:>8.1f} {beside} {one.size / 1024:>8.1f}{status}"


def _measured(folder: Path, url: str, size: big_gmina.Size) -> dict[tuple[str, str], Seen]:
    var = Path(tempfile.mkdtemp(dir=folder))
    settings = settings_for(var, url)
    context = Context(settings, Context.from_settings(settings).database, Clock())
    schema.upgrade(context)
    started = time.process_time()
    big = big_gmina.build(context, size)
    print(f"built in {time.process_time() - started:.0f} s", file=sys.stderr)
    app = create_app(context=context)
    found = {
        (page.view, page.role): _visit(context, client, page.address)
        for page, client in big_gmina.visits(app, big)
    }
    context.database.dispose()
    return found


def _visit(context: Context, client: FlaskClient, address: str) -> Seen:
    answer = client.get(address)
    times, statements = [], 0
    for _ in range(ROUNDS):
        with _counted(context) as count:
            started = time.process_time()
            answer = client.get(address)
            times.append(time.process_time() - started)
        statements = count[0]
    return Seen(answer.status_code, statements, sorted(times)[ROUNDS // 2] * 1000, len(answer.data))


@contextmanager
def _counted(context: Context) -> Iterator[list[int]]:
    """How many statements reach the store meanwhile; the beginning of a transaction is none."""
    seen = [0]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen[0] += not statement.startswith("BEGIN")

    event.listen(context.database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(context.database.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
