"""Whatever becomes of the messages of several open pages (lost, answered in vain, late, doubled), no text is lost and
none is kept twice.

The pages here do what the contract asks of a device, and no more: a conflict becomes a note beside the other one, and
the text of a note that somebody deleted meanwhile becomes a new note.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_app.services.context import Context
from tests import interview_kit as kit
from tests.console_kit import Device, state, talk
from tests.stores import Clock, settings_for

PAGES = 2
FATES = ("arrives", "answer lost", "late", "twice")


@pytest.fixture(scope="module")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    var = tmp_path_factory.mktemp("console")
    shutil.copyfile(sqlite_template, var / "survey.sqlite3")
    settings_ = settings_for(var, f"sqlite:///{var / 'survey.sqlite3'}")
    context = Context(settings_, Context.from_settings(settings_).database, Clock())
    kit.entries(context)
    yield context
    context.database.dispose()


@dataclass
class Local:
    """A note as a page has it. `change`: of what is not answered yet; 0: nothing waits."""

    text: str
    base: int = 0
    change: int = 0
    variant_of: str | None = None
    deleted: bool = False


@dataclass
class Page:
    device: Device
    names: Iterator[int]
    draw: random.Random
    notes: dict[str, Local] = field(default_factory=dict)
    late: list[list[dict[str, Any]]] = field(default_factory=list)
    typed_away: set[str] = field(default_factory=set)

    def type(self, word: str) -> None:
        """At the end of some note, or of a new one."""
        open_ = [name for name, note in self.notes.items() if not note.deleted]
        name = self.draw.choice(open_) if open_ else ""
        if not name or self.draw.random() < 0.1:
            self._begin(word)
            return
        note = self.notes[name]
        note.text, note.change = note.text + word, self.device.next()

    def delete(self) -> None:
        open_ = [name for name, note in self.notes.items() if not note.deleted]
        if open_:
            note = self.notes[self.draw.choice(open_)]
            self.typed_away.update(note.text)
            note.deleted, note.change = True, self.device.next()

    def fetch(self) -> None:
        """Takes what others wrote, where nothing of its own waits."""
        found = {note["id"]: note for note in state(self.device.context, self.device.interview)["notes"]}
        for name, note in found.items():
            if name not in self.notes or not self.notes[name].change:
                self.notes[name] = Local(note["text"], note["revision"], variant_of=note["variant_of"])
        for name in [name for name, note in self.notes.items() if name not in found and not note.change]:
            del self.notes[name]

    def send(self, fate: str) -> None:
        waiting = {name: note.change for name, note in self.notes.items() if note.change}
        message = [self._change(name) for name in waiting]
        if fate == "late":
            self.late.append(message)
            return
        answers = self.device.send(*message)
        if fate == "twice":
            self.device.send(*message)
        if fate != "answer lost":
            for name, answer in zip(waiting, answers, strict=True):
                self._take(name, answer)

    def deliver(self) -> None:
        """A message that had hung comes in; nobody waits for its answer any more."""
        if self.late:
            self.device.send(*self.late.pop(self.draw.randrange(len(self.late))))

    def _begin(self, text: str, variant_of: str | None = None) -> None:
        self.notes[f"{next(self.names):032x}"] = Local(text, 0, self.device.next(), variant_of)

    def _change(self, name: str) -> dict[str, Any]:
        note = self.notes[name]
        words = {"variant_of": note.variant_of, "deleted": note.deleted}
        return {**self.device.note(note.text, name, note.base, **words), "change": note.change}

    def _take(self, name: str, answer: dict[str, Any]) -> None:
        note, current = self.notes[name], answer["current"]
        if answer["outcome"] == "kept":
            note.base, note.change = answer["revision"], 0
            if current:
                note.variant_of = current["variant_of"]
            if note.deleted:
                del self.notes[name]
        elif answer["outcome"] == "conflict":
            self.notes[name] = Local(current["text"], answer["revision"], variant_of=current["variant_of"])
            if not note.deleted and note.text != current["text"]:
                self._begin(note.text, name)
        else:
            assert answer["outcome"] == "gone"
            del self.notes[name]
            if not note.deleted:
                self._begin(note.text)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    deeds=st.lists(
        st.tuples(
            st.integers(0, PAGES - 1),
            st.sampled_from(("type", "type", "type", "fetch", "fetch", "delete", "deliver", *FATES)),
        ),
        min_size=30,
        max_size=60,
    ),
    seed=st.integers(0, 2**16),
)
def test_no_text_is_lost_and_none_is_kept_twice(
    service: Context, deeds: list[tuple[int, str]], seed: int
) -> None:
    interview, draw = talk(service), random.Random(seed)
    names = count(interview.id * 2**32)
    pages = [Page(Device(service, interview), names, draw) for _ in range(PAGES)]
    words = (chr(number) for number in count(0x4E00))  # each is typed once
    typed = set()
    for place, deed in deeds:
        page = pages[place]
        if deed == "type":
            word = next(words)
            typed.add(word)
            page.type(word)
        elif deed in FATES:
            page.send(deed)
        else:
            getattr(page, deed)()
    settle(pages)
    kept = [note["text"] for note in state(service, interview)["notes"]]
    assert typed - set().union(*(page.typed_away for page in pages)) <= set("".join(kept))
    assert all(len(text) == len(set(text)) for text in kept), "a word stands twice in one note"
    assert len(kept) == len(set(kept)), "a note is kept twice"
    for page in pages:
        page.fetch()
        assert sorted(note.text for note in page.notes.values()) == sorted(kept)


def settle(pages: list[Page]) -> None:
    """The network is back: everything that waits or hung is brought in."""
    for _ in range(20):
        for page in pages:
            while page.late:
                page.deliver()
            page.send("arrives")
        if not any(note.change for page in pages for note in page.notes.values()):
            return
    raise AssertionError("the pages never come to an end")
