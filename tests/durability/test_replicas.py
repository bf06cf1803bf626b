"""Three replicas and a worker that share nothing but PostgreSQL and the key folders, behind a real nginx."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from survey_app.services import gminas, housekeeping, schema
from survey_app.services.context import Context
from survey_app.services.survey import campaigns, lock
from survey_app.store.database import WORK_LOCK
from tests.campaign_kit import add_gmina, end, hold
from tests.conftest import leave_out
from tests.durability.proxy import NO_NGINX, find_nginx, proxy
from tests.durability.records import now
from tests.durability.served import PATIENCE, Respondents, Server, children, environment, wait_until
from tests.durability.test_kills import check
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import Cluster, settings_for

pytestmark = pytest.mark.postgres
INVITED = 400
TERM = 1 << (signal.SIGTERM - 1)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def settings_of(context: Context, var: Path) -> dict[str, str]:
    """Of one process on a machine of its own: its folder is nobody else's."""
    settings = context.settings
    return {
        "SURVEY_VAR": str(var),
        "SECRET_KEY": "Zx8-tR2_qLw7vN4kPb9mHc3sYd6fJg1u",
        "KEY_FOLDERS": os.pathsep.join(map(str, settings.key_folders)),
        "SECOND_FACTOR": "optional",
        "LOG_FORMAT": "json",
    }


def replicas_of(context: Context, folder: Path) -> list[Server]:
    return [
        Server(
            context,
            folder / f"replica-{number}.log",
            settings=settings_of(context, folder / f"var-{number}"),
        )
        for number in range(3)
    ]


class Worker:
    """`survey-app worker` as a process that is killed and started again."""

    def __init__(self, context: Context, folder: Path) -> None:
        self.context, self.folder = context, folder
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "survey_app.cli", "worker", "--every", "5"]
        env = {**environment(self.context), **settings_of(self.context, self.folder / "var-worker")}
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=env, stdout=log, stderr=log)

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(PATIENCE)


@pytest.fixture
def replicas(durable_postgres: Context, tmp_path: Path) -> Iterator[list[Server]]:
    found = replicas_of(durable_postgres, tmp_path)
    try:
        starting = [threading.Thread(target=one.start) for one in found]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        yield found
    finally:
        for one in found:
            if one.process is not None:
                one.kill_all()


def kill_and_restart(one: Server) -> None:
    one.kill_all()
    one.start()


def stop_and_restart(one: Server) -> None:
    """As systemd does with `KillMode=mixed`, and Kubernetes: the main process alone is told."""
    assert one.process is not None
    one.process.send_signal(signal.SIGTERM)
    assert one.process.wait(PATIENCE) == 0
    one.start()


