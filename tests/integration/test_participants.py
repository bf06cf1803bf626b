"""Consent, personal data, withdrawal and retention on both stores, with keys that get lost at bad moments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey_app import security
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import housekeeping, key_files
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    participant_keys,
    participants,
    retention,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import Consent, PersonalData
from survey_app.store import audit, excerpts, notes
from survey_app.store import participants as store
from tests.interview_kit import GMINA, TITLE, agree, lock_notes, member, note, planned
from tests.stores import Clock

DATA = PersonalData("Zofia Wrzos", "zofia@example.org, 600 100 200", {"stanowisko": "dyrektorka"})


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "hash_password", lambda word: f"plain:{word}")


def consents(context: Context, interview: Interview) -> dict[str, Consent]:
    with context.database.reading() as session:
        return participants.consents(session, interview)


def answer(
    context: Context, interview: Interview, agreed: bool, evidence: bool | None, base: int, **changes: Any
) -> Consent:
    with context.database.transaction() as session:
        return participants.record_consent(
            context,
            session,
            interview,
            changes.get("letter", "A"),
            agreed,
            evidence,
            changes.get("at", context.clock()),
            None,
            base,
        )


def keep(context: Context, interview: Interview, letter: str = "A", data: PersonalData = DATA) -> None:
    participants.set_personal(context, GMINA, interview.id, letter, data, None)


def read(context: Context, interview: Interview, letter: str = "A") -> PersonalData:
    return participants.personal(context, GMINA, interview.id, letter, None)


def merge(
    context: Context, interview: Interview, fields: dict[str, str], letter: str = "A"
) -> dict[str, str]:
    with context.database.transaction() as session:
        return participants.merge_fields(context, session, interview, letter, fields, None)


def row_of(context: Context, interview: Interview, letter: str = "A") -> store.Participant:
    with context.database.reading() as session:
        row = store.of_seat(session, participants.seat_of(interview, letter).id)
    assert row is not None
    return row


def actions(context: Context, interview: Interview) -> list[str]:
    with context.database.reading() as session:
        return [event.action for event in audit.about(session, "interview", interview.id)]


def key_paths(context: Context) -> list[Path]:
    return [
        path for folder in context.settings.key_folders for path in (folder / "participants").glob("*.key")
    ]


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


# Deletion -------------------------------------------------------------------------------------------------------


def test_deleted_data_cannot_come_back(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    assert retention.delete(context, GMINA, made.id, "A", None)
    assert key_paths(context) == []
    assert read(context, made).empty
    assert consents(context, made)["A"].deleted_at == context.clock()
    assert consents(context, made)["A"].may_note  # the consent itself stays, under its letter
    with pytest.raises(ConflictError, match="usunięte"):
        merge(context, made, {"wiek": "44"})
    with pytest.raises(ConflictError, match="usunięte"):
        keep(context, made)
    with pytest.raises(ConflictError, match="Nie ma danych"):
        retention.delete(context, GMINA, made.id, "A", None)


def refuse(*_parts: Any) -> None:
    raise OSError("the disk is gone")


@pytest.mark.parametrize("step", ["order alone", "first key", "second key", "keys alone", "vacuum"])
def test_a_deletion_that_is_cut_is_finished_by_the_worker(
    context: Context, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Nobody reads the data any more, and "deleted" is said only when the keys are gone."""
    made = planned(context)
    agree(context, made)
    keep(context, made)
    with monkeypatch.context() as cut:
        cut_at(cut, context, step)
        try:
            done: bool | None = retention.delete(context, GMINA, made.id, "A", None)
        except KeyboardInterrupt:
            done = None
        said = consents(context, made)["A"].deleted_at is not None
        assert not said or key_paths(context) == []
        assert read(context, made).empty
        with pytest.raises(ConflictError, match="usunięte"):
            merge(context, made, {"wiek": "44"})
        assert done is {"first key": False, "second key": False, "vacuum": True}.get(step)
    housekeeping.run_once(context)
    assert key_paths(context) == []
    row = row_of(context, made)
    assert (row.deleted_at, row.sealed, row.traces_since) == (context.clock(), None, None)
    assert housekeeping.run_once(context) == []


def cut_at(cut: pytest.MonkeyPatch, context: Context, step: str) -> None:
    original = key_files.destroy

    def only(place: int) -> Callable[[Path, str], None]:
        def destroy(folder: Path, name: str) -> None:
            if folder.parent == context.settings.key_folders[place]:
                raise OSError("the disk is gone")
            original(folder, name)

        return destroy

    def die(*_parts: Any) -> None:
        raise KeyboardInterrupt

    whole = participant_keys.destroy

    def destroyed_and_dead(*parts: Any) -> None:
        whole(*parts)
        die()

    if step == "vacuum":
        cut.setattr(type(context.database), "vacuum", lambda *_parts: False)
    elif step == "order alone":
        cut.setattr(retention, "finish", die)
    elif step == "keys alone":
        cut.setattr(participant_keys, "destroy", destroyed_and_dead)
    else:
        cut.setattr(key_files, "destroy", only(0 if step == "first key" else 1))


