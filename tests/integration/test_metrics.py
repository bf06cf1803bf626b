"""Numbers for Prometheus: none unless asked for, and none that an answer moves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from survey_app.config import Settings
from survey_app.errors import ConfigurationError
from survey_app.services.context import Context
from survey_app.web.app import create_app
from survey_app.web.metrics import kind_of
from tests.campaign_kit import add_gmina, hold
from tests.durability.records import now
from tests.durability.served import PATIENCE, Server, fields_of, key_of

TOKEN = "pV4-xK9_mT2rWq7LsHd8ZbN3cYf6Gj1u"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(sqlite_context: Context) -> Flask:
    settings = replace(sqlite_context.settings, metrics_token=TOKEN)
    return create_app(context=Context(settings, sqlite_context.database, sqlite_context.clock))


def told(client: FlaskClient) -> str:
    return client.get("/metrics", headers=SHOWN).text


def count(text: str, **labels: str) -> float:
    wanted = ",".join(f'{name}="{value}"' for name, value in labels.items())
    found = re.findall(rf"^diagnoza_requests_total\{{{wanted}\}} (\S+)$", text, re.M)
    return float(found[0]) if found else 0.0


def test_without_the_setting_there_is_no_such_page(sqlite_context: Context) -> None:
    client = create_app(context=sqlite_context).test_client()
    assert client.get("/metrics", headers=SHOWN).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer ", f"Bearer {TOKEN}x", TOKEN, "Bearer ł", f"Basic {TOKEN}"])
def test_without_the_token_nothing_is_told(app: Flask, header: str) -> None:
    answer = app.test_client().get("/metrics", environ_overrides={"HTTP_AUTHORIZATION": header})
    assert (answer.status_code, answer.text) == (401, "token\n")


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN"):
        Settings.from_environment({"SURVEY_VAR": str(tmp_path), "METRICS_TOKEN": "metrics"})


def test_requests_of_the_staff_are_counted_by_kind_and_never_by_path(app: Flask) -> None:
    client = app.test_client()
    for path in (
        "/logowanie",
        "/logowanie",
        "/panel",
        "/panel/060505",
        "/api/v1/openapi.json",
        "/konto/tajne",
    ):
        client.get(path)
    text = told(client)
    assert count(text, kind="log_in", status="2xx") == 2
    assert count(text, kind="log_in", status="4xx") == 1
    assert count(text, kind="panel", status="3xx") == 2
    assert count(text, kind="api", status="2xx") == 1
    assert 'diagnoza_request_seconds_count{kind="panel"} 2.0' in text
    assert "diagnoza_ready 1.0" in text
    assert not re.search("060505|tajne|/panel|127\\.0\\.0\\.1|process_|python_", text)


def test_no_route_that_a_respondent_or_a_paper_sheet_uses_is_counted(app: Flask) -> None:
    uncounted = {rule.endpoint for rule in app.url_map.iter_rules() if kind_of(rule) is None}
    alone = {
        "static",
        "health.live",
        "health.ready",
        "metrics.show",
        "console_files.module",
        "console_files.worker",
    }
    rest = {
        name
        for name in uncounted
        if name.partition(".")[0] not in ("respondent", "paper", "site", "styleguide", "library_public")
    }
    assert rest <= alone
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/a/") or "/papier" in rule.rule:
            assert rule.endpoint in uncounted


@contextmanager
def served(context: Context, folder: Path) -> Iterator[Server]:
    server = Server(
        context,
        folder / "log",
        settings={"METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json", "TMPDIR": str(folder)},
    )
    server.start()
    try:
        yield server
        server.stop()
    finally:
        server.kill_all()


def test_what_respondents_do_moves_no_number_of_the_served_processes(
    sqlite_context: Context, tmp_path: Path
) -> None:
    """Scraped before and after: not a byte differs. What the staff asks of two processes is counted together."""
    sqlite_context.clock.set(dt.datetime.now(dt.UTC))  # type: ignore[attr-defined]
    add_gmina(sqlite_context, 1)
    held = hold(sqlite_context, access="open_link", **now(sqlite_context))
    tmp_path.joinpath("own").mkdir()
    with served(sqlite_context, tmp_path / "own") as server:
        base = f"http://127.0.0.1:{server.port}"

        def scrape() -> str:
            answer = requests.get(f"{base}/metrics", headers=SHOWN, timeout=PATIENCE)
            assert answer.status_code == 200
            return answer.text

        for _ in range(20):
            requests.get(f"{base}/logowanie", timeout=PATIENCE)
        before = scrape()
        assert count(before, kind="log_in", status="2xx") == 20
        path = f"{base}/a/{held.campaign.public_id}"
        page = requests.get(path, timeout=PATIENCE).text
        form = {"form_key": key_of(page), **fields_of(1, "Zdanie")}
        assert requests.post(path, form, timeout=PATIENCE, allow_redirects=False).status_code == 303
        assert requests.post(f"{path}/nie-ma", form, timeout=PATIENCE).status_code == 404
        for other in ("/", "/prywatnosc", "/static/app.css", "/health", "/ready"):
            requests.get(base + other, timeout=PATIENCE)
        assert scrape() == before
        assert [one for one in (tmp_path / "own").glob("diagnoza-metrics-*") if one.is_dir()]
    assert not list((tmp_path / "own").glob("diagnoza-metrics-*")), "the numbers go with the service"
