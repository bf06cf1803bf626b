"""A real `survey-app serve` with real respondents in front of it, and the means to kill any part of it."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from survey_app.services.context import Context
from tests.stores import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds
_KEY = re.compile(r'name="form_key" value="([0-9a-f]{32})"')
SERVE = ("-m", "survey_app.cli", "serve")
TYPES = ("edukacja", "gospodarka", "pozarzadowa")


def wait_until(ready: Callable[[], object], what: str) -> None:
    """However slow the machine is, but not for ever."""
    late = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < late, what
        time.sleep(0.005)


def children(pid: int) -> list[int]:
    """Processes whose parent it is."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(path.parent.name))
    return sorted(found)


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def environment(context: Context) -> dict[str, str]:
    """What a process of the same service is started with."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SURVEY_VAR": str(context.settings.var),
        "DATABASE_URL": context.settings.database_url,
    }


@dataclass(slots=True)
class Server:
    """gunicorn in a group of its own; `before`: a command that its own is given to (strace)."""

    context: Context
    log: Path
    workers: int = 2
    before: Sequence[str] = ()
    program: Sequence[str] = SERVE
    port: int = field(default_factory=free_port)
    settings: Mapping[str, str] = field(default_factory=dict)  # beside those of the context
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self.port), "--workers", str(self.workers)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, *self.program, *options],
                env={**environment(self.context), **self.settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._answers, "the server did not start")

    def stop(self) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGTERM)  # a strace in front passes nothing on
            self.process.wait(PATIENCE)
        finally:
            self.kill_all()

    def kill_all(self) -> None:
        """As a service manager does with what is left of a service that was killed."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_main(self) -> None:
        assert self.process is not None
        kill(self.process.pid)

    def worker_pids(self) -> list[int]:
        assert self.process is not None
        return children(self.process.pid)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(errors="replace")
        with suppress(OSError, http.client.HTTPException):
            return ask(self.port, "GET", "/ready", timeout=5)[0] == 200
        return False


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    text: str

    def __getitem__(self, place: int) -> int:
        assert place == 0
        return self.status


def ask(
    port: int, method: str, path: str, fields: dict[str, str] | None = None, timeout: float = PATIENCE
) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = urlencode(fields or {})
        connection.request(method, path, body, {"content-type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, headers, answer.read().decode())
    finally:
        connection.close()


def key_of(page: str) -> str:
    found = _KEY.search(page)
    assert found, page
    return found[1]


def fields_of(number: int, text: str) -> dict[str, str]:
    """An answer that nobody else gives: other closed answers go with each text."""
    return {"p1": TYPES[number % 3], "p5": "tak" if number % 2 else "nie", "p10": text}


class Respondents:
    """People who open the form, send it, and send the very same form again until they are thanked.

    `sent`: text -> the closed answers beside it, of every form that was ever sent; `thanked`: texts of those that
    were acknowledged; `broken`: exchanges that a kill broke off; `refused`: those that ended with the page that carries
    everything back; `sending`: forms on their way so far. With `codes`, each form has an invitation of its own.
    """

    def __init__(self, port: int, address: str, codes: Sequence[str] | None = None, people: int = 2) -> None:
        self.port, self.address = port, address
        self.codes = list(codes) if codes is not None else None
        self.sent: dict[str, dict[str, str]] = {}
        self.thanked: list[str] = []
        self.broken = self.refused = self.sending = 0
        self.faults: list[str] = []
        self._stop, self._mutex = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._answer) for _ in range(people)]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Everybody finishes the form in hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()

    def _answer(self) -> None:
        while not self._stop.is_set():
            with self._mutex:
                if self.codes is not None and not self.codes:
                    return
                path = f"{self.address}/{self.codes.pop()}" if self.codes is not None else self.address
                text = f"Zdanie {len(self.sent)} {secrets.token_hex(8)}"
                fields = fields_of(len(self.sent), text)
                self.sent[text] = fields
            form = {"form_key": key_of(self._insist("GET", path, None, 200)), **fields}
            if len(self.sent) % 4 == 0:
                self._hang_up(path, form)
            self.sending += 1
            self._insist("POST", path, form, 303)
            self.thanked.append(text)

    def _hang_up(self, path: str, form: dict[str, str]) -> None:
        """Sends it, and never hears whether it was kept: a line that broke in the worst moment."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            body = urlencode(form).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
            kind = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
            line.sendall(f"{head}{kind}".encode() + body)
            line.shutdown(socket.SHUT_WR)

    def _insist(self, method: str, path: str, fields: dict[str, str] | None, wanted: int) -> str:
        late = time.monotonic() + PATIENCE
        while time.monotonic() < late:
            try:
                answer = ask(self.port, method, path, fields)
            except ConnectionRefusedError:  # nobody is there
                time.sleep(0.02)
                continue
            except (OSError, http.client.HTTPException):
                self.broken += 1
                time.sleep(0.001)
                continue
            if answer.status == wanted:
                return answer.text
            if answer.status != 503:
                self.faults.append(f"{method}: {answer.status}")
                raise AssertionError(answer.text)
            self.refused += 1
            time.sleep(0.001)
        raise AssertionError("nobody answers")
