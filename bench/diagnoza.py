"""Time and memory of one large diagnoza: 300 responses, 200 stakeholders, 20 interviews; in a process of its own."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import tempfile
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from survey_app.analysis.diagnoza.result import Edition
from survey_app.config import Settings
from survey_app.services.context import Context

ROUNDS = 5
RESPONSES, STAKEHOLDERS, INTERVIEWS = 300, 200, 20
TYPES = (
    "administracja",
    "pomoc_spoleczna",
    "edukacja",
    "kultura",
    "zdrowie",
    "sport",
    "gospodarka",
    "pozarzadowa",
)


def _measure(folder: Path, campaign_id: int, answer: Connection) -> None:
    started = time.perf_counter()
    from survey_app.analysis.diagnoza.document import Figure
    from survey_app.services.survey import build_diagnoza

    context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(folder)}))
    lines = [f"imports {time.perf_counter() - started:.2f} s, {_peak():.0f} MB"]
    for edition in Edition:
        times, size, begun = [], 0, time.process_time()
        for _ in range(ROUNDS):
            started = time.perf_counter()
            size = len(build_diagnoza.pdf(context, campaign_id, edition, actor=None))
            times.append(time.perf_counter() - started)
        worked = time.process_time() - begun
        started = time.perf_counter()
        document = build_diagnoza.document(context, campaign_id, edition)
        without_pdf = time.perf_counter() - started
        charts = sum(isinstance(block, Figure) for chapter in document.chapters for block in chapter.blocks)
        peak = _peak()
        lines.append(
            f"{edition.value}: {charts} charts, first {times[0]:.2f} s, then "
            f"{sorted(times[1:])[len(times[1:]) // 2]:.2f} s (CPU {worked / ROUNDS:.2f} s each; numbers and words "
            f"{without_pdf:.2f} s); {size / 1024:.0f} KB, peak memory so far {peak:.0f} MB"
        )
    answer.send(lines)


def _peak() -> float:
    """Megabytes. Not `ru_maxrss`: it begins with what the process that started this one had held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _gmina(context: Context) -> int:
    """The example gmina with a larger catalogue and more interviews; the id of its campaign by an open link."""
    from survey_app.services import accounts, gminas, schema
    from survey_app.services.demo import coding, fill, interviews
    from survey_app.services.register import catalogue, import_catalogue

    gmina, code = fill.LARGE, fill.LARGE.code
    schema.upgrade(context)
    gminas.add_gmina(
        context, gmina.teryt7, gmina.name, "przykładowe", "przykładowy", actor=None, example=True
    )
    accounts.ensure_coordinator(context, fill.EMAIL, "Koordynator Przykładowy", fill.PASSWORD, code)
    rows = (fill.FOLDER / gmina.file).read_text(encoding="utf-8").rstrip("\n")
    missing = STAKEHOLDERS - rows.count("\n")
    rows += "".join(
        f"\nKoło {number} w Przykładowie;organizacje obywatelskie;wewnętrzny;B;;;;;"
        for number in range(missing)
    )
    early = replace(context, clock=lambda: dt.datetime.now(dt.UTC) - coding.EARLY - fill.WEEK)
    import_catalogue.save(early, code, import_catalogue.read_file(gmina.file, rows.encode()), actor=None)
    assert len(catalogue.stakeholders(context, code)) == STAKEHOLDERS
    story = interviews.story()["large"]
    story += story * (INTERVIEWS // len(story))
    del story[INTERVIEWS:]
    interviews.fill(context, code, "large", fill.EMAIL, fill.PASSWORD)
    coding.code_twice(context, code, coding.team(context, code, fill.EMAIL, fill.PASSWORD))
    return _campaign(context, code)


def _campaign(context: Context, code: str) -> int:
    from survey_app.services.demo.answers import made_up
    from survey_app.services.instruments import current_ankieta
    from survey_app.services.survey import campaigns, open_texts, take_survey

    now, week = context.clock().replace(second=0, microsecond=0), dt.timedelta(days=7)
    past = replace(context, clock=lambda: now - 3 * week)
    draft = campaigns.CampaignDraft(
        "Ankieta",
        "anonymous",
        "open_link",
        now - 3 * week,
        now - 2 * week,
        30,
        3,
        "Administratorem danych jest Wójt.",
    )
    campaign = campaigns.create_campaign(past, code, draft, actor=None)
    campaigns.open_campaign(past, campaign.id, actor=None)
    source, instrument = random.Random(1), current_ankieta(context)
    for number in range(RESPONSES):
        settled = made_up(instrument, source.choice(TYPES), source)
        take_survey.submit(past, campaign.public_id, None, f"{number:040d}", settled)
    campaigns.lock_campaign(context, campaign.id, actor=None)
    for text in open_texts.waiting(context, campaign.id):
        open_texts.clear(context, text.id, text.text, actor=None)
    return campaign.id


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(folder)}))
        campaign_id = _gmina(context)
        context.database.dispose()
        ours, theirs = multiprocessing.Pipe()
        spawned = multiprocessing.get_context("spawn")
        process = spawned.Process(target=_measure, args=(folder, campaign_id, theirs))
        process.start()
        lines = ours.recv()
        process.join()
    print(
        f"{RESPONSES} responses, {STAKEHOLDERS} stakeholders, {INTERVIEWS} interviews, two rounds of coding"
    )
    print("\n".join(lines))
