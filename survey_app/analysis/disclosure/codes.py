"""Which counts of codes an edition may show. METHOD, "Disclosure control"; docs/disclosure.md, "Codes"."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.analysis.coding.change import RoundChange
from survey_app.analysis.coding.result import RoundResult
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable


@dataclass(frozen=True, slots=True)
class SectorsReached:
    """Sectors with at least one supporter (Rys. 7). `number` None: hidden; then at least those named.

    `named`: those that may be named, alphabetically; `of`: how many sectors the round has.
    """

    number: int | None
    of: int
    named: tuple[str, ...]


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
    "departed", which make up the effect. `new_and_departed`: rows "new" and "departed", columns codes.
    """

    matrix: ReleasedTable
    effect: ReleasedTable
    flows: ReleasedTable
    new_and_departed: ReleasedTable
    sectors_before: SectorsReached
    sectors_after: SectorsReached


def release_codes(result: RoundResult, edition: Edition, k: int) -> ReleasedCodes:
    """Decide what may be shown of a round as it is counted (`change.counted_rounds`)."""
    raise NotImplementedError


def release_change(change: RoundChange, edition: Edition, k: int) -> ReleasedChange:
    """Decide what may be shown of a change, given what is shown of its two rounds."""
    raise NotImplementedError
