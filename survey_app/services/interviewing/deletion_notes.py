"""What is noted of a deletion in the ledger beside the keys, before it is committed. `forget_again` reads it.

A mark says which thing is meant where its number alone does not: after a restore, numbers that had been given since the
backup are given again, to others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from survey_app.services import deleted_ledger
from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Entry
from survey_app.services.interviewing.compose_text import Hole
from survey_app.store.interview_texts import InterviewText
from survey_app.store.interviews import Interview, InterviewSeat
from survey_app.store.participants import Participant

WITHDRAWN, PERSONAL, TEXT_CUT, TEXT_REMOVED = "withdrawn", "personal", "text_cut", "text_removed"


def note(context: Context, *entries: Entry) -> None:
    """The last deed before the commit. ConflictError: it cannot be kept, so nothing may be deleted."""
    deleted_ledger.add(context.settings.key_folders, entries)


def withdrawn(interview: Interview, seat: InterviewSeat, *, whole: bool) -> Entry:
    """`whole`: everything of the interview went, for nobody else's consent stood."""
    return {"kind": WITHDRAWN, "of": seat_mark(interview, seat), "seat": seat.id, "whole": whole}


def personal(key_name: str) -> Entry:
    """The name of a key is random, and its key is destroyed."""
    return {"kind": PERSONAL, "of": key_name}


def of_row(row: Participant, interview: Interview, seat: InterviewSeat) -> list[Entry]:
    """What the rows of a participant say about it, for the ledger to be complete."""
    found = [withdrawn(interview, seat, whole=False)] if row.withdrawn_at is not None else []
    if row.key_name is not None and row.sealed is None:
        found.append(personal(row.key_name))
    return found


def cuts(row: InterviewText, holes: Sequence[Hole]) -> list[Entry]:
    """A text only ever gets shorter, so its length says whether the cut was made in it."""
    if not holes:
        return []
    length = len(row.text)
    return [
        {
            "kind": TEXT_CUT,
            "of": f"{text_mark(row)}:{length}",
            "text": row.id,
            "length": length,
            "holes": [list(hole) for hole in holes],
        }
    ]


def removed(row: InterviewText) -> Entry:
    return {"kind": TEXT_REMOVED, "of": text_mark(row), "text": row.id}


def seat_mark(interview: Interview, seat: InterviewSeat) -> str:
    return _mark(interview.id, interview.created_at.isoformat(), seat.id, seat.newcomer or "")


def text_mark(row: InterviewText) -> str:
    return _mark(row.interview_id, row.id, row.created_at.isoformat())


def _mark(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]
