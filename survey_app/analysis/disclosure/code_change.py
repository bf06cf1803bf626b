"""What may be shown of the moves between two rounds, beside the tables of both. METHOD, "Disclosure control".

The table of moves and those of the rounds share their margins: round 1 without the moves is the codes of those who
departed. So each table is tried on a reader who has read both rounds and every table before it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_app.analysis.disclosure.code_tables import (
    NO_PERSONS,
    Once,
    RoundRelease,
    keeps_secrets,
)
from survey_app.analysis.disclosure.facts import Fact, Match, Path, Profile, Traits
from survey_app.analysis.disclosure.maker import GMINA, GMINA_LABEL, make_table
from survey_app.analysis.disclosure.suppress import Cells, decide, is_primary
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable

if TYPE_CHECKING:
    from survey_app.analysis.disclosure.joint import Reader

HIDDEN_PART = (
    "Część liczb jest ukryta: razem z wynikami obu tur pozwalałyby odczytać kod pojedynczej instytucji "
    "albo małej grupy."
)
FLOWS = {
    "gained": "zmiana kodu na Zwolennika",
    "lost": "zmiana kodu ze Zwolennika",
    "new": "nowi Zwolennicy (nie było ich we wcześniejszej turze)",
    "departed": "Zwolennicy z wcześniejszej tury, których nie ma w późniejszej",
}
EFFECT = {"before": "Zwolennicy przedtem", "after": "Zwolennicy potem", "effect": "efekt animacji"}
ROWS = {"new": "nowi w późniejszej turze", "departed": "tylko we wcześniejszej turze"}
CANDIDATES = ("matrix", "flows", "new", "departed")


@dataclass(frozen=True)
class Moves:
    """Two rounds, what is shown of each, and every stakeholder's way from one to the other."""

    before: RoundRelease
    after: RoundRelease
    truth: tuple[tuple[Profile, Path], ...]

    @classmethod
    def between(cls, before: RoundRelease, after: RoundRelease) -> Moves:
        first, second = before.truth(), after.truth()
        ways = []
        for key in sorted({*first, *second}):
            was: tuple[Traits | None, str | None] = first.get(key, (None, None))
            is_: tuple[Traits | None, str | None] = second.get(key, (None, None))
            ways.append(((was[0], is_[0]), (was[1], is_[1])))
        return cls(before, after, tuple(ways))

    @property
    def rounds(self) -> tuple[RoundRelease, RoundRelease]:
        return self.before, self.after

    def count(self, match: Match) -> int:
        return sum(match(profile, path) for profile, path in self.truth)

    def matrix(self) -> list[Cells]:
        """Rows: codes before; columns: codes after; stakeholders of both rounds only."""
        return [
            Cells(tuple(self.count(_moved(before, after)) for after in self.after.code_ids))
            for before in self.before.code_ids
        ]

    def in_one_round(self, row: str) -> Cells:
        side = 1 if row == "new" else 0
        return Cells(tuple(self.count(_alone(side, code)) for code in self.columns_of_both()))

    def columns_of_both(self) -> dict[str, str]:
        """Code id -> name, of both rounds: their schemes may differ."""
        return {code.id: code.label_plural for one in (self.after, self.before) for code in one.result.codes}

    def matrix_table(self, shown: frozenset[str]) -> ReleasedTable:
        labels = [code.label_plural for code in self.before.result.codes]
        rows = [
            _row(code, label, "group", cells.base, cells.counts, hidden="matrix" not in shown)
            for code, label, cells in zip(self.before.code_ids, labels, self.matrix(), strict=True)
        ]
        columns = {code.id: code.label_plural for code in self.after.result.codes}
        return self._made(
            "code_moves", "Skąd dokąd: kody w obu turach", columns, rows, hidden="matrix" not in shown
        )

    def effect_table(self) -> ReleasedTable:
        before, after = (
            sum(one.code in release.supporter_codes for one in release.stakeholders)
            for release in self.rounds
        )
        hidden = self.before.total_hidden, self.after.total_hidden
        counts = (
            None if hidden[0] else before,
            None if hidden[1] else after,
            None if any(hidden) else after - before,
        )
        base = None if any(hidden) else len(self.truth)
        row = ReleasedRow(GMINA, GMINA_LABEL, "total", base, counts)
        return self._made("animation_effect", "Efekt animacji", EFFECT, [row], hidden=any(hidden))

    def flows_table(self, shown: frozenset[str]) -> ReleasedTable:
        counts = tuple(self.count(self._flow(flow)) for flow in FLOWS)
        hidden = "flows" not in shown
        row = _row(GMINA, GMINA_LABEL, "total", len(self.truth), counts, hidden=hidden)
        return self._made("effect_flows", "Z czego wynika efekt", FLOWS, [row], hidden=hidden)

    def one_round_table(self, shown: frozenset[str]) -> ReleasedTable:
        rows = []
        for row, label in ROWS.items():
            cells = self.in_one_round(row)
            rows.append(_row(row, label, "group", cells.base, cells.counts, hidden=row not in shown))
        hidden = not shown >= set(ROWS)
        return self._made(
            "new_and_departed", "Nowi i nieobecni interesariusze", self.columns_of_both(), rows, hidden=hidden
        )

    def facts(self, candidate: str) -> Iterator[Fact]:
        """What is published with one table, in counts that a reader can add up."""
        if candidate == "matrix":
            matches = [_moved(old, new) for old in self.before.code_ids for new in self.after.code_ids]
        elif candidate == "flows":
            matches = [self._flow(flow) for flow in FLOWS]
        else:
            side = 1 if candidate == "new" else 0
            matches = [_alone(side, code) for code in self.rounds[side].code_ids]
        return (Fact(match, self.count(match)) for match in matches)

    def _flow(self, flow: str) -> Match:
        before, after = self.before.supporter_codes, self.after.supporter_codes

        def match(profile: Profile, path: Path) -> bool:
            was, is_ = path[0] in before, path[1] in after
            both = profile[0] is not None and profile[1] is not None
            return {
                "gained": both and is_ and not was,
                "lost": both and was and not is_,
                "new": is_ and profile[0] is None,
                "departed": was and profile[1] is None,
            }[flow]

        return match

    def _made(
        self, table_id: str, title: str, columns: dict[str, str], rows: list[ReleasedRow], *, hidden: bool
    ) -> ReleasedTable:
        notes = [NO_PERSONS] if self.after.public else []
        percent_from = self.after.result.instrument.definitions.percent_from
        named = [Column(column, label) for column, label in columns.items()]
        return make_table(
            table_id, title, named, rows, percent_from, [*notes, *([HIDDEN_PART] if hidden else [])]
        )


