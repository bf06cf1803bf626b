"""The two stores that tests run on: a SQLite file, and a PostgreSQL server of the test run's own.

Each is migrated once; a test gets a copy, so that no test sees another's rows.
"""

from __future__ import annotations

import datetime as dt
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from survey_app.config import Settings
from survey_app.services import schema
from survey_app.services.context import Context

START = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
PROGRAMS = ("initdb", "postgres")
TEMPLATE = "survey_template"
MEMORY = Path("/dev/shm")
ENOUGH = 6 * 2**30  # bytes
FIRST_PORT, PORTS = 10_000, 1000  # of the first test process
_ports = count()
PATIENCE = 120  # seconds: a busy machine starts and stops slowly
# Speed only: a test's server need not survive a power cut. No autovacuum: its moments would add chance.
SERVER_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=40",
    "shared_buffers=16MB",
    "listen_addresses=",
)
# As an operator's server has them: for tests of what survives.
DURABLE_SETTINGS = (
    "fsync=on",
    "synchronous_commit=off",  # the service asks for more by itself
    "full_page_writes=on",
    "autovacuum=off",
    "checkpoint_timeout=1h",
    "wal_writer_delay=10s",  # a commit that nobody syncs is to be seen as such
    "max_connections=40",
    "shared_buffers=16MB",
    "listen_addresses=",
)


@dataclass(slots=True)
class Clock:
    """The service's clock in tests: stands still until a test moves it."""

    now: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **parts: float) -> dt.datetime:
        """`advance(days=1, minutes=5)`."""
        self.now += dt.timedelta(**parts)
        return self.now

    def set(self, moment: dt.datetime) -> None:
        self.now = moment


def short_folder() -> str | None:
    """For temporary files of many megabytes: in memory where there is plenty of it, and never with a long name.

    The path of a Unix socket may have 107 letters only. None: the system's own folder for temporary files.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
        return str(MEMORY)
    return "/tmp" if Path("/tmp").is_dir() else None


def free_port() -> int:
    """A port of this machine that nobody holds just now, and that nobody is given before the test takes it.

    Below those that systems give to whoever asks for any port or calls somebody; each test process has its own.
    """
    worker = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0)
    for _ in range(PORTS):
        port = FIRST_PORT + worker % 20 * PORTS + (os.getpid() + next(_ports)) % PORTS
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def settings_for(folder: Path, database_url: str) -> Settings:
    """Settings of a service whose every file lies under `folder`."""
    return Settings(
        database_url=database_url,
        var=folder,
        key_folders=(folder / "keys-1", folder / "keys-2"),
        secret_key="only-for-tests-" + "0" * 32,
        public_url="https://ankieta.example",
        session_minutes=480,
        session_idle_minutes=60,
        secure_cookies=False,
        second_factor_required=False,  # tests of it say so
    )


def make_sqlite_template(folder: Path) -> Path:
    """A migrated SQLite file to copy from."""
    file = folder / "template.sqlite3"
    context = Context.from_settings(settings_for(folder, f"sqlite:///{file}"))
    schema.upgrade(context)
    context.database.dispose()
    return file


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the PATH, where pg_config says, or where Debian has them."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(answer.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if all((folder / name).exists() for name in PROGRAMS)), None)


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server behind a Unix socket in a folder that only its owner can enter."""

    folder: Path
    programs: Path
    settings: Sequence[str]
    process: subprocess.Popen[bytes]
    migrated: bool = False
    numbers: count[int] = field(default_factory=count)

    @classmethod
    def start(
        cls, programs: Path, settings: Sequence[str] = SERVER_SETTINGS, parent: str | None = None
    ) -> Cluster:
        """`parent`: where its files go; None: to memory, if there is plenty."""
        owner = server_owner()
        folder = Path(tempfile.mkdtemp(prefix="survey-pg-", dir=parent or short_folder()))
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        try:
            _initialise(programs, folder, owner)
            cluster = cls(folder, programs, settings, _serve(programs, folder, owner, settings))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        cluster._wait()
        return cluster

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, *, empty: bool = False) -> str:
        """A new database, migrated unless `empty`; returns its name."""
        if not empty and not self.migrated:
            self._make_template()
        name = f"survey_{next(self.numbers)}"
        source = "template0" if empty else TEMPLATE
        with self._connect() as connection:
            # Twice as fast as page by page through the log, which is the rule since PostgreSQL 15.
            by_file = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}" + by_file).format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
        return name

    def drop(self, database: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        self.pause()
        shutil.rmtree(self.folder, ignore_errors=True)

    def pause(self) -> None:
        """Ends the server at once and in good order; its files stay."""
        if self.process.poll() is not None:
            return
        with suppress(OSError):  # its file is gone: it ends by itself
            os.kill(self.main_pid(), signal.SIGINT)  # does not wait for its clients
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            with suppress(OSError):
                os.kill(self.main_pid(), signal.SIGKILL)  # a strace in front of it does not pass it on
            self.process.kill()
            self.process.wait()

    def main_pid(self) -> int:
        """Of the server itself, whatever stands in front of it. OSError: it has ended."""
        return int((self.folder / "pg" / "postmaster.pid").read_text().split()[0])

    def go_on(self, *before: str) -> None:
        """Starts it again on its files; `before`: a command that the server's own is given to (strace)."""
        self.process = _serve(self.programs, self.folder, server_owner(), self.settings, before)
        self._wait()

    def _make_template(self) -> None:
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(TEMPLATE)))
        with tempfile.TemporaryDirectory() as var:
            context = Context.from_settings(settings_for(Path(var), self.url(TEMPLATE)))
            schema.upgrade(context)
            context.database.dispose()
        self.migrated = True

    def _run(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def _wait(self) -> None:
        late = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < late:
            try:
                self._connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        log = (self.folder / "log").read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{log}")


def server_owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; a test run that is root lends it an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("as root, the tests need a user named postgres or nobody to run PostgreSQL as")


def _initialise(programs: Path, folder: Path, owner: pwd.struct_passwd | None) -> None:
    command = [programs / "initdb", "-D", folder / "pg", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]
    done = subprocess.run(
        [*command, "--locale=C"],
        cwd=folder,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def _serve(
    programs: Path,
    folder: Path,
    owner: pwd.struct_passwd | None,
    settings: Sequence[str],
    before: tuple[str, ...] = (),
) -> subprocess.Popen[bytes]:
    told = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [*before, programs / "postgres", "-D", folder / "pg", "-k", folder, *told],
            cwd=folder,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
