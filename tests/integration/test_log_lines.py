"""LOG_FORMAT=json: a line is an object, and holds neither who nor what was asked."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey_app.config import Settings
from survey_app.errors import ConfigurationError
from survey_app.log_lines import tell_in_json, tell_of_work
from survey_app.services.context import Context
from survey_app.web.app import create_app


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to stderr meanwhile."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    tell_in_json()
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def app(sqlite_context: Context) -> Flask:
    return create_app(context=sqlite_context)


def broken(*_: object, **__: object) -> None:
    raise ValueError("Jan Kowalski, sekret")


def test_an_error_of_the_staff_is_told_with_its_place_and_without_its_words(
    app: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "site.home", broken)
    assert app.test_client().get("/?imie=Jan").status_code == 500
    (line,) = read(lines)
    assert (line["level"], line["log"], line["event"]) == ("error", "survey_app.web", "GET /")
    assert line["error"] == "ValueError"
    assert str(line["places"]).count("test_log_lines.py") == 1
    assert str(line["time"]).endswith("+00:00")
    assert "Jan" not in lines.getvalue()


@pytest.mark.parametrize("path", ["/a/abcdefghjk", "/a/abcdefghjk/0123-4567", "/konto/tajny-odnosnik"])
def test_an_error_under_an_address_that_is_a_key_is_told_without_path_and_moment(
    app: Flask, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for name in app.view_functions:
        if name.startswith(("respondent.", "account.choose")):
            monkeypatch.setitem(app.view_functions, name, broken)
    assert app.test_client().get(path).status_code == 500
    (line,) = read(lines)
    assert set(line) == {"level", "log", "event"}
    assert str(line["event"]).startswith("ValueError at ")
    assert "abcdefghjk" not in lines.getvalue()
    assert "tajny" not in lines.getvalue()


def test_the_worker_tells_a_line_each_and_warns_of_what_a_person_must_look_at(lines: io.StringIO) -> None:
    tell_of_work("Dokończono blokadę kampanii 7.")
    tell_of_work("UWAGA: klucza nie ma.")
    assert [(one["level"], one["event"]) for one in read(lines)] == [
        ("info", "Dokończono blokadę kampanii 7."),
        ("warning", "UWAGA: klucza nie ma."),
    ]


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="LOG_FORMAT: do wyboru text, json"):
        Settings.from_environment({"SURVEY_VAR": str(tmp_path), "LOG_FORMAT": "xml"})
