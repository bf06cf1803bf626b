"""A campaign through the real server, worker and command line, and everything that they leave on the disk meanwhile.

Each person comes from an address of their own with a browser of their own; whatever the service keeps of that is found
by `tests/attack_bytes.py`.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Hashable, Iterator, Mapping, Set
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import text

from survey_app.forms.handlers import handler
from survey_app.instrument.values import Value, answers_to_json
from survey_app.services.context import Context
from survey_app.services.survey import tokens
from tests import attack
from tests.attack import Dump, Row
from tests.attack_bytes import Files, Left, Marks, Seen, Traces, files_under, keys_of_tables, traces
from tests.attack_pages import checkpoint, data_folder
from tests.campaign_kit import Held, answers
from tests.stores import free_port
from tests.unlike_people import fingerprint, invited, unlike_answers

PATIENCE = 120  # seconds
BEGIN = "\nfrom survey_app.cli import main\nmain()\n"
_KEY = re.compile(rb'name="form_key" value="([0-9a-f]{32})"')


@dataclass(frozen=True)
class Person:
    """Whoever answered; `number` is that of their answer, `form_key` what their page held."""

    stakeholder_id: int
    token: str
    number: int
    form_key: str
    address: str
    browser: str
    word: str


@dataclass
class Served:
    """What happened, as only the test knows it, and what was left on the disk at each moment."""

    context: Context
    held: Held
    folder: Path
    people: list[Person] = field(default_factory=list)  # in the order of their answers
    contents: dict[Hashable, int] = field(default_factory=dict)  # fingerprint -> number of the answer
    dumps: dict[str, Dump] = field(default_factory=dict)
    files: dict[str, Files] = field(default_factory=dict)

    @property
    def truth(self) -> dict[Hashable, Hashable]:
        return {one.stakeholder_id: one.number for one in self.people}

    def look(self, moment: str, leave_out: str = "") -> None:
        """Keeps a copy of everything: tables in their physical order and every file but the keys."""
        self.dumps[moment] = attack.dump(self.context)
        self.files[moment] = {name: left for name, left in self.left().items() if name != leave_out}

    def left(self) -> dict[str, Left]:
        """The service's folder, its logs and backups; PostgreSQL's files, its write-ahead log as one."""
        # A process that reads SQLite's files beside an open connection of its own lets go of that connection's locks.
        self.context.database.dispose()
        found = {}
        keys = self.context.settings.key_folders
        for folder in (self.context.settings.var, self.folder):
            found |= {f"{folder.name}/{name}": left for name, left in files_under(folder, keys).items()}
        if not self.context.database.is_sqlite:
            found |= self._of_postgres()
        return found

    def _of_postgres(self) -> dict[str, Left]:
        checkpoint(self.context)
        home = data_folder(self.context)
        with self.context.database.engine.connect() as connection:
            own = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        others = [one for one in (home / "base").iterdir() if one.name != str(own)]
        found = {f"pg/{name}": left for name, left in files_under(home, [*others, home / "pg_wal"]).items()}
        segments = files_under(home / "pg_wal")
        found["pg/pg_wal"] = Left(b"".join(segments[name].content for name in sorted(segments)))
        found["pg/statistics"] = Left("\n".join(self._statistics()).encode())  # its samples lie compressed
        found["pg/log"] = Left((home.parent / "log").read_bytes())
        return found

    def _statistics(self) -> list[str]:
        with self.context.database.engine.connect() as connection:
            samples = connection.execute(text("SELECT s::text FROM pg_stats s WHERE schemaname = 'public'"))
            counters = connection.execute(text("SELECT s::text FROM pg_stat_all_tables s ORDER BY relid"))
            sessions = connection.execute(text("SELECT s::text FROM pg_stat_activity s"))
            return [str(row) for part in (samples, counters, sessions) for row in part.scalars()]

    def run(self, *command: str) -> str:
        """One `survey-app` command as a process; what it tells goes into a log, as an operator may keep it."""
        return self._run("-m", "survey_app.cli", *command)

    def run_planted(self, program: str, *command: str) -> str:
        """The same with a program that spoils something before it begins."""
        return self._run("-c", program + BEGIN, *command)

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        with (self.folder / "commands.log").open("a") as log:
            log.write(done.stdout + done.stderr)
        return done.stdout

    def environment(self) -> dict[str, str]:
        settings = self.context.settings
        return {
            **os.environ,
            "SURVEY_VAR": str(settings.var),
            "DATABASE_URL": str(self.context.database.url),
            "KEY_FOLDERS": os.pathsep.join(map(str, settings.key_folders)),
            "PUBLIC_URL": settings.public_url or "",
        }

    def person_marks(self) -> Marks:
        """All that names a person, their box included: which box is theirs the attacker is told outright."""
        named: dict[str, dict[Hashable, bytes]] = {}
        for one in self.people:
            row = self._institution(one)
            hashed = tokens.token_hash(one.token) or ""
            key = tokens.key_hash(self.held.campaign.public_id, hashed, one.form_key)
            for kind, mark in (
                ("code", one.token.encode()),
                ("code without dashes", one.token.replace("-", "").encode()),
                ("hash of the code", hashed.encode()),
                ("hash of the code, raw", bytes.fromhex(hashed)),
                ("key of the form", one.form_key.encode()),
                ("hash of the key", key.encode()),
                ("address", one.address.encode()),
                ("browser", one.browser.encode()),
                ("name", str(row["name"]).encode()),
                ("street", str(row["address"]).encode()),
            ):
                named.setdefault(kind, {})[one.stakeholder_id] = mark
        for person, box in self.boxes().items():
            named.setdefault("box", {})[person] = str(box["id"]).encode()
            named.setdefault("seal", {})[person] = bytes(box["box"])[:32]
        return named

    def boxes(self) -> dict[int, Row]:
        """Stakeholder id -> the box; the test knows it, for boxes are numbered as they come (SQLite: rowid)."""
        rows = self.dumps["end"].of_campaign("sealed_answer", self.held.campaign.id)
        came = sorted(rows, key=lambda row: row.get("_xmin", row["_place"]))
        return {one.stakeholder_id: row for one, row in zip(self.people, came, strict=True)}

    def _institution(self, one: Person) -> Row:
        rows = self.dumps["end"].tables["stakeholder"]
        return next(row for row in rows if row["id"] == one.stakeholder_id)

    def word_traces(self, moment: str) -> Traces:
        """Of answers that somebody kept readable: by their words alone."""
        return self._traces(
            {"words": {one.number: one.word.encode() for one in self.people}}, {}, (moment,), {}
        )

    def box_traces(self, moment: str) -> Traces:
        """Of boxes, each standing for the answer in it: what the key makes of them."""
        boxes = self.boxes()
        ids = {one.number: str(boxes[one.stakeholder_id]["id"]).encode() for one in self.people}
        seals = {one.number: bytes(boxes[one.stakeholder_id]["box"])[:32] for one in self.people}
        return self._traces({"box": ids, "seal": seals}, {}, (moment,), {})

    def look_only(self, begins: str, moment: str = "end") -> None:
        """The files of that moment whose names begin so, as a moment of their own; no table."""
        self.files[begins] = {
            name: left for name, left in self.files[moment].items() if name.startswith(begins)
        }
        self.dumps[begins] = Dump({})

    def answer_marks(self, after: Dump) -> Marks:
        """All that names an answer after the lock: the ids of its row and of its text, and its words."""
        rows = after.of_campaign("response", self.held.campaign.id)
        numbers = {one.word: one.number for one in self.people}
        texts = [
            row for row in after.of_campaign("open_text", self.held.campaign.id) if row["text"] in numbers
        ]
        return {
            "answer": {self.contents[fingerprint(attack._document(row))]: row["id"].encode() for row in rows},
            "text": {numbers[row["text"]]: row["id"].encode() for row in texts},
            "words": {one.number: one.word.encode() for one in self.people},
        }

    def people_traces(self, *moments: str, without: Set[str] = frozenset(), came: bool = True) -> Traces:
        """From the copies of these moments; with `came` also the order in which people came, as somebody saw it."""
        marks = {kind: named for kind, named in self.person_marks().items() if kind not in without}
        ids = {one.stakeholder_id: one.stakeholder_id for one in self.people}
        seen = {"outside knowledge": {one.stakeholder_id: place for place, one in enumerate(self.people)}}
        return self._traces(marks, {"stakeholder_id": ids}, moments, seen if came else {})

    def answer_traces(self, after: str, *moments: str) -> Traces:
        return self._traces(self.answer_marks(self.dumps[after]), {}, (after, *moments), {})

    def _traces(
        self,
        marks: Marks,
        numbers: Mapping[str, Mapping[Hashable, Hashable]],
        moments: tuple[str, ...],
        known: dict[str, dict[Hashable, object]],
    ) -> Traces:
        keys, where = dict(known), {}
        seen: Seen = {}
        for moment in moments:
            found = traces(self.files[moment], marks, where=f"{moment}: ", seen=seen)
            keys |= found.keys | keys_of_tables(self.dumps[moment], marks, numbers, f"{moment}: ")
            where |= found.where
        return Traces(keys, where)


def start(
    context: Context, folder: Path, people: int, silent: int
) -> tuple[Served, list[tuple[str, dict[str, Value]]]]:
    """An open campaign by the machine's own clock, and who will send what, in the order of their coming."""
    now = dt.datetime.now(dt.UTC)
    context.clock.set(now)  # type: ignore[attr-defined]
    hour = dt.timedelta(hours=1)
    held = invited(context, people + silent, opens_at=now - hour, closes_at=now + 72 * hour, grace_minutes=0)
    folder.mkdir()
    source = random.Random(20261121)
    codes = source.sample(held.codes, people)
    return Served(context, held, folder), list(
        zip(codes, unlike_answers(held.instrument, people, source), strict=True)
    )


