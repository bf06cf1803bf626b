"""`make demo`: made once, kept afterwards, and finished by the next run if something stopped it half-way."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, text

from survey_app.analysis.diagnoza.result import Edition
from survey_app.cli import main
from survey_app.errors import ConflictError
from survey_app.services import accounts, gminas, trace, trace_words
from survey_app.services.coding import agree, coding_history, coding_rounds, gminas_table, rate
from survey_app.services.context import Context
from survey_app.services.demo import coding, method, region
from survey_app.services.demo.fill import EMAIL, LARGE, PASSWORD, SMALL, DemoReport, ExampleGmina, fill
from survey_app.services.library import items, search
from survey_app.services.method import papers, process
from survey_app.services.register import catalogue
from survey_app.services.registers import bank, entries, network, persuasion, votes
from survey_app.services.registers.entries import Owner
from survey_app.services.rollup import messages, region_report, regions
from survey_app.services.survey import build_diagnoza, campaigns, open_texts, results, take_survey
from survey_app.services.survey.campaigns import Phase
from tests.campaign_kit import answers, new_key
from tests.stores import Clock, settings_for


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that a first run makes, to copy from: making it takes seconds."""
    var = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, var / "survey.sqlite3")
    context = _service(var, Clock())
    fill(context)
    context.database.dispose()
    return var


@pytest.fixture
def after_first_run(filled: Path, var: Path, clock: Clock) -> Iterator[Context]:
    shutil.copytree(filled, var, dirs_exist_ok=True)
    context = _service(var, clock)
    yield context
    context.database.dispose()


def _service(var: Path, clock: Clock) -> Context:
    settings = settings_for(var, f"sqlite:///{var / 'survey.sqlite3'}")
    return Context(settings, Context.from_settings(settings).database, clock)


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
    is_coded(context)
    is_half_way(context)
    for pdf in (report.pdf, report.small_pdf):
        assert pdf.read_bytes().startswith(b"%PDF")
    assert take_survey.find_survey(context, report.open_campaign, None).phase is Phase.OPEN


def is_coded(context: Context) -> None:
    """Two closed rounds with plausible change and one correction; a round that the printed member can rate."""
    history = coding_history.history(context, LARGE.code)
    before, after = history.rounds
    assert after.opened_on - before.opened_on > dt.timedelta(weeks=6)
    assert before.closed_on < after.closed_on <= context.today()
    assert (len(before.stakeholders), len(after.stakeholders)) == (67, 68)
    assert sum(one.votes is not None for one in after.stakeholders) == 3
    assert [one for one in after.stakeholders if one.refusal]
    assert len([one for one in after.stakeholders if one.contribution]) == 10
    assert [len(one.corrections) for one in history.rounds] == [0, 1]
    supporters = [sum(one.code == "zwolennik" for one in each.stakeholders) for each in history.rounds]
    assert 2 <= supporters[0] < supporters[1] - 8
    assert all(0.4 < (one.alpha or 0) < 0.9 for each in history.rounds for one in each.agreement)
    (running,) = coding_rounds.rounds(context, SMALL.code)
    assert running.stage == "rating"
    member = accounts.find_person(context, coding.MEMBER_EMAIL)
    assert member is not None
    states = {one.state for one in rate.own_list(context, SMALL.code, running.id, member.id)}
    assert states == {rate.UNTOUCHED}
    view = coding_rounds.round_view(context, SMALL.code, running.id)
    assert sum(seat.rated == coding.ALREADY_RATED for seat in view.raters) == len(view.raters) - 1


def is_half_way(context: Context) -> None:
    """Through the method: steps, papers, registers and library, each as the story tells it and none of it twice."""
    owner, told = Owner(gmina_code=LARGE.code), method.story()
    view = process.view(context, LARGE.code)
    assert view.followed is not None
    assert view.followed.path == "zsl_first"
    assert {"done", "doing", "skipped"} <= {one.state for one in view.steps}
    assert any(one.person and one.said and one.said.due_on for one in view.steps)
    held = papers.listed(context, LARGE.code)
    assert sorted(one.key for one in held if one.state == "agreed") == sorted(
        one["key"] for one in told["papers"]
    )
    assert len(held) == len(told["papers"])
    for one in told["registers"]:
        found = entries.listed(context, owner, one["key"])
        assert len(found.entries) == len(one["entries"]) + len(one.get("taken_over", ())), one["key"]
        wanted = [entry["state"][1] for entry in one["entries"] if "state" in entry]
        assert set(wanted) <= {entry.state for entry in found.entries}, one["key"]
    assert entries.listed(context, owner, "terminarz").late
    resolutions, _ = votes.resolutions(context, LARGE.code, 10)
    assert {(one.motion.named, one.passed) for one in resolutions} == {(True, True), (False, True)}
    counts = bank.bank(context, LARGE.code).counts
    assert (counts.raised, counts.met, counts.refused, counts.waiting) == (3, 1, 1, 2)
    joined = network.network(context, LARGE.code)
    assert (len(joined.members), len(joined.running)) == (11, 2)
    section = persuasion.view(context, LARGE.code).section
    assert section is not None
    assert len(section.effect.reached) == 17  # seven by name, ten schools and the like by their sector
    assert section.effect.parts[0].codes["zwolennik"] > 3
    found_items = search.search(context, items.Scope(gmina=LARGE.code), search.Asked(owner="own"))
    assert sorted(hit.item.open_to_all for hit in found_items.hits) == [False, True]
    assert search.search(context, items.Scope(gmina=LARGE.code), search.Asked(owner="country")).total > 3


