"""Look through a catalogue: by text and by what the entries are, with a line that counts who is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from survey_app import polish
from survey_app.services.context import Context
from survey_app.services.register.declarations import CONTRIBUTION, REFUSAL, RESOURCES, contribution_words
from survey_app.services.register.sectors import sector_labels
from survey_app.store import catalogue, declarations
from survey_app.store.catalogue import Stakeholder
from survey_app.store.declarations import Declaration

PRESENT, LEFT, ALL = "obecni", "byli", "wszyscy"
NO_TYPE = "brak"
YES, NO = "tak", "nie"


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """An empty text leaves nothing out. `type`: A, B, C or NO_TYPE; `natural_person`, `contribution`, `refusal`:
    YES or NO; `place`: "wewnetrzny" or "zewnetrzny"; `who`: PRESENT, LEFT or ALL.
    """

    text: str = ""
    sector: str = ""
    stakeholder_type: str = ""
    place: str = ""
    natural_person: str = ""
    contribution: str = ""
    refusal: str = ""
    sphere: str = ""
    who: str = PRESENT

    @property
    def narrows(self) -> bool:
        """Does it leave anything out but those who left?"""
        return self != CatalogueFilter()

    @property
    def rare(self) -> bool:
        """Is anything asked for beside the text and the sector?"""
        return any(getattr(self, one.name) != one.default for one in fields(self)[2:])


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """`contribution`: what holds of what was declared, in words; empty: nothing."""

    entry: Stakeholder
    sector_label: str
    contribution: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class CatalogueSummary:
    """Of those who are in the catalogue now, whatever is searched for."""

    total: int
    by_type: Mapping[str, int]  # A, B, C
    without_type: int
    internal: int
    external: int
    natural_persons: int


@dataclass(frozen=True, slots=True)
class Found:
    """Rows in Polish alphabetical order. `out_of`: how many there would be without the search."""

    rows: tuple[CatalogueRow, ...]
    out_of: int
    ever: int
    summary: CatalogueSummary
    sectors: Mapping[str, str]


def search(context: Context, gmina_code: str, wanted: CatalogueFilter) -> Found:
    """Three queries, however many entries there are."""
    with context.database.reading() as session:
        everyone = catalogue.stakeholders(session, gmina_code, include_left=True)
        declared = declarations.of_gmina(session, gmina_code)
        sectors = sector_labels(session, gmina_code)
    chosen = [row for row in everyone if _stays(row, wanted.who)]
    rows = [_row(row, declared.get(row.id, []), sectors) for row in chosen]
    return Found(
        rows=tuple(row for row in rows if _matches(row, declared.get(row.entry.id, []), wanted)),
        out_of=len(chosen),
        ever=len(everyone),
        summary=_summary([row for row in everyone if row.left_on is None]),
        sectors=sectors,
    )


def _stays(row: Stakeholder, who: str) -> bool:
    return who == ALL or (row.left_on is None) == (who != LEFT)


def _row(entry: Stakeholder, declared: list[Declaration], sectors: Mapping[str, str]) -> CatalogueRow:
    refuses = any(row.kind == REFUSAL and row.withdrawn_on is None for row in declared)
    label = sectors.get(entry.sector, entry.sector)
    return CatalogueRow(entry, label, contribution_words(declared), refuses)


def _matches(row: CatalogueRow, declared: list[Declaration], wanted: CatalogueFilter) -> bool:
    entry = row.entry
    held = {
        "sector": entry.sector,
        "stakeholder_type": entry.stakeholder_type or NO_TYPE,
        "place": "wewnetrzny" if entry.internal else "zewnetrzny",
        "natural_person": YES if entry.natural_person else NO,
        "contribution": YES if row.contribution else NO,
        "refusal": YES if row.refuses else NO,
    }
    if any(getattr(wanted, name) not in ("", value) for name, value in held.items()):
        return False
    if wanted.sphere and wanted.sphere not in entry.spheres:
        return False
    return polish.fold(wanted.text) in polish.fold(_searched(entry, declared))


def _searched(entry: Stakeholder, declared: Sequence[Declaration]) -> str:
    """Withdrawn resources are found, too: the entry says that they were withdrawn."""
    resources = [
        f"{RESOURCES.get(row.resource or '', '')} {row.description}"
        for row in declared
        if row.kind == CONTRIBUTION
    ]
    return " ".join((entry.name, entry.usefulness, *resources))


def _summary(present: Sequence[Stakeholder]) -> CatalogueSummary:
    types = Counter(row.stakeholder_type for row in present)
    internal = sum(row.internal for row in present)
    return CatalogueSummary(
        total=len(present),
        by_type={kind: types[kind] for kind in ("A", "B", "C")},
        without_type=types[None],
        internal=internal,
        external=len(present) - internal,
        natural_persons=sum(row.natural_person for row in present),
    )
