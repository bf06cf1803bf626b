"""Deletion, retention and withdrawal on both stores, cut off at bad moments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services import housekeeping, key_files
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    participant_keys,
    retention,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import PersonalData
from survey_app.store import excerpts, notes
from tests.interview_kit import GMINA, agree, lock_notes, member, note, planned
from tests.participant_kit import DATA, actions, answer, consents, keep, key_paths, merge, read, row_of
from tests.stores import Clock

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
