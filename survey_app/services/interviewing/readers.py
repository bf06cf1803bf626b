"""Who may read what was said in an interview. METHOD, "IDI and FGI": a moderator reads what was given to them, the
coordinator all of the gmina's, a coder what was given to them to code; and no member reads people of the institution
that they represent, unless they moderated the talk and so heard it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
        _refuse(person, interview, _represented(session, person.id, interview.gmina_code), coder=False)


def require_reader(context: Context, person: accounts.Person, interview: Interview) -> None:
    """A keeper, or a coder whom the interview was given to. ForbiddenError or NotFoundError."""
    with context.database.reading() as session:
        by_office = is_moderator_of(person, interview) or accounts.coordinates(person, interview.gmina_code)
        coder = not by_office and interview_coders.codes(session, interview.id, person.id)
        _refuse(person, interview, _represented(session, person.id, interview.gmina_code), coder=coder)


def may_read(session: Session, person: accounts.Person, interview: Interview) -> bool:
    """As `require_reader`, as a question."""
    return bool(readable(session, person, [interview]))


def readable(session: Session, person: accounts.Person, interviews: Iterable[Interview]) -> list[Interview]:
    """Those of them that the person may read."""
    interviews = list(interviews)
    given = interview_coders.given_to(session, person.id)
    own = {code: _represented(session, person.id, code) for code in {one.gmina_code for one in interviews}}
    found = []
    for one in interviews:
        try:
            _refuse(person, one, own[one.gmina_code], coder=one.id in given)
        except (ForbiddenError, NotFoundError):
            continue
        found.append(one)
    return found


def represents_a_seat(session: Session, person_id: int, interview: Interview) -> bool:
    """Does the person represent an institution whose people speak here?"""
    return _speaks(interview, _represented(session, person_id, interview.gmina_code))


def _represented(session: Session, person_id: int, gmina_code: str) -> frozenset[int]:
    return people.representations(session, gmina_code).get(person_id, frozenset())


def _speaks(interview: Interview, represented: Collection[int]) -> bool:
    return any(seat.stakeholder_id in represented for seat in interview.seats)


def _refuse(
    person: accounts.Person, interview: Interview, represented: Collection[int], *, coder: bool
) -> None:
    if is_moderator_of(person, interview):
        return
    gmina = interview.gmina_code
    here = accounts.is_member(person, gmina) or accounts.moderates(person, gmina)
    if not accounts.coordinates(person, gmina) and not (coder and here):
        raise NotFoundError(NOT_GIVEN)
    if _speaks(interview, represented):
        raise ForbiddenError(REPRESENTS)
