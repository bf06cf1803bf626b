"""What a console wrote, perhaps hours ago and without a network, is brought in: every change gets an answer of its own.

The same message may come twice, late, or after another device's: nothing is doubled, overwritten or revived by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import interviews, notes, participants
from survey_app.services.interviewing.console_message import (
    LETTERS,
    Change,
    ConsentChange,
    FieldsChange,
    HeldChange,
    MarkChange,
    Message,
    NoteChange,
    PartChange,
    SeatChange,
    UnreadChange,
)
from survey_app.services.interviewing.interview_rules import record
from survey_app.services.interviewing.notes import Note, Outcome
from survey_app.services.interviewing.talk import NOBODY, WITHDRAWN, Talk, open_talk
from survey_app.store import interviews as interview_store
from survey_app.store import notes as store

__all__ = ["Message", "Result", "apply", "note_words"]

NO_PART = "Scenariusz tego wywiadu nie ma takiej części."
NO_QUESTION = "Scenariusz tego wywiadu nie ma takiego pytania."
NO_LETTER = "W tym wywiadzie nie ma już wolnej litery, więc tej osoby nie dopisano."
NO_NEWCOMER = "Osoby, którą dopisano na tym urządzeniu jako {letter}, nie ma w tym wywiadzie."
NO_FIELD = "Scenariusz tego wywiadu nie pyta o to rozmówcy, więc tego nie zapisano."
TRIES = 3


@dataclass(frozen=True, slots=True)
class Result:
    """`revision` and `current`: what is stored now, as far as the device needs it. `withdrawn`: it is gone because a
    consent was taken back, and must go from the device, too.
    """

    key: str
    outcome: Outcome
    revision: int | None = None
    current: Mapping[str, Any] | None = None
    message: str = ""
    withdrawn: bool = False

    def words(self) -> dict[str, Any]:
        """As JSON names it."""
        return {
            "key": self.key,
            "outcome": self.outcome.value,
            "revision": self.revision,
            "current": dict(self.current) if self.current is not None else None,
            "message": self.message,
            "withdrawn": self.withdrawn,
        }


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all changes of one message share."""

    context: Context
    gmina_code: str
    interview_id: int
    message: Message
    actor: int | None

    def moment(self, at: int, since: dt.datetime) -> dt.datetime:
        """The device's moment by the service's clock: only how long ago it was is believed. Never in the future, nor
        before the interview was planned.
        """
        now = self.context.clock()
        ago = max(0, self.message.now - at) / 1000
        if ago > (now - since).total_seconds():
            return min(since, now)
        return now - dt.timedelta(seconds=ago)


def apply(
    context: Context, gmina_code: str, interview_id: int, message: Message, actor: int | None
) -> list[Result]:
    """In the order of the changes. NotFoundError: this gmina has no such interview."""
    batch = _Batch(context, gmina_code, interview_id, message, actor)
    return list(_results(batch))


def _results(batch: _Batch) -> Iterator[Result]:
    """That the interview took place is a use case of its own; what stands between two such is kept as a whole."""
    interviews.interview(batch.context, batch.gmina_code, batch.interview_id)
    for ended, changes in groupby(batch.message.changes, lambda change: isinstance(change, HeldChange)):
        if ended:
            yield from [_end(batch, change) for change in changes if isinstance(change, HeldChange)]
        else:
            yield from _together(batch, list(changes))


def _together(batch: _Batch, changes: list[Change]) -> list[Result]:
    with batch.context.database.transaction() as session:
        talk = open_talk(batch.context, session, batch.gmina_code, batch.interview_id)
        return [_one(batch, session, talk, change) for change in changes]


def _one(batch: _Batch, session: Session, talk: Talk, change: Change) -> Result:
    """A change that is refused leaves nothing behind, and the others alone."""
    try:
        with session.begin_nested():
            return _APPLY[type(change)](batch, session, talk, _under_their_letter(talk, change))
    except (ConflictError, NotFoundError) as error:
        return Result(change.key, Outcome.REFUSED, message=error.message)
    except InvalidInputError as error:
        return Result(change.key, Outcome.REFUSED, message=_faults(error))


