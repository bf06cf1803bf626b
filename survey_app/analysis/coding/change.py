"""What changed between two closed rounds: METHOD, "Coding"; the source's Tabela 2 and Rys. 7 (document 002).

Codes are the team's decisions on its whole catalogue: counts, flows and reasons, and no significance test. Codes that
were corrected count as corrected. Entries of the catalogue that were merged are one stakeholder in both rounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app import polish
from survey_app.analysis.coding.result import CodedStakeholder, CodingHistory, RoundResult
from survey_app.instrument.model import Stance

LEFT_CATALOGUE = "Nie ma go już w katalogu."
NOT_CODED_LATER = "Nie był kodowany w późniejszej turze."


@dataclass(frozen=True, slots=True)
class StakeholderChange:
    """One stakeholder in both rounds. `before`, `after`: code ids of its own round; `reason`: of the later one."""

    stakeholder_id: int
    name: str
    sector_label: str
    natural_person: bool
    before: str
    after: str
    reason: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Flows:
    """Where the effect comes from, in supporters: effect = gained - lost + new - departed.

    `gained`, `lost`: stakeholders of both rounds whose code changed; `new`, `departed`: of one round alone.
    """

    gained: int
    lost: int
    new: int
    departed: int


@dataclass(frozen=True, slots=True)
class RoundChange:
    """From one round to a later one. `before` and `after` are corrected, with merged entries joined.

    `departed_why`: stakeholder id -> a sentence; `joined`: a sentence for each round with two entries of one
    stakeholder. `sectors_before`, `sectors_after`: sectors with at least one supporter (Rys. 7), alphabetically.
    """

    before: RoundResult
    after: RoundResult
    pairs: tuple[StakeholderChange, ...]
    new: tuple[CodedStakeholder, ...]
    departed: tuple[CodedStakeholder, ...]
    departed_why: Mapping[int, str]
    supporters_before: int
    supporters_after: int
    effect: int
    flows: Flows
    sectors_before: tuple[str, ...]
    sectors_after: tuple[str, ...]
    joined: tuple[str, ...] = ()


def counted_rounds(history: CodingHistory) -> tuple[RoundResult, ...]:
    """Every round as it is counted now: corrected, each stakeholder once under its present id.

    Tables and files of one report must count these and nothing else: two ways of counting give away the difference.
    """
    return tuple(_counted(one, history)[0] for one in history.rounds)


def change_between(
    history: CodingHistory, before: RoundResult | None = None, after: RoundResult | None = None
) -> RoundChange | None:
    """From `before` to `after` (by default the first and the last round); None with fewer than two rounds."""
    if len(history.rounds) < 2:
        return None
    earlier, said_earlier = _counted(before or history.first, history)
    later, said_later = _counted(after or history.last, history)
    first = {one.stakeholder_id: one for one in earlier.stakeholders}
    second = {one.stakeholder_id: one for one in later.stakeholders}
    departed = tuple(one for key, one in first.items() if key not in second)
    supporters = (len(supporters_of(earlier)), len(supporters_of(later)))
    return RoundChange(
        before=earlier,
        after=later,
        pairs=tuple(_pair(first[key], one) for key, one in second.items() if key in first),
        new=tuple(one for key, one in second.items() if key not in first),
        departed=departed,
        departed_why={one.stakeholder_id: _why_departed(one, later, history) for one in departed},
        supporters_before=supporters[0],
        supporters_after=supporters[1],
        effect=supporters[1] - supporters[0],
        flows=_flows(earlier, later),
        sectors_before=sectors_reached(earlier),
        sectors_after=sectors_reached(later),
        joined=(*said_earlier, *said_later),
    )


def from_to(change: RoundChange) -> tuple[tuple[int, ...], ...]:
    """How many stakeholders of both rounds moved from which code (rows: `before.codes`) to which (`after.codes`)."""
    return tuple(
        tuple(
            sum(pair.before == before.id and pair.after == after.id for pair in change.pairs)
            for after in change.after.codes
        )
        for before in change.before.codes
    )


def supporters_of(result: RoundResult) -> tuple[CodedStakeholder, ...]:
    """The stakeholders whose code means support (Zwolennik), in the round's order."""
    return tuple(one for one in result.stakeholders if result.stance(one) is Stance.SUPPORTER)


