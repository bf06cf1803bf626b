"""Consent and personal data of those who speak in an interview. METHOD, "IDI and FGI".

No note without consent, no evidence without the second yes. Personal data are sealed under a key of the participant's
own; once deleted they cannot be given again, so that a late device revives nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import participant_keys
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.personal_fields import checked_fields, field_words
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import participants
from survey_app.store.interviews import CANCELLED, Interview, InterviewSeat
from survey_app.store.participants import Participant

__all__ = [
    "Consent",
    "Participant",
    "PersonalData",
    "consents",
    "consents_of",
    "fields_of",
    "in_words",
    "merge_fields",
    "personal",
    "record_answer",
    "record_consent",
    "set_personal",
]

NAME_LENGTH, CONTACT_LENGTH = 200, 500
CHANGED = (
    "W tym czasie ktoś inny zapisał zgodę osoby {letter}. Niczego nie zmieniono."
    " Prosimy sprawdzić, co jest zapisane, i wpisać jeszcze raz."
)
WITHDRAWN = "Osoba {letter} cofnęła zgodę. Tego już się nie zmienia."
DELETED = "Dane osobowe osoby {letter} są usunięte. Nie można ich zapisać ponownie."
HEARD = (
    "Pod literą {letter} są już notatki albo transkrypcja. Jeśli osoba cofa zgodę, prosimy to zapisać na stronie"
    " „Osoby i zgody”: wtedy jej słowa zostaną usunięte."
)


@dataclass(frozen=True, slots=True)
class Consent:
    """What one seat agreed to. `revision` 0: nothing is recorded yet; `evidence` None: not asked."""

    letter: str
    seat_id: int
    agreed: bool | None = None
    agreed_at: dt.datetime | None = None
    evidence: bool | None = None
    evidence_at: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None
    deleted_at: dt.datetime | None = None
    project_title: str = ""
    revision: int = 0

    @property
    def asked(self) -> bool:
        """The second question, too."""
        return self.evidence is not None

    @property
    def may_note(self) -> bool:
        return self.agreed is True and self.withdrawn_at is None

    @property
    def may_be_evidence(self) -> bool:
        return self.may_note and self.evidence is True


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`fields`: answers about the person by question id. `lost`: no key opens what is kept.

    `version`: tells whether somebody else changed it meanwhile; "" while nothing is kept.
    """

    name: str = ""
    contact: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    version: str = field(default="", compare=False)

    @property
    def empty(self) -> bool:
        return not (self.name or self.contact or self.fields or self.lost)


def consents(session: Session, interview: Interview) -> dict[str, Consent]:
    """Of every seat, by letter."""
    return consents_of(session, [interview])[interview.id]


def consents_of(session: Session, interviews: Sequence[Interview]) -> dict[int, dict[str, Consent]]:
    """As `consents`, of several, by interview."""
    rows = participants.of_interviews(session, [one.id for one in interviews])
    return {
        one.id: {seat.letter: _consent(seat, rows.get(seat.id)) for seat in one.seats} for one in interviews
    }


def record_consent(
    context: Context,
    session: Session,
    interview: Interview,
    letter: str,
    agreed: bool,
    evidence: bool | None,
    at: dt.datetime,
    actor: int | None,
    base: int,
) -> Consent:
    """What the person answered at this moment. `base`: the revision that the page or device knew.

    The same answer again is kept as it is; so is one that only says less than is known (the second question was not
    asked there), and one that only adds the second answer. NotFoundError: no such letter. ConflictError: another page
    recorded something else meanwhile; the consent was withdrawn; words are kept that a "no" would leave without it.
    """
    seat = seat_of(interview, letter)
    participants.hold(session, interview.id)
    row = participants.of_seat(session, seat.id, alone=True)
    before = _consent(seat, row)
    if evidence is not None and not agreed:
        raise InvalidInputError("O drugą zgodę pyta się dopiero po pierwszej.")
    same = before.agreed is agreed
    if same and (before.evidence is evidence or (evidence is None and before.revision != base)):
        return before
    _refuse_answer(session, interview, before, agreed, before.revision if same and not before.asked else base)
    at = min(at, context.clock())  # a device's clock that is a second ahead is no reason to refuse
    row = row or participants.add(session, seat.id, revision=1)
    if before.agreed is not agreed:
        row.agreed, row.agreed_at = agreed, at
    if before.evidence is not evidence:
        row.evidence, row.evidence_at = evidence, at if evidence is not None else None
    row.instrument_version_id, row.project_title = interview.instrument_version_id, interview.project_title
    row.recorded_by, row.revision = actor, before.revision + 1
    session.flush()
    record(context, session, interview, "consent_recorded", actor, _answer_words(letter, agreed, evidence))
    return _consent(seat, row)


