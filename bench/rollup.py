"""Time and memory of the country's roll-up over 2,479 gminas with 100 answers each, read from the store."""

from __future__ import annotations

import datetime as dt
import resource
import tempfile
import time
from pathlib import Path

from survey_app.config import Settings
from survey_app.services.context import Context

GMINAS = 2_479
ANSWERS = 100
DIFFERENT = 24  # releases that are drawn; gminas share them
TARGET = 5.0
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)


def _fill(context: Context) -> None:
    from survey_app.analysis.groups import form_groups, type_counts
    from survey_app.analysis.response import Population
    from survey_app.analysis.rollup.gmina_release import release_document
    from survey_app.models import Campaign, CampaignRelease, CodingRelease, Gmina
    from survey_app.services.gminas import WOJEWODZTWA
    from survey_app.services.instruments import instrument_of, publish_ankieta
    from survey_app.store.gminas import name_regions
    from tests.unit.analysis_records import drawn

    version = publish_ankieta(context)
    instrument = instrument_of(version)
    kinds = tuple(option.id for option in instrument.by_id["p1"].options)
    documents = []
    for number in range(DIFFERENT):
        records = drawn(number, ANSWERS, kinds, 0.4 + 0.6 * number / DIFFERENT, 0.1)
        groups = form_groups(instrument, type_counts(instrument, records), 3)
        documents.append(release_document(instrument, records, groups, Population(2 * ANSWERS)))
    codes = [f"{list(WOJEWODZTWA)[n % 16]}{n // 16 % 24 + 1:02d}{n // 384 + 1:02d}" for n in range(GMINAS)]
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


def main() -> None:
    from survey_app.services.rollup import region_files, region_report
    from survey_app.services.schema import upgrade

    with tempfile.TemporaryDirectory() as name:
        context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(Path(name))}))
        upgrade(context)
        _fill(context)
        times = []
        for code in ("PL", "PL", "06"):
            started = time.perf_counter()
            report = region_report.report(context, code)
            times.append(time.perf_counter() - started)
        started = time.perf_counter()
        size = len(region_files.region_xlsx(report))
        written = time.perf_counter() - started
        context.database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"country {times[0]:.2f} s, again {times[1]:.2f} s (target {TARGET:.0f} s), one region {times[2]:.2f} s"
    )
    print(f"workbook {size / 1024:.0f} KB in {written:.2f} s, peak memory of the process {peak:.0f} MB")
