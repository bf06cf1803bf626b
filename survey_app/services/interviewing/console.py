"""What a console is given to work with, also without a network: the scenario, the seats, and all that was written.

No name of a participant is in it (METHOD, "IDI and FGI"): a person is a letter, an institution and a role.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.instrument.model import RESPONDENT, Instrument, Question, Section
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_views, participants
from survey_app.services.interviewing.console_sync import note_words
from survey_app.services.interviewing.interview_scenario import FORM_WORDS
from survey_app.services.interviewing.interview_views import InterviewView, SeatView
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.store import notes as store

__all__ = ["WIPE_AFTER_DAYS", "milliseconds", "state"]

WIPE_AFTER_DAYS = 7  # without use, the copy on a device is deleted by the device
NATURAL_PERSON = "osoba fizyczna"  # such an entry's name is a person's own


def milliseconds(moment: dt.datetime) -> int:
    """As JavaScript counts time."""
    return int(moment.timestamp() * 1000)


def state(context: Context, interview: Interview, gmina_name: str) -> dict[str, Any]:
    """Everything but addresses and who asks."""
    view = interview_views.view(context, interview)
    scenario = scenario_of(interview.instrument_version)
    with context.database.reading() as session:
        rows = store.notes(session, interview.id, include_deleted=True)
        letter_of = {seat.id: seat.letter for seat in interview.seats}
        live = [row for row in rows if row.deleted_at is None]
        return {
            "now": milliseconds(context.clock()),
            "wipe_after_days": WIPE_AFTER_DAYS,
            "interview": _interview(view, gmina_name, store.locked_versions(session, interview.id)),
            "scenario": _scenario(scenario, interview.project_title),
            "seats": _seats(context, session, view),
            "notes": [note_words(lambda seat_id: letter_of.get(seat_id or 0), row) for row in live],
            "gone": [row.id for row in rows if row.deleted_at is not None],
            **_progress(session, interview),
        }


def _interview(view: InterviewView, gmina_name: str, locked: int) -> dict[str, Any]:
    row = view.interview
    local = row.starts_at.astimezone(polish.WARSAW)
    return {
        "id": row.id,
        "form": row.form,
        "form_words": FORM_WORDS[row.form],
        "gmina": gmina_name,
        "institutions": list(dict.fromkeys(_institution(seat) for seat in view.seats)),
        "place": row.place,
        "video_link": row.video_link,
        "when": f"{polish.date(row.starts_at)}, {local:%H:%M}",
        "state": row.state,
        "revision": row.revision,
        "minutes": row.minutes,
        "project_title": row.project_title,
        "people_low": view.limits.people_low,
        "people_high": view.limits.people_high,
        "told": list(view.told),
        "departure_reason": row.departure_reason,
        "locked": locked,
    }


def _institution(seat: SeatView) -> str:
    return NATURAL_PERSON if seat.natural_person else seat.name


def _scenario(scenario: Instrument, project_title: str) -> dict[str, Any]:
    return {
        "title": scenario.title,
        "minutes": scenario.minutes,
        "address_note": scenario.text("address"),
        "sections": [_section(section) for section in scenario.sections],
        "consent": _consent(scenario, project_title),
    }


def _consent(scenario: Instrument, project_title: str) -> dict[str, str]:
    """What is read out. Without a title there is nothing to say about the project."""
    interview = scenario.definitions.interview
    if interview is None:
        raise ValueError(f"{scenario.key} is no scenario of an interview")
    texts = interview.consent
    return {
        "purpose": texts.purpose,
        "project": texts.titled(project_title) if project_title else "",
        "rules": texts.rules,
        "question": texts.question,
        "evidence_question": texts.evidence_question,
        "readers": texts.readers,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title,
        "minutes": section.minutes,
        "intro": section.intro or "",
        "read_aloud": section.read_aloud or "",
        "respondent": section.id == RESPONDENT,
        "questions": [_question(question) for question in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "number": question.number or "",
        "text": question.text,
        "probes": list(question.probes),
        "help": question.help or "",
        "type": question.type.value,
        "options": [{"id": option.id, "label": option.label} for option in question.options],
        "minimum": question.minimum,
        "maximum": question.maximum,
        "max_length": question.max_length,
    }


def _seats(context: Context, session: Session, view: InterviewView) -> list[dict[str, Any]]:
    interview = view.interview
    consents = participants.consents(session, interview)
    fields = participants.fields_of(context, session, interview)
    roles = {seat.letter: seat.role for seat in interview.seats}
    return [
        {
            "letter": seat.letter,
            "institution": _institution(seat),
            "role": roles[seat.letter],
            "role_words": seat.role,
            "absent": seat.absent,
            "agreed": consents[seat.letter].agreed,
            "evidence": consents[seat.letter].evidence,
            "withdrawn": consents[seat.letter].withdrawn_at is not None,
            "revision": consents[seat.letter].revision,
            "fields": fields.get(seat.letter),
        }
        for seat in view.seats
    ]


def _progress(session: Session, interview: Interview) -> dict[str, Any]:
    marks, parts = {}, {}
    for row in store.progress(session, interview.id):
        if row.item.startswith(store.PART):
            parts[row.item.removeprefix(store.PART)] = {"seconds": row.seconds, "revision": row.revision}
        else:
            marks[row.item] = {"mark": row.mark, "revision": row.revision}
    return {"marks": marks, "parts": parts}
