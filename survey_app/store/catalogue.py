"""Gminny Katalog Interesariuszy: who joins, leaves, comes back or was a double, and their contact persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session, joinedload, object_session

from survey_app import polish
from survey_app.models import (
    CodingRound,
    MeetingSeat,
    RoundStakeholder,
    Stakeholder,
    StakeholderContact,
    StakeholderPeriod,
)
from survey_app.store.database import MAX_ID

__all__ = [
    "Stakeholder",
    "StakeholderContact",
    "StakeholderDraft",
    "StakeholderPeriod",
    "add",
    "by_number",
    "come_back",
    "doubles_of",
    "draft_of",
    "get",
    "kept_id",
    "loses_contact",
    "mark_left",
    "mark_merged",
    "merged_into",
    "merged_of",
    "name_key",
    "open_rounds",
    "periods",
    "present_by_key",
    "stakeholders",
    "update",
]

NAME_LENGTH = 300
OPEN_STAGES = ("rating", "agreement")  # of a coding round that is not over


@dataclass(frozen=True, slots=True)
class StakeholderDraft:
    """What a person types about a stakeholder. `sector`: a catalogue sector's id; type: A, B, C or None.

    `natural_person`: a code of hers is personal data and appears in no public report (METHOD, "Law").
    `usefulness`: what it could bring to programmes of reintegration; `spheres`: ids of spheres of 000.
    """

    name: str
    sector: str
    internal: bool
    stakeholder_type: str | None = None
    address: str = ""
    note: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    natural_person: bool = False
    usefulness: str = ""
    spheres: tuple[str, ...] = ()


def name_key(name: str) -> str:
    """What a second import is matched by; a name without a letter or a digit is its own key."""
    return (polish.fold(name) or name)[:NAME_LENGTH]


def get(session: Session, stakeholder_id: int) -> Stakeholder | None:
    if not 0 < stakeholder_id <= MAX_ID:
        return None
    return session.get(Stakeholder, stakeholder_id, options=[joinedload(Stakeholder.contact)])


def kept_id(session: Session, stakeholder_id: int) -> int:
    """The same, or of a double the entry that stands for it now; one that there is not is told back as it came."""
    found = get(session, stakeholder_id)
    while found is not None and found.merged_into_id is not None:
        stakeholder_id = found.merged_into_id
        found = get(session, stakeholder_id)
    return stakeholder_id


def stakeholders(session: Session, gmina_code: str, *, include_left: bool = False) -> list[Stakeholder]:
    """In Polish alphabetical order."""
    query = select(Stakeholder).filter_by(gmina_code=gmina_code).options(joinedload(Stakeholder.contact))
    # One question for both: a page that needs those who left as well asks the store once.
    found = [row for row in session.scalars(query) if include_left or row.left_on is None]
    return sorted(found, key=lambda row: (polish.alphabetical(row.name), row.id))


def by_number(rows: Iterable[Stakeholder]) -> dict[int, Stakeholder]:
    """Number -> entry; of a double, the entry that it was merged into. `rows`: with those who left."""
    found = {row.id: row for row in rows}
    steps = {row.id: row.merged_into_id for row in found.values() if row.merged_into_id is not None}
    return {one: found[_last(one, steps)] for one in found}


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
        natural_person=stakeholder.natural_person,
        usefulness=stakeholder.usefulness,
        spheres=tuple(stakeholder.spheres),
    )


def add(session: Session, gmina_code: str, draft: StakeholderDraft, joined_on: dt.date) -> Stakeholder:
    stakeholder = Stakeholder(gmina_code=gmina_code, joined_on=joined_on, contact=None)
    _write(stakeholder, draft)
    session.add(stakeholder)
    return stakeholder


def update(stakeholder: Stakeholder, draft: StakeholderDraft) -> bool:
    """False if nothing changed. A person's former name stays on no seat of a meeting, as an institution's does."""
    if draft_of(stakeholder) == draft:
        return False
    named, person = stakeholder.name, stakeholder.natural_person
    _write(stakeholder, draft)
    session = object_session(stakeholder)
    if session and stakeholder.name != named and (person or stakeholder.natural_person):
        own = MeetingSeat.stakeholder_id == stakeholder.id
        session.execute(sql_update(MeetingSeat).where(own).values(label=stakeholder.name))
    return True


def mark_left(stakeholder: Stakeholder, left_on: dt.date, reason: str = "") -> None:
    """The institution's history stays; the contact person's data are no longer needed and go (RODO)."""
    stakeholder.left_on = max(left_on, stakeholder.joined_on)
    stakeholder.left_reason = reason
    stakeholder.contact = None


def loses_contact(stakeholder: Stakeholder) -> bool:
    """A contact person was taken away, and none came instead; known until the session is flushed."""
    return stakeholder.contact is None and bool(inspect(stakeholder).attrs.contact.history.deleted)


def mark_merged(double: Stakeholder, into: Stakeholder, left_on: dt.date, reason: str) -> None:
    """The double stays, as one that left, so that closed rounds keep what they name."""
    mark_left(double, left_on, reason)
    double.merged_into_id = into.id


def come_back(session: Session, stakeholder: Stakeholder, joined_on: dt.date) -> None:
    """The stay that ended is kept as a period; the new one begins on that day."""
    assert stakeholder.left_on is not None
    session.add(
        StakeholderPeriod(
            stakeholder_id=stakeholder.id,
            joined_on=stakeholder.joined_on,
            left_on=stakeholder.left_on,
            left_reason=stakeholder.left_reason,
        )
    )
    stakeholder.joined_on = joined_on
    stakeholder.left_on = None
    stakeholder.left_reason = ""


def periods(session: Session, stakeholder_id: int) -> list[StakeholderPeriod]:
    """Earlier stays, the earliest first."""
    query = select(StakeholderPeriod).filter_by(stakeholder_id=stakeholder_id)
    return list(session.scalars(query.order_by(StakeholderPeriod.joined_on, StakeholderPeriod.id)))


def doubles_of(session: Session, stakeholder_id: int) -> list[Stakeholder]:
    """Entries that were merged into this one, the earliest first."""
    query = select(Stakeholder).filter_by(merged_into_id=stakeholder_id)
    return list(session.scalars(query.order_by(Stakeholder.left_on, Stakeholder.id)))


def merged_into(session: Session, gmina_code: str) -> dict[int, int]:
    """Id of an entry that was a double -> id of the entry that stands for it now, followed to the end."""
    query = select(Stakeholder.id, Stakeholder.merged_into_id).where(
        Stakeholder.gmina_code == gmina_code, Stakeholder.merged_into_id.is_not(None)
    )
    return _followed({double: into for double, into in session.execute(query) if into is not None})


def merged_of(everyone: Iterable[Stakeholder]) -> dict[int, int]:
    """As `merged_into`, from a gmina's entries that are read already, those who left among them."""
    return _followed({row.id: row.merged_into_id for row in everyone if row.merged_into_id is not None})


