"""Gminny Katalog Interesariuszy: institutions that join and leave, and their contact persons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app import polish
from survey_app.models import Stakeholder, StakeholderContact
from survey_app.store.database import MAX_ID

__all__ = [
    "Stakeholder",
    "StakeholderContact",
    "StakeholderDraft",
    "add",
    "draft_of",
    "get",
    "mark_left",
    "name_key",
    "present_by_key",
    "stakeholders",
    "update",
]

NAME_LENGTH = 300


@dataclass(frozen=True, slots=True)
class StakeholderDraft:
    """What a person types about a stakeholder. `sector`: a catalogue sector's id; type: A, B, C or None."""

    name: str
    sector: str
    internal: bool
    stakeholder_type: str | None = None
    address: str = ""
    note: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


def name_key(name: str) -> str:
    """What a second import is matched by; a name without a letter or a digit is its own key."""
    return (polish.fold(name) or name)[:NAME_LENGTH]


def get(session: Session, stakeholder_id: int) -> Stakeholder | None:
    if not 0 < stakeholder_id <= MAX_ID:
        return None
    return session.get(Stakeholder, stakeholder_id, options=[joinedload(Stakeholder.contact)])


def stakeholders(session: Session, gmina_code: str, *, include_left: bool = False) -> list[Stakeholder]:
    """In Polish alphabetical order."""
    query = select(Stakeholder).filter_by(gmina_code=gmina_code).options(joinedload(Stakeholder.contact))
    if not include_left:
        query = query.where(Stakeholder.left_on.is_(None))
    return sorted(session.scalars(query), key=lambda row: (polish.alphabetical(row.name), row.id))


def present_by_key(session: Session, gmina_code: str) -> dict[str, Stakeholder]:
    """Those who are in the catalogue now, by the key of their name."""
    return {row.name_key: row for row in stakeholders(session, gmina_code)}


def draft_of(stakeholder: Stakeholder) -> StakeholderDraft:
    """The stakeholder as it could have been typed."""
    contact = stakeholder.contact
    return StakeholderDraft(
        name=stakeholder.name,
        sector=stakeholder.sector,
        internal=stakeholder.internal,
        stakeholder_type=stakeholder.stakeholder_type,
        address=stakeholder.address,
        note=stakeholder.note,
        contact_name=contact.person_name if contact else "",
        contact_email=contact.email if contact else "",
        contact_phone=contact.phone if contact else "",
    )


def add(session: Session, gmina_code: str, draft: StakeholderDraft, joined_on: dt.date) -> Stakeholder:
    stakeholder = Stakeholder(gmina_code=gmina_code, joined_on=joined_on, contact=None)
    _write(stakeholder, draft)
    session.add(stakeholder)
    return stakeholder


def update(stakeholder: Stakeholder, draft: StakeholderDraft) -> bool:
    """False if nothing changed."""
    if draft_of(stakeholder) == draft:
        return False
    _write(stakeholder, draft)
    return True


def mark_left(stakeholder: Stakeholder, left_on: dt.date) -> None:
    """The institution's history stays; the contact person's data are no longer needed and go (RODO)."""
    stakeholder.left_on = max(left_on, stakeholder.joined_on)
    stakeholder.contact = None


def _write(stakeholder: Stakeholder, draft: StakeholderDraft) -> None:
    stakeholder.name = draft.name
    stakeholder.name_key = name_key(draft.name)
    stakeholder.sector = draft.sector
    stakeholder.internal = draft.internal
    stakeholder.stakeholder_type = draft.stakeholder_type
    stakeholder.address = draft.address
    stakeholder.note = draft.note
    _write_contact(stakeholder, draft)


def _write_contact(stakeholder: Stakeholder, draft: StakeholderDraft) -> None:
    if not (draft.contact_name or draft.contact_email or draft.contact_phone):
        stakeholder.contact = None
        return
    contact = stakeholder.contact or StakeholderContact()
    contact.person_name = draft.contact_name
    contact.email = draft.contact_email
    contact.phone = draft.contact_phone
    stakeholder.contact = contact
