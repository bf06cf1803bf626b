"""What stakeholders declared: a contribution to the common work, or that they refuse to take part."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.instrument.model import Fact
from survey_app.models import Declaration, Stakeholder
from survey_app.store.database import MAX_ID

__all__ = [
    "CONTRIBUTION",
    "REFUSAL",
    "RESOURCES",
    "Declaration",
    "add",
    "facts",
    "get",
    "move",
    "of_gmina",
    "of_stakeholder",
]

CONTRIBUTION, REFUSAL = "contribution", "refusal"
FACTS: Mapping[str, Fact] = MappingProxyType({CONTRIBUTION: Fact.CONTRIBUTION, REFUSAL: Fact.REFUSAL})
# Kind of resource -> how it is called in Polish.
RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        "lokal": "lokal",
        "sprzet": "sprzęt",
        "ludzie": "ludzie",
        "wiedza": "wiedza i doświadczenie",
        "uslugi": "usługi",
        "pieniadze": "pieniądze",
        "inne": "inne",
    }
)


def get(session: Session, declaration_id: int) -> Declaration | None:
    if not 0 < declaration_id <= MAX_ID:
        return None
    return session.get(Declaration, declaration_id)


def of_stakeholder(session: Session, stakeholder_id: int) -> list[Declaration]:
    """Withdrawn ones, too; the latest declared first."""
    query = select(Declaration).filter_by(stakeholder_id=stakeholder_id)
    return list(session.scalars(query.order_by(Declaration.declared_on.desc(), Declaration.id.desc())))


def of_gmina(session: Session, gmina_code: str) -> dict[int, list[Declaration]]:
    """By stakeholder; withdrawn ones, too; in the order in which they were declared. One query."""
    query = select(Declaration).join(Stakeholder, Stakeholder.id == Declaration.stakeholder_id)
    query = query.where(Stakeholder.gmina_code == gmina_code)
    found: dict[int, list[Declaration]] = defaultdict(list)
    for row in session.scalars(query.order_by(Declaration.declared_on, Declaration.id)):
        found[row.stakeholder_id].append(row)
    return dict(found)


def facts(session: Session, gmina_code: str, at: dt.datetime) -> dict[int, frozenset[Fact]]:
    """What the rule of the codes may know of each stakeholder at that moment (METHOD, "Coding").

    A declaration counts if it was entered by then and is not withdrawn on that day. Who has none is left out.
    """
    return {
        stakeholder_id: held
        for stakeholder_id, rows in of_gmina(session, gmina_code).items()
        if (held := _facts(rows, at))
    }


def add(session: Session, declaration: Declaration) -> Declaration:
    session.add(declaration)
    session.flush()
    return declaration


def move(session: Session, from_id: int, to_id: int) -> int:
    """Everything that one entry declared now stands at another, with its dates; how many moved."""
    rows = session.scalars(
        update(Declaration)
        .where(Declaration.stakeholder_id == from_id)
        .values(stakeholder_id=to_id)
        .returning(Declaration.id)
    )
    return len(rows.all())


def _facts(rows: Iterable[Declaration], at: dt.datetime) -> frozenset[Fact]:
    day = at.astimezone(polish.WARSAW).date()
    return frozenset(
        FACTS[row.kind]
        for row in rows
        if row.entered_at <= at and (row.withdrawn_on is None or row.withdrawn_on > day)
    )
