"""Registers when two entries of the catalogue become one: what was the double's is the other's from then on.

Everything moves at the merge, so that no page has to know of doubles. Only the seat of a settled meeting stays where
both sat: what was counted there never changes.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.store import meetings, registers
from survey_app.store.registers import RegisterParty

_SAID = {"yes": "zgoda", "no": "odmowa"}


def obstacle(session: Session, double_id: int, into_id: int) -> str:
    """Why the two cannot be one now: both have voted on an open motion, and one seat has one vote. Empty: they can."""
    found = meetings.both_voted(session, double_id, into_id)
    if found is None:
        return ""
    title, number = found
    return (
        f"Oba wpisy mają głos w głosowaniu nr {number}, które trwa („{title}”), a jedna instytucja ma jeden głos."
        " Zamknij to głosowanie albo wycofaj jeden z tych głosów."
    )


def move(session: Session, double_id: int, into_id: int) -> None:
    """Entries about the double, its places among those asked or brought together, its seats. After `obstacle`."""
    registers.move_entries(session, double_id, into_id)
    for party, kept in registers.parties_with(session, double_id, into_id):
        if kept is None:
            party.stakeholder_id = into_id
        else:
            _unite(kept, party)
            session.delete(party)
    session.flush()
    meetings.move_seats(session, double_id, into_id)


def _unite(kept: RegisterParty, other: RegisterParty) -> None:
    """Two places at one entry are one. Of two replies the later one stands, and says what the earlier one was."""
    kept.role = kept.role or other.role
    if not other.reply:
        return
    stands, earlier = (other, kept) if _said_at(other) > _said_at(kept) else (kept, other)
    text = stands.reply_text
    if earlier.reply and (earlier.reply, earlier.reply_text) != (stands.reply, stands.reply_text):
        assert earlier.replied_on is not None
        words = f"Wcześniej, {polish.date(earlier.replied_on)} (wpis podwójny): {_SAID[earlier.reply]}"
        text = "\n".join(part for part in (text, words, earlier.reply_text) if part)
    reply, replied_on, offer_id = stands.reply, stands.replied_on, stands.offer_id
    recorded_at, recorded_by = stands.recorded_at, stands.recorded_by
    kept.reply, kept.reply_text, kept.replied_on, kept.offer_id = reply, text, replied_on, offer_id
    kept.recorded_at, kept.recorded_by = recorded_at, recorded_by


def _said_at(one: RegisterParty) -> tuple[dt.date, dt.datetime]:
    return one.replied_on or dt.date.min, one.recorded_at
