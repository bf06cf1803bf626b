"""Who an interview is given to for coding, beside its moderator and the coordinator. METHOD, "IDI and FGI"."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.services.context import Context
from survey_app.services.interviewing import moderators, readers
from survey_app.services.interviewing.interview_rules import record
from survey_app.services.interviewing.interviews import Interview
from survey_app.store import interview_coders, people
from survey_app.store import interviews as interview_store

__all__ = ["Coder", "assign", "choices", "coders", "unassign"]


@dataclass(frozen=True, slots=True)
class Coder:
    """`left`: no longer of the team, nor a moderator, so the interview is not open to the person any more."""

    person_id: int
    name: str
    left: bool


def coders(context: Context, interview: Interview) -> list[Coder]:
    """The longest given first."""
    with context.database.reading() as session:
        numbers = interview_coders.of_interview(session, interview.id)
        names = people.names(session, numbers)
        here = {person.id for person in moderators.choices_within(session, interview.gmina_code)}
        return [Coder(number, names[number], number not in here) for number in numbers]


def choices(context: Context, interview: Interview) -> list[people.Person]:
    """Of the team and the moderators: who does not have it yet, and represents nobody who speaks in it."""
    with context.database.reading() as session:
        return _choices(session, interview)


def assign(context: Context, gmina_code: str, interview_id: int, person_id: int, actor: int | None) -> None:
    """InvalidInputError: the person represents an institution whose people speak there, or is not of the team."""
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        interview = _require(session, gmina_code, interview_id)
        if interview_coders.codes(session, interview.id, person_id):
            return
        if person_id not in {person.id for person in _choices(session, interview)}:
            hint = "Prosimy wybrać z listy jeszcze raz."
            fault = Fault("coder.choice", "person", "Tej osobie nie można dać tego wywiadu.", hint)
            raise InvalidInputError("Nie zapisano kodera.", [fault])
        interview_coders.add(session, interview.id, person_id, context.clock())
        record(context, session, interview, "interview_coder_added", actor, f"person {person_id}")


def unassign(context: Context, gmina_code: str, interview_id: int, person_id: int, actor: int | None) -> None:
    """The person no longer reads it; what the person coded stays."""
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        interview = _require(session, gmina_code, interview_id)
        if not interview_coders.codes(session, interview.id, person_id):
            raise NotFoundError("Tego wywiadu nie dano tej osobie do kodowania.")
        interview_coders.remove(session, interview.id, person_id)
        record(context, session, interview, "interview_coder_removed", actor, f"person {person_id}")


def _choices(session: Session, interview: Interview) -> list[people.Person]:
    given = set(interview_coders.of_interview(session, interview.id))
    return [
        person
        for person in moderators.choices_within(session, interview.gmina_code)
        if person.id not in given
        and person.id != interview.moderator_id
        and not readers.represents_a_seat(session, person.id, interview)
    ]


def _require(session: Session, gmina_code: str, interview_id: int) -> Interview:
    found = interview_store.get(session, gmina_code, interview_id)
    if found is None:
        raise NotFoundError("W tej gminie nie ma takiego wywiadu.")
    return found
