"""An open page of a console, for tests: knows what it was told, and sends what a real one would send."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from survey_app.services.context import Context
from survey_app.services.interviewing import console, console_sync, interviews
from survey_app.services.interviewing.console_message import read_message
from survey_app.services.interviewing.interviews import Interview
from tests import interview_kit as kit
from tests.interview_kit import GMINA

Answer = dict[str, Any]


@dataclass
class Device:
    """One open page of a console: knows what it was told, and counts its own changes."""

    context: Context
    interview: Interview
    ahead: dt.timedelta = dt.timedelta()
    writer: str = field(default_factory=lambda: uuid.uuid4().hex)
    changes: int = 0

    @property
    def now(self) -> int:
        return console.milliseconds(self.context.clock() + self.ahead)

    def next(self) -> int:
        self.changes += 1
        return self.changes

    def send(self, *changes: Answer) -> list[Answer]:
        body = json.dumps({"writer": self.writer, "now": self.now, "changes": changes}).encode()
        found = console_sync.apply(self.context, GMINA, self.interview.id, read_message(body), None)
        return [one.words() for one in found]

    def one(self, change: Answer) -> Answer:
        (found,) = self.send(change)
        return found

    def note(self, text: str, name: str = "", base: int = 0, **words: Any) -> Answer:
        written = {"question": "", "letter": "A", "text": text, "base": base, "change": self.next()}
        return {"key": text, "kind": "note", "id": name or uuid.uuid4().hex, **written, **words}

    def mark(self, mark: str, base: int = 0) -> Answer:
        question = "p1_1" if self.interview.form == "idi" else "g1_1"
        words = {"question": question, "mark": mark, "base": base, "change": self.next()}
        return {"key": "m", "kind": "mark", **words}

    def part(self, seconds: int) -> Answer:
        words = {"section": "wiedza_partnerstwo", "seconds": seconds, "change": self.next()}
        return {"key": "p", "kind": "part", **words}

    def consent(self, letter: str = "A", base: int = 0, **words: Any) -> Answer:
        asked = {"agreed": True, "evidence": None, "at": self.now, "base": base}
        return {"key": "z", "kind": "consent", "letter": letter, **asked, **words}

    def held(self, **words: Any) -> Answer:
        return {"key": "h", "kind": "held", "at": self.now, "absent": [], **words}


def talk(context: Context, form: str = "idi", agreed: str = "A", people: int = 1) -> Interview:
    found = kit.planned(context, form, people)
    kit.agree(context, found, agreed)
    return found


def state(context: Context, interview: Interview) -> dict[str, Any]:
    found = interviews.interview(context, GMINA, interview.id)
    return console.state(context, found, "Janów Lubelski")


def texts(context: Context, interview: Interview) -> list[str]:
    return [one["text"] for one in state(context, interview)["notes"]]


def said(answer: Answer) -> tuple[str, int | None]:
    return answer["outcome"], answer["revision"]


def at_once(*actions: Callable[[], object]) -> list[BaseException]:
    """Runs them at the same moment; what went wrong."""
    gate, failed = threading.Barrier(len(actions)), list[BaseException]()

    def run(action: Callable[[], object]) -> None:
        gate.wait()
        try:
            action()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed
