"""Twenty minutes of an ordinary hour: does anything grow?

Two services side by side, one on PostgreSQL behind nginx with three replicas and a worker, one on SQLite with one
replica and a worker. Respondents come at a steady rate, staff look at pages, now and then somebody takes a diagnoza
out. Every ten seconds: memory and open files of each kind of process, connections, sizes of databases, SQLite's log.
Memory and handles are what this is about: the rate is low, so that it says the same on a slow or a busy machine.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text as sql

from bench import results
from bench.browser import Browser, Diary, Form, UnexpectedError
from bench.growth import Growth, Verdict, judge
from bench.processes import usage
from bench.respondents import Crowd, Ledger
from bench.stage import Stage, add_gmina, stage
from bench.visits import ledgers_of, settled, verdict
from survey_app.services.demo import fill
from survey_app.services.survey import campaigns
from tests.stores import find_programs

MINUTES = 20.0
WARM_UP = 0.25  # of the time, and three minutes at the least: imports, caches, pools
PER_SECOND = {"PostgreSQL": 2.0, "SQLite": 1.0}
EVERY = 10.0
DIAGNOZA_EVERY = 45.0
INVITED = 1000
# What of a series counts as growth in an hour, beside five per cent.
LEAST = {"MB": 8.0, "files": 6.0, "connections": 2.0}
WITH_ANSWERS = "with the answers"  # grows, and should
# PostgreSQL's PSS and RSS have shared buffers in them, which fill up as tables grow; RSS counts shared pages often.
NOT_JUDGED = "MB, not judged"


@dataclass(slots=True)
class Series:
    """Samples of each thing: name -> [(seconds, value)], and its unit."""

    started: float = field(default_factory=time.monotonic)
    values: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str) -> None:
        self.values.setdefault(name, []).append((time.monotonic() - self.started, value))
        self.units[name] = unit


def main(minutes: float = MINUTES) -> None:
    with contextlib.ExitStack() as ending:
        kinds = (True, False) if find_programs() else (False,)
        stages = [ending.enter_context(stage(postgres=kind, with_worker=True)) for kind in kinds]
        ledgers = {}
        for one in stages:
            fill.fill(one.context)
            add_gmina(one.context, INVITED)
            ledgers[one.name] = ledgers_of(one)
        series, diary, stop = Series(), Diary(keep_times=False), threading.Event()
        print(f"{minutes:g} minutes, {PER_SECOND} visitors a second; baseline: after the warm-up", flush=True)
        works = list(_works(stages, ledgers, diary, stop))
        threads = [threading.Thread(target=_watched, args=(diary, *one)) for one in works]
        for thread in threads:
            thread.start()
        _sample(series, stages, ledgers, series.started + minutes * 60)
        stop.set()
        for thread in threads:
            thread.join()
        growths = report(series, minutes * 60)
        accounts = [settled(one, ledger) for one in stages for ledger in ledgers[one.name]]
    verdict([ledger for one in stages for ledger in ledgers[one.name]], accounts, diary)
    grown = [name for name, growth in growths.items() if growth.verdict is Verdict.GROWS]
    if grown:
        raise SystemExit(f"grows: {', '.join(grown)}")


Work = tuple[Callable[..., None], tuple[object, ...]]


def _works(
    stages: list[Stage], ledgers: dict[str, list[Ledger]], diary: Diary, stop: threading.Event
) -> Iterator[Work]:
    for number, one in enumerate(stages):
        base = f"http://127.0.0.1:{one.port}"
        crowd = Crowd(base, ledgers[one.name], diary, random.Random(number), think=2.0)
        yield crowd.come, (PER_SECOND[one.name], stop.is_set)
        yield staff, (one, base, diary, stop)


def _watched(diary: Diary, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    """A load that ended by itself would make everything look steady."""
    try:
        work(*arguments)
    except Exception as error:
        diary.fault(f"{work.__name__} ended: {error!r}"[:300])


def staff(found: Stage, base: str, diary: Diary, stop: threading.Event) -> None:
    """A coordinator who looks at one page after the other, and takes a diagnoza out now and then."""
    panel = f"/panel/{fill.LARGE.code}"
    locked = next(
        one for one in campaigns.campaigns_of(found.context, fill.LARGE.code) if one.locked_at is not None
    )
    results_page = f"{panel}/kampanie/{locked.id}/wyniki"
    places = (
        "",
        "/kampanie",
        f"/kampanie/{locked.id}",
        "/katalog",
        "/kodowanie",
        "/wywiady",
        "/zespol",
        "/slad",
    )
    due = time.monotonic() + DIAGNOZA_EVERY / 2
    with Browser(base, diary) as browser, contextlib.suppress(UnexpectedError):
        form = Form(browser.open("the log-in page", "/logowanie"))
        form.fields |= {"email": fill.EMAIL, "password": fill.PASSWORD}
        browser.send("a log-in", "/logowanie", form.fields, 302)
        while not stop.is_set():
            for place in (*(panel + one for one in places), results_page, f"{results_page}/diagnoza"):
                browser.open(f"staff: {place}", place)
                if stop.wait(1.5):
                    break
            if time.monotonic() > due:
                due += DIAGNOZA_EVERY
                browser.file("staff: a diagnoza", f"{results_page}/diagnoza-public.pdf")
                browser.file("staff: a file of data", f"{results_page}/dane.xlsx")


def _sample(series: Series, stages: list[Stage], ledgers: dict[str, list[Ledger]], until: float) -> None:
    due = time.monotonic()
    while time.monotonic() < until:
        for one in stages:
            _sample_stage(series, one)
            answers = sum(len(ledger.thanked) for ledger in ledgers[one.name])
            series.add(f"{one.name}: answers", answers, WITH_ANSWERS)
        due += EVERY
        time.sleep(max(0.0, due - time.monotonic()))


def _sample_stage(series: Series, one: Stage) -> None:
    for kind, pids in one.processes().items():
        found = usage(pids)
        buffers = kind == "PostgreSQL"
        series.add(f"{one.name}: {kind}, own memory", found.own, "MB")
        series.add(f"{one.name}: {kind}, PSS", found.pss, NOT_JUDGED if buffers else "MB")
        series.add(f"{one.name}: {kind}, RSS", found.rss, NOT_JUDGED)
        series.add(f"{one.name}: {kind}, open files", found.files, "files")
    for name, value, unit in _sizes(one):
        series.add(f"{one.name}: {name}", value, unit)


def _sizes(one: Stage) -> Iterator[tuple[str, float, str]]:
    if one.cluster is None:
        file = Path(str(one.context.database.url.database))
        log = file.with_name(file.name + "-wal")
        yield "the file", file.stat().st_size / 2**20, WITH_ANSWERS
        yield "the log beside it", log.stat().st_size / 2**20 if log.exists() else 0.0, "MB"
        return
    with one.context.database.connection() as connection:
        size = connection.execute(sql("SELECT pg_database_size(current_database())")).scalar_one()
        ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        count = connection.execute(sql(ask)).scalar_one()
    yield "the database", size / 2**20, WITH_ANSWERS
    yield "connections", count, "connections"


def report(series: Series, seconds: float) -> dict[str, Growth]:
    """Prints the table; the verdicts of what should not grow."""
    results.attach("samples", series.values)
    warm_up = min(max(WARM_UP * seconds, 180.0), seconds / 2)
    head = f"{'':<52} {'begin':>8} {'end':>8} {'highest':>8} {'an hour':>8} {'late':>8}"
    print(f"{head}   (after {warm_up / 60:.1f} minutes of warming up)")
    growths = {}
    for name, samples in series.values.items():
        unit = series.units[name]
        found = judge(samples, warm_up, LEAST.get(unit, 0.0))
        numbers = (found.begin, found.end, found.highest, found.slope, found.late)
        columns = " ".join(f"{value:8.1f}" for value in numbers)
        judged = unit not in (WITH_ANSWERS, NOT_JUDGED)
        print(f"{name:<52} {columns}   {found.verdict.value if judged else unit}")
        if judged:
            growths[name] = found
            results.note(name, found.end, "MB" if unit == "MB" else "", found.begin, "after the warm-up")
    return growths
