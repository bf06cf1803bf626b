"""A backup is complete while the service goes on, its owner's alone, and whatever is wrong with a file is found."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import text as sql

from survey_app.cli import main
from survey_app.errors import ConflictError, InvalidInputError
from survey_app.services import accounts, backup_file, schema
from survey_app.services.backup import backup
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.services.restore import restore
from survey_app.store import dump
from tests.backup_kit import PASSPHRASE, cheap_keys, copy_ledger, counts, empty_service, spoilt, without_rows
from tests.campaign_kit import GMINA, add_gmina, hold, send
from tests.stores import Cluster, settings_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_keys(monkeypatch)


@pytest.fixture
def some_rows(sqlite_context: Context) -> Context:
    add_gmina(sqlite_context)
    accounts.create_user(
        sqlite_context, "anna@example.org", "Anna Łoś", "cztery-zwykle-slowa-razem", administrator=True
    )
    return sqlite_context


def refused(context: Context, file: Path, words: str, passphrase: str | None = PASSPHRASE) -> None:
    with pytest.raises(InvalidInputError, match=words):
        restore(context, file, passphrase)
    assert without_rows(context)


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(some_rows: Context, tmp_path: Path) -> None:
    file = tmp_path / "kopia"
    done = backup(some_rows, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert (done.rows, done.size) == (sum(counts(some_rows).values()), file.stat().st_size)
    before = file.read_bytes()
    with pytest.raises(ConflictError, match="już istnieje"):
        backup(some_rows, file)
    assert file.read_bytes() == before


def test_the_same_rows_make_the_same_file(some_rows: Context, tmp_path: Path) -> None:
    for name in ("a", "b"):
        backup(some_rows, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_key_and_no_secret_is_in_a_backup(some_rows: Context, tmp_path: Path) -> None:
    hold(some_rows)
    backup(some_rows, tmp_path / "kopia")
    content = (tmp_path / "kopia").read_bytes()
    keys = [path for folder in some_rows.settings.key_folders for path in folder.rglob("*.key")]
    assert len(keys) == 2
    assert [key for key in keys if key.read_bytes() in content] == []
    assert some_rows.settings.secret_key.encode() not in content


def test_a_sealed_backup_opens_with_its_passphrase_alone(some_rows: Context, tmp_path: Path) -> None:
    file = tmp_path / "kopia"
    backup(some_rows, file, PASSPHRASE)
    assert b"anna@example.org" not in file.read_bytes()
    with empty_service(tmp_path, some_rows) as other:
        for wrong in ("inne-haslo-do-kopii", "", None):
            refused(other, file, "Hasło do kopii jest inne", wrong)
        restore(other, file, PASSPHRASE)
        assert counts(other)["person"] == 1
        with other.database.reading() as session:  # nobody is logged in whose session was ended meanwhile
            assert session.scalar(sql("SELECT count(*) FROM staff_session")) == 0


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE], ids=["open", "sealed"])
def test_a_file_that_was_changed_or_cut_anywhere_is_refused(
    some_rows: Context, tmp_path: Path, passphrase: str | None
) -> None:
    file, broken = tmp_path / "kopia", tmp_path / "zepsuta"
    backup(some_rows, file, passphrase)
    content = file.read_bytes()
    places = {0, 5, 40, 70, 150, len(content) // 2, len(content) - 80, len(content) - 30, len(content) - 1}
    lengths = {1, 10, 60, 300, len(content) // 2, len(content) - 73, len(content) - 1}
    with empty_service(tmp_path, some_rows) as other:
        for place in places:
            broken.write_bytes(spoilt(content, place))
            refused(other, broken, "uszkodzona|niepełna|nie jest kopią", passphrase)
        for length in lengths:
            broken.write_bytes(content[:length])
            refused(other, broken, "niepełna|uszkodzona", passphrase)
        restore(other, file, passphrase)


def _resummed(content: bytes) -> bytes:
    """As somebody would make it who knows how the file is made."""
    from hashlib import sha256

    body = content[: -backup_file.LAST_LINE]
    return body + f"\nsha256 {sha256(body).hexdigest()}\n".encode()


def test_a_sealed_file_changed_on_purpose_is_refused(
    some_rows: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new checksum, so that the seal itself has to tell."""
    file, broken = tmp_path / "kopia", tmp_path / "zepsuta"
    monkeypatch.setattr(backup_file, "PIECE", 2048)
    backup(some_rows, file, PASSPHRASE)
    content = file.read_bytes()
    begin = content.index(b"\n") + 1
    sealed_piece = backup_file.PIECE + 17
    assert len(content) > 3 * sealed_piece
    two, three = begin + sealed_piece, begin + 2 * sealed_piece
    swapped = content[:begin] + content[two:three] + content[begin:two] + content[three:]
    without_end = content[:three] + content[-backup_file.LAST_LINE :]
    other_cost = content.replace(b'"times": 1', b'"times": 2', 1)
    with empty_service(tmp_path, some_rows) as other:
        for made in (spoilt(content, three + 5), spoilt(content, begin), swapped, without_end, other_cost):
            broken.write_bytes(_resummed(made))
            refused(other, broken, "inne|uszkodzona|niepełna")


