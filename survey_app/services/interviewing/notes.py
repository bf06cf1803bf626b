"""Notes of an interview: written, changed and removed so that nobody's words are overwritten silently.

The same rules hold for a console that was away from the network and for a page. METHOD, "IDI and FGI".
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.polish import counted, whole
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts
from survey_app.services.interviewing.console_message import (
    LONGEST_SECONDS,
    NOTE_LENGTH,
    NoteChange,
    kept_text,
)
from survey_app.services.interviewing.interview_rules import record
from survey_app.services.interviewing.talk import WITHDRAWN, Talk, open_talk
from survey_app.store import notes as store
from survey_app.store.notes import Note

__all__ = [
    "NOTE_LENGTH",
    "Note",
    "NoteDraft",
    "Outcome",
    "Written",
    "add_or_change",
    "remove",
    "settle_variant",
    "write",
]

DELETED = "Ta notatka została usunięta na innym urządzeniu albo na stronie z notatkami."
FOREIGN = "Ta notatka należy do innego wywiadu, więc jej tu nie zapisano."
NO_QUESTION = "Scenariusz tego wywiadu nie ma takiego pytania, więc notatki pod nim nie zapisano."
CHANGED = (
    "W tym czasie ktoś inny zmienił tę notatkę. Niczego nie zapisano. "
    "Prosimy porównać obie wersje i zapisać jeszcze raz."
)
NOT_THERE = "W tym wywiadzie nie ma takiej notatki."


class Outcome(StrEnum):
    """What became of a change that was sent."""

    KEPT = "kept"
    CONFLICT = "conflict"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Written:
    """`note`: as it is stored now. `message`: why it was refused, or is gone. `withdrawn`: gone with a consent."""

    outcome: Outcome
    note: Note | None = None
    message: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What a person types. `letter` None: the moderator's own words, or the group's. `second`: of the interview, when
    it was begun; None: after all that is there.
    """

    question: str
    letter: str | None
    text: str
    quotation: bool = False
    second: int | None = None


# The rule -------------------------------------------------------------------------------------------------------


def write(session: Session, talk: Talk, change: NoteChange, writer: str, actor: int | None) -> Written:
    """Kept if it is new, the same, or made knowing what is stored; else both texts are to live on: CONFLICT."""
    stored = store.get(session, change.id)
    if stored is not None and stored.interview_id != talk.interview.id:
        return Written(Outcome.REFUSED, message=FOREIGN)
    if stored is not None and stored.deleted_at is not None:
        return _after_the_end(talk, stored, change)
    trace = {"writer": writer, "writer_change": change.change, "changed_at": talk.at, "changed_by": actor}
    if change.deleted:
        return _delete(session, talk, stored, change, trace)
    if not talk.asks(change.question):
        return Written(Outcome.REFUSED, stored, NO_QUESTION)
    refusal = talk.refusal(change.letter)
    if refusal is not None:
        return _withdrawn() if refusal.gone else Written(Outcome.REFUSED, stored, refusal.message)
    return _keep(session, talk, stored, change, trace)


def _after_the_end(talk: Talk, stored: Note, change: NoteChange) -> Written:
    """Nothing brings a deleted note back; to delete it again changes nothing."""
    if change.deleted:
        return Written(Outcome.KEPT, stored)
    return _withdrawn() if _taken_back(talk, stored) else Written(Outcome.GONE, message=DELETED)


def _delete(
    session: Session, talk: Talk, stored: Note | None, change: NoteChange, trace: Mapping[str, Any]
) -> Written:
    """A note that never arrived is deleted, too: a late message that holds it must not bring it in."""
    if stored is None:
        return Written(
            Outcome.KEPT,
            store.put(session, change.id, talk.interview.id, text="", deleted_at=talk.at, **trace),
        )
    if not _knows(stored, change, str(trace["writer"])):
        return Written(Outcome.CONFLICT, stored)
    store.bury(session, stored, talk.at, **trace)
    return Written(Outcome.KEPT, stored)


