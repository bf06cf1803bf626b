"""What happened to an entry of the catalogue: its stays, the doubles that it took over, who changed it and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from survey_app.services.context import Context
from survey_app.services.deeds import Deed, deeds
from survey_app.services.register.catalogue import require_stakeholder
from survey_app.store import catalogue
from survey_app.store.catalogue import Stakeholder

DEEDS: Mapping[str, str] = {
    "stakeholder_added": "dodano do katalogu",
    "stakeholder_updated": "zmieniono wpis",
    "stakeholder_left": "wypisano z katalogu",
    "stakeholder_returned": "przywrócono do katalogu",
    "stakeholder_merged": "połączono z innym wpisem jako podwójny",
    "stakeholder_took_over": "dołączono podwójny wpis",
    "contribution_declared": "zapisano wkład",
    "contribution_withdrawn": "wycofano wkład",
    "refusal_declared": "zapisano odmowę",
    "refusal_withdrawn": "wycofano odmowę",
    "declarations_imported": "wczytano wkład z pliku",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """`left_on` None: goes on."""

    joined_on: dt.date
    left_on: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class EntryHistory:
    """Stays and doubles the earliest first, deeds the latest first."""

    stays: tuple[Stay, ...]
    doubles: tuple[Stakeholder, ...]
    merged_into: Stakeholder | None
    open_rounds: tuple[str, ...]
    deeds: tuple[Deed, ...]


def entry_history(context: Context, gmina_code: str, stakeholder_id: int) -> EntryHistory:
    """NotFoundError unless the entry is of this gmina."""
    with context.database.reading() as session:
        found = require_stakeholder(session, gmina_code, stakeholder_id)
        earlier = [
            Stay(row.joined_on, row.left_on, row.left_reason)
            for row in catalogue.periods(session, stakeholder_id)
        ]
        stays = (*earlier, Stay(found.joined_on, found.left_on, found.left_reason))
        return EntryHistory(
            stays=stays,
            doubles=tuple(catalogue.doubles_of(session, stakeholder_id)),
            merged_into=catalogue.get(session, found.merged_into_id) if found.merged_into_id else None,
            open_rounds=tuple(row.title for row in catalogue.open_rounds(session, stakeholder_id)),
            deeds=tuple(reversed(deeds(session, "stakeholder", stakeholder_id, DEEDS))),
        )
