"""Fixtures that all rooms of tests share: a clock that can be set, and the service on each of its stores."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from survey_app import security
from survey_app.services.context import Context
from tests.e2e.browser import find_chromium
from tests.once import keep_what_is_alike
from tests.stores import Clock, Cluster, find_programs, make_sqlite_template, settings_for, short_folder

NO_CHROMIUM = "left out: Chromium is not on this machine"
NO_POSTGRES = "left out: PostgreSQL's programs (initdb, postgres) are not on this machine"
BOTH_STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


# Every run tries the same examples, so that a run fails for a change and never by chance; a slow machine is no fault.
# For new examples: make test ARGS="--hypothesis-profile=exploring tests/property".
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("repeatable", patient, derandomize=True)
settings.register_profile("exploring", patient, derandomize=False, max_examples=1000)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    """Every commit of a test on SQLite waits for its disk; in memory, a run is not as slow as the disk is."""
    keep_what_is_alike()
    # Hundreds of processes of the service are started: each would compile all of it anew, wherever this is set.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    folder = short_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


def pytest_collection_finish() -> None:
    """Thousands of small services come and go in one process: looking through everything that was imported, again and
    again, for what can be freed took a sixth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def leave_out(reason: str) -> None:
    """Skip, saying what was left out; where all parts are required, fail instead."""
    if os.environ.get("ALL_PARTS_REQUIRED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """The real argon2id with its cheapest parameters: what a hash costs is at stake in one test only."""
    security._hasher = argon2.PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)


@pytest.fixture
def clock() -> Clock:
    """Monday, 2 November 2026, 10:00 in Warsaw, until the test moves it."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One server per test process: it starts in about a second, and nothing has to be shared."""
    programs = find_programs()
    if programs is None:
        leave_out(NO_POSTGRES)
        return
    server = Cluster.start(programs)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium per test process, for every room of tests that asks for it."""
    program = find_chromium()
    if program is None:
        leave_out(NO_CHROMIUM)
        return
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """The folder that holds every file of the service."""
    folder = tmp_path / "var"
    folder.mkdir()
    return folder


@pytest.fixture
def sqlite_context(sqlite_template: Path, var: Path, clock: Clock) -> Iterator[Context]:
    """The service on SQLite only, for tests that are not about the store (pages, reports)."""
    file = var / "survey.sqlite3"
    shutil.copyfile(sqlite_template, file)
    yield from _service(var, f"sqlite:///{file}", clock)


@pytest.fixture
def postgres_context(cluster: Cluster, var: Path, clock: Clock) -> Iterator[Context]:
    """The service on PostgreSQL only."""
    name = cluster.create()
    yield from _service(var, cluster.url(name), clock)
    cluster.drop(name)


@pytest.fixture(params=BOTH_STORES)
def context(request: pytest.FixtureRequest) -> Context:
    """The service on a fresh, migrated database; a test that takes it runs once on each store."""
    service: Context = request.getfixturevalue(f"{request.param}_context")
    return service


@pytest.fixture(params=BOTH_STORES)
def empty_context(request: pytest.FixtureRequest, var: Path, clock: Clock) -> Iterator[Context]:
    """The service on a database without tables, on each store: for tests of the migrations."""
    if request.param == "sqlite":
        yield from _service(var, f"sqlite:///{var / 'survey.sqlite3'}", clock)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(empty=True)
    yield from _service(var, cluster.url(name), clock)
    cluster.drop(name)


def _service(var: Path, url: str, clock: Clock) -> Iterator[Context]:
    settings = settings_for(var, url)
    service = Context(settings, Context.from_settings(settings).database, clock)
    yield service
    service.database.dispose()