def _keep(
    session: Session, talk: Talk, stored: Note | None, change: NoteChange, trace: Mapping[str, Any]
) -> Written:
    root = store.get(session, change.variant_of) if change.variant_of else None
    if root is not None and root.deleted_at is not None and _taken_back(talk, root):
        return _withdrawn()
    seat = talk.seat(change.letter)
    content = {
        "question_id": change.question,
        "seat_id": seat.id if seat is not None else None,
        "text": change.text,
        "quotation": change.quotation,
        "variant_of": _beside(talk, root, change.id),
    }
    if stored is None:
        content["second"] = change.second
    elif all(getattr(stored, name) == value for name, value in content.items()):
        return Written(Outcome.KEPT, stored)
    elif not _knows(stored, change, str(trace["writer"])):
        return Written(Outcome.CONFLICT, stored)
    elif stored.seat_id != content["seat_id"]:
        interview_texts.disown(session, talk.interview.id, stored.id, change.letter)
    return Written(Outcome.KEPT, store.put(session, change.id, talk.interview.id, **content, **trace))


def _withdrawn() -> Written:
    return Written(Outcome.GONE, message=WITHDRAWN, withdrawn=True)


def _taken_back(talk: Talk, deleted: Note) -> bool:
    """Did it go with a consent, or has the person whose words it held withdrawn since?"""
    return deleted.writer == store.ERASED or talk.withdrawn(deleted.seat_id)


def _knows(stored: Note, change: NoteChange, writer: str) -> bool:
    """Of a page whose last answer was lost the next change follows its own."""
    return change.base == stored.revision or (
        stored.writer == writer and change.change > stored.writer_change
    )


def _beside(talk: Talk, root: Note | None, own_id: str) -> str | None:
    """The note that this one is a variant of: live, of the same talk, and no variant itself."""
    if root is None or root.interview_id != talk.interview.id or root.deleted_at is not None:
        return None
    beside = root.variant_of or root.id
    return beside if beside != own_id else None


# Pages without a console ----------------------------------------------------------------------------------------


def add_or_change(
    context: Context,
    gmina_code: str,
    interview_id: int,
    note_id: str | None,
    draft: NoteDraft,
    revision: int,
    actor: int | None,
) -> Note:
    """`note_id` None: a new one. `revision`: of the note as the person had read it.

    InvalidInputError: no consent, no such question, too long. ConflictError: changed or deleted meanwhile, or consent
    was taken back.
    """
    _require_sound(draft)
    with context.database.transaction() as session:
        talk = open_talk(context, session, gmina_code, interview_id)
        stored = _own(session, talk, note_id) if note_id else None
        if draft.second is None:
            draft = replace(draft, second=store.next_second(session, interview_id))
        change = _change(note_id or _new_id(talk), revision, draft, stored)
        return _told(write(session, talk, change, uuid.uuid4().hex, actor))


def remove(
    context: Context, gmina_code: str, interview_id: int, note_id: str, revision: int, actor: int | None
) -> None:
    """Its words are gone from the notes, here and on every device. Raises as `add_or_change`."""
    with context.database.transaction() as session:
        talk = open_talk(context, session, gmina_code, interview_id)
        stored = _own(session, talk, note_id)
        if stored.deleted_at is not None:
            return
        change = replace(_as_it_is(talk, stored), base=revision, deleted=True)
        _told(write(session, talk, change, uuid.uuid4().hex, actor))
        record(context, session, talk.interview, "note_removed", actor)


