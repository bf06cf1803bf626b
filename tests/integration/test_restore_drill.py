"""The restore drill: the demo's towns, backed up and restored into an empty system, give the same reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_app.analysis.edition import Edition
from survey_app.services import backup_file, trace
from survey_app.services.backup import backup
from survey_app.services.context import Context
from survey_app.services.demo.fill import HELD_TITLE, LARGE, fill
from survey_app.services.restore import restore
from survey_app.services.survey import build_diagnoza, campaigns, export_diagnoza
from tests.backup_kit import counts, empty_service
from tests.conftest import BOTH_STORES
from tests.stores import Clock, Cluster, settings_for


@dataclass(frozen=True)
class Filled:
    """The demo on SQLite, its backup, how many rows it had then, and its reports."""

    context: Context
    file: Path
    rows: dict[str, int]
    reports: dict[str, bytes]


def reports(context: Context) -> dict[str, bytes]:
    """All forms of the large town's diagnoza; the internal edition where it has more than the public one."""
    found = campaigns.campaigns_of(context, LARGE.code)
    held = next(one.id for one in found if one.title == HELD_TITLE)
    return {
        "pdf": build_diagnoza.pdf(context, held, Edition.INTERNAL, actor=None),
        "docx": export_diagnoza.docx(context, held, Edition.INTERNAL),
        "xlsx": export_diagnoza.workbook(context, held, Edition.PUBLIC),
        "zip": export_diagnoza.package(context, held, Edition.PUBLIC, actor=None),
    }


def manifest(file: Path) -> dict[str, object]:
    """Counts and checksums of every table, as the backup says them."""
    *_, last = backup_file.lines(backup_file.look_at(file), None)
    found: dict[str, object] = json.loads(last)["manifest"]
    return found


def of_other_tables(found: dict[str, object]) -> dict[str, object]:
    """Without what the restore itself adds to."""
    return {name: told for name, told in found.items() if name != "audit_event"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("demo")
    settings = settings_for(folder, f"sqlite:///{folder / 'survey.sqlite3'}")
    context = Context(settings, Context.from_settings(settings).database, Clock())
    fill(context)
    file = folder / "kopia"
    backup(context, file)
    yield Filled(context, file, counts(context), reports(context))
    context.database.dispose()


@pytest.mark.parametrize("store", BOTH_STORES)
def test_a_restored_system_gives_the_same_reports(
    request: pytest.FixtureRequest, filled: Filled, store: str, tmp_path: Path
) -> None:
    cluster: Cluster | None = request.getfixturevalue("cluster") if store == "postgres" else None
    with empty_service(tmp_path, filled.context, cluster) as restored:
        report = restore(restored, filled.file)
        assert report.rows == sum(filled.rows.values())
        assert report.forgotten == 0
        assert counts(restored) == {**filled.rows, "audit_event": filled.rows["audit_event"] + 1}
        assert [state.sentence for state in trace.check_all(restored) if state.broken] == []
        made = reports(restored)
        assert [form for form, content in filled.reports.items() if made[form] != content] == []
        _once_more(restored, cluster, tmp_path)


def _once_more(restored: Context, cluster: Cluster | None, folder: Path) -> None:
    """From the restored store into another of its kind: the same rows, down to the last letter."""
    file = folder / "kopia-kopii"
    backup(restored, file)
    with empty_service(folder / "next", restored, cluster) as third:
        restore(third, file)
        again = folder / "trzecia"
        backup(third, again)
        assert of_other_tables(manifest(again)) == of_other_tables(manifest(file))


@pytest.mark.postgres
def test_from_postgresql_to_sqlite_and_on(filled: Filled, cluster: Cluster, tmp_path: Path) -> None:
    """Both ways across; afterwards new rows get numbers that nobody has."""
    with empty_service(tmp_path / "a", filled.context, cluster) as first:
        restore(first, filled.file)
        backup(first, tmp_path / "kopia")
        with empty_service(tmp_path / "b", first) as second:
            restore(second, tmp_path / "kopia")
            made = export_diagnoza.workbook(second, _held(second), Edition.PUBLIC)
            assert made == filled.reports["xlsx"]
            assert all(not state.broken for state in trace.check_all(second))
        before = {one.id for one in campaigns.campaigns_of(first, LARGE.code)}
        draft = campaigns.CampaignDraft(
            "Nowa", "anonymous", "open_link", first.clock(), first.clock().replace(year=2027), 30, 3, "x"
        )
        assert campaigns.create_campaign(first, LARGE.code, draft, actor=None).id > max(before)


def _held(context: Context) -> int:
    found = campaigns.campaigns_of(context, LARGE.code)
    return next(one.id for one in found if one.title == HELD_TITLE)
