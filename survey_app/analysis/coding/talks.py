"""Whom to talk to first, and with what argument: the start of the scenariusz oddziaływań.

METHOD, "Coding": influence does not change the code, it orders the persuasion, so a Neutralny of high influence comes
first. METHOD, "Readiness per sector": the sector's lowest component suggests the argument, from released groups only;
where bounds overlap, all candidates are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_app import polish
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult
from survey_app.analysis.groups import Groups
from survey_app.instrument.model import SectorTable, Stance

if TYPE_CHECKING:  # the diagnoza's result holds talks
    from survey_app.analysis.diagnoza.result import ReadinessResult, ReadinessRow

NO_MEDIAN = "Na końcu, bo nie ma mediany wpływu: oceniło za mało osób."
NO_ANKIETA = "Bez podpowiedzi: nie ma wyników ankiety."
NO_SCORE = "Bez podpowiedzi: w ankiecie jest za mało odpowiedzi."


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk to hold. `influence`: the median, or None. `arguments`: as the ankieta's file words them, or none.

    `why`: sentences on where the arguments come from, and on the place where it is not by influence.
    """

    number: int
    stakeholder: CodedStakeholder
    influence: int | None
    arguments: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sector's arguments rest on: released rows of readiness, the arguments, a sentence on where from."""

    rows: tuple[ReadinessRow, ...]
    arguments: tuple[str, ...]
    why: str


def order_of_talks(
    result: RoundResult,
    readiness: ReadinessResult | None,
    groups: Groups | None,
    sectors: SectorTable | None,
) -> tuple[Talk, ...]:
    """Those who are neither won nor refused, by influence from the highest, equal ones alphabetically.

    `readiness`, `groups` and `sectors` are of the gmina's ankieta, all None where it has no results.
    """
    criterion = result.coding.influence
    undecided = [one for one in result.stakeholders if result.stance(one) is Stance.UNDECIDED]
    undecided.sort(key=lambda one: (_place(one.medians.get(criterion)), polish.alphabetical(one.name)))
    talks = []
    for number, one in enumerate(undecided, start=1):
        basis = basis_of(one.sector, readiness, groups, sectors)
        influence = one.medians.get(criterion)
        sentences = [basis.why] if influence is not None else [NO_MEDIAN, basis.why]
        talks.append(Talk(number, one, influence, basis.arguments, " ".join(sentences)))
    return tuple(talks)


def _place(influence: int | None) -> tuple[bool, int]:
    return (influence is None, -(influence or 0))


def basis_of(
    sector: str, readiness: ReadinessResult | None, groups: Groups | None, sectors: SectorTable | None
) -> Basis:
    """What the ankieta suggests for institutions of a standard catalogue sector."""
    if readiness is None:
        return Basis((), (), NO_ANKIETA)
    own = _rows(sector, readiness, groups, sectors)
    told = [row for row in own if row.arguments]
    if told and len(told) == len(own):
        found = dict.fromkeys(argument for row in told for argument in row.arguments)
        return Basis(tuple(told), tuple(found), _from_groups(told, len(found)))
    whole = readiness.rows[0]
    if not whole.arguments:
        return Basis((), (), NO_SCORE)
    reason = (
        "tego sektora nie da się w ankiecie wskazać" if not own else "ankieta nie rozstrzyga dla tego sektora"
    )
    return Basis((whole,), whole.arguments, f"Argument z wyników całej gminy, bo {reason}.")


def _rows(
    sector: str, readiness: ReadinessResult, groups: Groups | None, sectors: SectorTable | None
) -> list[ReadinessRow]:
    """The released groups that institutions of this catalogue sector may be in."""
    if groups is None or sectors is None:
        return []
    options = set(sectors.catalogue_options.get(sector, ()))
    wanted = {group.id for group in groups.items if options & set(group.options)}
    return [row for row in readiness.rows[1:] if row.group_id in wanted]


def _from_groups(rows: Sequence[ReadinessRow], found: int) -> str:
    names = ", ".join(f"„{row.label}”" for row in rows)
    if len(rows) > 1:
        return f"Argumenty z grup ankiety, do których sektor może należeć: {names}."
    if found > 1:
        return f"Argumenty z grupy ankiety {names}; najsłabszy może być każdy z tych składników."
    return f"Argument z grupy ankiety {names}."
