"""Consents of one interview as they are shown: who agreed to what, what is kept of whom, and until when.

Nothing personal is opened here: that happens on one page only, and is recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.instrument.model import ConsentTexts, Question
from survey_app.services.context import Context
from survey_app.services.deeds import Deed, deeds
from survey_app.services.interviewing import interview_views, participant_keys, participants, retention
from survey_app.services.interviewing.interview_views import SeatView
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import Consent
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import participants as store

NONE, KEPT, LOST, ORDERED, DELETED = "none", "kept", "lost", "ordered", "deleted"
DEEDS: Mapping[str, str] = {
    "consent_recorded": "zapisano odpowiedź o zgodzie",
    "consent_withdrawn": "cofnięto zgodę, słowa usunięto",
    "participant_copied": "pobrano kopię danych osoby",
    "personal_data_read": "otwarto dane osobowe",
    "personal_data_changed": "zmieniono dane osobowe",
    "personal_data_deletion_ordered": "zlecono usunięcie danych osobowych",
    "personal_data_deleted": "usunięto dane osobowe i ich klucz",
    "retention_changed": "zmieniono termin usunięcia danych osobowych",
}


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """`data`: what is kept of the person: NONE, KEPT, LOST (no key), ORDERED (being deleted) or DELETED."""

    seat: SeatView
    consent: Consent
    data: str
    retain_until: dt.date


def views(context: Context, interview: Interview) -> list[ParticipantView]:
    """By letter."""
    with context.database.reading() as session:
        consents = participants.consents(session, interview)
        rows = {row.seat_id: row for row in store.of_interview(session, interview.id).values()}
    seats = {seat.letter: seat for seat in interview_views.view(context, interview).seats}
    return [
        ParticipantView(
            seats[letter],
            consent,
            _data(context, rows.get(consent.seat_id)),
            retention.retention_date(interview, rows.get(consent.seat_id)),
        )
        for letter, consent in consents.items()
    ]


def view(context: Context, interview: Interview, letter: str) -> ParticipantView:
    """NotFoundError: the interview has no such letter."""
    participants.seat_of(interview, letter)
    return next(one for one in views(context, interview) if one.seat.letter == letter)


def trace(context: Context, interview: Interview) -> list[Deed]:
    """Who recorded, read, changed and deleted, the newest first."""
    with context.database.reading() as session:
        everything = deeds(session, "interview", interview.id, DEEDS)
    return [deed for deed in reversed(everything) if deed.words in DEEDS.values()]


def consent_texts(interview: Interview) -> ConsentTexts:
    """What is read out."""
    spoken = scenario_of(interview.instrument_version).definitions.interview
    if spoken is None:
        raise ValueError("an interview follows a scenario of interviews")
    return spoken.consent


def respondent_fields(interview: Interview) -> tuple[Question, ...]:
    """What the scenario asks about the person."""
    return scenario_of(interview.instrument_version).respondent_fields


def _data(context: Context, row: store.Participant | None) -> str:
    if row is None or row.key_name is None:
        return NONE
    if row.sealed is None:
        return DELETED if row.deleted_at is not None else ORDERED
    if participant_keys.find_key(context.settings.key_folders, row.key_name) is not None:
        return KEPT
    with context.database.reading() as session:  # it may have been given a new key just now
        again = store.of_seat(session, row.seat_id)
    return LOST if again is None or again.key_name == row.key_name else KEPT
