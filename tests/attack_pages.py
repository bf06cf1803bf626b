"""What the stores' own files tell: SQLite's log replayed commit by commit, PostgreSQL's pages and log as they lie."""

from __future__ import annotations

import re
import sqlite3
import struct
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import text

from survey_app.services.context import Context
from tests.attack import Dump

LOG_HEADER, FRAME_HEADER = 32, 24
PAGE = 8_192  # of PostgreSQL
PAGE_HEADER, POINTER, NORMAL = 24, 4, 1


@dataclass(frozen=True)
class Step:
    """What one commit changed: invitations that were used from then on, and boxes that appeared."""

    used: frozenset[int]
    boxes: frozenset[str]


def replayed(database: bytes, log: bytes, folder: Path) -> list[Step]:
    """The commits that a write-ahead log of SQLite still holds, told apart by opening the database after each."""
    states = [_state(database, log[:end], folder) for end in _commits(log)]
    pairs = pairwise(states)
    return [Step(after[0] - before[0], after[1] - before[1]) for before, after in pairs]


def linked_by_steps(steps: list[Step]) -> dict[int, str]:
    """Stakeholder id -> box id, wherever one commit changed exactly one of each."""
    return {min(step.used): min(step.boxes) for step in steps if len(step.used) == 1 and len(step.boxes) == 1}


def _commits(log: bytes) -> Iterator[int]:
    """Ends of the frames that end a commit; frames with another salt are of an older round and lie behind."""
    if len(log) < LOG_HEADER:
        return
    size = FRAME_HEADER + struct.unpack(">I", log[8:12])[0]
    salts = log[16:24]
    yield 0  # the database alone
    for begin in range(LOG_HEADER, len(log) - size + 1, size):
        if log[begin + 8 : begin + 16] != salts:
            return
        if struct.unpack(">I", log[begin + 4 : begin + 8])[0]:
            yield begin + size


def _state(database: bytes, log: bytes, folder: Path) -> tuple[frozenset[int], frozenset[str]]:
    copy = folder / "replayed.sqlite3"
    for ending, content in (("", database), ("-wal", log), ("-shm", b"")):
        path = copy.with_name(copy.name + ending)
        path.unlink(missing_ok=True)
        if content:
            path.write_bytes(content)
    connection = sqlite3.connect(copy)
    try:
        used = connection.execute("SELECT stakeholder_id FROM invitation WHERE used")
        boxes = connection.execute("SELECT id FROM sealed_answer")
        return frozenset(row[0] for row in used), frozenset(row[0] for row in boxes)
    finally:
        connection.close()


def heap_items(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(xmin, xmax, row as it lies) for each version of a row in a heap file, dead ones too, in the order of ctid."""
    for begin in range(0, len(content) - PAGE + 1, PAGE):
        page = content[begin : begin + PAGE]
        lower = int.from_bytes(page[12:14], "little")
        for place in range(PAGE_HEADER, min(lower, PAGE), POINTER):
            word = int.from_bytes(page[place : place + POINTER], "little")
            offset, state, length = word & 0x7FFF, (word >> 15) & 3, word >> 17
            if state == NORMAL and length > PAGE_HEADER:
                row = page[offset : offset + length]
                yield int.from_bytes(row[:4], "little"), int.from_bytes(row[4:8], "little"), row


def checkpoint(context: Context) -> None:
    """PostgreSQL's pages reach their files."""
    with context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))


def data_folder(context: Context) -> Path:
    with context.database.engine.connect() as connection:
        return Path(str(connection.scalar(text("SHOW data_directory"))))


def file_of(context: Context, table: str) -> str:
    """The heap's file, relative to the data folder."""
    with context.database.engine.connect() as connection:
        return str(
            connection.scalar(text("SELECT pg_relation_filepath(CAST(:name AS regclass))"), {"name": table})
        )


def log_position(context: Context) -> str:
    """Where PostgreSQL's log ends just now."""
    with context.database.engine.connect() as connection:
        return str(connection.scalar(text("SELECT pg_current_wal_insert_lsn()")))


def linked_by_log(
    context: Context, programs: Path, begin: str, files: Mapping[str, str], dump: Dump
) -> dict[int, str]:
    """PostgreSQL's log from a place in it, read with its own program: stakeholder id -> box id, wherever one
    transaction changed an invitation and put in a box. `files`: where the tables lay then; `dump`: as of then.
    """
    with context.database.engine.connect() as connection:
        segment = connection.scalar(text("SELECT pg_walfile_name(CAST(:begin AS pg_lsn))"), {"begin": begin})
    told = subprocess.run(
        [programs / "pg_waldump", "-p", data_folder(context) / "pg_wal", "-s", begin, str(segment)],
        capture_output=True,
        text=True,
        check=False,  # it ends with an error where the log ends
    ).stdout
    names = {table: path.split("/")[-1] for table, path in files.items()}
    used: dict[str, str] = {}
    put: dict[str, str] = {}
    for line in told.splitlines():
        number = re.search(r"tx: +(\d+)", line)
        where = re.search(r"rel \d+/\d+/(\d+)(?: fork \w+)? blk (\d+)", line)
        if not number or not where or not line.startswith("rmgr: Heap "):
            continue
        if where[1] == names["invitation"] and (new := re.search(r"UPDATE .*new off (\d+)", line)):
            used[number[1]] = f"({where[2]},{new[1]})"
        if where[1] == names["sealed_answer"] and (new := re.search(r"INSERT(?:\+INIT)? off (\d+)", line)):
            put[number[1]] = f"({where[2]},{new[1]})"
    people = {row["_ctid"]: row["stakeholder_id"] for row in dump.tables["invitation"]}
    boxes = {row["_ctid"]: row["id"] for row in dump.tables["sealed_answer"]}
    return {people[used[one]]: boxes[put[one]] for one in used.keys() & put.keys() if used[one] in people}
