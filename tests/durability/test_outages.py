"""The database is full, gone, locked or slow: a clear page with everything that was typed, and a retry that works."""

from __future__ import annotations

import html
import re
import resource
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_app.services import housekeeping
from survey_app.services.context import Context
from tests.campaign_kit import Held, add_gmina, hold
from tests.durability.records import now, opened
from tests.durability.served import Reply, Server, ask, children, fields_of, key_of, kill, serving
from tests.durability.strace import command
from tests.page_police import police
from tests.stores import Cluster

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WORDS = "To przerwa po naszej stronie"


@dataclass
class Somebody:
    """A respondent of a campaign that runs on a real server."""

    context: Context
    server: Server
    held: Held
    number: int = 0

    @property
    def address(self) -> str:
        return f"/a/{self.held.campaign.public_id}"

    def get(self) -> Reply:
        return ask(self.server.port, "GET", self.address)

    def post(self, fields: dict[str, str]) -> Reply:
        return ask(self.server.port, "POST", self.address, fields)

    def filled(self) -> dict[str, str]:
        """A form that nobody else sends, with its key."""
        self.number += 1
        return {"form_key": key_of(self.get().text), **fields_of(self.number, f"Zdanie „{self.number}”")}

    def answer(self) -> None:
        assert self.post(self.filled()).status == 303

    def told(self, fields: dict[str, str]) -> dict[str, str]:
        """Is refused in plain words; the form that the page would send again, which is the same one."""
        page = self.post(fields)
        assert page.status == 503
        assert page.headers["retry-after"] == "30"
        assert "set-cookie" not in page.headers
        assert WORDS in page.text
        police(page.text)
        again = {name: html.unescape(value) for name, value in _FIELD.findall(page.text)}
        assert again == fields
        return again

    def texts(self) -> list[str]:
        return sorted(text for _, _, text in opened(self.context, self.held))

    def expect(self, count: int) -> None:
        assert self.texts() == sorted(f"Zdanie „{number + 1}”" for number in range(count))


@contextmanager
def somebody(context: Context, folder: Path, before: tuple[str, ...] = ()) -> Iterator[Somebody]:
    add_gmina(context, 1)
    held = hold(context, access="open_link", **now(context))
    with serving(Server(context, folder / "log", 1, before)) as server:
        yield Somebody(context, server, held)


# Gone and back -------------------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_database_that_was_stopped_and_started(
    durable_postgres: Context, durable_cluster: Cluster, tmp_path: Path
) -> None:
    with somebody(durable_postgres, tmp_path) as one:
        one.answer()
        fields = one.filled()
        durable_cluster.pause()
        try:
            again = one.told(fields)
            page = one.get()
            assert (page.status, page.headers["retry-after"]) == (503, "30")
            assert "Baza danych chwilowo nie działa" in page.text
            assert ask(one.server.port, "GET", "/ready").status == 503
            assert ask(one.server.port, "GET", "/health").status == 200
            worker = housekeeping.run_forever(durable_postgres, every=0)
            assert "Baza danych chwilowo nie działa" in next(worker), "and it goes on afterwards"
        finally:
            durable_cluster.go_on()
        assert one.post(again).status == 303
        assert one.post(again).status == 303
        one.expect(2)
        assert housekeeping.run_once(durable_postgres) == []


def test_a_file_that_was_gone_and_came_back(durable_sqlite: Context, tmp_path: Path) -> None:
    """Nobody is thanked for an answer that goes into a file that is not there any more, nor is an empty one made."""
    var, aside = durable_sqlite.settings.var, tmp_path / "aside"
    with somebody(durable_sqlite, tmp_path) as one:
        one.answer()
        fields = one.filled()
        durable_sqlite.database.dispose()
        aside.mkdir()
        files = list(var.glob("survey.sqlite3*"))
        for file in files:
            file.rename(aside / file.name)
        again = one.told(fields)
        assert one.get().status == 503
        assert list(var.glob("survey.sqlite3*")) == []
        for file in files:
            shutil.copyfile(aside / file.name, file)  # on another disk, say
        shutil.rmtree(aside)
        assert one.post(again).status == 303
        one.expect(2)


