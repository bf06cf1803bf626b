"""A meeting of the team: its seats, who is present, and whether that makes a quorum.

Seats are listed from the team once attendance is opened, and again on request while no motion is closed. Any member of
the team records attendance and votes, as minutes are kept by one person; the trace says who did, never what was voted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import Votes
from survey_app.services.context import Context
from survey_app.services.instruments import used_instrument
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import UNKNOWN, Owner, record, require
from survey_app.services.registers.quorum import Quorum, quorum
from survey_app.store import meetings, people, registers
from survey_app.store.meetings import MeetingSeat, Motion
from survey_app.store.registers import RegisterEntry

SeatOf = tuple[int | None, int | None]  # an institution, or a member who represents none
CALLED_OFF = "To spotkanie jest odwołane, więc nie zapisuje się przy nim obecności ani głosów."
NOBODY = "W zespole nie ma jeszcze nikogo, więc nie ma komu przyznać miejsca. Osoby dodaje się na stronie „Zespół”."
SETTLED = "Pierwszy wniosek jest już rozstrzygnięty, więc lista miejsc na tym posiedzeniu się nie zmieni."
OTHER_SEATS = "Lista miejsc zmieniła się w tym czasie. Prosimy zaznaczyć obecność jeszcze raz."


@dataclass(frozen=True, slots=True)
class Meeting:
    """An entry that motions are voted on at, with its seats in Polish alphabetical order.

    `cast`: motion id -> seat id -> vote, of motions voted on by name. `sitting`: seat id -> names of those of the
    present team who sit there. `changed`: the team would be listed otherwise now.
    """

    entry: RegisterEntry
    definition: Instrument
    votes: Votes
    seats: Sequence[MeetingSeat]
    motions: Sequence[Motion]
    cast: Mapping[int, Mapping[int, str]]
    sitting: Mapping[int, Sequence[str]]
    changed: bool
    early: bool

    @property
    def quorum(self) -> Quorum:
        """As it is now."""
        return quorum(self.votes, len(self.seats), sum(one.present for one in self.seats))

    @property
    def called_off(self) -> bool:
        return _called_off(self.definition, self.entry)

    @property
    def open(self) -> bool:
        """Can anything be recorded now?"""
        return not (self.called_off or self.early)

    @property
    def settled(self) -> bool:
        """A motion is closed: who has a seat here does not change any more."""
        return any(one.outcome for one in self.motions)

    def seat(self, seat_id: int) -> MeetingSeat:
        """NotFoundError."""
        for one in self.seats:
            if one.id == seat_id:
                return one
        raise NotFoundError("Na tym posiedzeniu nie ma takiego miejsca.")

    def motion(self, number: int) -> Motion:
        """NotFoundError."""
        for one in self.motions:
            if one.number == number:
                return one
        raise NotFoundError("Na tym posiedzeniu nie ma takiego wniosku.")


def meeting(context: Context, owner: Owner, entry_id: int) -> Meeting:
    """NotFoundError: the gmina has no such entry, or none that is voted at."""
    with context.database.reading() as session:
        return read(context, session, owner, entry_id)


def read(context: Context, session: Session, owner: Owner, entry_id: int) -> Meeting:
    """As `meeting`, within a transaction."""
    entry = require(session, owner, entry_id)
    definition = used_instrument(session, entry.instrument_version_id)
    votes = rules_of(definition).votes
    if votes is None or entry.gmina_code is None:
        raise NotFoundError(UNKNOWN)
    seats = sorted(meetings.seats(session, entry_id), key=lambda one: polish.alphabetical(one.label))
    motions = meetings.motions(session, entry_id)
    wanted, names = _team(session, entry.gmina_code)
    return Meeting(
        entry,
        definition,
        votes,
        seats,
        motions,
        meetings.votes(session, {one.id for one in motions if one.named}),
        {one.id: names.get(_of(one), ()) for one in seats},
        bool(seats) and {_of(one) for one in seats} != set(wanted),
        entry.starts_on is not None and entry.starts_on > context.today(),
    )


def require_open(found: Meeting) -> None:
    """ConflictError: it was called off, or its day has not come."""
    if found.called_off:
        raise ConflictError(CALLED_OFF)
    if found.early:
        raise ConflictError(early_words(found))


def early_words(found: Meeting) -> str:
    assert found.entry.starts_on is not None
    day = polish.date(found.entry.starts_on)
    return (
        f"To spotkanie jest dopiero {day}. Obecność i głosy zapisuje się od tego dnia; jeśli odbywa się wcześniej,"
        " prosimy najpierw zmienić dzień we wpisie."
    )


def hold(context: Context, session: Session, owner: Owner, entry_id: int) -> Meeting:
    """The meeting, for one who changes it: everybody else waits until the transaction ends. ConflictError: not open."""
    registers.hold(session, require(session, owner, entry_id))
    found = read(context, session, owner, entry_id)
    require_open(found)
    return found


def list_seats(context: Context, owner: Owner, entry_id: int, actor: int | None) -> tuple[int, int]:
    """Lists the seats of the present team; how many came and how many went. Those that stay keep label and attendance.

    A seat that has voted on an open motion stays, whoever left the team. ConflictError: a motion is closed.
    """
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        if found.settled:
            raise ConflictError(SETTLED)
        assert found.entry.gmina_code is not None
        wanted, _names = _team(session, found.entry.gmina_code)
        if not wanted:
            raise ConflictError(NOBODY)
        held = {_of(one): one for one in found.seats}
        voted = {seat_id for cast in found.cast.values() for seat_id in cast}
        gone = [one for key, one in held.items() if key not in wanted and one.id not in voted]
        came = [key for key in wanted if key not in held]
        for one in gone:
            meetings.delete_seat(session, one)
        for key in came:
            meetings.add_seat(session, entry_id, *key, wanted[key])
        if came or gone:
            action = "meeting_seats_changed" if held else "meeting_seats_listed"
            record(context, session, action, found.entry, actor)
        return len(came), len(gone)


def record_attendance(
    context: Context,
    owner: Owner,
    entry_id: int,
    seen: Collection[int],
    present: Collection[int],
    actor: int | None,
) -> Quorum:
    """Who came and who left, by seat ids: `present` as ticked on a page that showed `seen` ticked.

    Only what was changed on the page is changed, so two who record at once do not undo each other. InvalidInputError
    (place `present`): a seat that has voted on an open motion cannot leave before it is closed.
    """
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        by_id = {one.id: one for one in found.seats}
        arrived, left = set(present) - set(seen), set(seen) - set(present)
        if (arrived | left) - set(by_id):
            raise ConflictError(OTHER_SEATS)
        if faults := [fault for one in sorted(left) if (fault := _still_voting(found, by_id[one]))]:
            raise InvalidInputError("Obecność nie została zapisana.", faults)
        changed = [by_id[one] for one in (*arrived, *left) if by_id[one].present is not (one in arrived)]
        for seat in changed:
            seat.present = seat.id in arrived
        if changed:
            record(context, session, "meeting_attendance", found.entry, actor)
        return found.quorum


def _still_voting(found: Meeting, seat: MeetingSeat) -> Fault | None:
    for motion in found.motions:
        if not motion.outcome and seat.id in found.cast.get(motion.id, {}):
            message = f"„{seat.label}” ma głos w głosowaniu nr {motion.number}, które trwa."
            hint = "Najpierw prosimy je zamknąć albo wycofać ten głos."
            return Fault("seat.voting", "present", message, hint)
    return None


def _called_off(definition: Instrument, entry: RegisterEntry) -> bool:
    """A last state that asks for a reason is one in which a meeting does not take place."""
    state = rules_of(definition).state(entry.state)
    return state.final and state.reason


def _team(session: Session, gmina_code: str) -> tuple[dict[SeatOf, str], dict[SeatOf, list[str]]]:
    """The seats that the present team has, with their labels; and the names of those who sit there."""
    represented = meetings.represented(session, gmina_code)
    labels: dict[SeatOf, str] = {}
    names: dict[SeatOf, list[str]] = {}
    for person in people.team(session, gmina_code):
        own: dict[SeatOf, str] = {(one, None): name for one, name in represented.get(person.id, {}).items()}
        for key, label in (own or {(None, person.id): person.name}).items():
            labels[key] = label
            names.setdefault(key, []).append(person.name)
    return labels, names


def _of(seat: MeetingSeat) -> SeatOf:
    return seat.stakeholder_id, seat.person_id
