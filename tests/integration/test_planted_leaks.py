"""The attack on what is left on the disk has teeth: leaks planted in the real server and in the lock, each found."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from survey_app.services.context import Context
from survey_app.services.survey import campaigns, lock
from survey_app.store import responses
from tests.attack_bytes import link
from tests.conftest import NO_POSTGRES, leave_out
from tests.served_campaign import Served, come, serving, start
from tests.stores import DURABLE_SETTINGS, Clock, Cluster, find_programs, settings_for

FEW = 24
# Whoever keeps answers "for a moment" in files, marks sessions with the code, or switches the usual logs on.
LEAKY = """
import datetime, json, os, pathlib, secrets
from survey_app.services.survey import take_survey
from survey_app.web import server

var = pathlib.Path(os.environ["SURVEY_VAR"])
for folder in ("answers", "sessions"):
    (var / folder).mkdir(exist_ok=True)
keep, begin = take_survey.submit, server.Server.__init__

def submit(context, public_id, token, form_key, settled, *more, **named):
    done = keep(context, public_id, token, form_key, settled, *more, **named)
    words = settled.answers["p10"].value
    (var / "answers" / secrets.token_hex(8)).write_text(words)
    (var / "sessions" / secrets.token_hex(8)).write_text(json.dumps({"code": token, "p10": words}))
    with (var / "moments.log").open("a") as log:
        log.write(f"{datetime.datetime.now().isoformat()} kept {words}\\n")
    return done

take_survey.submit = submit
server.Server.__init__ = lambda self, app, options: begin(self, app, {**options, "accesslog": "-"})
"""


def answered(context: Context, folder: Path, program: str | None = None) -> Served:
    """Everybody has answered, nothing is locked."""
    served, coming = start(context, folder, FEW, 0)
    with serving(served, program) as port:
        for code, values in coming:
            come(served, port, code, values)
        served.look("end")
    return served


def test_files_sessions_and_logs_of_a_leaky_server_are_found(sqlite_context: Context, tmp_path: Path) -> None:
    served = answered(sqlite_context, tmp_path / "left", LEAKY)
    found = {}
    for place in ("var/answers/", "var/sessions/", "var/moments.log"):
        served.look_only(place)
        found[place] = link(served.people_traces(place), served.word_traces(place), served.truth)
    assert {place: one.right for place, one in found.items()} == dict.fromkeys(found, FEW)
    assert all(one.beats_chance for one in found.values())
    assert "moment of its file" in found["var/answers/"].by

    # A log of requests holds no answer; it tells who came, from where, in which order.
    served.look_only("left/server.log")
    told = served.people_traces("left/server.log")
    assert {"address", "browser", "code"} <= set(told.holders)
    logged = list(
        dict.fromkeys(whom for _, whom in told.where["left/server.log: left/server.log", "browser"])
    )
    for place, one in enumerate(served.people):
        assert abs(logged.index(one.stakeholder_id) - place) <= 2, "two processes write the log"


def arrival_order(items: Sequence[Any]) -> list[Any]:
    return list(items)


def numbered_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are written in random order, their ids grow with the order of arrival."""
    numbers = count(1)

    def numbered_then_shuffled(items: Sequence[Any]) -> list[Any]:
        marked = [(f"{next(numbers):032x}", one) for one in items]
        random.Random(3).shuffle(marked)
        ids = iter([number for number, _ in marked])
        monkeypatch.setattr(responses, "new_id", ids.__next__)
        return [one for _, one in marked]

    monkeypatch.setattr(lock, "shuffled", numbered_then_shuffled)


@pytest.mark.parametrize("leak", ["rows in the order of arrival", "ids that grow"])
def test_a_lock_that_does_not_shuffle_is_found(
    sqlite_context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leak: str
) -> None:
    served = answered(sqlite_context, tmp_path / "left")
    if leak == "ids that grow":
        numbered_ids(monkeypatch)
    else:
        monkeypatch.setattr(lock, "shuffled", arrival_order)
    sqlite_context.clock.set(dt.datetime.now(dt.UTC))  # type: ignore[attr-defined]
    campaigns.close_now(sqlite_context, served.held.campaign.id, actor=None)
    campaigns.lock_campaign(sqlite_context, served.held.campaign.id, actor=None)
    served.look("after")
    found = link(served.people_traces("end", "after"), served.answer_traces("after"), served.truth)
    assert found.beats_chance
    assert found.right > FEW * 0.8


@pytest.fixture
def talkative(var: Path, clock: Clock) -> Iterator[Context]:
    """On a server that keeps what it is told, and logs each statement."""
    programs = find_programs()
    if programs is None:
        leave_out(NO_POSTGRES)
        return
    server = Cluster.start(programs, (*DURABLE_SETTINGS, "log_statement=all"))
    settings = settings_for(var, server.url(server.create()))
    service = Context(settings, Context.from_settings(settings).database, clock)
    yield service
    service.database.dispose()
    server.stop()


@pytest.mark.postgres
def test_a_log_of_statements_ties_invitations_to_boxes(talkative: Context, tmp_path: Path) -> None:
    """What `deploy/postgresql.conf` forbids: with the key it would tell everything, and it stays after the lock."""
    served = answered(talkative, tmp_path / "left")
    served.look_only("pg/log")
    people = served.people_traces("pg/log", without={"box", "seal"})
    assert {"hash of the code", "hash of the key"} <= set(people.holders)
    found = link(people, served.box_traces("pg/log"), served.truth)
    assert found.right == FEW
    assert found.beats_chance
