"""What the console keeps: a cut wire, a killed browser, two tabs, two devices, an ended session."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from survey_app.services.context import Context
from survey_app.services.interviewing import participants, withdraw
from survey_app.store import interviews as interview_store
from survey_app.store import notes as note_store
from tests.coding_rows import id_of
from tests.e2e.console_browser import (
    MODERATOR,
    Device,
    Devices,
    Replica,
    Talk,
    log_in,
    talking,
)
from tests.integration.staff import GMINA
from tests.stores import Clock

pytestmark = pytest.mark.browser


def test_what_is_written_comes_to_the_service_and_nothing_without_consent(
    devices: Devices, talk: Talk
) -> None:
    one = Replica.open(devices(), talk)
    assert one.status["vault"] == "ok"
    with pytest.raises(Error, match="no consent"):
        one.write("Słowa bez zgody")
    assert one.notes == []
    one.agree()
    note = one.write("Działamy")
    assert one.write("Działamy razem 🤝", note) == note
    one.settle()
    assert talk.notes() == [("Działamy razem 🤝", False)]


def test_notes_of_one_second_stand_in_the_order_of_writing(devices: Devices, talk: Talk) -> None:
    one = Replica.open(devices(), talk)
    one.agree()
    written = [f"Zdanie {number}" for number in range(10, 30)]
    for words in written:
        one.write(words)
    one.settle()
    with talk.context.database.reading() as session:
        assert [note.text for note in note_store.notes(session, talk.interview_id)] == written


def test_a_cut_wire_and_lost_answers_double_nothing(devices: Devices, talk: Talk) -> None:
    one = Replica.open(devices(), talk)
    one.agree()
    note = one.write("Najpierw")
    one.settle()
    talk.wire.cut = True
    one.write("Najpierw, potem", note)
    one.send()
    assert one.status["online"] is False
    assert one.status["waiting"] == 1
    talk.wire.cut = False
    talk.wire.lose = 1
    one.send()
    one.write("Najpierw, potem, na końcu", note)
    one.settle()
    assert talk.notes() == [("Najpierw, potem, na końcu", False)]


def test_a_lost_answer_is_known_again_after_a_reload(devices: Devices, talk: Talk) -> None:
    one = Replica.open(devices(), talk)
    one.agree()
    one.settle()
    talk.wire.lose = 1
    note = one.write_and_send("Pierwsze słowa")
    assert one.status["waiting"] == 1
    assert talk.texts() == ["Pierwsze słowa"]
    one.do("replica.flush()")
    talk.wire.cut = True
    one.page.goto("about:blank")
    talk.wire.cut = False
    one.load()
    talk.wire.cut = True
    one.start()
    one.write("Pierwsze słowa i drugie", note)
    one.do("replica.flush()")
    talk.wire.cut = False
    one.settle()
    assert talk.notes() == [("Pierwsze słowa i drugie", False)]


def test_a_killed_browser_loses_at_most_the_last_second(browser: Browser, talk: Talk, tmp_path: Path) -> None:
    """Typed letter by letter; the wire is cut in part two, the browser killed in part three, and nobody saves."""
    device = Device(browser, tmp_path / "profile")
    try:
        one = Replica.open(device.switch_on(), talk)
        one.agree()
        first = one.write("Tekst z części pierwszej, wysłany.")
        one.settle()
        talk.wire.cut = True
        before = "Słowa z części drugiej, bez sieci: ąęśćż 🤝."
        one.write(before)
        one.do(
            """{ window.typed = ""; window.note = null;
              window.typing = setInterval(() => { typed += `${typed.length % 10}`;
                note = replica.writeNote(note, {question: "p3_1", letter: "A", text: typed, second: 99}); }, 20); }"""
        )
        one.until("typed.length > 40")
        long_ago = one.do("typed.length")
        one.kept()
        device.kill()
        talk.wire.cut = False
        again = Replica.open(device.switch_on(), talk, email=None)
        texts = [note["text"] for note in again.notes if note["id"] != first]
        log_in(again.page.context, talk)  # the cookie of the session went with the browser
        again.do("window.dispatchEvent(new Event('focus'))")
        again.settle()
        assert before in texts
        assert len(texts) == 2
        typed = next(text for text in texts if text != before)
        assert len(typed) >= long_ago
        assert typed == "".join(str(place % 10) for place in range(len(typed)))
        assert talk.notes() == sorted(
            (text, False) for text in [*texts, "Tekst z części pierwszej, wysłany."]
        )
    finally:
        device.kill()


def test_no_word_stands_readable_in_the_profile(browser: Browser, talk: Talk, tmp_path: Path) -> None:
    device = Device(browser, tmp_path / "profile")
    try:
        one = Replica.open(device.switch_on(), talk)
        one.agree()
        one.do("replica.setFields('A', {stanowisko: 'Bibliotekarkaxyz'})")
        one.write("Zielonkawo brzmiące zdanie")
        one.settle()
        talk.wire.cut = True
        one.write("Granatowe zdanie, które czeka")
        one.do("replica.flush()")
        device.kill()
        assert device.holds("wywiady-")  # the copy is there
        for words in (
            "Zielonkawo",
            "Granatowe",
            "Bibliotekarkaxyz",
            "Sieć Reintegracji",
            "działające partnerstwo",
        ):
            assert device.holds(words) == []
    finally:
        device.kill()


def test_two_tabs_write_alike_and_fork_where_both_wrote(devices: Devices, talk: Talk) -> None:
    context = devices()
    one = Replica.open(context, talk)
    one.agree()
    note = one.write("Wspólne")
    one.settle()
    two = Replica.open(context, talk, email=None)
    two.until("replica.notes.size === 1")
    one.write("Wspólne zdanie", note)
    two.until("[...replica.notes.values()][0].text === 'Wspólne zdanie'")
    # Both in the same moment: the second one has not heard of the first one's words, however soon they were kept.
    talk.wire.cut = True
    two.do("{ window.hear = replica.keeping.channel.onmessage; replica.keeping.channel.onmessage = null; }")
    for tab, words in ((one, "Wspólne zdanie, raz"), (two, "Wspólne zdanie, dwa")):
        tab.do("void replica.writeNote(given[0], {text: given[1]})", [note, words])
    two.do("{ replica.keeping.channel.onmessage = hear; }")
    one.until("replica.flush().then(() => replica.notes.size === 2)")
    two.until("replica.flush().then(() => replica.notes.size === 2)")
    talk.wire.cut = False
    one.settle()
    two.settle()
    assert sorted(talk.texts()) == ["Wspólne zdanie, dwa", "Wspólne zdanie, raz"]
    assert sorted(beside for _, beside in talk.notes()) == [False, True]
    assert one.notes == two.notes or sorted(n["text"] for n in one.notes) == sorted(
        n["text"] for n in two.notes
    )


def test_two_devices_stand_side_by_side_until_a_person_decides(devices: Devices, talk: Talk) -> None:
    one = Replica.open(devices(), talk)
    one.agree()
    note = one.write("Zaczęte")
    one.settle()
    two = Replica.open(devices(), talk)
    assert [note["text"] for note in two.notes] == ["Zaczęte"]
    two.write("Zaczęte i dokończone na tablecie", note)
    two.settle()
    moved = one.do(
        """new Promise((done) => { replica.addEventListener("change", ({detail}) => detail.from && done(detail));
          replica.writeNote(given, {text: "Zaczęte i dokończone na laptopie"}); replica.send(); })""",
        note,
    )
    assert moved["from"] == note
    one.settle()
    assert talk.notes() == [
        ("Zaczęte i dokończone na laptopie", True),
        ("Zaczęte i dokończone na tablecie", False),
    ]
    one.do("replica.settle(given, 'mine')", moved["id"])
    one.settle()
    assert talk.notes() == [("Zaczęte i dokończone na laptopie", False)]


def test_two_people_whom_two_devices_gave_one_letter_do_not_share_a_consent(
    devices: Devices, sqlite_context: Context, clock: Clock
) -> None:
    """Both devices are without a network when somebody who was not expected comes to each of them; one refuses."""
    with talking(sqlite_context, clock, "fgi", "ABCDEF") as group:
        one, two = (Replica.open(devices(), group) for _ in range(2))
        two.do("replica.addEventListener('told', ({ detail }) => told.push(detail))")
        group.wire.cut = True
        assert [one.do("replica.addSeat()"), two.do("replica.addSeat()")] == ["G", "G"]
        assert two.do("replica.addSeat()") == "H"
        one.do("replica.setConsent('G', {agreed: false})")
        for letter in "GH":
            two.agree(letter)
            two.write(f"Osoba {letter} tabletu", letter=letter, question="")
        group.wire.cut = False
        one.settle()
        two.settle()
        with group.context.database.reading() as session:
            interview = interview_store.get(session, GMINA, group.interview_id)
            assert interview is not None
            consents = participants.consents(session, interview)
            agreed = {letter: consents[letter].agreed for letter in consents if letter > "F"}
            letters = {seat.id: seat.letter for seat in interview.seats}
            words = {
                letters[note.seat_id or 0]: note.text for note in note_store.notes(session, interview.id)
            }
        assert agreed["G"] is False
        assert sorted(agreed) == ["G", "H", "I"]
        assert (agreed["H"], agreed["I"]) == (True, True)
        assert "G" not in words
        assert sorted(words.values()) == ["Osoba G tabletu", "Osoba H tabletu"]
        assert {one["letter"]: one["text"] for one in two.notes} == words
        moved = {one["was"]: one["id"] for one in two.told if one["kind"] == "seat"}
        assert words[moved["G"]] == "Osoba G tabletu"
        last = two.write("Dalej", letter=moved["G"], question="")
        two.settle()
        with group.context.database.reading() as session:
            note = note_store.get(session, last)
            assert note is not None
            assert letters[note.seat_id or 0] == moved["G"]


def test_a_mark_and_an_answer_that_lose_are_told(devices: Devices, talk: Talk) -> None:
    one = Replica.open(devices(), talk)
    two = Replica.open(devices(), talk)
    two.do("replica.addEventListener('told', ({ detail }) => told.push(detail))")
    one.do("replica.setMark('p1_1', 'asked')")
    one.do("replica.setConsent('A', {agreed: true})")
    one.settle()
    two.do("replica.setConsent('A', {agreed: false})")
    two.do("replica.setMark('p1_1', 'skipped')")
    two.settle()
    assert two.do("replica.marks.get('p1_1').mark") == "asked"
    assert {(lost["kind"], lost["id"]) for lost in two.told} == {("mark", "p1_1"), ("consent", "A")}
    assert {lost["was"].get("mark") for lost in two.told} == {"skipped", None}


def test_a_session_that_ended_loses_nothing(devices: Devices, talk: Talk) -> None:
    context = devices()
    one = Replica.open(context, talk)
    one.agree()
    one.settle()
    talk.clock.advance(days=2)
    one.write("Po końcu sesji")
    one.send()
    status = one.status
    assert status["session"] == "ended"
    assert status["waiting"] == 1
    assert status["loginUrl"] == f"/logowanie?next={talk.path}/konsola"
    log_in(context, talk)  # in another tab
    one.do("window.dispatchEvent(new Event('focus'))")
    one.settle()
    assert one.status["session"] == "alive"
    assert talk.notes() == [("Po końcu sesji", False)]


def test_another_person_sends_nothing_of_the_first(devices: Devices, talk: Talk) -> None:
    context = devices()
    one = Replica.open(context, talk)
    one.agree()
    one.settle()
    talk.clock.advance(days=2)
    one.write("Słowa pierwszej osoby")
    one.send()
    log_in(context, talk, "anna@example.org")  # the coordinator, who may read this interview
    one.do("window.dispatchEvent(new Event('focus'))")
    one.until("replica.status.session === 'refused'")
    one.send()
    assert "inna osoba" in one.status["message"]
    assert one.status["waiting"] == 1
    assert talk.texts() == []
    context.clear_cookies()
    log_in(context, talk, MODERATOR)
    one.do("window.dispatchEvent(new Event('focus'))")
    one.settle()
    assert talk.texts() == ["Słowa pierwszej osoby"]


def test_a_late_device_revives_nothing_that_was_withdrawn(devices: Devices, talk: Talk) -> None:
    late = Replica.open(devices(), talk)
    late.agree()
    note = late.write("Powiedziane")
    late.settle()
    talk.wire.cut = True
    late.write("Powiedziane i dopisane bez sieci", note)
    late.write("Druga notatka bez sieci")
    late.do("replica.flush()")
    moderator = id_of(talk.context, MODERATOR)
    withdraw.withdraw(talk.context, GMINA, talk.interview_id, "A", moderator)
    talk.wire.cut = False
    late.settle()
    assert talk.texts() == []
    assert late.notes == []
    assert {told["why"] for told in late.told} == {"withdrawn"}
    late.reload()
    assert late.notes == []


def test_a_late_device_revives_nothing_that_was_deleted_but_offers_its_words(
    devices: Devices, talk: Talk
) -> None:
    late = Replica.open(devices(), talk)
    late.agree()
    note = late.write("Powiedziane")
    late.settle()
    other = Replica.open(devices(), talk)
    late.page.context.set_offline(True)
    late.write("Powiedziane i dopisane bez sieci", note)
    late.do("replica.flush()")
    other.do("replica.removeNote(given)", note)
    other.settle()
    assert late.status["waiting"] == 1
    late.page.context.set_offline(False)
    late.settle()
    assert talk.texts() == []
    assert [(told["why"], told["text"]) for told in late.told] == [
        ("deleted", "Powiedziane i dopisane bez sieci")
    ]
    late.reload()
    assert [note["status"] for note in late.notes] == ["gone"]
    late.do("replica.revive(given)", note)
    late.settle()
    assert talk.notes() == [("Powiedziane i dopisane bez sieci", False)]


def test_without_a_vault_the_page_says_so_and_works_with_the_network(devices: Devices, talk: Talk) -> None:
    context = devices()
    context.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    one = Replica.open(context, talk)
    assert one.status["vault"] == "missing"
    assert "nie pozwala zachować" in one.status["message"]
    one.agree()
    one.write("Tylko przez sieć")
    one.settle()
    assert talk.texts() == ["Tylko przez sieć"]
