"""Several gminas side by side: how many supporters before and after, and the effect (document 002, Tabela 2).

METHOD, "Coding". A gmina with a missing round, or a missing number, stays in the table and out of the sums of complete
pairs; what is known on one side alone is summed apart. Counts of whole catalogues: no tests, no intervals.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey_app import polish

if TYPE_CHECKING:
    import pandas as pd

# A gmina's file: column of the frame -> heading. One row per gmina and round.
COLUMNS: Mapping[str, str] = {
    "teryt": "TERYT",
    "gmina": "gmina",
    "wojewodztwo": "województwo",
    "tura": "tura",
    "moment": "moment",
    "zamknieta": "zamknięta",
    "zwolennicy": "Zwolennicy",
    "osoby_fizyczne": "w tym osoby fizyczne",
    "neutralni": "Neutralni",
    "przeciwnicy": "Przeciwnicy",
    "sektory": "sektory ze Zwolennikiem",
}
BEFORE_PACT = "before_pact"


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """One round of a gmina. `moment`: "start", "between" or "before_pact". None: not known.

    `persons`: how many of the supporters are natural persons; `sectors`: sectors with at least one supporter.
    """

    number: int
    moment: str
    closed_on: dt.date | None
    supporters: int | None
    persons: int | None
    undecided: int | None
    opponents: int | None
    sectors: int | None


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One gmina. `first`, `last`: its rounds, None if missing; `start`, `end`: supporters, None if not known."""

    teryt: str
    gmina: str
    wojewodztwo: str
    first: RoundCounts | None
    last: RoundCounts | None

    @property
    def start(self) -> int | None:
        return self.first.supporters if self.first else None

    @property
    def end(self) -> int | None:
        return self.last.supporters if self.last else None

    @property
    def effect(self) -> int | None:
        return None if self.start is None or self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True)
class Figures:
    """One measure (a sum, a mean, ...) of the three columns, over complete pairs."""

    start: float
    end: float
    effect: float


@dataclass(frozen=True, slots=True)
class WojewodztwoRow:
    """`pairs` of its `gminas` have both rounds; sums over those pairs, None without any."""

    wojewodztwo: str
    gminas: int
    pairs: int
    sums: Figures | None


@dataclass(frozen=True, slots=True)
class KnownSum:
    """One side alone. `total` over the `gminas` where it is known.

    `institutions` and `institution_gminas`: the same without supporters who are natural persons, and without gminas
    that have no others.
    """

    gminas: int
    total: int
    institution_gminas: int
    institutions: int


@dataclass(frozen=True, slots=True)
class EffectTable:
    """Rows alphabetically; figures over complete pairs, None without any. `lowest`, `highest`: column by column."""

    rows: tuple[EffectRow, ...]
    pairs: int
    sums: Figures | None
    means: Figures | None
    medians: Figures | None
    lowest: Figures | None
    highest: Figures | None
    by_wojewodztwo: tuple[WojewodztwoRow, ...]
    known_start: KnownSum
    known_end: KnownSum

    @property
    def incomplete(self) -> tuple[EffectRow, ...]:
        """The gminas that stay out of the sums."""
        return tuple(row for row in self.rows if row.effect is None)


def effect_table(frame: pd.DataFrame) -> EffectTable:
    """`frame`: the columns of `COLUMNS`, a row per gmina and round, None or NaN where a number is missing.

    A gmina is told by the first six digits of its TERYT. Of several rounds the first and the last count. One alone is
    the last if it was held before the Pakt was signed, otherwise the first.
    """
    gminas: dict[str, list[dict[str, Any]]] = {}
    for record in frame.to_dict("records"):
        gminas.setdefault(str(record["teryt"])[:6], []).append(
            {str(key): _known(v) for key, v in record.items()}
        )
    rows = [_row(records) for records in gminas.values()]
    rows.sort(key=lambda row: (polish.alphabetical(row.gmina), row.teryt))
    pairs = [row for row in rows if row.effect is not None]
    return EffectTable(
        rows=tuple(rows),
        pairs=len(pairs),
        sums=_figures(pairs, sum),
        means=_figures(pairs, statistics.fmean),
        medians=_figures(pairs, statistics.median),
        lowest=_figures(pairs, min),
        highest=_figures(pairs, max),
        by_wojewodztwo=_by_wojewodztwo(rows),
        known_start=_known_sum(row.first for row in rows),
        known_end=_known_sum(row.last for row in rows),
    )


def _known(value: Any) -> Any:
    import pandas as pd

    return None if value is None or pd.isna(value) else value


def _row(records: Sequence[Mapping[str, Any]]) -> EffectRow:
    ordered = sorted(records, key=lambda record: int(record["tura"]))
    rounds = [_round(record) for record in ordered]
    first: RoundCounts | None = rounds[0]
    last: RoundCounts | None = rounds[-1]
    if len(rounds) == 1:
        first, last = (None, last) if rounds[0].moment == BEFORE_PACT else (first, None)
    named = ordered[-1]
    return EffectRow(str(named["teryt"]), named["gmina"], named["wojewodztwo"], first, last)


def _round(record: Mapping[str, Any]) -> RoundCounts:
    counts = ("zwolennicy", "osoby_fizyczne", "neutralni", "przeciwnicy", "sektory")
    supporters, persons, undecided, opponents, sectors = (
        None if record.get(name) is None else int(record[name]) for name in counts
    )
    return RoundCounts(
        int(record["tura"]),
        record["moment"],
        record.get("zamknieta"),
        supporters,
        persons,
        undecided,
        opponents,
        sectors,
    )


def _figures(pairs: Sequence[EffectRow], measure: Any) -> Figures | None:
    if not pairs:
        return None
    columns = ([getattr(row, name) for row in pairs] for name in ("start", "end", "effect"))
    return Figures(*(measure(column) for column in columns))


def _by_wojewodztwo(rows: Sequence[EffectRow]) -> tuple[WojewodztwoRow, ...]:
    found = []
    for name in sorted({row.wojewodztwo for row in rows}, key=polish.alphabetical):
        own = [row for row in rows if row.wojewodztwo == name]
        pairs = [row for row in own if row.effect is not None]
        found.append(WojewodztwoRow(name, len(own), len(pairs), _figures(pairs, sum)))
    return tuple(found)


def _known_sum(rounds: Iterable[RoundCounts | None]) -> KnownSum:
    known = [(one.supporters, one.persons or 0) for one in rounds if one and one.supporters is not None]
    others = [supporters - persons for supporters, persons in known if not 0 < persons == supporters]
    return KnownSum(len(known), sum(supporters for supporters, _ in known), len(others), sum(others))
