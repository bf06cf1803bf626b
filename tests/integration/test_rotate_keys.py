"""New keys for the personal data of participants: whatever happens, nothing is lost and no old key is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from survey_app.errors import SurveyError
from survey_app.services import deleted_ledger, key_files
from survey_app.services.context import Context
from survey_app.services.interviewing import participant_keys, retention, rotate_keys
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import PersonalData, seat_of
from survey_app.store import audit
from survey_app.store import participants as store
from survey_app.store.participants import Participant
from tests.interview_kit import GMINA, agree, planned
from tests.participant_kit import DATA, keep, key_paths, read, row_of

OTHER = PersonalData("Bogna Lis", "bogna@example.org")


class PowerCutError(Exception):
    """The machine stops here."""


@pytest.fixture
def talk(context: Context) -> Interview:
    """Two people whose data are kept."""
    made = planned(context, "fgi", 2)
    agree(context, made, "AB")
    keep(context, made, "A", DATA)
    keep(context, made, "B", OTHER)
    return made


def whole(context: Context, talk: Interview) -> None:
    """Both can be read, and exactly the keys that open them lie in the two places."""
    assert read(context, talk, "A") == DATA
    assert read(context, talk, "B") == OTHER
    named = sorted([str(row_of(context, talk, letter).key_name) for letter in "AB"] * 2)
    assert sorted(path.stem for path in key_paths(context)) == named


def test_everybody_has_a_new_key_and_the_old_ones_are_gone(context: Context, talk: Interview) -> None:
    before = {path.name: path.read_bytes() for path in key_paths(context)}
    boxes = [row_of(context, talk, letter).sealed for letter in "AB"]
    assert rotate_keys.rotate(context) == rotate_keys.RotationReport(renewed=2, lost=0, left=0)
    whole(context, talk)
    after = {path.name: path.read_bytes() for path in key_paths(context)}
    assert not set(before) & set(after)
    assert not set(before.values()) & set(after.values())
    old = [bytes.fromhex(content.decode()) for content in before.values()]
    for letter, box in zip("AB", boxes, strict=True):
        row = row_of(context, talk, letter)
        assert row.sealed != box
        assert all(participant_keys.open_box(key, row.seat_id, row.sealed or b"") is None for key in old)


def test_again_is_the_same_with_newer_keys_and_the_trace_counts(context: Context, talk: Interview) -> None:
    for _ in range(2):
        assert rotate_keys.rotate(context).renewed == 2
        whole(context, talk)
    with context.database.reading() as session:
        told = [one.detail for one in audit.about(session, "participant_keys", "all")]
    assert told == ["2", "2"]


def test_nobody_kept_is_nothing_done(context: Context) -> None:
    assert rotate_keys.rotate(context).renewed == 0


def cut_at(real: Callable[..., Any], call: int, *, after: bool) -> Callable[..., Any]:
    """The machine stops before or after that call (from 1) of this step; and for the test's life nothing else fails."""
    calls = iter(range(1, 1000))

    def step(*args: Any, **more: Any) -> Any:
        number = next(calls)
        if number == call and not after:
            raise PowerCutError
        result = real(*args, **more)
        if number == call:
            raise PowerCutError
        return result

    return step


# Module, function: what touches the disk or the database, one after another.
STEPS = [
    (deleted_ledger, "add"),
    (key_files, "write"),
    (participant_keys, "seal"),
    (participant_keys, "destroy"),
    (key_files, "destroy"),
]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0].__name__.rpartition('.')[2]}.{step[1]}")
def test_a_power_cut_at_any_step_loses_nothing(
    context: Context,
    talk: Interview,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[Any, str],
    call: int,
    after: bool,
) -> None:
    module, name = step
    with monkeypatch.context() as fault:
        fault.setattr(module, name, cut_at(getattr(module, name), call, after=after))
        with suppress(PowerCutError):
            rotate_keys.rotate(context)
    assert read(context, talk, "A") == DATA
    assert read(context, talk, "B") == OTHER
    retention.run_once(context)  # the worker's round is enough: no old or unused key is left
    whole(context, talk)
    assert rotate_keys.rotate(context).renewed == 2
    whole(context, talk)


@pytest.mark.parametrize("after", [False, True], ids=["not committed", "committed, and nobody heard of it"])
def test_a_power_cut_at_the_commit_loses_nothing(
    context: Context, talk: Interview, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    real = context.database.transaction

    @contextmanager
    def transaction() -> Iterator[Session]:
        with real() as session:
            yield session
            wrote = any(isinstance(one, Participant) for one in session.identity_map.values())
            if wrote and not after:
                raise PowerCutError
        if wrote and after:
            raise PowerCutError

    with monkeypatch.context() as fault:
        fault.setattr(context.database, "transaction", transaction)
        with suppress(PowerCutError):
            rotate_keys.rotate(context)
    retention.run_once(context)
    whole(context, talk)


def test_a_place_that_is_out_of_reach_holds_the_old_key_until_it_is_back(
    context: Context, talk: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:

        def refuse(folder: Path, name: str) -> None:
            raise OSError(folder / name)

        fault.setattr(key_files, "destroy", refuse)
        done = rotate_keys.rotate(context)
        assert (done.renewed, done.left) == (2, 2)
        assert any("UWAGA: wymienionych kluczy" in line for line in retention.run_once(context))
    assert len(key_paths(context)) == 8
    retention.run_once(context)
    whole(context, talk)


def test_an_old_disk_that_comes_back_is_cleaned(context: Context, talk: Interview) -> None:
    kept = {path: path.read_bytes() for path in key_paths(context)}
    rotate_keys.rotate(context)
    rotate_keys.rotate(context)
    for path, content in kept.items():
        path.write_bytes(content)
    retention.run_once(context)
    whole(context, talk)


def test_an_older_database_destroys_no_key_of_a_newer_one(context: Context, talk: Interview) -> None:
    """A row that its own key does not open says nothing about which key is in use."""
    row = row_of(context, talk)
    old_name, old_box = row.key_name, row.sealed
    rotate_keys.rotate(context)
    new_name = row_of(context, talk).key_name
    set_row(context, talk, old_name, old_box)
    assert read(context, talk).lost
    retention.run_once(context)
    assert [path.stem for path in key_paths(context)].count(str(new_name)) == 2


def test_who_has_lost_their_key_is_told_and_left_as_they_are(context: Context, talk: Interview) -> None:
    name = row_of(context, talk).key_name
    for folder in context.settings.key_folders:
        os.unlink(folder / "participants" / f"{name}.key")
    done = rotate_keys.rotate(context)
    assert (done.renewed, done.lost) == (1, 1)
    assert row_of(context, talk).key_name == name


def test_a_place_that_keeps_no_key_changes_nothing(
    context: Context, talk: Interview, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:

        def refuse(*_: object) -> None:
            raise OSError

        fault.setattr(key_files, "write", refuse)
        with pytest.raises(SurveyError, match="KEY_FOLDERS"):
            rotate_keys.rotate(context)
    whole(context, talk)


def test_a_deletion_after_a_rotation_leaves_no_key_at_all(context: Context, talk: Interview) -> None:
    rotate_keys.rotate(context)
    assert retention.delete(context, GMINA, talk.id, "A", None)
    assert retention.delete(context, GMINA, talk.id, "B", None)
    assert key_paths(context) == []


def set_row(context: Context, talk: Interview, name: str | None, box: bytes | None) -> None:
    with context.database.transaction() as session:
        row = store.of_seat(session, seat_of(talk, "A").id, alone=True)
        assert row is not None
        row.key_name, row.sealed = name, box
