"""Consent and personal data on both stores, with keys that get lost at bad moments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import threading

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import housekeeping
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, participants
from survey_app.services.interviewing.participants import Consent, PersonalData
from survey_app.store import audit
from survey_app.store import participants as store
from tests.interview_kit import GMINA, TITLE, agree, member, note, planned
from tests.participant_kit import DATA, answer, consents, keep, key_paths, merge, read, row_of
from tests.stores import Clock

# Consent --------------------------------------------------------------------------------------------------------


def test_every_seat_has_its_consent_from_the_first_to_the_second_answer(
    context: Context, clock: Clock
) -> None:
    made = planned(context, "fgi", 2)
    assert consents(context, made) == {seat.letter: Consent(seat.letter, seat.id) for seat in made.seats}
    first = answer(context, made, True, None, 0)
    assert (first.may_note, first.may_be_evidence, first.project_title) == (True, False, TITLE)
    later = clock.advance(minutes=2)
    second = answer(context, made, True, True, first.revision)
    assert (second.may_be_evidence, second.revision, second.evidence_at) == (True, 2, later)
    assert second.agreed_at == first.agreed_at
    assert consents(context, made)["A"] == second
    assert not consents(context, made)["B"].may_note


def test_the_same_answer_again_is_no_change_and_another_one_is_told(context: Context) -> None:
    made = planned(context)
    answer(context, made, True, True, 0)
    assert answer(context, made, True, True, 0).revision == 1  # its first receipt was lost
    assert answer(context, made, True, None, 0).evidence is True  # a device that asked one question only
    with pytest.raises(ConflictError, match="ktoś inny"):
        answer(context, made, True, False, 0)
    with pytest.raises(ConflictError, match="ktoś inny"):
        answer(context, made, False, None, 0)
    assert answer(context, made, True, False, 1).evidence is False
    assert answer(context, made, False, None, 2).agreed is False


def test_a_second_answer_needs_a_first_yes(context: Context) -> None:
    made = planned(context)
    with pytest.raises(InvalidInputError):
        answer(context, made, False, True, 0)
    with pytest.raises(NotFoundError):
        answer(context, made, True, None, 0, letter="B")


def test_a_moment_ahead_of_the_service_is_the_service_s_own(context: Context) -> None:
    made = planned(context)
    ahead = context.clock() + dt.timedelta(days=1)
    assert answer(context, made, True, None, 0, at=ahead).agreed_at == context.clock()


def test_a_no_does_not_leave_words_without_consent(context: Context) -> None:
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    note(context, made, 1, None, "Grupa milczy.")
    answer(context, made, False, None, 1)  # B still agrees, so the moderator's words may stay
    with pytest.raises(ConflictError, match="cofa zgodę"):
        answer(context, made, False, None, 1, letter="B")
    alone = planned(context)
    agree(context, alone)
    note(context, alone, 2, "A", "Znam trzy.")
    with pytest.raises(ConflictError, match="cofa zgodę"):
        answer(context, alone, False, None, 1)


def test_no_consent_to_a_cancelled_interview(context: Context) -> None:
    made = planned(context)
    cancelled = interviews.cancel(context, GMINA, made.id, "Choroba", made.revision, None)
    with pytest.raises(ConflictError, match="odwołany"):
        answer(context, cancelled, True, None, 0)


def test_of_two_devices_at_the_very_same_moment_one_is_told(context: Context) -> None:
    made = planned(context)
    told: list[str] = []
    start = threading.Barrier(2)

    def act(agreed: bool) -> None:
        start.wait()
        try:
            answer(context, made, agreed, None, 0)
        except ConflictError:
            told.append(str(agreed))

    threads = [threading.Thread(target=act, args=(agreed,)) for agreed in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert str(consents(context, made)["A"].agreed) not in told


# Personal data --------------------------------------------------------------------------------------------------


def test_personal_data_are_kept_and_reading_them_is_recorded(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    actor = member(context, "m@example.org", "Marta Kos")
    assert participants.personal(context, GMINA, made.id, "A", actor) == DATA
    with context.database.reading() as session:
        last = audit.about(session, "interview", made.id)[-1]
        trace = [event.detail for event in audit.about(session, "interview", made.id)]
        assert participants.fields_of(context, session, made) == {"A": DATA.fields}
    assert (last.action, last.person_id) == ("personal_data_read", actor)
    assert not any("Wrzos" in detail or "600" in detail or "dyrektorka" in detail for detail in trace)


def test_fields_are_merged_one_by_one_and_taken_away(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    assert merge(context, made, {"wiek": "44"}) == {"wiek": "44"}
    assert merge(context, made, {"plec": "kobieta", "wiek": ""}) == {"plec": "kobieta"}
    keep(context, made, data=dataclasses.replace(DATA, version=read(context, made).version))
    assert merge(context, made, {"zamieszkiwanie": "7"}) == {**DATA.fields, "zamieszkiwanie": "7"}
    assert read(context, made).name == "Zofia Wrzos"
    assert len(key_paths(context)) == 2  # one key, in two places


@pytest.mark.parametrize(
    "fields",
    [{"wiek": "sto"}, {"wiek": "9"}, {"wiek": "-20"}, {"wiek": "1e2"}, {"plec": "inna"}, {"obce": "x"}],
)
def test_what_the_scenario_does_not_know_is_refused_at_its_place(
    context: Context, fields: dict[str, str]
) -> None:
    made = planned(context)
    agree(context, made)
    with pytest.raises(InvalidInputError) as error:
        merge(context, made, fields)
    assert [fault.where for fault in error.value.faults] == list(fields)
    assert key_paths(context) == []


def test_nothing_about_a_person_who_did_not_agree(context: Context) -> None:
    made = planned(context, "fgi", 2)
    keep(context, made, data=PersonalData("Zofia Wrzos", "600 100 200"))  # to agree on the date
    with pytest.raises(ConflictError):
        merge(context, made, {"wiek": "44"})
    with pytest.raises(ConflictError):
        keep(context, made, data=dataclasses.replace(DATA, version=read(context, made).version))
    agree(context, made, "B", agreed=False)
    with pytest.raises(ConflictError, match="nie zgadza"):
        keep(context, made, "B")


def test_personal_data_alone_are_no_answer(context: Context) -> None:
    """A device that knew of nothing can still record the consent."""
    made = planned(context)
    keep(context, made, data=PersonalData("Zofia Wrzos"))
    assert answer(context, made, True, True, 0).revision == 1


def test_the_second_window_is_told(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    with pytest.raises(ConflictError, match="ktoś inny"):
        keep(context, made, data=PersonalData("Anna Nowa"))
    assert read(context, made) == DATA


def test_the_length_of_a_box_tells_no_name(context: Context) -> None:
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    keep(context, made, "A", PersonalData("Jo"))
    keep(context, made, "B", PersonalData("Maksymiliana Brzęczyszczykiewicz-Wojnarowska", "x" * 200))
    assert len(row_of(context, made, "A").sealed or b"") == len(row_of(context, made, "B").sealed or b"")


def test_a_box_of_another_seat_does_not_open(context: Context) -> None:
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    keep(context, made, "A")
    keep(context, made, "B", PersonalData("Jan Obcy"))
    with context.database.transaction() as session:
        first, second = (store.of_seat(session, seat.id) for seat in made.seats[:2])
        assert first is not None
        assert second is not None
        second.sealed, second.key_name = first.sealed, first.key_name
    assert read(context, made, "B").lost


# Keys that cannot be kept ---------------------------------------------------------------------------------------


def test_one_of_two_folders_is_enough_to_read(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    shutil.rmtree(context.settings.key_folders[0])
    assert read(context, made) == DATA
    assert any("zapisano także w drugim: 1" in line for line in housekeeping.run_once(context))
    assert len(key_paths(context)) == 2
    assert read(context, made) == DATA


def test_without_any_key_it_is_said_and_nothing_is_overwritten(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    sealed = row_of(context, made).sealed
    kept = {path: path.read_bytes() for path in key_paths(context)}
    for path in kept:
        path.unlink()
    assert read(context, made).lost
    with pytest.raises(ConflictError, match="Nie ma klucza"):
        merge(context, made, {"wiek": "44"})
    with pytest.raises(ConflictError, match="Nie ma klucza"):
        keep(context, made)
    assert any("nie da się otworzyć" in line for line in housekeeping.run_once(context))
    assert row_of(context, made).sealed == sealed
    for path, content in kept.items():
        path.write_bytes(content)
    assert read(context, made) == DATA  # the administrator found it


def test_a_folder_that_cannot_be_written_refuses_the_data_and_keeps_the_consent(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    context.settings.key_folders[1].write_text(
        "no folder"
    )  # root writes everywhere: a file stands in the way
    with pytest.raises(ConflictError, match="KEY_FOLDERS"):
        merge(context, made, {"wiek": "44"})
    assert row_of(context, made).sealed is None
    assert consents(context, made)["A"].may_note


def test_a_rolled_back_transaction_leaves_a_key_that_opens_nothing(context: Context) -> None:
    made = planned(context)
    agree(context, made)

    def interrupted() -> None:
        with context.database.transaction() as session:
            participants.merge_fields(context, session, made, "A", {"wiek": "44"}, None)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert row_of(context, made).key_name is None
    assert merge(context, made, {"wiek": "45"}) == {"wiek": "45"}
