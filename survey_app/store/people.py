"""Staff and their roles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.models import (
    CodingRound,
    Gmina,
    Membership,
    Person,
    Representation,
    RoundRater,
    Stakeholder,
)
from survey_app.store.database import MAX_ID

__all__ = [
    "ADMINISTRATOR",
    "COORDINATOR",
    "MEMBER",
    "MODERATOR",
    "REGION",
    "TEAM",
    "Membership",
    "Person",
    "add",
    "add_membership",
    "add_region",
    "by_email",
    "coordinators",
    "everyone",
    "get",
    "hold",
    "hold_team",
    "leave_open_rounds",
    "moderators",
    "move_representations",
    "names",
    "remove_membership",
    "remove_memberships",
    "remove_region",
    "representations",
    "represented_names",
    "represents",
    "set_representations",
    "team",
    "team_gminas",
]

ADMINISTRATOR = "administrator"
COORDINATOR = "coordinator"
MEMBER = "member"
MODERATOR = "moderator"
REGION = "region"
TEAM = (COORDINATOR, MEMBER)


def get(session: Session, person_id: int) -> Person | None:
    """With the person's roles."""
    if not 0 < person_id <= MAX_ID:
        return None
    return session.get(Person, person_id, options=[joinedload(Person.memberships)])


def by_email(session: Session, email: str) -> Person | None:
    """`email` in the form that it is stored in (lower case)."""
    query = select(Person).where(Person.email == email).options(selectinload(Person.memberships))
    return session.scalars(query).one_or_none()


def hold(session: Session, person: Person) -> None:
    """Until the transaction ends, nobody else who asks for this holds the person; reads the account anew."""
    session.refresh(person, ["active"], with_for_update={"key_share": True})
    session.refresh(person, ["memberships"])


def everyone(session: Session) -> list[Person]:
    query = select(Person).options(selectinload(Person.memberships)).order_by(Person.email)
    return list(session.scalars(query))


def add(session: Session, *, email: str, name: str, password_hash: str | None, at: dt.datetime) -> Person:
    """ConflictError if the address has an account, even one that is being made at this very moment."""
    person = Person(email=email, name=name, password_hash=password_hash, created_at=at)
    person.memberships = []
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise ConflictError(f"Konto o adresie {email} już istnieje. Niczego nie zmieniono.") from error
    return person


def add_membership(session: Session, person: Person, role: str, gmina_code: str | None = None) -> bool:
    """False if the person has that role already, even one that is being given at this very moment."""
    if any((row.role, row.gmina_code) == (role, gmina_code) for row in person.memberships):
        return False
    try:
        with session.begin_nested():
            person.memberships.append(Membership(role=role, gmina_code=gmina_code))
            session.flush()
    except IntegrityError:
        session.refresh(person, ["memberships"])
        return False
    return True


def add_region(session: Session, person: Person, region_code: str) -> bool:
    """The person reads roll-ups of the region; False if they do already."""
    if any((row.role, row.region_code) == (REGION, region_code) for row in person.memberships):
        return False
    try:
        with session.begin_nested():
            person.memberships.append(Membership(role=REGION, region_code=region_code))
            session.flush()
    except IntegrityError:
        session.refresh(person, ["memberships"])
        return False
    return True


def remove_region(session: Session, person: Person, region_code: str) -> bool:
    """False if the person does not read that region's roll-ups."""
    gone = [row for row in person.memberships if (row.role, row.region_code) == (REGION, region_code)]
    for row in gone:
        person.memberships.remove(row)
    session.flush()
    return bool(gone)


def remove_memberships(session: Session, person: Person, gmina_code: str) -> bool:
    """Whatever the person was in this gmina's team; False if nothing."""
    gone = [row for row in person.memberships if row.gmina_code == gmina_code]
    for row in gone:
        person.memberships.remove(row)
    session.flush()
    return bool(gone)


def remove_membership(session: Session, person: Person, role: str, gmina_code: str) -> bool:
    """One role only; False if the person does not have it."""
    gone = [row for row in person.memberships if (row.role, row.gmina_code) == (role, gmina_code)]
    for row in gone:
        person.memberships.remove(row)
    session.flush()
    return bool(gone)


def coordinators(session: Session, gmina_code: str) -> list[Person]:
    """The active coordinators of the gmina's team, by name."""
    query = (
        select(Person)
        .join(Person.memberships)
        .where(Membership.role == COORDINATOR, Membership.gmina_code == gmina_code, Person.active)
        .options(selectinload(Person.memberships))
        .order_by(Person.name)
    )
    return list(session.scalars(query).unique())


