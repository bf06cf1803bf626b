"""People who answer an ankieta, each on a path of their own: think, mistake something, mend it, send twice, leave.

What a visitor was thanked for is written down by a sentence that nobody else writes (question 10), so that afterwards
each acknowledged answer can be looked for.
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from bench.browser import Browser, Diary, Form, UnexpectedError
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import Answer
from survey_app.services.demo.answers import made_up
from tests.campaign_kit import Held

AT_ONCE = 150  # visitors at the most: who thinks is there, too
TOO_LONG = "a" * 600  # of a box that takes 500
# What somebody does -> how many of a hundred. The rest answers and goes.
WAYS: Mapping[str, int] = {
    "leaves": 8,
    "sends twice at once": 8,
    "sends again after the thanks": 4,
    "types too much": 8,
    "answers beside the path": 8,
    "sends it empty by mistake": 4,
    "comes back with a used invitation": 4,
}
PLAIN = "answers"


@dataclass(slots=True)
class Ledger:
    """What one campaign's respondents were told. `unsure`: sent, and never heard what became of it."""

    held: Held
    thanked: list[str] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)  # invitations that nobody has used yet
    mutex: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"/a/{self.held.campaign.public_id}"

    def next_code(self) -> str | None:
        with self.mutex:
            return self.codes.pop() if self.codes else None


@dataclass(slots=True)
class Crowd:
    """Visitors of some campaigns at one address. `think`: mean seconds between two steps of one person."""

    base: str
    ledgers: list[Ledger]
    diary: Diary
    source: random.Random
    think: float = 1.0

    def come(self, per_second: float, stop: Callable[[], bool]) -> None:
        """One after the other, at random moments, until `stop`; returns when the last one has gone."""
        with ThreadPoolExecutor(AT_ONCE) as people:
            due = time.monotonic()
            while not stop():
                due += self.source.expovariate(per_second)
                time.sleep(max(0.0, due - time.monotonic()))
                people.submit(self._one, random.Random(self.source.random()))

    def _one(self, source: random.Random) -> None:
        ledger = source.choice(self.ledgers)
        way = source.choices([PLAIN, *WAYS], [100 - sum(WAYS.values()), *WAYS.values()])[0]
        try:
            with Browser(self.base, self.diary) as browser:
                visit = Visit(browser, ledger, source, self.think)
                visit.go(way)
                if browser.session.cookies:
                    self.diary.fault("a respondent was given a cookie")
        except UnexpectedError:
            return  # written down where it was met
        except Exception as error:
            self.diary.fault(f"the visitor itself: {error!r}"[:200])


