"""What a console sends, read strictly: a change that cannot be read is refused in words, and the others are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.errors import InvalidInputError
from survey_app.forms.typed_text import shown
from survey_app.polish import counted, whole

MOST_CHANGES = 200
NOTE_LENGTH = 50_000
FIELD_LENGTH = 500
REASON_LENGTH = 500
LONGEST_SECONDS = 7 * 24 * 3600  # of a part, and of an interview: a tablet that slept for a week
MARKS = frozenset({"", "asked", "skipped", "earlier"})
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
LATEST_MS = 253_402_300_799_000  # the end of the year 9999
MOST_COUNTED = 2**31 - 1
_IDENTITY = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[A-Za-z0-9_]{1,60}")
_LINES_OF_WORD = str.maketrans("\v\f", "\n\n")  # soft line and page breaks, as pasted from a word processor

UNREADABLE = "Urządzenie przysłało coś, czego nie da się odczytać. Niczego nie zapisano."
DAMAGED = "Ta zmiana przyszła uszkodzona i nie została zapisana."


@dataclass(frozen=True, slots=True)
class SeatChange:
    """Somebody who was not expected. `newcomer`: who that is, whatever letter other devices gave meanwhile."""

    key: str
    letter: str
    role: str
    newcomer: str


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """`at`: of the device's clock. `newcomer` here and below: whom the device means by the letter, if it added them."""

    key: str
    letter: str
    agreed: bool
    evidence: bool | None
    at: int
    base: int
    newcomer: str | None = None


@dataclass(frozen=True, slots=True)
class FieldsChange:
    key: str
    letter: str
    fields: Mapping[str, str]
    newcomer: str | None = None


@dataclass(frozen=True, slots=True)
class NoteChange:
    """`base`: the revision that the device knew. `change`: counts the changes of one open page.

    `mended`: it is kept otherwise than it was sent (see `kept_text`), or under another letter.
    """

    key: str
    id: str
    base: int
    change: int
    question: str
    letter: str | None
    text: str
    quotation: bool
    second: int
    variant_of: str | None
    deleted: bool
    mended: bool = False
    newcomer: str | None = None


@dataclass(frozen=True, slots=True)
class MarkChange:
    key: str
    question: str
    mark: str
    base: int
    change: int


@dataclass(frozen=True, slots=True)
class PartChange:
    key: str
    section: str
    seconds: int
    change: int


@dataclass(frozen=True, slots=True)
class HeldChange:
    key: str
    at: int
    absent: tuple[str, ...]
    departure_reason: str


@dataclass(frozen=True, slots=True)
class UnreadChange:
    """What could not be read, and why."""

    key: str
    message: str


Change = (
    SeatChange
    | ConsentChange
    | FieldsChange
    | NoteChange
    | MarkChange
    | PartChange
    | HeldChange
    | UnreadChange
)


@dataclass(frozen=True, slots=True)
class Message:
    """`now`: what the device's clock said when it sent this. `person`: whose notes they are; None: not said."""

    writer: str
    now: int
    person: int | None
    changes: tuple[Change, ...]


def read_message(body: bytes) -> Message:
    """InvalidInputError: not a message of a console at all, or more changes than one message may hold."""
    try:
        sent = json.loads(body.decode("utf-8"))
        if not isinstance(sent, dict):
            raise _UnreadError(UNREADABLE)
        changes = sent.get("changes")
        if not isinstance(changes, list):
            raise _UnreadError(UNREADABLE)
        writer, now = _identity(sent, "writer"), _whole(sent, "now", LATEST_MS)
        person = None if sent.get("person") is None else _whole(sent, "person")
    except (ValueError, RecursionError):  # what was sent must not stand in the log
        raise InvalidInputError(UNREADABLE) from None
    if len(changes) > MOST_CHANGES:
        raise InvalidInputError(
            f"W jednej przesyłce może być najwyżej {MOST_CHANGES} zmian, a jest {len(changes)}. "
            "Niczego nie zapisano; prosimy odświeżyć konsolę, wtedy wyśle je częściami."
        )
    return Message(writer, now, person, tuple(_read(change) for change in changes))


class _UnreadError(ValueError):
    """A change, or a message, that is not as it should be; the text is for the person."""


def _read(sent: object) -> Change:
    key = sent.get("key", "") if isinstance(sent, dict) else ""
    key = str(key)[:200] if isinstance(key, str | int) else ""
    try:
        if not isinstance(sent, dict) or sent.get("kind") not in _READERS:
            raise _UnreadError(DAMAGED)
        return _READERS[sent["kind"]](key, sent)
    except _UnreadError as error:
        return UnreadChange(key, str(error))
    except TypeError:  # a kind that is a list is in no mapping
        return UnreadChange(key, DAMAGED)


def _seat(key: str, sent: dict[str, Any]) -> SeatChange:
    if sent.get("role") != "other":
        raise _UnreadError("Osobę spoza planu dopisuje się w konsoli tylko jako „inna osoba”.")
    return SeatChange(key, _letter(sent), "other", _identity(sent, "newcomer"))


def _consent(key: str, sent: dict[str, Any]) -> ConsentChange:
    agreed, evidence = _truth(sent, "agreed"), sent.get("evidence")
    if evidence is not None and not isinstance(evidence, bool):
        raise _UnreadError(DAMAGED)
    if evidence is not None and not agreed:
        raise _UnreadError(
            "O użycie zdania jako podstawy kodu pyta się tylko osobę, która zgodziła się na rozmowę."
        )
    base = _count(sent, "base")
    at = _whole(sent, "at", LATEST_MS)
    return ConsentChange(key, _letter(sent), agreed, evidence, at, base, _newcomer(sent))


