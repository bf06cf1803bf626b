"""Motions of a meeting: put, voted on, closed. One seat, one vote; a closed motion never changes.

By name, a seat's vote is never replaced unseen: whoever changes one says which vote they saw. By counts alone, three
numbers are kept at the close, and nothing about who.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError
from survey_app.instrument.register_model import Votes
from survey_app.services.context import Context
from survey_app.services.instruments import used_instrument
from survey_app.services.registers.definitions import rules_of
from survey_app.services.registers.entries import Owner, record
from survey_app.services.registers.meetings import Meeting, hold
from survey_app.services.registers.quorum import (
    ABSTAINED,
    AGAINST,
    CHOICES,
    FOR,
    NO_QUORUM,
    Counts,
    Quorum,
    counts_words,
    outcome,
    outcome_words,
    quorum,
)
from survey_app.services.spreadsheets import Cell, csv_bytes
from survey_app.store import meetings
from survey_app.store.meetings import Motion
from survey_app.store.registers import RegisterEntry

MOST = 200  # motions of one meeting
LONGEST_TEXT, LONGEST_NOTE = 3_000, 3_000
VOTE = "glos-"  # place of a fault: this, then the seat's id
COUNTS = ("votes_for", "against", "abstained")  # places of faults, in the order of `Counts`
NO_SEATS = "Najpierw prosimy otworzyć listę obecności: bez niej nie wiadomo, kto ma głos."
BY_COUNTS = "W tym głosowaniu zapisuje się tylko liczby, więc nie ma w nim głosów miejsc."
HAS_VOTES = "W tym głosowaniu są już głosy, więc wniosku nie można wycofać. Prosimy je zamknąć."
HEADER = (
    "Posiedzenie",
    "Dzień",
    "Numer wniosku",
    "Wniosek",
    "Głosowanie",
    "Miejsc",
    "Obecnych",
    "Za",
    "Przeciw",
    "Wstrzymało się",
    "Wynik",
    "Zdanie odrębne i uwagi",
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A motion with the meeting that it was put at, in words. `found`: the quorum of when it was closed."""

    entry: RegisterEntry
    motion: Motion
    found: Quorum

    @property
    def counts(self) -> Counts:
        return counts_of(self.motion)

    @property
    def result(self) -> str:
        """ "przyjęty", "odrzucony", ...; "głosowanie trwa"."""
        if not self.motion.outcome:
            return "głosowanie trwa"
        return outcome_words(self.motion.outcome, self.found, self.counts)

    @property
    def numbers(self) -> str:
        """ "za 5, przeciw 1, wstrzymało się 0"; empty while the motion is open."""
        return counts_words(self.counts) if self.motion.outcome else ""

    @property
    def passed(self) -> bool:
        return self.motion.outcome == "passed"

    @property
    def no_quorum(self) -> bool:
        return self.motion.outcome == NO_QUORUM


def counts_of(motion: Motion) -> Counts:
    return Counts(motion.votes_for, motion.votes_against, motion.abstained)


def resolution(found: Meeting, motion: Motion) -> Resolution:
    return _resolution(found.entry, motion, found.votes)


def put(context: Context, owner: Owner, entry_id: int, text: str, named: bool, actor: int | None) -> Motion:
    """A motion to vote on. The same page sent twice by the same person is the same motion.

    InvalidInputError (place `text`). ConflictError: the meeting is not open, its seats are not listed, or it is full.
    """
    text = text.strip()
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        if not found.seats:
            raise ConflictError(NO_SEATS)
        if faults := _text_faults("text", text, LONGEST_TEXT, "Wniosek jest pusty."):
            raise InvalidInputError("Wniosek nie został zapisany.", faults)
        last = found.motions[-1] if found.motions else None
        if last and not last.outcome and (last.text, last.named, last.put_by) == (text, named, actor):
            return last
        if len(found.motions) >= MOST:
            raise ConflictError(f"Na jednym posiedzeniu może być najwyżej {MOST} wniosków.")
        number = last.number + 1 if last else 1
        motion = meetings.add_motion(session, entry_id, number, text, named, context.clock(), actor)
        _record(context, session, "motion_put", found, motion, actor)
        return motion


