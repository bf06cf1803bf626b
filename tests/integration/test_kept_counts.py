"""The counts that go up are written with the lock, are those of the answers, and can be made anew; on both stores."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from survey_app.instrument.values import Value, choice_of
from survey_app.services.coding import corrections
from survey_app.services.context import Context
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.services.rollup import releases
from survey_app.services.rollup.rebuild import ABSENT, rebuild
from survey_app.services.survey import campaigns, lock, results
from survey_app.store import catalogue as catalogue_store
from survey_app.store import releases as stored
from survey_app.store.releases import CampaignRelease
from tests.campaign_kit import GMINA, WEEK, Held, add_gmina, end, hold, send
from tests.campaign_kit import lock as lock_held
from tests.coding_kit import add_team, closed_round

KINDS = ("edukacja", "gospodarka", "sport", "kultura")
QUESTIONS = ("p2", "p5", "p7", "p9")


def said(chance: random.Random) -> dict[str, Value]:
    """One answer: often all of one mind, so that something has to be hidden."""
    form: dict[str, Value] = {"p1": {"option": chance.choice(KINDS)}}
    lean = chance.choice((0.5, 0.8, 1.0))
    form.update(
        {one: "tak" if chance.random() < lean else "nie" for one in QUESTIONS if chance.random() < 0.9}
    )
    return form


def held_with(context: Context, seed: int, **changes: Any) -> Held:
    chance = random.Random(seed)
    add_gmina(context, 14)
    held = hold(context, **changes)
    for code in held.codes[: chance.randint(0, 14)]:
        send(context, held, code, said(chance))
    return held


def kept(context: Context, campaign_id: int) -> dict[str, Any]:
    with context.database.reading() as session:
        found = stored.campaign_document(session, campaign_id)
    assert found is not None
    return found


@pytest.mark.parametrize("mode", ["anonymous", "named"])
@pytest.mark.parametrize("seed", range(3))
def test_kept_counts_are_those_of_the_answers_or_hidden(context: Context, seed: int, mode: str) -> None:
    """Counted here by hand: of the whole gmina, and of each group in its sector."""
    held = held_with(context, seed, mode=mode)
    lock_held(context, held)
    found, document = results.load_results(context, held.campaign.id), kept(context, held.campaign.id)
    assert document["answered"] == len(found.records)
    questions = {one["id"]: one for one in document["questions"]}
    assert set(QUESTIONS) <= set(questions)
    for name in QUESTIONS:
        columns = [column for column, _ in questions[name]["columns"]]
        for counts, records in rows(document, questions[name], found):
            direct = Counter(record[name].value for record in records)
            assert counts is None or counts == [direct[column] for column in columns]
            assert counts is not None or mode == "anonymous", "a named campaign hides nothing"


def rows(
    document: dict[str, Any], question: dict[str, Any], found: results.Results
) -> Iterator[tuple[list[int] | None, list[Any]]]:
    yield question["counts"], found.records
    of_type = {option: group.id for group in found.groups.items for option in group.options}
    assert [group for group, _ in document["groups"]] == [one.id for one in found.groups.items]
    for (group, _), counts in zip(document["groups"], question["by_group"], strict=False):
        yield counts, [one for one in found.records if of_type[choice_of(one["p1"].value) or ""] == group]


def test_counts_of_sectors_are_kept_and_what_the_diagnoza_hides_is_hidden_in_them(context: Context) -> None:
    add_gmina(context, 14)
    held = hold(context)
    for place, code in enumerate(held.codes):
        kind = "edukacja" if place % 2 else "gospodarka"
        agrees = kind == "edukacja" and place < 9  # four schools of one mind
        send(
            context,
            held,
            code,
            {"p1": {"option": kind}, "p5": "tak" if place % 4 < 2 else "nie"}
            | ({"p7": "tak"} if agrees else {}),
        )
    lock_held(context, held)
    document = kept(context, held.campaign.id)
    questions = {one["id"]: one for one in document["questions"]}
    assert len(questions["p5"]["by_group"]) == len(document["groups"]) > 1
    assert all(questions["p5"]["by_group"])
    assert None in questions["p7"]["by_group"]
    assert {sector for _, sector in document["groups"]} <= {*found_sectors(held), "pozostale"}


def found_sectors(held: Held) -> set[str]:
    table = held.instrument.definitions.sectors
    assert table is not None
    return {sector for sector in table.option_sector.values() if sector} | {
        f"three_way:{part}" for part in table.three_way_labels
    }


def test_a_lock_that_fails_at_the_counts_locks_nothing(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written in the same transaction: answers without counts, or counts without answers, cannot be."""
    held = held_with(context, 4)
    end(context, held)

    def fail(*_given: object) -> None:
        raise RuntimeError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(stored, "put_campaign_release", fail)
        with pytest.raises(RuntimeError, match="planted"):
            lock.lock_campaign(context, held.campaign.id, None)
    assert campaigns.campaign(context, held.campaign.id).locked_at is None
    lock.lock_campaign(context, held.campaign.id, None)
    with context.database.reading() as session:
        assert stored.campaign_document(session, held.campaign.id) is not None