@dataclass(slots=True)
class Visit:
    """One person, one visit."""

    browser: Browser
    ledger: Ledger
    source: random.Random
    think: float
    path: str = ""

    def go(self, way: str) -> None:
        if self.ledger.held.codes:
            code = self.ledger.next_code()
            if code is None:
                return self.browser.diary.went("finds no invitation left")
            page = self._by_invitation(code)
        else:
            self.path = self.ledger.address
            page = self.browser.visit("the form", self.path)
        self.browser.diary.went(way)
        form = Form(page)
        self._wait()
        if way == "leaves":
            return None
        mark = f"Zdanie {self.source.getrandbits(64):016x}"
        form.fields |= self._known(form, self._typed(mark))
        form = self._mistake(way, form, mark)
        self._wait()
        self._sent(form, mark, at_once=2 if way == "sends twice at once" else 1)
        if way == "sends again after the thanks":
            self.browser.send("the same form again", self.path, form.fields, 303)
        if way == "comes back with a used invitation" and self.ledger.held.codes:
            self._again()
        return None

    def _by_invitation(self, code: str) -> str:
        """Half follow the link; the others type the code from the letter, one of ten with a slip."""
        self.path = f"{self.ledger.address}/{code}"
        if self.source.random() < 0.5:
            return self.browser.visit("the form", self.path)
        form = Form(self.browser.visit("the page for a code", self.ledger.address))
        self._wait()
        kind = "a typed code"
        if self.source.random() < 0.1:
            wrong = {**form.fields, "kod": f"{code[:-1]}!"}
            form = Form(self.browser.send("a mistyped code", form.action, wrong, 404).text)
            self._wait()
        answer = self.browser.send(kind, form.action, {**form.fields, "kod": code.lower()}, 303)
        self._expect(answer.headers["Location"].endswith(code.lower()), "a code leads elsewhere")
        self.path = answer.headers["Location"]
        return self.browser.visit("the form", self.path)

    def _typed(self, mark: str) -> dict[str, str]:
        """Answers on one of the paths: each answer decides what comes after it."""
        instrument = self.ledger.held.instrument
        option = self.source.choice([one.id for one in instrument.by_id["p1"].options])
        typed = fields_of(instrument, made_up(instrument, option, self.source).answers)
        typed["p10"] = mark
        if self.ledger.held.campaign.mode == "named" and not self.ledger.held.codes:
            typed["institution_name"] = f"Koło nr {self.source.randrange(1000)}"
        return typed

    def _known(self, form: Form, typed: dict[str, str]) -> dict[str, str]:
        self._expect(set(typed) <= form.names, f"no field {sorted(set(typed) - form.names)[:3]} in the form")
        return typed

    def _mistake(self, way: str, form: Form, mark: str) -> Form:
        """The form to send in the end: where something was wrong, it came back with all that was typed."""
        right = dict(form.fields)
        if way == "types too much":
            form.fields["p11-1"] = TOO_LONG
            back = self._back(form, mark)
            self._expect(back.fields.get("p11-1") == TOO_LONG, "a long text came back cut")
            back.fields["p11-1"] = right["p11-1"] or "samotność"
            return back
        if way == "answers beside the path":
            form.fields |= {"p2": "nie", "p2_cele-1": "wspólne ferie"}
            for beside in ("p3", "p4"):
                form.fields.pop(beside, None)
            back = self._back(form, mark)
            self._expect("drop_off_path" in back.buttons, "no button to send without what is beside the path")
            back.fields["drop_off_path"] = back.buttons["drop_off_path"]
            return back
        if way == "sends it empty by mistake":
            empty = {name: text for name, text in right.items() if name in ("form_key", "institution_name")}
            back = Form(self.browser.send("an empty form", self.path, empty, 422).text)
            back.fields |= {name: text for name, text in right.items() if name in back.names}
            return back
        return form

    def _back(self, form: Form, mark: str) -> Form:
        back = Form(self.browser.send("a form with a fault", self.path, form.fields, 422).text)
        self._expect(back.fields.get("p10") == mark, "a form came back without what was typed")
        self._expect(
            back.fields.get("form_key") == form.fields["form_key"], "a form came back with another key"
        )
        self._wait()
        return back

    def _sent(self, form: Form, mark: str, at_once: int) -> None:
        """Once, or twice at once, as an impatient thumb does; each of the two is to be thanked for."""
        with self.ledger.mutex:
            self.ledger.unsure.add(mark)
        with ThreadPoolExecutor(at_once) as thumbs:
            presses = [thumbs.submit(self._press, form.fields) for _ in range(at_once)]
            answers = [press.result() for press in presses]
        with self.ledger.mutex:
            self.ledger.thanked.append(mark)
            self.ledger.unsure.discard(mark)
        self.browser.follow("the thanks", answers[0])

    def _press(self, fields: dict[str, str]) -> requests.Response:
        with Browser(self.browser.base, self.browser.diary) as other:  # a session is no thing for two threads
            return other.send("an answer", self.path, fields, 303)

    def _again(self) -> None:
        form = Form(self.browser.visit("the form", self.path))
        form.fields |= self._typed(f"Drugi raz {self.source.getrandbits(64):016x}")
        self.browser.send("another answer to a used invitation", self.path, form.fields, 410)

    def _wait(self) -> None:
        time.sleep(self.source.expovariate(1 / self.think) if self.think else 0)

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.browser.diary.fault(otherwise)
            raise UnexpectedError(otherwise)


def fields_of(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What a browser sends for a record: field name -> text, of the answered questions alone."""
    fields: dict[str, str] = {}
    for question in instrument.questions:
        value = answers[question.id].value
        if isinstance(value, dict):
            fields[question.id] = str(value["option"])
            if value.get("text"):
                fields[f"{question.id}-{value['option']}"] = str(value["text"])
        elif isinstance(value, list):
            fields |= {f"{question.id}-{place}": text for place, text in enumerate(value, 1)}
        elif value is not None:
            fields[question.id] = str(value)
    return fields


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the acknowledged answers. `strange`: stored, though nobody sent them, or nobody was unsure."""

    acknowledged: int
    stored: int
    missing: int
    doubled: int
    strange: int

    @property
    def balanced(self) -> bool:
        return not (self.missing or self.doubled or self.strange)

    def __str__(self) -> str:
        told = f"acknowledged {self.acknowledged}, stored {self.stored}"
        if self.balanced:
            return f"{told}: each once"
        return f"{told}; MISSING {self.missing}, DOUBLED {self.doubled}, STRANGE {self.strange}"


def account(thanked: list[str], unsure: set[str], stored: list[str]) -> Account:
    """By their marks. An answer whose thanks got lost may be stored or not, but once at the most."""
    counts: dict[str, int] = defaultdict(int)
    for mark in stored:
        counts[mark] += 1
    known = set(thanked)
    return Account(
        acknowledged=len(known),
        stored=len(stored),
        missing=sum(1 for mark in known if not counts[mark]),
        doubled=sum(times - 1 for times in counts.values() if times > 1),
        strange=sum(
            1 for mark, times in counts.items() if times and mark not in known and mark not in unsure
        ),
    )
