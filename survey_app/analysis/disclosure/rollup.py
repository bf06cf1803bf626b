"""What of gminas' answers may go into the sums of a region. METHOD, "Disclosure control", Roll-up.

Three things are decided here:
- the cells that a gmina itself must hide, and that may go up only together with others (`hidden_cells`, `form_pools`);
- which regions' sums are shown, so that no difference between levels leaves one or two gminas (`shown_regions`);
- measures over gminas, which need three of them (`spread`).

The reader is granted every table of every gmina, every sum of every level, and every earlier day's sums. Hidden cells
enter in pools, each of which is summed as a whole, for good: so all that the sums of all levels and all days tell of
hidden cells are the sums of pools that share no gmina. docs/disclosure.md, "Roll-up".
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import add
from typing import TYPE_CHECKING

from survey_app.analysis.classes import COUNTED_TYPES, columns_of
from survey_app.analysis.disclosure.campaign import ReleasedCampaign, ancestors, proven_by_texts
from survey_app.analysis.disclosure.maker import GMINA, make_table
from survey_app.analysis.frames import with_groups
from survey_app.analysis.groups import Groups
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable
from survey_app.instrument.model import Instrument, Question
from survey_app.instrument.values import State

if TYPE_CHECKING:
    import pandas as pd

MIN_GMINAS = 3
COUNTRY = "PL"
ANYTHING = (0.0, 100.0)  # the bounds of a score of which nothing is known
MOST_TRIED = 24  # of those who wait in a region, the newest so many are tried together
# What kind of row a roll-up's table holds.
REGION, PART, ONE_GMINA = "region", "part", "gmina"


@dataclass(frozen=True)
class HiddenCell:
    """A gmina's answers to a question with two answers, where the gmina's own row is hidden.

    `hidden`: bases of the groups that are hidden (of the whole gmina, where its table has no groups); `shown`: what
    the other groups say; `least`: how many of each answer the numbers of texts prove.
    """

    counts: tuple[int, int]
    hidden: tuple[int, ...]
    shown: tuple[int, int]
    least: tuple[int, int]
    k: int

    @cached_property
    def base(self) -> int:
        return sum(self.counts)

    @cached_property
    def left(self) -> int:
        """How many gave the first answer in the hidden groups: what a reader looks for."""
        return self.counts[0] - self.shown[0]

    @cached_property
    def span(self) -> tuple[int, int]:
        """The least and the most that `left` can be, as far as the gmina's own tables tell."""
        people = sum(self.hidden)
        return max(0, self.least[0] - self.shown[0]), people - max(0, self.least[1] - self.shown[1])

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The same for a reader who knows the rule: one row of k to 2k - 1 people is hidden because all were alike."""
        low, high = self.span
        if self.hidden == (self.base,) and self.k <= self.base < 2 * self.k:
            return tuple(one for one in (0, self.base) if low <= one <= high)
        return tuple(range(low, high + 1))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hidden cell on its way up. `owner` names the release that it comes from, `gmina` its six digits."""

    owner: int
    gmina: str
    cell: HiddenCell


@dataclass(frozen=True, slots=True)
class Pool:
    """Hidden cells that are only ever summed together, from the level of `region` up."""

    region: str
    members: tuple[Waiting, ...]

    @property
    def counts(self) -> tuple[int, int]:
        first, second = zip(*(one.cell.counts for one in self.members), strict=True)
        return sum(first), sum(second)


