"""Strict reading of a sent form: its size, its kind, its encoding; nothing is guessed, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Request

from survey_app.errors import SurveyError

LARGEST_BODY = 256 * 1024
# Read and thrown away, so that the page that says "too large" arrives instead of a broken connection.
LARGEST_DRAINED = 24 * 1024 * 1024
MOST_FIELDS = 1_000
FORM = "application/x-www-form-urlencoded"
_PORTION = 64 * 1024
_UNESCAPED = re.compile(rb"[\x80-\xff]")


class TooLargeError(SurveyError):
    """More than a filled form can be."""

    status = 413


class WrongKindError(SurveyError):
    """Not what a form of this service sends."""

    status = 415


class UnreadableError(SurveyError):
    """Fields that cannot be told apart."""

    status = 400


@dataclass(frozen=True, slots=True)
class SentForm:
    """`readable` is False when the text was not UTF-8: the fields then hold a guess, to be shown, never stored."""

    fields: Mapping[str, list[str]]
    readable: bool = True


def read_form(request: Request) -> SentForm:
    """The fields of a POST. Raises TooLargeError, WrongKindError or UnreadableError."""
    body = _read_body(request)
    if request.mimetype != FORM:
        raise WrongKindError("Prosimy wysłać formularz ze strony ankiety. Nic nie zostało zapisane.")
    return read_fields(body)


def read_fields(body: bytes) -> SentForm:
    """The fields of a form as a browser sends it. Raises UnreadableError."""
    try:
        pairs, readable = _pairs(body)
    except ValueError:
        raise UnreadableError(
            "Formularz przyszedł uszkodzony i nie da się go odczytać. Nic nie zostało zapisane."
        ) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return SentForm(fields, readable)


def _read_body(request: Request) -> bytes:
    """Raises TooLargeError after draining what a patient server may drain."""
    request.max_content_length = None  # the limit is this function's own
    stream = request.stream
    if (request.content_length or 0) <= LARGEST_BODY:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) <= LARGEST_BODY:
            return body
    drained = 0
    while drained < LARGEST_DRAINED and (portion := stream.read(_PORTION)):
        drained += len(portion)
    raise TooLargeError(
        f"Wysłany tekst jest większy niż {LARGEST_BODY // 1024} KB. Nic nie zostało zapisane. "
        "Prosimy wrócić do ankiety i skrócić odpowiedzi."
    )


def _pairs(body: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Names and values, and whether they were UTF-8. ValueError: too many fields."""
    text = _UNESCAPED.sub(lambda byte: b"%%%02X" % byte[0][0], body).decode("ascii")
    try:
        return _parsed(text, "utf-8", "strict"), True
    except UnicodeDecodeError:
        return _parsed(text, "cp1250", "replace"), False


def _parsed(text: str, encoding: str, errors: str) -> list[tuple[str, str]]:
    return parse_qsl(
        text, keep_blank_values=True, encoding=encoding, errors=errors, max_num_fields=MOST_FIELDS
    )
