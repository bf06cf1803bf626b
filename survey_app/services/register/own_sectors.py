"""Sectors that a team adds to the standard ones. Each counts as a standard one wherever sectors are analysed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.errors import ConflictError, FaultList, NotFoundError
from survey_app.services.context import Context
from survey_app.services.register.catalogue import lock_catalogue, refuse_faults, text_faults
from survey_app.services.register.sectors import sector_labels, standard_sectors
from survey_app.store import audit, own_sectors

LABEL_LENGTH = 100
ID_LENGTH = 40


@dataclass(frozen=True, slots=True)
class OwnSector:
    """`counts_as`: id of a standard sector. `entries`: how many stand in it now."""

    id: str
    label: str
    counts_as: str
    counts_as_label: str
    entries: int


def own_sectors_of(context: Context, gmina_code: str) -> list[OwnSector]:
    """In alphabetical order."""
    with context.database.reading() as session:
        used = own_sectors.used(session, gmina_code)
        rows = own_sectors.of_gmina(session, gmina_code)
    found = [
        OwnSector(
            row.id,
            row.label,
            row.counts_as,
            standard_sectors().get(row.counts_as, row.counts_as),
            used.get(row.id, 0),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: polish.alphabetical(one.label))


def own_sector(context: Context, gmina_code: str, sector_id: str) -> OwnSector:
    """NotFoundError: this gmina has no such sector of its own."""
    for one in own_sectors_of(context, gmina_code):
        if one.id == sector_id:
            return one
    raise NotFoundError("Ta gmina nie ma takiego własnego sektora.")


def add_own_sector(context: Context, gmina_code: str, label: str, counts_as: str, actor: int | None) -> str:
    """Its id. InvalidInputError names what is wrong; a name that a sector has already is refused."""
    label = _tidy(label)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        _check(session, gmina_code, label, counts_as, None)
        sector_id = _new_id(session, gmina_code, label)
        own_sectors.add(session, gmina_code, sector_id, label, counts_as)
        _record(context, session, gmina_code, sector_id, "sector_added", actor)
    return sector_id


def change_own_sector(
    context: Context, gmina_code: str, sector_id: str, label: str, counts_as: str, actor: int | None
) -> None:
    """Campaigns that were opened and rounds that were closed keep what the sector counted as then."""
    label = _tidy(label)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        row = _require(session, gmina_code, sector_id)
        _check(session, gmina_code, label, counts_as, sector_id)
        if (row.label, row.counts_as) != (label, counts_as):
            row.label, row.counts_as = label, counts_as
            _record(context, session, gmina_code, sector_id, "sector_changed", actor)


def remove_own_sector(context: Context, gmina_code: str, sector_id: str, actor: int | None) -> None:
    """ConflictError while an entry stands in it; those that left go over to the sector that it counted as."""
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        row = _require(session, gmina_code, sector_id)
        entries = own_sectors.used(session, gmina_code).get(sector_id, 0)
        if entries:
            count = polish.counted(entries, "wpis", "wpisy", "wpisów")
            raise ConflictError(f"Sektor „{row.label}” ma {count}. Najpierw przenieś je do innego.")
        own_sectors.remove(session, row)
        _record(context, session, gmina_code, sector_id, "sector_removed", actor)


def _check(session: Session, gmina_code: str, label: str, counts_as: str, own_id: str | None) -> None:
    found = FaultList(text_faults("label", label, LABEL_LENGTH))
    taken = {
        _key(other): other for key, other in sector_labels(session, gmina_code).items() if key != own_id
    } | {polish.fold(key): other for key, other in standard_sectors().items()}
    if not label:
        found.add("label_missing", "label", "Brakuje nazwy sektora.", "Wpisz ją.")
    elif _key(label) in taken:
        message = f"Sektor „{taken[_key(label)]}” już jest."
        found.add("label_taken", "label", message, "Podaj inną nazwę.")
    if counts_as not in standard_sectors():
        message = "Nie wiadomo, jako który sektor się liczy."
        found.add("counts_as_unknown", "counts_as", message, "Wybierz sektor z listy.")
    refuse_faults(found.faults)


def _key(label: str) -> str:
    return polish.fold(label) or label


def _new_id(session: Session, gmina_code: str, label: str) -> str:
    """Made from the name, of plain letters; never one that a sector has."""
    stem = "wlasny_" + (re.sub(r"[^a-z0-9]+", "_", polish.fold(label)).strip("_")[:26] or "sektor")
    taken = {row.id for row in own_sectors.of_gmina(session, gmina_code)}
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}_{number}"[:ID_LENGTH]
    return found


def _tidy(label: str) -> str:
    return " ".join(unicodedata.normalize("NFC", label).split())


def _require(session: Session, gmina_code: str, sector_id: str) -> own_sectors.OwnSector:
    row = own_sectors.get(session, gmina_code, sector_id)
    if row is None:
        raise NotFoundError("Ta gmina nie ma takiego własnego sektora.")
    return row


def _record(
    context: Context, session: Session, gmina_code: str, sector_id: str, action: str, actor: int | None
) -> None:
    audit.record(
        session,
        at=context.clock(),
        actor=actor,
        action=action,
        object_type="sector",
        object_id=sector_id,
        gmina_code=gmina_code,
    )