def cast(
    context: Context, owner: Owner, entry_id: int, number: int, given: Mapping[int, str], actor: int | None
) -> int:
    """Votes of seats that have none yet, by seat id; how many are new. All or none.

    InvalidInputError (places `VOTE` and the id): an absent seat, an unknown vote, or a seat that has voted otherwise.
    ConflictError: closed, or by counts alone.
    """
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        motion = _require_named(found, number)
        held = found.cast[motion.id]
        if faults := [fault for one in given.items() for fault in _vote_faults(found, held, *one)]:
            raise InvalidInputError("Głosy nie zostały zapisane.", faults)
        new = {seat_id: vote for seat_id, vote in given.items() if seat_id not in held}
        for seat_id, vote in new.items():
            meetings.cast(session, motion.id, seat_id, vote)
        if new:
            _record(context, session, "motion_voted", found, motion, actor)
        return len(new)


def change(
    context: Context,
    owner: Owner,
    entry_id: int,
    number: int,
    seat_id: int,
    was: str,
    vote: str,
    actor: int | None,
) -> None:
    """Another vote of a seat, knowingly: `was` is the vote that the person saw. "" takes the vote back.

    InvalidInputError (place `vote`). ConflictError: closed, by counts alone, or the vote is not `was` any more.
    """
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        motion, seat = _require_named(found, number), found.seat(seat_id)
        if vote and vote not in CHOICES:
            raise InvalidInputError("Głos nie został zmieniony.", [_unknown_vote("vote")])
        now = found.cast[motion.id].get(seat_id, "")
        if now == vote:
            return
        if now != was:
            words = f"teraz jest to: {CHOICES[now]}" if now else "teraz to miejsce nie ma głosu"
            raise ConflictError(
                f"Ktoś zmienił w tym czasie głos „{seat.label}”: {words}. Niczego nie zastąpiono; prosimy sprawdzić"
                " i zapisać jeszcze raz."
            )
        if vote:
            meetings.cast(session, motion.id, seat_id, vote)
        else:
            meetings.take_back(session, motion.id, seat_id)
        _record(context, session, "motion_vote_changed", found, motion, actor)


def close(
    context: Context,
    owner: Owner,
    entry_id: int,
    number: int,
    counted: Counts | None,
    note: str,
    actor: int | None,
) -> Resolution:
    """Settles a motion for good, with the seats and the present of this moment. `counted`: of one by counts alone.

    InvalidInputError (places `COUNTS`, `note`): negative, no votes, more votes than seats present, a note too long.
    ConflictError: closed already.
    """
    note = note.strip()
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        motion = _require_open(found, number)
        counts = _named_counts(found.cast[motion.id].values()) if motion.named else counted or Counts()
        faults = _count_faults(found.quorum, counts, named=motion.named)
        faults += _text_faults("note", note, LONGEST_NOTE) if note else []
        if faults:
            raise InvalidInputError("Głosowanie nie zostało zamknięte.", faults)
        motion.seats, motion.present = found.quorum.seats, found.quorum.present
        motion.votes_for, motion.votes_against = counts.votes_for, counts.against
        motion.abstained, motion.note = counts.abstained, note
        motion.outcome, motion.closed_at = outcome(found.votes, found.quorum, counts), context.clock()
        session.flush()
        _record(context, session, "motion_closed", found, motion, actor)
        return resolution(found, motion)


def withdraw(context: Context, owner: Owner, entry_id: int, number: int, actor: int | None) -> None:
    """Takes away an open motion that nobody has voted on. ConflictError."""
    with context.database.transaction() as session:
        found = hold(context, session, owner, entry_id)
        motion = _require_open(found, number)
        if found.cast.get(motion.id):
            raise ConflictError(HAS_VOTES)
        meetings.delete_motion(session, motion)
        _record(context, session, "motion_withdrawn", found, motion, actor)


def resolutions(
    context: Context, gmina_code: str, limit: int, offset: int = 0
) -> tuple[list[Resolution], int]:
    """A page of all motions of the gmina, the latest meeting first; and how many there are."""
    with context.database.reading() as session:
        found, total = meetings.motions_of_gmina(session, gmina_code, limit, offset)
        rules: dict[int, Votes] = {}
        for version_id in {entry.instrument_version_id for entry, _ in found}:
            rules[version_id] = rules_of(used_instrument(session, version_id)).votes or Votes()
        return [
            _resolution(entry, motion, rules[entry.instrument_version_id]) for entry, motion in found
        ], total


