"""The ankieta under load: GET of the form, POST of an answer, both as a browser does; beside each a bare view.

The bare views run under the same settings in the same run, in turns with what they are held against: one returns the
same bytes, one does one durable insert of a row of the same size. Ratios carry over between machines; absolute figures
do not. SQLite and, where its programs are there, PostgreSQL, both on a disk and with everything that makes an
acknowledged answer survive. Every acknowledged answer is looked for in the store.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import importlib.metadata
import os
import platform
import re
import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from flask import Flask
from sqlalchemy import text

from bench import load, results
from bench.serving import WORKERS, Served, serving
from survey_app.config import Settings
from survey_app.services import gminas, schema
from survey_app.services.context import Context
from survey_app.services.survey import campaigns

CLIENTS = (8, 32)
SECONDS = 3.0
ROUNDS = 2
ANSWER = {
    "p1": "edukacja",
    "p2": "tak",
    "p2_cele-1": "wspólne ferie dla dzieci",
    "p3": "tak",
    "p4": "tak",
    "p5": "tak",
    "p5_instytucje-1": "ośrodek pomocy społecznej",
    "p6-1": "warsztaty zawodowe",
    "p7": "nie",
    "p8-1": "edukacja dzieci i młodzieży",
    "p9": "tak",
    "p10": "Równość partnerów; każdy ma jeden głos.",
    "p11-1": "samotność osób starszych",
}
_state: dict[str, str] = {}


def prepared_context(folder: Path, database_url: str | None = None) -> tuple[Context, str]:
    """A service with one open anonymous campaign in an example gmina; returns it and the campaign's public id."""
    environment = {"SURVEY_VAR": str(folder)} | ({"DATABASE_URL": database_url} if database_url else {})
    context = Context.from_settings(Settings.from_environment(environment))
    schema.upgrade(context)
    gminas.add_gmina(context, "9901012", "Pomiarowo", "przykładowe", "przykładowy", actor=None, example=True)
    now = context.clock()
    draft = campaigns.CampaignDraft(
        "Pomiar",
        "anonymous",
        "open_link",
        now,
        now + dt.timedelta(days=7),
        30,
        3,
        "Administratorem danych jest gmina.",
    )
    campaign = campaigns.create_campaign(context, "990101", draft, actor=None)
    campaigns.open_campaign(context, campaign.id, actor=None)
    return context, campaign.public_id


def get_form(port: int) -> None:
    if b"form_key" not in load.ask(port, "GET", _state["path"], 200):
        raise load.UnexpectedError("GET: no form")


def get_anything(port: int) -> None:
    load.ask(port, "GET", "/", 200)


def post_answer(port: int) -> None:
    body = urlencode({**ANSWER, "form_key": secrets.token_hex(16)}).encode()
    load.ask(port, "POST", _state["path"], 303, body)


def post_anything(port: int) -> None:
    load.ask(port, "POST", "/", 200, urlencode({**ANSWER, "form_key": secrets.token_hex(16)}).encode())


def whole_answer(port: int) -> None:
    """GET, then POST with the key that the page carried."""
    page = load.ask(port, "GET", _state["path"], 200)
    key = re.search(rb'name="form_key" value="([^"]+)"', page)
    if key is None:
        raise load.UnexpectedError("GET: no key")
    load.ask(port, "POST", _state["path"], 303, urlencode({**ANSWER, "form_key": key[1]}).encode())


def bare_page(body: bytes) -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: body)
    return app