def _fields(key: str, sent: dict[str, Any]) -> FieldsChange:
    fields = sent.get("fields")
    if not isinstance(fields, dict):
        raise _UnreadError(DAMAGED)
    read = {}
    for name, value in fields.items():
        if not _NAME.fullmatch(name):
            raise _UnreadError(DAMAGED)
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise _UnreadError(DAMAGED)
        read[name] = "" if value is None else kept_text(str(value)).strip()
        if len(read[name]) > FIELD_LENGTH:
            raise _UnreadError(_too_long("Pole o rozmówcy", read[name], FIELD_LENGTH))
    return FieldsChange(key, _letter(sent), read, _newcomer(sent))


def _note(key: str, sent: dict[str, Any]) -> NoteChange:
    note_id, deleted = _identity(sent, "id"), _truth(sent, "deleted", False)
    variant_of = None if sent.get("variant_of") is None else _identity(sent, "variant_of")
    typed = "" if deleted else _text(sent, "text")
    text = kept_text(typed)
    if len(text) > NOTE_LENGTH:
        raise _UnreadError(_too_long("Notatka", text, NOTE_LENGTH))
    return NoteChange(
        key=key,
        id=note_id,
        base=_count(sent, "base"),
        change=_count(sent, "change"),
        question=_name(sent, "question", empty=True),
        letter=None if sent.get("letter") is None else _letter(sent),
        text=text,
        quotation=_truth(sent, "quotation", False),
        second=_seconds(sent, "second"),
        variant_of=variant_of if variant_of != note_id else None,
        deleted=deleted,
        mended=text != typed,
        newcomer=_newcomer(sent),
    )


def _mark(key: str, sent: dict[str, Any]) -> MarkChange:
    mark = _text(sent, "mark")
    if mark not in MARKS:
        raise _UnreadError(DAMAGED)
    return MarkChange(key, _name(sent, "question"), mark, _count(sent, "base"), _count(sent, "change"))


def _part(key: str, sent: dict[str, Any]) -> PartChange:
    return PartChange(key, _name(sent, "section"), _seconds(sent, "seconds"), _count(sent, "change"))


def _held(key: str, sent: dict[str, Any]) -> HeldChange:
    absent = sent.get("absent", [])
    if not isinstance(absent, list) or not all(isinstance(one, str) and one in LETTERS for one in absent):
        raise _UnreadError(DAMAGED)
    reason = "" if sent.get("departure_reason") is None else kept_text(_text(sent, "departure_reason"))
    if len(reason) > REASON_LENGTH:
        raise _UnreadError(_too_long("Powód", reason, REASON_LENGTH))
    return HeldChange(key, _whole(sent, "at", LATEST_MS), tuple(absent), reason)


_READERS: Mapping[str, Callable[[str, dict[str, Any]], Change]] = {
    "seat": _seat,
    "consent": _consent,
    "fields": _fields,
    "note": _note,
    "mark": _mark,
    "part": _part,
    "held": _held,
}


def kept_text(typed: str) -> str:
    """As it is kept: one kind of line break, a visible mark for a sign that no store can hold, nothing else touched.

    Letters are not composed and ends are not cut: positions of passages count from what was typed.
    """
    return shown(typed.translate(_LINES_OF_WORD))


def _too_long(name: str, text: str, limit: int) -> str:
    length = counted(len(text), "znak", "znaki", "znaków")
    return f"{name}: tekst ma {length}, a może mieć najwyżej {whole(limit)}. Nie został zapisany; prosimy go podzielić."


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise _UnreadError(DAMAGED)
    return value


def _truth(sent: dict[str, Any], name: str, default: bool | None = None) -> bool:
    value = sent.get(name, default)
    if not isinstance(value, bool):
        raise _UnreadError(DAMAGED)
    return value


def _whole(sent: dict[str, Any], name: str, most: int = MOST_COUNTED) -> int:
    value = sent.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise _UnreadError(DAMAGED)
    return value


def _count(sent: dict[str, Any], name: str) -> int:
    """Nothing known yet counts as nought."""
    return 0 if sent.get(name) is None else _whole(sent, name)


def _seconds(sent: dict[str, Any], name: str) -> int:
    """Whole ones; a clock that ran away harms no note."""
    value = sent.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _UnreadError(DAMAGED)
    return int(min(max(value, 0), LONGEST_SECONDS))


def _letter(sent: dict[str, Any]) -> str:
    letter = sent.get("letter")
    if not isinstance(letter, str) or letter not in LETTERS:
        raise _UnreadError(DAMAGED)
    return letter


def _identity(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not _IDENTITY.fullmatch(value):
        raise _UnreadError(DAMAGED)
    return value


def _newcomer(sent: dict[str, Any]) -> str | None:
    return None if sent.get("newcomer") is None else _identity(sent, "newcomer")


def _name(sent: dict[str, Any], name: str, *, empty: bool = False) -> str:
    value = sent.get(name)
    value = "" if value is None else value
    if not isinstance(value, str) or not (_NAME.fullmatch(value) or (empty and not value)):
        raise _UnreadError(DAMAGED)
    return value