def team_gminas(session: Session) -> list[Gmina]:
    """The gminas that have a team."""
    codes = select(Membership.gmina_code).where(Membership.role == COORDINATOR)
    query = select(Gmina).where(Gmina.code.in_(codes)).options(selectinload(Gmina.kinds)).order_by(Gmina.name)
    return list(session.scalars(query))


def team(session: Session, gmina_code: str) -> list[Person]:
    """The gmina's team: its active coordinators and members, in Polish alphabetical order."""
    return _seated(session, gmina_code, TEAM)


def moderators(session: Session, gmina_code: str) -> list[Person]:
    """Who may be given interviews and is active, in Polish alphabetical order."""
    return _seated(session, gmina_code, (MODERATOR,))


def _seated(session: Session, gmina_code: str, roles: Collection[str]) -> list[Person]:
    """One question whatever the roles: a page that asks for the team and the moderators asks the store once."""
    here = select(Membership.person_id).where(Membership.gmina_code == gmina_code)
    query = select(Person).where(Person.id.in_(here), Person.active).options(joinedload(Person.memberships))
    found = [
        person
        for person in session.scalars(query).unique()
        if any(one.gmina_code == gmina_code and one.role in roles for one in person.memberships)
    ]
    return sorted(found, key=lambda row: (polish.alphabetical(row.name), row.id))


def with_roles(session: Session, person_ids: Collection[int]) -> dict[int, Person]:
    """These people, whether or not they still have a part in anything."""
    if not person_ids:
        return {}
    query = select(Person).where(Person.id.in_(person_ids)).options(joinedload(Person.memberships))
    return {person.id: person for person in session.scalars(query).unique()}


def hold_team(session: Session, gmina_code: str) -> None:
    """Until the transaction ends, nobody else changes who sits in the team: two who act at once take turns."""
    held = select(Gmina.code).where(Gmina.code == gmina_code).with_for_update(key_share=True)
    session.scalars(held).one_or_none()


def leave_open_rounds(session: Session, gmina_code: str, person_id: int, at: dt.datetime) -> None:
    """The person gives up the seats in the gmina's rounds that are not over; one that is being closed is."""
    query = select(CodingRound.id).where(
        CodingRound.gmina_code == gmina_code, CodingRound.stage.in_(("rating", "agreement"))
    )
    going_on = session.scalars(query.with_for_update()).all()
    session.execute(
        update(RoundRater)
        .where(
            RoundRater.person_id == person_id,
            RoundRater.round_id.in_(going_on),
            RoundRater.left_at.is_(None),
        )
        .values(left_at=at)
    )


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """What the people are called, those who left the team or whose account is closed included."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name for row in rows}


def representations(session: Session, gmina_code: str) -> dict[int, frozenset[int]]:
    """By person: the gmina's stakeholders that the person represents; who represents none is not there."""
    query = (
        select(Representation.person_id, Representation.stakeholder_id)
        .join(Stakeholder, Stakeholder.id == Representation.stakeholder_id)
        .where(Stakeholder.gmina_code == gmina_code)
    )
    found: dict[int, set[int]] = {}
    for person_id, stakeholder_id in session.execute(query):
        found.setdefault(person_id, set()).add(stakeholder_id)
    return {person_id: frozenset(own) for person_id, own in found.items()}


def represented_names(session: Session, gmina_code: str, person_id: int) -> list[str]:
    """Names of the gmina's stakeholders that a person represents."""
    query = select(Stakeholder.name).join(Representation, Representation.stakeholder_id == Stakeholder.id)
    query = query.where(Stakeholder.gmina_code == gmina_code, Representation.person_id == person_id)
    return list(session.scalars(query))


def represents(session: Session, person_id: int, stakeholder_id: int) -> bool:
    return session.get(Representation, (person_id, stakeholder_id)) is not None


def set_representations(
    session: Session, person_id: int, gmina_code: str, stakeholder_ids: frozenset[int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Makes these the person's only ones in the gmina; returns those that came and those that went."""
    before = representations(session, gmina_code).get(person_id, frozenset())
    came, went = stakeholder_ids - before, before - stakeholder_ids
    session.execute(
        delete(Representation).where(
            Representation.person_id == person_id, Representation.stakeholder_id.in_(went)
        )
    )
    for stakeholder_id in sorted(came):
        session.merge(Representation(person_id=person_id, stakeholder_id=stakeholder_id))
    session.flush()
    return came, went


def move_representations(session: Session, from_id: int, to_id: int) -> None:
    """Two entries of the catalogue were one institution: who represents the one represents the other."""
    for row in session.scalars(select(Representation).filter_by(stakeholder_id=from_id)).all():
        session.merge(Representation(person_id=row.person_id, stakeholder_id=to_id))
        session.delete(row)
    session.flush()