def resolutions_csv(context: Context, gmina_code: str) -> bytes:
    """Every motion of every meeting; numbers alone, whichever way it was voted on."""
    found, _total = resolutions(context, gmina_code, limit=1_000_000)
    return csv_bytes(HEADER, (_row(one) for one in found))


def _row(one: Resolution) -> Sequence[Cell]:
    motion, day = one.motion, one.entry.starts_on
    closed = bool(motion.outcome)
    numbers = (
        one.found.seats,
        one.found.present,
        one.counts.votes_for,
        one.counts.against,
        one.counts.abstained,
    )
    return (
        one.entry.title,
        day.isoformat() if day else "",
        motion.number,
        motion.text,
        "imienne" if motion.named else "tylko liczby",
        *(number if closed else "" for number in numbers),
        one.result,
        motion.note,
    )


def _resolution(entry: RegisterEntry, motion: Motion, rules: Votes) -> Resolution:
    return Resolution(entry, motion, quorum(rules, motion.seats, motion.present))


def _require_open(found: Meeting, number: int) -> Motion:
    motion = found.motion(number)
    if motion.outcome:
        raise ConflictError(
            f"Głosowanie nr {number} jest już zamknięte i jego wynik się nie zmieni. Niczego nie zapisano."
        )
    return motion


def _require_named(found: Meeting, number: int) -> Motion:
    motion = _require_open(found, number)
    if not motion.named:
        raise ConflictError(BY_COUNTS)
    return motion


def _named_counts(given: Iterable[str]) -> Counts:
    counted = Counter(given)
    return Counts(counted[FOR], counted[AGAINST], counted[ABSTAINED])


def _vote_faults(found: Meeting, held: Mapping[int, str], seat_id: int, vote: str) -> list[Fault]:
    place, seat = f"{VOTE}{seat_id}", found.seat(seat_id)
    if vote not in CHOICES:
        return [_unknown_vote(place)]
    if seat_id in held and held[seat_id] != vote:
        message = f"„{seat.label}” ma już głos: {CHOICES[held[seat_id]]}. Nie został zastąpiony."
        return [Fault("vote.twice", place, message, "Żeby go zmienić, wybierz „Zmień” przy tym głosie.")]
    if not seat.present:
        message = f"„{seat.label}” nie jest zaznaczone jako obecne."
        return [Fault("vote.absent", place, message, "Najpierw zapisz obecność.")]
    return []


def _unknown_vote(place: str) -> Fault:
    return Fault("vote.unknown", place, "Nie wybrano głosu.", "Wybierz: za, przeciw albo wstrzymuje się.")


def _count_faults(found: Quorum, counts: Counts, *, named: bool) -> list[Fault]:
    numbers = dict(zip(COUNTS, (counts.votes_for, counts.against, counts.abstained), strict=True))
    place = "" if named else COUNTS[0]
    if negative := [name for name, number in numbers.items() if number < 0]:
        hint = "Wpisz zero albo więcej."
        return [Fault("votes.negative", one, "Liczba głosów nie może być ujemna.", hint) for one in negative]
    if counts.total > found.present:
        votes = polish.counted(counts.total, "głos", "głosy", "głosów")
        message = (
            f"Razem {votes}, a obecnych miejsc jest {found.present}: każde miejsce ma najwyżej jeden głos."
        )
        return [Fault("votes.many", place, message, "Popraw liczby albo obecność.")]
    if found.reached and counts.total == 0:
        hint = "Zapisz, kto jak głosował." if named else "Wpisz, ile było głosów."
        return [Fault("votes.none", place, "Nie ma żadnego głosu.", hint)]
    return []


def _text_faults(place: str, text: str, longest: int, empty: str = "") -> list[Fault]:
    if not text:
        return [Fault("motion.empty", place, empty, "Napisz, nad czym zespół głosuje.")]
    if len(text) > longest:
        message = f"Tekst ma {len(text)} znaków, a może mieć najwyżej {longest}."
        return [Fault("motion.long", place, message, "Skróć go.")]
    return []


def _record(
    context: Context, session: Session, action: str, found: Meeting, motion: Motion, actor: int | None
) -> None:
    """Which motion, never how anybody voted."""
    record(context, session, action, found.entry, actor, f"wniosek {motion.number}")
