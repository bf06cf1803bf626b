"""The engine and the edge of a transaction, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    TimeoutError,
)
from sqlalchemy.orm import Session, sessionmaker

from survey_app.errors import UnavailableError
from survey_app.store.page_view import PageView

WAIT_FOR_OTHERS = "PRAGMA busy_timeout=10000"
# FULL: an acknowledged answer survives a power cut. secure_delete: what is deleted is overwritten, not only
# unlinked. temp_store: sorting and rewriting leave no copy of a table on the disk.
SQLITE_SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    WAIT_FOR_OTHERS,
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)

# The same for PostgreSQL, whatever the server's or the role's default is. Stronger ones (remote_apply) stay.
POSTGRES_SETTING = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)

# No connection, a full disk, a lock that nobody lets go of; never a rule of the tables that was broken.
FAILURES = (OperationalError, InterfaceError, TimeoutError)
SQLITE_FULL = 2
SAFE_JOURNALS = {"wal", "delete", "truncate", "persist"}
T = TypeVar("T")
READING = "survey_reading"  # execution option of a connection that will not write
ALONE = "alone"  # its value where there is one statement, which needs no transaction
# Of an integer key; a bigger number, from an address, names nothing, and PostgreSQL balks at it.
MAX_ID = 2**31 - 1
UNAVAILABLE = "Baza danych chwilowo nie działa. Prosimy spróbować za kilka minut."
PATIENCE_SECONDS = 10  # how long a rewrite waits for others before it gives way
MIGRATION_LOCK = 4_027_031  # any number will do, as long as nothing else of this service takes it
WORK_LOCK = 4_027_032
# A machine that vanished holds its lock no longer than about a minute and a half.
KEEPALIVE = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 15, "tcp_keepalives_count": 4}


class Database:
    """One store. `transaction()` is the only way to change it: it commits at its end, or rolls everything back."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(url, self.is_sqlite)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        readers = self.engine.execution_options(**{READING: True, "postgresql_readonly": True})
        self._readers = sessionmaker(readers, expire_on_commit=False)
        # SQLite takes a single statement for a transaction of its own; so does PostgreSQL when it is told.
        self._glancers = (
            self.engine.execution_options(**{READING: ALONE}) if self.is_sqlite else _at_once(url)
        )
        self._pages = threading.local()
        self._resting: list[Connection] = []  # of the glancers; see `_ask`

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is kept as a whole or not at all. UnavailableError when the store fails."""
        with _told_plainly(), self._changing(), self._sessions() as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, and so waits for no writer: it sees the store as it is at its first query."""
        with _told_plainly():
            if (page := self._page()) is not None:
                with page.reading() as session:
                    yield session
                return
            with self._readers() as session, session.begin():
                yield session

    @contextmanager
    def one_page(self) -> Iterator[None]:
        """Until the end of the block, `reading()` in this thread asks the store nothing twice (`PageView`)."""
        self._pages.view = page = PageView(self._readers)
        try:
            yield
        finally:
            self._pages.view = None
            page.forget()

    def _page(self) -> PageView | None:
        return getattr(self._pages, "view", None)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """What a page has read is not what there is, once somebody writes."""
        try:
            yield
        finally:
            if (page := self._page()) is not None:
                page.forget()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """As `transaction()`, without a session: for a few plain statements that many send at once."""
        with _told_plainly(), self._changing(), self.engine.begin() as connection:
            yield connection

    def at_once(self, ask: Callable[[Connection], T]) -> T:
        """What `ask` finds with one statement, which is its own transaction. It must bear being sent twice.

        Nobody asks a connection to PostgreSQL first whether it lives (a round trip): one that turns out to be dead
        is replaced, and the statement is sent once more.
        """
        with _told_plainly():
            try:
                return self._ask(ask)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            self._let_go()  # it died with the others
            return self._ask(ask)

    def _ask(self, ask: Callable[[Connection], T]) -> T:
        """On PostgreSQL a connection that did well rests outside the pool, whose ways in and out take longer than the
        statement. One, for a process takes one request at a time.
        """
        if self.is_sqlite:
            with self._glancers.connect() as connection:
                return ask(connection)
        try:
            connection = self._resting.pop()
        except IndexError:
            connection = self._glancers.connect()
        try:
            found = ask(connection)
        except BaseException:
            connection.close()
            raise
        # The driver failed, SQLAlchemy did not: what is prepared may be stale.
        if connection.in_transaction():
            connection.invalidate()
        if self._resting or connection.invalidated:
            connection.close()
        else:
            self._resting.append(connection)
        return found

    def _let_go(self) -> None:
        with suppress(IndexError):
            while True:
                self._resting.pop().close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """For looking at the tables themselves. UnavailableError when the store cannot be reached."""
        with _told_plainly(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Everything as it is at the first query, however long the reading takes; writers go on meanwhile."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _told_plainly(), self.engine.connect() as connection:
            reader = connection.execution_options(**{READING: True, **level})
            with reader.begin():
                yield reader

    @contextmanager
    def schema_change(self) -> Iterator[Connection]:
        """A connection in one transaction for a migration; two processes that start at once take turns.

        SQLite changes a table by making it anew, so foreign keys rest meanwhile and are checked at the end.
        """
        with self.connection() as connection:
            if self.is_sqlite:
                _pragma(connection, "PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        connection.execute(
                            text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK}
                        )
                    yield connection
                    if self.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                        raise RuntimeError(
                            "the migration leaves rows that point at nothing; nothing was changed"
                        )
            finally:
                if self.is_sqlite:
                    _pragma(connection, "PRAGMA foreign_keys=ON")

    @contextmanager
    def turn(self, lock: int) -> Iterator[bool]:
        """True for one process at a time, on whichever machine; False for another that comes meanwhile. It ends with
        the process. On SQLite everybody's: its file has one machine, and one writer.
        """
        if self.is_sqlite:
            yield True
            return
        with _told_plainly(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
            for name, value in KEEPALIVE.items():
                holder.execute(
                    text("SELECT set_config(:name, :value, false)"), {"name": name, "value": str(value)}
                )
            mine = bool(holder.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": lock}))
            try:
                yield mine
                if mine:
                    holder.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock})
            finally:
                holder.invalidate()  # after a failure, too: with the connection, the lock goes

    def vacuum(self, *tables: str) -> bool:
        """Rewrites the tables (SQLite: the whole file), so that no page keeps what was deleted from them.

        PostgreSQL: in the order of the primary key, for rows that were made anew fill the gaps that others
        left, and where the gaps are tells which rows had been changed.
        False when somebody else's work stood in the way: then it is to be asked for again.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                if self.is_sqlite:
                    return _vacuum_file(connection)
                connection.execute(text(f"SET lock_timeout = '{PATIENCE_SECONDS}s'"))
                for table in tables:
                    connection.execute(text(f'CLUSTER "{table}" USING "pk_{table}"'))
                connection.execute(text("RESET lock_timeout"))
            except DBAPIError:
                connection.invalidate()
                return False
        return True

    def empty_log(self) -> None:
        """SQLite: moves the log beside the file into the file, and leaves it empty. A log in use stays as it is.

        It holds each change apart, in the order in which they came; PostgreSQL's log is its operator's.
        """
        if self.is_sqlite:
            with self.connection() as connection:
                _pragma(
                    connection, "PRAGMA busy_timeout=0"
                )  # waiting for a reader would keep writers waiting
                try:
                    _pragma(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    _pragma(connection, WAIT_FOR_OTHERS)

    def unsafe_settings(self) -> list[str]:
        """Those, read back from a live connection, with which an acknowledged answer could be lost in a power cut."""
        with self.connection() as connection:
            ask = connection.exec_driver_sql
            if self.is_sqlite:
                journal = str(ask("PRAGMA journal_mode").scalar_one())
                level = int(ask("PRAGMA synchronous").scalar_one())
                found = [] if journal in SAFE_JOURNALS else [f"journal_mode = {journal}"]
                return found if level >= SQLITE_FULL else [*found, f"synchronous = {level}"]
            rows = ask(
                "SELECT name, setting FROM pg_settings"
                " WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'"
                " OR name = 'synchronous_commit' AND setting IN ('off', 'local') ORDER BY name"
            )
            return [f"{name} = {setting}" for name, setting in rows]

    def dispose(self, *, close: bool = True) -> None:
        """Begins with new connections. Not `close`: the old ones belong to the process that this one came from."""
        if close:
            self._let_go()
        self._resting = []
        self.engine.dispose(close)
        if not self.is_sqlite:
            self._glancers.dispose(close)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """A store that fails becomes an UnavailableError; a file that is no database counts as one, too."""
    try:
        yield
    except DatabaseError as error:
        if isinstance(error, FAILURES) or type(error) is DatabaseError:
            raise UnavailableError(UNAVAILABLE) from error
        raise
    except FAILURES as error:
        raise UnavailableError(UNAVAILABLE) from error


def _vacuum_file(connection: Connection) -> bool:
    """The log beside the file holds older pages until it is emptied, which a reader can prevent."""
    connection.execute(text("VACUUM"))
    blocked, _, _ = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not blocked


def _engine(url: str, is_sqlite: bool) -> Engine:
    """Parameters stay out of error messages: a log must not hold a token's hash beside an answer."""
    if not is_sqlite:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    if engine.url.database and engine.url.database != ":memory:":
        _follow_file(engine, engine.url.database)
    return engine


