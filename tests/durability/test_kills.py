"""`kill -9` of anything, at any moment, under load: what was acknowledged is there, once and whole.

For a longer run: SURVEY_KILLS=500 SURVEY_KILLS_SEED=7 python -m pytest -s tests/durability/test_kills.py
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from survey_app.services.context import Context
from survey_app.services.survey import campaigns, results
from survey_app.store import responses
from tests.campaign_kit import Held, add_gmina, hold, lock
from tests.durability.records import count, now, opened
from tests.durability.served import Respondents, Server, children, kill, serving, wait_until
from tests.stores import Cluster

KILLS = int(os.environ.get("SURVEY_KILLS", "13"))  # on each store
SEED = int(os.environ.get("SURVEY_KILLS_SEED", "1"))
ONE_EXCHANGE = 0.015  # seconds after a form was sent off, about when it is kept
LONGEST_PAUSE = 0.15  # seconds between two kills: from within one exchange to some dozens of them


@dataclass
class Field:
    """Two campaigns on one service, and people answering both."""

    context: Context
    server: Server
    by_link: Held
    invited: Held
    crowds: list[Respondents]

    @property
    def thanked(self) -> int:
        return sum(len(crowd.thanked) for crowd in self.crowds)

    def wait_for_more(self) -> None:
        """The service takes answers again after whatever happened to it."""
        before = self.thanked
        wait_until(
            lambda: self.thanked > before or any(crowd.faults for crowd in self.crowds), "no more answers"
        )

    def wait_for_a_form(self) -> None:
        """Somebody sends one off in this very moment."""
        before = sum(crowd.sending for crowd in self.crowds)
        wait_until(
            lambda: sum(crowd.sending for crowd in self.crowds) > before or self._faulty(), "no form is sent"
        )

    def _faulty(self) -> bool:
        return any(crowd.faults for crowd in self.crowds)


def open_field(context: Context, log: Path) -> Field:
    add_gmina(context, 60 + 12 * KILLS)
    by_link, invited = hold(context, access="open_link", **now(context)), hold(context, **now(context))
    server = Server(context, log)
    crowds = [
        Respondents(server.port, f"/a/{by_link.campaign.public_id}"),
        Respondents(server.port, f"/a/{invited.campaign.public_id}", invited.codes),
    ]
    return Field(context, server, by_link, invited, crowds)


Victim = Callable[[Field, random.Random], None]


def a_worker(field: Field, chance: random.Random) -> None:
    kill(chance.choice(field.server.worker_pids() or [0x7FFFFFFE]))


def both_workers(field: Field, chance: random.Random) -> None:
    kill(*field.server.worker_pids())


def the_main_process(field: Field, chance: random.Random) -> None:
    """Its workers live on for a moment, until the service manager clears away what is left."""
    field.server.kill_main()
    time.sleep(chance.uniform(0, LONGEST_PAUSE))
    field.server.kill_all()
    field.server.start()


def the_whole_service(field: Field, chance: random.Random) -> None:
    field.server.kill_all()
    field.server.start()


def backend_of(cluster: Cluster) -> Victim:
    def a_backend(field: Field, chance: random.Random) -> None:
        busy = [
            pid for pid in children(cluster.process.pid) if b"postgres: postgres survey_" in _command(pid)
        ]
        kill(chance.choice(busy or [0x7FFFFFFE]))

    return a_backend


def postmaster_of(cluster: Cluster) -> Victim:
    def the_database(field: Field, chance: random.Random) -> None:
        kill(cluster.process.pid, *children(cluster.process.pid))
        cluster.process.wait()
        cluster.go_on()

    return the_database


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_again_and_again(field: Field, victims: list[Victim], chance: random.Random) -> Counter[str]:
    done = Counter[str]()
    for crowd in field.crowds:
        crowd.begin()
    try:
        for turn in range(KILLS):
            field.wait_for_more()
            if turn % 2:
                time.sleep(chance.uniform(0, LONGEST_PAUSE))
            else:
                field.wait_for_a_form()
                time.sleep(chance.uniform(0, ONE_EXCHANGE))
            victim = victims[turn % len(victims)]
            victim(field, chance)
            done[victim.__name__] += 1
        field.wait_for_more()
    finally:
        for crowd in field.crowds:
            crowd.end()
    return done


def check(context: Context, held: Held, crowd: Respondents) -> None:
    assert crowd.faults == []
    assert len(crowd.thanked) == len(set(crowd.thanked)) == len(crowd.sent)
    expected = Counter((one["p1"], one["p5"], one["p10"]) for one in crowd.sent.values())
    assert Counter(opened(context, held)) == expected
    assert count(context, "submission_key", held) == len(crowd.sent)
    assert count(context, "invitation WHERE used", held) == (len(crowd.sent) if held.codes else 0)
    lock(context, held)
    records = results.load_results(context, held.campaign.id).records
    assert Counter(one["p5"].value for one in records) == Counter(one["p5"] for one in crowd.sent.values())
    with context.database.reading() as session:
        texts = [one.text for one in responses.texts(session, held.campaign.id) if one.question_id == "p10"]
    assert sorted(texts) == sorted(crowd.sent)
    assert campaigns.campaign(context, held.campaign.id).cleaned_at is not None


def run_and_check(context: Context, log: Path, victims: list[Victim]) -> None:
    field, chance = open_field(context, log), random.Random(SEED)
    with serving(field.server):
        done = kill_again_and_again(field, victims, chance)
    broken = sum(crowd.broken for crowd in field.crowds)
    refused = sum(crowd.refused for crowd in field.crowds)
    told = (
        f"seed {SEED}, {sum(done.values())} kills {dict(done)}: {field.thanked} answers acknowledged,"
        f" {broken} exchanges broken off, {refused} told to try again, none lost, none doubled"
    )
    assert broken + refused, "no kill met anybody: nothing was tried"
    for held, crowd in zip((field.by_link, field.invited), field.crowds, strict=True):
        check(context, held, crowd)
    print(told)


def test_no_answer_is_lost_on_sqlite(durable_sqlite: Context, tmp_path: Path) -> None:
    often: list[Victim] = [a_worker, both_workers, a_worker, a_worker, both_workers, a_worker]
    run_and_check(
        durable_sqlite,
        tmp_path / "log",
        [*often, the_main_process, *often, *often, the_whole_service, *often],
    )


@pytest.mark.postgres
def test_no_answer_is_lost_on_postgresql(
    durable_postgres: Context, durable_cluster: Cluster, tmp_path: Path
) -> None:
    backend, database = backend_of(durable_cluster), postmaster_of(durable_cluster)
    often: list[Victim] = [a_worker, backend, both_workers, backend, a_worker, database]
    run_and_check(
        durable_postgres,
        tmp_path / "log",
        [*often, the_main_process, *often, *often, the_whole_service, *often],
    )
