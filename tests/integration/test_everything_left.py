"""Everything that a campaign leaves on the disk, handed to the attacker: real server, worker, commands and backups.

72 of 88 invited institutions answer over HTTP (200 of 240 with WHOLE_ATTACK=1: run it when code of this path changes),
in an order that the attacker is told, as they are told which box came from whom. What they hold: all files at four
moments, logs, backups, PostgreSQL's pages and write-ahead log. The figures of the whole attack stand in
docs/anonymity.md.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.config import CHECKOUT
from survey_app.services.backup import backup
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, seal
from tests.attack import Row
from tests.attack_bytes import Files, Traces, link
from tests.attack_pages import (
    PAGE,
    file_of,
    heap_items,
    linked_by_log,
    linked_by_steps,
    log_position,
    replayed,
)
from tests.campaign_kit import add_institution
from tests.conftest import NO_POSTGRES, leave_out
from tests.served_campaign import Served, come, serving, start
from tests.stores import DURABLE_SETTINGS, Clock, Cluster, find_programs, settings_for
from tests.unlike_people import fingerprint, invited

PEOPLE, SILENT, MIDDLE = (200, 40, 150) if os.environ.get("WHOLE_ATTACK") else (72, 16, 50)
PAST = ("middle", "one later", "end")  # all before the lock
KEPT_LOG = "wal_keep_size=512MB"  # as an archive would keep it: nothing is taken away at a checkpoint
LOG, OLD_BACKUPS = "pg/pg_wal", {"left/middle.backup", "left/one-later.backup"}
OUTSIDE = {"address", "browser", "code", "code without dashes", "key of the form"}  # never on the disk
FORGOTTEN = {"hash of the code", "hash of the code, raw", "hash of the key", "box", "seal"}  # at the lock


@pytest.fixture(scope="module")
def shipped_cluster() -> Iterator[Cluster]:
    """A server under the settings that are shipped for operators: `serve` begins on no other."""
    programs = find_programs()
    if programs is None:
        leave_out(NO_POSTGRES)
        return
    lines = (CHECKOUT / "deploy" / "postgresql.conf").read_text(encoding="utf-8").splitlines()
    shipped = ["".join(line.partition("#")[0].split()) for line in lines]
    server = Cluster.start(programs, (*DURABLE_SETTINGS, *filter(None, shipped), KEPT_LOG))
    yield server
    server.stop()


@pytest.fixture
def shipped_postgres(shipped_cluster: Cluster, var: Path, clock: Clock) -> Iterator[Context]:
    name = shipped_cluster.create()
    settings = settings_for(var, shipped_cluster.url(name))
    service = Context(settings, Context.from_settings(settings).database, clock)
    yield service
    service.database.dispose()
    shipped_cluster.drop(name)


def hold_campaign(context: Context, folder: Path) -> Served:
    """From the opening to the lock; everything is looked at on the way, the server runs all the time."""
    served, coming = start(context, folder, PEOPLE, SILENT)
    with serving(served) as port:
        for place, (code, values) in enumerate(coming):
            if place == MIDDLE:
                served.run("worker", "--once")
                served.run("backup", str(folder / "middle.backup"))
                served.look("middle", LOG)
            come(served, port, code, values)
            if place == MIDDLE:
                backup(context, folder / "one-later.backup")
                served.look("one later", LOG)
        sample(context)
        served.look("end")
        opened = contents_by_key(served)
        boxes = served.boxes()
        assert {one.number: opened[boxes[one.stakeholder_id]["id"]] for one in served.people} == {
            number: content for content, number in served.contents.items()
        }
        context.clock.set(dt.datetime.now(dt.UTC))  # type: ignore[attr-defined]
        campaigns.close_now(context, served.held.campaign.id, actor=None)
        served.run("campaign", "lock", served.held.campaign.public_id)
        backup(context, folder / "after.backup")
        sample(context)
        served.look("after")
    return served


def sample(context: Context) -> None:
    """As PostgreSQL does by itself after some changes: samples of the columns go into its statistics."""
    if not context.database.is_sqlite:
        with context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


def contents_by_key(served: Served) -> dict[str, object]:
    """Box id -> fingerprint of what is in it, with the private key."""
    campaign, folders = served.held.campaign, served.context.settings.key_folders
    assert campaign.inbox_public_key is not None
    rows = served.dumps["end"].of_campaign("sealed_answer", campaign.id)
    opened = seal.open_boxes(
        folders, campaign.public_id, campaign.inbox_public_key, [bytes(row["box"]) for row in rows]
    )
    return {row["id"]: fingerprint(json.loads(one)["answers"]) for row, one in zip(rows, opened, strict=True)}


def held_by(found: Traces, moment: str) -> dict[str, set[str]]:
    """Kind of mark -> files that hold one at that moment."""
    begins = f"{moment}: "
    files = {
        kind: {one.removeprefix(begins) for one in names if one.startswith(begins)}
        for kind, names in found.holders.items()
    }
    return {kind: names for kind, names in files.items() if names}


def assert_nothing_links(served: Served) -> None:
    people, answers = served.people_traces(*PAST, "after"), served.answer_traces("after", *PAST)
    assert not OUTSIDE & set(people.holders), "what a browser sends along stays off the disk"
    for moment in PAST:
        assert held_by(answers, moment) == {}, "no word of an answer lies about before the lock"
    assert set(held_by(answers, "after")) == {"answer", "text", "words"}
    assert "pg/statistics" not in set().union(*held_by(answers, "after").values())
    assert set(people.holders) >= {"name", "street", "box", "seal", "hash of the code", "hash of the key"}
    found = link(people, answers, served.truth)
    assert found.tries > 500
    assert not found.beats_chance, found
    for kind, files in held_by(people, "after").items():
        if kind in FORGOTTEN:
            # Copies from before the lock, and PostgreSQL's own log: their operator's (docs/anonymity.md).
            assert files <= OLD_BACKUPS | {LOG}, f"{kind} outlives the lock"
    assert not [path for folder in served.context.settings.key_folders for path in folder.glob("*.key")]
    assert_logs_are_quiet(served.files["after"])


def assert_logs_are_quiet(files: Files) -> None:
    server = files["left/server.log"].content.decode()
    assert [line.split(" http")[0] for line in server.splitlines()] == ["Uruchamianie pod"]
    told = files["left/commands.log"].content.decode()
    assert "INSERT" not in told


def changes(served: Served, first: str, second: str) -> dict[str, tuple[int, set[str]]]:
    """Table -> how many rows came or changed between two dumps, and in which columns."""
    found = {}
    for table, rows in served.dumps[second].tables.items():
        before = {identity(row): said(row) for row in served.dumps[first].tables[table]}
        new = [(before.get(identity(row), {}), said(row)) for row in rows]
        columns = [{name for name in row if name not in old or old[name] != row[name]} for old, row in new]
        if any(columns):
            found[table] = (len([one for one in columns if one]), set().union(*columns))
    return found


def said(row: Row) -> Row:
    """Without the system's columns: they are the attack's own matter."""
    return {name: value for name, value in row.items() if not name.startswith("_")}


def identity(row: Row) -> object:
    return row.get("id", row.get("key_hash", json.dumps(said(row), default=str, sort_keys=True)))


def assert_one_answer_shows_as_one_answer(served: Served) -> None:
    """Two dumps, one answer apart: whose invitation, and a shut box; no counter, no moment, no other file."""
    assert changes(served, "middle", "one later") == {
        "invitation": (1, {"used"}),
        "sealed_answer": (1, {"id", "campaign_id", "box"}),
        "submission_key": (1, {"key_hash", "campaign_id"}),
    }
    first, second = served.files["middle"], served.files["one later"]
    changed = {name for name in second if name not in first or first[name].content != second[name].content}
    ours = {name for name in changed if not name.startswith("pg/")}
    assert ours - {"left/one-later.backup"} <= {f"var/survey.sqlite3{end}" for end in ("", "-wal", "-shm")}
    old, new = (set(second[f"left/{name}.backup"].content.splitlines()) for name in ("middle", "one-later"))
    rows = [line for line in new - old if line.startswith(b"[")]
    assert len(rows) == 3
    assert sum(one.word.encode() in line for one in served.people for line in rows) == 0


def test_everything_that_sqlite_leaves_links_nobody(
    sqlite_context: Context, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    served = hold_campaign(sqlite_context, tmp_path / "left")
    assert_nothing_links(served)
    assert_one_answer_shows_as_one_answer(served)

    # With the key, before the lock: the file alone does not tell whose box is whose, though boxes lie as they came.
    served.look_only("var/", "middle")
    people = served.people_traces("var/", without={"box", "seal", "hash of the key"}, came=False)
    found = link(people, served.box_traces("var/"), served.truth)
    assert found.tries > 20
    assert not found.beats_chance, found
    # The log beside the database holds each answer's commit apart, with whose
    # invitation it was, since the worker's last round; and nothing before that.
    linked = {}
    for moment in PAST:
        files = served.files[moment]
        log = files.get("var/survey.sqlite3-wal")
        linked[moment] = linked_by_steps(
            replayed(files["var/survey.sqlite3"].content, log.content if log else b"", tmp_path)
        )
        assert linked[moment].items() <= {person: box["id"] for person, box in served.boxes().items()}.items()
    figures = {moment: len(found) for moment, found in linked.items()}
    record_property("linked with the key by SQLite's file, by its log", f"{found.right}, {figures}")
    assert figures["middle"] == 0
    assert figures["one later"] == 1
    assert figures["end"] == PEOPLE - MIDDLE


def test_the_log_is_emptied_without_waiting_for_others(sqlite_context: Context, var: Path) -> None:
    """A long backup reads on, an answer is being written: the log stays as it is, and the next round empties it."""
    log, database = var / "survey.sqlite3-wal", sqlite_context.database
    invited(sqlite_context, 2)
    with database.snapshot() as reader:
        reader.execute(text("SELECT count(*) FROM invitation"))
        add_institution(sqlite_context, "Nowa")
        with database.transaction():
            database.empty_log()
        database.empty_log()
        assert log.stat().st_size > 0
        add_institution(sqlite_context, "Jeszcze nowsza")
    database.empty_log()
    assert log.stat().st_size == 0
    with database.connection() as connection:
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 10_000


def test_everything_that_postgres_leaves_links_nobody(
    shipped_postgres: Context, tmp_path: Path, record_property: pytest.RecordProperty
) -> None:
    begin = log_position(shipped_postgres)
    places = {table: file_of(shipped_postgres, table) for table in ("invitation", "sealed_answer")}
    served = hold_campaign(shipped_postgres, tmp_path / "left")
    assert_nothing_links(served)
    assert_one_answer_shows_as_one_answer(served)
    log = served.files["after"]["pg/log"].content
    assert not any(word in log for word in (b"INSERT", b"UPDATE", b"SELECT", b"invitation", b"statement"))

    # With the key, before the lock, without any outside knowledge.
    boxes = {person: box["id"] for person, box in served.boxes().items()}
    by_version = linked_by_versions(served, places)
    by_log = linked_by_log(shipped_postgres, find_programs(), begin, places, served.dumps["end"])
    record_property("linked with the key by row versions, by the log", f"{len(by_version)}, {len(by_log)}")
    assert by_version.items() <= boxes.items()
    assert by_log.items() <= boxes.items()
    assert len(by_version) == len(by_log) == PEOPLE
    assert_old_versions_are_gone(served)


def linked_by_versions(served: Served, places: dict[str, str]) -> dict[int, str]:
    """Read off the heap's files as they lie, dead versions too: a row that ended or began with a box's transaction."""
    files, dump = served.files["end"], served.dumps["end"]
    boxes = {row["_xmin"]: row["id"] for row in dump.of_campaign("sealed_answer", served.held.campaign.id)}
    hashes = {
        row["token_hash"].encode(): row["stakeholder_id"]
        for row in dump.tables["invitation"]
        if row["token_hash"]
    }
    found = {}
    for began, ended, row in heap_items(files[f"pg/{places['invitation']}"].content):
        whose = next((person for hashed, person in hashes.items() if hashed in row), None)
        box = boxes.get(began) or boxes.get(ended)
        if whose is not None and box is not None:
            found[whose] = box
    return found


def assert_old_versions_are_gone(served: Served) -> None:
    """The tables were written anew: every version of an invitation has one transaction, and no box is left."""
    files = served.files["after"]
    invitations = list(heap_items(files[f"pg/{file_of(served.context, 'invitation')}"].content))
    assert len(invitations) == PEOPLE + SILENT
    assert len({(began, ended) for began, ended, _ in invitations}) == 1
    assert len(files[f"pg/{file_of(served.context, 'sealed_answer')}"].content) % PAGE == 0
    assert list(heap_items(files[f"pg/{file_of(served.context, 'sealed_answer')}"].content)) == []
