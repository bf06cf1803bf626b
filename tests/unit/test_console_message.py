"""What a console sends is read strictly, and change by change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from survey_app.errors import InvalidInputError
from survey_app.services.interviewing.console_message import (
    LONGEST_SECONDS,
    NOTE_LENGTH,
    Change,
    HeldChange,
    NoteChange,
    PartChange,
    UnreadChange,
    kept_text,
    read_message,
)

NAME = "0" * 32


def read(change: Any) -> Change:
    body = json.dumps({"writer": NAME, "now": 1, "changes": [change]}).encode()
    return read_message(body).changes[0]


def note(**words: Any) -> Change:
    return read({"key": "n", "kind": "note", "id": NAME, "text": "Słowa", "letter": "A", **words})


def test_a_note_is_read_with_what_was_left_out() -> None:
    found = note()
    assert isinstance(found, NoteChange)
    assert (found.text, found.base, found.question, found.deleted, found.mended) == (
        "Słowa",
        0,
        "",
        False,
        False,
    )


def test_positions_count_from_what_was_typed() -> None:
    """Letters are not composed and ends are not cut; only line breaks become one kind."""
    typed = " e\u0301 👩\u200d👧\u2028 \r\n\r\n "
    assert kept_text(typed) == " e\u0301 👩\u200d👧\u2028 \n\n "
    assert kept_text("a\0b\ud800c") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("second", [-5, 10**12, 1e300])
def test_seconds_of_a_clock_that_ran_away_are_brought_back(second: float) -> None:
    found = note(second=second)
    assert isinstance(found, NoteChange)
    assert found.second in (0, LONGEST_SECONDS)
    part = read({"key": "p", "kind": "part", "section": "otwarcie", "seconds": 1.9, "change": 1})
    assert isinstance(part, PartChange)
    assert part.seconds == 1


@pytest.mark.parametrize(
    "words",
    [
        {"id": "0" * 31},
        {"id": "G" * 32},
        {"id": None},
        {"letter": "AB"},
        {"letter": ""},
        {"letter": 1},
        {"text": None},
        {"text": ["a"]},
        {"base": True},
        {"base": 2**31},
        {"base": 1.5},
        {"change": "1"},
        {"question": "a b"},
        {"question": "x" * 61},
        {"variant_of": "b"},
        {"deleted": 0},
        {"second": float("nan")},
        {"kind": "inna"},
        {"kind": {}},
    ],
)
def test_a_damaged_change_keeps_its_key_and_says_so(words: dict[str, Any]) -> None:
    found = note(**words)
    assert isinstance(found, UnreadChange)
    assert (found.key, bool(found.message)) == ("n", True)


def test_the_longest_note_is_kept_and_one_sign_more_is_not() -> None:
    assert isinstance(note(text="👩" * NOTE_LENGTH), NoteChange)
    assert isinstance(note(text="👩" * (NOTE_LENGTH + 1)), UnreadChange)
    assert isinstance(note(text="x" * (NOTE_LENGTH + 1), deleted=True), NoteChange)


def test_a_note_is_no_variant_of_itself() -> None:
    found = note(variant_of=NAME)
    assert isinstance(found, NoteChange)
    assert found.variant_of is None


def test_the_end_is_read_with_and_without_a_reason() -> None:
    for reason in (None, "Przyszło mniej osób"):
        found = read({"key": "h", "kind": "held", "at": 1, "absent": ["A"], "departure_reason": reason})
        assert isinstance(found, HeldChange)
        assert (found.absent, found.departure_reason) == (("A",), reason or "")
    assert isinstance(read({"key": "h", "kind": "held", "at": 1, "absent": "A"}), UnreadChange)


def test_more_changes_than_a_message_may_hold_are_refused_whole() -> None:
    body = json.dumps({"writer": NAME, "now": 1, "changes": [{}] * 201}).encode()
    with pytest.raises(InvalidInputError, match="najwyżej 200"):
        read_message(body)
