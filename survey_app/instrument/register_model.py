"""What makes a definition a register: a list of entries, each with a state, days, those it concerns, and a log.

The fields of an entry are the questions of the file. A timetable, meetings, actions, offers and needs, partnerships:
all are registers, and differ in their files alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class RegisterGroup(StrEnum):
    """Where a register is listed."""

    PLAN = "plan"  # timetable, campaign of information
    MEETING = "meeting"  # meetings and votes
    PERSUASION = "persuasion"  # actions of the scenariusz oddziaływań
    RESOURCES = "resources"  # offers and needs
    SERVICES = "services"  # state of certification
    NETWORK = "network"  # LSR, task partnerships, RPW


class RegisterLevel(StrEnum):
    """Whose it is."""

    GMINA = "gmina"
    REGION = "region"


class About(StrEnum):
    """What an entry is about, beside its fields."""

    NOTHING = "nothing"
    STAKEHOLDER = "stakeholder"
    EITHER = "either"  # a stakeholder or a sector of the catalogue


class PartyKind(StrEnum):
    """Who can be added to an entry."""

    STAKEHOLDERS = "stakeholders"  # of the gmina's catalogue
    GMINAS = "gminas"  # of the region
    NAMES = "names"  # anybody, by name


@dataclass(frozen=True, slots=True)
class RegisterState:
    """`final`: nothing is expected any more. `reason`: whoever sets it says why. `proof`: the evidence to write."""

    id: str
    label: str
    final: bool = False
    reason: bool = False
    proof: str = ""


@dataclass(frozen=True, slots=True)
class LogKind:
    """What can be written into the log of an entry. `after`: another kind that has to stand there first."""

    id: str
    label: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Those whom an entry brings together. `replies`: each says yes or no, with words. `roles`: to choose from.

    `matched_with`: key of the register of offers; a party's yes can name one of its entries.
    """

    kinds: tuple[PartyKind, ...]
    label: str
    replies: bool = False
    roles: tuple[str, ...] = ()
    matched_with: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """Motions are voted on at an entry (a meeting): one seat, one vote. `quorum`: more than this share of all seats has
    to be present; a motion passes with more than `majority` of the votes given for and against.
    """

    quorum: float = 0.5
    majority: float = 0.5


@dataclass(frozen=True, slots=True)
class RegisterRules:
    """What the service does with a register.

    `nouns`: one, few, many ("zadanie", "zadania", "zadań"). `named_by`: the question whose answer is an entry's name.
    `required`: questions without which an entry is not kept. `starts`, `due`: questions about days; what has one stands
    in the calendar, and is late after `due`, or where it has none and `late_after_start`, after `starts`. `in_order`:
    further pairs of days whose second may not come before the first. `hour`, `place`: questions about the hour of the
    day that an entry starts on, and where; the calendar shows them. `about_label`: what it is called whom an entry is
    about. `responsible`: an entry has a member who answers for it. `states`: the first is the one that an entry begins
    in. `lead_days`: entries should be made so long before `due`; the page says when they were not. `single`: a gmina
    has at most one. `edition`: of the diagnoza that lists it.
    """

    group: RegisterGroup
    nouns: tuple[str, str, str]
    named_by: str
    states: tuple[RegisterState, ...]
    order: int = 100
    level: RegisterLevel = RegisterLevel.GMINA
    about: About = About.NOTHING
    about_label: str = "Kogo dotyczy"
    responsible: bool = False
    required: tuple[str, ...] = ()
    starts: str = ""
    due: str = ""
    late_after_start: bool = False
    in_order: tuple[tuple[str, str], ...] = ()
    hour: str = ""
    place: str = ""
    lead_days: int = 0
    log: tuple[LogKind, ...] = ()
    parties: Parties | None = None
    votes: Votes | None = None
    single: bool = False
    edition: str = ""  # "", "public", "internal"

    @property
    def days_in_order(self) -> tuple[tuple[str, str], ...]:
        """(earlier, later): questions about days."""
        own = ((self.starts, self.due),) if self.starts and self.due else ()
        return (*own, *self.in_order)

    @property
    def one_line(self) -> frozenset[str]:
        """Questions that nobody answers in more than one line."""
        return frozenset((self.named_by, self.hour, self.place)) - {""}

    def state(self, state_id: str) -> RegisterState:
        """KeyError if there is no such state."""
        return _by_id(self.states, state_id)

    def known_state(self, state_id: str) -> RegisterState:
        """As `state`; one that the file no longer knows is called by its id, and something is still expected in it."""
        return next((one for one in self.states if one.id == state_id), RegisterState(state_id, state_id))

    def log_kind(self, kind_id: str) -> LogKind:
        """KeyError if there is no such kind."""
        return _by_id(self.log, kind_id)


_T = TypeVar("_T", RegisterState, LogKind)


def _by_id(found: tuple[_T, ...], wanted: str) -> _T:
    """The one with this id. KeyError."""
    for one in found:
        if one.id == wanted:
            return one
    raise KeyError(wanted)
