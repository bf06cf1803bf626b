"""A copy of what is kept of one participant of an interview: consent, personal data, words under their letter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from survey_app.services.context import Context
from survey_app.services.interviewing import participants, retention
from survey_app.services.interviewing.interview_rules import record, require_interview
from survey_app.services.interviewing.note_review import questions_of
from survey_app.store import interview_texts, notes
from survey_app.store import participants as store

LOST = "nie da się odczytać: nie ma klucza"
RIGHT = "Zgodę można cofnąć w każdej chwili; wtedy słowa i dane osobowe są usuwane."


def export(
    context: Context, gmina_code: str, interview_id: int, letter: str, actor: int | None
) -> dict[str, Any]:
    """Plain JSON. That a copy was made is recorded, like any look at personal data. NotFoundError: no such letter."""
    kept = participants.personal(context, gmina_code, interview_id, letter, actor)
    with context.database.transaction() as session:
        interview = require_interview(session, gmina_code, interview_id)
        seat = participants.seat_of(interview, letter)
        consent = participants.consents(session, interview)[letter]
        until = retention.retention_date(interview, store.of_seat(session, seat.id))
        asked = dict(questions_of(interview))
        said = [
            {
                "pytanie": asked.get(row.question_id, ""),
                "zapisano": row.text,
                "dosłownie": row.quotation,
            }
            for row in notes.notes(session, interview.id)
            if row.seat_id == seat.id and row.text
        ]
        texts = [
            {
                "rodzaj": "transkrypcja" if row.kind == "transcript" else "zamknięta wersja notatek",
                "numer": row.number,
                "fragmenty": own,
            }
            for row in interview_texts.of_interview(session, interview.id)
            if (own := [row.text[p["start"] : p["end"]] for p in row.segments if p.get("letter") == letter])
        ]
        record(context, session, interview, "participant_copied", actor, f"Osoba {letter}")
        return {
            "sporządzono": context.clock().isoformat(timespec="seconds"),
            "prawo": RIGHT,
            "wywiad": {
                "numer": interview.id,
                "dzień": (interview.held_on or interview.starts_at.date()).isoformat(),
                "tytuł projektu": interview.project_title,
            },
            "litera w notatkach": letter,
            "zgoda": {
                "na rozmowę i notatki": consent.agreed,
                "kiedy": _moment(consent.agreed_at),
                "na użycie zdania jako podstawy kodu": consent.evidence,
                "cofnięta": _moment(consent.withdrawn_at),
            },
            "dane osobowe": LOST if kept.lost else dict(participants.in_words(interview, kept)),
            "dane osobowe do": until.isoformat() if not (kept.empty or consent.deleted_at) else None,
            "notatki": said,
            "teksty": texts,
        }


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at is not None else None
