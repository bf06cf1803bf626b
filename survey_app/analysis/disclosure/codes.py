"""Which counts of codes an edition may show. METHOD, "Disclosure control"; docs/disclosure.md, "Codes".

The internal edition shows everything. For the public one natural persons are left out before anything is counted, so
that no sum can bring them back. Then tables are added one by one, the most wanted first, and each only while a reader
who knows the catalogue and puts everything together still cannot tell a single institution's code.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey_app.analysis.coding.change import RoundChange
from survey_app.analysis.coding.result import RoundResult
from survey_app.analysis.disclosure.code_change import Moves, release_moves
from survey_app.analysis.disclosure.code_tables import RoundRelease, SectorsReached, decide_round
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable

__all__ = ["ReleasedChange", "ReleasedCodes", "SectorsReached", "release_change", "release_codes"]


@dataclass(frozen=True, slots=True)
class ReleasedCodes:
    """What an edition may show of one round: columns are codes, the row "gmina" is everybody.

    `persons_left_out`: natural persons that stand in no count here; None: some or none, fewer than k.
    """

    by_code: ReleasedTable
    by_sector: ReleasedTable
    by_type: ReleasedTable
    by_place: ReleasedTable
    persons_left_out: int | None
    supporters_sectors: SectorsReached


@dataclass(frozen=True, slots=True)
class ReleasedChange:
    """What an edition may show of a change. `matrix`: rows are codes before, columns codes after.

    `effect`: columns "before", "after" and "effect" (supporters). `flows`: columns "gained", "lost", "new" and
    "departed", where effect = gained - lost + new - departed. `new_and_departed`: rows "new" and "departed" (those
    of one round alone), columns codes.
    """

    matrix: ReleasedTable
    effect: ReleasedTable
    flows: ReleasedTable
    new_and_departed: ReleasedTable
    sectors_before: SectorsReached
    sectors_after: SectorsReached


def release_codes(result: RoundResult, edition: Edition, k: int) -> ReleasedCodes:
    """Decide what may be shown of a round.

    `result`: as it is counted now (`change.counted_rounds`), the same wherever this report counts it. `k`: the
    smallest group whose codes are shown.
    """
    decided = _decided(result, edition, k)
    persons = sum(one.natural_person for one in result.stakeholders) if edition is Edition.PUBLIC else 0
    return ReleasedCodes(
        by_code=decided.by_code(),
        by_sector=decided.table("sector"),
        by_type=decided.table("type"),
        by_place=decided.table("place"),
        persons_left_out=persons if persons >= k or edition is Edition.INTERNAL else None,
        supporters_sectors=decided.sectors_reached(),
    )


def release_change(change: RoundChange, edition: Edition, k: int) -> ReleasedChange:
    """Decide what may be shown of a change, beside all that is shown of its two rounds."""
    before, after = _decided(change.before, edition, k), _decided(change.after, edition, k)
    moves = Moves.between(before, after)
    shown = release_moves(moves)
    return ReleasedChange(
        matrix=moves.matrix_table(shown),
        effect=moves.effect_table(),
        flows=moves.flows_table(shown),
        new_and_departed=moves.one_round_table(shown),
        sectors_before=before.sectors_reached(),
        sectors_after=after.sectors_reached(),
    )


def _decided(result: RoundResult, edition: Edition, k: int) -> RoundRelease:
    if edition is Edition.INTERNAL:
        return RoundRelease(result, k, public=False)
    institutions = tuple(one for one in result.stakeholders if not one.natural_person)
    return decide_round(replace(result, stakeholders=institutions), k)
