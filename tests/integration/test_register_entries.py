"""Entries of registers on both stores: added, changed, brought from state to state, logged, joined by parties."""

from __future__ import annotations

import datetime as dt

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.method import papers
from survey_app.services.registers import entries, listing, overview
from survey_app.services.registers.definitions import registers, rules_of
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.rollup import messages
from survey_app.store import audit
from tests.campaign_kit import add_gmina, add_institution

TODAY = dt.date(2026, 11, 23)
GMINA = Owner(gmina_code="060502")
TASK = {"nazwa": ["Zebrać „listy” 🙂"], "od": "2026-12-01", "do": "2026-12-20"}


@pytest.fixture
def service(context: Context) -> Context:
    add_gmina(context, 3)
    return context


def add(context: Context, **answers: object) -> entries.RegisterEntry:
    return entries.add(context, GMINA, "terminarz", Content({**TASK, **answers}), None)


def places(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.where for fault in error.value.faults]


def test_an_entry_is_kept_with_its_days_and_the_first_state(service: Context) -> None:
    made = add(service)
    view = entries.view(service, GMINA, made.id)
    assert (view.entry.title, view.entry.state) == ("Zebrać „listy” 🙂", "planned")
    assert (view.entry.starts_on, view.entry.due_on) == (dt.date(2026, 12, 1), dt.date(2026, 12, 20))
    assert [(one.state_from, one.state_to) for one in view.events] == [("", "planned")]
    assert add(service).id == made.id, "the same page sent twice"
    assert add(service, opis="inne").id != made.id


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("👨\u200d👩\u200d👧 ra\u00adzem", "👨\u200d👩\u200d👧 razem"),
        ("שלום\u200f \u202eabc", "שלום abc"),
        ("\ue000\u0378", None),
    ],
)
def test_a_name_keeps_its_letters_and_emoji_and_one_without_any_is_refused(
    sqlite_context: Context, typed: str, title: str | None
) -> None:
    add_gmina(sqlite_context, 0)
    if title is None:
        with pytest.raises(InvalidInputError) as refused:
            add(sqlite_context, nazwa=[typed])
        assert places(refused) == ["nazwa"]
    else:
        assert add(sqlite_context, nazwa=[typed]).title == title


def test_what_is_missing_and_days_out_of_order_are_told_together(service: Context) -> None:
    with pytest.raises(InvalidInputError) as refused:
        entries.add(service, GMINA, "terminarz", Content({"od": "2026-12-02"}, person_id=99), None)
    assert places(refused) == ["nazwa", "do", "person_id"]
    with pytest.raises(InvalidInputError) as refused:
        add(service, do="2026-11-30")
    assert places(refused) == ["do"]
    assert entries.listed(service, GMINA, "terminarz").entries == []


# Everything that begins and ends; a need is for its first day, so that its last one has a rule of its own.
IN_ORDER = {
    "certyfikacja": [("zgloszono", "wpisano")],
    "kampania": [("od", "do")],
    "partnerstwa": [("od", "do")],
    "potrzeby": [("na_kiedy", "do_kiedy")],
    "terminarz": [("od", "do")],
    "zasoby": [("od", "do")],
}
FILLED = {
    "rodzaj": {"option": "lokal"},
    "kanal": {"option": "www"},
    "cel": "Przewóz",
    "na_kiedy": "2026-12-24",
}


def test_no_shipped_register_ends_before_it_begins(sqlite_context: Context) -> None:
    add_gmina(sqlite_context, 0)
    club = add_institution(sqlite_context, "Klub")
    known = registers()
    assert {
        key: list(rules_of(one).days_in_order) for key, one in known.items() if one.key in IN_ORDER
    } == IN_ORDER
    assert not any(rules_of(one).days_in_order for one in known.values() if one.key not in IN_ORDER)
    for key, pairs in IN_ORDER.items():
        asked = known[key].by_id
        about = club if rules_of(known[key]).about.value == "stakeholder" else None
        said = {name: value for name, value in {**TASK, **FILLED}.items() if name in asked}
        for first, last in pairs:
            wrong = Content({**said, first: "2026-12-24", last: "2026-12-23"}, about)
            with pytest.raises(InvalidInputError) as refused:
                entries.add(sqlite_context, GMINA, key, wrong, None)
            assert places(refused) == [last], key
            (fault,) = refused.value.faults
            assert asked[last].text.rstrip(" :") in fault.message
            made = entries.add(sqlite_context, GMINA, key, Content({**said, last: "2026-12-24"}, about), None)
            with pytest.raises(InvalidInputError):
                entries.change(sqlite_context, GMINA, made.id, 1, wrong, None)


