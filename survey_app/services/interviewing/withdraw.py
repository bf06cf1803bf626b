"""Somebody takes their consent back. METHOD, "IDI and FGI"; the words read out promise what goes.

IDI: everything of the interview. FGI: everything under the letter; of the last person who had agreed, everything, for
no note stands without consent. Passages keep their bare numbers, so that a closed round can say "dowód usunięty".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.interviewing import deletion_notes, interview_texts, participants, retention
from survey_app.services.interviewing.compose_text import Segment
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.participants import seat_of
from survey_app.store import evidence, excerpts, notes
from survey_app.store import participants as store
from survey_app.store.interviews import IDI, Interview, InterviewSeat
from survey_app.store.participants import Participant


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What goes, or went. `whole`: everything of the interview, not only what stands under the letter.

    `texts`: locked versions and transcripts that lose words; `evidence`: passages known to support a code
    (what a rater leans on is not told before it is laid open); `unattributed`: transcripts with words under no
    letter, which a person has to read and cut. `personal_data`: what is to happen to them: "kept", "deleted",
    "ordered" (the key is not destroyed yet) or "none". `swept`: the free pages are clean.
    """

    letter: str
    whole: bool
    notes: int
    texts: int
    passages: int
    evidence: int
    unattributed: tuple[interview_texts.Unattributed, ...] = ()
    personal_data: str = "none"
    swept: bool = True


def foresee(context: Context, gmina_code: str, interview_id: int, letter: str) -> Withdrawal:
    """What would go now. ConflictError: there is no consent to take back."""
    with context.database.reading() as session:
        interview = require_interview(session, gmina_code, interview_id)
        return _foresee(session, interview, seat_of(interview, letter))


def withdraw(
    context: Context,
    gmina_code: str,
    interview_id: int,
    letter: str,
    actor: int | None,
    *,
    personal_data: bool = False,
) -> Withdrawal:
    """Takes it all away, in one transaction. `personal_data`: the name, contact and fields, too.

    ConflictError: there is no consent to take back.
    """
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        seat = seat_of(interview, letter)
        went, row = _take_back(context, session, interview, seat, actor)
        delete = personal_data and row.sealed is not None
        if delete:
            retention.order(context, session, interview, letter, actor, ": po cofnięciu zgody")
        session.flush()
        deletion_notes.note(context, deletion_notes.withdrawn(interview, seat, whole=went.whole))
    state = went.personal_data
    if delete:
        done = retention.finish(context, gmina_code, interview_id, letter, seat.id)
        state = "deleted" if done else "ordered"
    return dataclasses.replace(went, personal_data=state, swept=retention.sweep(context))


def again(
    context: Context, session: Session, interview: Interview, seat: InterviewSeat, *, whole: bool
) -> bool:
    """What somebody took back after a backup was made, in the rows of the backup. False: it knows that already.

    Whoever took a consent back had given one; a backup from before that gets both, so that no device brings words
    back that it still holds.
    """
    row = store.of_seat(session, seat.id) or store.add(session, seat.id, revision=1)
    if row.withdrawn_at is not None:
        return False
    if row.agreed is not True:
        row.agreed, row.agreed_at = True, context.clock()
        session.flush()
    _take_back(context, session, interview, seat, None, whole=whole)
    return True


def _take_back(
    context: Context,
    session: Session,
    interview: Interview,
    seat: InterviewSeat,
    actor: int | None,
    *,
    whole: bool = False,
) -> tuple[Withdrawal, Participant]:
    """`whole`: everything goes, whatever the others' consents are."""
    went = _foresee(session, interview, seat, whole=whole)
    _erase(context, session, interview, seat, went.whole)
    row = store.of_seat(session, seat.id, alone=True)
    if row is None:
        raise ValueError("a consent without a row")
    row.withdrawn_at = row.traces_since = context.clock()
    row.revision += 1
    session.flush()
    record(context, session, interview, "consent_withdrawn", actor, _counts(went))
    return went, row


def _foresee(
    session: Session, interview: Interview, seat: InterviewSeat, *, whole: bool = False
) -> Withdrawal:
    consents = participants.consents(session, interview)
    if not consents[seat.letter].may_note:
        raise ConflictError(f"Nie ma zgody osoby {seat.letter}, którą można cofnąć, albo jest już cofnięta.")
    others = any(one.may_note for letter, one in consents.items() if letter != seat.letter)
    whole = whole or interview.form == IDI or not others
    texts = interview_texts.texts(session, interview.id)
    said = interview_texts.said_by(session, interview, None if whole else seat.letter)
    runs = {
        text.id: [one for one in interview_texts.segments_of(text).segments if said(one)] for text in texts
    }
    touched = [text.id for text in texts if whole or runs[text.id]]
    found = excerpts.of_texts(session, touched, set_aside=True)
    passages = [one for one in found if whole or _overlaps(one, runs[one.text_id])]
    written = notes.notes(session, interview.id)
    own = {note.id for note in written if note.seat_id == seat.id}
    row = store.of_seat(session, seat.id)
    return Withdrawal(
        letter=seat.letter,
        whole=whole,
        notes=len(written) if whole else sum(note.id in own or note.variant_of in own for note in written),
        texts=len(touched),
        passages=len(passages),
        evidence=len(evidence.known_excerpts(session, [one.id for one in passages])),
        unattributed=() if whole else tuple(interview_texts.unattributed(session, interview)),
        personal_data="kept" if row is not None and row.sealed is not None else "none",
    )


def _overlaps(excerpt: excerpts.Excerpt, gone: Iterable[Segment]) -> bool:
    """Does the passage touch words that are cut?"""
    return any(run.start < excerpt.end_at and excerpt.start_at < run.end for run in gone)


def _erase(
    context: Context, session: Session, interview: Interview, seat: InterviewSeat, whole: bool
) -> None:
    now = context.clock()
    interview_texts.cut_letter(context, session, interview, None if whole else seat.letter)
    if whole:
        notes.erase_all(session, interview.id, now)
    else:
        notes.erase_seat(session, interview.id, seat.id, now)


def _counts(went: Withdrawal) -> str:
    """For the audit: numbers, never a word."""
    return (
        f"Osoba {went.letter}: notatki {went.notes}, teksty {went.texts}, fragmenty {went.passages},"
        f" dowody {went.evidence}"
    )
