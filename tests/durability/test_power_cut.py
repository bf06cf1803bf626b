"""The power goes the moment after a respondent was thanked: what was not synced is gone, and the answer is there.

strace tells what was written and synced before each reply left; the files are made anew from that alone.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.services.context import Context
from survey_app.store.database import Database
from tests.campaign_kit import Held, add_gmina, hold
from tests.durability.records import count, now, opened
from tests.durability.served import SERVE, Server, ask, fields_of, key_of, serving
from tests.durability.strace import Disk, Event, command, read_trace
from tests.stores import Cluster, server_owner, short_folder

CARELESS = ("-m", "tests.durability.careless")
THANKED = b"HTTP/1.1 303"

pytestmark = pytest.mark.usefixtures("strace")


def answer(server: Server, held: Held, count: int) -> list[str]:
    """One after the other; their texts in that order."""
    address, texts = f"/a/{held.campaign.public_id}", []
    for number in range(count):
        texts.append(f"Zdanie {number}")
        page = ask(server.port, "GET", address)
        fields = {"form_key": key_of(page.text), **fields_of(number, texts[-1])}
        assert ask(server.port, "POST", address, fields).status == 303
    return texts


def cuts(events: Sequence[Event], disk: Disk) -> Iterator[int]:
    """Stops at each reply that thanks somebody, before anything later is on the disk; how many were thanked."""
    thanks = sorted(one.begun for one in events if one.call == "sendto" and one.data.startswith(THANKED))
    place = 0
    for number, moment in enumerate(thanks, 1):
        while place < len(events) and events[place].done <= moment:
            disk.take(events[place])
            place += 1
        yield number


def missing(context: Context, held: Held, thanked: Sequence[str]) -> set[str]:
    """Of those who were thanked; and what is there is whole."""
    texts = [text for _, _, text in opened(context, held)]
    assert len(texts) == len(set(texts))
    assert count(context, "submission_key", held) == len(texts)
    return set(thanked) - set(texts)


# SQLite --------------------------------------------------------------------------------------------------------


def lost_on_sqlite(context: Context, folder: Path, program: Sequence[str], chances: int, count: int) -> int:
    """At how many of the moments somebody's answer was missing."""
    add_gmina(context, 1)
    held = hold(context, access="open_link", **now(context))
    context.database.dispose()  # now the file is whole, and nothing is beside it
    var, base, trace = context.settings.var, folder / "base", folder / "trace"
    shutil.copytree(var, base)
    with serving(Server(context, folder / "log", 1, command(trace), program)) as server:
        texts = answer(server, held, count)
    events = read_trace(trace)
    disk, chance, moments, found = Disk(var, base), random.Random(1), 0, 0
    for number in cuts(events, disk):
        for turn in range(1 + chances):
            left = folder / f"left-{number}-{turn}"
            disk.cut(left, chance if turn else None)
            (left / "survey.sqlite3-shm").unlink(missing_ok=True)
            settings = replace(
                context.settings, var=left, database_url=f"sqlite:///{left / 'survey.sqlite3'}"
            )
            after = Context(settings, Database(settings.database_url), context.clock)
            with after.database.connection() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            found += bool(missing(after, held, texts[:number]))
            after.database.dispose()
            shutil.rmtree(left)
            moments += 1
    assert moments == (1 + chances) * count
    return found


def test_a_power_cut_takes_no_answer_from_sqlite(durable_sqlite: Context, tmp_path: Path) -> None:
    """So many answers that the log is carried over into the file and begun anew meanwhile."""
    assert lost_on_sqlite(durable_sqlite, tmp_path, SERVE, chances=1, count=130) == 0


def test_the_test_notices_a_sqlite_that_syncs_less(durable_sqlite: Context, tmp_path: Path) -> None:
    assert lost_on_sqlite(durable_sqlite, tmp_path, CARELESS, chances=0, count=3) == 3


# PostgreSQL ----------------------------------------------------------------------------------------------------


@contextmanager
def recovered(cluster: Cluster, disk: Disk, chance: random.Random | None) -> Iterator[Cluster]:
    """Another server on what is left."""
    folder, owner = Path(tempfile.mkdtemp(prefix="survey-pg-", dir=short_folder())), server_owner()
    left = folder / "pg"
    disk.cut(left, chance)
    (left / "postmaster.pid").unlink(missing_ok=True)
    if owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    left.chmod(0o700)
    after = Cluster(folder, cluster.programs, cluster.settings, cluster.process)
    try:
        after.go_on()
        yield after
    finally:
        after.stop()


def lost_on_postgres(
    context: Context, cluster: Cluster, folder: Path, program: Sequence[str], count: int, looks: set[int]
) -> int:
    add_gmina(context, 1)
    held = hold(context, access="open_link", **now(context))
    context.database.dispose()
    cluster.pause()
    data, base, server_trace = cluster.folder / "pg", folder / "base", cluster.folder / "trace"
    shutil.copytree(data, base)
    cluster.go_on(*command(server_trace))
    with serving(Server(context, folder / "log", 1, command(folder / "trace"), program)) as server:
        texts = answer(server, held, count)
    cluster.pause()
    cluster.go_on()
    # Both are traced by the same clock, and what follows from another call comes after it.
    events = sorted([*read_trace(server_trace), *read_trace(folder / "trace")], key=lambda one: one.done)
    disk, chance, found = Disk(data, base), random.Random(1), 0
    for number in cuts(events, disk):
        if number not in looks:
            continue
        with recovered(cluster, disk, chance if number % 2 else None) as other:
            url = other.url(str(context.database.url.database))
            after = Context(replace(context.settings, database_url=url), Database(url), context.clock)
            found += bool(missing(after, held, texts[:number]))
            after.database.dispose()
    return found


@pytest.mark.postgres
def test_a_power_cut_takes_no_answer_from_postgresql(
    durable_postgres: Context, durable_cluster: Cluster, tmp_path: Path
) -> None:
    lost = lost_on_postgres(durable_postgres, durable_cluster, tmp_path, SERVE, 12, {1, 6, 12})
    assert lost == 0


@pytest.mark.postgres
def test_the_test_notices_a_postgresql_that_syncs_less(
    durable_postgres: Context, durable_cluster: Cluster, tmp_path: Path
) -> None:
    """Its own default is synchronous_commit = off here: only what the service asks for makes the difference."""
    assert lost_on_postgres(durable_postgres, durable_cluster, tmp_path, CARELESS, 3, {3}) == 1
