"""The strict reading of a body: nothing is guessed, nothing is cut."""

from __future__ import annotations

import io

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from survey_app.web.request_body import (
    LARGEST_BODY,
    MOST_FIELDS,
    SentForm,
    TooLargeError,
    UnreadableError,
    WrongKindError,
    read_form,
)

FORM = "application/x-www-form-urlencoded"


def sent(body: bytes, kind: str = FORM) -> Request:
    return Request(
        EnvironBuilder(
            method="POST", input_stream=io.BytesIO(body), content_length=len(body), content_type=kind
        ).get_environ()
    )


def test_fields_are_read_in_order_blank_ones_too() -> None:
    form = read_form(sent(b"a=1&b=&a=2&c=%C5%BC%C3%B3%C5%82w+%F0%9F%98%80"))
    assert form == SentForm({"a": ["1", "2"], "b": [""], "c": ["żółw 😀"]})


def test_the_charset_may_be_named() -> None:
    assert read_form(sent(b"a=1", FORM + "; charset=UTF-8")).fields == {"a": ["1"]}


@pytest.mark.parametrize("body", [b"a=%BF%F3%B3w", "a=żółw".encode("cp1250")])
def test_windows_letters_are_shown_but_known_for_a_guess(body: bytes) -> None:
    assert read_form(sent(body)) == SentForm({"a": ["żółw"]}, readable=False)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain", ""])
def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(WrongKindError):
        read_form(sent(b"a=1", kind))


def test_the_largest_body_is_taken_and_one_byte_more_is_not() -> None:
    assert len(read_form(sent(b"a=" + b"x" * (LARGEST_BODY - 2))).fields["a"][0]) == LARGEST_BODY - 2
    with pytest.raises(TooLargeError):
        read_form(sent(b"a=" + b"x" * (LARGEST_BODY - 1)))


def test_ten_megabytes_are_drained_and_refused() -> None:
    request = sent(b"a=" + b"x" * 10_000_000)
    with pytest.raises(TooLargeError):
        read_form(request)
    assert request.stream.read() == b""


def test_a_flood_of_fields_is_refused() -> None:
    assert len(read_form(sent(b"&".join(b"a=1" for _ in range(MOST_FIELDS)))).fields["a"]) == MOST_FIELDS
    with pytest.raises(UnreadableError):
        read_form(sent(b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1))))