def test_made_anew_they_are_the_same_whatever_the_order_of_the_rows(context: Context) -> None:
    for seed in (5, 6):
        again = {"opens_at": context.clock(), "closes_at": context.clock() + WEEK}
        held = held_with(context, seed) if seed == 5 else hold(context, **again)
        lock_held(context, held)
    done = rebuild(context)
    assert (done.campaigns, done.differences) == (2, ())
    assert rebuild(context, GMINA).campaigns == 2


def test_what_was_changed_past_the_service_is_named_and_put_right(context: Context) -> None:
    held = held_with(context, 7, mode="named")
    lock_held(context, held)
    right = kept(context, held.campaign.id)
    wrong = json.loads(json.dumps(right))
    wrong["answered"] += 1
    wrong["questions"][0]["counts"][0] += 1
    with context.database.transaction() as session:
        session.get(CampaignRelease, held.campaign.id).document = wrong  # type: ignore[union-attr]
    only_told = rebuild(context, only_check=True)
    assert kept(context, held.campaign.id) == wrong
    [told] = rebuild(context).differences
    assert [told] == list(only_told.differences)
    assert told.what == ("liczba ankiet", f"pytanie {wrong['questions'][0]['id']}")
    assert kept(context, held.campaign.id) == right
    with context.database.transaction() as session:
        session.delete(session.get(CampaignRelease, held.campaign.id))
    assert [one.what for one in rebuild(context).differences] == [(ABSENT,)]
    assert kept(context, held.campaign.id) == right


def coded(context: Context) -> dict[str, Any] | None:
    with context.database.reading() as session:
        return stored.coding_document(session, GMINA)


def test_every_correction_of_codes_reaches_the_kept_counts(context: Context) -> None:
    """A correction, a double joined, who turns out to be a person, who left: each changes what is counted, or may."""
    team = add_team(context, 14)
    codes = {one: "zwolennik" if place % 2 else "neutralny" for place, one in enumerate(team.stakeholders)}
    found = closed_round(context, team, codes)
    assert releases.refresh_coding(context) == [GMINA]
    seen = [coded(context)]
    one, two, three, four = team.stakeholders[:4]
    corrections.correct(context, GMINA, found.id, one, "zwolennik", "Pomyłka w protokole.", team.coordinator)
    seen += [refreshed(context)]
    person = catalogue.stakeholder(context, GMINA, two)
    draft = replace(catalogue_store.draft_of(person), natural_person=True)
    catalogue.update_stakeholder(context, GMINA, two, draft, team.coordinator)
    seen += [refreshed(context)]
    merge_catalogue.merge(context, GMINA, three, four, team.coordinator)
    seen += [refreshed(context)]
    assert all(before != after for before, after in pairwise(seen)), seen
    assert releases.refresh_coding(context) == []


def refreshed(context: Context) -> dict[str, Any] | None:
    """After a round of the worker: what is kept, which is what counting anew would give."""
    assert releases.refresh_coding(context) == [GMINA]
    assert rebuild(context, only_check=True).differences == ()
    return coded(context)