def _under_their_letter(talk: Talk, change: Change) -> Change:
    """The letter that the person has here, not the one that the device gave them: that may be somebody else's.

    ConflictError: there is no such person.
    """
    if not isinstance(change, ConsentChange | FieldsChange | NoteChange) or change.newcomer is None:
        return change
    seat = talk.newcomer(change.newcomer)
    if seat is None:
        raise ConflictError(NO_NEWCOMER.format(letter=change.letter))
    if isinstance(change, NoteChange) and change.letter != seat.letter:
        return replace(change, letter=seat.letter, mended=True)
    return replace(change, letter=seat.letter)


# One kind after another -----------------------------------------------------------------------------------------


def _unread(_batch: _Batch, _session: Session, _talk: Talk, change: UnreadChange) -> Result:
    return Result(change.key, Outcome.REFUSED, message=change.message)


def _seat(batch: _Batch, session: Session, talk: Talk, change: SeatChange) -> Result:
    """Somebody who was not expected; the plan tells it, and another window that knew an older plan is told.

    Another device may have given the letter to somebody else: two people never share one consent.
    """
    found = talk.interview
    seat = talk.newcomer(change.newcomer)
    if seat is None:
        taken = {one.letter for one in found.seats}
        letter = next((one for one in (change.letter, *sorted(LETTERS)) if one not in taken), None)
        if letter is None:
            raise ConflictError(NO_LETTER)
        seat = interview_store.add_newcomer(session, found, letter, change.role, change.newcomer)
        found.revision += 1
        found.changed_at = talk.at
        record(batch.context, session, found, "interview_seat_added", batch.actor, f"Osoba {letter}")
        talk.consents = participants.consents(session, found)
    return Result(change.key, Outcome.KEPT, current={"letter": seat.letter})


def _consent(batch: _Batch, session: Session, talk: Talk, change: ConsentChange) -> Result:
    before = talk.consents.get(change.letter)
    if before is None:
        return Result(change.key, Outcome.REFUSED, message=NOBODY.format(letter=change.letter))
    if before.withdrawn_at is not None:
        return Result(change.key, Outcome.GONE, before.revision, _consent_words(before), WITHDRAWN, True)
    at = batch.moment(change.at, talk.interview.created_at)
    try:
        kept = participants.record_consent(
            batch.context,
            session,
            talk.interview,
            change.letter,
            change.agreed,
            change.evidence,
            at,
            batch.actor,
            change.base,
        )
    except ConflictError as error:
        outcome = Outcome.CONFLICT if before.revision != change.base else Outcome.REFUSED
        return Result(change.key, outcome, before.revision, _consent_words(before), error.message)
    talk.consents[change.letter] = kept
    return Result(change.key, Outcome.KEPT, kept.revision, _consent_words(kept))


def _fields(batch: _Batch, session: Session, talk: Talk, change: FieldsChange) -> Result:
    """The last answer to each field stands: a device sends those that were changed on it."""
    before = talk.consents.get(change.letter)
    if before is None:
        return Result(change.key, Outcome.REFUSED, message=NOBODY.format(letter=change.letter))
    if before.withdrawn_at is not None:
        return Result(change.key, Outcome.GONE, before.revision, message=WITHDRAWN, withdrawn=True)
    if not {question.id for question in talk.scenario.respondent_fields} >= set(change.fields):
        return Result(change.key, Outcome.REFUSED, before.revision, message=NO_FIELD)
    kept = participants.merge_fields(
        batch.context, session, talk.interview, change.letter, change.fields, batch.actor
    )
    return Result(change.key, Outcome.KEPT, before.revision, {"fields": kept})


def _note(batch: _Batch, session: Session, talk: Talk, change: NoteChange) -> Result:
    written = notes.write(session, talk, change, batch.message.writer, batch.actor)
    kept = written.note
    revision = kept.revision if kept is not None else None
    told = kept is not None and (written.outcome is not Outcome.KEPT or _differs(kept, change))
    current = note_words(talk.letter_of, kept) if kept is not None and told else None
    return Result(change.key, written.outcome, revision, current, written.message, written.withdrawn)


