"""Memory of the running service, process by process, beside a bare Flask application under the same server.

RSS counts what processes share in each of them; PSS shares it out, so that the PSS of all of them add up to what the
service takes. Each server is started by itself, as `survey-app serve` does: forked from here, it would hold what a
benchmark imports. Figures after a page with numbers (the results of a locked campaign) are printed with what that page
took, first and again, in processor time of the server: libraries that few pages need are loaded by the first of them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.cookiejar
import os
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench import form, load
from bench.serving import WORKERS, Served, free_port
from survey_app.services.context import Context

PAGES = 200
STARTS = 9
ANSWERS = 60
EMAIL, PASSWORD, GMINA = "pomiar@example.org", "cztery-zwykle-slowa-razem", "990101"
SERVICE = "from survey_app.cli import main; main()"
BARE = (
    "import sys; from flask import Flask; from survey_app.web.server import serve_app; app = Flask('bare');"
    " app.add_url_rule('/', view_func=lambda: 'ok'); serve_app(app, '127.0.0.1', int(sys.argv[1]), int(sys.argv[2]))"
)
_FIGURE = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.MULTILINE)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def _memory(pid: int) -> str:
    found = dict(_FIGURE.findall(Path(f"/proc/{pid}/smaps_rollup").read_text()))
    return f"RSS {int(found['Rss']) / 1024:5.0f} MB, PSS {int(found['Pss']) / 1024:5.0f} MB"


def _workers(server: Served) -> list[int]:
    """The server's children, the oldest first."""
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.pid)], capture_output=True, text=True, check=False
    )
    return sorted(int(pid) for pid in told.stdout.split())


def _report(when: str, server: Served) -> None:
    print(f"  {when}")
    for number, pid in enumerate(_workers(server), start=1):
        print(f"    worker {number}      {_memory(pid)}")
    print(f"    main process  {_memory(server.pid)}", flush=True)


@contextlib.contextmanager
def _started(command: Sequence[str], port: int, folder: Path) -> Iterator[Served]:
    """Yields once it answers and has all its workers."""
    settings = {**os.environ, "SURVEY_VAR": str(folder), "SECOND_FACTOR": "optional"}
    process = subprocess.Popen(
        [sys.executable, "-c", *command], env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Served(port, process.pid)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                if len(_workers(server)) == WORKERS:
                    break
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(60)


def _locked_campaign(context: Context) -> int:
    """Of the gmina that `form.prepared_context` made, with ANSWERS answers."""
    from survey_app.services import accounts
    from survey_app.services.demo.answers import made_up
    from survey_app.services.instruments import current_ankieta
    from survey_app.services.survey import campaigns, take_survey

    accounts.ensure_coordinator(context, EMAIL, "Osoba Pomiarowa", PASSWORD, GMINA)
    now = context.clock().replace(second=0, microsecond=0)
    past = replace(context, clock=lambda: now - dt.timedelta(days=21))
    days = (now - dt.timedelta(days=21), now - dt.timedelta(days=14))
    draft = campaigns.CampaignDraft(
        "Zamknięta", "anonymous", "open_link", *days, 30, 3, "Administrator: gmina."
    )
    campaign = campaigns.create_campaign(past, GMINA, draft, actor=None)
    campaigns.open_campaign(past, campaign.id, actor=None)
    source, instrument = random.Random(1), current_ankieta(context)
    for number in range(ANSWERS):
        given = made_up(instrument, source.choice(("edukacja", "kultura")), source)
        take_survey.submit(past, campaign.public_id, None, f"{number:040d}", given)
    campaigns.lock_campaign(context, campaign.id, actor=None)
    return campaign.id


def _logged_in(base: str) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    token = _TOKEN.search(browser.open(f"{base}/logowanie").read().decode())
    assert token is not None
    typed = {"csrf_token": token[1], "email": EMAIL, "password": PASSWORD}
    with browser.open(f"{base}/logowanie", urllib.parse.urlencode(typed).encode()) as answer:
        assert answer.geturl().endswith(f"/panel/{GMINA}"), answer.geturl()
    return browser


def _measure_service(folder: Path) -> None:
    context, public_id = form.prepared_context(folder)
    campaign_id = _locked_campaign(context)
    context.database.dispose()
    port = free_port()
    command = (SERVICE, "serve", "--port", str(port), "--workers", str(WORKERS))
    with _started(command, port, folder) as server:
        base = f"http://127.0.0.1:{port}"
        _report("at rest", server)
        for _ in range(PAGES):
            load.ask(port, "GET", f"/a/{public_id}", 200)
        load.ask(port, "GET", "/logowanie", 200)
        load.ask(port, "GET", "/ready", 200)
        _report(f"after {PAGES} GET /a/, a log-in page and /ready", server)
        browser = _logged_in(base)
        for _ in range(4):
            browser.open(f"{base}/panel/{GMINA}").read()
        _report("after a log-in and pages of the panel", server)
        took = []
        for _ in range(12):
            before = server.cpu_seconds()
            browser.open(f"{base}/panel/{GMINA}/kampanie/{campaign_id}/wyniki").read()
            took.append(server.cpu_seconds() - before)
        _report("after pages of results", server)
        print(
            f"    a page of results: first {took[0]:.2f} s, in the end {statistics.median(took[-5:]):.2f} s of CPU"
        )


def _measure_bare(folder: Path) -> None:
    port = free_port()
    with _started((BARE, str(port), str(WORKERS)), port, folder) as server:
        _report("at rest", server)
        for _ in range(PAGES):
            load.ask(port, "GET", "/", 200)
        _report(f"after {PAGES} GET", server)


def _start_of(name: str, arguments: Sequence[str]) -> None:
    """Median of processor time and of the clock."""
    used, passed = [], []
    for _ in range(STARTS):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        passed.append(time.perf_counter() - begun)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"  {name:<24} {statistics.median(passed):.3f} s, CPU {statistics.median(used):.3f} s", flush=True)


def main() -> None:
    print(form.machine())
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        print("the service")
        _measure_service(Path(name) / "service")
        print("a bare Flask application")
        _measure_bare(Path(name) / "bare")
    print(f"start, the middle of {STARTS}")
    _start_of("python -c pass", ("-c", "pass"))
    _start_of("python -c 'import flask'", ("-c", "import flask"))
    _start_of("survey-app --help", ("-c", SERVICE, "--help"))
