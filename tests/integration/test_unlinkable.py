"""Nobody can tell whose answer is whose: an attack on all that the service keeps, and proof that it has teeth.

200 of 240 invited institutions answer in a random order that the attacker is told. Each answer is unlike every
other, so that a right guess is no coincidence. See tests/attack.py and docs/anonymity.md.
"""

from __future__ import annotations

import json
import random
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.instrument.routing import Settled
from survey_app.instrument.values import answers_to_json
from survey_app.services.context import Context
from survey_app.services.survey import lock, seal, take_survey
from survey_app.services.survey.take_survey import Survey
from survey_app.store import campaigns as campaign_store
from survey_app.store import responses
from survey_app.store.campaigns import OpenedCampaign
from tests import attack
from tests.attack import Dump, Find, Guess
from tests.campaign_kit import Held, answers, send
from tests.campaign_kit import lock as lock_held
from tests.unlike_people import fingerprint, invited, unlike_answers

PEOPLE, SILENT = 200, 40
FEW = 60  # for the planted leaks


@dataclass
class Case:
    """What happened, as only the test knows it. `arrival`: stakeholder ids in the order of their answers."""

    context: Context
    held: Held
    truth: Guess
    arrival: list[int]
    words: list[str]
    before: Dump

    @property
    def campaign_id(self) -> int:
        return self.held.campaign.id


def run_campaign(context: Context, people: int, silent: int) -> Case:
    """Everybody has answered, nothing is locked."""
    source = random.Random(20261121)
    held = invited(context, people + silent)
    by_code = {one.code: one.stakeholder_id for one in held.issued}
    order = source.sample(held.codes, people)
    truth: Guess = {}
    words = []
    for code, values in zip(order, unlike_answers(held.instrument, people, source), strict=True):
        send(context, held, code, values)
        truth[by_code[code]] = fingerprint(answers_to_json(answers(held.instrument, values).answers))
        words.append(str(values["p10"]))
    assert len(set(truth.values())) == people
    return Case(context, held, truth, [by_code[code] for code in order], words, attack.dump(context))


def after_lock(case: Case) -> Find:
    after = attack.dump(case.context)
    return attack.attack_after(after, case.campaign_id, case.truth, fingerprint, case.arrival)


def files_of(context: Context) -> dict[Path, bytes]:
    """Every file that holds data, the key folders left out: the service's folder, and PostgreSQL's heap."""
    folders = [context.settings.var]
    if not context.database.is_sqlite:
        with context.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
            home = connection.scalar(text("SHOW data_directory"))
            number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        folders.append(Path(str(home)) / "base" / str(number))
    found = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    keys = context.settings.key_folders
    return {path: path.read_bytes() for path in found if path.parent not in keys}


def holding(context: Context, needles: Iterable[bytes]) -> list[tuple[str, bytes]]:
    files = files_of(context)
    return [(path.name, one) for one in needles for path, content in files.items() if one in content]


def test_nobody_can_tell_whose_answer_is_whose(
    context: Context, record_property: pytest.RecordProperty
) -> None:
    case = run_campaign(context, PEOPLE, SILENT)

    # Before the lock, without the key: no word of any answer is readable anywhere.
    assert holding(context, (word.encode() for word in case.words)) == []
    # With the key everything is found: from PostgreSQL's xmin alone, on SQLite with the order of arrival. Said,
    # not denied: docs/anonymity.md, "With the key, before the lock".
    outside = case.arrival if context.database.is_sqlite else ()
    with_key = attack.attack_with_key(
        case.before, case.campaign_id, case.truth, contents_by_key(case), outside
    )
    assert with_key.right == PEOPLE
    found = attack.attack_with_key(case.before, case.campaign_id, case.truth, contents_by_key(case))
    record_property("linked with the key, before the lock", f"{found.right} of {found.people} by {found.by}")

    lock_held(context, case.held)
    after = attack.dump(context)
    direct = after_lock(case)
    across = attack.attack_across(case.before, after, case.campaign_id, case.truth, fingerprint, case.arrival)
    for find in (direct, across):
        assert find.tries > 10
        assert not find.beats_chance, find
    assert_participation_is_forgotten(case, after)
    assert_files_have_forgotten(case)


def contents_by_key(case: Case) -> dict[str, Hashable]:
    campaign = case.held.campaign
    assert campaign.inbox_public_key is not None
    rows = case.before.of_campaign("sealed_answer", campaign.id)
    boxes = [bytes(row["box"]) for row in rows]
    opened = seal.open_boxes(
        case.context.settings.key_folders, campaign.public_id, campaign.inbox_public_key, boxes
    )
    documents = [json.loads(one)["answers"] for one in opened]
    return {row["id"]: fingerprint(one) for row, one in zip(rows, documents, strict=True)}


def assert_participation_is_forgotten(case: Case, after: Dump) -> None:
    """Rows of those who answered lie among the others, in the catalogue's order, written at once."""
    rows = after.of_campaign("invitation", case.campaign_id)
    ids = [row["stakeholder_id"] for row in rows]
    assert ids == sorted(one.stakeholder_id for one in case.held.issued)
    assert len({row.get("_xmin") for row in rows}) == 1
    assert {(row["token_hash"], bool(row["used"]), bool(row["paper_returned"])) for row in rows} == {
        (None, False, False)
    }


