"""Zespół Synergii Lokalnej: who sits in it, and which institutions each person represents (METHOD, "Coding")."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.store import catalogue, coding, people
from survey_app.store.coding import CodingRound
from survey_app.store.people import MEMBER, Person

MAX_REPRESENTED = 20  # institutions of one person; more is a slip of the mouse


@dataclass(frozen=True, slots=True)
class TeamPerson:
    """A seat of the team. `represents`: ids and names of catalogue entries, in Polish alphabetical order."""

    person_id: int
    name: str
    email: str
    coordinator: bool
    represents: tuple[tuple[int, str], ...]


def team(context: Context, gmina_code: str) -> list[TeamPerson]:
    """The team, the coordinator's seat included, in Polish alphabetical order."""
    with context.database.reading() as session:
        own = people.representations(session, gmina_code)
        entries = catalogue.stakeholders(session, gmina_code, include_left=True)
        return [
            TeamPerson(
                person.id,
                person.name,
                person.email,
                accounts.coordinates(person, gmina_code),
                tuple((row.id, row.name) for row in entries if row.id in own.get(person.id, frozenset())),
            )
            for person in people.team(session, gmina_code)
        ]


def represented_by(context: Context, gmina_code: str, person_id: int) -> list[str]:
    """Names of the catalogue entries that a person represents, in Polish alphabetical order."""
    with context.database.reading() as session:
        return sorted(people.represented_names(session, gmina_code, person_id), key=polish.alphabetical)


def team_person(context: Context, gmina_code: str, person_id: int) -> TeamPerson:
    """NotFoundError if the person does not sit in this team."""
    for seat in team(context, gmina_code):
        if seat.person_id == person_id:
            return seat
    raise _nobody()


def holds_seat(context: Context, coding_round: CodingRound, person_id: int) -> bool:
    """Does the person rate and vote in this round: a seat that was not left, in a team that was not left?"""
    with context.database.reading() as session:
        seats = coding.seats_now(session, coding_round)
    return any(person.id == person_id and active for _, person, active in seats)


def rating_goes_on(context: Context, gmina_code: str) -> bool:
    """Is a round of the gmina open, so that who represents what changes what counts in it?"""
    with context.database.reading() as session:
        return coding.open_round(session, gmina_code) is not None


def add_member(context: Context, gmina_code: str, email: str, name: str, actor: int | None) -> str:
    """Returns the first password of a new account; "" where the address has an account, which keeps its own.

    Adding somebody who sits in the team already changes nothing, even twice at once.
    """
    return accounts.admit(context, gmina_code, email, name, MEMBER, actor)


def remove_member(context: Context, gmina_code: str, person_id: int, actor: int | None) -> None:
    """The person is out at once and leaves the seats in open rounds; what they gave in rounds stays.

    What they represented stays known, so that a rating that did not count does not begin to.
    """
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        person = _require(session, gmina_code, person_id)
        others = [one for one in people.coordinators(session, gmina_code) if one.id != person_id]
        if accounts.coordinates(person, gmina_code) and not others:
            raise ConflictError("To jedyny koordynator zespołu: bez niego nikt nie poprowadzi gminy.")
        people.remove_memberships(session, person, gmina_code)
        people.leave_open_rounds(session, gmina_code, person_id, context.clock())
        record(context, session, "team_left", person_id, actor, gmina_code=gmina_code)


def set_representations(
    context: Context, gmina_code: str, person_id: int, stakeholder_ids: Collection[int], actor: int | None
) -> None:
    """Makes these the only institutions of the gmina that the person represents; none is fine.

    NotFoundError if the person does not sit in the team, InvalidInputError for what is not in its catalogue.
    """
    wanted = frozenset(stakeholder_ids)
    with context.database.transaction() as session:
        people.hold_team(session, gmina_code)
        _require(session, gmina_code, person_id)
        kept = people.representations(session, gmina_code).get(person_id, frozenset())
        present = {row.id for row in catalogue.stakeholders(session, gmina_code)}
        if faults := _faults(wanted, present | kept):
            raise InvalidInputError("Nie zapisano, kogo ta osoba reprezentuje.", faults)
        came, went = people.set_representations(session, person_id, gmina_code, wanted)
        if came or went:
            signs = [f"+{one}" for one in sorted(came)] + [f"-{one}" for one in sorted(went)]
            detail = " ".join(signs)
            record(context, session, "represents", person_id, actor, gmina_code=gmina_code, detail=detail)


def _faults(wanted: frozenset[int], known: Collection[int]) -> list[Fault]:
    where = "stakeholder_ids"
    if wanted - set(known):
        hint = "Prosimy wybrać z listy jeszcze raz."
        return [Fault("not_in_catalogue", where, "Wybranej pozycji nie ma w katalogu tej gminy.", hint)]
    if len(wanted) > MAX_REPRESENTED:
        limit = polish.institutions(MAX_REPRESENTED)
        return [Fault("too_many", where, f"Jedna osoba może reprezentować najwyżej {limit}.")]
    return []


def _require(session: Session, gmina_code: str, person_id: int) -> Person:
    """Of the team, even with an account that the administrator closed."""
    person = people.get(session, person_id)
    if person is None or gmina_code not in accounts.member_gmina_codes(person):
        raise _nobody()
    return person


def _nobody() -> NotFoundError:
    return NotFoundError("W zespole tej gminy nie ma takiej osoby.")