DISAGREEING: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda body: body.replace(b"Anna", b"Ewa "), "uszkodzona"),
    (lambda body: body.replace(b'"rows": 1', b'"rows": 2'), "uszkodzona"),
    (lambda body: body + b'["x"]\n', "uszkodzona"),
    (lambda body: body.replace(b'"survey-app backup": 1', b'"survey-app backup": 2'), "nowszej wersji"),
    (lambda body: body.replace(b'"schema": "0', b'"schema": "9'), "nowszej wersji"),
    (lambda body: body.replace(b'{"table": "person"', b'{"table": "persons"'), "uszkodzona"),
    (lambda body: body.replace(b'["email", "words"]', b'["email", "magic"]'), "uszkodzona"),
    (lambda body: body.replace(b'{"begin"', b'{"began"'), "uszkodzona"),
    (lambda body: body.replace(b'{"begin"', b"[" * 200_000), "uszkodzona"),
    (lambda body: body[:-1] + b"x" * 100, "niepełna"),
    (lambda body: b"\n".join(body.split(b"\n")[:-2]) + b"\n", "niepełna"),
]


def test_an_open_file_that_does_not_agree_with_itself_is_refused(some_rows: Context, tmp_path: Path) -> None:
    file, broken = tmp_path / "kopia", tmp_path / "zepsuta"
    backup(some_rows, file)
    content = file.read_bytes()
    body, end = content[: -backup_file.LAST_LINE], content[-backup_file.LAST_LINE :]
    with empty_service(tmp_path, some_rows) as other:
        for change, words in DISAGREEING:
            assert change(body) != body
            broken.write_bytes(_resummed(change(body) + end))
            refused(other, broken, words)


NO_BACKUPS = [
    (b"", "pusty"),
    (os.urandom(5000), "nie jest kopią"),
    (b"SQLite format 3\x00" + b"\x00" * 4000, "nie jest kopią"),
    (b'{"survey-app backup": 1, "sealed": null}\n', "niepełna"),
    (b'{"survey-app backup": "x", "sealed": null}\n' + b"\nsha256 " + b"0" * 64 + b"\n", "uszkodzona"),
]


def test_what_is_no_backup_is_refused(some_rows: Context, tmp_path: Path) -> None:
    backup(some_rows, tmp_path / "kopia")
    file = tmp_path / "plik"
    with empty_service(tmp_path, some_rows) as other:
        for content, words in NO_BACKUPS:
            file.write_bytes(content)
            refused(other, file, words)


def test_a_file_that_asks_for_too_much_work_is_refused(some_rows: Context, tmp_path: Path) -> None:
    file, changed = tmp_path / "kopia", tmp_path / "zmieniona"
    backup(some_rows, file, PASSPHRASE)
    first, rest = file.read_bytes().split(b"\n", 1)
    claims: list[dict[str, object]] = [
        {"memory": 99_999_999_999}, {"times": 4_000_000_000}, {"memory": "x"}, {"memory": 1}, {"salt": "00"}
    ]  # fmt: skip
    with empty_service(tmp_path, some_rows) as other:
        for claim in claims:
            told = json.loads(first)
            told["sealed"] |= claim
            changed.write_bytes(_resummed(json.dumps(told).encode() + b"\n" + rest))
            begin = time.thread_time()
            refused(other, changed, "nie jest kopią")
            assert time.thread_time() - begin < 5