def test_the_demo_makes_two_example_gminas_and_a_campaign_that_is_open_now(postgres_context: Context) -> None:
    report = fill(postgres_context)
    assert report.made_now
    is_whole(postgres_context, report)
    survey = take_survey.find_survey(postgres_context, report.open_campaign, None)
    settled = answers(survey.instrument)
    assert take_survey.submit(postgres_context, report.open_campaign, None, new_key(), settled)


def test_every_deed_of_it_has_words_in_an_unbroken_trace(after_first_run: Context) -> None:
    with after_first_run.database.reading() as session:
        actions = set(session.scalars(text("SELECT DISTINCT action FROM audit_event")))
    assert len(actions) > 20
    assert actions <= set(trace_words.WORDS)
    assert [state.broken for state in trace.check_all(after_first_run)] == [(), (), ()]


def test_no_account_that_everybody_knows_comes_into_a_service_at_work(sqlite_context: Context) -> None:
    accounts.create_user(sqlite_context, "ewa@urzad.example", "Ewa Lis", "cztery-zwykle-slowa-razem")
    with pytest.raises(ConflictError, match="SURVEY_VAR"):
        fill(sqlite_context)
    assert [one.email for one in accounts.everyone(sqlite_context)] == ["ewa@urzad.example"]


def test_a_second_run_changes_nothing(after_first_run: Context) -> None:
    context = after_first_run
    before = [locked(context, gmina).locked_at for gmina in (LARGE, SMALL)]
    frozen = [one.result_sha256 for one in coding_rounds.rounds(context, LARGE.code)]
    first = fill(context)
    written = first.pdf.stat().st_mtime_ns
    assert not first.made_now
    second = fill(context)
    assert second == first
    assert [locked(context, gmina).locked_at for gmina in (LARGE, SMALL)] == before
    assert [one.result_sha256 for one in coding_rounds.rounds(context, LARGE.code)] == frozen
    assert second.pdf.stat().st_mtime_ns == written
    is_whole(context, second)


def test_when_the_open_campaign_is_over_a_new_one_is_opened(after_first_run: Context, clock: Clock) -> None:
    first = fill(after_first_run)
    clock.advance(days=20)
    second = fill(after_first_run)
    assert second.open_campaign != first.open_campaign
    assert second.made_now
    is_whole(after_first_run, second)


def test_a_round_that_a_visitor_closed_is_not_made_again(after_first_run: Context) -> None:
    (running,) = coding_rounds.rounds(after_first_run, SMALL.code)
    coding_rounds.abandon(after_first_run, SMALL.code, running.id, "Próba skończona.", actor=None)
    assert not fill(after_first_run).made_now
    assert len(coding_rounds.rounds(after_first_run, SMALL.code)) == 1


def test_what_a_visitor_did_on_the_way_through_the_method_stays(after_first_run: Context) -> None:
    context, owner = after_first_run, Owner(gmina_code=LARGE.code)
    swot = next(one for one in papers.listed(context, LARGE.code) if one.key == "swot")
    papers.withdraw(context, LARGE.code, swot.id, None)
    task = entries.listed(context, owner, "terminarz").entries[0]
    content = entries.Content({**task.answers, "nazwa": ["Inne zadanie"]}, person_id=task.person_id)
    entries.change(context, owner, task.id, task.revision, content, None)
    assert not fill(context).made_now
    assert [one.state for one in papers.listed(context, LARGE.code) if one.key == "swot"] == ["withdrawn"]
    titles = [one.title for one in entries.listed(context, owner, "terminarz").entries]
    assert (titles[0], len(titles)) == ("Inne zadanie", 8)


