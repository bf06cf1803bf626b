"""What a reader knows: whole numbers that are unknown, and what every output says of their sums.

Each fact is held against the truth as it comes in: a number that is printed is true, or it is not printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

Name = tuple[str, ...]
Terms = dict[Name, float]
NEAR = 1e-6


class NotUnderstoodError(AssertionError):
    """An output that the attacker does not understand: it has to be taught."""


class UntrueError(AssertionError):
    """A number that is printed is not the true one."""


@dataclass(frozen=True, slots=True)
class Fact:
    terms: Mapping[Name, float]
    low: float
    high: float


@dataclass
class Knowledge:
    """`truth`: every unknown with its value. Facts that are told twice are kept once."""

    truth: dict[Name, int] = field(default_factory=dict)
    facts: dict[tuple[tuple[tuple[Name, float], ...], float, float], Fact] = field(default_factory=dict)
    told: int = 0  # numbers that were read
    _near: dict[Name, tuple[list[Fact], set[Name]]] = field(default_factory=dict)

    def know(self, terms: Mapping[Name, float], low: float, high: float, source: str) -> None:
        """The sum lies between the two. UntrueError if it does not."""
        kept = {name: factor for name, factor in terms.items() if factor}
        value = self.value(kept)
        if not low - NEAR <= value <= high + NEAR:
            raise UntrueError(f"{source}: {kept} is {value}, not from {low} to {high}")
        self.facts.setdefault((tuple(sorted(kept.items())), low, high), Fact(kept, low, high))
        self._near.clear()

    def equal(self, terms: Mapping[Name, float], value: float, source: str) -> None:
        self.know(terms, value, value, source)

    def value(self, terms: Mapping[Name, float]) -> float:
        return sum(factor * self.truth[name] for name, factor in terms.items())

    def width(self, terms: Mapping[Name, float]) -> int:
        """How far apart the largest and the smallest sum are that fit all facts."""
        low, high = self.ends(terms)
        return high - low

    def ends(self, terms: Mapping[Name, float]) -> tuple[int, int]:
        facts, names = self._neighbourhood(terms)
        index = {name: place for place, name in enumerate(sorted(names | set(terms)))}
        aim = np.zeros(len(index))
        for name, factor in terms.items():
            aim[index[name]] = factor
        most = float(sum(self.truth.values()) + 1)  # nobody is counted who did not answer
        found = [
            milp(
                sign * aim,
                integrality=np.ones(len(index)),
                bounds=Bounds(0, most),
                constraints=_matrix(facts, index),
            )
            for sign in (1, -1)
        ]
        assert all(one.success for one in found), "what is shown contradicts itself"
        return round(found[0].fun), round(-found[1].fun)

    def _neighbourhood(self, terms: Mapping[Name, float]) -> tuple[list[Fact], set[Name]]:
        """Only what hangs together with what is asked for, over however many facts."""
        first = next(iter(terms))
        if first in self._near:
            return self._near[first]
        names, facts, waiting = set(terms), list[Fact](), list(self.facts.values())
        grown = True
        while grown:
            near = [fact for fact in waiting if not names.isdisjoint(fact.terms)]
            waiting = [fact for fact in waiting if names.isdisjoint(fact.terms)]
            for fact in near:
                names |= set(fact.terms)
            facts += near
            grown = bool(near)
        for name in names:
            self._near[name] = (facts, names)
        return facts, names


def _matrix(facts: Iterable[Fact], index: Mapping[Name, int]) -> list[LinearConstraint]:
    facts = list(facts)
    if not facts:
        return []
    spots = [
        (row, index[name], factor) for row, fact in enumerate(facts) for name, factor in fact.terms.items()
    ]
    rows, columns, factors = zip(*spots, strict=True)
    matrix = csr_matrix((factors, (rows, columns)), shape=(len(facts), len(index)))
    return [LinearConstraint(matrix, [fact.low for fact in facts], [fact.high for fact in facts])]