def release_moves(moves: Moves) -> frozenset[str]:
    """Which of `CANDIDATES` are shown; all of them in the internal edition."""
    if not moves.after.public:
        return frozenset(CANDIDATES)
    return _tried_on_a_reader(Once((moves.before.asked, moves.after.asked, moves.truth), moves))


@functools.lru_cache(maxsize=64)
def _tried_on_a_reader(once: Once[Moves]) -> frozenset[str]:
    from survey_app.analysis.disclosure.joint import Reader

    moves = once.case
    facts = [fact for side, one in enumerate(moves.rounds) for fact in one.facts(side)]
    sectors = [fact for side, one in enumerate(moves.rounds) for fact in one.sector_facts(side)]
    codes = (moves.before.code_ids, moves.after.code_ids)
    reader = Reader(moves.truth, codes, facts, sectors)
    shown = set()
    for candidate in CANDIDATES:
        if not _large_enough(moves, candidate):
            continue
        told = reader.told(moves.facts(candidate))
        if keeps_secrets(told, moves.rounds) and _keeps_small_groups(told, moves):
            reader = told
            shown.add(candidate)
    return frozenset(shown)


def _large_enough(moves: Moves, candidate: str) -> bool:
    """METHOD, "Disclosure control", for the table by itself. Nobody new is no one's code."""
    k = moves.after.k
    if candidate in ROWS:
        cells = moves.in_one_round(candidate)
        return cells.base == 0 or not is_primary(cells, k)
    ways = tuple(count for cells in moves.matrix() for count in cells.counts)
    return not decide([], Cells(ways), k).total


def _keeps_small_groups(reader: Reader, moves: Moves) -> bool:
    """Few new ones, or few departed, stay as hidden as a small sector does."""
    for row in ROWS:
        side = 1 if row == "new" else 0
        cells, total = moves.in_one_round(row), moves.rounds[side].total
        if cells.base == 0 or not is_primary(cells, moves.after.k):
            continue
        if max(total.counts) == total.base:
            continue  # everybody is alike, and that is shown or hidden for all
        for code, in_total in zip(moves.rounds[side].code_ids, total.counts, strict=True):
            left = min(cells.base, in_total) - max(0, in_total - (total.base - cells.base))
            if not reader.leaves_range(_alone(side, code), min(cells.base, moves.after.k - 1, left)):
                return False
    return True


def _moved(before: str, after: str) -> Match:
    return lambda _profile, path: path == (before, after)


def _alone(side: int, code: str) -> Match:
    return lambda profile, path: profile[1 - side] is None and path[side] == code


def _row(
    row_id: str, label: str, level: str, base: int, counts: tuple[int, ...], *, hidden: bool
) -> ReleasedRow:
    if hidden:
        return ReleasedRow(row_id, label, level, None, tuple(None for _ in counts))
    return ReleasedRow(row_id, label, level, base, counts)
