"""What the protocol of one interview says, in words and in order; the same for every renderer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProtocolNote:
    """`speaker`: "Osoba A", or "Bez litery". `quotation`: literal words."""

    speaker: str
    quotation: bool
    words: str


@dataclass(frozen=True, slots=True)
class ProtocolQuestion:
    """`words`: with the question's number; "" under no question. `mark`: in words, or ""."""

    words: str
    mark: str
    notes: tuple[ProtocolNote, ...]


@dataclass(frozen=True, slots=True)
class ProtocolPart:
    """A part of the scenario, by its title."""

    title: str
    questions: tuple[ProtocolQuestion, ...]


@dataclass(frozen=True, slots=True)
class InterviewProtocol:
    """Everything in words. `facts`: term and text. `consents`: letter, institution, role, first yes, second yes.

    `times`: part, planned, spent; empty where no time was measured. `version`: which notes these are; `sha256`: of
    them. `warning`: "" for a locked version. `made_at`: aware.
    """

    name: str
    gmina_name: str
    facts: tuple[tuple[str, str], ...]
    consents: tuple[tuple[str, str, str, str, str], ...]
    times: tuple[tuple[str, str, str], ...]
    parts: tuple[ProtocolPart, ...]
    version: str
    sha256: str
    warning: str
    made_at: dt.datetime
