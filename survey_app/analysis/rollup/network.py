"""The network above the gmina: how far teams have come, how they were set up, what they chose, whom they won over.

METHOD, "Network". Reads facts of gminas, never an answer.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.disclosure.network import (
    Pair,
    Shown,
    acts_table,
    stages_table,
    supporters_table,
)
from survey_app.analysis.disclosure.rollup import (
    COUNTRY,
    MIN_GMINAS,
    ONE_GMINA,
    PART,
    REGION,
    lies_in,
    spread,
)
from survey_app.analysis.released import Column, ReleasedTable
from survey_app.analysis.rollup.coding_release import CodingRelease
from survey_app.analysis.rollup.measure import Measure

WAYS: Mapping[str, str] = {
    "administrative": "administracyjny",
    "civic": "obywatelski",
    "mixed": "mieszany (A+O)",
}
FORMS: Mapping[str, str] = {
    "new_kis": "nowy KIS",
    "renewed_kis": "rewitalizacja usług KIS",
    "with_other_gmina": "współpraca z KIS z innej gminy",
    "social_economy": "program rozwoju usług w ramach ekonomii społecznej",
    "cis": "CIS",
    "social_cooperative": "spółdzielnia socjalna",
    "ngo": "organizacja pozarządowa",
    "other": "inna forma",
}
OPEN = (
    "Konwencja serwisu: liczymy jawnie, bez progu trzech gmin, bo każdy taki akt (zarządzenie, uchwała, pakt) jest "
    "publiczny."
)
FURTHEST = (
    "Konwencja serwisu: liczy się najdalszy etap, w którym zespół zrobił co najmniej jeden krok albo nad nim pracuje. "
    "Od trzech gmin."
)
FROM_TWO_SUMS = (
    "Konwencja serwisu: para liczb gminy pochodzi w całości z serwisu (pierwsza i ostatnia zamknięta tura) albo, gdy "
    "gmina nie ma tu dwóch tur, z zapisów. Sumę z serwisu i sumę z zapisów dodaje się tylko wtedy, gdy każda z nich "
    "obejmuje co najmniej trzy gminy i wolno ją podać osobno. Osób fizycznych nie liczymy."
)


@dataclass(frozen=True, slots=True)
class GminaFacts:
    """What is known of one gmina beside its answers. None: not known.

    `stage`: id of the furthest stage reached, None without a process; `way` and `form`: keys of `WAYS` and `FORMS`,
    with whether they were recorded from a file; `first`, `last`: recorded supporters, without natural persons;
    `counted`: of supporters something was recorded at all; `sources`: of what was recorded.
    """

    gmina: str
    stage: str | None = None
    way: str | None = None
    way_recorded: bool = False
    form: str | None = None
    form_recorded: bool = False
    first: int | None = None
    last: int | None = None
    counted: bool = False
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that is known. `gminas`: codes of every gmina of the register; `stages`: id and title in order."""

    facts: Sequence[GminaFacts] = ()
    gminas: Sequence[str] = ()
    stages: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class NetworkOver:
    """The network of a region. `of`: its gminas; `following`: those with a process; `unpaired`: gminas of whose
    supporters something was recorded, but no pair. `measures`: over the gminas of the sum; empty where it is hidden.
    A table is None where there is nothing to count.
    """

    of: int
    following: int
    stages: ReleasedTable | None
    ways: ReleasedTable | None
    forms: ReleasedTable | None
    supporters: ReleasedTable | None
    measures: tuple[Measure, ...]
    unpaired: int
    sources: tuple[str, ...]

    @property
    def tables(self) -> tuple[ReleasedTable, ...]:
        found = (self.stages, self.ways, self.forms, self.supporters)
        return tuple(one for one in found if one is not None)