def test_the_printed_member_logs_in_and_reads_the_closed_rounds(after_first_run: Context) -> None:
    member = accounts.log_in(after_first_run, coding.MEMBER_EMAIL, PASSWORD)
    assert member is not None
    assert not accounts.coordinates(member, LARGE.code)
    last = coding_rounds.rounds(after_first_run, LARGE.code)[0]
    entries = agree.overview(after_first_run, LARGE.code, last.id).entries
    reasons = [one.reason for laid in entries for each in laid.criteria for one in each.reasons]
    assert len({reason for reason in reasons if reason}) > 10
    assert any(laid.decision and laid.decision.evidence for laid in entries)
    assert accounts.log_in(after_first_run, EMAIL, PASSWORD) is not None


def test_the_region_has_a_reader_a_message_and_a_country_with_published_numbers(
    after_first_run: Context,
) -> None:
    context = after_first_run
    reader = accounts.log_in(context, region.READER_EMAIL, PASSWORD)
    assert reader is not None
    assert not accounts.gmina_codes(reader), "a reader of sums belongs to no team"
    assert [one.code for one in regions.readable_regions(context, reader)] == ["PL", "99"]
    coordinator = accounts.find_person(context, EMAIL)
    assert coordinator is not None
    for gmina in (LARGE, SMALL):
        (told,) = messages.for_gmina(context, gmina.code, coordinator.id)
        assert (told.title, told.read) == (region.TITLE, False)
    country = region_report.report(context, "PL").roll_up.network
    assert country is not None
    told = country.supporters
    assert told is not None
    row = told.rows[0]
    assert [row.base, *row.counts][-3:] == [34, 170, 136], "the pilot's table, without the example gminas"
    own = region_report.report(context, "99").roll_up
    assert own.coding is not None, "the large gmina's rounds went up"


def test_the_example_gminas_file_makes_a_table(after_first_run: Context) -> None:
    history, gmina = (
        coding_history.history(after_first_run, LARGE.code),
        gminas.describe(after_first_run, LARGE.code),
    )
    content = gminas_table.coding_file(history, gmina)
    frame, faults = gminas_table.read_files([("przykladowo.csv", content)])
    assert not faults
    (row,) = gminas_table.table(frame).rows
    assert row.gmina == LARGE.name


class PowerCutError(Exception):
    """The power went out."""


# A whole run takes about a thousand transactions; a stopped one leaves the next one some of them to do again: the
# sixty answers of the large gmina at the most, each with a look before it.
AT_ONCE, FEWEST_STOPS, MOST_STOPS = 160, 4, 40


def test_a_run_that_is_stopped_again_and_again_is_finished_by_the_next(sqlite_context: Context) -> None:
    """After any of its transactions a run may be gone; each of these is, a bit further on than the one before."""
    stopped = 0
    while _runs_out_of_power(sqlite_context, AT_ONCE):
        stopped += 1
        assert stopped < MOST_STOPS, "the runs no longer get any further"
    assert stopped > FEWEST_STOPS
    is_whole(sqlite_context, fill(sqlite_context))


def _runs_out_of_power(context: Context, transactions: int) -> bool:
    """Whether so many transactions were too few for the whole run."""
    left = transactions

    def stop(*_: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise PowerCutError

    engine = context.database.engine
    event.listen(engine, "begin", stop)
    try:
        fill(context)
    except PowerCutError:
        return True
    finally:
        event.remove(engine, "begin", stop)
    return False


def test_the_small_gminas_report_is_still_worth_reading(after_first_run: Context) -> None:
    campaign = locked(after_first_run, SMALL)
    diagnoza = build_diagnoza.build(after_first_run, campaign.id, Edition.PUBLIC)
    assert diagnoza.response.answered == 9
    assert diagnoza.response.invited == 22
    assert len(diagnoza.summary) >= 4
    shown = [
        question for question in diagnoza.questions if question.table and not question.table.rows[0].hidden
    ]
    assert len(shown) >= 5
    assert any(question.texts for question in diagnoza.questions)


def test_the_command_makes_the_demo_and_prints_where_everything_is(sqlite_context: Context) -> None:
    var = str(sqlite_context.settings.var)
    environment = {"SURVEY_VAR": var, "DATABASE_URL": "", "PUBLIC_URL": ""}
    first, second = (
        CliRunner().invoke(main, ["demo", "--no-serve", "--port", "8123"], env=environment) for _ in range(2)
    )
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Przykładowe dane są gotowe." in first.output
    assert "nic nie zmieniono" in second.output
    now = Context.from_settings(sqlite_context.settings)
    is_whole(now, fill(now))
    now.database.dispose()
    for told in (first.output, second.output):
        for part in (
            var,
            "http://127.0.0.1:8123/a/",
            "/panel",
            "koordynator@przyklad.pl",
            "przykladowe-haslo",
            "czlonek@przyklad.pl",
        ):
            assert part in told