def bare_insert(database_url: str, row: bytes) -> Flask:
    """One durable insert per request, nothing else: the least that storing an answer can cost."""
    app = Flask("bare")
    connections: dict[int, Callable[[], None]] = {}
    connect = _sqlite_inserter if database_url.startswith("sqlite") else _postgres_inserter
    if connect is _sqlite_inserter:  # before there are workers, who would be in each other's way
        with contextlib.closing(_bare_file(database_url)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE IF NOT EXISTS row (id TEXT PRIMARY KEY, box BLOB)")

    def insert() -> str:
        if os.getpid() not in connections:
            connections[os.getpid()] = connect(database_url, row)
        connections[os.getpid()]()
        return "ok"

    app.add_url_rule("/", view_func=insert, methods=["POST"])
    return app


def _bare_file(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///") + "-bare", isolation_level=None, timeout=30)


def _sqlite_inserter(url: str, row: bytes) -> Callable[[], None]:
    connection = _bare_file(url)
    connection.execute("PRAGMA synchronous=FULL")
    return lambda: _done(connection.execute("INSERT INTO row VALUES (?, ?)", (secrets.token_hex(16), row)))


def _postgres_inserter(url: str, row: bytes) -> Callable[[], None]:
    connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    connection.execute("SET synchronous_commit = on")
    with contextlib.suppress(psycopg.errors.UniqueViolation):  # the other worker is making it
        connection.execute("CREATE TABLE IF NOT EXISTS bare_row (id TEXT PRIMARY KEY, box BYTEA)")
    statement = "INSERT INTO bare_row VALUES (%s, %s)"
    return lambda: _done(connection.execute(statement, (secrets.token_hex(16), row)))


def _done(_cursor: object) -> None:
    return None


@contextlib.contextmanager
def stores(folder: Path) -> Iterator[Iterator[tuple[str, str]]]:
    """(name with version, database URL) of each store that this machine has."""
    from tests.stores import Cluster, find_programs

    cluster = None

    def each() -> Iterator[tuple[str, str]]:
        nonlocal cluster
        yield f"SQLite {sqlite3.sqlite_version}", f"sqlite:///{folder / 'sqlite.db'}"
        programs = find_programs()
        if programs is None:
            print("PostgreSQL: its programs are not here")
            return
        # Its defaults, fsync and full_page_writes among them, and on a disk: /dev/shm would be no store.
        cluster = Cluster.start(programs, ("listen_addresses=", "max_connections=40"), parent="/tmp")
        version = subprocess.run([programs / "postgres", "-V"], capture_output=True, text=True, check=True)
        yield version.stdout.strip(), cluster.url(cluster.create(empty=True))

    try:
        yield each()
    finally:
        if cluster:
            cluster.stop()


def _measured(server: Served, exchange: load.Exchange, clients: int) -> load.Load:
    before = server.cpu_seconds()
    found = load.run(server.port, exchange, clients=clients, seconds=SECONDS)
    cpu = (server.cpu_seconds() - before) / (found.done + found.failed) * 1000
    return dataclasses.replace(found, cpu=cpu)


def _report(where: str, name: str, measured: load.Load, baseline: load.Load | None = None) -> None:
    ratio = f"   {measured.per_second / baseline.per_second:.2f} of the bare view" if baseline else ""
    print(f"{name:<32} {measured}{ratio}", flush=True)
    speed, slowest = (baseline.per_second, baseline.p99) if baseline else (None, None)
    results.note(f"{where}: {name.strip()}", measured.per_second, "/s", speed, "the bare view")
    results.note(f"{where}: {name.strip()}, p99", measured.p99, "ms", slowest, "the bare view")


def _stored(context: Context) -> tuple[int, int]:
    """How many answers lie in the store, and how long the box of one is."""
    with context.database.connection() as connection:
        found = connection.execute(text("SELECT count(*), max(length(box)) FROM sealed_answer")).one()
    return int(found[0]), int(found[1] or 0)


def measure(folder: Path, store: str, database_url: str) -> None:
    """Everything on one store, in turns with its bare views."""
    from survey_app.web.app import create_app

    context, public_id = prepared_context(folder / "var", database_url)
    app = create_app(context=context)
    _state["path"] = path = f"/a/{public_id}"
    client = app.test_client()
    page = client.get(path).data
    assert client.post(path, data={**ANSWER, "form_key": secrets.token_hex(16)}).status_code == 303
    before, box = _stored(context)
    context.database.dispose()
    acknowledged = failed = 0
    print(f"\n{store}; the page: {len(page):,} B, the row: {box:,} B")
    with (
        serving(lambda: bare_page(page)) as page_server,
        serving(lambda: bare_insert(database_url, secrets.token_bytes(box))) as insert_server,
        serving(lambda: app) as server,
    ):
        for exchange in (get_form, get_form):  # until each worker has made the page
            load.run(server.port, exchange, clients=8, seconds=0.5)
        for clients in CLIENTS * ROUNDS:
            where = f"{store.split(maxsplit=1)[0]}, {clients} clients"
            print(f"{clients} clients, load {os.getloadavg()[0]:.1f}")
            bare_get = _measured(page_server, get_anything, clients)
            get = _measured(server, get_form, clients)
            bare_post = _measured(insert_server, post_anything, clients)
            post = _measured(server, post_answer, clients)
            both = _measured(server, whole_answer, clients)
            _report(where, "  GET, bare view, same bytes", bare_get)
            _report(where, "  GET of the form", get, bare_get)
            _report(where, "  POST, bare durable insert", bare_post)
            _report(where, "  POST of an answer", post, bare_post)
            _report(where, "  GET, then POST", both)
            acknowledged += post.done + both.done
            failed += get.failed + post.failed + both.failed
    stored = _stored(context)[0] - before
    context.database.dispose()
    print(f"acknowledged {acknowledged}, stored {stored}, failed {failed}")
    if stored < acknowledged or (stored > acknowledged and not failed):
        raise SystemExit("an acknowledged answer is missing, or one was stored twice")


def machine() -> str:
    """What the figures were measured on."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("flask", "sqlalchemy", "gunicorn")]
    told = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    commit = subprocess.run(told, capture_output=True, text=True, check=False).stdout.strip()
    return (
        f"{platform.machine()}, {os.cpu_count()} processors; Python {platform.python_version()}, "
        f"{', '.join(versions)}; {WORKERS} workers; commit {commit or 'unknown'}"
    )


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, stores(Path(name)) as found:
        for number, (store, database_url) in enumerate(found):
            measure(Path(name) / str(number), store, database_url)
