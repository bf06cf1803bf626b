"""The catalogue as a file: CSV for a second import, XLSX with a second sheet of declarations.

Contacts only when asked for, and then the trace says so. Without them the address of a natural person stays out, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from survey_app import polish
from survey_app.errors import InvalidInputError
from survey_app.services.context import Context
from survey_app.services.register.catalogue import SPHERES, lock_catalogue
from survey_app.services.register.catalogue_columns import COLUMNS, KIND_WORDS
from survey_app.services.register.declarations import CONTRIBUTION, RESOURCES
from survey_app.services.register.sectors import sector_labels
from survey_app.services.spreadsheets import Cell, Sheet, csv_bytes, xlsx_bytes
from survey_app.store import audit, catalogue, declarations
from survey_app.store.catalogue import Stakeholder
from survey_app.store.declarations import Declaration

KINDS = ("csv", "xlsx")
CONTACTS = ("contact_name", "contact_email", "contact_phone")
DECLARED_HEADER = ("interesariusz", "co", "rodzaj zasobu", "opis", "zadeklarowano", "wycofano")
NEXT_KIND = re.compile(rf";(\s*(?:{KIND_WORDS})\s*:)", re.IGNORECASE)


def export_catalogue(
    context: Context, gmina_code: str, kind: str, *, contacts: bool, actor: int | None
) -> bytes:
    """Those who are in the catalogue now. `kind`: "csv" or "xlsx". An import of the file changes nothing."""
    if kind not in KINDS:
        raise InvalidInputError("Nieznany rodzaj pliku. Prosimy wybrać CSV albo XLSX.")
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        rows = catalogue.stakeholders(session, gmina_code)
        declared = declarations.of_gmina(session, gmina_code)
        sectors = sector_labels(session, gmina_code)
        audit.record(
            session,
            at=context.clock(),
            actor=actor,
            action="catalogue_exported",
            object_type="gmina",
            object_id=gmina_code,
            gmina_code=gmina_code,
            detail="z danymi kontaktowymi" if contacts else "bez danych kontaktowych",
        )
    columns = [field for field in COLUMNS if contacts or field not in CONTACTS]
    header = [COLUMNS[field] for field in columns]
    table = [_cells(row, declared.get(row.id, []), sectors, columns, contacts=contacts) for row in rows]
    if kind == "csv":
        return csv_bytes(header, table)
    sheets = [
        Sheet("Katalog", header, table),
        Sheet("Deklaracje", DECLARED_HEADER, _declared(rows, declared)),
    ]
    return xlsx_bytes(sheets)


def _cells(
    row: Stakeholder,
    declared: Sequence[Declaration],
    sectors: Mapping[str, str],
    columns: Sequence[str],
    *,
    contacts: bool,
) -> list[Cell]:
    contact = row.contact
    values = {
        "name": row.name,
        "sector": sectors.get(row.sector, row.sector),
        "internal": "wewnętrzny" if row.internal else "zewnętrzny",
        "stakeholder_type": row.stakeholder_type or "",
        "address": row.address if contacts or not row.natural_person else "",
        "contact_name": contact.person_name if contact else "",
        "contact_email": contact.email if contact else "",
        "contact_phone": contact.phone if contact else "",
        "note": row.note,
        "natural_person": "tak" if row.natural_person else "nie",
        "usefulness": row.usefulness,
        "spheres": "; ".join(SPHERES[sphere] for sphere in row.spheres if sphere in SPHERES),
        "resources": "\n".join(_resource(one) for one in declared if _holds(one)),
    }
    return [values[column] for column in columns]


def _holds(one: Declaration) -> bool:
    return one.kind == CONTRIBUTION and one.withdrawn_on is None


def _resource(one: Declaration) -> str:
    """On one line; a semicolon before the name of a kind would part it in two when it is read back."""
    described = NEXT_KIND.sub(r",\1", " ".join(one.description.split()))
    return f"{RESOURCES[one.resource or 'inne']}: {described}"


def _declared(rows: Sequence[Stakeholder], declared: Mapping[int, Sequence[Declaration]]) -> list[list[Cell]]:
    return [
        [
            row.name,
            "wkład" if one.kind == CONTRIBUTION else "odmowa",
            RESOURCES.get(one.resource or "", ""),
            one.description,
            polish.date_short(one.declared_on),
            polish.date_short(one.withdrawn_on) if one.withdrawn_on else "",
        ]
        for row in rows
        for one in declared.get(row.id, ())
    ]
