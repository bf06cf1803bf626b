"""What the steps of the process need, counted from the gmina's own data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy.orm import Session

from survey_app.instrument.model import SectorTable, Stance
from survey_app.instrument.process_model import Need, ProcessFact
from survey_app.services.instruments import ANKIETA, known_instrument, present
from survey_app.store import papers, process, registers
from survey_app.store.papers import Paper
from survey_app.store.registers import BriefEntry

PARTS = ("public", "social", "business")  # of the three-way division (003)


@dataclass(frozen=True, slots=True)
class Facts:
    """`counts`: all facts but those about papers and entries. `papers`: (key, state) -> how many; `held`: the papers.

    `entries`: of the gmina's registers, without what was filled in.
    """

    counts: Mapping[ProcessFact, int]
    papers: Mapping[tuple[str, str], int]
    entries: Sequence[BriefEntry] = ()
    held: Sequence[Paper] = ()

    def of(self, need: Need) -> int:
        """How many of what the need asks for there are."""
        if need.fact is ProcessFact.PAPERS:
            return self.papers.get((need.paper, "agreed"), 0)
        if need.fact is ProcessFact.PAPERS_BEGUN:
            return sum(self.papers.get((need.paper, state), 0) for state in ("draft", "consulted", "agreed"))
        if need.fact is ProcessFact.REGISTER_ENTRIES:
            own = (one for one in self.entries if one.key == need.register)
            return sum(1 for one in own if need.state in ("", one.state))
        return self.counts.get(need.fact, 0)

    def missing(self, needs: Iterable[Need]) -> tuple[str, ...]:
        """What is said while a need is not met."""
        return tuple(need.missing for need in needs if self.of(need) < need.least)


def facts_of(session: Session, gmina_code: str) -> Facts:
    """Five statements, whatever the size of the gmina."""
    counted = {ProcessFact(name): number for name, number in process.counts(session, gmina_code).items()}
    here, team = process.sectors(session, gmina_code)
    counted[ProcessFact.STAKEHOLDER_SECTORS] = len(three_way(here))
    counted[ProcessFact.MEMBER_SECTORS] = len(three_way(team))
    counted[ProcessFact.SUPPORTERS] = _supporters(session, gmina_code)
    held = papers.of_gmina(session, gmina_code)
    counted_papers = Counter((one.key, one.state) for one in held)
    return Facts(counted, counted_papers, registers.brief(session, gmina_code, None), held)


def three_way(sector_ids: Iterable[str]) -> frozenset[str]:
    """Which of `PARTS` standard catalogue sectors belong to."""
    parts = parts_of_sectors()
    return frozenset(part for sector in sector_ids for part in parts.get(sector, ()))


@cache
def parts_of_sectors() -> Mapping[str, frozenset[str]]:
    """Standard catalogue sector -> the parts of the three-way division that its types belong to."""
    table = _sector_table()
    parts: dict[str, frozenset[str]] = {}
    for sector, options in table.catalogue_options.items():
        found = (table.sector(table.option_sector[o]).three_way for o in options if o in table.option_sector)
        parts[sector] = frozenset(part for part in found if part)
    return parts


@cache
def part_labels() -> Mapping[str, str]:
    """Part -> "sektor publiczny", ..."""
    return dict(_sector_table().three_way_labels)


def _sector_table() -> SectorTable:
    table = present(ANKIETA).definitions.sectors
    assert table is not None, "the ankieta ties sectors to types"
    return table


def _supporters(session: Session, gmina_code: str) -> int:
    found = process.newest_codes(session, gmina_code)
    if found is None:
        return 0
    version, codes = found
    coding = known_instrument(session, *version).definitions.coding
    assert coding is not None, "a round's instrument is one of coding"
    return sum(count for code, count in codes.items() if coding.code(code).stance is Stance.SUPPORTER)
