"""Time, size and memory of a backup and of its restore with 100,000 answers in the store, on both stores."""

from __future__ import annotations

import dataclasses
import resource
import shutil
import tempfile
import time
from pathlib import Path

from survey_app.config import Settings
from survey_app.services.context import Context
from tests.stores import Cluster, find_programs

ANSWERS = 100_000
AT_ONCE = 5_000
PASSPHRASE = "haslo-tylko-do-pomiaru"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = _filled(folder)
        for kind, passphrase in (("open", None), ("sealed", PASSPHRASE)):
            _measure(source, folder, kind, passphrase, None)
        if programs := find_programs():
            cluster = Cluster.start(programs)
            try:
                _measure(source, folder, "open, into PostgreSQL", None, cluster)
            finally:
                cluster.stop()
        source.database.dispose()


def _filled(folder: Path) -> Context:
    """The demo, and its locked campaign's answers again and again."""
    from sqlalchemy import select

    from survey_app.models import Campaign, Response
    from survey_app.services.demo.fill import fill
    from survey_app.store import responses

    context = Context.from_settings(Settings.from_environment({"SURVEY_VAR": str(folder / "var")}))
    fill(context)
    with context.database.transaction() as session:
        campaign = session.scalars(select(Campaign).where(Campaign.locked_at.is_not(None)).limit(1)).one()
        known = session.scalars(select(Response.answers).where(Response.campaign_id == campaign.id)).all()
        for start in range(0, ANSWERS, AT_ONCE):
            part = [known[number % len(known)] for number in range(start, start + AT_ONCE)]
            responses.add_unlinked(session, campaign, part)
    return context


def _measure(
    source: Context, folder: Path, kind: str, passphrase: str | None, cluster: Cluster | None
) -> None:
    from survey_app.services.backup import backup
    from survey_app.services.restore import restore

    file, var = (
        folder / f"copy-{len(list(folder.iterdir()))}",
        folder / f"other-{len(list(folder.iterdir()))}",
    )
    started = time.perf_counter()
    backup(source, file, passphrase)
    backed_up = time.perf_counter() - started
    url = cluster.url(cluster.create(empty=True)) if cluster else f"sqlite:///{var / 'survey.sqlite3'}"
    keys = (var / "keys-1", var / "keys-2")
    settings = dataclasses.replace(source.settings, var=var, database_url=url, key_folders=keys)
    for old, new in zip(source.settings.key_folders, keys, strict=True):
        shutil.copytree(old, new)
    target = Context.from_settings(settings)
    started = time.perf_counter()
    report = restore(target, file, passphrase)
    restored = time.perf_counter() - started
    target.database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{kind}: {report.rows} rows, backup {backed_up:.1f} s, {file.stat().st_size / 2**20:.1f} MB;"
        f" restore {restored:.1f} s; peak memory so far {peak:.0f} MB"
    )