def network_over(
    network: Network,
    coding: Sequence[CodingRelease],
    code: str,
    names: Mapping[str, str],
    willing: frozenset[str],
) -> NetworkOver | None:
    """Of the region `code`; None where nothing is known of any of its gminas."""
    pairs = pairs_of(network.facts, coding)
    facts = [one for one in network.facts if lies_in(one.gmina, code)]
    if not facts and not any(lies_in(one.gmina, code) for one in pairs):
        return None
    reached = {one.gmina: one.stage for one in network.facts if one.stage}
    here = [one for one in facts if one.stage]
    codes = sorted({one.gmina for one in network.facts} | {one.gmina for one in pairs})
    regions = sorted({part for gmina in codes for part in (gmina[:2], gmina[:4], COUNTRY)} | {code})
    areas, own = _areas(codes, code, names), _own_rows(codes, code, names, willing)
    shown = Shown.of(pairs, regions, willing)
    held = shown.pairs_in(pairs, code)
    paired = {one.gmina for one in pairs}
    columns = [Column(stage, title) for stage, title in network.stages]
    stages = stages_table(columns, reached, [*areas, *own], regions, willing, [FURTHEST]) if here else None
    return NetworkOver(
        of=sum(lies_in(gmina, code) for gmina in network.gminas),
        following=len(here),
        stages=stages,
        ways=_acts("network_ways", "Sposoby powołania zespołów", WAYS, facts, areas, _way),
        forms=_acts("network_forms", "Wybrane formy usług", FORMS, facts, areas, _form),
        supporters=supporters_table(pairs, shown, [*areas, *own], [FROM_TWO_SUMS])
        if any(lies_in(one.gmina, code) for one in pairs)
        else None,
        measures=_measures(held),
        unpaired=sum(one.counted and one.gmina not in paired for one in facts),
        sources=tuple(sorted({source for one in facts for source in one.sources}, key=polish.alphabetical)),
    )


def pairs_of(facts: Sequence[GminaFacts], coding: Sequence[CodingRelease]) -> list[Pair]:
    """A gmina with two rounds of its own has its own pair, or none while that is hidden; others the recorded one."""
    own = {one.gmina: one for one in coding if one.rounds > 1}
    pairs = [Pair(one.gmina, one.start or 0, one.end or 0) for one in own.values() if one.is_pair]
    for one in facts:
        if one.gmina not in own and one.first is not None and one.last is not None:
            pairs.append(Pair(one.gmina, one.first, one.last, recorded=True))
    return pairs


def _areas(gminas: Iterable[str], code: str, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    width = {COUNTRY: 2}.get(code, len(code) + 2)
    inside = sorted({gmina[:width] for gmina in gminas if lies_in(gmina, code)}) if width < 6 else []
    return [(code, names.get(code, code), REGION), *((one, names.get(one, one), PART) for one in inside)]


def _own_rows(
    gminas: Iterable[str], code: str, names: Mapping[str, str], willing: frozenset[str]
) -> list[tuple[str, str, str]]:
    own = sorted(gmina for gmina in gminas if lies_in(gmina, code) and gmina in willing)
    return [(one, names.get(one, one), ONE_GMINA) for one in own]


def _way(one: GminaFacts) -> tuple[str | None, bool]:
    return one.way, one.way_recorded


def _form(one: GminaFacts) -> tuple[str | None, bool]:
    return one.form, one.form_recorded


def _acts(
    table_id: str,
    title: str,
    words: Mapping[str, str],
    facts: Sequence[GminaFacts],
    areas: Sequence[tuple[str, str, str]],
    said: Callable[[GminaFacts], tuple[str | None, bool]],
) -> ReleasedTable | None:
    """The columns of the pilot's report always, others where a gmina has chosen them."""
    chosen = {one.gmina: found for one in facts if (found := said(one)[0]) is not None}
    if not chosen:
        return None
    recorded = sum(said(one)[0] is not None and said(one)[1] for one in facts)
    used = set(chosen.values())
    columns = [
        Column(key, label) for place, (key, label) in enumerate(words.items()) if place < 4 or key in used
    ]
    whence = f"Z pism zespołów: {polish.whole(len(chosen) - recorded)}, z zapisów: {polish.whole(recorded)}."
    areas = [one for one in areas if one[2] == REGION or any(lies_in(gmina, one[0]) for gmina in chosen)]
    return acts_table(table_id, title, columns, chosen, areas, [whence, OPEN])


def _measures(held: Sequence[Pair]) -> tuple[Measure, ...]:
    if len(held) < MIN_GMINAS:
        return ()
    found = []
    for key, label in (
        ("start", "Zwolennicy na początku"),
        ("end", "Zwolennicy na końcu"),
        ("effect", "Efekt animacji"),
    ):
        values = [int(getattr(one, key)) for one in held]
        found.append(
            Measure(
                f"network_{key}", label, spread([(value, None) for value in values]), statistics.fmean(values)
            )
        )
    return tuple(found)