def sectors_reached(result: RoundResult) -> tuple[str, ...]:
    """Names of the sectors with at least one supporter, alphabetically."""
    names = sector_names(result.stakeholders)
    reached = {names[one.sector] for one in supporters_of(result)}
    return tuple(sorted(reached, key=polish.alphabetical))


def sector_names(stakeholders: Sequence[CodedStakeholder]) -> dict[str, str]:
    """Sector id -> its name, alphabetically by name.

    A team's own sector counts as one of the standard list and may carry a name of its own: the commonest name stands.
    """
    found: dict[str, Counter[str]] = {}
    for one in stakeholders:
        found.setdefault(one.sector, Counter())[one.sector_label] += 1
    names = {sector: min(labels, key=lambda name: (-labels[name], name)) for sector, labels in found.items()}
    return dict(sorted(names.items(), key=lambda item: polish.alphabetical(item[1])))


def _pair(before: CodedStakeholder, after: CodedStakeholder) -> StakeholderChange:
    return StakeholderChange(
        after.stakeholder_id,
        after.name,
        after.sector_label,
        after.natural_person,
        before.code,
        after.code,
        after.reason,
    )


def _flows(before: RoundResult, after: RoundResult) -> Flows:
    earlier = {one.stakeholder_id for one in supporters_of(before)}
    later = {one.stakeholder_id for one in supporters_of(after)}
    was = {one.stakeholder_id for one in before.stakeholders}
    is_ = {one.stakeholder_id for one in after.stakeholders}
    return Flows(
        gained=len((later - earlier) & was),
        lost=len((earlier - later) & is_),
        new=len(later - was),
        departed=len(earlier - is_),
    )


def _why_departed(one: CodedStakeholder, later: RoundResult, history: CodingHistory) -> str:
    for withdrawn in later.withdrawn:
        if history.merged.get(withdrawn.stakeholder_id, withdrawn.stakeholder_id) == one.stakeholder_id:
            return f"Wyłączono go z późniejszej tury: {withdrawn.reason}"
    return LEFT_CATALOGUE if one.stakeholder_id in history.left else NOT_CODED_LATER


def _natural_persons(history: CodingHistory) -> frozenset[int]:
    """Who is one now, or was entered as one in any round, is one in all: what was hidden stays hidden."""
    entered = {
        one.stakeholder_id for result in history.rounds for one in result.stakeholders if one.natural_person
    }
    return frozenset(history.merged.get(key, key) for key in entered | history.persons)


def _counted(result: RoundResult, history: CodingHistory) -> tuple[RoundResult, tuple[str, ...]]:
    """The round as it is counted now, and a sentence for each stakeholder that had two entries in it."""
    kept: dict[int, CodedStakeholder] = {}
    sentences = []
    persons = _natural_persons(history)
    # The entry that stayed in the catalogue comes first and so is the one that counts; among doubles the oldest.
    own_first = sorted(
        result.corrected().stakeholders,
        key=lambda one: (one.stakeholder_id in history.merged, one.stakeholder_id),
    )
    for one in own_first:
        key = history.merged.get(one.stakeholder_id, one.stakeholder_id)
        if key in kept:
            sentences.append(
                f"Tura {result.number}: „{one.name}” i „{kept[key].name}” to ten sam interesariusz; policzono go raz, "
                f"z kodem wpisu „{kept[key].name}”."
            )
        else:
            as_now = (key, key in persons)
            is_so = (one.stakeholder_id, one.natural_person) == as_now
            kept[key] = one if is_so else replace(one, stakeholder_id=key, natural_person=key in persons)
    ordered = tuple(
        sorted(kept.values(), key=lambda one: (polish.alphabetical(one.name), one.stakeholder_id))
    )
    return replace(result, stakeholders=ordered), tuple(sentences)