def settle_variant(
    context: Context,
    gmina_code: str,
    interview_id: int,
    note_id: str,
    keep: str,
    actor: int | None,
    *,
    text: str = "",
    known: tuple[int, int] | None = None,
) -> None:
    """Of a note and its variant: "mine" keeps the variant `note_id`, "theirs" the note beside which it stands, "both"
    makes two notes of them, "text" puts `text` in the place of both.

    `known`: revisions of the variant and of the other as the person saw them. Raises as `add_or_change`.
    """
    if keep not in ("mine", "theirs", "both", "text"):
        raise InvalidInputError("Prosimy wybrać, co zostaje.")
    with context.database.transaction() as session:
        talk = open_talk(context, session, gmina_code, interview_id)
        variant = _own(session, talk, note_id)
        other = store.get(session, variant.variant_of) if variant.variant_of else None
        if variant.deleted_at is not None or other is None:
            raise ConflictError("Te dwie wersje są już uzgodnione.")
        if known is not None and known != (variant.revision, other.revision):
            raise ConflictError(CHANGED)
        _settle(session, talk, variant, other, keep, text, actor)
        record(context, session, talk.interview, "note_variant_settled", actor, keep)


def _settle(
    session: Session, talk: Talk, variant: Note, other: Note, keep: str, text: str, actor: int | None
) -> None:
    def put(note: Note, **changes: Any) -> None:
        change = replace(_as_it_is(talk, note), **changes)
        _told(write(session, talk, change, uuid.uuid4().hex, actor))

    if keep == "both":
        put(variant, variant_of=None)
        return
    if keep == "text":
        draft = NoteDraft(other.question_id, talk.letter_of(other.seat_id), text, other.quotation)
        _require_sound(draft)
        put(other, text=kept_text(text))
    elif keep == "mine":
        put(
            other,
            text=variant.text,
            question=variant.question_id,
            letter=talk.letter_of(variant.seat_id),
            quotation=variant.quotation,
        )
    put(variant, deleted=True)


def _new_id(talk: Talk) -> str:
    """It begins with the moment in milliseconds, as a console's do: of notes begun in one second of the interview the
    earlier one has the smaller id, and so comes first wherever they are read.
    """
    return f"{max(0, int(talk.at.timestamp() * 1000)):012x}"[-12:] + uuid.uuid4().hex[:20]


def _as_it_is(talk: Talk, note: Note) -> NoteChange:
    letter = talk.letter_of(note.seat_id)
    draft = NoteDraft(note.question_id, letter, note.text, note.quotation, note.second)
    return _change(note.id, note.revision, draft, note)


def _change(note_id: str, revision: int, draft: NoteDraft, stored: Note | None) -> NoteChange:
    return NoteChange(
        key="",
        id=note_id,
        base=revision,
        change=0,
        question=draft.question,
        letter=draft.letter,
        text=kept_text(draft.text),
        quotation=draft.quotation,
        second=min(max(draft.second or 0, 0), LONGEST_SECONDS),
        variant_of=stored.variant_of if stored is not None else None,
        deleted=False,
    )


def _own(session: Session, talk: Talk, note_id: str) -> Note:
    found = store.get(session, note_id)
    if found is None or found.interview_id != talk.interview.id:
        raise NotFoundError(NOT_THERE)
    return found


def _require_sound(draft: NoteDraft) -> None:
    length = len(kept_text(draft.text))
    if not draft.text.strip():
        raise InvalidInputError(
            "Nie zapisano notatki.", [Fault("text.missing", "text", "Prosimy wpisać notatkę.")]
        )
    if length > NOTE_LENGTH:
        has = counted(length, "znak", "znaki", "znaków")
        fault = Fault(
            "text.too_long",
            "text",
            f"Notatka ma {has}, a może mieć najwyżej {whole(NOTE_LENGTH)}.",
            "Prosimy podzielić ją na dwie.",
        )
        raise InvalidInputError("Nie zapisano notatki.", [fault])


def _told(written: Written) -> Note:
    """As an error of a page, what a console is told in a result."""
    if written.outcome is Outcome.CONFLICT:
        raise ConflictError(CHANGED)
    if written.outcome is Outcome.GONE:
        raise ConflictError(written.message)
    if written.outcome is Outcome.REFUSED or written.note is None:
        raise InvalidInputError(written.message, [Fault("note_refused", "letter", written.message)])
    return written.note
