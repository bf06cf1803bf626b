"""What became of the Neutral with whom somebody talked, and of the others: counts between closed rounds.

Codes are the team's decisions, actions are its own diary: counts side by side, no significance test, and no word of
what caused what. Rounds are counted as everywhere (`change.counted_rounds`): corrected, doubles joined.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from survey_app import polish
from survey_app.analysis.coding.change import counted_rounds
from survey_app.analysis.coding.result import CodedStakeholder, CodingHistory, RoundResult
from survey_app.instrument.model import Code, Stance


@dataclass(frozen=True, slots=True)
class Action:
    """A line of a diary: something that took place. Either `stakeholder_id`, or what tells a sector.

    `sector`: id of a standard catalogue sector; `members`: of a team's own sector, whoever is in it.
    """

    on_day: dt.date
    kind: str
    stakeholder_id: int | None = None
    sector: str = ""
    members: frozenset[int] = frozenset()


class Part(StrEnum):
    """How a Neutralny of the earlier round stands to the actions."""

    FIRST = "first"  # the first action lies between the two rounds
    EARLIER = "earlier"  # it lies before the earlier one already
    NONE = "none"  # no action by the day on which the later one was closed


@dataclass(frozen=True, slots=True)
class PartCount:
    """The Neutralni of round `before`, of one part, and what they are in round `after`: code id -> how many.

    `gone`: they were not coded then.
    """

    before: int
    after: int
    part: Part
    neutral: int
    codes: Mapping[str, int]
    gone: int


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind of action: with how many it took place, how many Neutralni of them are coded again, how many moved."""

    kind: str
    reached: int
    coded_again: int
    supporters: int


@dataclass(frozen=True, slots=True)
class Reached:
    """One with whom something took place. `before`: the code of the round before the first action, None without one;
    `after`: of the next round, None while there is none or it was not coded. `rounds`: their numbers.
    """

    stakeholder_id: int
    name: str
    sector_label: str
    first_day: dt.date
    kinds: tuple[str, ...]
    before: Code | None
    after: Code | None
    rounds: tuple[int | None, int | None]

    @property
    def waits(self) -> bool:
        """No round was closed since."""
        return self.rounds[1] is None


@dataclass(frozen=True, slots=True)
class PersuasionEffect:
    """`parts`: pairs of rounds from the earliest, parts without anybody left out. `reached`: alphabetically.

    `codes`: of the later rounds, from the most to the least favourable. `kinds`: in the order of the register.
    """

    parts: tuple[PartCount, ...]
    codes: tuple[Code, ...]
    kinds: tuple[KindCount, ...]
    reached: tuple[Reached, ...]

    @property
    def waiting(self) -> int:
        """How many wait for the next round."""
        return sum(one.waits for one in self.reached)


def persuasion_effect(
    history: CodingHistory, actions: Sequence[Action], kinds: Iterable[str]
) -> PersuasionEffect | None:
    """None before any round is closed, and where nothing took place. `kinds`: in their order."""
    if not history.rounds or not actions:
        return None
    rounds = counted_rounds(history)
    days = _reached(rounds, actions, history.merged)
    firsts = {key: min(day for day, _ in found) for key, found in days.items()}
    codes = {code.id: code for later in rounds[1:] for code in later.codes}
    reached = tuple(_told(key, found, rounds) for key, found in days.items())
    named = sorted(reached, key=lambda one: (polish.alphabetical(one.name), one.stakeholder_id))
    return PersuasionEffect(
        parts=tuple(part for pair in pairwise(rounds) for part in _parts(*pair, firsts)),
        codes=tuple(codes.values()),
        kinds=tuple(_kind(kind, named) for kind in kinds if any(kind in one.kinds for one in named)),
        reached=tuple(named),
    )


def _round_before(rounds: Sequence[RoundResult], day: dt.date) -> int | None:
    """The place of the last round that was closed by this day."""
    places = [place for place, one in enumerate(rounds) if one.closed_on <= day]
    return places[-1] if places else None


