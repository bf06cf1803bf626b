"""Whatever people do on two devices and in two tabs, over a wire that fails: no text is lost, and none is doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext

from survey_app.services.context import Context
from survey_app.services.interviewing import interviews
from survey_app.services.interviewing.interviews import InterviewDraft, SeatDraft
from survey_app.store import notes as note_store
from tests import interview_kit
from tests.coding_rows import id_of
from tests.e2e.console_browser import MODERATOR, Replica, Talk, talking
from tests.integration.staff import GMINA
from tests.stores import Clock

pytestmark = pytest.mark.browser

TABS = 3  # the first two are tabs of one device
APPEND = "replica.writeNote(given[0], {text: given[1], was: given[2]})"
Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, TABS - 1), st.just(0)),
        st.tuples(st.just("append"), st.integers(0, TABS - 1), st.integers(0, 3)),
        st.tuples(st.just("append"), st.integers(0, TABS - 1), st.just(0)),
        st.tuples(st.just("send"), st.integers(0, TABS - 1), st.just(0)),
        st.tuples(st.just("refresh"), st.integers(0, TABS - 1), st.just(0)),
        st.tuples(st.just("reload"), st.integers(0, TABS - 1), st.just(0)),
        st.tuples(st.just("lose"), st.just(0), st.integers(1, 2)),
        st.tuples(st.just("cut"), st.just(0), st.just(0)),
        st.tuples(st.just("join"), st.just(0), st.just(0)),
    ),
    min_size=6,
    max_size=16,
)


@dataclass
class Evening:
    """One interview on three tabs. Each word that is typed is a number of its own."""

    talk: Talk
    tabs: list[Replica]
    typed: int = 0
    steps: list[str] = field(default_factory=list)

    def word(self) -> str:
        self.typed += 1
        return f"s{self.typed}."

    def begin(self) -> None:
        """One note that all of them know: there they will meet."""
        self.write(self.tabs[0], 0)
        self.tabs[0].settle()
        for tab in self.tabs[1:]:
            self.refresh(tab, 0)

    def do(self, step: Step) -> None:
        name, tab, number = step
        getattr(self, name)(self.tabs[tab], number)

    def write(self, tab: Replica, _number: int) -> None:
        tab.write(self.word())

    def append(self, tab: Replica, number: int) -> None:
        notes = sorted(tab.notes, key=lambda note: str(note["id"]))
        if notes:
            note = notes[number % len(notes)]
            tab.do(APPEND, [note["id"], note["text"] + self.word(), note["text"]])

    def send(self, tab: Replica, _number: int) -> None:
        tab.send()

    def refresh(self, tab: Replica, _number: int) -> None:
        tab.do("(dispatchEvent(new Event('online')), replica.send())")

    def reload(self, tab: Replica, _number: int) -> None:
        tab.do("replica.flush()")  # what the last second held is no part of the promise
        was_cut, self.talk.wire.cut = self.talk.wire.cut, False
        tab.load()
        self.talk.wire.cut = was_cut
        tab.start()

    def lose(self, _tab: Replica, number: int) -> None:
        self.talk.wire.lose = number

    def cut(self, _tab: Replica, _number: int) -> None:
        self.talk.wire.cut = True

    def join(self, _tab: Replica, _number: int) -> None:
        self.talk.wire.cut = False

    def end(self) -> None:
        """The network is back, and everybody has sent and heard everything."""
        self.talk.wire.cut, self.talk.wire.lose = False, 0
        for _ in range(2):
            for tab in self.tabs:
                tab.settle()
        for tab in self.tabs:
            self.refresh(tab, 0)

    def families(self) -> dict[str, list[tuple[str, str]]]:
        """What the service has: the notes that stand side by side, by the id of the one that they stand beside."""
        found: dict[str, list[tuple[str, str]]] = {}
        with self.talk.context.database.reading() as session:
            for note in note_store.notes(session, self.talk.interview_id):
                found.setdefault(note.variant_of or note.id, []).append((note.id, note.text))
        return found


@pytest.fixture
def talk(sqlite_context: Context, clock: Clock) -> Iterator[Talk]:
    with talking(sqlite_context, clock) as served:
        yield served


@pytest.fixture
def tabs(browser: Browser, talk: Talk) -> Iterator[list[Replica]]:
    devices: list[BrowserContext] = [browser.new_context(), browser.new_context()]
    first = Replica.open(devices[0], talk)
    yield [first, Replica.open(devices[0], talk, email=None), Replica.open(devices[1], talk)]
    for device in devices:
        device.close()


def another_interview(talk: Talk) -> Talk:
    draft = InterviewDraft(
        talk.clock(),
        55,
        (SeatDraft("A", None, "other"),),
        moderator_id=id_of(talk.context, MODERATOR),
        departure_reason="Próba",
        project_title="Sieć",
    )
    planned = interviews.plan(talk.context, GMINA, "idi", draft, None)
    interview_kit.agree(talk.context, planned)
    return Talk(talk.context, talk.clock, talk.wire, talk.address, planned.id)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_no_text_is_lost_and_none_is_doubled(talk: Talk, tabs: list[Replica], steps: list[Step]) -> None:
    talk.wire.cut, talk.wire.lose = False, 0
    held = another_interview(talk)
    for tab in tabs:
        tab.talk = held
        tab.reload()
    evening = Evening(held, tabs)
    evening.begin()
    for step in steps:
        evening.do(step)
    evening.end()
    families = evening.families()
    texts = [text for notes in families.values() for _, text in notes]
    for text in texts:
        words = [word for word in text.split(".") if word]
        assert len(words) == len(set(words)), f"doubled within a note: {text}"
    homes = Counter(
        word for notes in families.values() for word in {w for _, text in notes for w in text.split(".") if w}
    )
    assert homes == {f"s{number}": 1 for number in range(1, evening.typed + 1)}, families
    there = sorted(pair for notes in families.values() for pair in notes)
    for tab in tabs:
        assert sorted((note["id"], note["text"]) for note in tab.notes) == there
        assert all(note["status"] == "sent" for note in tab.notes)
