"""Coding in a large gmina: a public edition of two rounds, the pages of agreement, saving ratings.

Times are of the processor, for the work is done in one process; saving, which waits for the disk, is by the clock.
Every figure stands beside one of the same run: a public edition beside the internal one (nothing to decide), a page
beside the page of the team, a saved rating beside a bare durable insert.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from survey_app.analysis.coding.change import change_between, counted_rounds
from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.disclosure import code_change, code_tables
from survey_app.analysis.disclosure.codes import release_change, release_codes
from survey_app.analysis.edition import Edition
from survey_app.services import schema
from survey_app.services.coding import agree, coding_rounds, rate
from survey_app.services.coding.rate import RatingDraft
from survey_app.services.context import Context
from survey_app.web.app import create_app
from tests import coding_kit as kit
from tests.campaign_kit import GMINA
from tests.integration.staff import staff
from tests.stores import settings_for
from tests.unit.coding_records import closed_round, history, stakeholder

STAKEHOLDERS, SEATS = 500, 8
SAVED = 100
K = 3


def main() -> None:
    for count in (40, 67):
        _editions(count)
    with tempfile.TemporaryDirectory() as name:
        _pages(Path(name))


def _editions(count: int) -> None:
    """Nine sectors, scattered types and places, a tenth natural persons: harder than a real catalogue."""
    public, again, internal = [], [], []
    for seed in range(5):
        told = _history(count, seed)
        code_tables._decide_once.cache_clear()
        code_change._tried_on_a_reader.cache_clear()
        public.append(_seconds(lambda told=told: _released(told, Edition.PUBLIC)))
        again.append(_seconds(lambda told=told: _released(told, Edition.PUBLIC)))
        internal.append(_seconds(lambda told=told: _released(told, Edition.INTERNAL)))
    first, second, plain = (_median(times) for times in (public, again, internal))
    print(
        f"two rounds of {count}: public {first * 1000:.0f} ms (most {max(public) * 1000:.0f}), again"
        f" {second * 1000:.0f} ms, internal {plain * 1000:.0f} ms; {first / plain:.0f} and {second / plain:.1f} of it"
    )


def _released(told: CodingHistory, edition: Edition) -> None:
    for one in counted_rounds(told):
        release_codes(one, edition, K)
    change = change_between(told)
    assert change is not None
    release_change(change, edition, K)


def _history(count: int, seed: int) -> CodingHistory:
    source = random.Random(seed)
    traits = [
        (f"sektor {source.randrange(9)}", source.random() < 0.75, source.choice(["A", "B", "C", "C", None]))
        for _ in range(count)
    ]
    rounds = []
    for number, supporters in ((1, 0.25), (2, 0.5)):
        people = [
            stakeholder(
                key,
                "Z" if source.random() < supporters else "N",
                sector=sector,
                internal=internal,
                stakeholder_type=kind,
                natural_person=key % 10 == 0,
            )
            for key, (sector, internal, kind) in enumerate(traits)
            if source.random() > 0.07
        ]
        rounds.append(closed_round(number, people, scheme="dwa_kody"))
    return history(*rounds)


def _pages(folder: Path) -> None:
    context = Context.from_settings(settings_for(folder, f"sqlite:///{folder / 'survey.sqlite3'}"))
    schema.upgrade(context)
    team = kit.add_team(context, STAKEHOLDERS, SEATS)
    source = random.Random(1)
    _saving(context, team, folder)
    found = _laid_open(context, team, source)
    person = staff(create_app(context=context))
    person.log_in(f"osoba1.{GMINA}@example.org", kit.PASSWORD)
    panel = f"/panel/{GMINA}"
    places = {
        "people (baseline)": f"{panel}/zespol",
        "catalogue": f"{panel}/katalog",
        "own ratings": f"{panel}/kodowanie/{found}/oceny",
        "overview of agreement": f"{panel}/kodowanie/{found}/uzgodnienia",
        "one stakeholder": f"{panel}/kodowanie/{found}/uzgodnienia/{team.stakeholders[5]}",
    }
    baseline = 0.0
    for name, address in places.items():
        person.client.get(address)  # alpha's interval is drawn once per set of ratings
        took = _median([_seconds(lambda address=address: person.client.get(address)) for _ in range(5)])
        baseline = baseline or took
        print(f"{name:<24} {took * 1000:6.0f} ms   {took / baseline:5.1f} of the page of people")
    undecided = team.stakeholders[:20]
    took = _seconds(
        lambda: [
            agree.decide(context, GMINA, found, key, "neutralny", kit.REASON, team.coordinator)
            for key in undecided
        ]
    )
    print(f"a decision               {took / len(undecided) * 1000:6.0f} ms")
    context.database.dispose()


def _laid_open(context: Context, team: kit.Team, source: random.Random) -> int:
    """The open round, rated by everybody at random and laid open; its id."""
    (found,) = coding_rounds.rounds(context, GMINA)
    for person in team.people[1:]:
        given = [
            rate.GivenRating(key, criterion, RatingDraft(source.choice([1, 2, 2, 3])))
            for key in team.stakeholders
            for criterion in kit.CRITERIA
        ]
        rate.save_ratings(context, GMINA, found.id, person, given)
    kit.lay_open(context, found.id, team)
    return found.id


def _saving(context: Context, team: kit.Team, folder: Path) -> None:
    """One rating at a time, as the screen saves them, beside a bare durable insert."""
    found = kit.open_round(context, team)
    bare = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, point INTEGER)")
    plain = _seconds(
        lambda: [bare.execute("INSERT INTO row (point) VALUES (2)") for _ in range(SAVED)], time.perf_counter
    )

    def save() -> None:
        for key in team.stakeholders[:SAVED]:
            where = (context, GMINA, found.id, team.coordinator, key, "wplyw")
            rate.save_rating(*where, RatingDraft(2), 0)

    took = _seconds(save, time.perf_counter)
    print(f"saving a rating: {SAVED / took:.0f}/s, {plain / took:.2f} of a bare durable insert")


def _seconds(call: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    started = clock()
    call()
    return clock() - started


def _median(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    main()
