"""An interview with its console served over a wire that can be cut, and replicas of it in real browsers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.store import notes as note_store
from survey_app.web.app import create_app
from tests.coding_rows import id_of
from tests.e2e.browser import PATIENCE_MS, begin_session, find_chromium, serving
from tests.integration.staff import GMINA, PASSWORD, people
from tests.stores import Clock

MODERATOR = "lucja@example.org"
OTHER_MODERATOR = "drugi@example.org"
MODULES = "/static/js/console"
QUIET_PAGE = "/dostepnosc"  # of the same origin, without a console of its own
LOAD = f"import('{MODULES}/replica.js').then((replicas) => {{ window.openReplica = replicas.openReplica; }})"
START = """async ([state, changes, id]) => {
    window.told = [];
    window.replica = await openReplica({ stateUrl: state, changesUrl: changes, interviewId: id });
    replica.addEventListener("gone", ({ detail }) => told.push(detail));
}"""


@dataclass
class Wire:
    """What lies between browsers and the service: it can be cut, and lose an answer to what was taken in."""

    app: Callable[..., Iterable[bytes]]
    cut: bool = False
    lose: int = 0  # so many answers to changes go astray
    requests: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self.cut:
            self._drop(environ)
        self.requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        answer = self.app(environ, start_response)
        if self.lose and environ["PATH_INFO"].endswith("/zmiany"):
            self.lose -= 1
            b"".join(answer)
            self._drop(environ)
        return answer

    def _drop(self, environ: dict[str, Any]) -> None:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError


@dataclass
class Talk:
    """One interview, its wire, and what the service has of it."""

    context: Context
    clock: Clock
    wire: Wire
    address: str
    interview_id: int

    @property
    def path(self) -> str:
        return f"/panel/{GMINA}/wywiady/{self.interview_id}"

    @property
    def console(self) -> str:
        return f"{self.address}{self.path}/konsola"

    def notes(self) -> list[tuple[str, bool]]:
        """Words of each note that is there, and whether it stands beside another one."""
        with self.context.database.reading() as session:
            found = note_store.notes(session, self.interview_id)
            return sorted((note.text, note.variant_of is not None) for note in found)

    def texts(self) -> list[str]:
        return [text for text, _ in self.notes()]


@contextmanager
def talking(context: Context, clock: Clock, form: str = "idi", letters: str = "A") -> Iterator[Talk]:
    """An interview given to MODERATOR, served."""
    people(context)
    for email in (MODERATOR, OTHER_MODERATOR):
        accounts.create_user(context, email, "Łucja Moderator", PASSWORD, moderator_of=GMINA)
    draft = InterviewDraft(
        clock(),
        55,
        tuple(SeatDraft(letter, None, "other") for letter in letters),
        place="Świetlica",
        moderator_id=id_of(context, MODERATOR),
        departure_reason="Tak wyszło.",
        project_title="Sieć Reintegracji",
    )
    planned = interviews.plan(context, GMINA, form, draft, None)
    app = create_app(context=context)
    wire = Wire(app.wsgi_app)
    app.wsgi_app = wire  # type: ignore[method-assign]
    with serving(app) as address:
        yield Talk(context, clock, wire, address, planned.id)


def log_in(context: BrowserContext, talk: Talk, email: str = MODERATOR) -> None:
    """Every tab of this browser has the session from now on."""
    begin_session(context, talk.address, email, PASSWORD)


Devices = Callable[[], BrowserContext]


@contextmanager
def devices_of(browser: Browser) -> Iterator[Devices]:
    """Each call: another device."""
    made: list[BrowserContext] = []

    def device() -> BrowserContext:
        made.append(browser.new_context(locale="pl-PL", reduced_motion="reduce"))
        made[-1].set_default_timeout(PATIENCE_MS)
        return made[-1]

    yield device
    for context in made:
        context.close()


@dataclass
class Replica:
    """One tab with the real modules, on a page without a screen."""

    page: Page
    talk: Talk

    @classmethod
    def open(cls, browser_context: BrowserContext, talk: Talk, *, email: str | None = MODERATOR) -> Replica:
        if email is not None:
            log_in(browser_context, talk, email)
        page = browser_context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        replica = cls(page, talk)
        replica.load()
        replica.start()
        return replica

    def load(self) -> None:
        """The page and the modules, without an interview."""
        self.page.goto(self.talk.address + QUIET_PAGE)
        self.page.evaluate(LOAD)

    def start(self) -> None:
        konsola = f"{self.talk.path}/konsola"
        self.page.evaluate(START, [f"{konsola}/stan", f"{konsola}/zmiany", self.talk.interview_id])

    def reload(self) -> None:
        self.load()
        self.start()

    def do(self, words: str, argument: Any = None) -> Any:
        """An expression of `replica` and `given`."""
        return self.page.evaluate(f"async (given) => {words}", argument)

    def agree(self, letter: str = "A") -> None:
        self.do("replica.setConsent(given, {agreed: true, evidence: true})", letter)

    def write(
        self, text: str, note: str | None = None, letter: str | None = "A", question: str = "p1_1"
    ) -> str:
        fields = {"question": question, "letter": letter, "text": text, "second": 60}
        return str(self.do("replica.writeNote(given[0], given[1])", [note, fields]))

    def write_and_send(self, text: str) -> str:
        """At once: nothing of it is sent by the page's own timer."""
        fields = {"question": "p1_1", "letter": "A", "text": text, "second": 60}
        words = (
            "(async () => { const id = replica.writeNote(null, given); await replica.send(); return id; })()"
        )
        return str(self.do(words, fields))

    def send(self) -> None:
        self.do("replica.send()")

    def settle(self) -> None:
        """Until nothing waits."""
        self.until("replica.send().then(() => replica.status.waiting === 0)")

    def kept(self) -> None:
        """Until what was written by now is on the disk, and nobody saves: the second writing from now began later."""
        for _ in range(2):
            self.until(f"replica.status.keptAt > {self.status['keptAt']}")

    def until(self, words: str) -> None:
        """Asked again and again: the policy of the pages lets no words be run from within."""
        late = time.monotonic() + PATIENCE_MS / 1000
        while not self.do(words):
            assert time.monotonic() < late, f"{words}: {self.status}"
            time.sleep(0.05)

    @property
    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = self.do("({...replica.status})")
        return found

    @property
    def notes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.do("[...replica.notes.values()]")
        return found

    @property
    def told(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.do("told")
        return found


@dataclass
class Device:
    """A browser with a profile folder of its own, which can be killed as an empty battery would."""

    browser: Browser
    profile: Path
    process: subprocess.Popen[bytes] | None = None
    context: BrowserContext | None = None

    def switch_on(self) -> BrowserContext:
        port_file = self.profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        command = [
            str(find_chromium()),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--remote-debugging-port=0",
            f"--user-data-dir={self.profile}",
            "about:blank",
        ]
        self.process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_MS / 1000
        while not (port_file.exists() and "\n" in port_file.read_text()):
            assert time.monotonic() < until, "Chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text().split()[0]
        connected = self.browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = connected.contexts[0]
        self.context.set_default_timeout(PATIENCE_MS)
        return self.context

    def kill(self) -> None:
        """SIGKILL to every process of it."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def holds(self, words: str) -> list[str]:
        """Files of the profile where the words stand readable, in either of the encodings of a browser."""
        signs = (words.encode(), words.encode("utf-16-le"))
        return [
            str(file.relative_to(self.profile))
            for file in self.profile.rglob("*")
            if file.is_file() and not file.is_symlink() and any(sign in file.read_bytes() for sign in signs)
        ]