def assert_files_have_forgotten(case: Case) -> None:
    """No page, no free space and no log beside the database keeps a token's hash, a form's key or a box."""
    gone = [row["token_hash"] for row in case.before.of_campaign("invitation", case.campaign_id)]
    gone += [row["key_hash"] for row in case.before.of_campaign("submission_key", case.campaign_id)]
    gone += [row["id"] for row in case.before.of_campaign("sealed_answer", case.campaign_id)]
    boxes = [bytes(row["box"])[:64] for row in case.before.of_campaign("sealed_answer", case.campaign_id)]
    assert holding(case.context, [*(one.encode() for one in gone), *boxes]) == []


def test_every_box_has_the_same_length(sqlite_context: Context) -> None:
    case = run_campaign(sqlite_context, FEW, 0)
    rows = case.before.of_campaign("sealed_answer", case.campaign_id)
    assert len({len(row["box"]) for row in rows}) == 1


# From here on: leaks planted on purpose. The attack must find each.


def in_order(items: Iterable[Any]) -> list[Any]:
    return list(items)


def test_the_attack_finds_rows_in_the_order_of_arrival(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "shuffled", in_order)
    case = run_campaign(context, FEW, 0)
    lock_held(context, case.held)
    find = after_lock(case)
    assert find.beats_chance
    assert find.right > FEW * 0.8  # PostgreSQL puts a short row into a gap before the others


def test_the_attack_finds_ids_that_grow_with_time(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows lie in random order, yet their ids tell the order of arrival."""
    numbers = count(1)
    case = run_campaign(context, FEW, 0)
    kept = lock.stored_record

    def numbered(*parts: Any) -> dict[str, Any]:
        return {**kept(*parts), "_number": f"{next(numbers):032x}"}

    def add(session: Session, campaign: Any, documents: list[dict[str, Any]]) -> None:
        for document in documents:
            number = iter([document.pop("_number")])
            monkeypatch.setattr(responses, "new_id", number.__next__)
            original(session, campaign, [document])

    original = responses.add_unlinked
    with monkeypatch.context():
        monkeypatch.setattr(lock, "stored_record", numbered)
        monkeypatch.setattr(responses, "add_unlinked", add)
        monkeypatch.setattr(responses, "add_texts", lambda *_parts: None)
        lock_held(context, case.held)
    find = after_lock(case)
    assert find.right == FEW
    assert "id" in find.by


def test_the_attack_finds_a_moment(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone keeps "only the minute" inside the answer."""
    seconds = count()
    case = run_campaign(context, FEW, 0)
    kept = lock.stored_record

    def dated(*parts: Any) -> dict[str, Any]:
        return {**kept(*parts), "sent": {"state": "answered", "value": f"2026-11-02T10:{next(seconds):04d}"}}

    monkeypatch.setattr(lock, "stored_record", dated)
    lock_held(context, case.held)
    find = after_lock(case)
    assert find.right == FEW
    assert "answers.sent" in find.by


def test_the_attack_finds_one_transaction_for_both(
    postgres_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual way: the answer is written unsealed, in the transaction that marks the invitation as used.
    Here the attacker needs no outside knowledge: PostgreSQL's own columns are enough.
    """

    def unsealed(survey: Survey, settled: Settled) -> bytes:
        return json.dumps((survey.campaign, answers_to_json(settled.answers)), default=str).encode()

    def written(connection: Any, _campaign_id: int, plain: bytes) -> None:
        columns, one = json.loads(plain)
        responses.add_unlinked(connection, OpenedCampaign(*columns), [one])

    monkeypatch.setattr(take_survey, "_ready", unsealed)
    monkeypatch.setattr(take_survey, "_kept_at_once", lambda *_: False)  # it keeps nothing unsealed
    monkeypatch.setattr(responses, "add_sealed", written)
    case = run_campaign(postgres_context, FEW, 0)
    find = attack.attack_after(case.before, case.campaign_id, case.truth, fingerprint)
    assert find.right == FEW
    assert any(name in find.by for name in ("xmin", "ctid"))


def test_the_attack_finds_invitations_that_were_not_made_anew(
    postgres_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL keeps the number of the transaction that wrote a row, even when a table is rewritten: the order
    in which invitations were used, and with it whose the answers are that lie in that order.
    """

    def forget_nothing(_session: Session, _campaign_id: int) -> None:
        return

    monkeypatch.setattr(campaign_store, "forget_invitations", forget_nothing)
    monkeypatch.setattr(lock, "shuffled", in_order)
    case = run_campaign(postgres_context, FEW, 20)
    lock_held(postgres_context, case.held)
    after = attack.dump(postgres_context)
    find = attack.attack_after(after, case.campaign_id, case.truth, fingerprint)
    assert find.right > FEW * 0.8
    assert "xmin" in find.by


def test_places_of_invitations_would_tell_who_answered(
    postgres_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the rewrite in the order of the key, those who answered do not lie where the catalogue has them."""
    monkeypatch.setattr(postgres_context.database, "vacuum", lambda *_tables: True)
    case = run_campaign(postgres_context, PEOPLE, SILENT)
    lock_held(postgres_context, case.held)
    with pytest.raises(AssertionError):
        assert_participation_is_forgotten(case, attack.dump(postgres_context))


def test_chance_is_about_one_right_guess_in_each_try() -> None:
    """The measure itself: blind guessing does not beat it, and a dozen right of two hundred would."""
    source = random.Random(7)
    people = list(range(PEOPLE))
    guesses = (source.sample(people, PEOPLE) for _ in iter(int, 1))
    best = max(sum(a == b for a, b in zip(people, guess, strict=True)) for guess in islice(guesses, 1000))
    assert not Find(best, PEOPLE, "blind", 1000).beats_chance
    assert Find(18, PEOPLE, "a leak of nine in a hundred", 1000).beats_chance