@dataclass(frozen=True, slots=True)
class Part:
    """What one sum is made of: `region` is the lowest one that it is counted in, `gminas` how many it holds.

    A gmina whose own row may be shown is a part with its code as `region`; a pool is one with the region's.
    """

    region: str
    gminas: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure over gminas: how many there are, the lowest, the median, the highest.

    `bounds`: the median of the lower and of the upper bounds: whatever the silent would have said, the median
    lies between the two. A gmina without bounds may have had anything; `bounded` have them. None where nobody has.
    """

    gminas: int
    lowest: float
    median: float
    highest: float
    bounded: int
    bounds: tuple[float, float] | None


def hidden_cells(
    instrument: Instrument, frame: pd.DataFrame, groups: Groups, released: ReleasedCampaign
) -> dict[str, HiddenCell]:
    """Question id -> the gmina's hidden cell, for the questions whose cells can go up in a pool.

    `frame` is `frames.tidy`. Only questions with two answers that everyone is asked and that decide over no other
    counted question: of the others, what is known of the bases below would have to be tried as well.
    """
    if not groups.anonymous:
        return {}
    grouped = with_groups(instrument, frame, groups)
    found = {}
    for question in instrument.questions:
        table = released.questions.get(question.id)
        if table is None or not table.row(GMINA).hidden or not _can_be_pooled(instrument, question):
            continue
        cell = _cell(instrument, grouped, question, groups, released)
        if cell is not None and cell.base:
            found[question.id] = cell
    return found


def _can_be_pooled(instrument: Instrument, question: Question) -> bool:
    if question.type not in COUNTED_TYPES or question.ask_if is not None or len(columns_of(question)) != 2:
        return False
    below = (one for one in instrument.questions if question.id in ancestors(instrument, one))
    return not any(one.type in COUNTED_TYPES for one in below)


def _cell(
    instrument: Instrument,
    grouped: pd.DataFrame,
    question: Question,
    groups: Groups,
    released: ReleasedCampaign,
) -> HiddenCell | None:
    """None where the texts below the question entangle it too much."""
    given = grouped[(grouped["question"] == question.id) & (grouped["state"] == State.ANSWERED.value)]
    counted = given.groupby(["group", "choice"]).size().to_dict()
    first, second = (column.id for column in columns_of(question))
    by_group = {
        group.id: (int(counted.get((group.id, first), 0)), int(counted.get((group.id, second), 0)))
        for group in groups.items
    }
    rows = {row.id: row for row in released.questions[question.id].rows if row.id != GMINA}
    hidden = [key for key in by_group if key not in rows or rows[key].hidden]
    bases = tuple(sum(by_group[key]) for key in hidden) if rows else (sum(map(sum, by_group.values())),)
    floors = proven_by_texts(instrument, grouped, question.id, released.texts)
    if floors is None:
        return None
    return HiddenCell(
        counts=_sum(by_group.values()),
        hidden=tuple(base for base in bases if base),
        shown=_sum(by_group[key] for key in by_group if key not in hidden),
        least=(floors.get(first, 0), floors.get(second, 0)),
        k=groups.k,
    )


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    pairs = list(pairs)
    return sum(one for one, _ in pairs), sum(other for _, other in pairs)


def form_pools(arrived: Iterable[Waiting]) -> list[Pool]:
    """Hidden cells of one question, in the order in which their campaigns were locked -> the pools that they form.

    Whoever arrives joins those who wait in the same powiat; where they may not be summed together, those of the
    województwo, then of the country. What has formed stays, whatever comes later.
    """
    waiting: dict[str, list[Waiting]] = defaultdict(list)
    pools = []
    for one in arrived:
        for region in regions_of(one.gmina)[1:]:
            waiting[region] = [*waiting[region], one][-MOST_TRIED:]
        for region in regions_of(one.gmina)[1:]:
            members = waiting[region]
            if may_be_pooled([other.cell for other in members], len({other.gmina for other in members})):
                pools.append(Pool(region, tuple(members)))
                _take_out(waiting, members)
                break
    return pools


def _take_out(waiting: dict[str, list[Waiting]], members: Sequence[Waiting]) -> None:
    taken = {one.owner for one in members}
    for region in {region for one in members for region in regions_of(one.gmina)[1:]}:
        waiting[region] = [one for one in waiting[region] if one.owner not in taken]


def lies_in(code: str, region: str) -> bool:
    """Is the gmina, or the region, in this region? Codes of TERYT begin with those of what they lie in."""
    return region == COUNTRY or (code != COUNTRY and code.startswith(region))


def may_be_pooled(cells: Sequence[HiddenCell], gminas: int) -> bool:
    """METHOD: at least k respondents from at least three gminas, and each hidden count keeps its range.

    Tried on a reader who knows the sum and the gminas' own tables, and on one who also knows the rule.
    """
    people = sum(cell.base for cell in cells)
    if gminas < MIN_GMINAS or people < max(cell.k for cell in cells):
        return False
    return _ranges_hold(cells) and _values_hold(cells)


def _ranges_hold(cells: Sequence[HiddenCell]) -> bool:
    """Sums of whole numbers from ranges take every value between, so these ranges are exact."""
    total = sum(cell.left for cell in cells)
    lowest, highest = sum(cell.span[0] for cell in cells), sum(cell.span[1] for cell in cells)
    for cell in cells:
        low, high = cell.span
        most = min(high, total - (lowest - low))
        least = max(low, total - (highest - high))
        if most - least < min(cell.base, cell.k - 1):
            return False
        for base in cell.hidden:
            others = sum(cell.hidden) - base
            if min(base, most) - max(0, least - others) < min(base, cell.k - 1):
                return False
    return True


def _values_hold(cells: Sequence[HiddenCell]) -> bool:
    """The same where some counts can only be nothing or everybody: which of their values still add up to the total.

    Sets of sums are whole numbers whose bits say which sums there are.
    """
    total = sum(cell.left for cell in cells)
    owed = [1 << total]  # bit s: the cells from here on can make up for it if those before sum to s
    for cell in reversed(cells):
        owed.append(_union(owed[-1] >> value for value in cell.values))
    owed.reverse()
    before = 1
    for place, cell in enumerate(cells):
        possible = [value for value in cell.values if (before << value) & owed[place + 1]]
        if max(possible) - min(possible) < min(cell.base, cell.k - 1):
            return False
        before = _union(before << value for value in cell.values)
    return True


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def shown_regions(parts: Sequence[Part], regions: Sequence[str]) -> frozenset[str]:
    """Which regions' sums are shown, of powiaty, województwa and the country with these parts.

    A region needs three gminas. Then, from above: what is left of a region when the regions shown inside it are taken
    away must be nothing, or three gminas; else the smallest of those goes, with all that lies in it.
    """
    sizes = gminas_by_region(parts)
    shown = {region for region in regions if sizes.get(region, 0) >= MIN_GMINAS}
    inside_of: dict[str, list[str]] = defaultdict(list)
    for one in shown - {COUNTRY}:
        inside_of[regions_of(one)[1]].append(one)
    for region in sorted(shown, key=_from_above):
        while region in shown:
            inside = [one for one in inside_of[region] if one in shown]
            left = sizes[region] - sum(sizes[one] for one in inside)
            if left == 0 or left >= MIN_GMINAS:
                break
            least = min(inside, key=lambda one: (sizes[one], one))
            shown -= {one for one in shown if lies_in(one, least)}
    return frozenset(shown)


def gminas_by_region(parts: Iterable[Part]) -> dict[str, int]:
    """Region, or gmina with a part of its own -> how many gminas are counted there."""
    sizes: dict[str, int] = defaultdict(int)
    for part in parts:
        for region in regions_of(part.region):
            sizes[region] += part.gminas
    return dict(sizes)


def regions_of(code: str) -> tuple[str, ...]:
    """The code itself and what it lies in, the smallest first."""
    if code == COUNTRY:
        return (COUNTRY,)
    if len(code) == 2:
        return code, COUNTRY
    return (code, code[:2], COUNTRY) if len(code) == 4 else (code, code[:4], code[:2], COUNTRY)


def _from_above(region: str) -> tuple[int, str]:
    return (0 if region == COUNTRY else len(region)), region


def shown_gminas(parts: Sequence[Part], regions: frozenset[str], willing: frozenset[str]) -> frozenset[str]:
    """Which of the gminas that let their row be seen have it shown beside these sums.

    Rows are taken away from sums as easily as regions are: where they would leave one or two others, none is shown.
    """
    found: set[str] = set()
    for region, own in _by_lowest_region(parts, regions):
        rows = {part.region for part in own if len(part.region) > 4 and part.region in willing}
        left = sum(part.gminas for part in own if part.region not in rows)
        if left == 0 or left >= MIN_GMINAS or region == "":
            found |= rows
    return frozenset(found)


def _by_lowest_region(parts: Sequence[Part], regions: frozenset[str]) -> Iterator[tuple[str, list[Part]]]:
    """Each part under the lowest shown region that it is counted in; "" where none is shown."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        lowest = next((one for one in regions_of(part.region) if one in regions), "")
        found.setdefault(lowest, []).append(part)
    yield from found.items()


