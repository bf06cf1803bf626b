"""Who may read what was said in an interview. METHOD, "IDI and FGI": a moderator reads what was given to them, the
coordinator all of the gmina's, a coder what was given to them to code; and no member reads people of the institution
that they represent, unless they moderated the talk and so heard it.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.interviewing.interviews import Interview, is_moderator_of
from survey_app.store import interview_coders, people

REPRESENTS = "W tym wywiadzie mówią osoby z instytucji, którą Państwo reprezentują. Jego treść czytają inni."
NOT_GIVEN = "Nie dano Państwu takiego wywiadu do czytania w tej gminie."


def require_keeper(context: Context, person: accounts.Person, interview: Interview) -> None:
    """Who writes and locks the notes: the moderator, or the coordinator. ForbiddenError or NotFoundError."""
    with context.database.reading() as session:
        _refuse(session, person, interview, coders=False)


def require_reader(context: Context, person: accounts.Person, interview: Interview) -> None:
    """A keeper, or a coder whom the interview was given to. ForbiddenError or NotFoundError."""
    with context.database.reading() as session:
        _refuse(session, person, interview, coders=True)


def may_read(session: Session, person: accounts.Person, interview: Interview) -> bool:
    """As `require_reader`, as a question."""
    try:
        _refuse(session, person, interview, coders=True)
    except (ForbiddenError, NotFoundError):
        return False
    return True


def represents_a_seat(session: Session, person_id: int, interview: Interview) -> bool:
    """Does the person represent an institution whose people speak here?"""
    own = people.representations(session, interview.gmina_code).get(person_id, frozenset())
    return any(seat.stakeholder_id in own for seat in interview.seats)


def _refuse(session: Session, person: accounts.Person, interview: Interview, *, coders: bool) -> None:
    if is_moderator_of(person, interview):
        return
    gmina = interview.gmina_code
    here = accounts.is_member(person, gmina) or accounts.moderates(person, gmina)
    coder = coders and here and interview_coders.codes(session, interview.id, person.id)
    if not accounts.coordinates(person, gmina) and not coder:
        raise NotFoundError(NOT_GIVEN)
    if represents_a_seat(session, person.id, interview):
        raise ForbiddenError(REPRESENTS)
