"""What consoles bring in late, on both stores: after a withdrawal, a deletion, a lock, the end of the talk, by a clock
that is wrong; nothing is revived.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable

import pytest

from survey_app.errors import InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import console_sync, interviews, participants, withdraw
from survey_app.services.interviewing.console_message import read_message
from survey_app.services.interviewing.interviews import Interview, InterviewDraft, SeatDraft
from survey_app.store import audit
from survey_app.store import notes as store
from tests import interview_kit as kit
from tests.console_kit import Device, said, state, talk, texts
from tests.interview_kit import GMINA
from tests.stores import Clock

# What does not come back ------------------------------------------------------------------------------------------


def test_after_an_idi_is_withdrawn_a_late_device_revives_nothing(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    first, own = device.note("Jej słowa"), device.note("Uwaga moderatora", letter=None)
    device.send(first, own)
    withdraw.withdraw(context, GMINA, interview.id, "A", None)
    answers = device.send(
        device.note("Jej słowa, dłużej", first["id"], 1),
        device.note("Uwaga, dłużej", own["id"], 1, letter=None),
        device.note("Wersja", variant_of=first["id"]),
        device.note("Nowa"),
        device.note("Nowa bez litery", letter=None),
        device.consent(base=1),
        {"key": "f", "kind": "fields", "letter": "A", "fields": {"wiek": "47"}},
    )
    assert [(one["outcome"], one["withdrawn"]) for one in answers] == [("gone", True)] * 7
    assert all("cofnęła zgodę" in one["message"] for one in answers)
    assert all("text" not in (one["current"] or {}) for one in answers)
    found = state(context, interview)
    assert (found["notes"], sorted(found["gone"])) == ([], sorted([first["id"], own["id"]]))
    assert found["seats"][0]["withdrawn"] is True


def test_after_one_of_a_group_withdraws_the_others_words_stay(context: Context) -> None:
    interview = talk(context, "fgi", "ABC", 3)
    one, other = Device(context, interview), Device(context, interview)
    hers, his, common = one.note("A mówi"), one.note("B mówi", letter="B"), one.note("Cisza", letter=None)
    beside = one.note("A mówi, drugi zapis", letter="B", variant_of=hers["id"])
    one.send(hers, his, common, beside)
    withdraw.withdraw(context, GMINA, interview.id, "A", None)
    assert sorted(texts(context, interview)) == ["B mówi", "Cisza"]
    answers = other.send(
        other.note("A mówi dłużej", hers["id"], 1),
        other.note("A mówi, pod B", hers["id"], 1, letter="B"),
        other.note("Wersja słów A", letter="C", variant_of=hers["id"]),
        other.note("Drugi zapis, dłużej", beside["id"], 1, letter="B"),
        other.note("Nowe słowa A"),
        other.note("B mówi dalej", his["id"], 1, letter="B"),
        other.note("Cisza trwa", common["id"], 1, letter=None),
    )
    assert [one_["outcome"] for one_ in answers] == ["gone"] * 5 + ["kept"] * 2
    assert sorted(texts(context, interview)) == ["B mówi dalej", "Cisza trwa"]


def test_when_the_last_one_of_a_group_withdraws_common_words_go_for_good(context: Context) -> None:
    interview = talk(context, "fgi", "A", 3)
    device = Device(context, interview)
    common = device.note("Wszyscy milczą", letter=None)
    device.send(common)
    withdraw.withdraw(context, GMINA, interview.id, "A", None)
    kit.agree(context, interview, "B")  # somebody else came later
    late = device.send(
        device.note("Wszyscy milczą długo", common["id"], 1, letter=None),
        device.note("Obok", letter="B", variant_of=common["id"]),
    )
    assert [(one["outcome"], one["withdrawn"]) for one in late] == [("gone", True)] * 2
    assert texts(context, interview) == []


def test_a_note_deleted_by_hand_stays_deleted_and_its_text_may_be_kept_anew(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    first, variant = one.note("Do usunięcia", quotation=True, second=5), one.note("Obok")
    variant["variant_of"] = first["id"]
    one.send(first, variant)
    gone = {**one.note("", first["id"], 1), "deleted": True}
    assert said(one.one(gone)) == ("kept", 2)
    assert said(other.one(gone)) == ("kept", 2)
    answer = other.one(other.note("Jeszcze pisze", first["id"], 1))
    assert (answer["outcome"], answer["current"], answer["withdrawn"]) == ("gone", None, False)
    assert "usunięta" in answer["message"]
    kept = other.one(other.note("Jeszcze pisze", variant_of=first["id"]))
    assert (kept["outcome"], kept["current"]["variant_of"]) == ("kept", None)
    found = {note["text"]: note["variant_of"] for note in state(context, interview)["notes"]}
    assert found == {"Obok": None, "Jeszcze pisze": None}
    with context.database.reading() as session:
        row = store.get(session, first["id"])
        assert row is not None
        assert (row.text, row.quotation, row.second, row.variant_of) == ("", False, 0, None)


# After a lock, a cancellation, a change of the plan -----------------------------------------------------------------


def test_a_lock_freezes_a_copy_and_working_notes_go_on(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    first = device.note("Przed blokadą")
    device.send(first, device.held())
    version = kit.lock_notes(context, interview)
    assert said(device.one(device.note("Po blokadzie", first["id"], 1))) == ("kept", 2)
    assert texts(context, interview) == ["Po blokadzie"]
    assert state(context, interview)["interview"]["locked"] == 1
    assert "Przed blokadą" in version.text


def test_somebody_who_was_not_expected_gets_a_letter(context: Context) -> None:
    interview = talk(context, "fgi", "A", 2)
    one, other = Device(context, interview), Device(context, interview)
    seat = {"key": "s", "kind": "seat", "letter": "C", "role": "other", "newcomer": uuid.uuid4().hex}
    assert one.one(seat)["outcome"] == "kept"
    assert other.one(seat)["outcome"] == "kept"
    assert one.one({**seat, "letter": "A"})["outcome"] == "kept"
    assert one.one({**seat, "role": "manages"})["outcome"] == "refused"
    answers = other.send(other.consent("C"), other.note("C mówi", letter="C"))
    assert [answer["outcome"] for answer in answers] == ["kept", "kept"]
    seats = [(seat["letter"], seat["role"]) for seat in state(context, interview)["seats"]]
    assert seats == [("A", "works"), ("B", "works"), ("C", "other")]
    found = interviews.interview(context, GMINA, interview.id)
    assert found.revision == interview.revision + 1
    with context.database.reading() as session:
        told = [event.detail for event in audit.about(session, "interview", interview.id)]
    assert "Osoba C" in told


def test_two_people_whom_two_devices_gave_one_letter_have_a_consent_of_their_own(context: Context) -> None:
    """Both were without a network; what each agreed to and said goes under their own letter, however it is sent."""
    interview = talk(context, "fgi", "A", 2)
    one, other = Device(context, interview), Device(context, interview)
    first, second = uuid.uuid4().hex, uuid.uuid4().hex
    seat = {"key": "s", "kind": "seat", "letter": "C", "role": "other"}
    own = {"letter": "C", "newcomer": first}
    assert one.one({**seat, "newcomer": first})["current"] == {"letter": "C"}
    one.send({**one.consent("C"), **own, "evidence": True}, one.note("Pierwsza osoba", **own))
    theirs = {"letter": "C", "newcomer": second}
    written = other.note("Druga osoba", **theirs)
    early = other.note("Przed dopisaniem", **theirs)
    assert other.one(early)["outcome"] == "refused"
    fields = {"key": "f", "kind": "fields", "fields": {"wiek": "30"}, **theirs}
    refusal = {**other.consent("C"), **theirs, "agreed": False}
    answers = other.send({**seat, "newcomer": second}, refusal, written, fields)
    assert [answer["outcome"] for answer in answers] == ["kept", "kept", "refused", "refused"]
    assert answers[0]["current"] == {"letter": "D"}
    assert texts(context, interview) == ["Pierwsza osoba"], "who refused lends nobody else's consent"
    assert other.one({**seat, "newcomer": second})["current"] == {"letter": "D"}, "the answer was lost"
    assert other.one({**other.consent("C", 1), **theirs})["outcome"] == "kept"
    answer = other.one(written)
    assert (answer["outcome"], answer["current"]["letter"]) == ("kept", "D")
    seats = {
        seat["letter"]: (seat["agreed"], seat["evidence"]) for seat in state(context, interview)["seats"]
    }
    assert (seats["C"], seats["D"]) == ((True, True), (True, None))


def test_no_letter_is_left_for_a_twenty_seventh(context: Context) -> None:
    interview = talk(context, "fgi", "A", 2)
    device = Device(context, interview)
    seat = {"key": "s", "kind": "seat", "letter": "C", "role": "other"}
    for _ in range(24):
        assert device.one({**seat, "newcomer": uuid.uuid4().hex})["outcome"] == "kept"
    assert device.one({**seat, "newcomer": uuid.uuid4().hex})["outcome"] == "refused"


def test_who_agreed_or_spoke_is_not_taken_out_of_the_plan(context: Context) -> None:
    interview = talk(context, "fgi", "A", 4)
    device = Device(context, interview)
    kit.agree(context, interview, "B")
    known = participants.PersonalData("Jan Kowal", "600", {})
    participants.set_personal(context, GMINA, interview.id, "C", known, None)
    thrown_away = device.note("D, pomyłka", letter="D")
    kit.agree(context, interview, "D", agreed=False)
    with context.database.transaction() as session:  # of a seat without consent only a tombstone can be left
        seat = next(seat for seat in interview.seats if seat.letter == "D")
        store.put(
            session,
            thrown_away["id"],
            interview.id,
            seat_id=seat.id,
            deleted_at=context.clock(),
            writer="x",
            changed_at=context.clock(),
        )
    ids = {seat.letter: seat.stakeholder_id for seat in interview.seats}

    def keep(letters: str) -> Callable[[], Interview]:
        draft = InterviewDraft(
            interview.starts_at,
            interview.minutes,
            tuple(SeatDraft(letter, ids[letter], "works") for letter in letters),
            departure_reason="Próba",
        )
        found = interviews.interview(context, GMINA, interview.id)
        return lambda: interviews.change(context, GMINA, interview.id, draft, found.revision, None)

    for letters, told in (("BCD", "A"), ("ACD", "B"), ("ABD", "C"), ("ABC", "D"), ("", "ABCD")):
        with pytest.raises(InvalidInputError) as error:
            keep(letters)()
        assert [fault.where for fault in error.value.faults] == [f"rola-{letter}" for letter in told]
    assert len(state(context, interview)["seats"]) == 4


def test_a_seat_of_whom_nothing_is_known_may_go(context: Context) -> None:
    """A tombstone under its letter does not hold it."""
    interview = talk(context, "fgi", "A", 2)
    kept, gone = interview.seats
    with context.database.transaction() as session:
        store.put(
            session,
            "f" * 32,
            interview.id,
            seat_id=gone.id,
            deleted_at=context.clock(),
            writer="x",
            changed_at=context.clock(),
        )
    draft = InterviewDraft(
        interview.starts_at,
        interview.minutes,
        (SeatDraft("A", kept.stakeholder_id, "works"),),
        departure_reason="Próba",
    )
    interviews.change(context, GMINA, interview.id, draft, interview.revision, None)
    assert [seat["letter"] for seat in state(context, interview)["seats"]] == ["A"]
    device = Device(context, interview)
    assert device.one(device.note("Znowu", "f" * 32))["outcome"] == "gone"


# The clock, and the end of the talk ---------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-1, 0, 1, 400])
def test_a_clock_that_is_wrong_does_no_harm(context: Context, clock: Clock, days: int) -> None:
    """Consent at 18:00, the end at 23:30 in Warsaw, sent after midnight from a device that is days off."""
    interview = kit.planned(context)
    device = Device(context, interview, ahead=dt.timedelta(days=days))
    clock.set(dt.datetime(2026, 11, 9, 17, 0, tzinfo=dt.UTC))
    agreed = device.consent()
    clock.set(dt.datetime(2026, 11, 9, 22, 30, tzinfo=dt.UTC))
    ended = device.held()
    clock.set(dt.datetime(2026, 11, 10, 7, 0, tzinfo=dt.UTC))
    assert [one["outcome"] for one in device.send(agreed, device.note("Słowa"), ended)] == ["kept"] * 3
    found = interviews.interview(context, GMINA, interview.id)
    assert (found.state, found.held_on) == ("held", dt.date(2026, 11, 9))
    with context.database.reading() as session:
        consent = participants.consents(session, found)["A"]
    assert consent.agreed_at == dt.datetime(2026, 11, 9, 17, 0, tzinfo=dt.UTC)


def test_a_moment_out_of_reason_is_put_where_it_can_have_been(context: Context, clock: Clock) -> None:
    """Not after now, and not before the interview was planned."""
    interview = kit.planned(context, "fgi", 2)
    clock.advance(days=2)
    device = Device(context, interview)
    device.send(device.consent("A", at=0), device.consent("B", at=device.now + 10**9))
    with context.database.reading() as session:
        found = participants.consents(session, interview)
    assert found["A"].agreed_at == interview.created_at
    assert found["B"].agreed_at == context.clock()


def test_the_end_is_kept_once_and_late_notes_still_come(context: Context) -> None:
    interview = talk(context, "fgi", "AB", 3)
    one, other = Device(context, interview), Device(context, interview)
    refused = one.one(one.held(absent=["A"]))
    assert (refused["outcome"], "Osoba A: zapisano jej zgodę" in refused["message"]) == ("refused", True)
    assert one.one(one.held(absent=["C"], departure_reason="x" * 501))["outcome"] == "refused"
    answers = one.send(one.held(absent=["C"]), one.note("Po końcu"), one.held(absent=[]))
    assert [answer["outcome"] for answer in answers] == ["kept"] * 3
    assert other.one(other.held(absent=["B"]))["outcome"] == "kept"
    assert other.one(other.note("Spóźniona"))["outcome"] == "kept"
    found = state(context, interview)
    assert [seat["absent"] for seat in found["seats"]] == [False, False, True]
    assert sorted(texts(context, interview)) == ["Po końcu", "Spóźniona"]


def test_of_a_cancelled_interview_the_words_are_kept_and_the_end_is_not(context: Context) -> None:
    interview = talk(context)
    interviews.cancel(context, GMINA, interview.id, "Choroba", interview.revision, None)
    device = Device(context, interview)
    answers = device.send(device.note("A jednak rozmawiali"), device.held())
    assert [one["outcome"] for one in answers] == ["kept", "refused"]
    assert "odwołany" in answers[1]["message"]


def test_an_interview_of_another_gmina_does_not_exist(context: Context) -> None:
    interview = talk(context)
    message = read_message(json.dumps({"writer": "a" * 32, "now": 0, "changes": []}).encode())
    with pytest.raises(NotFoundError):
        console_sync.apply(context, "060203", interview.id, message, None)
