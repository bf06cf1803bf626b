"""What can be worked out about single institutions from several tables of codes at once.

Anybody may know the catalogue: which institution is of which sector, type and place, and which was coded when. What
is published of their codes are sums over some of them. So the reader's question is an integer programme: how few, and
how many, of these institutions can have this code, if all published sums hold? `suppress` answers it for one table by
a formula; for sums that overlap (a sector with one institution outside the gmina, and the row of those outside; two
rounds and the moves between them) there is none, so it is asked of a solver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from survey_app.analysis.disclosure.facts import Fact, Match, Path, Profile, SectorsFact

Vector = npt.NDArray[np.float64]
Equation = tuple[Vector, float, float]
_NODES = (
    2000  # of the search; a limit in nodes, unlike one in seconds, gives the same answer on every machine
)


@dataclass(slots=True)
class Reader:
    """Somebody who knows the catalogue and everything published. `truth`: profile and path of each institution.

    `codes`: the codes that were possible in the earlier and the later round.
    """

    truth: Sequence[tuple[Profile, Path]]
    codes: tuple[tuple[str, ...], tuple[str, ...]]
    facts: list[Fact] = field(default_factory=list)
    sector_facts: list[SectorsFact] = field(default_factory=list)
    _cells: list[tuple[Profile, Path]] = field(init=False)
    sizes: Counter[Profile] = field(init=False)  # institutions that nobody could tell apart by what is known
    _seen: list[Vector] = field(init=False)  # answers that fit all facts: witnesses of what is possible
    _known: tuple[Vector, Vector, Vector] | None = field(
        init=False, default=None
    )  # all equations, once needed

    def __post_init__(self) -> None:
        self.sizes = Counter(profile for profile, _ in self.truth)
        self._cells = [(profile, path) for profile in self.sizes for path in self._paths(profile)]
        held = Counter(self.truth)
        self._seen = [np.array([float(held[cell]) for cell in self._cells])]

    def told(self, facts: Iterable[Fact], sector_facts: Iterable[SectorsFact] = ()) -> Reader:
        """The same reader, who has read more. What was found possible before, and fits that, still is."""
        facts, sector_facts = list(facts), list(sector_facts)
        reader = Reader(self.truth, self.codes, [*self.facts, *facts], [*self.sector_facts, *sector_facts])
        counts = [(self._vector(fact.match), fact.value) for fact in facts]
        reader._seen += [
            seen
            for seen in self._seen[1:]  # the first is the truth
            if all(aim @ seen == value for aim, value in counts)
            and all(self._sectors_reached(fact, seen) == fact.value for fact in sector_facts)
        ]
        return reader

    def knows_any(self, groups: Iterable[tuple[Match, int]]) -> bool:
        """Is it certain, for any group, that as many institutions match as it says (all of it)?

        All groups that are still in doubt are asked about at once: an answer with the fewest matches altogether clears
        those that it takes one from, and one that takes none from any says that all of them are certain.
        """
        doubted = [(self._vector(match), size) for match, size in groups]
        while doubted := [(aim, size) for aim, size in doubted if self._match_in_all_seen(aim, size)]:
            together = np.sum([aim for aim, _ in doubted], axis=0)
            least = self._least(together)
            if least is None and len(doubted) > 1:  # too hard together: one by one
                return any(self._certain(aim, size) for aim, size in doubted)
            if least is None or least >= sum(size for _, size in doubted):
                return True
        return False

    def _match_in_all_seen(self, aim: Vector, size: int) -> bool:
        """Do all of the group match in every answer that was seen?"""
        return all(aim @ seen >= size for seen in self._seen)

    def _certain(self, aim: Vector, size: int) -> bool:
        if not self._match_in_all_seen(aim, size):
            return False
        least = self._least(aim)
        return least is None or least >= size

    def leaves_range(self, match: Match, width: int) -> bool:
        """May the number of matching institutions still be anything within a range that is `width` wide?"""
        aim = self._vector(match)
        if self._width_seen(aim) >= width:
            return True
        if self._least(aim) is None or self._width_seen(aim) >= width:
            return self._width_seen(aim) >= width
        self._least(-aim)
        return self._width_seen(aim) >= width

    def _width_seen(self, aim: Vector) -> int:
        counts = [float(aim @ seen) for seen in self._seen]
        return round(max(counts) - min(counts))

    def _least(self, aim: Vector) -> int | None:
        """The least value that fits everything known; None if the solver finds no answer (then: assume the worst)."""
        from scipy.optimize import Bounds, LinearConstraint, milp  # seldom needed, and slow to load

        terms, low, high = self._known = self._known or self._all_equations()
        width = terms.shape[1]
        most = np.full(width, float(len(self.truth)))
        most[len(self._cells) :] = 1
        found = milp(
            _padded(aim, width),
            integrality=np.ones(width),
            bounds=Bounds(0, most),
            constraints=LinearConstraint(terms, low, high),
            options={"node_limit": _NODES},
        )
        if not found.success:
            return None
        answer = np.round(found.x[: len(self._cells)])
        self._seen.append(answer)
        return round(float(aim @ answer))

    def _paths(self, profile: Profile) -> list[Path]:
        first = self.codes[0] if profile[0] else (None,)
        second = self.codes[1] if profile[1] else (None,)
        return [(before, after) for before in first for after in second]

    def _vector(self, match: Match) -> Vector:
        return np.array([float(match(profile, path)) for profile, path in self._cells])

    def _all_equations(self) -> tuple[Vector, Vector, Vector]:
        equations = [*self._equations(), *self._sector_equations()]
        width = len(self._cells) + self._binaries
        return (
            np.array([_padded(terms, width) for terms, _, _ in equations]),
            np.array([low for _, low, _ in equations]),
            np.array([high for _, _, high in equations]),
        )

    def _equations(self) -> list[Equation]:
        sizes = [
            (np.array([float(own == profile) for own, _ in self._cells]), float(size), float(size))
            for profile, size in self.sizes.items()
        ]
        counts = [(self._vector(fact.match), float(fact.value), float(fact.value)) for fact in self.facts]
        return sizes + counts

    def _sectors_reached(self, fact: SectorsFact, seen: Vector) -> int:
        inside = (self._vector(_in_sector(fact, sector)) for sector in self._sectors(fact.side))
        return sum(bool(aim @ seen > 0) for aim in inside)

    @property
    def _binaries(self) -> int:
        return sum(len(self._sectors(fact.side)) for fact in self.sector_facts)

    def _sectors(self, side: int) -> list[str]:
        return sorted({traits[0] for profile in self.sizes if (traits := profile[side])})

    def _sector_equations(self) -> list[Equation]:
        """A yes-or-no unknown per sector: 1 exactly where the sector holds at least one of those codes."""
        equations: list[Equation] = []
        at, width = len(self._cells), len(self._cells) + self._binaries
        for fact in self.sector_facts:
            sectors = self._sectors(fact.side)
            number = np.zeros(width)
            number[at : at + len(sectors)] = 1
            equations.append((number, float(fact.value), float(fact.value)))
            for place, sector in enumerate(sectors, start=at):
                inside = _padded(self._vector(_in_sector(fact, sector)), width)
                flag = np.zeros(width)
                flag[place] = 1
                equations.append((inside - flag, 0.0, float(len(self.truth))))
                equations.append((inside - flag * len(self.truth), -float(len(self.truth)), 0.0))
            at += len(sectors)
        return equations


def _in_sector(fact: SectorsFact, sector: str) -> Match:
    def match(profile: Profile, path: Path) -> bool:
        traits = profile[fact.side]
        return traits is not None and traits[0] == sector and path[fact.side] in fact.codes

    return match


def _padded(vector: Vector, width: int) -> Vector:
    return np.concatenate([vector, np.zeros(width - len(vector))])
