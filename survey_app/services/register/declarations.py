"""What a stakeholder declared: contributions and refusals, entered with a date, withdrawn with a date, never deleted.

METHOD, "Coding": a contribution that stands in the catalogue before a round closes makes interest of 2 enough for
the supporter's code; only a recorded refusal can make an opponent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, FaultList, NotFoundError
from survey_app.services.context import Context
from survey_app.services.register.catalogue import (
    lock_catalogue,
    record,
    refuse_faults,
    require_stakeholder,
    text_faults,
    tidy_lines,
)
from survey_app.store import declarations as store
from survey_app.store.catalogue import Stakeholder
from survey_app.store.declarations import CONTRIBUTION, REFUSAL, RESOURCES, Declaration

__all__ = [
    "CONTRIBUTION",
    "DESCRIPTION_LENGTH",
    "REFUSAL",
    "RESOURCES",
    "Declaration",
    "DeclarationDraft",
    "add_contributions",
    "add_declaration",
    "contribution_words",
    "declaration",
    "declarations",
    "declarations_of_gmina",
    "withdraw_declaration",
]

DESCRIPTION_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class DeclarationDraft:
    """What a person types. `kind`: "contribution" with a `resource` of RESOURCES, or "refusal" without one."""

    kind: str
    description: str
    declared_on: dt.date
    resource: str | None = None


def declarations(context: Context, gmina_code: str, stakeholder_id: int) -> list[Declaration]:
    """Withdrawn ones, too; the latest declared first."""
    with context.database.reading() as session:
        require_stakeholder(session, gmina_code, stakeholder_id)
        return store.of_stakeholder(session, stakeholder_id)


def declarations_of_gmina(context: Context, gmina_code: str) -> dict[int, list[Declaration]]:
    """Stakeholder id -> everything that it declared, in the order of dates."""
    with context.database.reading() as session:
        return store.of_gmina(session, gmina_code)


def declaration(context: Context, gmina_code: str, stakeholder_id: int, declaration_id: int) -> Declaration:
    """NotFoundError unless it is of this stakeholder of this gmina."""
    with context.database.reading() as session:
        return _require(session, gmina_code, stakeholder_id, declaration_id)


def add_declaration(
    context: Context, gmina_code: str, stakeholder_id: int, draft: DeclarationDraft, actor: int | None
) -> Declaration:
    """InvalidInputError names every field at fault; ConflictError: the stakeholder has left."""
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        if found.left_on is not None:
            raise ConflictError(f"„{found.name}” nie jest już w katalogu, więc niczego nie deklaruje.")
        draft = _checked(draft, found, context.today())
        added = store.add(session, _row(context, found.id, draft, actor))
        record(context, session, found, f"{draft.kind}_declared", actor)
        return added


def withdraw_declaration(
    context: Context,
    gmina_code: str,
    stakeholder_id: int,
    declaration_id: int,
    withdrawn_on: dt.date,
    actor: int | None,
) -> Declaration:
    """From that day on it no longer counts; it stays to be read. ConflictError: it is withdrawn already."""
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        row = _require(session, gmina_code, stakeholder_id, declaration_id)
        if row.withdrawn_on is not None:
            raise ConflictError(f"To wycofano już {polish.date(row.withdrawn_on)}.")
        faults = FaultList()
        if withdrawn_on > context.today():
            _in_the_future("withdrawn_on", faults)
        elif withdrawn_on < row.declared_on:
            hint = f"Wpisz {polish.date(row.declared_on)} albo późniejszy dzień."
            faults.add("too_early", "withdrawn_on", "To dzień sprzed deklaracji.", hint)
        refuse_faults(faults.faults)
        row.withdrawn_on = withdrawn_on
        record(context, session, found, f"{row.kind}_withdrawn", actor)
        return row


def add_contributions(
    context: Context,
    session: Session,
    of: Stakeholder,
    resources: Sequence[tuple[str, str]],
    actor: int | None,
) -> int:
    """From a file: each kind and description that the entry does not hold already, declared today; how many."""
    rows = store.of_stakeholder(session, of.id)
    held = {_key(row.resource or "", row.description) for row in rows if row.withdrawn_on is None}
    new = [one for one in resources if _key(*one) not in held]
    for resource, description in new:
        draft = DeclarationDraft(CONTRIBUTION, description, context.today(), resource)
        store.add(session, _row(context, of.id, draft, actor))
    return len(new)


def contribution_words(rows: list[Declaration]) -> str:
    """The contributions that hold, in one line: "lokal: świetlica; sprzęt: rzutnik"."""
    held = [row for row in rows if row.kind == CONTRIBUTION and row.withdrawn_on is None]
    return "; ".join(
        f"{RESOURCES[row.resource or 'inne']}: {' '.join(row.description.split())}" for row in held
    )


def _key(resource: str, description: str) -> tuple[str, str]:
    return resource, polish.fold(description) or description


def _row(context: Context, stakeholder_id: int, draft: DeclarationDraft, actor: int | None) -> Declaration:
    return Declaration(
        stakeholder_id=stakeholder_id,
        kind=draft.kind,
        resource=draft.resource,
        description=draft.description,
        declared_on=draft.declared_on,
        entered_at=context.clock(),
        entered_by=actor,
        withdrawn_on=None,
    )


def _checked(draft: DeclarationDraft, of: Stakeholder, today: dt.date) -> DeclarationDraft:
    tidy = DeclarationDraft(
        kind=draft.kind,
        description=tidy_lines(draft.description),
        declared_on=draft.declared_on,
        resource=draft.resource if draft.kind == CONTRIBUTION else None,
    )
    faults = FaultList(text_faults("description", tidy.description, DESCRIPTION_LENGTH, many_lines=True))
    if tidy.kind not in (CONTRIBUTION, REFUSAL):
        faults.add("kind_unknown", "kind", "Nie wiadomo, co zadeklarowano.", "Wybierz wkład albo odmowę.")
    if tidy.kind == CONTRIBUTION and tidy.resource not in RESOURCES:
        faults.add("resource_unknown", "resource", "Brakuje rodzaju wkładu.", "Wybierz go z listy.")
    if not tidy.description:
        faults.add("description_missing", "description", "Brakuje opisu.", "Wpisz, co to jest.")
    if tidy.declared_on > today:
        _in_the_future("declared_on", faults)
    elif tidy.declared_on < of.joined_on:
        message = f"Interesariusz jest w katalogu dopiero od {polish.date(of.joined_on)}."
        faults.add("too_early", "declared_on", message, "Wpisz ten dzień albo późniejszy.")
    refuse_faults(faults.faults)
    return tidy


def _in_the_future(where: str, faults: FaultList) -> None:
    faults.add(
        "in_the_future", where, "Ten dzień jeszcze nie nadszedł.", "Wpisz dzisiejszy albo wcześniejszy."
    )


def _require(session: Session, gmina_code: str, stakeholder_id: int, declaration_id: int) -> Declaration:
    require_stakeholder(session, gmina_code, stakeholder_id)
    row = store.get(session, declaration_id)
    if row is None or row.stakeholder_id != stakeholder_id:
        raise NotFoundError("Nie ma takiej deklaracji przy tym wpisie.")
    return row
