"""Which rows of one table are hidden. Whole numbers in, a verdict out; knows nothing of questions or
labels.

METHOD, "Disclosure control". A row is hidden when its base is under k, or under 2k with all alike
(primary). Then siblings are hidden until a reader who subtracts learns too little: for each hidden count
the range that is left must be at least min(base, k - 1) wide. The reader is granted more than is printed:
the base of every group.

Hidden rows of one table, with their bases and (where the gmina's row is shown) their column totals known,
form a transportation problem. Its cell (g, j) can be every whole number from max(0, R_j - (B - b_g)) to
min(b_g, R_j), where b_g is the row's base, B the sum of hidden bases and R_j the hidden part of column j;
so the ranges below are exact, and no solver is needed (tests/property/test_disclosure.py checks them with
one).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

_MOST_SIBLINGS = 10  # with more, siblings are tried in one order only, the smallest base first


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: the counts of its columns; the base is their sum."""

    counts: tuple[int, ...]

    @property
    def base(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rows`: positions of hidden groups. `total`: is the gmina's row hidden?"""

    rows: frozenset[int] = frozenset()
    total: bool = False


def is_primary(cells: Cells, k: int) -> bool:
    """METHOD, "Disclosure control": a base under k, or one under 2k where all answered alike."""
    return cells.base < k or (cells.base < 2 * k and max(cells.counts, default=0) == cells.base)


def decide(rows: Sequence[Cells], total: Cells, k: int) -> Verdict:
    """The rows to hide, as few as the rule allows; the gmina's row is given up last.

    `rows` are the groups (empty: the table has the gmina's row alone); they add up to `total`.
    """
    if is_primary(total, k):
        return Verdict(frozenset(range(len(rows))), total=True)
    first = frozenset(position for position, cells in enumerate(rows) if is_primary(cells, k))
    if not first:
        return Verdict()
    everything = frozenset(range(len(rows)))
    if all(_wide_enough(rows, everything, position, k) for position in first):
        for knows_rule in (True, False):
            for hidden in _candidates(rows, first):
                if _safe(rows, hidden, k, knows_rule=knows_rule):
                    return Verdict(hidden)
    return Verdict(_hide_enough_people(rows, first, k), total=True)


def floors_allow(
    rows: Sequence[Cells], total: Cells, verdict: Verdict, floors: Sequence[int], k: int
) -> bool:
    """May a reader also know that column j counts at least `floors[j]` people in the whole gmina?

    Texts answering a follow-up say so much: whoever wrote one was asked. Nothing new where the gmina is
    shown.
    """
    if not verdict.total:
        return True
    if not rows:
        rows, hidden = [total], frozenset({0})
    else:
        hidden = verdict.rows
    shown = [rows[position] for position in range(len(rows)) if position not in hidden]
    owed = [
        max(0, floor - sum(cells.counts[column] for cells in shown)) for column, floor in enumerate(floors)
    ]
    bases = [rows[position].base for position in hidden]
    people = sum(bases)
    for base in [*bases, people]:  # the gmina's own count is as wide as all hidden rows together
        for due in owed:
            highest = min(base, people - (sum(owed) - due))
            lowest = max(0, due - (people - base))
            if highest - lowest < min(base, k - 1):
                return False
    return True


def boxes_allow(boxes: int, texts: int, asked: int, k: int) -> bool:
    """May a reader know the number of texts while the counts of filled boxes (0 to `boxes`) are hidden?

    Σ j·c_j = texts and Σ c_j = asked leave each c_j a range; it must be at least min(asked, k - 1) wide.
    Solved as an integer programme; scipy is imported here because this is seldom needed and slow to load.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    columns = np.arange(boxes + 1)
    rule = LinearConstraint(np.vstack([columns, np.ones(boxes + 1)]), [texts, asked], [texts, asked])
    for column in columns:
        aim = (columns == column).astype(float)
        low, high = (
            milp(sign * aim, integrality=np.ones(boxes + 1), bounds=Bounds(0, asked), constraints=rule)
            for sign in (1, -1)
        )
        if not low.success or not high.success or round(-high.fun - low.fun) < min(asked, k - 1):
            return False
    return True


def _candidates(rows: Sequence[Cells], first: frozenset[int]) -> Iterator[frozenset[int]]:
    """Sets of rows to hide, from the fewest rows and people up."""
    others = sorted(set(range(len(rows))) - first, key=lambda position: (rows[position].base, position))
    if len(others) > _MOST_SIBLINGS:
        for taken in range(len(others) + 1):
            yield first | frozenset(others[:taken])
        return
    for taken in range(len(others) + 1):
        chosen = sorted(combinations(others, taken), key=lambda some: sum(rows[p].base for p in some))
        for some in chosen:
            yield first | frozenset(some)


def _safe(rows: Sequence[Cells], hidden: frozenset[int], k: int, *, knows_rule: bool) -> bool:
    if not all(_wide_enough(rows, hidden, position, k) for position in hidden):
        return False
    return not knows_rule or _safe_from_who_knows_the_rule(rows, hidden, k)


def _wide_enough(rows: Sequence[Cells], hidden: frozenset[int], position: int, k: int) -> bool:
    bases = {p: rows[p].base for p in hidden}
    sums = _column_sums(rows, hidden)
    return all(
        high - low >= min(bases[position], k - 1)
        for low, high in (_cell_range(bases[position], r, sum(bases.values())) for r in sums)
    )


def _cell_range(base: int, column: int, people: int) -> tuple[int, int]:
    return max(0, column - (people - base)), min(base, column)


def _column_sums(rows: Sequence[Cells], hidden: frozenset[int]) -> list[int]:
    width = len(next(iter(rows)).counts)
    return [sum(rows[position].counts[column] for position in hidden) for column in range(width)]


def _safe_from_who_knows_the_rule(rows: Sequence[Cells], hidden: frozenset[int], k: int) -> bool:
    """The same ranges for a reader who also knows that some hidden row must have been alike throughout.

    That follows whenever no hidden base is under k: then one of those under 2k was hidden for being alike.
    """
    bases = {p: rows[p].base for p in hidden}
    if any(base < k for base in bases.values()):
        return True
    sums, people = _column_sums(rows, hidden), sum(bases.values())
    stories = [
        (position, column)
        for position, base in bases.items()
        for column, total in enumerate(sums)
        if base < 2 * k and total >= base
    ]
    for target, base in bases.items():
        for column in range(len(sums)):
            ranges = [_told(story, target, column, bases, sums, people) for story in stories]
            lowest, highest = min(low for low, _ in ranges), max(high for _, high in ranges)
            if highest - lowest < min(base, k - 1):
                return False
    return True


def _told(
    story: tuple[int, int], target: int, column: int, bases: dict[int, int], sums: list[int], people: int
) -> tuple[int, int]:
    """The range of a cell if the story's row put everyone into the story's column."""
    row, full = story
    if row == target:
        exact = bases[row] if column == full else 0
        return exact, exact
    left = sums[column] - (bases[row] if column == full else 0)
    return _cell_range(bases[target], left, people - bases[row])


def _hide_enough_people(rows: Sequence[Cells], first: frozenset[int], k: int) -> frozenset[int]:
    """With the gmina's row hidden, hidden groups are bounded by their bases alone; the gmina's count by
    their sum.
    """
    hidden, total = set(first), sum(cells.base for cells in rows)
    others = sorted(set(range(len(rows))) - first, key=lambda position: (rows[position].base, position))
    while others and sum(rows[position].base for position in hidden) < min(total, k - 1):
        hidden.add(others.pop(0))
    return frozenset(hidden)