def _followed(steps: dict[int, int]) -> dict[int, int]:
    return {double: _last(double, steps) for double in steps}


def open_rounds(session: Session, stakeholder_id: int) -> list[CodingRound]:
    """Rounds that code this stakeholder and are not over."""
    query = select(CodingRound).join(RoundStakeholder, RoundStakeholder.round_id == CodingRound.id)
    query = query.where(
        RoundStakeholder.stakeholder_id == stakeholder_id,
        RoundStakeholder.withdrawn_at.is_(None),
        CodingRound.stage.in_(OPEN_STAGES),
    )
    return list(session.scalars(query.order_by(CodingRound.number)))


def _last(double: int, steps: dict[int, int]) -> int:
    seen = {double}
    while double in steps and steps[double] not in seen:
        double = steps[double]
        seen.add(double)
    return double


def _write(stakeholder: Stakeholder, draft: StakeholderDraft) -> None:
    stakeholder.name = draft.name
    stakeholder.name_key = name_key(draft.name)
    stakeholder.sector = draft.sector
    stakeholder.internal = draft.internal
    stakeholder.stakeholder_type = draft.stakeholder_type
    stakeholder.address = draft.address
    stakeholder.note = draft.note
    stakeholder.natural_person = draft.natural_person
    stakeholder.usefulness = draft.usefulness
    stakeholder.spheres = list(draft.spheres)
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