def test_only_an_empty_database_is_restored_into(some_rows: Context, tmp_path: Path) -> None:
    file = tmp_path / "kopia"
    backup(some_rows, file)
    before = counts(some_rows)
    with pytest.raises(ConflictError, match="nie jest pusta"):
        restore(some_rows, file)
    assert counts(some_rows) == before
    with empty_service(tmp_path, some_rows) as other:
        assert schema.current(other) == schema.newest()  # tables without rows are empty, too
        restore(other, file)
        assert counts(other)["person"] == 1


def test_rows_that_the_tables_refuse_leave_nothing(context: Context, tmp_path: Path) -> None:
    """A reference that leads nowhere, and a value that a rule forbids: found by the store, not by a checksum."""
    add_gmina(context)
    backup(context, tmp_path / "kopia")
    content = (tmp_path / "kopia").read_bytes()
    for number, (old, new) in enumerate([('"060502"', '"060599"'), ('"Instytucja 001"', '""')]):
        broken = tmp_path / f"zepsuta-{number}"
        broken.write_bytes(_rewritten(content, "stakeholder", old.encode(), new.encode()))
        with empty_service(tmp_path / str(number), context) as other:
            refused(other, broken, "nie przyjmują")


def _rewritten(content: bytes, table: str, old: bytes, new: bytes) -> bytes:
    """Another value in the rows of one table, with all counts and checksums right."""
    from hashlib import sha256

    lines = content[: -backup_file.LAST_LINE].split(b"\n")
    inside, rows = False, []
    for at, line in enumerate(lines):
        if line.startswith(b'{"table"'):
            inside = json.loads(line)["table"] == table
        elif inside and line.startswith(b"["):
            lines[at] = line.replace(old, new, 1)
            rows.append(lines[at] + b"\n")
    told = json.loads(lines[-2])
    told["manifest"][table]["sha256"] = sha256(b"".join(rows)).hexdigest()
    lines[-2] = json.dumps(told).encode()
    return _resummed(b"\n".join(lines) + content[-backup_file.LAST_LINE :])


