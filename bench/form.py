"""The ankieta under load: GET of the form, POST of an answer, both as a browser does; beside each a bare view.

The baselines run under the same gunicorn settings in the same run: a view that returns the same bytes, and a view that
does one durable insert of a row as large. Ratios carry over between machines; absolute figures do not.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import re
import secrets
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from bench import load
from bench.serving import serving
from survey_app.config import Settings
from survey_app.services import gminas, schema
from survey_app.services.context import Context
from survey_app.services.survey import campaigns

FORM = {"content-type": "application/x-www-form-urlencoded"}
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


def get_form(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", _state["path"])
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200 or b"form_key" not in body:
        raise RuntimeError(f"GET {reply.status}")


def get_anything(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse().read()


def post_answer(connection: http.client.HTTPConnection) -> None:
    body = urlencode({**ANSWER, "form_key": secrets.token_hex(16)})
    connection.request("POST", _state["path"], body, FORM)
    reply = connection.getresponse()
    reply.read()
    if reply.status != 303:
        raise RuntimeError(f"POST {reply.status}")


def post_anything(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/", urlencode(ANSWER), FORM)
    connection.getresponse().read()


def whole_answer(connection: http.client.HTTPConnection) -> None:
    """GET, then POST with the key that the page carried."""
    connection.request("GET", _state["path"])
    page = connection.getresponse().read().decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    connection.close()
    connection.request("POST", _state["path"], urlencode({**ANSWER, "form_key": key[1]}), FORM)
    reply = connection.getresponse()
    reply.read()
    if reply.status != 303:
        raise RuntimeError(f"POST {reply.status}")


def bare_page(body: bytes) -> Flask:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: body)
    return app


def bare_insert(file: Path, row: bytes) -> Flask:
    """One durable insert per request, nothing else: the least that storing an answer can cost."""
    app = Flask("bare")
    setup = sqlite3.connect(file)
    setup.execute("PRAGMA journal_mode=WAL")
    setup.execute("CREATE TABLE row (id TEXT PRIMARY KEY, box BLOB)")
    setup.close()
    open_connections: dict[int, sqlite3.Connection] = {}

    def insert() -> str:
        connection = open_connections.get(os.getpid())
        if connection is None:
            connection = open_connections[os.getpid()] = sqlite3.connect(
                file, isolation_level=None, timeout=30
            )
            connection.execute("PRAGMA synchronous=FULL")
        connection.execute("INSERT INTO row VALUES (?, ?)", (secrets.token_hex(16), row))
        return "ok"

    app.add_url_rule("/", view_func=insert, methods=["POST"])
    return app


def _report(name: str, measured: load.Load, baseline: load.Load | None = None) -> None:
    ratio = f"   {measured.per_second / baseline.per_second:.2f} of the bare view" if baseline else ""
    print(f"{name:<34} {measured}{ratio}")


def main() -> None:
    from survey_app.web.app import create_app

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context, public_id = prepared_context(folder / "var")
        app = create_app(context=context)
        _state["path"] = f"/a/{public_id}"
        page = app.test_client().get(_state["path"]).data
        with serving(lambda: bare_page(page)) as port:
            bare_get = load.run(port, get_anything)
        with serving(lambda: bare_insert(folder / "bare.sqlite3", secrets.token_bytes(2048))) as port:
            bare_post = load.run(port, post_anything, exchanges=2000)
        with serving(lambda: app) as port:
            _report("GET, bare view, same bytes", bare_get)
            _report("GET of the form", load.run(port, get_form), bare_get)
            _report("POST, bare durable insert (SQLite)", bare_post)
            _report("POST of an answer (SQLite)", load.run(port, post_answer, exchanges=2000), bare_post)
            _report("GET and POST (SQLite)", load.run(port, whole_answer, exchanges=2000))
        context.database.dispose()