def test_a_day_that_something_starts_on_is_no_deadline_unless_the_file_says_so(
    sqlite_context: Context,
) -> None:
    add_gmina(sqlite_context, 0)
    club = add_institution(sqlite_context, "Klub")
    hall = {"nazwa": ["Sala"], "rodzaj": {"option": "lokal"}, "od": "2026-10-01"}
    gone = {"nazwa": ["Wóz"], "rodzaj": {"option": "sprzet"}, "od": "2026-10-01", "do": "2026-10-31"}
    together = {"nazwa": ["Przewóz"], "cel": "Przewóz", "od": "2026-10-01"}
    held = {"nazwa": ["Posiedzenie"], "rodzaj": {"option": "posiedzenie"}, "dzien": "2026-10-01"}
    for key, said in (("zasoby", hall), ("zasoby", gone), ("partnerstwa", together), ("posiedzenia", held)):
        entries.add(sqlite_context, GMINA, key, Content(said, None if said is held else club), None)
    found = overview.overview(sqlite_context, GMINA)
    assert [one.entry.title for one in found.late] == ["Posiedzenie", "Wóz"]
    assert found.soon == []
    offers = entries.listed(sqlite_context, GMINA, "zasoby")
    assert [one.title for one in listing.filtered(offers, listing.Wanted(listing.LATE))] == ["Wóz"]


def test_two_at_once_do_not_overwrite_each_other(service: Context) -> None:
    made = add(service)
    entries.change(service, GMINA, made.id, 1, Content({**TASK, "opis": "pierwsza"}), None)
    with pytest.raises(ConflictError):
        entries.change(service, GMINA, made.id, 1, Content({**TASK, "opis": "druga"}), None)
    assert entries.view(service, GMINA, made.id).entry.answers["opis"] == "pierwsza"
    entries.change(service, GMINA, made.id, 2, Content({**TASK, "opis": "druga"}), None)
    assert entries.view(service, GMINA, made.id).entry.revision == 3


def test_a_state_that_asks_for_a_reason_is_not_set_without_one(service: Context) -> None:
    made = add(service)
    day = service.today()
    with pytest.raises(InvalidInputError) as refused:
        entries.set_state(service, GMINA, made.id, "dropped", day + dt.timedelta(1), " ", None)
    assert places(refused) == ["on_day", "text"]
    entries.set_state(service, GMINA, made.id, "dropped", day, "Brak środków", None)
    entries.set_state(service, GMINA, made.id, "dropped", day, "Brak środków", None)
    view = entries.view(service, GMINA, made.id)
    assert view.is_over
    assert [one.text for one in view.events] == ["", "Brak środków"]


def test_a_line_of_the_log_has_words_a_day_and_a_kind(service: Context) -> None:
    made, day = add(service), service.today()
    with pytest.raises(InvalidInputError) as refused:
        entries.write_log(service, GMINA, made.id, "nothing", day + dt.timedelta(1), "", None)
    assert places(refused) == ["on_day", "kind", "text"]
    for _ in range(2):
        entries.write_log(service, GMINA, made.id, "note", day, "Rozmowa z dyrektorką", None)
    assert [one.kind for one in entries.view(service, GMINA, made.id).events] == ["", "note"]


def test_the_trace_names_nobody_whom_a_title_names(service: Context) -> None:
    """Nobody can change the trace, for five years: whoever corrects a title must not leave the name there."""
    made = add(service, nazwa=["Rozmowa z Genowefą Żytko"])
    entries.change(service, GMINA, made.id, 1, Content(TASK), None)
    entries.set_state(service, GMINA, made.id, "done", service.today(), "", None)
    paper = papers.start(service, "060502", "list_intencyjny", papers.Content(), "Żytko", None)
    messages.send(service, "06", "Żytko", "Zaproszenie", None)
    with service.database.reading() as session:
        told = [*audit.events(session, "060502"), *audit.events(session, None)]
    deeds = {one.action: one.detail for one in told}
    assert {"entry_changed", "entry_state", "paper_started", "region_message_sent"} <= set(deeds)
    assert not any("Żytko" in detail for detail in deeds.values()), (deeds, paper.id)


def test_an_entry_of_another_gmina_is_not_there(service: Context) -> None:
    made = add(service)
    for owner in (Owner(gmina_code="060509"), Owner(region_code="06")):
        with pytest.raises(NotFoundError):
            entries.view(service, owner, made.id)
