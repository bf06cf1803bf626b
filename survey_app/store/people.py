"""Staff and their roles."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from survey_app.errors import ConflictError
from survey_app.models import Gmina, Membership, Person
from survey_app.store.database import MAX_ID

__all__ = [
    "ADMINISTRATOR",
    "COORDINATOR",
    "Membership",
    "Person",
    "add",
    "add_membership",
    "by_email",
    "coordinators",
    "everyone",
    "get",
    "team_gminas",
]

ADMINISTRATOR = "administrator"
COORDINATOR = "coordinator"


def get(session: Session, person_id: int) -> Person | None:
    """With the person's roles."""
    if not 0 < person_id <= MAX_ID:
        return None
    return session.get(Person, person_id, options=[selectinload(Person.memberships)])


def by_email(session: Session, email: str) -> Person | None:
    """`email` in the form that it is stored in (lower case)."""
    query = select(Person).where(Person.email == email).options(selectinload(Person.memberships))
    return session.scalars(query).one_or_none()


def everyone(session: Session) -> list[Person]:
    query = select(Person).options(selectinload(Person.memberships)).order_by(Person.email)
    return list(session.scalars(query))


def add(session: Session, *, email: str, name: str, password_hash: str, at: dt.datetime) -> Person:
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
    """False if the person has that role already."""
    if any((row.role, row.gmina_code) == (role, gmina_code) for row in person.memberships):
        return False
    person.memberships.append(Membership(role=role, gmina_code=gmina_code))
    session.flush()
    return True


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