# Full ----------------------------------------------------------------------------------------------------------


def let_grow(pids: list[int], size: int | None) -> None:
    """No file of theirs grows beyond that many bytes; None: as before."""
    for pid in pids:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if size is None else size, hard))


def test_a_full_disk_under_sqlite(durable_sqlite: Context, tmp_path: Path) -> None:
    with somebody(durable_sqlite, tmp_path) as one:
        one.answer()
        for size in (0, 20_000):  # at once, and in the midst of an answer
            fields = one.filled()
            let_grow(one.server.worker_pids(), size)
            again = one.told(fields)
            assert one.get().status == 200, "what only reads still works"
            let_grow(one.server.worker_pids(), None)
            assert one.post(again).status == 303
        one.expect(3)
    with durable_sqlite.database.connection() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


TABLE = """SELECT pg_relation_filepath(reltoastrelid) FROM pg_class WHERE relname = 'sealed_answer'"""
LOG = "SELECT 'pg_wal/' || pg_walfile_name(pg_current_wal_lsn())"


@pytest.mark.postgres
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("file", [TABLE, LOG], ids=["tables", "log"])
def test_a_full_disk_under_postgresql(
    durable_postgres: Context, durable_cluster: Cluster, tmp_path: Path, file: str
) -> None:
    """Where the tables cannot grow it refuses; where its log cannot, it falls, until there is room again."""
    with somebody(durable_postgres, tmp_path) as one:
        one.answer()
        with durable_postgres.database.connection() as connection:
            path = durable_cluster.folder / "pg" / str(connection.exec_driver_sql(file).scalar_one())
        fields = one.filled()
        full = ("-P", str(path), "-e", "inject=pwrite64:error=ENOSPC")
        durable_cluster.pause()
        durable_cluster.go_on(*command(durable_cluster.folder / "full", *full))
        again = one.told(fields)
        with suppress(OSError):  # it falls and gets up again and again, and in the midst of that heeds nobody
            kill(durable_cluster.main_pid(), *children(durable_cluster.main_pid()))
        durable_cluster.process.wait()
        durable_cluster.go_on()
        assert "No space left on device" in (durable_cluster.folder / "log").read_text(errors="replace")
        assert one.post(again).status == 303
        one.expect(2)


# Locked, slow --------------------------------------------------------------------------------------------------


def test_a_file_that_somebody_keeps_locked(durable_sqlite: Context, tmp_path: Path) -> None:
    """Longer than the service waits (ten seconds)."""
    with somebody(durable_sqlite, tmp_path) as one:
        one.answer()
        fields = one.filled()
        other = sqlite3.connect(durable_sqlite.settings.var / "survey.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        again = one.told(fields)
        assert one.get().status == 200, "what only reads waits for nobody"
        other.execute("ROLLBACK")
        other.close()
        assert one.post(again).status == 303
        one.expect(2)


@pytest.mark.usefixtures("strace")
def test_a_slow_disk_and_an_impatient_hand(durable_sqlite: Context, tmp_path: Path) -> None:
    """Each sync takes half a second. The same form sent three times meanwhile is one answer, and nobody is thanked
    before the disk has it.
    """
    slow = command(tmp_path / "trace", "-e", "inject=fdatasync:delay_enter=500000")
    with somebody(durable_sqlite, tmp_path, slow) as one:
        fields, replies = one.filled(), list[tuple[int, float]]()

        def send() -> None:
            begun = time.monotonic()
            replies.append((one.post(fields).status, time.monotonic() - begun))

        hands = [threading.Thread(target=send) for _ in range(3)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        assert [status for status, _ in replies] == [303] * 3
        assert min(lasted for _, lasted in replies) >= 0.5
        one.expect(1)
