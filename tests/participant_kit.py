"""Consent and personal data of participants, for tests: recorded, kept, read, and what is in the tables of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from survey_app.services.context import Context
from survey_app.services.interviewing import participants
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.participants import Consent, PersonalData
from survey_app.store import audit
from survey_app.store import participants as store
from tests.interview_kit import GMINA

DATA = PersonalData("Zofia Wrzos", "zofia@example.org, 600 100 200", {"stanowisko": "dyrektorka"})


def consents(context: Context, interview: Interview) -> dict[str, Consent]:
    with context.database.reading() as session:
        return participants.consents(session, interview)


def answer(
    context: Context, interview: Interview, agreed: bool, evidence: bool | None, base: int, **changes: Any
) -> Consent:
    with context.database.transaction() as session:
        return participants.record_consent(
            context,
            session,
            interview,
            changes.get("letter", "A"),
            agreed,
            evidence,
            changes.get("at", context.clock()),
            None,
            base,
        )


def keep(context: Context, interview: Interview, letter: str = "A", data: PersonalData = DATA) -> None:
    participants.set_personal(context, GMINA, interview.id, letter, data, None)


def read(context: Context, interview: Interview, letter: str = "A") -> PersonalData:
    return participants.personal(context, GMINA, interview.id, letter, None)


def merge(
    context: Context, interview: Interview, fields: dict[str, str], letter: str = "A"
) -> dict[str, str]:
    with context.database.transaction() as session:
        return participants.merge_fields(context, session, interview, letter, fields, None)


def row_of(context: Context, interview: Interview, letter: str = "A") -> store.Participant:
    with context.database.reading() as session:
        row = store.of_seat(session, participants.seat_of(interview, letter).id)
    assert row is not None
    return row


def actions(context: Context, interview: Interview) -> list[str]:
    with context.database.reading() as session:
        return [event.action for event in audit.about(session, "interview", interview.id)]


def key_paths(context: Context) -> list[Path]:
    return [
        path for folder in context.settings.key_folders for path in (folder / "participants").glob("*.key")
    ]
