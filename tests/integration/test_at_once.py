"""People who do the same thing at the same moment: what becomes of it is the same each time, and nothing is lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import yaml
from flask import Flask

from survey_app.errors import ConflictError, GoneError, InvalidInputError, NotFoundError, SurveyError
from survey_app.services import gminas, housekeeping, trace
from survey_app.services.context import Context
from survey_app.services.method import process
from survey_app.services.register import catalogue
from survey_app.services.register.import_catalogue import ImportReport, read_file, save
from survey_app.services.registers import entries
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.rollup import import_records, messages
from survey_app.services.survey import campaigns, results
from survey_app.services.survey.campaigns import Campaign, draft_mark
from survey_app.services.survey.take_survey import Receipt
from survey_app.store import audit, responses
from survey_app.web.app import create_app
from tests.campaign_kit import DRAFT, GMINA, WEEK, add_gmina, hold, send
from tests.campaign_kit import lock as lock_held
from tests.coding_kit import together
from tests.integration.staff import GMINA as JANOW
from tests.integration.staff import Staff
from tests.page_police import police
from tests.stores import Clock

HEADINGS = "nazwa;sektor;wewnętrzny/zewnętrzny;typ;adres;osoba kontaktowa;e-mail;telefon;uwagi\n"


def a_draft(context: Context) -> Campaign:
    add_gmina(context)
    return campaigns.create_campaign(context, GMINA, DRAFT, actor=None)


def refused(results: list[object]) -> list[object]:
    """Those that were told no; any other failure is none of these."""
    assert all(isinstance(one, SurveyError) for one in results if isinstance(one, Exception)), results
    return [one for one in results if isinstance(one, Exception)]


def told(context: Context, action: str) -> int:
    with context.database.reading() as session:
        return sum(event.action == action for event in audit.events(session, GMINA))


# Two coordinators on one campaign ------------------------------------------------------------------------------


def test_of_two_who_change_a_draft_the_second_is_told(context: Context) -> None:
    made = a_draft(context)
    seen = draft_mark(campaigns.campaign(context, made.id))
    drafts = [replace(DRAFT, title=f"Tytuł {place}", k=3 + place) for place in range(3)]
    results = together(
        *[lambda one=one: campaigns.update_campaign(context, made.id, one, None, seen) for one in drafts]
    )
    assert [type(one) for one in refused(results)] == [ConflictError] * 2
    kept = next(place for place, one in enumerate(results) if not isinstance(one, Exception))
    found = campaigns.campaign(context, made.id)
    assert (found.title, found.k) == (drafts[kept].title, drafts[kept].k), "never half of each"
    assert told(context, "campaign_updated") == 1


def test_of_two_who_open_it_one_does_and_has_the_codes(context: Context) -> None:
    made = a_draft(context)
    results = together(*[lambda: campaigns.open_campaign(context, made.id, actor=None)] * 3)
    assert [type(one) for one in refused(results)] == [ConflictError] * 2
    (issued,) = (one for one in results if isinstance(one, list))
    assert len(issued) == 6
    assert told(context, "campaign_opened") == 1
    assert [len(list(folder.glob("*.key"))) for folder in context.settings.key_folders] == [1, 1]


def test_what_is_opened_is_what_was_seen(context: Context) -> None:
    """The other one changes the draft while this one reads what the opening will fix for good."""
    made = a_draft(context)
    seen = draft_mark(campaigns.campaign(context, made.id))
    campaigns.update_campaign(context, made.id, replace(DRAFT, mode="named"), None, seen)
    with pytest.raises(ConflictError, match="ktoś inny zmienił"):
        campaigns.open_campaign(context, made.id, None, seen)
    assert campaigns.campaign(context, made.id).opened_at is None
    assert not any(folder.exists() and list(folder.iterdir()) for folder in context.settings.key_folders)


@pytest.mark.parametrize("turn", range(3))
def test_opening_and_deleting_or_changing_at_once(context: Context, turn: int) -> None:
    made = a_draft(context)
    seen = draft_mark(campaigns.campaign(context, made.id))
    results = together(
        lambda: campaigns.open_campaign(context, made.id, None, seen),
        lambda: campaigns.discard_draft(context, made.id, None),
        lambda: campaigns.update_campaign(context, made.id, replace(DRAFT, k=4), None, seen),
    )
    refused(results)
    try:
        found = campaigns.campaign(context, made.id)
    except NotFoundError:
        assert isinstance(results[0], SurveyError)
        assert results[1] is None
    else:
        assert isinstance(results[1], ConflictError)
        assert found.opened_at is not None
        assert (found.k == 4) == isinstance(results[2], Campaign) is False


def test_moving_the_end_and_closing_at_once(context: Context) -> None:
    """Whoever comes second sees what the first did: it is closed, or it is closed after it was moved."""
    add_gmina(context)
    held = hold(context)
    context.clock.advance(hours=1)  # type: ignore[attr-defined]
    later = held.campaign.closes_at + WEEK
    results = together(
        lambda: campaigns.move_end(context, held.campaign.id, later, None),
        lambda: campaigns.close_now(context, held.campaign.id, None),
    )
    assert not isinstance(results[1], Exception)
    assert isinstance(results[0], ConflictError | Campaign)
    assert campaigns.campaign(context, held.campaign.id).closes_at == context.clock()


@pytest.mark.parametrize("turn", range(3))
def test_two_who_lock_it_lock_it_once(context: Context, turn: int) -> None:
    add_gmina(context)
    held = hold(context)
    for code in held.codes:
        send(context, held, code)
    context.clock.set(held.campaign.closes_at + WEEK)  # type: ignore[attr-defined]
    results = together(*[lambda: campaigns.lock_campaign(context, held.campaign.id, None)] * 3)
    assert refused(results) == []
    assert told(context, "campaign_locked") == 1
    with context.database.reading() as session:
        assert responses.count_responses(session, held.campaign.id) == len(held.codes)
    campaigns.finish_locks(context)
    assert campaigns.campaign(context, held.campaign.id).cleaned_at is not None


def test_the_page_keeps_what_the_second_one_typed(app: Flask, sqlite_context: Context) -> None:
    made = campaigns.create_campaign(sqlite_context, JANOW, DRAFT, actor=None)
    anna = Staff(app.test_client())
    anna.log_in("anna@example.org")
    address = f"/panel/{JANOW}/kampanie/{made.id}/szkic"
    seen = draft_mark(campaigns.campaign(sqlite_context, made.id))
    assert f'value="{seen}"' in anna.get(address)
    assert f'value="{seen}"' in anna.get(address.replace("szkic", "otwarcie"))
    campaigns.update_campaign(sqlite_context, made.id, replace(DRAFT, title="Tytuł tamtej osoby"), None)
    typed = {
        "seen": seen,
        "title": "Tytuł Anny",
        "mode": "anonymous",
        "access": "invitations",
        "opens_at_date": "2026-11-02",
        "opens_at_time": "10:00",
        "closes_at_date": "2026-11-09",
        "closes_at_time": "10:00",
        "grace_minutes": "30",
        "k": "3",
        "notice": "Klauzula Anny",
    }
    page = anna.send(address, typed)
    assert page.status_code == 422
    for words in ("ktoś inny zmienił ten szkic", "Tytuł Anny", "Klauzula Anny", "Tytuł tamtej osoby"):
        assert words in page.text
    now = draft_mark(campaigns.campaign(sqlite_context, made.id))
    assert campaigns.campaign(sqlite_context, made.id).title == "Tytuł tamtej osoby"
    assert f'value="{now}"' in page.text
    assert anna.send(address, {**typed, "seen": now}).status_code == 302
    assert campaigns.campaign(sqlite_context, made.id).title == "Tytuł Anny"


# Two imports at once -------------------------------------------------------------------------------------------


def rows(names: range, note: str) -> str:
    return HEADINGS + "".join(f"Instytucja nr {n};sport;w;B;;;;;{note}\n" for n in names)


def test_the_same_file_twice_at_once_doubles_nobody(context: Context) -> None:
    add_gmina(context, 0)
    preview = read_file("k.csv", rows(range(40), "uwaga").encode())
    results = together(*[lambda: save(context, GMINA, preview, None)] * 3)
    assert refused(results) == []
    reports = sorted((one.added, one.unchanged) for one in results if isinstance(one, ImportReport))
    assert reports == [(0, 40), (0, 40), (40, 0)]
    assert len(catalogue.stakeholders(context, GMINA)) == 40


def test_two_files_that_overlap_end_as_one_after_the_other(context: Context) -> None:
    add_gmina(context, 0)
    files = [
        read_file("k.csv", rows(names, note).encode())
        for names, note in ((range(30), "A"), (range(20, 50), "B"))
    ]
    results = together(*[lambda one=one: save(context, GMINA, one, None) for one in files])
    assert refused(results) == []
    found = {row.name: row.note for row in catalogue.stakeholders(context, GMINA)}
    assert len(found) == 50
    shared = {found[f"Instytucja nr {n}"] for n in range(20, 30)}
    assert shared in ({"A"}, {"B"}), "rows of the two are never mixed"
    assert sum(one.added for one in results if isinstance(one, ImportReport)) == 50


def test_an_import_with_a_fault_leaves_the_other_as_it_is(context: Context) -> None:
    add_gmina(context, 0)
    good = read_file("k.csv", rows(range(20), "A").encode())
    bad = read_file("k.csv", (rows(range(5), "B") + "Bez sektora;;w;B;;;;;\n").encode())
    results = together(lambda: save(context, GMINA, good, None), lambda: save(context, GMINA, bad, None))
    assert isinstance(results[0], ImportReport)
    assert isinstance(results[1], InvalidInputError)
    assert {row.note for row in catalogue.stakeholders(context, GMINA)} == {"A"}


# Closing and locking while answers arrive ----------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["anonymous", "named"])
def test_every_answer_that_was_taken_while_it_was_closed_and_locked_is_in_the_results(
    context: Context, mode: str
) -> None:
    """Who is not in them was told so: nobody is thanked for nothing."""
    add_gmina(context, 60)
    held = hold(context, grace_minutes=0, mode=mode)
    context.clock.advance(hours=1)  # type: ignore[attr-defined]
    outcomes: list[object] = []
    closing = threading.Event()

    def answer(codes: list[str]) -> None:
        for place, code in enumerate(codes):
            if place == 3:
                closing.set()
            try:
                outcomes.append(send(context, held, code))
            except GoneError as error:
                outcomes.append(error)

    def close_and_lock() -> Campaign:
        closing.wait(60)
        campaigns.close_now(context, held.campaign.id, None)
        return campaigns.lock_campaign(context, held.campaign.id, None)

    parts = [lambda at=at: answer(held.codes[at::3]) for at in range(3)]
    results_of = together(*parts, close_and_lock)
    assert refused(results_of) == []
    thanked = outcomes.count(Receipt.STORED)
    assert len(outcomes) == 60
    assert thanked >= 3
    assert len(results.load_results(context, held.campaign.id).records) == thanked


# The clock is set back -----------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_loses_nothing(context: Context, clock: Clock) -> None:
    """To before the opening: nothing is taken, nothing is lost; to before the close: it waits until the close."""
    add_gmina(context)
    held = hold(context)
    clock.advance(days=1)
    send(context, held, held.codes[0])
    clock.advance(days=-3)
    with pytest.raises(GoneError):
        send(context, held, held.codes[1], key="a" * 32)
    assert housekeeping.run_once(context) == []
    with pytest.raises(ConflictError):
        campaigns.lock_campaign(context, held.campaign.id, None)
    clock.advance(days=3)
    assert send(context, held, held.codes[1], key="a" * 32) is Receipt.STORED
    locked = lock_held(context, held)
    clock.advance(days=-30)
    assert housekeeping.run_once(context) == []
    assert campaigns.lock_campaign(context, held.campaign.id, None).locked_at == locked.locked_at
    with pytest.raises(GoneError):
        send(context, held, held.codes[2])
    assert len(results.load_results(context, held.campaign.id).records) == 2
    assert all(not one.broken for one in trace.check_all(context))


def test_a_form_that_a_wrong_clock_refused_can_be_sent_again(sqlite_context: Context, clock: Clock) -> None:
    """The page has the whole form with its key, and a button; when the clock is right, it is one answer."""
    add_gmina(sqlite_context, 1)
    held = hold(sqlite_context, access="open_link")
    browser = create_app(context=sqlite_context).test_client()
    address = f"/a/{held.campaign.public_id}"
    fields = {"form_key": "a" * 32, "p5": "tak", "p10": "Zdanie „jedno”"}
    clock.advance(hours=-1)
    page = browser.post(address, data=fields)
    assert (page.status_code, page.headers["Retry-After"]) == (409, "30")
    assert "jeszcze się nie zaczęła" in page.text
    assert "Wyślij jeszcze raz" in page.text
    for name, value in fields.items():
        assert f'name="{name}" value="{value}"' in page.text
    police(page.text)
    clock.advance(hours=1)
    assert [browser.post(address, data=fields).status_code for _ in range(2)] == [303, 303]
    lock_held(sqlite_context, held)
    assert len(results.load_results(sqlite_context, held.campaign.id).records) == 1


# A region, which has no row that one could hold ----------------------------------------------------------------


def test_what_is_sent_twice_at_once_to_a_region_is_there_once(postgres_context: Context) -> None:
    context, region = postgres_context, Owner(region_code="06")
    gminas.seed_pilot_gminas(context)
    file = f"TERYT;wariant;start;koniec\n{JANOW};A;1;2\n".encode()
    facts = import_records.read_file(context, "zapisy.csv", file)
    variant = yaml.safe_dump(dict(process.region_variant(context, "06")[0].document)).encode()
    assert together(*[lambda: process.publish_variant(context, "06", variant, None)] * 4) == [None] * 4
    for turn in range(4):
        what = Content({"nazwa": [f"Platforma {turn}"], "wariant": {"option": "obywatelski"}})
        made = together(*[lambda what=what: entries.add(context, region, "rpw", what, None).id] * 4)
        sent = together(
            *[lambda title=f"Spotkanie {turn}": messages.send(context, "06", title, "Tekst", None)] * 4
        )
        assert (len(set(made)), len(set(sent))) == (1, 1), (made, sent)
    assert together(*[lambda: import_records.save(context, facts, "Raport", None)] * 4) == [3] * 4
    backs = together(*[lambda: messages.take_back(context, "06", 1, None)] * 4)
    assert len(refused(backs)) == 3
