"""The country's roll-up over 2,479 gminas, read from the store: with 100, 1,000 and 4,034 answers in each.

The last is ten million answers. None of them is made: the kept counts are as if from so many. Last as many answers in a
tenth of the gminas: the cost must follow gminas, and not answers.
"""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import resource
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from survey_app.config import Settings
from survey_app.instrument.model import Instrument
from survey_app.services.context import Context

GMINAS = 2_479
ANSWERS = (100, 1_000, 4_034)
FEWER = 248
DRAWN = 100
DIFFERENT = 24  # releases that are drawn; gminas share them
TARGET = 5.0
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def _documents(instrument: Instrument, answers: int) -> list[dict[str, Any]]:
    """As the lock makes them, from up to a hundred drawn answers, each taken so often that there are `answers`.

    Groups and hidden cells come from the hundred; counts are multiplied. So what is kept has the size that it has.
    """
    from survey_app.analysis.groups import form_groups, type_counts
    from survey_app.analysis.response import Population
    from survey_app.analysis.rollup.gmina_release import release_document
    from tests.unit.analysis_records import drawn

    kinds = tuple(option.id for option in instrument.by_id["p1"].options)
    documents = []
    for number in range(DIFFERENT):
        records = drawn(number, DRAWN, kinds, 0.4 + 0.6 * number / DIFFERENT, 0.1)
        groups = form_groups(instrument, type_counts(instrument, records), 3)
        made = release_document(instrument, records, groups, Population(2 * DRAWN))
        documents.append(_times(made, answers, DRAWN))
    return documents


def _times(document: dict[str, Any], answers: int, of: int) -> dict[str, Any]:
    """Its counts, as if so many had answered."""

    def more(count: int) -> int:
        return count * answers // of

    questions = []
    for one in document["questions"]:
        groups = [row and [more(count) for count in row] for row in one["by_group"]]
        counts = one["counts"] and [more(count) for count in one["counts"]]
        questions.append({**one, "counts": counts, "by_group": groups})
    numbers = {key: more(document[key]) for key in ("answered", "complete", "invited")}
    return {**document, **numbers, "questions": questions}


def _fill(context: Context, gminas: int, answers: int) -> int:
    """Gminas with a release each; how many bytes all kept counts have."""
    from survey_app.models import Campaign, CampaignRelease, CodingRelease, Gmina
    from survey_app.services.gminas import WOJEWODZTWA
    from survey_app.services.instruments import instrument_of, publish_ankieta
    from survey_app.store.gminas import name_regions

    version = publish_ankieta(context)
    instrument = instrument_of(version)
    documents = _documents(instrument, answers)
    codes = [f"{list(WOJEWODZTWA)[n % 16]}{n // 16 % 24 + 1:02d}{n // 384 + 1:02d}" for n in range(gminas)]
    with context.database.transaction() as session:
        name_regions(session, WOJEWODZTWA, {code[:4]: code[:4] for code in codes})
        session.add_all(Gmina(code=code, name=code) for code in codes)
        session.flush()
        for number, code in enumerate(codes):
            session.add(
                Campaign(
                    id=number + 1,
                    public_id=f"c{number}",
                    gmina_code=code,
                    instrument_version_id=version.id,
                    title="Ankieta",
                    mode="named",
                    access="invitations",
                    opens_at=NOON,
                    closes_at=NOON + dt.timedelta(days=7),
                    grace_minutes=0,
                    k=3,
                    notice="",
                    created_at=NOON,
                )
            )
        session.flush()
        for number, code in enumerate(codes):
            session.add(
                CampaignRelease(
                    campaign_id=number + 1,
                    gmina_code=code,
                    instrument_key=instrument.key,
                    locked_at=NOON + dt.timedelta(minutes=number),
                    document=documents[number % DIFFERENT],
                )
            )
            coding = {"form": 1, "rounds": 2, "stances": [9, 20, 1], "start": 4, "end": 9}
            session.add(CodingRelease(gmina_code=code, seen_event=1, document=coding))
    return sum(len(json.dumps(documents[number % DIFFERENT])) for number in range(gminas))


def main() -> None:
    base = None
    for gminas, answers in [*((GMINAS, each) for each in ANSWERS), (FEWER, ANSWERS[-1] * GMINAS // FEWER)]:
        own = multiprocessing.get_context("spawn")
        ours, theirs = own.Pipe()
        process = own.Process(target=_measure, args=(theirs, gminas, answers))
        process.start()
        lines, seconds = ours.recv()
        process.join()
        base = base or seconds
        print(
            f"\n{gminas:,} gminas, {answers:,} answers in each: {gminas * answers:,}; ratio {seconds / base:.2f}"
        )
        print("\n".join(lines), flush=True)


def _measure(answer: Connection, gminas: int, answers: int) -> None:
    """In a process of its own, so that its peak memory is its own, too."""
    from survey_app.services.rollup import region_files, region_report
    from survey_app.services.schema import upgrade

    with tempfile.TemporaryDirectory() as name:
        context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(Path(name))}))
        upgrade(context)
        kept = _fill(context, gminas, answers)
        times = []
        for code in ("PL", "PL", "PL", "06"):
            started = time.perf_counter()
            report = region_report.report(context, code)
            times.append(time.perf_counter() - started)
        started = time.perf_counter()
        size = len(region_files.region_xlsx(report))
        written = time.perf_counter() - started
        context.database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = min(times[1:3])
    lines = [
        f"country {times[0]:.2f} s, again {again:.2f} s (target {TARGET:.0f} s), one region {times[3]:.2f} s",
        f"kept counts {kept / 1024 / 1024:.1f} MB, {kept / gminas / 1024:.1f} KB a gmina",
        f"workbook {size / 1024:.0f} KB in {written:.2f} s, peak memory of the process {peak:.0f} MB",
    ]
    answer.send((lines, again))