def come(served: Served, port: int, code: str, values: dict[str, Value]) -> Person:
    """One person's visit: the page, and its form sent back."""
    number = len(served.people)
    by_code = {one.code: one.stakeholder_id for one in served.held.issued}
    address, browser = f"127.7.{100 + number // 100}.{100 + number % 100}", f"Przegladarka/{1000 + number}"
    path = f"/a/{served.held.campaign.public_id}/{code}"
    page = _asked(port, address, browser, "GET", path)
    found = _KEY.search(page)
    assert found is not None
    fields = {"form_key": found[1].decode()}
    for key, value in values.items():
        question = served.held.instrument.by_id[key]
        fields |= {name: sent[0] for name, sent in handler(question.type).fields(question, value).items()}
    _asked(port, address, browser, "POST", path, urlencode(fields))
    kept = fingerprint(answers_to_json(answers(served.held.instrument, values).answers))
    served.contents[kept] = number
    one = Person(by_code[code], code, number, fields["form_key"], address, browser, str(values["p10"]))
    served.people.append(one)
    return one


def _asked(port: int, address: str, browser: str, method: str, path: str, body: str = "") -> bytes:
    told = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(address, 0))
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": browser,
        "x-forwarded-for": address,
    }
    with closing(told) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    assert answer.status == (200 if method == "GET" else 303), content.decode()
    return content


@contextmanager
def serving(served: Served, program: str | None = None) -> Iterator[int]:
    """`survey-app serve`, or a planted program instead, with its log kept; the port."""
    port = free_port()
    command = [sys.executable, *(["-c", program + BEGIN] if program else ["-m", "survey_app.cli"])]
    command += ["serve", "--port", str(port), "--workers", "2"]
    with (
        (served.folder / "server.log").open("ab") as log,
        subprocess.Popen(command, env=served.environment(), stdout=log, stderr=log) as server,
    ):
        try:
            _wait_for(server, port)
            yield port
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    late = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert server.poll() is None, "the server has ended"
        assert time.monotonic() < late, "the server did not start"
        time.sleep(0.05)