def test_each_in_turn_is_killed_and_stopped_under_load(
    replicas: list[Server], durable_postgres: Context, tmp_path: Path
) -> None:
    """Every answer that was acknowledged is there once; nobody outside is told of any failure."""
    if find_nginx() is None:
        leave_out(NO_NGINX)
    add_gmina(durable_postgres, INVITED)
    invited = hold(durable_postgres, **now(durable_postgres))
    by_link = hold(durable_postgres, access="open_link", **now(durable_postgres))
    front = tmp_path / "nginx"
    front.mkdir()
    worker = Worker(durable_postgres, tmp_path)
    with proxy(front, [one.port for one in replicas]) as port:
        crowds = [
            Respondents(port, f"/a/{by_link.campaign.public_id}"),
            Respondents(port, f"/a/{invited.campaign.public_id}", invited.codes),
        ]
        for crowd in crowds:
            crowd.begin()
        try:
            for harm in (kill_and_restart, stop_and_restart):
                for one in replicas:
                    _more(crowds)
                    harm(one)
            for number in (signal.SIGKILL, signal.SIGTERM):
                _more(crowds)
                worker.end(number)
                worker.start()
            _more(crowds)
        finally:
            for crowd in crowds:
                crowd.end()
            worker.end(signal.SIGTERM)
        pieces = (b"p1=kultura" for _ in range(2))  # of no stated length
        address = f"http://127.0.0.1:{port}/a/{by_link.campaign.public_id}"
        assert requests.post(address, data=pieces, timeout=PATIENCE).status_code == 411
        _packed_for_respondents_alone(port, address)
    counts = [(len(crowd.thanked), crowd.broken, crowd.refused) for crowd in crowds]
    print("thanked, broken off, told to try again:", counts)
    for held, crowd in zip((by_link, invited), crowds, strict=True):
        assert crowd.refused == 0
        assert crowd.broken <= 6, (
            "a reply that was on its way when its replica was killed, at most one a kill"
        )
        check(durable_postgres, held, crowd)
    _no_trace(front, invited.campaign.public_id)
    for log in (*(one.log for one in replicas), tmp_path / "worker.log"):
        told = log.read_text(encoding="utf-8")
        assert invited.campaign.public_id not in told
        lines = [
            line for line in told.splitlines() if not line.startswith(("Uruchamianie pod", "Uwaga: bez"))
        ]
        assert all(set(json.loads(line)) >= {"time", "level", "event"} for line in lines), told


def _packed_for_respondents_alone(port: int, form: str) -> None:
    """What a phone loads comes packed; a page of the staff holds secrets beside what a caller typed, and does not."""
    page = requests.get(form, timeout=PATIENCE)
    assert page.headers["Content-Encoding"] == "gzip"
    sheet = re.search(r'href="(/static/[^"]+[.]css[^"]*)"', page.text)
    assert sheet is not None
    for path, packed in ((sheet[1], "gzip"), ("/logowanie", None)):
        reply = requests.get(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE)
        assert reply.headers.get("Content-Encoding") == packed, path


def _more(crowds: list[Respondents]) -> None:
    before = [len(crowd.thanked) for crowd in crowds]

    def more() -> bool:
        if any(crowd.faults for crowd in crowds):
            return True
        return all(
            len(crowd.thanked) > was or crowd.codes == [] for crowd, was in zip(crowds, before, strict=True)
        )

    wait_until(more, "no more answers")
    assert [crowd.faults for crowd in crowds] == [[], []]


def _no_trace(front: Path, campaign: str) -> None:
    """The proxy wrote nothing of a respondent into any file, neither lines nor bodies."""
    for path in front.rglob("*"):
        if path.is_file():
            assert campaign.encode() not in path.read_bytes(), path.name
            assert "client_body" not in path.parts


def _form(one: Server, client: requests.Session, path: str, **fields: str) -> requests.Response:
    base = f"http://127.0.0.1:{one.port}"
    found = _TOKEN.search(client.get(f"{base}/logowanie", timeout=PATIENCE).text)
    if found is None:  # logged in already: any page of the panel has one
        found = _TOKEN.search(client.get(f"{base}/panel/haslo", timeout=PATIENCE).text)
    assert found is not None
    return client.post(
        base + path,
        data={"csrf_token": found[1], **fields},
        headers={"Referer": base},
        timeout=PATIENCE,
        allow_redirects=False,
    )


def test_a_session_and_a_limit_are_of_all_replicas(replicas: list[Server], durable_postgres: Context) -> None:
    people(durable_postgres)
    first, second, third = replicas

    def page(one: Server) -> int:
        address = f"http://127.0.0.1:{one.port}/panel/{GMINA}"
        return client.get(address, allow_redirects=False, timeout=PATIENCE).status_code

    with requests.Session() as client:
        assert (
            _form(first, client, "/logowanie", email="jan@example.org", password=PASSWORD).status_code == 302
        )
        assert [page(one) for one in replicas] == [200, 200, 200]
        assert _form(third, client, "/wyloguj").status_code in (302, 303)
        assert [page(one) for one in replicas] == [302, 302, 302]
    statuses = []
    for number in range(12):
        with requests.Session() as guesser:
            one = (first, second, third)[number % 3]
            wrong = {"email": "maria@example.org", "password": f"nie-to-haslo-{number}"}
            statuses.append(_form(one, guesser, "/logowanie", **wrong).status_code)
    assert 429 not in statuses[:10], statuses
    assert statuses[10:] == [429, 429], "ten an account, at whichever replica"


