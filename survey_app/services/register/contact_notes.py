"""A contact person who was taken out of the catalogue stays out when an older backup is restored.

The ledger beside the keys keeps the number of the entry and a mark of the deed. A trace that holds the deed belongs to
rows that know of it; whatever contact stands there then was written later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from survey_app.services.deleted_ledger import Entry
from survey_app.store import audit, catalogue

CONTACT = "contact"


def gone(stakeholder_id: int, at: dt.datetime) -> Entry:
    """`at`: of the deed in the trace."""
    return {"kind": CONTACT, "of": _mark(stakeholder_id, at), "stakeholder": stakeholder_id}


def apply(session: Session, entries: Iterable[Entry]) -> int:
    """Takes out again who is there only because the backup is older; returns how many went."""
    count = 0
    for entry in entries:
        found = catalogue.get(session, int(entry["stakeholder"])) if entry["kind"] == CONTACT else None
        if found is None or found.contact is None:
            continue
        deeds = audit.about(session, "stakeholder", found.id)
        if all(_mark(found.id, deed.at) != entry["of"] for deed in deeds):
            found.contact = None
            session.flush()
            count += 1
    return count


def _mark(stakeholder_id: int, at: dt.datetime) -> str:
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{stakeholder_id}|{moment}".encode()).hexdigest()[:32]
