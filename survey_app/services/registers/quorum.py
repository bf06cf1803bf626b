"""Quorum and majority of a meeting, as numbers and in words. Pure: knows no store.

One share, one vote (000, third rule). What the sources leave open (more than half of the seats for a quorum, more votes
for than against, a tie rejects, "unanimously") are conventions of `instruments/registers/posiedzenia.yml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from survey_app import polish
from survey_app.instrument.register_model import Votes

FOR, AGAINST, ABSTAINED = "for", "against", "abstained"
CHOICES: Mapping[str, str] = {FOR: "za", AGAINST: "przeciw", ABSTAINED: "wstrzymuje się"}
PASSED, REJECTED, NO_QUORUM = "passed", "rejected", "no_quorum"
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Seats and how many of them are present. `needed`: the smallest number that is more than the share asked for."""

    seats: int
    present: int
    share: Fraction

    @property
    def needed(self) -> int:
        return int(self.share * self.seats) + 1

    @property
    def reached(self) -> bool:
        return self.present >= self.needed

    @property
    def lacking(self) -> int:
        return max(0, self.needed - self.present)

    @property
    def words(self) -> str:
        """ "obecnych 5 z 9 miejsc, kworum jest (potrzeba więcej niż połowy)"."""
        came = polish.plural(self.present, "obecne", "obecne", "obecnych")
        head = f"{came} {self.present} z {_of_seats(self.seats)}"
        rule = f"potrzeba {more_than(self.share)}"
        if self.reached:
            return f"{head}, kworum jest ({rule})"
        return f"{head}, kworum nie ma: brakuje {_of_seats(self.lacking)} ({rule})"


@dataclass(frozen=True, slots=True)
class Counts:
    """Votes of one motion, by number."""

    votes_for: int = 0
    against: int = 0
    abstained: int = 0

    @property
    def total(self) -> int:
        return self.votes_for + self.against + self.abstained


def quorum(rules: Votes, seats: int, present: int) -> Quorum:
    """`rules.quorum` comes from whole per cents, so its fraction is exact."""
    return Quorum(seats, present, _exact(rules.quorum))


def outcome(rules: Votes, found: Quorum, counts: Counts) -> str:
    """PASSED, REJECTED or NO_QUORUM. Abstentions do not count; a tie, and no vote at all, rejects."""
    if not found.reached:
        return NO_QUORUM
    given = counts.votes_for + counts.against
    return PASSED if counts.votes_for > _exact(rules.majority) * given else REJECTED


def outcome_words(kept: str, found: Quorum, counts: Counts) -> str:
    """Of a closed motion; `found`: as it was when it was closed."""
    if kept == NO_QUORUM:
        return f"nieprzyjęty: nie było kworum, zabrakło {_of_seats(found.lacking)}"
    if kept == REJECTED:
        return "odrzucony"
    return "przyjęty jednomyślnie" if counts.votes_for == found.present else "przyjęty"


def counts_words(counts: Counts) -> str:
    return f"za {counts.votes_for}, przeciw {counts.against}, wstrzymało się {counts.abstained}"


def more_than(share: Fraction) -> str:
    """ "więcej niż połowy", "więcej niż 60% miejsc"."""
    return "więcej niż połowy" if share == _HALF else f"więcej niż {polish.percent(float(share))} miejsc"


def _exact(share: float) -> Fraction:
    return Fraction(round(share * 100), 100)


def _of_seats(count: int) -> str:
    return polish.counted(count, "miejsca", "miejsc", "miejsc")
