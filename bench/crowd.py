"""One gmina's frequencies and readiness with a million answers of others in the store, beside the same gmina alone.

On SQLite and on PostgreSQL, both on a disk. "page" is the whole answer of the server to a coordinator who opens the
results: log-in, numbers, charts, HTML. "numbers" is what stands on it of this campaign, counted from its answers.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url, text

from bench import filled
from bench.form import stores
from survey_app.services.context import Context

OTHERS = int(os.environ.get("BENCH_OTHERS", "1000000"))  # answers of other gminas, about
GMINAS = 2_478
ANSWERS = 100
ROUNDS = 15
TARGET_MS = 150
EMAIL = "anna@example.org"


def main() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name, stores(Path(name)) as each:
        for store, url in each:
            _measure(Path(name) / store.partition(" ")[0], store, url)


def _measure(folder: Path, store: str, url: str) -> None:
    """Both in turns, round by round: what else the machine does meanwhile falls on both alike."""
    crowded = filled.context_at(folder, url)
    quiet = filled.context_at(
        folder / "alone", f"sqlite:///{folder}-alone.db" if crowded.database.is_sqlite else twin(url)
    )
    campaign_id = filled.one_gmina(crowded, ANSWERS)
    assert filled.one_gmina(quiet, ANSWERS) == campaign_id
    source = filled.source_of(crowded, campaign_id)
    started = time.perf_counter()
    others = filled.add_campaigns(crowded, source, filled.codes_of_country(GMINAS))
    added = filled.add_responses(crowded, source, others, OTHERS // GMINAS)
    took = time.perf_counter() - started
    print(
        f"\n{store}: {ANSWERS} answers; beside them {added:,} of {GMINAS:,} others, filled in {took:.0f} s",
        flush=True,
    )
    asked = _questions(crowded, campaign_id)
    for name, ask_quiet in _questions(quiet, campaign_id).items():
        alone, among = _times(ask_quiet, asked[name])
        print(
            f"{name:<14} alone {alone:6.1f} ms   in the crowd {among:6.1f} ms   ratio {among / alone:.2f}"
            f"   (target {TARGET_MS} ms)",
            flush=True,
        )
    _explain(crowded, campaign_id)
    quiet.database.dispose()
    crowded.database.dispose()


def twin(url: str) -> str:
    """Another, empty database of the same server."""
    known = make_url(url)
    name = f"{known.database}_alone"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return known.set(database=name).render_as_string(hide_password=False)


def _questions(context: Context, campaign_id: int) -> dict[str, Callable[[], object]]:
    from survey_app.analysis.diagnoza.build import release
    from survey_app.analysis.readiness import readiness_result
    from survey_app.services import accounts
    from survey_app.services.survey import results
    from survey_app.web.app import create_app
    from tests.integration.staff import PASSWORD, staff

    accounts.create_user(context, EMAIL, "Anna Zając", PASSWORD, coordinator_of=filled.CODE)
    coordinator = staff(create_app(context=context), EMAIL).client

    def page() -> None:
        answer = coordinator.get(f"/panel/{filled.CODE}/kampanie/{campaign_id}/wyniki")
        assert answer.status_code == 200, answer.status_code

    def numbers() -> None:
        found = results.load_results(context, campaign_id)
        released = release(found.instrument, found.records, found.groups, found.population)
        assert readiness_result(found.instrument, released, found.population)

    def answers() -> None:
        assert len(results.load_results(context, campaign_id).records) == ANSWERS

    return {"answers read": answers, "numbers": numbers, "page": page}


def _times(*asked: Callable[[], object]) -> list[float]:
    """Of each the middle one of some rounds, in milliseconds; the first does not count."""
    times: list[list[float]] = [[] for _ in asked]
    for _ in range(ROUNDS + 1):
        for ask, own in zip(asked, times, strict=True):
            started = time.perf_counter()
            ask()
            own.append((time.perf_counter() - started) * 1000)
    return [statistics.median(own[1:]) for own in times]


def _explain(context: Context, campaign_id: int) -> None:
    """How the store finds the campaign's answers: by an index, or by reading all."""
    how = "EXPLAIN QUERY PLAN" if context.database.is_sqlite else "EXPLAIN"
    query = f"{how} SELECT answers FROM response WHERE campaign_id = :id ORDER BY id"
    with context.database.connection() as connection:
        for row in connection.execute(text(query), {"id": campaign_id}):
            print(f"  {row[-1]}")
