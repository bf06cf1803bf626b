"""Regions by their codes: "PL", two digits (województwo), four (powiat); what they are called, who reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.services.context import Context
from survey_app.services.person_trace import record
from survey_app.services.signing_in import links
from survey_app.store import audit, gminas, people, releases
from survey_app.store.people import REGION

COUNTRY = "PL"
CODE = re.compile(r"PL|[0-9]{2}|[0-9]{4}")
NO_REGION = (
    "Nie ma takiego województwa ani powiatu. Kod ma dwie albo cztery cyfry, np. 06 albo 0605; kraj to PL."
)


@dataclass(frozen=True, slots=True)
class Region:
    """`label` says what it is, too: "województwo lubelskie", "powiat janowski", "Polska"."""

    code: str
    label: str


def region(context: Context, code: str) -> Region:
    """NotFoundError if no gmina of the service lies there."""
    with context.database.reading() as session:
        return Region(code, region_labels(session).get(_known(session, code), code))


def readable_regions(context: Context, person: Person) -> list[Region]:
    """Those that the person was appointed for, the largest first."""
    with context.database.reading() as session:
        labels = region_labels(session)
    return [Region(code, labels.get(code, code)) for code in sorted(region_codes(person), key=_size)]


def region_codes(person: Person) -> list[str]:
    """The regions whose roll-ups the person was appointed to read."""
    return [row.region_code for row in person.memberships if row.role == REGION and row.region_code]


def may_read(person: Person, code: str) -> bool:
    """A region opens what lies in it, too. An administrator is no reader by that alone."""
    return person.active and any(covers(own, code) for own in region_codes(person))


def covers(own: str, code: str) -> bool:
    """Does a right to the region `own` open the region `code`?"""
    return own == COUNTRY or (code != COUNTRY and code.startswith(own))


def appoint(context: Context, email: str, name: str, code: str, actor: int | None) -> str:
    """Lets the person read the region's roll-ups, with an account if there is none yet.

    Returns what `accounts.admit` does. InvalidInputError with every fault.
    """
    with context.database.reading() as session:
        _require(session, code)
    if accounts.find_person(context, email) is None:
        accounts.create_user(context, email, name, None, actor=actor)
    known = accounts.find_person(context, email)
    with context.database.transaction() as session:
        found = accounts.admissible(session, known, actor)
        if people.add_region(session, found, code):
            record(context, session, "region_appointed", found.id, actor, detail=code)
        return links.issue_within(context, session, found.id, actor) if accounts.waits(session, found) else ""


def dismiss(context: Context, person_id: int, code: str, actor: int | None) -> None:
    """The person no longer reads the region's roll-ups. NotFoundError if they did not."""
    with context.database.transaction() as session:
        found = people.get(session, person_id)
        if found is None or not people.remove_region(session, found, code):
            raise NotFoundError("To konto nie czyta zestawień tego regionu.")
        record(context, session, "region_dismissed", person_id, actor, detail=code)


def shows_its_row(context: Context, gmina_code: str) -> bool:
    """Does the team let the region see the gmina's own row?"""
    with context.database.reading() as session:
        return any(one.shows_its_row for one in releases.places(session, [gmina_code]))


def show_row(context: Context, gmina_code: str, *, shows: bool, actor: int | None) -> None:
    """The team's switch; setting what is set changes nothing."""
    with context.database.transaction() as session:
        if releases.set_shows_its_row(session, gmina_code, shows=shows):
            audit.record(
                session,
                at=context.clock(),
                actor=actor,
                action="row_shown" if shows else "row_hidden",
                object_type="gmina",
                object_id=gmina_code,
                gmina_code=gmina_code,
            )


def region_labels(session: Session) -> dict[str, str]:
    """Code -> what it is called, of every region that a register or somebody has named."""
    return {
        COUNTRY: "Polska",
        **{code: f"województwo {name}" for code, name in gminas.wojewodztwo_names(session).items()},
        **{code: _powiat(code, name) for code, name in gminas.powiat_names(session).items()},
    }


def _powiat(code: str, name: str) -> str:
    """Powiaty from 61 up are cities that are a powiat of their own: their name is the city's."""
    return f"miasto {name}" if code[2:] >= "61" else f"powiat {name}"


def _known(session: Session, code: str) -> str:
    if not CODE.fullmatch(code) or code not in region_labels(session):
        raise NotFoundError(NO_REGION)
    return code


def _require(session: Session, code: str) -> None:
    try:
        _known(session, code)
    except NotFoundError as error:
        fault = Fault("region", "region_code", error.message)
        raise InvalidInputError("Nie ma takiego regionu.", [fault]) from None


def _size(code: str) -> tuple[int, str]:
    return (0 if code == COUNTRY else len(code)), code
