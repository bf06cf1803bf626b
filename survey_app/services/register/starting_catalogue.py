"""The list that document 000 gives as an example of a catalogue, offered as a start: tick, name, add.

Names and sectors are the source's, in short words of our own; a type stands only where document 004 names it.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from survey_app.errors import Fault
from survey_app.services.context import Context
from survey_app.services.register.catalogue import (
    checked,
    draft_faults,
    lock_catalogue,
    record,
    refuse_faults,
    tidy_draft,
)
from survey_app.services.register.sectors import sector_labels
from survey_app.store import catalogue
from survey_app.store.catalogue import StakeholderDraft

FILE = Path(__file__).with_name("starting_catalogue.csv")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One kind of stakeholder. `stakeholder_type` None: it depends on the institution, so the team says."""

    id: str
    name: str
    sector: str
    internal: bool
    stakeholder_type: str | None
    natural_person: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """A suggestion that was ticked, as the person changed it."""

    id: str
    name: str
    sector: str
    internal: bool
    stakeholder_type: str | None = None
    natural_person: bool = False


@functools.cache
def suggestions() -> tuple[Suggestion, ...]:
    """In the order of the source: internal ones, then external ones."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Suggestion(
                row["id"],
                row["nazwa"],
                row["sektor"],
                row["położenie"] == "wewnetrzny",
                row["typ"] or None,
                row["osoba"] == "tak",
            )
            for row in csv.DictReader(file, delimiter=";")
        )


def present_suggestions(context: Context, gmina_code: str) -> frozenset[str]:
    """Ids of the suggestions whose name is in the catalogue already."""
    with context.database.reading() as session:
        keys = catalogue.present_by_key(session, gmina_code)
    return frozenset(one.id for one in suggestions() if catalogue.name_key(one.name) in keys)


def add_picked(context: Context, gmina_code: str, picks: Sequence[Pick], actor: int | None) -> int:
    """How many were added: all or none. InvalidInputError names each fault at `<field>-<id>` (name, sector)."""
    known = {one.id for one in suggestions()}
    drafts = {pick.id: tidy_draft(_draft(pick)) for pick in picks if pick.id in known}
    if not drafts:
        hint = "Zaznacz co najmniej jednego."
        refuse_faults([Fault("none_picked", "wybrane", "Nie zaznaczono żadnego interesariusza.", hint)])
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        sectors = sector_labels(session, gmina_code)
        faults = [
            Fault(fault.code, f"{fault.where}-{key}", fault.message, fault.hint)
            for key, draft in drafts.items()
            for fault in draft_faults(draft, sectors)
        ]
        taken = {key: row.name for key, row in catalogue.present_by_key(session, gmina_code).items()}
        refuse_faults(faults + _double_faults(drafts, taken))
        for draft in drafts.values():
            added = catalogue.add(session, gmina_code, checked(session, gmina_code, draft), context.today())
            session.flush()
            record(context, session, added, "stakeholder_added", actor)
    return len(drafts)


def _double_faults(drafts: dict[str, StakeholderDraft], taken: dict[str, str]) -> list[Fault]:
    faults = []
    for key, draft in drafts.items():
        name_key = catalogue.name_key(draft.name)
        if draft.name and name_key in taken:
            message = f"„{taken[name_key]}” jest już w katalogu albo zaznaczone dwa razy."
            faults.append(Fault("name_double", f"name-{key}", message, "Zmień nazwę albo odznacz."))
        taken = {**taken, name_key: draft.name}
    return faults


def _draft(pick: Pick) -> StakeholderDraft:
    return StakeholderDraft(
        name=pick.name,
        sector=pick.sector,
        internal=pick.internal,
        stakeholder_type=pick.stakeholder_type,
        natural_person=pick.natural_person,
    )
