"""The lock: results exist, nothing changes any more, and an interruption loses nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from survey_app.errors import ConflictError
from survey_app.instrument.values import Value, choice_of
from survey_app.services import housekeeping
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, lock, results, seal
from survey_app.store import campaigns as campaign_store
from survey_app.store import responses
from tests.campaign_kit import Held, add_gmina, end, hold, send
from tests.campaign_kit import lock as lock_held
from tests.stores import Clock

TYPES = ["edukacja"] * 4 + ["koscielna"] + ["pozarzadowa"] * 3


def answered(context: Context, **changes: object) -> Held:
    """Eight institutions have answered: four schools, one parish, three associations."""
    add_gmina(context, len(TYPES))
    held = hold(context, **changes)
    for place, option in enumerate(TYPES):
        values: dict[str, Value] = {
            "p1": {"option": option},
            "p5": "tak" if place % 2 else "nie",
            "p6": [f"T{place}"],
        }
        send(context, held, held.codes[place] if held.codes else None, values)
    return held


def left(context: Context, held: Held) -> dict[str, int]:
    """What is still there of the time before the lock."""
    tables = {
        "boxes": "SELECT count(*) FROM sealed_answer",
        "keys": "SELECT count(*) FROM submission_key",
        "tokens": "SELECT count(*) FROM invitation WHERE token_hash IS NOT NULL OR used OR paper_returned",
    }
    with context.database.transaction() as session:
        found = {name: session.scalar(text(query)) or 0 for name, query in tables.items()}
    files = [path for folder in context.settings.key_folders if folder.exists() for path in folder.iterdir()]
    return {**found, "key files": len(files)}


def count(context: Context, held: Held) -> int:
    with context.database.transaction() as session:
        return responses.count_responses(session, held.campaign.id)


NOTHING = {"boxes": 0, "keys": 0, "tokens": 0, "key files": 0}


def test_a_locked_campaign_has_every_answer_and_no_way_back(context: Context) -> None:
    held = answered(context)
    locked = lock_held(context, held)
    assert locked.locked_at == context.clock()
    assert locked.cleaned_at is not None
    assert left(context, held) == NOTHING
    records = results.load_results(context, held.campaign.id).records
    assert Counter(record["p5"].value for record in records) == {"tak": 4, "nie": 4}


def test_it_keeps_the_released_group_and_not_the_only_parish(context: Context) -> None:
    held = answered(context)
    lock_held(context, held)
    with context.database.transaction() as session:
        rows = responses.responses(session, held.campaign.id)
    assert "koscielna" not in repr([row.answers for row in rows])
    found = results.load_results(context, held.campaign.id)
    sizes = Counter(found.groups.group_of(choice_of(record["p1"].value)).id for record in found.records)
    assert sorted(sizes.values()) == [4, 4]


def test_an_anonymous_answer_carries_no_moment_name_or_channel(context: Context) -> None:
    held = answered(context)
    lock_held(context, held)
    with context.database.transaction() as session:
        rows = responses.responses(session, held.campaign.id)
    seen = {(row.stakeholder_id, row.institution_name, row.received_at, row.channel) for row in rows}
    assert seen == {(None, None, None, None)}


def test_there_are_no_results_before_the_lock(context: Context) -> None:
    held = answered(context)
    end(context, held)
    with pytest.raises(ConflictError):
        results.load_results(context, held.campaign.id)


def test_it_cannot_be_locked_before_the_grace_time_is_over(context: Context, clock: Clock) -> None:
    held = answered(context)
    clock.set(held.campaign.closes_at)
    clock.advance(minutes=29)
    with pytest.raises(ConflictError):
        campaigns.lock_campaign(context, held.campaign.id, actor=None)
    assert left(context, held)["boxes"] == len(TYPES)


def test_locking_again_changes_nothing(context: Context, clock: Clock) -> None:
    held = answered(context)
    first = lock_held(context, held)
    clock.advance(days=1)
    again = campaigns.lock_campaign(context, held.campaign.id, actor=None)
    assert (again.locked_at, again.cleaned_at) == (first.locked_at, first.cleaned_at)
    assert count(context, held) == len(TYPES)


def test_a_campaign_that_nobody_answered_can_be_locked(context: Context) -> None:
    add_gmina(context)
    held = hold(context)
    lock_held(context, held)
    found = results.load_results(context, held.campaign.id)
    assert found.records == []
    assert found.population is not None
    assert found.population.invited == 6


@pytest.mark.parametrize("lost", [0, 1])
def test_one_of_the_two_keys_is_enough(context: Context, lost: int) -> None:
    held = answered(context)
    for key in context.settings.key_folders[lost].iterdir():
        key.unlink()
    lock_held(context, held)
    assert count(context, held) == len(TYPES)
    assert left(context, held) == NOTHING


def test_without_a_key_nothing_is_changed_and_plain_words_say_so(context: Context) -> None:
    held = answered(context)
    before = left(context, held)
    hidden = hide_keys(context)
    with pytest.raises(ConflictError, match="Nie ma klucza"):
        lock_held(context, held)
    assert count(context, held) == 0
    bring_back(hidden)
    assert left(context, held) == before
    lock_held(context, held)
    assert count(context, held) == len(TYPES)


def hide_keys(context: Context) -> dict[Path, bytes]:
    keys = {path: path.read_bytes() for folder in context.settings.key_folders for path in folder.iterdir()}
    for path in keys:
        path.unlink()
    return keys


def bring_back(keys: dict[Path, bytes]) -> None:
    for path, content in keys.items():
        path.write_bytes(content)


def test_a_box_that_does_not_open_stops_the_lock(context: Context) -> None:
    held = answered(context)
    with context.database.transaction() as session:
        responses.add_sealed(session, held.campaign.id, b"\x00" * 4144)
    with pytest.raises(ConflictError, match="nie da się otworzyć"):
        lock_held(context, held)
    assert count(context, held) == 0
    assert left(context, held)["boxes"] == len(TYPES) + 1


def test_an_answer_of_another_version_stops_the_lock(context: Context) -> None:
    held = answered(context)
    assert held.campaign.inbox_public_key is not None
    foreign = seal.seal(held.campaign.inbox_public_key, b'{"instrument":"0","answers":{}}')
    with context.database.transaction() as session:
        responses.add_sealed(session, held.campaign.id, foreign)
    with pytest.raises(ConflictError, match="innej wersji"):
        lock_held(context, held)
    assert count(context, held) == 0


class PowerCutError(Exception):
    """The machine stops here."""


STEPS = ["forget_invitations", "delete_keys", "destroy_key", "vacuum"]


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_lock_is_finished_later_and_loses_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    held = answered(context)
    place = {
        "forget_invitations": campaign_store,
        "delete_keys": responses,
        "destroy_key": seal,
        "vacuum": context.database,
    }[step]

    def stop(*_args: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as cut:
        cut.setattr(place, step, stop)
        with pytest.raises(PowerCutError):
            lock_held(context, held)
    assert campaigns.finish_locks(context) == [held.campaign.id]
    assert count(context, held) == len(TYPES)
    assert left(context, held) == NOTHING
    assert campaigns.campaign(context, held.campaign.id).cleaned_at is not None
    assert campaigns.finish_locks(context) == []


def test_an_interruption_before_the_results_leaves_everything_as_it_was(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = answered(context)
    before = left(context, held)

    def stop(*_args: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as cut:
        cut.setattr(responses, "add_texts", stop)
        with pytest.raises(PowerCutError):
            lock_held(context, held)
    assert left(context, held) == before
    assert count(context, held) == 0
    assert campaigns.finish_locks(context) == []


def test_a_key_that_cannot_be_removed_keeps_the_lock_unfinished(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results are there; the worker tries again, and the key does not come back meanwhile."""
    held = answered(context)

    def refuse(*_args: object) -> None:
        raise PermissionError

    with monkeypatch.context() as cut:
        cut.setattr(seal, "destroy_key", refuse)
        assert lock_held(context, held).cleaned_at is None
        assert campaigns.finish_locks(context) == []
        (warning,) = housekeeping.run_once(context)
        assert "nie jest dokończona" in warning
    assert len(results.load_results(context, held.campaign.id).records) == len(TYPES)
    assert housekeeping.run_once(context) == [f"Dokończono blokadę kampanii {held.campaign.id}."]
    assert left(context, held) == NOTHING


