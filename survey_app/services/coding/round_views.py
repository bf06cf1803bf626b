"""A round as its pages show it, from what is read of it once. METHOD, "Coding"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.instrument.model import CodeScheme, Coding, Instrument
from survey_app.services.coding.round_rules import (
    RoundEntry,
    instrument_and_coding,
    left_out,
    represented,
    round_entries,
)
from survey_app.store import coding
from survey_app.store.coding import CodingRound


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat and how far it is: `rated` of `due` stakeholders are finished; never which, never with what."""

    person_id: int
    name: str
    left: bool
    rated: int
    due: int
    agrees_to_names: bool = False


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as its page shows it. `stakeholders` include withdrawn ones (with their reason)."""

    round: CodingRound
    instrument: Instrument
    coding: Coding
    scheme: CodeScheme
    stakeholders: tuple[RoundEntry, ...]
    raters: tuple[Seat, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatRow:
    """`active`: rates and votes now; `left`: gave the seat up, in the round itself."""

    person_id: int
    name: str
    active: bool
    left: bool
    agrees_to_names: bool


@dataclass(frozen=True, slots=True)
class RoundRows:
    """What every page of a round needs of it. `entries`: withdrawn ones among them.

    `representing`: person -> stakeholders; `not_counted`: person -> stakeholders whose ratings do not count.
    """

    entries: Sequence[RoundEntry]
    seats: Sequence[SeatRow]
    representing: Mapping[int, frozenset[int]]
    not_counted: Mapping[int, frozenset[int]]

    @property
    def kept(self) -> list[RoundEntry]:
        """Without those that were taken out of the round."""
        return [one for one in self.entries if not one.withdrawn_reason]

    @property
    def active(self) -> frozenset[int]:
        """Who rates and votes now."""
        return frozenset(seat.person_id for seat in self.seats if seat.active)


def read_round(session: Session, found: CodingRound) -> RoundRows:
    """Nothing of any rating, decision or vote."""
    representing = represented(session, found)
    seats = [
        SeatRow(person.id, person.name, active, row.left_at is not None, row.agrees_to_names)
        for row, person, active in coding.seats_now(session, found)
    ]
    entries = round_entries(session, found, include_withdrawn=True)
    return RoundRows(entries, seats, representing, left_out(found, representing))


def view_of(found: CodingRound, rows: RoundRows, finished: Collection[tuple[int, int]]) -> RoundView:
    """METHOD, "Coding": how many stakeholders each seat has finished, and nothing else about ratings."""
    instrument, rules = instrument_and_coding(found)
    raters = tuple(_seats(found, rows, finished))
    return RoundView(
        round=found,
        instrument=instrument,
        coding=rules,
        scheme=rules.scheme(found.scheme),
        stakeholders=tuple(rows.entries),
        raters=raters,
        warnings=_warnings(found, rules, raters),
    )


def _seats(found: CodingRound, rows: RoundRows, finished: Collection[tuple[int, int]]) -> list[Seat]:
    """What a person represents is neither due nor counted, even if it was rated before that was known."""
    kept = {one.stakeholder_id for one in rows.kept}
    seats = []
    for row in rows.seats:
        due = kept - rows.not_counted.get(row.person_id, frozenset())
        rated = sum((row.person_id, stakeholder_id) in finished for stakeholder_id in due)
        # Who leaves the team after the close changes nothing of it.
        left = row.left if found.stage == coding.CLOSED else not row.active
        seats.append(Seat(row.person_id, row.name, left, rated, len(due), row.agrees_to_names))
    return seats


def _warnings(found: CodingRound, rules: Coding, raters: tuple[Seat, ...]) -> tuple[str, ...]:
    active = sum(not seat.left for seat in raters)
    if found.stage != coding.RATING or active >= rules.minimum_ratings:
        return ()
    known = (
        (
            "Oceniają dwie osoby: po wyłożeniu ocen każda pozna po swoich, które są drugiej, choć bez nazwiska.",
        )
        if active == 2
        else ()
    )
    least = polish.counted(rules.minimum_ratings, "osoba", "osoby", "osób")
    return (
        f"Ocenia {polish.counted(active, 'osoba', 'osoby', 'osób')}. Propozycja kodu powstaje, gdy punkt da"
        f" co najmniej {least}; przy mniejszej liczbie zespół wpisze każdy kod z własnym powodem.",
        *known,
    )