def _at_once(url: str) -> Engine:
    """Connections to PostgreSQL on which each statement is a transaction; see `Database.at_once`."""
    engine = create_engine(
        url, isolation_level="AUTOCOMMIT", hide_parameters=True, pool_size=2, max_overflow=3
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _follow_file(engine: Engine, file: str) -> None:
    """A file that was put in the place of another (a disk that came back, a copy that was brought back) has to be
    opened anew: what is written into the old one, nobody finds again. And where it is gone for a while, no empty one
    is made in its place.
    """
    seen = False

    def identity() -> tuple[int, int] | None:
        try:
            found = os.stat(file)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def refuse(*_how: Any) -> None:
        if seen and identity() is None:
            raise sqlite3.OperationalError("the file of the database is gone")

    def remember(_connection: Any, record: Any) -> None:
        nonlocal seen
        seen, record.info["file"] = True, identity()

    def compare(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info["file"] != identity():
            raise DisconnectionError

    event.listen(engine, "do_connect", refuse)
    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own implicit BEGIN would come too late for a read followed by a write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _prepare_postgres(connection: Any, _record: Any) -> None:
    before, connection.autocommit = connection.autocommit, True  # or the first rollback would take it back
    connection.execute(POSTGRES_SETTING)
    connection.autocommit = before


def _pragma(connection: Connection, statement: str) -> None:
    """Past SQLAlchemy, which would begin a transaction first: this setting is ignored inside one."""
    cursor = connection.connection.cursor()
    cursor.execute(statement)
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once, unless only to read: two writers then wait for each other instead of failing
    half-way.
    """
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT" and options.get(READING) != ALONE:
        connection.exec_driver_sql("BEGIN" if options.get(READING) else "BEGIN IMMEDIATE")