def test_a_backup_is_of_one_moment_while_others_write(
    context: Context, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whatever was acknowledged before it began is in it, and nothing of it is half there."""
    add_gmina(context, institutions=60)
    held = hold(context)
    acknowledged: list[str] = []
    stop = threading.Event()
    faults: list[Exception] = []

    def answer(codes: list[str]) -> None:
        for code in codes:
            if stop.is_set():
                return
            try:
                send(context, held, code)
                acknowledged.append(code)
            except Exception as error:
                faults.append(error)

    def edit(begin: int) -> None:
        rows = catalogue.stakeholders(context, GMINA)[begin : begin + 20]
        while not stop.is_set():
            for row in rows:
                changed = catalogue.StakeholderDraft(
                    row.name, row.sector, row.internal, note=str(len(acknowledged)), contact_name="Ewa Ż."
                )
                catalogue.update_stakeholder(context, GMINA, row.id, changed, None)

    work = [threading.Thread(target=answer, args=(held.codes[n::2],)) for n in (0, 1)]
    work += [threading.Thread(target=edit, args=(n * 20,)) for n in (0, 1)]
    for one in work:
        one.start()
    while len(acknowledged) < 10 and not faults:
        time.sleep(0.01)
    before = len(acknowledged)
    backup(context, tmp_path / "kopia")
    after = len(acknowledged)
    stop.set()
    for one in work:
        one.join()
    assert faults == []
    on_postgres = None if context.database.is_sqlite else request.getfixturevalue("cluster")
    with empty_service(tmp_path, context, on_postgres) as other:
        restore(other, tmp_path / "kopia")
        found = counts(other)
        assert before <= found["sealed_answer"] <= after + 2  # one of each thread may be on its way
        assert found["sealed_answer"] == found["submission_key"] == _used(other)


def _used(context: Context) -> int:
    with context.database.reading() as session:
        return int(session.scalar(sql("SELECT count(*) FROM invitation WHERE used")) or 0)


KILLED = """
import os, signal
from pathlib import Path
from survey_app.config import Settings
from survey_app.services import restore
from survey_app.services.context import Context
from survey_app.store import dump
loaded = []
load = dump.load
def load_some(connection, shape, rows):
    load(connection, shape, rows)
    loaded.append(shape.name)
    if shape.name == "stakeholder":
        os.kill(os.getpid(), signal.SIGKILL)
dump.load = load_some
restore.restore(Context.from_settings(Settings.from_environment()), Path(os.environ["FILE"]))
"""


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_restore_that_is_killed_leaves_an_empty_store(
    request: pytest.FixtureRequest, some_rows: Context, tmp_path: Path, store: str
) -> None:
    cluster: Cluster | None = request.getfixturevalue("cluster") if store == "postgres" else None
    file = tmp_path / "kopia"
    backup(some_rows, file)
    with empty_service(tmp_path, some_rows, cluster, bare=True) as other:
        environment = {
            "SURVEY_VAR": str(other.settings.var),
            "DATABASE_URL": other.settings.database_url,
            "FILE": str(file),
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert without_rows(other)
        restore(other, file)
        assert {**counts(other), "audit_event": 0} == {**counts(some_rows), "audit_event": 0}


@pytest.mark.postgres
def test_postgresql_needs_no_superuser(some_rows: Context, cluster: Cluster, tmp_path: Path) -> None:
    """The owner of the tables switches nothing off that belongs to the server."""
    backup(some_rows, tmp_path / "kopia")
    name = cluster.create(empty=True)
    with psycopg.connect(host=str(cluster.folder), user="postgres", dbname=name, autocommit=True) as server:
        server.execute("CREATE ROLE gmina LOGIN")
        server.execute(f"ALTER DATABASE {name} OWNER TO gmina")
    settings = settings_for(tmp_path, cluster.url(name).replace("postgres@", "gmina@"))
    copy_ledger(some_rows, settings.key_folders[0])
    other = Context(settings, Context.from_settings(settings).database, some_rows.clock)
    assert restore(other, tmp_path / "kopia").warnings == ()
    assert counts(other)["person"] == 1
    other.database.dispose()
    cluster.drop(name)


def test_a_backup_of_older_tables_is_restored_and_brought_up_to_date(
    empty_context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a service of that version would have written it."""
    schema.upgrade(empty_context, "0006")
    with empty_context.database.transaction() as session:
        session.execute(
            sql(
                "INSERT INTO audit_event (id, at, action, object_type, object_id, detail)"
                " VALUES (7, '2026-01-02 03:04:05.000000', 'gmina_added', 'gmina', '1', '')"
            )
        )
    with empty_context.database.connection() as connection:
        names = dump.tables_there(connection)
    monkeypatch.setattr(dump, "own_tables", lambda: names)
    backup(empty_context, tmp_path / "kopia")
    with empty_service(tmp_path, empty_context) as other:
        restore(other, tmp_path / "kopia")
        assert schema.current(other) == schema.newest()
        assert counts(other)["audit_event"] == 2


def test_the_commands(some_rows: Context, var: Path, tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "kopia", tmp_path / "nowy"

    def run(var: Path, *words: str, typed: str = "", expect: int = 0) -> str:
        environment = {"SURVEY_VAR": str(var), "DATABASE_URL": "", "PUBLIC_URL": ""}
        result = CliRunner().invoke(main, words, input=typed, env=environment)
        assert result.exit_code == expect, result.output
        return result.output

    assert "co najmniej 12" in run(var, "backup", str(file), "--encrypt", typed="krótkie\n", expect=2)
    told = run(var, "backup", str(file), "--encrypt", typed=f"{PASSPHRASE}\n")
    assert f"Zapisano {file}: " in told
    assert "nie jest zaszyfrowana" not in told
    assert "już istnieje" in run(var, "backup", str(file), expect=1)
    assert "nie jest zaszyfrowana" in run(var, "backup", str(tmp_path / "jawna"))

    assert "rejestru usuniętych" in run(elsewhere, "restore", str(file), typed=f"{PASSPHRASE}\n", expect=1)
    (elsewhere / "keys-1").mkdir()
    copy_ledger(some_rows, elsewhere / "keys-1")
    assert "Hasło do kopii jest inne" in run(
        elsewhere, "restore", str(file), typed="inne haslo 12\n", expect=1
    )
    assert "Przywrócono kopię z " in run(elsewhere, "restore", str(file), typed=f"{PASSPHRASE}\n")
    assert "nie jest pusta" in run(elsewhere, "restore", str(file), typed=f"{PASSPHRASE}\n", expect=1)
    assert "wpis" in run(elsewhere, "trace", "check")
