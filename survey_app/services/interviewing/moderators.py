"""Moderators: who may be given interviews. A moderator opens those that were given to them and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.store import interviews as store
from survey_app.store import people
from survey_app.store.interviews import PLANNED
from survey_app.store.people import MODERATOR, Person

__all__ = [
    "Moderator",
    "add_moderator",
    "appoint",
    "choices",
    "choices_within",
    "moderator",
    "moderators",
    "remove",
]


@dataclass(frozen=True, slots=True)
class Moderator:
    """`planned`: interviews given to the person that have not been held yet. `of_team`: has a seat in the team."""

    person_id: int
    name: str
    email: str
    of_team: bool
    planned: int


def moderators(context: Context, gmina_code: str) -> list[Moderator]:
    """In Polish alphabetical order."""
    with context.database.reading() as session:
        given = [row.moderator_id for row in store.of_gmina(session, gmina_code) if row.state == PLANNED]
        return [
            Moderator(
                person.id,
                person.name,
                person.email,
                accounts.is_member(person, gmina_code),
                given.count(person.id),
            )
            for person in people.moderators(session, gmina_code)
        ]


def moderator(context: Context, gmina_code: str, person_id: int) -> Moderator:
    """NotFoundError if the person does not moderate in this gmina."""
    for one in moderators(context, gmina_code):
        if one.person_id == person_id:
            return one
    raise _nobody()


def choices(context: Context, gmina_code: str) -> list[Person]:
    """Who can be chosen for an interview: the team, and moderators from outside it."""
    with context.database.reading() as session:
        return choices_within(session, gmina_code)


def choices_within(session: Session, gmina_code: str) -> list[Person]:
    """As `choices`, within a transaction."""
    team = people.team(session, gmina_code)
    seated = {person.id for person in team}
    return [*team, *(one for one in people.moderators(session, gmina_code) if one.id not in seated)]


def add_moderator(context: Context, gmina_code: str, email: str, name: str, actor: int | None) -> str:
    """Returns the first password of a new account; "" where the address has an account, which keeps its own."""
    return accounts.admit(context, gmina_code, email, name, MODERATOR, actor)


def appoint(
    context: Context, session: Session, gmina_code: str, person_id: int | None, actor: int | None
) -> None:
    """Whoever of the team is given an interview becomes a moderator by that."""
    person = people.get(session, person_id) if person_id is not None else None
    if person is not None:
        _give(context, session, gmina_code, person, actor)


def remove(context: Context, gmina_code: str, person_id: int, actor: int | None) -> None:
    """The person opens no interview of the gmina any more; a seat in the team is not touched."""
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        person = people.get(session, person_id)
        if person is None or not people.remove_membership(session, person, MODERATOR, gmina_code):
            raise _nobody()
        record(context, session, "moderator_removed", person_id, actor, gmina_code=gmina_code)


def _give(context: Context, session: Session, gmina_code: str, person: Person, actor: int | None) -> None:
    if people.add_membership(session, person, MODERATOR, gmina_code):
        record(context, session, "moderator_appointed", person.id, actor, gmina_code=gmina_code)


def _nobody() -> NotFoundError:
    return NotFoundError("W tej gminie nie ma takiego moderatora.")
