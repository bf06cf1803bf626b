"""What consoles bring in, on both stores: twice, overtaken, from two devices, at the same moment; nothing is doubled or
overwritten.
"""

from __future__ import annotations

import uuid

from survey_app.services.context import Context
from survey_app.services.interviewing import withdraw
from survey_app.store import notes as store
from tests import interview_kit as kit
from tests.console_kit import Device, at_once, said, state, talk, texts
from tests.interview_kit import GMINA

# The same again, and answers that were lost -----------------------------------------------------------------------


def test_the_same_message_twice_keeps_every_note_once(context: Context) -> None:
    interview = kit.planned(context)
    device = Device(context, interview)
    message = (device.consent(), device.note("Pierwsza"), device.mark("asked"), device.part(30))
    first = device.send(*message)
    assert {one["outcome"] for one in first} == {"kept"}
    before = state(context, interview)
    assert device.send(*message) == first
    assert state(context, interview) == before
    assert texts(context, interview) == ["Pierwsza"]


def test_a_page_whose_answer_was_lost_goes_on_with_its_own_note(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    first = device.note("Działa")
    device.send(first)  # the answer is lost: the device still knows no revision
    assert said(device.one(device.note("Działamy razem", first["id"]))) == ("kept", 2)
    device.one(device.mark("asked"))
    assert said(device.one(device.mark("earlier"))) == ("kept", 2)
    assert texts(context, interview) == ["Działamy razem"]


def test_a_message_that_was_overtaken_changes_nothing(context: Context) -> None:
    """A request hung, the page sent a newer one, and then the first arrived."""
    interview = talk(context)
    device = Device(context, interview)
    early, late = device.note("Dzia"), device.note("Działamy")
    late["id"] = early["id"]
    assert said(device.one(late)) == ("kept", 1)
    answer = device.one(early)
    assert (answer["outcome"], answer["current"]["text"]) == ("conflict", "Działamy")
    assert texts(context, interview) == ["Działamy"]


def test_a_deletion_that_overtook_its_note_keeps_it_out(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    written = device.note("Pomyłka")
    deleted = {**device.note("", written["id"]), "deleted": True}
    assert said(device.one(deleted)) == ("kept", 1)
    assert device.one(written)["outcome"] == "gone"
    assert (texts(context, interview), state(context, interview)["gone"]) == ([], [written["id"]])


# Two devices ------------------------------------------------------------------------------------------------------


def test_two_devices_on_one_note_keep_both_texts(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    first = one.note("Wspólny początek")
    one.send(first)
    assert said(one.one(one.note("Od pierwszego", first["id"], 1))) == ("kept", 2)
    answer = other.one(other.note("Od drugiego", first["id"], 1))
    assert (answer["outcome"], answer["revision"]) == ("conflict", 2)
    assert answer["current"]["text"] == "Od pierwszego"
    kept = other.one(other.note("Od drugiego", variant_of=first["id"]))
    assert kept["outcome"] == "kept"
    found = {note["text"]: note["variant_of"] for note in state(context, interview)["notes"]}
    assert found == {"Od pierwszego": None, "Od drugiego": first["id"]}


def test_two_devices_that_wrote_the_same_agree(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    first = one.note("Tak samo", second=10)
    one.send(first)
    assert said(other.one(other.note("Tak samo", first["id"], second=12))) == ("kept", 1)
    other.send(other.mark("asked"))
    assert said(one.one(one.mark("asked"))) == ("kept", 1)


def test_a_mark_of_two_devices_is_told_and_not_overwritten(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    one.send(one.mark("asked"))
    answer = other.one(other.mark("skipped"))
    assert (answer["outcome"], answer["current"]) == ("conflict", {"mark": "asked", "revision": 1})
    assert said(other.one(other.mark("skipped", 1))) == ("kept", 2)


def test_of_two_clocks_the_longer_time_stands(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    one.send(one.part(120))
    answer = other.one(other.part(40))
    assert (answer["outcome"], answer["current"]["seconds"]) == ("kept", 120)
    assert said(other.one(other.part(10**9))) == ("kept", 2)
    assert state(context, interview)["parts"]["wiedza_partnerstwo"]["seconds"] == 7 * 24 * 3600


def test_a_deletion_that_did_not_know_the_newest_text_deletes_nothing(context: Context) -> None:
    interview = talk(context)
    one, other = Device(context, interview), Device(context, interview)
    first = one.note("Stare")
    one.send(first)
    other.send(other.note("Nowe", first["id"], 1))
    answer = one.one({**one.note("", first["id"], 1), "deleted": True})
    assert (answer["outcome"], answer["current"]["text"]) == ("conflict", "Nowe")
    assert texts(context, interview) == ["Nowe"]


def test_a_variant_is_of_a_note_that_is_there(context: Context) -> None:
    """Of another interview's note, of its own variant, of itself, of nothing: then it stands by itself."""
    interview, other_talk = talk(context), talk(context)
    device, foreign = Device(context, interview), Device(context, other_talk)
    elsewhere = foreign.note("Gdzie indziej")
    foreign.send(elsewhere)
    root, variant = device.note("Jedno"), device.note("Drugie")
    variant["variant_of"] = root["id"]
    device.send(root, variant)
    third = device.note("Trzecie", variant_of=variant["id"])
    own = device.note("Samo", variant_of=elsewhere["id"])
    circle = {**device.note("Jedno i pół", root["id"], 1), "variant_of": variant["id"]}
    nobody = device.note("Niczyje", variant_of=uuid.uuid4().hex)
    answers = device.send(third, own, circle, nobody)
    assert [one["outcome"] for one in answers] == ["kept"] * 4
    assert [one["current"]["variant_of"] for one in answers] == [root["id"], None, None, None]
    answer = device.one(device.note("Cudze", elsewhere["id"], 1))
    assert (answer["outcome"], answer["current"]) == ("refused", None)
    assert texts(context, other_talk) == ["Gdzie indziej"]


# No note without consent ------------------------------------------------------------------------------------------


def test_no_note_without_consent(context: Context) -> None:
    interview = kit.planned(context, "fgi", 3)
    device = Device(context, interview)

    def outcomes() -> list[str]:
        sent = [device.note(str(letter), letter=letter) for letter in ("A", "B", "C", None, "Z")]
        return [one["outcome"] for one in device.send(*sent)]

    assert outcomes() == ["refused"] * 5
    device.send(device.consent("A", agreed=False))
    assert outcomes() == ["refused"] * 5
    device.send(device.consent("B"))
    assert outcomes() == ["refused", "kept", "refused", "kept", "refused"]
    assert device.one(device.note("", letter="C"))["message"].startswith("Osoba C nie odpowiedziała")
    assert device.one(device.note("", letter="A"))["message"].startswith("Osoba A nie zgodziła się")
    assert sorted(texts(context, interview)) == ["B", "None"]


def test_consent_and_notes_of_a_whole_evening_come_in_one_message(context: Context) -> None:
    interview = kit.planned(context)
    device = Device(context, interview)
    began = device.now - 3 * 3600 * 1000
    answers = device.send(device.note("Za wcześnie"), device.consent(at=began), device.note("Po zgodzie"))
    assert [one["outcome"] for one in answers] == ["refused", "kept", "kept"]
    assert texts(context, interview) == ["Po zgodzie"]


def test_a_second_answer_about_evidence_needs_no_guess(context: Context) -> None:
    """The first answer was lost; then the second question was asked."""
    interview = kit.planned(context)
    device = Device(context, interview)
    first = device.consent()
    device.send(first)
    assert said(device.one(device.consent(evidence=True))) == ("kept", 2)
    assert said(device.one(first)) == ("kept", 2)  # late, and says less
    other = Device(context, interview)
    answer = other.one(other.consent(agreed=False))
    assert (answer["outcome"], answer["current"]["agreed"]) == ("conflict", True)
    refused = other.one(other.consent(agreed=False, evidence=True))
    assert refused["outcome"] == "refused"


def test_what_a_person_says_of_herself_needs_consent_and_comes_back(context: Context) -> None:
    interview = kit.planned(context)
    device = Device(context, interview)
    fields = {"key": "f", "kind": "fields", "letter": "A", "fields": {"wiek": 47, "stanowisko": None}}
    assert device.one(fields)["outcome"] == "refused"
    assert state(context, interview)["seats"][0]["fields"] is None
    device.send(device.consent())
    assert device.one(fields)["current"] == {"fields": {"wiek": "47"}}
    device.send({**fields, "fields": {"stanowisko": "wójt"}})
    device.send({**fields, "fields": {"wiek": ""}})
    assert state(context, interview)["seats"][0]["fields"] == {"stanowisko": "wójt"}


# At the same moment -----------------------------------------------------------------------------------------------


def test_devices_at_once_on_one_note_lose_no_text(context: Context) -> None:
    """Each does as a device does: on a conflict its text becomes a variant."""
    interview = talk(context)
    name, devices = uuid.uuid4().hex, [Device(context, interview) for _ in range(4)]

    def write(device: Device, text: str) -> None:
        if device.one(device.note(text, name))["outcome"] == "conflict":
            assert device.one(device.note(text, variant_of=name))["outcome"] == "kept"

    failed = at_once(*(lambda d=d, n=n: write(d, f"Tekst {n}") for n, d in enumerate(devices)))
    assert failed == []
    found = state(context, interview)["notes"]
    assert sorted(note["text"] for note in found) == [f"Tekst {n}" for n in range(4)]
    assert sorted(note["variant_of"] or "" for note in found) == sorted(["", name, name, name])


def test_many_messages_at_once_keep_everything_once(context: Context) -> None:
    interview = kit.planned(context, "fgi", 3)
    devices = [Device(context, interview) for _ in range(4)]
    name = uuid.uuid4().hex

    def write(device: Device, number: int) -> None:
        message = (
            {"key": "s", "kind": "seat", "letter": "D", "role": "other", "newcomer": name},
            device.consent("A"),
            *(device.note(f"{number}.{place}") for place in range(5)),
            device.mark("asked"),
            device.part(number),
            device.held(absent=["B", "C", "D"], departure_reason="Przyszła jedna osoba"),
        )
        for _ in range(2):
            assert {one["outcome"] for one in device.send(*message)} == {"kept"}

    assert at_once(*(lambda d=d, n=n: write(d, n) for n, d in enumerate(devices))) == []
    assert sorted(texts(context, interview)) == sorted(f"{n}.{m}" for n in range(4) for m in range(5))
    found = state(context, interview)
    assert found["parts"]["wiedza_partnerstwo"]["seconds"] == 3
    assert [seat["letter"] for seat in found["seats"]] == ["A", "B", "C", "D"]
    assert found["interview"]["state"] == "held"


def test_a_withdrawal_at_the_same_moment_leaves_no_word(context: Context) -> None:
    interview = talk(context)
    devices = [Device(context, interview) for _ in range(3)]

    def write(device: Device) -> None:
        for place in range(5):
            assert device.one(device.note(f"Słowo {place}"))["outcome"] in ("kept", "gone")

    failed = at_once(
        *(lambda d=d: write(d) for d in devices),
        lambda: withdraw.withdraw(context, GMINA, interview.id, "A", None),
    )
    assert failed == []
    assert texts(context, interview) == []
    with context.database.reading() as session:
        assert {note.text for note in store.notes(session, interview.id, include_deleted=True)} <= {""}