def test_a_disk_that_is_not_mounted_is_no_deleted_key(context: Context) -> None:
    """The other copy comes back with its disk: until then the deletion is not said to be done."""
    made = planned(context)
    agree(context, made)
    keep(context, made)
    first, second = context.settings.key_folders
    away = second.rename(second.with_name("unplugged"))
    assert not retention.delete(context, GMINA, made.id, "A", None)
    assert consents(context, made)["A"].deleted_at is None
    assert any("nie można zniszczyć w obu miejscach" in line for line in housekeeping.run_once(context))
    away.rename(second)
    housekeeping.run_once(context)
    assert consents(context, made)["A"].deleted_at is not None
    assert key_paths(context) == []
    assert first.is_dir()


def test_a_key_that_comes_back_later_is_destroyed_again(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    (path, _) = key_paths(context)
    content = path.read_bytes()
    retention.delete(context, GMINA, made.id, "A", None)
    path.write_bytes(content)
    assert any("który wrócił" in line for line in housekeeping.run_once(context))
    assert key_paths(context) == []


def test_a_key_that_nothing_names_is_left_alone(context: Context) -> None:
    """It may belong to another database that shares the folders."""
    participant_keys.new_key(context.settings.key_folders)
    housekeeping.run_once(context)
    assert len(key_paths(context)) == 2


def test_a_half_destroyed_key_opens_nothing(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    for path in key_paths(context):
        path.write_bytes(b"\x00" * 64)
    assert read(context, made).lost


# Retention ------------------------------------------------------------------------------------------------------


def test_the_service_deletes_on_the_day_and_not_before(context: Context, clock: Clock) -> None:
    made = planned(context)  # on 1 November 2026
    agree(context, made)
    keep(context, made)
    assert retention.retention_date(made, row_of(context, made)) == dt.date(2027, 11, 1)
    clock.now = dt.datetime(2027, 10, 31, 22, 59, tzinfo=dt.UTC)
    assert housekeeping.run_once(context) == []
    clock.advance(minutes=1)  # midnight in Warsaw
    lines = housekeeping.run_once(context)
    assert len(lines) == 2
    assert all(f"Wywiad {made.id}, osoba A" in line for line in lines)
    assert read(context, made).empty
    assert actions(context, made)[-2:] == ["personal_data_deletion_ordered", "personal_data_deleted"]
    assert housekeeping.run_once(context) == []


def test_the_coordinator_moves_the_day_within_ten_years(context: Context, clock: Clock) -> None:
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    keep(context, made, "A")
    for wrong in (context.today(), dt.date(2036, 11, 2)):
        with pytest.raises(InvalidInputError) as error:
            retention.set_retention(context, GMINA, made.id, "A", wrong, None)
        assert error.value.faults[0].where == "retain_until"
    retention.set_retention(context, GMINA, made.id, "A", dt.date(2036, 11, 1), None)
    retention.set_retention(
        context, GMINA, made.id, "B", dt.date(2026, 12, 1), None
    )  # before there are any data
    keep(context, made, "B", PersonalData("Jan Las"))
    clock.now = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    housekeeping.run_once(context)
    assert read(context, made, "A") == DATA
    assert read(context, made, "B").empty


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2024-02-29", 12, "2025-02-28"), ("2026-12-31", 2, "2027-02-28"), ("2026-11-01", 120, "2036-11-01")],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, expected: str) -> None:
    found = retention._months_after(dt.date.fromisoformat(day), months)
    assert found.isoformat() == expected


def test_two_workers_at_once_delete_once(context: Context, clock: Clock) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    clock.advance(days=400)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            retention.run_once(context)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert actions(context, made).count("personal_data_deleted") == 1


# Withdrawal -----------------------------------------------------------------------------------------------------


def held(context: Context, made: Interview) -> Interview:
    interviews.hold(context, GMINA, made.id, dt.date(2026, 11, 1), "", "", made.revision, None)
    return interviews.interview(context, GMINA, made.id)


def passage(
    context: Context, text: interview_texts.InterviewText, words: str, letter: str, coder: int
) -> int:
    start = text.text.index(words)
    with context.database.transaction() as session:
        seat = next(one.seat_id for one in notes.notes(session, text.interview_id) if words in one.text)
        return excerpts.add(
            session,
            text_id=text.id,
            seat_id=seat,
            question_id="",
            start_at=start,
            end_at=start + len(words),
            coder_id=coder,
            memo=f"O tym mówi {letter}",
            created_at=context.clock(),
            independent=True,
            theme_ids=(),
        ).id


def talk(context: Context) -> tuple[Interview, list[int]]:
    """An FGI of three with a locked version; passages of A and of B."""
    made = planned(context, "fgi", 3)
    agree(context, made, "ABC")
    note(context, made, 1, "A", "Partnerstwa są potrzebne.")
    note(context, made, 2, "B", "Nikt mnie nie pytał.")
    note(context, made, 3, None, "Grupa się śmieje.")
    made = held(context, made)
    text = lock_notes(context, made)
    coder = member(context, "k@example.org", "Kaja Kos")
    first = passage(context, text, "potrzebne", "A", coder)
    return made, [first, passage(context, text, "nie pytał", "B", coder)]


def test_in_a_group_what_stands_under_the_letter_goes(context: Context) -> None:
    made, (of_a, of_b) = talk(context)
    keep(context, made, "B", PersonalData("Bogna Bez"))
    foreseen = withdraw.foresee(context, GMINA, made.id, "B")
    went = withdraw.withdraw(context, GMINA, made.id, "B", None)
    assert (went.whole, went.notes, went.texts, went.passages, went.personal_data) == (False, 1, 1, 1, "kept")
    assert dataclasses.replace(foreseen, swept=went.swept) == went
    with context.database.reading() as session:
        (text,) = interview_texts.texts(session, made.id)
        words = [one.text for one in notes.notes(session, made.id)]
        gone, stays = excerpts.get(session, of_b), excerpts.get(session, of_a)
    assert "pytał" not in text.text
    assert "potrzebne" in text.text
    assert words == ["Partnerstwa są potrzebne.", "Grupa się śmieje."]
    assert gone is not None
    assert (gone.removed_at is not None, gone.memo) == (True, "")
    assert stays is not None
    assert text.text[stays.start_at : stays.end_at] == "potrzebne"
    consent = consents(context, made)["B"]
    assert (consent.may_note, consent.may_be_evidence, consent.revision) == (False, False, 2)
    assert read(context, made, "B").name == "Bogna Bez"


def test_nothing_revives_a_withdrawn_consent(context: Context) -> None:
    made, _ = talk(context)
    withdraw.withdraw(context, GMINA, made.id, "B", None)
    with pytest.raises(ConflictError, match="cofnęła"):
        answer(context, made, True, False, 2, letter="B")
    with pytest.raises(ConflictError):
        merge(context, made, {"wiek": "44"}, "B")
    with pytest.raises(ConflictError):
        keep(context, made, "B", PersonalData("Bogna Bez"))
    with pytest.raises(ConflictError, match="jest już cofnięta"):
        withdraw.withdraw(context, GMINA, made.id, "B", None)


def test_the_last_who_agreed_takes_everything(context: Context) -> None:
    made, _ = talk(context)
    for letter in "AC":
        assert not withdraw.withdraw(context, GMINA, made.id, letter, None).whole
    went = withdraw.withdraw(context, GMINA, made.id, "B", None)
    assert (went.whole, went.notes) == (True, 2)  # B's own, and what stood under no letter
    with context.database.reading() as session:
        assert notes.notes(session, made.id) == []
        assert interview_texts.texts(session, made.id) == []


def test_in_a_talk_of_one_everything_goes_with_the_data_if_asked(context: Context) -> None:
    made = planned(context)
    agree(context, made)
    keep(context, made)
    note(context, made, 1, "A", "Znam trzy.")
    note(context, made, 2, None, "Mówi niechętnie.")
    made = held(context, made)
    lock_notes(context, made)
    went = withdraw.withdraw(context, GMINA, made.id, "A", None, personal_data=True)
    assert (went.whole, went.notes, went.texts, went.personal_data) == (True, 2, 1, "deleted")
    assert key_paths(context) == []
    with context.database.reading() as session:
        assert notes.notes(session, made.id) == []
        assert len(notes.notes(session, made.id, include_deleted=True)) == 2  # a late device is told
        assert interview_texts.texts(session, made.id) == []
    assert row_of(context, made).traces_since is None


def test_who_did_not_agree_has_nothing_to_take_back(context: Context) -> None:
    made = planned(context)
    with pytest.raises(ConflictError, match="Nie ma zgody"):
        withdraw.foresee(context, GMINA, made.id, "A")
    with pytest.raises(NotFoundError):
        withdraw.withdraw(context, "060203", made.id, "A", None)


def test_a_withdrawal_that_fails_takes_nothing(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = talk(context)
    with monkeypatch.context() as cut:
        cut.setattr(interview_texts, "cut_letter", refuse)
        with pytest.raises(OSError, match="gone"):
            withdraw.withdraw(context, GMINA, made.id, "B", None)
    assert consents(context, made)["B"].may_note
    with context.database.reading() as session:
        assert len(notes.notes(session, made.id)) == 3