def record_answer(
    context: Context,
    gmina_code: str,
    interview_id: int,
    letter: str,
    agreed: bool,
    evidence: bool | None,
    at: dt.datetime,
    actor: int | None,
    base: int,
) -> Consent:
    """`record_consent` in a transaction of its own."""
    with context.database.transaction() as session:
        found = require_interview(session, gmina_code, interview_id, alone=True)
        return record_consent(context, session, found, letter, agreed, evidence, at, actor, base)


def merge_fields(
    context: Context,
    session: Session,
    interview: Interview,
    letter: str,
    fields: Mapping[str, str],
    actor: int | None,
) -> dict[str, str]:
    """Adds what the person said of themselves; "" takes an answer away. Returns all that is kept now.

    ConflictError: no consent, or it was withdrawn; the data are deleted; the key cannot be written or is lost.
    InvalidInputError: an answer that the scenario does not know; its faults name the fields.
    """
    checked = checked_fields(scenario_of(interview.instrument_version), fields)
    seat = seat_of(interview, letter)
    participants.hold(session, interview.id)
    row = participants.of_seat(session, seat.id, alone=True)
    if fields and not _consent(seat, row).may_note:
        raise ConflictError(
            f"Osoba {letter} nie zgodziła się na rozmowę, więc nie zapisano, co mówi o sobie."
        )
    kept = _opened(context, seat, row)
    merged = {key: value for key, value in {**kept.fields, **checked}.items() if value}
    if merged != kept.fields:
        _seal(context, session, seat, row, PersonalData(kept.name, kept.contact, merged))
        record(context, session, interview, "personal_data_changed", actor, f"Osoba {letter}: pola o osobie")
    return merged


def fields_of(context: Context, session: Session, interview: Interview) -> dict[str, dict[str, str]]:
    """By letter, of those who said something of themselves and whose key is there."""
    rows = participants.of_interview(session, interview.id)
    found = {}
    for seat in interview.seats:
        kept = _read(context, seat, rows.get(seat.id))
        if kept.fields:
            found[seat.letter] = kept.fields
    return found


def personal(
    context: Context, gmina_code: str, interview_id: int, letter: str, actor: int | None
) -> PersonalData:
    """Name, contact and what the person said of themselves. That somebody looked is recorded, not what they saw."""
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id)
        seat = seat_of(interview, letter)
        row = participants.of_seat(session, seat.id)
        found = _read(context, seat, row)
        if found.lost and row is not None:  # or it has just been given a new key
            session.refresh(row)
            found = _read(context, seat, row)
        if not found.empty:
            record(context, session, interview, "personal_data_read", actor, f"Osoba {letter}")
        return found


def set_personal(
    context: Context,
    gmina_code: str,
    interview_id: int,
    letter: str,
    wanted: PersonalData,
    actor: int | None,
) -> None:
    """Instead of what is kept, which the page knew as `wanted.version`. A name and a way to reach the person may be
    kept before consent is asked, to agree on the date.

    ConflictError as `merge_fields`, and where another window was faster. InvalidInputError: too long, or unknown.
    """
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id, alone=True)
        seat = seat_of(interview, letter)
        row = participants.of_seat(session, seat.id, alone=True)
        consent = _consent(seat, row)
        tidy = _tidied(interview, wanted)
        if consent.withdrawn_at or consent.agreed is False:
            raise ConflictError(
                f"Osoba {letter} nie zgadza się na rozmowę albo cofnęła zgodę. Jej danych się nie zapisuje."
            )
        if tidy.fields and not consent.may_note:
            raise ConflictError(
                f"Pola o osobie {letter} można wypełnić dopiero, gdy zgodziła się na rozmowę."
            )
        before = _opened(context, seat, row)
        if before.version != wanted.version:
            raise ConflictError(
                f"W tym czasie ktoś inny zmienił dane osoby {letter}. Niczego nie zapisano. Prosimy porównać."
            )
        if tidy != before:
            _seal(context, session, seat, row, tidy)
            record(context, session, interview, "personal_data_changed", actor, f"Osoba {letter}")


