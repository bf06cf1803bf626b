"""One contact person of the catalogue: found by name or address, handed over as a copy, erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from survey_app import polish
from survey_app.errors import NotFoundError
from survey_app.services.context import Context
from survey_app.services.register import catalogue as register
from survey_app.store import audit, catalogue

SHORTEST = 3
NOT_KEPT = "Przy tej instytucji nie ma osoby do kontaktu."
BASIS = "prowadzenie katalogu interesariuszy; widzą ją tylko koordynatorzy zespołu"


@dataclass(frozen=True, slots=True)
class Contact:
    """`stakeholder_id`: of the institution beside which the person is kept; a natural person may be it themself."""

    stakeholder_id: int
    institution: str
    natural_person: bool
    name: str
    email: str
    phone: str


def search(context: Context, gmina_code: str, text: str) -> list[Contact]:
    """Whoever's name, address or number holds these words, in any case and without diacritics; fewer than SHORTEST
    letters find nobody. Natural persons of the catalogue are found by their own name, too.
    """
    wanted = polish.fold(" ".join(text.split()))
    if len(wanted) < SHORTEST:
        return []
    return [one for one in everyone(context, gmina_code) if _is_meant(one, wanted)]


def everyone(context: Context, gmina_code: str) -> list[Contact]:
    """All of whom a contact is kept, and natural persons, by the name of the institution."""
    with context.database.reading() as session:
        rows = catalogue.stakeholders(session, gmina_code, include_left=True)
        return [_contact(row) for row in rows if row.contact is not None or row.natural_person]


def export(context: Context, gmina_code: str, stakeholder_id: int, actor: int | None) -> dict[str, Any]:
    """What is kept of the person, as plain JSON. NotFoundError: nothing is."""
    with context.database.transaction() as session:
        row = register.require_stakeholder(session, gmina_code, stakeholder_id)
        if row.contact is None and not row.natural_person:
            raise NotFoundError(NOT_KEPT)
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="contact_copied",
            object_type="stakeholder",
            object_id=row.id,
            gmina_code=gmina_code,
        )
        found = _contact(row)
        document: dict[str, Any] = {
            "sporządzono": context.clock().isoformat(timespec="seconds"),
            "cel": BASIS,
            "instytucja": found.institution,
            "w katalogu od": row.joined_on.isoformat(),
            "przechowujemy do": "usunięcia przez koordynatora albo odejścia instytucji z katalogu",
            "osoba do kontaktu": {
                "imię i nazwisko": found.name,
                "e-mail": found.email,
                "telefon": found.phone,
            },
        }
        if row.natural_person:
            document["osoba fizyczna w katalogu"] = {
                "nazwa": row.name,
                "adres": row.address,
                "uwagi": row.note,
                "użyteczność": row.usefulness,
            }
        return document


def erase(context: Context, gmina_code: str, stakeholder_id: int, actor: int | None) -> None:
    """The institution stays. Noted in the ledger of the deleted, so that no backup brings the person back."""
    with context.database.transaction() as session:
        register.lock_catalogue(session, gmina_code)
        row = register.require_stakeholder(session, gmina_code, stakeholder_id)
        if row.contact is None:
            raise NotFoundError(NOT_KEPT)
        row.contact = None
        register.record(context, session, row, "contact_erased", actor)
    context.database.vacuum("stakeholder_contact")


def _contact(row: catalogue.Stakeholder) -> Contact:
    kept = row.contact
    return Contact(
        row.id,
        row.name,
        row.natural_person,
        kept.person_name if kept else "",
        kept.email if kept else "",
        kept.phone if kept else "",
    )


def _is_meant(one: Contact, wanted: str) -> bool:
    places = [one.name, one.email, one.phone, *([one.institution] if one.natural_person else [])]
    return any(wanted in polish.fold(place) for place in places)
