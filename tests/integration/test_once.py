"""What tests keep from one another (tests/once.py) is what they would have made themselves."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from survey_app.services.context import Context
from tests.campaign_kit import add_gmina
from tests.stores import Clock, settings_for


def rows_after(
    build: Callable[..., None], template: Path, folder: Path, clock: Clock, *parts: int
) -> list[str]:
    folder.mkdir()
    file = folder / "survey.sqlite3"
    shutil.copyfile(template, file)
    settings = settings_for(folder, f"sqlite:///{file}")
    context = Context(settings, Context.from_settings(settings).database, clock)
    for part in parts:
        build(context, part)
    context.database.dispose()
    with closing(sqlite3.connect(file)) as connection:
        return [line for line in connection.iterdump() if line.startswith("INSERT")]


def test_kept_rows_are_those_that_are_made(sqlite_template: Path, tmp_path: Path, clock: Clock) -> None:
    make = add_gmina.__wrapped__  # type: ignore[attr-defined]
    made = rows_after(make, sqlite_template, tmp_path / "made", clock, 2)
    kept = [rows_after(add_gmina, sqlite_template, tmp_path / str(place), clock, 2) for place in range(2)]
    assert kept == [made, made]
    assert rows_after(add_gmina, sqlite_template, tmp_path / "more", clock, 3) != made
    clock.advance(days=1)
    assert rows_after(add_gmina, sqlite_template, tmp_path / "later", clock, 2) != made
