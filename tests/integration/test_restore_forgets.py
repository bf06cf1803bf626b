"""Whatever was deleted after a backup stays deleted when the backup is restored; without the ledger nothing comes back
that is known to be a participant's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from survey_app.errors import ConflictError
from survey_app.services import deleted_ledger, housekeeping, trace
from survey_app.services.backup import backup
from survey_app.services.context import Context
from survey_app.services.interviewing import (
    interview_texts,
    interviews,
    participants,
    retention,
    transcripts,
    withdraw,
)
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import PersonalData
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.services.restore import restore
from survey_app.store import interview_texts as text_store
from survey_app.store import notes
from survey_app.store import participants as store
from tests.backup_kit import copy_ledger, counts, empty_service, without_rows
from tests.integration.test_forgotten_people import (
    CONTACT,
    KEPT,
    NAME,
    POST,
    SAID,
    files_of,
    forms_of,
    holding,
    opens,
    person,
)
from tests.interview_kit import GMINA, agree, entries, lock_notes, note, planned
from tests.stores import Cluster

OTHER_SAID = "Młyn-Wspomnienie-zza-rzeki"


@contextmanager
def another(
    request: pytest.FixtureRequest, context: Context, folder: Path, *, with_ledger: bool = True
) -> Iterator[Context]:
    """An empty service on a store of the same kind."""
    cluster: Cluster | None = None if context.database.is_sqlite else request.getfixturevalue("cluster")
    with empty_service(folder, context, cluster, with_ledger=with_ledger) as other:
        for place in other.settings.key_folders:
            (place / "participants").mkdir(parents=True, exist_ok=True)
        yield other


def talked(context: Context, folder: Path) -> Interview:
    """A group: A says SAID, B says KEPT, in notes, a locked version and a transcript; then the backup."""
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    participants.set_personal(context, GMINA, made.id, "A", PersonalData(NAME, CONTACT), None)
    note(context, made, 1, "A", f"To jest {SAID}.")
    note(context, made, 2, "B", f"A to {KEPT}.")
    interviews.hold(context, GMINA, made.id, dt.date(2026, 11, 1), "", "", made.revision, None)
    lock_notes(context, made)
    found = transcripts.read_pasted(f"A: Otóż {SAID}.\nM: Przerwał: {OTHER_SAID}.\nB: Tak, {KEPT}.")
    transcripts.keep(context, GMINA, made.id, found, {"A": "A", "B": "B", "M": transcripts.NOBODY}, None)
    backup(context, folder / "kopia")
    assert holding({folder / "kopia": (folder / "kopia").read_bytes()}, forms_of([SAID, KEPT, OTHER_SAID]))
    return made


def words_of(context: Context, interview: Interview) -> str:
    with context.database.reading() as session:
        found = [one.text for one in text_store.of_interview(session, interview.id)]
        return "\n".join([*found, *(one.text for one in notes.notes(session, interview.id))])


def test_a_withdrawal_after_the_backup_stays_withdrawn(
    request: pytest.FixtureRequest, context: Context, tmp_path: Path
) -> None:
    made = talked(context, tmp_path)
    withdraw.withdraw(context, GMINA, made.id, "A", None, personal_data=True)
    left = words_of(context, made)
    with another(request, context, tmp_path) as other:
        report = restore(other, tmp_path / "kopia")
        assert (report.forgotten, report.warnings) == (2, ())
        assert words_of(other, made) == left
        assert holding(files_of(other), forms_of([SAID, NAME, CONTACT])) == []
        assert holding(files_of(other), forms_of([KEPT]))
        with other.database.reading() as session:
            row = store.of_seat(session, made.seats[0].id)
            assert row is not None
            assert row.withdrawn_at
            assert row.deleted_at
            assert row.sealed is None
        assert [state.ledger for state in trace.check_all(other) if state.broken] == []
        with pytest.raises(ConflictError, match="cofnęła zgodę"):
            agree(other, made, "A", agreed=False)


def test_personal_data_deleted_after_the_backup_do_not_come_back(
    request: pytest.FixtureRequest, context: Context, tmp_path: Path
) -> None:
    made, sealed, seat_id = person(context)
    backup(context, tmp_path / "kopia")
    assert retention.delete(context, GMINA, made.id, "A", None)
    with another(request, context, tmp_path) as other:
        assert restore(other, tmp_path / "kopia").forgotten == 1
        found = files_of(other)
        assert holding(found, [*forms_of([NAME, CONTACT, POST]), sealed[24:88]]) == []
        assert not opens(found, sealed, seat_id)
        with pytest.raises(ConflictError, match="usunięte"):
            participants.set_personal(other, GMINA, made.id, "A", PersonalData(NAME), None)


@pytest.mark.parametrize("deed", ["cut", "remove"])
def test_words_cut_by_hand_after_the_backup_do_not_come_back(
    sqlite_context: Context, tmp_path: Path, deed: str
) -> None:
    made = talked(sqlite_context, tmp_path)
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None)
    found = transcripts.transcript(sqlite_context, GMINA, made.id, 1)
    line = next(number for number, words in enumerate(found.text.split("\n"), 1) if OTHER_SAID in words)
    if deed == "cut":
        transcripts.cut(sqlite_context, GMINA, made.id, 1, line, line, found.sha256, None)
    else:
        transcripts.remove(sqlite_context, GMINA, made.id, 1, found.sha256, None)
    backup(sqlite_context, tmp_path / "później")
    for name, gone in (("kopia", 2), ("później", 0)):
        with empty_service(tmp_path / name[:1], sqlite_context) as other:
            assert restore(other, tmp_path / name).forgotten == gone
            assert words_of(other, made) == words_of(sqlite_context, made)
            assert holding(files_of(other), forms_of([SAID, OTHER_SAID])) == []


def test_the_last_one_of_a_group_takes_everything_once_more(sqlite_context: Context, tmp_path: Path) -> None:
    made = talked(sqlite_context, tmp_path)
    for letter in "AB":
        withdraw.withdraw(sqlite_context, GMINA, made.id, letter, None)
    with empty_service(tmp_path, sqlite_context) as other:
        assert restore(other, tmp_path / "kopia").forgotten == 2
        assert words_of(other, made) == ""


def test_who_agreed_and_withdrew_after_the_backup_stays_withdrawn(
    sqlite_context: Context, tmp_path: Path
) -> None:
    """The backup knows of no consent; a device that still holds notes must be told that it was taken back."""
    made = planned(sqlite_context)
    backup(sqlite_context, tmp_path / "kopia")
    agree(sqlite_context, made)
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None)
    with empty_service(tmp_path, sqlite_context) as other:
        assert restore(other, tmp_path / "kopia").forgotten == 1
        with pytest.raises(ConflictError, match="cofnęła zgodę"):
            agree(other, made, "A")


def test_a_number_that_was_given_again_is_not_taken_for_another(
    sqlite_context: Context, tmp_path: Path
) -> None:
    """After a restore, an interview gets the number of one that was planned after the backup, and was withdrawn."""
    entries(sqlite_context)
    backup(sqlite_context, tmp_path / "kopia")
    first = planned(sqlite_context)
    agree(sqlite_context, first)
    withdraw.withdraw(sqlite_context, GMINA, first.id, "A", None)
    with empty_service(tmp_path, sqlite_context) as other:
        assert restore(other, tmp_path / "kopia").forgotten == 0
        other.clock.advance(minutes=1)  # type: ignore[attr-defined]
        second = planned(other)
        assert (second.id, second.seats[0].id) == (first.id, first.seats[0].id)
        agree(other, second)
        note(other, second, 1, "A", KEPT)
        backup(other, tmp_path / "druga")
        with empty_service(tmp_path / "b", other) as third:
            assert restore(third, tmp_path / "druga").forgotten == 0
            assert words_of(third, second) == KEPT


def test_a_lost_or_older_or_foreign_ledger_stops_the_restore(sqlite_context: Context, tmp_path: Path) -> None:
    backup(sqlite_context, tmp_path / "pierwsza")
    made = talked(sqlite_context, tmp_path)
    old = tmp_path / "stary"
    copy_ledger(sqlite_context, old)
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None)
    backup(sqlite_context, tmp_path / "druga")
    with empty_service(tmp_path, sqlite_context, with_ledger=False) as other:
        ledger = other.settings.key_folders[1] / deleted_ledger.FILE

        def stopped() -> None:
            with pytest.raises(ConflictError, match="Brakuje rejestru usuniętych danych"):
                restore(other, tmp_path / "druga")
            assert without_rows(other)

        stopped()
        other.settings.key_folders[1].mkdir()
        ledger.write_bytes((old / deleted_ledger.FILE).read_bytes())
        stopped()
        ledger.write_text('{"ledger": "0123456789abcdef"}\n')
        stopped()
        ledger.write_text("bzdura\n")
        with pytest.raises(ConflictError, match="uszkodzony"):
            restore(other, tmp_path / "druga")
        ledger.unlink()
        copy_ledger(sqlite_context, other.settings.key_folders[1])
        with pytest.raises(ConflictError, match="nie jest potrzebne"):
            restore(other, tmp_path / "druga", without_ledger=True)
        restore(other, tmp_path / "druga")


def test_without_the_ledger_no_personal_data_come_back(
    request: pytest.FixtureRequest, context: Context, tmp_path: Path
) -> None:
    made, sealed, _ = person(context)
    first = catalogue.stakeholders(context, GMINA)[0]
    draft = catalogue.StakeholderDraft(
        first.name, first.sector, internal=True, contact_name=NAME, contact_email=CONTACT
    )
    catalogue.update_stakeholder(context, GMINA, first.id, draft, None)
    note(context, made, 1, "A", SAID)
    backup(context, tmp_path / "kopia")
    with another(request, context, tmp_path, with_ledger=False) as other:
        report = restore(other, tmp_path / "kopia", without_ledger=True)
        assert (report.forgotten, report.warnings) == (1, ())
        assert counts(other)["stakeholder_contact"] == 0
        assert holding(files_of(other), [*forms_of([NAME, CONTACT]), sealed[24:88]]) == []
        assert words_of(other, made) == SAID  # what may come back, as the command says
        housekeeping.run_once(other)
        begun = deleted_ledger.read(other.settings.key_folders)
        assert begun is not None
        assert [one["kind"] for one in begun.entries] == ["personal"]


@pytest.mark.parametrize("deed", ["emptied", "left", "merged"])
def test_a_contact_person_taken_out_after_the_backup_does_not_come_back(
    sqlite_context: Context, tmp_path: Path, deed: str
) -> None:
    def with_contact(number: int, name: str) -> None:
        row = catalogue.stakeholders(sqlite_context, GMINA)[number]
        draft = catalogue.StakeholderDraft(row.name, row.sector, internal=True, contact_name=name)
        catalogue.update_stakeholder(sqlite_context, GMINA, row.id, draft, None)
        sqlite_context.clock.advance(minutes=1)  # type: ignore[attr-defined]

    entries(sqlite_context)
    first, second, _ = (row.id for row in catalogue.stakeholders(sqlite_context, GMINA))
    with_contact(0, NAME)
    with_contact(1, "Kto Inny")
    backup(sqlite_context, tmp_path / "kopia")
    if deed == "emptied":
        with_contact(0, "")
        with_contact(0, "Ktoś Nowy")
        backup(sqlite_context, tmp_path / "później")
    elif deed == "left":
        catalogue.mark_left(sqlite_context, GMINA, first, None)
    else:
        merge_catalogue.merge(sqlite_context, GMINA, first, second, None)
    with empty_service(tmp_path, sqlite_context) as other:
        assert restore(other, tmp_path / "kopia").forgotten == 1
        assert counts(other)["stakeholder_contact"] == 1
        assert holding(files_of(other), forms_of([NAME])) == []
    if deed == "emptied":
        with empty_service(tmp_path / "b", sqlite_context) as other:
            assert restore(other, tmp_path / "później").forgotten == 0
            assert counts(other)["stakeholder_contact"] == 2


# The ledger itself ----------------------------------------------------------------------------------------------


def test_the_ledger_lies_in_both_places_for_the_service_alone_and_names_nobody(
    sqlite_context: Context,
) -> None:
    made, _, _ = person(sqlite_context)
    note(sqlite_context, made, 1, "A", SAID)
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None, personal_data=True)
    files = [folder / deleted_ledger.FILE for folder in sqlite_context.settings.key_folders]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert holding({files[0]: files[0].read_bytes()}, forms_of([NAME, CONTACT, POST, SAID, "2026"])) == []
    ledger = deleted_ledger.read(sqlite_context.settings.key_folders)
    assert ledger is not None
    assert [one["kind"] for one in ledger.entries] == ["personal", "withdrawn"]


def test_a_place_that_comes_back_gets_what_it_missed(sqlite_context: Context) -> None:
    made, _, _ = person(sqlite_context)
    first, second = sqlite_context.settings.key_folders
    away = second.rename(second.with_name("unplugged"))
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None)
    assert not second.exists()
    away.rename(second)
    housekeeping.run_once(sqlite_context)
    assert (second / deleted_ledger.FILE).read_bytes() == (first / deleted_ledger.FILE).read_bytes()


def test_a_line_that_was_cut_short_is_written_again(sqlite_context: Context) -> None:
    folders = sqlite_context.settings.key_folders
    deleted_ledger.add(folders, [{"kind": "personal", "of": "a"}, {"kind": "personal", "of": "b"}])
    file = folders[0] / deleted_ledger.FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    found = deleted_ledger.add(folders, [{"kind": "personal", "of": "b"}])
    assert [one["of"] for one in found.entries] == ["a", "b"]
    assert file.read_bytes() == whole


def test_what_went_before_there_was_a_ledger_is_added_to_it(sqlite_context: Context) -> None:
    made, _, _ = person(sqlite_context)
    withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None, personal_data=True)
    known = deleted_ledger.read(sqlite_context.settings.key_folders)
    assert known is not None
    for folder in sqlite_context.settings.key_folders:
        (folder / deleted_ledger.FILE).unlink()
    housekeeping.run_once(sqlite_context)
    again = deleted_ledger.read(sqlite_context.settings.key_folders)
    assert again is not None
    assert {one["of"] for one in again.entries} == {one["of"] for one in known.entries}


def test_nothing_is_withdrawn_that_no_ledger_can_keep(sqlite_context: Context) -> None:
    made = planned(sqlite_context)
    agree(sqlite_context, made)
    note(sqlite_context, made, 1, "A", SAID)
    for folder in sqlite_context.settings.key_folders:
        folder.parent.mkdir(exist_ok=True)
        folder.write_text("")  # a file where a folder should be
    with pytest.raises(ConflictError, match="rejestrze usuniętych"):
        withdraw.withdraw(sqlite_context, GMINA, made.id, "A", None)
    assert words_of(sqlite_context, made) == SAID
    with sqlite_context.database.reading() as session:
        assert interview_texts.texts(session, made.id) == []