def in_words(interview: Interview, kept: PersonalData) -> list[tuple[str, str]]:
    """What is kept as questions and answers."""
    scenario = scenario_of(interview.instrument_version)
    first = [("Imię i nazwisko", kept.name), ("Kontakt", kept.contact)]
    more = [field_words(scenario, key, value) for key, value in kept.fields.items()]
    return [(words, value) for words, value in first + more if value]


# What others of this folder need, too -------------------------------------------------------------------------


def seat_of(interview: Interview, letter: str) -> InterviewSeat:
    for seat in interview.seats:
        if seat.letter == letter:
            return seat
    raise NotFoundError("W tym wywiadzie nie ma osoby z taką literą.")


# ----------------------------------------------------------------------------------------------------------------


def _consent(seat: InterviewSeat, row: Participant | None) -> Consent:
    if row is None:
        return Consent(seat.letter, seat.id)
    return Consent(
        seat.letter,
        seat.id,
        row.agreed,
        row.agreed_at,
        row.evidence,
        row.evidence_at,
        row.withdrawn_at,
        row.deleted_at,
        row.project_title,
        row.revision if row.agreed is not None else 0,  # personal data alone are no answer
    )


def _refuse_answer(session: Session, interview: Interview, before: Consent, agreed: bool, base: int) -> None:
    if before.withdrawn_at is not None:
        raise ConflictError(WITHDRAWN.format(letter=before.letter))
    if interview.state == CANCELLED:
        raise ConflictError("Ten wywiad jest odwołany, więc nie zapisuje się zgody.")
    if before.revision != base:
        raise ConflictError(CHANGED.format(letter=before.letter))
    if agreed or not before.may_note:
        return
    heard = participants.letters_heard(session, interview)
    others = any(one.may_note for key, one in consents(session, interview).items() if key != before.letter)
    if before.letter in heard or (heard and not others):
        raise ConflictError(HEARD.format(letter=before.letter))


def _answer_words(letter: str, agreed: bool, evidence: bool | None) -> str:
    second = {True: "; podstawa kodu: tak", False: "; podstawa kodu: nie", None: ""}[evidence]
    return f"Osoba {letter}: {'zgoda' if agreed else 'brak zgody'}{second}"


def _read(context: Context, seat: InterviewSeat, row: Participant | None) -> PersonalData:
    if row is None or row.sealed is None or row.key_name is None:
        return PersonalData()
    key = participant_keys.find_key(context.settings.key_folders, row.key_name)
    content = participant_keys.open_box(key, seat.id, row.sealed) if key is not None else None
    if content is None:
        return PersonalData(lost=True)
    version = hashlib.sha256(row.sealed).hexdigest()[:16]
    return PersonalData(content["name"], content["contact"], content["fields"], version=version)


def _tidied(interview: Interview, typed: PersonalData) -> PersonalData:
    checked = checked_fields(scenario_of(interview.instrument_version), typed.fields)
    name, contact = " ".join(typed.name.split()), typed.contact.strip()
    faults = [
        Fault("text.too_long", where, f"Najwyżej {longest} znaków. Prosimy skrócić.")
        for where, text, longest in (("name", name, NAME_LENGTH), ("contact", contact, CONTACT_LENGTH))
        if len(text) > longest
    ]
    if faults:
        raise InvalidInputError("Nie zapisano danych osobowych.", faults)
    return PersonalData(name, contact, {key: value for key, value in checked.items() if value})


def _opened(context: Context, seat: InterviewSeat, row: Participant | None) -> PersonalData:
    """To be changed: what is lost must not be overwritten by less, nor what is deleted come back."""
    if row is not None and (row.deleted_at is not None or (row.key_name and row.sealed is None)):
        raise ConflictError(DELETED.format(letter=seat.letter))
    found = _read(context, seat, row)
    if found.lost:
        raise ConflictError(participant_keys.NO_KEY.format(letter=seat.letter))
    return found


def _seal(
    context: Context, session: Session, seat: InterviewSeat, row: Participant | None, content: PersonalData
) -> None:
    """The key is on the disk, in both places, before the row that needs it is."""
    folders = context.settings.key_folders
    row = row or participants.add(session, seat.id, revision=1)
    if row.key_name is None:
        row.key_name, key = participant_keys.new_key(folders)
    else:
        known = participant_keys.find_key(folders, row.key_name)
        if known is None:
            raise ConflictError(participant_keys.NO_KEY.format(letter=seat.letter))
        key = known
    plain = {"name": content.name, "contact": content.contact, "fields": content.fields}
    row.sealed = participant_keys.seal(key, seat.id, plain)
    session.flush()
