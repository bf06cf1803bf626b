"""Time and memory of one diagnoza of the larger example gmina, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from survey_app.analysis.diagnoza.result import Edition
from survey_app.config import Settings
from survey_app.services.context import Context

ROUNDS = 5


def _measure(folder: Path, campaign_id: int, answer: Connection) -> None:
    started = time.perf_counter()
    from survey_app.services.survey import build_diagnoza

    context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(folder)}))
    imported = time.perf_counter() - started
    times, size = [], 0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        size = len(build_diagnoza.pdf(context, campaign_id, Edition.PUBLIC, actor=None))
        times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((imported, times, size, peak))


def main() -> None:
    from survey_app.services.demo.fill import LARGE, fill
    from survey_app.services.survey import campaigns

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(folder)}))
        fill(context)
        locked = next(each for each in campaigns.campaigns_of(context, LARGE.code) if each.locked_at)
        context.database.dispose()
        ours, theirs = multiprocessing.Pipe()
        spawned = multiprocessing.get_context("spawn")
        process = spawned.Process(target=_measure, args=(folder, locked.id, theirs))
        process.start()
        imported, times, size, peak = ours.recv()
        process.join()
    print(
        f"imports {imported:.2f} s, first {times[0]:.2f} s, then {sorted(times[1:])[len(times[1:]) // 2]:.2f} s"
    )
    print(f"{size / 1024:.0f} KB, peak memory of the process {peak:.0f} MB")
