"""The restore drill: the demo's towns, backed up and restored into an empty system, give the same reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
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
from tests.stores import Clock, Cluster, settings_for


@dataclass(frozen=True)
class Filled:
    """The demo on SQLite, its backup, how many rows it had then, and its reports."""

    context: Context
    file: Path
    rows: dict[str, int]
    reports: dict[str, bytes]


def reports(context: Context, *wanted: str) -> dict[str, bytes]:
    """All forms of the large town's diagnoza, or those wanted."""
    found = campaigns.campaigns_of(context, LARGE.code)
    held = next(one.id for one in found if one.title == HELD_TITLE)
    forms: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: build_diagnoza.pdf(context, held, Edition.INTERNAL, actor=None),
        "docx": lambda: export_diagnoza.docx(context, held, Edition.INTERNAL),
        "xlsx": lambda: export_diagnoza.workbook(context, held, Edition.INTERNAL),
        # The internal one shuffles its rows anew each time.
        "zip": lambda: export_diagnoza.package(context, held, Edition.PUBLIC, actor=None),
    }
    return {name: make() for name, make in forms.items() if not wanted or name in wanted}


def manifest(file: Path) -> dict[str, object]:
    """Counts and checksums of the tables, as the backup says them; not of those that a restore itself changes."""
    *_, last = backup_file.lines(backup_file.look_at(file), None)
    found: dict[str, object] = json.loads(last)["manifest"]
    return {name: told for name, told in found.items() if name not in ("audit_event", "person")}


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


def test_a_restored_system_gives_the_same_reports(filled: Filled, tmp_path: Path) -> None:
    with empty_service(tmp_path, filled.context, bare=True) as restored:
        _drill(filled, restored)


@pytest.mark.postgres
def test_so_does_one_on_the_other_store_and_one_that_came_back_from_it(
    filled: Filled, cluster: Cluster, tmp_path: Path
) -> None:
    with empty_service(tmp_path / "a", filled.context, cluster, bare=True) as first:
        _drill(filled, first)
        backup(first, tmp_path / "kopia")
        with empty_service(tmp_path / "b", first) as second:
            restore(second, tmp_path / "kopia")
            backup(second, tmp_path / "kopia-kopii")
            assert manifest(tmp_path / "kopia-kopii") == manifest(tmp_path / "kopia")
            assert reports(second, "xlsx") == {"xlsx": filled.reports["xlsx"]}
            assert all(not state.broken for state in trace.check_all(second))
        before = {one.id for one in campaigns.campaigns_of(first, LARGE.code)}
        until = first.clock().replace(year=2027)
        draft = campaigns.CampaignDraft("Nowa", "anonymous", "open_link", first.clock(), until, 30, 3, "x")
        assert campaigns.create_campaign(first, LARGE.code, draft, actor=None).id > max(before)


def _drill(filled: Filled, restored: Context) -> None:
    report = restore(restored, filled.file)
    assert report.rows == sum(filled.rows.values())
    assert report.forgotten == 0
    # What went on then does not go on.
    over = dict.fromkeys(("staff_session", "account_link", "attempt_count"), 0)
    assert counts(restored) == {**filled.rows, **over, "audit_event": filled.rows["audit_event"] + 1}
    assert [state.sentence for state in trace.check_all(restored) if state.broken] == []
    made = reports(restored)
    assert [form for form, content in filled.reports.items() if made[form] != content] == []
