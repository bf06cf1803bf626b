"""Notes that a page writes without a console go by the same rules, on both stores."""

from __future__ import annotations

import pytest

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import notes
from survey_app.services.interviewing.notes import NoteDraft
from tests.console_kit import Device, at_once, state, talk, texts
from tests.interview_kit import GMINA
from tests.stores import Clock

# Pages without a console --------------------------------------------------------------------------------------------


def test_notes_of_one_second_stand_in_the_order_of_writing(context: Context, clock: Clock) -> None:
    interview = talk(context)
    written = [f"Zdanie {number}" for number in range(10, 30)]
    for words in written:
        draft = NoteDraft("p1_1", "A", words, second=7)
        notes.add_or_change(context, GMINA, interview.id, None, draft, 0, None)
        clock.advance(milliseconds=30)
    assert texts(context, interview) == written


def test_a_note_that_is_added_afterwards_stands_after_those_of_the_talk(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    for words, second in (("Później", 900), ("Wcześniej", 20)):
        device.one(device.note(words, second=second))
    notes.add_or_change(context, GMINA, interview.id, None, NoteDraft("", "A", "Z pamięci"), 0, None)
    assert texts(context, interview) == ["Wcześniej", "Później", "Z pamięci"]


def test_a_page_writes_by_the_same_rules(context: Context) -> None:
    interview = talk(context)
    where = (context, GMINA, interview.id)
    draft = NoteDraft("p1_1", "A", "Z kartki\r\nprzepisane")
    kept = notes.add_or_change(*where, None, draft, 0, None)
    assert (kept.text, kept.revision) == ("Z kartki\nprzepisane", 1)
    longer = NoteDraft("p1_1", "A", "Z kartki, dłużej", quotation=True)
    assert notes.add_or_change(*where, kept.id, longer, 1, None).revision == 2
    with pytest.raises(ConflictError):
        notes.add_or_change(*where, kept.id, draft, 1, None)
    with pytest.raises(ConflictError):
        notes.remove(*where, kept.id, 1, None)
    for wrong in (
        NoteDraft("", "B", "Nie ma takiej osoby"),
        NoteDraft("", "A", " \n "),
        NoteDraft("", "A", "x" * 50_001),
        NoteDraft("wiek", "A", "47"),
    ):
        with pytest.raises(InvalidInputError):
            notes.add_or_change(*where, None, wrong, 0, None)
    notes.remove(*where, kept.id, 2, None)
    notes.remove(*where, kept.id, 2, None)  # twice is once
    with pytest.raises(ConflictError):
        notes.add_or_change(*where, kept.id, longer, 3, None)
    for unknown in ("0" * 32, "nie-ma"):
        with pytest.raises(NotFoundError):
            notes.remove(*where, unknown, 1, None)
    assert texts(context, interview) == []


@pytest.mark.parametrize(
    ("keep", "left"),
    [("mine", {"Moje"}), ("theirs", {"Ich"}), ("both", {"Moje", "Ich"}), ("text", {"Razem\nz obu"})],
)
def test_a_variant_is_settled_by_choice(context: Context, keep: str, left: set[str]) -> None:
    interview = talk(context)
    device = Device(context, interview)
    root = device.note("Ich", question="p1_1")
    variant = device.note("Moje", question="p1_2", variant_of=root["id"])
    device.send(root, variant)
    where = (context, GMINA, interview.id, variant["id"], keep, None)
    with pytest.raises(ConflictError):
        notes.settle_variant(*where, text="Razem", known=(1, 2))
    notes.settle_variant(*where, text="Razem\r\nz obu", known=(1, 1))
    found = state(context, interview)["notes"]
    assert {note["text"] for note in found} == left
    assert {note["variant_of"] for note in found} == {None}
    with pytest.raises(ConflictError):
        notes.settle_variant(*where, text="Znowu")
    if keep != "both":
        assert state(context, interview)["gone"] == [variant["id"]]


def test_two_who_settle_at_once_agree_or_the_second_is_told(context: Context) -> None:
    interview = talk(context)
    device = Device(context, interview)
    root = device.note("Ich")
    variant = device.note("Moje", variant_of=root["id"])
    device.send(root, variant)
    where = (context, GMINA, interview.id, variant["id"])
    failed = at_once(
        lambda: notes.settle_variant(*where, "mine", None, known=(1, 1)),
        lambda: notes.settle_variant(*where, "theirs", None, known=(1, 1)),
    )
    assert [type(error) for error in failed] == [ConflictError]
    assert len(texts(context, interview)) == 1


def test_a_choice_that_is_none_is_refused(context: Context) -> None:
    interview = talk(context)
    with pytest.raises(InvalidInputError):
        notes.settle_variant(context, GMINA, interview.id, "0" * 32, "oba", None)
