"""Tables of the network above the gmina. METHOD, "Disclosure control", Roll-up, and "Network".

Two kinds: counts of public acts (an order, a resolution), which hide nothing; and supporters, to whom the rule of three
gminas holds twice over. Whoever imported the recorded facts knows each of them, so a sum in which they stand beside one
gmina's own numbers would give that gmina away. A sum of both is therefore made only of two sums that may each be shown
by itself: of the gminas' own numbers, and of the recorded ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.analysis.disclosure.maker import make_table
from survey_app.analysis.disclosure.rollup import (
    Part,
    gminas_by_region,
    region_table,
    regions_of,
    shown_gminas,
    shown_regions,
)
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable

Row = tuple[str, str, str]  # code, label, level; the region first
COLUMNS = (
    Column("gminas", "gminy"),
    Column("recorded", "w tym z zapisów"),
    Column("start", "Zwolennicy na początku"),
    Column("end", "Zwolennicy na końcu"),
    Column("effect", "efekt animacji"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Supporters of a gmina at the start and at the end; `recorded`: known from a file, not from its rounds."""

    gmina: str
    start: int
    end: int
    recorded: bool = False

    @property
    def effect(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Shown:
    """Which areas' sums may be shown, of the gminas' own pairs and of the recorded ones, each by itself."""

    own: frozenset[str]
    recorded: frozenset[str]

    @classmethod
    def of(cls, pairs: Sequence[Pair], regions: Sequence[str], willing: frozenset[str]) -> Shown:
        return cls(*(_shown(pairs, kind, regions, willing) for kind in (False, True)))

    def pairs_in(self, pairs: Sequence[Pair], code: str) -> list[Pair]:
        """Those that the area's sum holds; none where it is hidden."""
        return [
            one
            for one in pairs
            if code in regions_of(one.gmina) and code in (self.recorded if one.recorded else self.own)
        ]


def _shown(
    pairs: Sequence[Pair], recorded: bool, regions: Sequence[str], willing: frozenset[str]
) -> frozenset[str]:
    parts = [Part(one.gmina, 1, (1,)) for one in pairs if one.recorded is recorded]
    found = shown_regions(parts, regions)
    return found | shown_gminas(parts, found, willing)


def supporters_table(
    pairs: Sequence[Pair], shown: Shown, rows: Sequence[Row], notes: Sequence[str]
) -> ReleasedTable:
    """Supporters at the start and at the end by area, own and recorded together. The base counts gminas."""
    made = []
    for code, label, level in rows:
        held = shown.pairs_in(pairs, code)
        if not held:
            made.append(ReleasedRow(code, label, level, None, tuple(None for _ in COLUMNS)))
            continue
        start, end = sum(one.start for one in held), sum(one.end for one in held)
        counts = (len(held), sum(one.recorded for one in held), start, end, end - start)
        made.append(ReleasedRow(code, label, level, len(held), counts))
    return make_table("network_supporters", "Zwolennicy na początku i na końcu", COLUMNS, made, 1, notes)


def acts_table(
    table_id: str,
    title: str,
    columns: Sequence[Column],
    chosen: Mapping[str, str],
    rows: Sequence[Row],
    notes: Sequence[str],
) -> ReleasedTable:
    """Gminas by what a public act of theirs says. `chosen`: gmina -> column. Nothing is hidden: everybody may read the
    act itself, so no count of acts tells more.
    """
    places = [column.id for column in columns]
    parts = [Part(gmina, 1, tuple(int(one == column) for one in places)) for gmina, column in chosen.items()]
    parts += [Part(code, 0, (0,) * len(places)) for code, _, _ in rows]  # an area without any counts nought
    open_to_all = frozenset(code for code, _, _ in rows)
    return region_table(table_id, title, columns, parts, rows, open_to_all, 1, notes)


def stages_table(
    columns: Sequence[Column],
    reached: Mapping[str, str],
    rows: Sequence[Row],
    regions: Sequence[str],
    willing: frozenset[str],
    notes: Sequence[str],
) -> ReleasedTable:
    """Gminas by the stage that they reached. How far a team has come is no public act: the rule of three holds."""
    places = [column.id for column in columns]
    parts = [Part(gmina, 1, tuple(int(one == stage) for one in places)) for gmina, stage in reached.items()]
    shown = shown_regions(parts, regions)
    shown |= shown_gminas(parts, shown, willing)
    bases = gminas_by_region(parts)
    return region_table(
        "network_stages", "Gminy według etapu procesu", columns, parts, rows, shown, 1, notes, bases
    )
