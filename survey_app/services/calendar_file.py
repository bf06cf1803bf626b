"""Calendar files (RFC 5545): moments in UTC, so that no calendar has to know when clocks change in Poland; or days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

PRODUCT = "-//survey-app//{}//PL"
LINE_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """`uid` never changes; `sequence` grows with each change, so that a calendar replaces what it holds.

    `ends_at`: None where nobody said how long it takes.
    """

    uid: str
    sequence: int
    changed_at: dt.datetime
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    summary: str
    category: str = ""
    location: str = ""
    address: str = ""
    description: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What stands at a day, as `CalendarEvent` does at a moment; nobody is busy because of it."""

    uid: str
    sequence: int
    changed_at: dt.datetime
    day: dt.date
    summary: str
    category: str
    location: str = ""
    address: str = ""
    description: str = ""
    cancelled: bool = False


def calendar_bytes(
    events: Iterable[CalendarEvent | CalendarDay], product: str = "wywiady", name: str = ""
) -> bytes:
    """UTF-8, lines of at most 75 octets, CRLF. `product`: which part of the service writes; `name`: of the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT.format(product)}", "CALSCALE:GREGORIAN"]
    if name:
        lines.append(f"X-WR-CALNAME:{_text(name)}")
    for event in events:
        lines += _event_lines(event) if isinstance(event, CalendarEvent) else _day_lines(event)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event_lines(event: CalendarEvent) -> list[str]:
    when = [f"DTSTART:{_utc(event.starts_at)}"]
    if event.ends_at is not None:
        when.append(f"DTEND:{_utc(event.ends_at)}")
    return _lines(event, when)


def _day_lines(event: CalendarDay) -> list[str]:
    after = event.day + dt.timedelta(days=1)
    when = [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    return _lines(event, [*when, "TRANSP:TRANSPARENT"])


def _lines(event: CalendarEvent | CalendarDay, when: Iterable[str]) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"LAST-MODIFIED:{_utc(event.changed_at)}",
        *when,
        f"SUMMARY:{_text(event.summary)}",
    ]
    if event.category:
        lines.append(f"CATEGORIES:{_text(event.category)}")
    lines.append(f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}")
    if event.location:
        lines.append(f"LOCATION:{_text(event.location)}")
    if event.address:
        lines.append(f"URL:{event.address}")  # a URI is not a text: nothing in it is escaped
    if event.description:
        lines.append(f"DESCRIPTION:{_text(event.description)}")
    return [*lines, "END:VEVENT"]


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """No line is longer than 75 octets without its end; a letter of several octets is not torn apart."""
    parts, part = [], b""
    for sign in line:
        octets = sign.encode("utf-8")
        if len(part) + len(octets) > LINE_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