def _differs(kept: Note, change: NoteChange) -> bool:
    """Was something else kept than the device sent?"""
    return change.mended or (kept.deleted_at is None and kept.variant_of != change.variant_of)


def _mark(batch: _Batch, session: Session, talk: Talk, change: MarkChange) -> Result:
    if change.question not in talk.scenario.by_id:
        return Result(change.key, Outcome.REFUSED, message=NO_QUESTION)
    row = store.progress_of(session, talk.interview.id, change.question)
    if row is None or row.mark != change.mark:
        known = row is None or change.base == row.revision or _follows(row, batch, change.change)
        if not known and row is not None:
            return Result(
                change.key, Outcome.CONFLICT, row.revision, {"mark": row.mark, "revision": row.revision}
            )
        trace = {"writer": batch.message.writer, "writer_change": change.change}
        row = store.put_progress(session, talk.interview.id, change.question, mark=change.mark, **trace)
    return Result(change.key, Outcome.KEPT, row.revision)


def _part(batch: _Batch, session: Session, talk: Talk, change: PartChange) -> Result:
    """Time that was spent does not grow less: of two devices the one that saw more is right."""
    if not talk.has_part(change.section):
        return Result(change.key, Outcome.REFUSED, message=NO_PART)
    item = store.PART + change.section
    row = store.progress_of(session, talk.interview.id, item)
    if row is None or row.seconds < change.seconds:
        trace = {"writer": batch.message.writer, "writer_change": change.change}
        row = store.put_progress(session, talk.interview.id, item, seconds=change.seconds, **trace)
    current = {"seconds": row.seconds, "revision": row.revision}
    return Result(change.key, Outcome.KEPT, row.revision, current if row.seconds != change.seconds else None)


def _follows(row: store.InterviewProgress, batch: _Batch, change: int) -> bool:
    return row.writer == batch.message.writer and change > row.writer_change


_APPLY: Mapping[type, Callable[[_Batch, Session, Talk, Any], Result]] = {
    UnreadChange: _unread,
    SeatChange: _seat,
    ConsentChange: _consent,
    FieldsChange: _fields,
    NoteChange: _note,
    MarkChange: _mark,
    PartChange: _part,
}


def _end(batch: _Batch, change: HeldChange) -> Result:
    """That it took place, on the day in Warsaw; what another window changed meanwhile does not stand in the way."""
    for left in range(TRIES, 0, -1):
        found = interviews.interview(batch.context, batch.gmina_code, batch.interview_id)
        if found.state == interviews.HELD:
            return Result(change.key, Outcome.KEPT, found.revision)
        day = batch.moment(change.at, found.created_at).astimezone(polish.WARSAW).date()
        try:
            held = interviews.hold(
                batch.context,
                batch.gmina_code,
                batch.interview_id,
                day,
                change.absent,
                change.departure_reason,
                found.revision,
                batch.actor,
            )
            return Result(change.key, Outcome.KEPT, held.revision)
        except InvalidInputError as error:
            return Result(change.key, Outcome.REFUSED, found.revision, message=_faults(error))
        except ConflictError as error:
            if left == 1 or found.state == interviews.CANCELLED:
                return Result(change.key, Outcome.REFUSED, found.revision, message=error.message)
    raise AssertionError("the last try answers")


# Words ----------------------------------------------------------------------------------------------------------


def note_words(letter_of: Callable[[int | None], str | None], note: Note) -> dict[str, Any]:
    """A note as a device knows it."""
    return {
        "id": note.id,
        "question": note.question_id,
        "letter": letter_of(note.seat_id),
        "text": note.text,
        "quotation": note.quotation,
        "second": note.second,
        "variant_of": note.variant_of,
        "revision": note.revision,
    }


def _consent_words(consent: participants.Consent) -> dict[str, Any]:
    return {
        "agreed": consent.agreed,
        "evidence": consent.evidence,
        "withdrawn": consent.withdrawn_at is not None,
        "revision": consent.revision,
    }


def _faults(error: InvalidInputError) -> str:
    """Every fault in one run of text: a console has no fields to put them beside."""
    told = " ".join(f"{fault.message} {fault.hint}".strip() for fault in error.faults)
    return told or error.message
