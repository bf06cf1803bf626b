"""`make demo`: made once, kept afterwards, and finished by the next run if something stopped it half-way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import event

from survey_app.analysis.diagnoza.result import Edition
from survey_app.cli import main
from survey_app.services import build_diagnoza, campaigns, catalogue, gminas, open_texts, results, take_survey
from survey_app.services.campaigns import Phase
from survey_app.services.context import Context
from survey_app.services.demo.fill import LARGE, SMALL, DemoReport, ExampleGmina, fill
from tests.campaign_kit import answers, new_key
from tests.stores import Clock


def locked(context: Context, gmina: ExampleGmina) -> campaigns.Campaign:
    (found,) = [each for each in campaigns.campaigns_of(context, gmina.code) if each.locked_at]
    return found


def is_whole(context: Context, report: DemoReport) -> None:
    for gmina, institutions, count in ((LARGE, 69, 60), (SMALL, 22, 9)):
        assert gminas.describe(context, gmina.code).example
        assert len(catalogue.stakeholders(context, gmina.code)) == institutions
        campaign = locked(context, gmina)
        assert campaign.cleaned_at is not None
        assert len(results.load_results(context, campaign.id).records) == count
        assert open_texts.waiting(context, campaign.id) == []
    for pdf in (report.pdf, report.small_pdf):
        assert pdf.read_bytes().startswith(b"%PDF")
    assert take_survey.find_survey(context, report.open_campaign, None).phase is Phase.OPEN


def test_the_demo_makes_two_example_gminas_and_a_campaign_that_is_open_now(context: Context) -> None:
    report = fill(context)
    assert report.made_now
    is_whole(context, report)
    survey = take_survey.find_survey(context, report.open_campaign, None)
    settled = answers(survey.instrument)
    assert take_survey.submit(context, report.open_campaign, None, new_key(), settled)


def test_a_second_run_changes_nothing(sqlite_context: Context) -> None:
    first = fill(sqlite_context)
    before = [locked(sqlite_context, gmina).locked_at for gmina in (LARGE, SMALL)]
    written = first.pdf.stat().st_mtime_ns
    second = fill(sqlite_context)
    assert second == replace(first, made_now=False)
    assert [locked(sqlite_context, gmina).locked_at for gmina in (LARGE, SMALL)] == before
    assert second.pdf.stat().st_mtime_ns == written
    is_whole(sqlite_context, second)


def test_when_the_open_campaign_is_over_a_new_one_is_opened(sqlite_context: Context, clock: Clock) -> None:
    first = fill(sqlite_context)
    clock.advance(days=20)
    second = fill(sqlite_context)
    assert second.open_campaign != first.open_campaign
    is_whole(sqlite_context, second)


class PowerCutError(Exception):
    """The power went out."""


@pytest.mark.parametrize("transactions", [13, 79, 600])
def test_a_run_that_was_stopped_is_finished_by_the_next(sqlite_context: Context, transactions: int) -> None:
    """After any of its transactions a run may be gone."""
    left = transactions

    def stop(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise PowerCutError

    engine = sqlite_context.database.engine
    event.listen(engine, "begin", stop)
    with pytest.raises(PowerCutError):
        fill(sqlite_context)
    event.remove(engine, "begin", stop)
    is_whole(sqlite_context, fill(sqlite_context))


def test_the_small_gminas_report_is_still_worth_reading(sqlite_context: Context) -> None:
    fill(sqlite_context)
    campaign = locked(sqlite_context, SMALL)
    diagnoza = build_diagnoza.build(sqlite_context, campaign.id, Edition.PUBLIC)
    assert diagnoza.response.answered == 9
    assert diagnoza.response.invited == 22
    assert len(diagnoza.summary) >= 4
    shown = [
        question for question in diagnoza.questions if question.table and not question.table.rows[0].hidden
    ]
    assert len(shown) >= 5
    assert any(question.texts for question in diagnoza.questions)


def test_the_command_prints_where_everything_is(sqlite_context: Context) -> None:
    var = str(sqlite_context.settings.var)
    environment = {"SURVEY_VAR": var, "DATABASE_URL": "", "PUBLIC_URL": ""}
    first, second = (
        CliRunner().invoke(main, ["demo", "--no-serve", "--port", "8123"], env=environment) for _ in range(2)
    )
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Przykładowe dane są gotowe." in first.output
    assert "nic nie zmieniono" in second.output
    for told in (first.output, second.output):
        for part in (
            var,
            "http://127.0.0.1:8123/a/",
            "/panel",
            "koordynator@przyklad.pl",
            "przykladowe-haslo",
        ):
            assert part in told