def region_table(
    table_id: str,
    title: str,
    columns: Sequence[Column],
    parts: Sequence[Part],
    rows: Sequence[tuple[str, str, str]],
    shown: frozenset[str],
    percent_from: int,
    notes: Sequence[str] = (),
    bases: Mapping[str, int] | None = None,
) -> ReleasedTable:
    """Sums of `parts` by region. `rows`: (code, label, level), the region first; of a row that is not in `shown`
    nothing is said. `bases`: where the columns do not add up to one.
    """
    sums: dict[str, tuple[int, ...]] = {}
    for part in parts:
        for code in regions_of(part.region):
            sums[code] = tuple(map(add, sums[code], part.counts)) if code in sums else part.counts
    made = []
    for code, label, level in rows:
        if code not in shown or code not in sums:
            made.append(ReleasedRow(code, label, level, None, tuple(None for _ in columns)))
            continue
        counts = sums[code]
        made.append(ReleasedRow(code, label, level, sum(counts) if bases is None else bases[code], counts))
    return make_table(table_id, title, columns, made, percent_from, notes)


def spread(values: Sequence[tuple[float, tuple[float, float] | None]]) -> Spread | None:
    """`values`: a measure of each gmina, with its bounds where it has them; None with fewer than three gminas."""
    if len(values) < MIN_GMINAS:
        return None
    known = [value for value, _ in values]
    bounded = sum(bounds is not None for _, bounds in values)
    ranges = [bounds or ANYTHING for _, bounds in values]
    middle = (statistics.median(low for low, _ in ranges), statistics.median(high for _, high in ranges))
    return Spread(
        len(known), min(known), statistics.median(known), max(known), bounded, middle if bounded else None
    )
