"""Meetings on both stores: seats, quorum, votes by name and by counts, motions that are closed for good."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import text

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import accounts, team_people
from survey_app.services.context import Context
from survey_app.services.method.begun_from import prefilled_from
from survey_app.services.method.definitions import paper_definition
from survey_app.services.personal_data import accounts_data
from survey_app.services.register import catalogue
from survey_app.services.registers import entries, meetings, votes
from survey_app.services.registers.entries import Content, Owner
from survey_app.services.registers.quorum import Counts
from survey_app.services.trace_words import WORDS
from survey_app.store import audit
from tests import coding_kit as kit
from tests import meeting_kit
from tests.campaign_kit import GMINA
from tests.meeting_kit import OWNER, SEATS, a_meeting, cast_of, held, opened, put

ALL_FOR = ("for", "for", "for", "for")


@pytest.fixture
def service(context: Context) -> Context:
    meeting_kit.add_team(context)
    return context


def places(error: pytest.ExceptionInfo[InvalidInputError]) -> list[str]:
    return [fault.where for fault in error.value.faults]


def trace(context: Context) -> list[tuple[str, str]]:
    """What was done with meetings, the oldest first."""
    with context.database.reading() as session:
        found = audit.events(session, GMINA)
    return [
        (one.action, one.detail) for one in reversed(found) if one.action.startswith(("meeting", "motion"))
    ]


def test_an_institution_has_one_seat_however_many_represent_it(service: Context) -> None:
    entry_id = a_meeting(service)
    assert meetings.list_seats(service, OWNER, entry_id, None) == (4, 0)
    found = held(service, entry_id)
    assert tuple(one.label for one in found.seats) == SEATS
    assert [len(found.sitting[one.id]) for one in found.seats] == [2, 1, 1, 1]
    assert (found.quorum.seats, found.quorum.present, found.changed) == (4, 0, False)
    assert meetings.list_seats(service, OWNER, entry_id, None) == (0, 0)


def test_the_present_team_is_listed_again_until_a_motion_is_closed(service: Context) -> None:
    entry_id, seats = opened(service)
    number = put(service, entry_id)
    votes.cast(service, OWNER, entry_id, number, {seats[1]: "for"}, None)
    third, fourth = [one.person_id for one in team_people.team(service, GMINA)][2:]
    team_people.set_representations(service, GMINA, third, set(), None)
    team_people.remove_member(service, GMINA, fourth, None)
    assert held(service, entry_id).changed
    # The third now sits for themselves; of their two institutions the one that has voted stays.
    assert meetings.list_seats(service, OWNER, entry_id, None) == (1, 2)
    labels = [(one.label, one.present) for one in held(service, entry_id).seats]
    assert labels == [("Instytucja 001", True), ("Instytucja 002", True), ("Osoba 3", False)]
    votes.close(service, OWNER, entry_id, number, None, "", None)
    with pytest.raises(ConflictError, match="lista miejsc"):
        meetings.list_seats(service, OWNER, entry_id, None)


def test_two_who_record_attendance_do_not_undo_each_other(service: Context) -> None:
    entry_id, seats = opened(service, present=1)
    meetings.record_attendance(service, OWNER, entry_id, seats[:1], seats[:2], None)
    quorum = meetings.record_attendance(service, OWNER, entry_id, seats[:1], [seats[3]], None)
    assert [one.present for one in held(service, entry_id).seats] == [False, True, False, True]
    assert (quorum.present, quorum.reached) == (2, False)
    with pytest.raises(ConflictError):
        meetings.record_attendance(service, OWNER, entry_id, [], [seats[0], 9999], None)


def test_a_seat_votes_once_and_is_changed_knowingly(service: Context) -> None:
    entry_id, seats = opened(service, present=3)
    number = put(service, entry_id)
    given = dict(zip(seats, ("for", "against"), strict=False))
    assert votes.cast(service, OWNER, entry_id, number, given, None) == 2
    assert votes.cast(service, OWNER, entry_id, number, given, None) == 0, "the same page sent twice"
    again = {seats[0]: "against", seats[2]: "for", seats[3]: "for"}
    with pytest.raises(InvalidInputError) as refused:
        votes.cast(service, OWNER, entry_id, number, again, None)
    assert places(refused) == [f"glos-{seats[0]}", f"glos-{seats[3]}"]  # has voted; is not here
    assert cast_of(service, entry_id, number) == given, "all or none"
    with pytest.raises(ConflictError, match="za"):
        votes.change(service, OWNER, entry_id, number, seats[0], "abstained", "against", None)
    votes.change(service, OWNER, entry_id, number, seats[0], "for", "abstained", None)
    votes.change(service, OWNER, entry_id, number, seats[1], "against", "", None)
    assert cast_of(service, entry_id, number) == {seats[0]: "abstained"}
    with pytest.raises(InvalidInputError) as refused:
        meetings.record_attendance(service, OWNER, entry_id, seats[:3], seats[1:3], None)
    assert places(refused) == ["present"]


def test_of_two_votes_of_one_seat_at_once_one_is_kept(service: Context) -> None:
    entry_id, seats = opened(service)
    number = put(service, entry_id)
    results = kit.together(
        *[
            lambda vote=vote: votes.cast(service, OWNER, entry_id, number, {seats[0]: vote}, None)
            for vote in ("for", "against", "abstained")
        ]
    )
    assert sorted(type(one).__name__ for one in results) == ["InvalidInputError"] * 2 + ["int"]
    kept = ("for", "against", "abstained")[results.index(1)]
    assert cast_of(service, entry_id, number) == {seats[0]: kept}


def test_a_closed_motion_never_changes(service: Context) -> None:
    entry_id, seats = opened(service)
    number = put(service, entry_id)
    votes.cast(service, OWNER, entry_id, number, dict(zip(seats, ALL_FOR, strict=True)), None)
    made = votes.close(service, OWNER, entry_id, number, None, " Zdanie odrębne ", None)
    assert (made.result, made.motion.note) == ("przyjęty jednomyślnie", "Zdanie odrębne")
    deeds = (
        lambda: votes.close(service, OWNER, entry_id, number, None, "", None),
        lambda: votes.cast(service, OWNER, entry_id, number, {seats[0]: "against"}, None),
        lambda: votes.change(service, OWNER, entry_id, number, seats[0], "for", "against", None),
        lambda: votes.withdraw(service, OWNER, entry_id, number, None),
    )
    for deed in deeds:
        with pytest.raises(ConflictError, match="już zamknięte"):
            deed()
    meetings.record_attendance(service, OWNER, entry_id, seats, seats[:1], None)  # they may leave now
    found = votes.resolution(held(service, entry_id), held(service, entry_id).motion(number))
    assert (found.found.present, found.counts) == (4, Counts(4, 0, 0))


def test_a_vote_by_counts_keeps_three_numbers_and_nothing_about_who(service: Context) -> None:
    entry_id, seats = opened(service, present=3)
    number = put(service, entry_id, named=False)
    with pytest.raises(ConflictError, match="tylko liczby"):
        votes.cast(service, OWNER, entry_id, number, {seats[0]: "for"}, None)
    for wrong, where in (
        (Counts(2, 1, 1), "votes_for"),
        (Counts(4, -1, 0), "against"),
        (Counts(), "votes_for"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            votes.close(service, OWNER, entry_id, number, wrong, "", None)
        assert places(refused) == [where]
    assert votes.close(service, OWNER, entry_id, number, Counts(2, 1, 0), "", None).result == "przyjęty"
    with service.database.connection() as connection:
        assert connection.scalar(text("SELECT count(*) FROM motion_vote")) == 0
    assert ("motion_closed", "wniosek 1") in trace(service)


def test_without_a_quorum_a_motion_is_closed_and_not_passed(service: Context) -> None:
    entry_id, seats = opened(service, present=2)  # exactly half
    number = put(service, entry_id)
    votes.cast(service, OWNER, entry_id, number, {seats[0]: "for", seats[1]: "for"}, None)
    made = votes.close(service, OWNER, entry_id, number, None, "", None)
    assert (made.no_quorum, made.passed, made.found.lacking) == (True, False, 1)
    nobody = put(service, entry_id, "Drugi", named=False)
    meetings.record_attendance(service, OWNER, entry_id, seats[:2], [], None)
    assert votes.close(service, OWNER, entry_id, nobody, Counts(), "", None).found.lacking == 3


def test_a_motion_is_put_once_and_withdrawn_while_nobody_has_voted(service: Context) -> None:
    entry_id = a_meeting(service)
    with pytest.raises(ConflictError, match="listę obecności"):
        put(service, entry_id)
    entry_id, seats = opened(service)  # the same meeting: the same page sent twice
    assert [put(service, entry_id), put(service, entry_id), put(service, entry_id, named=False)] == [1, 1, 2]
    for wrong in (" ", "x" * 3001):
        with pytest.raises(InvalidInputError) as refused:
            put(service, entry_id, wrong)
        assert places(refused) == ["text"]
    votes.cast(service, OWNER, entry_id, 1, {seats[0]: "for"}, None)
    with pytest.raises(ConflictError, match="są już głosy"):
        votes.withdraw(service, OWNER, entry_id, 1, None)
    votes.withdraw(service, OWNER, entry_id, 2, None)
    assert [one.number for one in held(service, entry_id).motions] == [1]
    deeds = [action for action, _ in trace(service)]
    assert deeds == [
        "meeting_seats_listed", "meeting_attendance", "motion_put", "motion_put", "motion_voted", "motion_withdrawn"
    ]  # fmt: skip
    assert set(deeds) <= set(WORDS)


def test_nothing_is_recorded_of_a_meeting_called_off_or_to_come(service: Context) -> None:
    entry_id, _ = opened(service)
    entries.set_state(service, OWNER, entry_id, "held", service.today(), "", None)
    assert put(service, entry_id) == 1, "minutes may be typed in afterwards"
    entries.set_state(service, OWNER, entry_id, "cancelled", service.today(), "Choroba", None)
    with pytest.raises(ConflictError, match="odwołane"):
        put(service, entry_id, "Drugi")
    later = a_meeting(service, dzien="2026-12-24")
    with pytest.raises(ConflictError, match="24 grudnia 2026"):
        meetings.list_seats(service, OWNER, later, None)


def test_a_meeting_of_another_gmina_and_an_entry_that_is_no_meeting_are_not_there(service: Context) -> None:
    entry_id, _ = opened(service)
    task = entries.add(service, OWNER, "terminarz", Content({"nazwa": ["Plan"], "do": "2026-12-20"}), None)
    for owner, number in ((Owner(gmina_code="060509"), entry_id), (OWNER, task.id), (OWNER, 9999)):
        with pytest.raises(NotFoundError):
            meetings.meeting(service, owner, number)
        with pytest.raises(NotFoundError):
            votes.put(service, owner, number, "Wniosek", True, None)
    for deed in (held(service, entry_id).motion, held(service, entry_id).seat):
        with pytest.raises(NotFoundError):
            deed(99)


def test_an_erased_account_leaves_no_name_on_a_seat(service: Context) -> None:
    entry_id, _ = opened(service)
    fourth = team_people.team(service, GMINA)[3].person_id
    accounts.close_account(service, fourth, None)
    accounts_data.erase_account(service, fourth, None)
    assert "osoba usunięta" in [one.label for one in held(service, entry_id).seats]


def test_a_mended_name_stands_in_the_team_at_once_and_a_listed_seat_keeps_the_old_one(
    service: Context,
) -> None:
    entry_id, _ = opened(service)
    fourth = team_people.team(service, GMINA)[3]
    accounts.change_name(service, fourth.person_id, "  Osoba \n Czwarta ")
    assert "Osoba Czwarta" in [one.name for one in team_people.team(service, GMINA)]
    assert fourth.name in [one.label for one in held(service, entry_id).seats]
    accounts.change_name(service, fourth.person_id, "Osoba Czwarta")
    with service.database.reading() as session:
        told = [one for one in audit.events(session, None) if one.action == "name_changed"]
    assert [(one.person_id, one.object_id, one.detail) for one in told] == [
        (fourth.person_id, str(fourth.person_id), "")
    ], "without a name, and nothing of what changed nothing"


def test_a_persons_name_that_the_catalogue_forgets_goes_from_their_seat(service: Context) -> None:
    entry_id, _ = opened(service)
    first, second = catalogue.stakeholders(service, GMINA)[:2]
    for one, person, name in ((first, True, "Osoba fizyczna 1"), (second, False, "Szkoła nr 2")):
        draft = replace(catalogue.draft_of(one), name=name, natural_person=person)
        catalogue.update_stakeholder(service, GMINA, one.id, draft, None)
    labels = [one.label for one in held(service, entry_id).seats]
    assert labels == ["Instytucja 002", "Instytucja 003", "Osoba 4", "Osoba fizyczna 1"]


def test_minutes_and_the_list_of_resolutions_tell_results_and_no_votes(service: Context) -> None:
    entry_id, seats = opened(service, present=3)
    first, second = put(service, entry_id), put(service, entry_id, "=Drugi", named=False)
    votes.cast(service, OWNER, entry_id, first, {seats[0]: "for", seats[1]: "against"}, None)
    votes.close(service, OWNER, entry_id, first, None, "Szkoła jest przeciw.", None)
    votes.close(service, OWNER, entry_id, second, Counts(3, 0, 0), "", None)
    put(service, entry_id, "Otwarty")
    begun = prefilled_from(service, GMINA, paper_definition("protokol"), entry_id)
    assert begun.answers["rodzaj"] == {"option": "posiedzenie"}
    assert (begun.answers["porzadek"], begun.answers["miejsce"]) == (["Pakt", "Sprawy różne"], ["Urząd"])
    assert begun.answers["zdania_odrebne"] == "Wniosek 1: Szkoła jest przeciw."
    assert [tuple(row.values()) for row in begun.tables["obecni"]] == [
        ("Osoba 1 albo Osoba 2", "Instytucja 001"),
        ("Osoba 3", "Instytucja 002"),
        ("Osoba 3", "Instytucja 003"),
    ]
    assert [tuple(row.values()) for row in begun.tables["decyzje"]] == [
        ("Przyjąć plan roczny", "1", "1", "0", "odrzucony"),
        ("=Drugi", "3", "0", "0", "przyjęty jednomyślnie"),
    ]
    rows = list(
        csv.reader(io.StringIO(votes.resolutions_csv(service, GMINA).decode("utf-8-sig")), delimiter=";")
    )
    assert [row[2:11] for row in rows[1:]] == [
        ["1", "Przyjąć plan roczny", "imienne", "4", "3", "1", "1", "0", "odrzucony"],
        ["2", "'=Drugi", "tylko liczby", "4", "3", "3", "0", "0", "przyjęty jednomyślnie"],
        ["3", "Otwarty", "imienne", "", "", "", "", "", "głosowanie trwa"],
    ]
    assert votes.resolutions(service, "060509", 10) == ([], 0)
