"""What had been deleted after a backup was made goes again when the backup is restored, as it went the first time.

All within the transaction that loads the backup: nobody can read it before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy.orm import Session

from survey_app.services.context import Context
from survey_app.services.deleted_ledger import Entry
from survey_app.services.interviewing import deletion_notes, interview_texts, retention, withdraw
from survey_app.store import interview_texts as texts
from survey_app.store import interviews, participants

BY_RESTORE = ": po przywróceniu kopii zapasowej"


def apply(context: Context, session: Session, entries: Iterable[Entry]) -> int:
    """In the order in which things were deleted; what the backup knows as deleted stays as it is. Returns how many
    went."""
    known = (entry for entry in entries if entry["kind"] in DEEDS)
    return sum(DEEDS[entry["kind"]](context, session, entry) for entry in known)


def everyone(context: Context, session: Session) -> int:
    """Without the ledger nobody knows whose personal data had been deleted: all go. Returns of how many people."""
    kept = participants.keeping(session)
    for row, interview in kept:
        letter = next(seat.letter for seat in interview.seats if seat.id == row.seat_id)
        retention.order(context, session, interview, letter, None, BY_RESTORE, noted=False)
    return len(kept)


def _withdraw(context: Context, session: Session, entry: Entry) -> bool:
    interview = interviews.of_seat(session, int(entry["seat"]))
    if interview is None:
        return False
    seat = next(one for one in interview.seats if one.id == entry["seat"])
    if deletion_notes.seat_mark(interview, seat) != entry["of"]:
        return False
    return withdraw.again(context, session, interview, seat, whole=bool(entry["whole"]))


def _delete_personal(context: Context, session: Session, entry: Entry) -> bool:
    row = participants.of_key(session, str(entry["of"]))
    if row is None or row.sealed is None:
        return False
    interview = interviews.of_seat(session, row.seat_id)
    assert interview is not None
    letter = next(seat.letter for seat in interview.seats if seat.id == row.seat_id)
    retention.order(context, session, interview, letter, None, BY_RESTORE, noted=False)
    return True


def _cut(context: Context, session: Session, entry: Entry) -> bool:
    """A text longer than the one that was cut is another state of it: then no place in it is sure, and all goes."""
    row = _text(session, int(entry["text"]), str(entry["of"]).partition(":")[0])
    if row is None or len(row.text) < entry["length"]:
        return False
    if len(row.text) > entry["length"]:
        interview_texts.remove_text(context, session, row)
    else:
        holes = [(int(start), int(end)) for start, end in entry["holes"]]
        interview_texts.cut_holes(context, session, row, holes)
    return True


def _remove(context: Context, session: Session, entry: Entry) -> bool:
    row = _text(session, int(entry["text"]), str(entry["of"]))
    if row is None:
        return False
    interview_texts.remove_text(context, session, row)
    return True


def _text(session: Session, text_id: int, mark: str) -> texts.InterviewText | None:
    row = texts.by_id(session, text_id)
    return row if row is not None and deletion_notes.text_mark(row) == mark else None


DEEDS: Mapping[str, Callable[[Context, Session, Entry], bool]] = {
    deletion_notes.WITHDRAWN: _withdraw,
    deletion_notes.PERSONAL: _delete_personal,
    deletion_notes.TEXT_CUT: _cut,
    deletion_notes.TEXT_REMOVED: _remove,
}
