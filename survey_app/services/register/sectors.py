"""The sectors of a gmina's catalogue: those of the ankieta's file, and the team's own, each counted as one of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.config import INSTRUMENTS
from survey_app.instrument.loader import load_instrument
from survey_app.services.context import Context
from survey_app.store import own_sectors


@functools.cache
def standard_sectors() -> Mapping[str, str]:
    """Sector id -> Polish name, in the order of the ankieta's file."""
    sectors = load_instrument(INSTRUMENTS / "ankieta.yml").definitions.sectors
    return MappingProxyType(dict(sectors.catalogue_labels) if sectors else {})


def catalogue_sectors(context: Context | None = None, gmina_code: str | None = None) -> Mapping[str, str]:
    """Sector id -> Polish name: the standard ones and, of a gmina, then its own in alphabetical order."""
    if context is None or gmina_code is None:
        return standard_sectors()
    with context.database.reading() as session:
        return sector_labels(session, gmina_code)


def sector_labels(session: Session, gmina_code: str) -> Mapping[str, str]:
    """As `catalogue_sectors`, inside a transaction."""
    own = sorted(own_sectors.of_gmina(session, gmina_code), key=lambda row: polish.alphabetical(row.label))
    return {**standard_sectors(), **{row.id: row.label for row in own}}


def standard_of(session: Session, gmina_code: str) -> Callable[[str], str]:
    """Sector id -> id of the standard sector that it counts as; a standard one counts as itself."""
    own = {row.id: row.counts_as for row in own_sectors.of_gmina(session, gmina_code)}
    return lambda sector_id: own.get(sector_id, sector_id)
