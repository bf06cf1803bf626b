"""The service as an operator runs it: real clocks, and stores that keep what they were given."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_app.services.context import Context
from tests.conftest import BOTH_STORES, NO_POSTGRES, leave_out
from tests.durability.strace import NO_STRACE, strace_works
from tests.stores import DURABLE_SETTINGS, Clock, Cluster, find_programs, settings_for


@pytest.fixture
def clock() -> Clock:
    """The real moment, to the second, until the test moves it: the served processes have the machine's clock."""
    return Clock(dt.datetime.now(dt.UTC).replace(microsecond=0))


@pytest.fixture(scope="session")
def durable_cluster() -> Iterator[Cluster]:
    """A server of its own, for these tests kill it."""
    programs = find_programs()
    if programs is None:
        leave_out(NO_POSTGRES)
        return
    server = Cluster.start(programs, DURABLE_SETTINGS)
    yield server
    server.stop()


@pytest.fixture
def durable_postgres(durable_cluster: Cluster, var: Path, clock: Clock) -> Iterator[Context]:
    name = durable_cluster.create()
    settings = settings_for(var, durable_cluster.url(name))
    service = Context(settings, Context.from_settings(settings).database, clock)
    yield service
    service.database.dispose()
    durable_cluster.drop(name)


@pytest.fixture
def durable_sqlite(sqlite_template: Path, var: Path, clock: Clock) -> Iterator[Context]:
    file = var / "survey.sqlite3"
    shutil.copyfile(sqlite_template, file)
    settings = settings_for(var, f"sqlite:///{file}")
    service = Context(settings, Context.from_settings(settings).database, clock)
    yield service
    service.database.dispose()


@pytest.fixture(params=BOTH_STORES)
def durable(request: pytest.FixtureRequest) -> Context:
    """On each store; the PostgreSQL syncs, as a test's usual one does not."""
    service: Context = request.getfixturevalue(f"durable_{request.param}")
    return service


@pytest.fixture
def strace() -> None:
    if not strace_works():
        leave_out(NO_STRACE)