def test_the_worker_does_not_copy_the_key_of_a_locked_campaign(context: Context) -> None:
    held = answered(context)
    kept = hide_keys(context)
    path, content = next(iter(kept.items()))
    bring_back(kept)
    lock_held(context, held)
    path.write_bytes(content)
    assert housekeeping.run_once(context) == []
    assert [found for folder in context.settings.key_folders for found in folder.iterdir()] == [path]


def test_locking_one_campaign_leaves_the_other_as_it_is(context: Context) -> None:
    held = answered(context)
    other = hold(context, closes_at=held.campaign.closes_at.replace(month=12))
    send(context, other, other.codes[0])
    lock_held(context, held)
    assert send(context, other, other.codes[1])
    with context.database.transaction() as session:
        assert responses.count_sealed(session, other.campaign.id) == 2


def test_a_named_campaign_keeps_answers_with_their_names(context: Context) -> None:
    held = answered(context, mode="named")
    lock_held(context, held)
    found = results.named_records(context, held.campaign.id)
    assert [one.institution for one in found] == [one.name for one in held.issued]
    assert [choice_of(one.answers["p1"].value) for one in found] == TYPES
    groups = results.load_results(context, held.campaign.id).groups
    assert not groups.anonymous
    assert {option for group in groups.items for option in group.options} == set(TYPES)


def test_an_anonymous_campaign_has_no_named_records(context: Context) -> None:
    held = answered(context)
    lock_held(context, held)
    with pytest.raises(ConflictError):
        results.named_records(context, held.campaign.id)


def test_groups_are_formed_with_the_k_that_the_team_chose(context: Context) -> None:
    held = answered(context, k=5)
    lock_held(context, held)
    found = results.load_results(context, held.campaign.id)
    assert found.groups.k == 5
    assert len(found.groups.items) == 1


def test_the_shuffle_draws_from_the_system_and_loses_nothing() -> None:
    items = list(range(500))
    mixed = lock.shuffled(items)
    assert sorted(mixed) == items
    assert mixed != items


def test_a_context_with_swapped_key_folders_still_locks(context: Context) -> None:
    held = answered(context)
    first, second = context.settings.key_folders
    swapped = replace(context, settings=replace(context.settings, key_folders=(second, first)))
    end(context, held)
    campaigns.lock_campaign(swapped, held.campaign.id, actor=None)
    assert count(context, held) == len(TYPES)