def _reached(
    rounds: Sequence[RoundResult], actions: Sequence[Action], merged: Mapping[int, int]
) -> dict[int, list[tuple[dt.date, str]]]:
    """Stakeholder -> days and kinds of what took place, of those who are in any round."""
    coded = {one.stakeholder_id for result in rounds for one in result.stakeholders}
    days: dict[int, list[tuple[dt.date, str]]] = {}
    for action in actions:
        for key in _whom(rounds, action, merged) & coded:
            days.setdefault(key, []).append((action.on_day, action.kind))
    return days


def _whom(rounds: Sequence[RoundResult], action: Action, merged: Mapping[int, int]) -> set[int]:
    """An action on a sector reaches its Neutralni of the round before; before the first round, everybody in it."""
    if action.stakeholder_id is not None:
        return {merged.get(action.stakeholder_id, action.stakeholder_id)}
    members = {merged.get(key, key) for key in action.members}
    place = _round_before(rounds, action.on_day)
    known = rounds[place or 0]
    return {
        one.stakeholder_id
        for one in known.stakeholders
        if (one.sector == action.sector or one.stakeholder_id in members)
        and (place is None or known.stance(one) is Stance.UNDECIDED)
    }


def _of(result: RoundResult) -> dict[int, CodedStakeholder]:
    return {one.stakeholder_id: one for one in result.stakeholders}


def _parts(earlier: RoundResult, later: RoundResult, firsts: Mapping[int, dt.date]) -> list[PartCount]:
    now = _of(later)
    neutral: dict[Part, list[int]] = {part: [] for part in Part}
    for one in earlier.stakeholders:
        if earlier.stance(one) is Stance.UNDECIDED:
            first = firsts.get(one.stakeholder_id)
            neutral[_part(first, earlier.closed_on, later.closed_on)].append(one.stakeholder_id)
    counts = []
    for part, keys in neutral.items():
        if not keys and part is Part.EARLIER:
            continue
        codes = {
            code.id: sum(key in now and now[key].code == code.id for key in keys) for code in later.codes
        }
        gone = len(keys) - sum(codes.values())
        counts.append(PartCount(earlier.number, later.number, part, len(keys), codes, gone))
    return counts


def _part(first: dt.date | None, earlier: dt.date, later: dt.date) -> Part:
    if first is None or first >= later:
        return Part.NONE
    return Part.FIRST if first >= earlier else Part.EARLIER


def _told(key: int, found: Sequence[tuple[dt.date, str]], rounds: Sequence[RoundResult]) -> Reached:
    first = min(day for day, _ in found)
    place = _round_before(rounds, first)
    after = 0 if place is None else place + 1
    next_round = rounds[after] if after < len(rounds) else None
    seen = next(_of(result)[key] for result in reversed(rounds) if key in _of(result))
    # What took place after the next round has no part in its codes.
    until = next_round.closed_on if next_round else dt.date.max
    in_time = sorted((day, kind) for day, kind in found if day < until)
    return Reached(
        stakeholder_id=key,
        name=seen.name,
        sector_label=seen.sector_label,
        first_day=first,
        kinds=tuple(dict.fromkeys(kind for _, kind in in_time)),
        before=None if place is None else _code(rounds[place], key),
        after=None if next_round is None else _code(next_round, key),
        rounds=(None if place is None else rounds[place].number, next_round.number if next_round else None),
    )


def _code(result: RoundResult, key: int) -> Code | None:
    one = _of(result).get(key)
    return None if one is None else result.coding.code(one.code)


def _kind(kind: str, reached: Sequence[Reached]) -> KindCount:
    with_it = [one for one in reached if kind in one.kinds]
    neutral = [one for one in with_it if one.before is not None and one.before.stance is Stance.UNDECIDED]
    again = [one.after for one in neutral if one.after is not None]
    return KindCount(kind, len(with_it), len(again), sum(code.stance is Stance.SUPPORTER for code in again))