def test_who_stands_in_line_when_the_service_is_told_to_stop_is_answered(
    durable_sqlite: Context, tmp_path: Path
) -> None:
    server = Server(durable_sqlite, tmp_path / "log", 1)
    server.start()
    line: list[socket.socket] = []
    try:
        assert server.process is not None
        (worker,) = children(server.process.pid)
        os.kill(worker, signal.SIGSTOP)
        wait_until(lambda: _told(worker, "State").startswith("T"), "the worker goes on")
        line += [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(8)]
        for one in line:
            one.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: _pending(worker) & TERM, "the worker was not told")
        os.kill(worker, signal.SIGCONT)
        heard = []
        for one in line:
            heard.append(one.makefile("rb").readline())
            one.close()
        assert server.process.wait(PATIENCE) == 0
    finally:
        server.kill_all()
        for one in line:
            one.close()
    assert heard == [b"HTTP/1.1 200 OK\r\n"] * 8


def _pending(pid: int) -> int:
    return int(_told(pid, "ShdPnd"), 16)


def _told(pid: int, name: str) -> str:
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return re.findall(rf"^{name}:\s*(.+)$", told, re.M)[0]


def test_two_that_set_up_an_empty_database_at_once_set_it_up_once(
    durable_cluster: Cluster, tmp_path: Path
) -> None:
    name = durable_cluster.create(empty=True)
    settings = settings_for(tmp_path / "var", durable_cluster.url(name))
    context = Context.from_settings(settings)
    command = [sys.executable, "-m", "survey_app.cli", "db", "upgrade"]
    started = [
        subprocess.Popen(
            command,
            env={**environment(context), **settings_of(context, tmp_path / f"var-{number}")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number in range(3)
    ]
    told = [one.communicate(timeout=PATIENCE)[0] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], told
    assert schema.current(context) == schema.newest()
    assert gminas.seed_pilot_gminas(context) == 0
    context.database.dispose()
    durable_cluster.drop(name)


def test_gminas_that_two_seed_at_once_are_there_once(durable_postgres: Context) -> None:
    barrier, faults = threading.Barrier(4), []

    def seed() -> None:
        barrier.wait(PATIENCE)
        try:
            gminas.seed_pilot_gminas(durable_postgres)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=seed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert faults == []


def test_two_workers_at_once_do_nothing_twice(
    durable_postgres: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One finishes what a crash left; the other, that comes meanwhile, leaves it alone."""
    add_gmina(durable_postgres, 6)
    held = hold(durable_postgres, **now(durable_postgres))
    end(durable_postgres, held)
    with monkeypatch.context() as patch:
        patch.setattr(lock, "_finish", lambda *_: None)
        campaigns.lock_campaign(durable_postgres, held.campaign.id, actor=None)
    other = replace(
        durable_postgres, database=type(durable_postgres.database)(durable_postgres.settings.database_url)
    )
    finish, meanwhile = lock._finish_all, []

    def slow(context: Context) -> list[int]:
        meanwhile.append(housekeeping.run_once(other))
        return finish(context)

    monkeypatch.setattr(lock, "_finish_all", slow)
    assert f"Dokończono blokadę kampanii {held.campaign.id}." in housekeeping.run_once(durable_postgres)
    assert meanwhile == [[]]
    assert housekeeping.run_once(other) == []
    with other.database.turn(WORK_LOCK) as mine:
        assert mine, "a round that is over holds nobody up"
    other.database.dispose()
