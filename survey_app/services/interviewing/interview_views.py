"""The plan of interviews as people read it: who is heard where, and what is still missing. METHOD, "IDI and FGI"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.interviewing.interview_departures import scenario_departures
from survey_app.services.interviewing.interview_scenario import Limits, limits_of
from survey_app.services.interviewing.interviews import ROLES, is_moderator_of
from survey_app.store import catalogue, people
from survey_app.store import interviews as store
from survey_app.store.catalogue import Stakeholder
from survey_app.store.interviews import CANCELLED, HELD, IDI, PLANNED, Interview

OUTSIDE = "spoza katalogu"


@dataclass(frozen=True, slots=True)
class SeatView:
    """`role`: in words. `natural_person`: the name is a person's own. `left`: no longer in the catalogue."""

    letter: str
    stakeholder_id: int | None
    name: str
    role: str
    natural_person: bool
    left: bool
    absent: bool


@dataclass(frozen=True, slots=True)
class InterviewView:
    """`moderator` is "" while nobody is chosen. `told`: what departs from the scenario. `missing`: what is not set yet.

    `overdue`: its time is over, and nobody has said whether it took place.
    """

    interview: Interview
    seats: tuple[SeatView, ...]
    moderator: str
    moderator_gone: bool
    limits: Limits
    told: tuple[str, ...]
    missing: tuple[str, ...]
    overdue: bool

    @property
    def ends_at(self) -> dt.datetime:
        return self.interview.starts_at + dt.timedelta(minutes=self.interview.minutes)

    @property
    def institutions(self) -> tuple[str, ...]:
        """Each once, in the order of the seats."""
        return tuple(dict.fromkeys(seat.name for seat in self.seats))


@dataclass(frozen=True, slots=True)
class Heard:
    """One of the people that a stakeholder needs: heard on that day, else planned for that moment, else missing."""

    held_on: dt.date | None = None
    planned_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """A stakeholder of the catalogue. A natural person speaks for herself, so `works` is None. FGI count apart."""

    stakeholder_id: int
    name: str
    manages: Heard
    works: Heard | None
    groups: int

    @property
    def needs(self) -> tuple[Heard, ...]:
        return (self.manages,) if self.works is None else (self.manages, self.works)

    @property
    def complete(self) -> bool:
        return all(one.held_on is not None for one in self.needs)

    @property
    def planned(self) -> bool:
        """Nothing is left to be planned."""
        return all(one.held_on is not None or one.planned_at is not None for one in self.needs)


def views(context: Context, gmina_code: str) -> list[InterviewView]:
    """All interviews of the gmina, by date."""
    with context.database.reading() as session:
        return _views(context, session, gmina_code, store.of_gmina(session, gmina_code))


def views_of_moderator(context: Context, gmina_code: str, person_id: int) -> list[InterviewView]:
    """Those that were given to the person, by date."""
    with context.database.reading() as session:
        rows = store.of_moderator(session, gmina_code, person_id)
        return _views(context, session, gmina_code, rows)


def view(context: Context, interview: Interview) -> InterviewView:
    """One of them."""
    with context.database.reading() as session:
        return _views(context, session, interview.gmina_code, [interview])[0]


def coverage(context: Context, gmina_code: str) -> list[Coverage]:
    """Every stakeholder of the catalogue; first those for whom something is to be planned, then to be held."""
    with context.database.reading() as session:
        rows = store.of_gmina(session, gmina_code)
        found = [_coverage(entry, rows) for entry in catalogue.stakeholders(session, gmina_code)]
    return sorted(found, key=lambda one: (one.planned, one.complete))  # stable: names stay in order


def _coverage(entry: Stakeholder, rows: Iterable[Interview]) -> Coverage:
    """Only an IDI hears an institution's own people; in an FGI they speak as a group."""
    talks = [
        (row, seat.role)
        for row in rows
        for seat in row.seats
        if row.state != CANCELLED and seat.stakeholder_id == entry.id and not seat.absent
    ]
    groups = {row.id for row, _ in talks if row.form != IDI}
    alone = [(row, role) for row, role in talks if row.form == IDI]
    if entry.natural_person:
        return Coverage(entry.id, entry.name, _heard(row for row, _ in alone), None, len(groups))
    manages = _heard(row for row, role in alone if role == "manages")
    works = _heard(row for row, role in alone if role == "works")
    return Coverage(entry.id, entry.name, manages, works, len(groups))


def _heard(rows: Iterable[Interview]) -> Heard:
    """The first that was held, else the next that is planned."""
    rows = list(rows)
    held = [row.held_on for row in rows if row.state == HELD and row.held_on is not None]
    planned = [row.starts_at for row in rows if row.state == PLANNED]
    return Heard(min(held, default=None), min(planned, default=None) if not held else None)


def _views(context: Context, session: Session, gmina_code: str, rows: list[Interview]) -> list[InterviewView]:
    entries = {row.id: row for row in catalogue.stakeholders(session, gmina_code, include_left=True)}
    given_to = {row.moderator_id for row in rows if row.moderator_id is not None}
    moderators = people.with_roles(session, given_to)
    return [_view(context, row, entries, moderators) for row in rows]


def _view(
    context: Context, row: Interview, entries: dict[int, Stakeholder], moderators: dict[int, people.Person]
) -> InterviewView:
    limits = limits_of(row.instrument_version)
    came = [seat for seat in row.seats if not seat.absent]
    moderator = moderators.get(row.moderator_id or 0)
    planned = row.state == PLANNED
    ends_at = row.starts_at + dt.timedelta(minutes=row.minutes)
    return InterviewView(
        interview=row,
        seats=tuple(_seat(seat, entries) for seat in row.seats),
        moderator=moderator.name if moderator is not None else "",
        moderator_gone=planned and moderator is not None and not is_moderator_of(moderator, row),
        limits=limits,
        told=tuple(scenario_departures(row.form, limits, len(came), row.minutes)),
        missing=_missing(row) if planned else (),
        overdue=planned and ends_at < context.clock(),
    )


def _seat(seat: store.InterviewSeat, entries: dict[int, Stakeholder]) -> SeatView:
    entry = entries.get(seat.stakeholder_id or 0)
    return SeatView(
        letter=seat.letter,
        stakeholder_id=seat.stakeholder_id,
        name=entry.name if entry else OUTSIDE,
        role=ROLES[seat.role],
        natural_person=bool(entry and entry.natural_person),
        left=bool(entry and entry.left_on is not None),
        absent=seat.absent,
    )


def _missing(row: Interview) -> tuple[str, ...]:
    wanted = (
        ("uczestników", bool(row.seats)),
        ("moderatora", row.moderator_id is not None),
        ("miejsca albo adresu rozmowy", bool(row.place or row.video_link)),
    )
    return tuple(words for words, there in wanted if not there)


def heard_words(heard: Heard) -> str:
    """For a cell of the table."""
    if heard.held_on is not None:
        return f"odbyła się {polish.date_short(heard.held_on)}"
    if heard.planned_at is not None:
        return f"zaplanowana na {polish.date_short(heard.planned_at)}"
    return "brakuje"
