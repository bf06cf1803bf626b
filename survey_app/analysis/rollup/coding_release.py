"""What of a gmina's coding goes up: its public numbers of the first and the last round (document 002, Tabela 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.analysis.coding.change import change_between, counted_rounds
from survey_app.analysis.coding.result import CodingHistory
from survey_app.analysis.disclosure import GMINA
from survey_app.analysis.disclosure.codes import release_change, release_codes
from survey_app.analysis.edition import Edition
from survey_app.analysis.released import ReleasedTable
from survey_app.instrument.model import Stance

FORM = 1
STANCES = {
    Stance.SUPPORTER: "Zwolennicy",
    Stance.UNDECIDED: "Neutralni",
    Stance.OPPONENT: "Przeciwnicy",
}


@dataclass(frozen=True, slots=True)
class CodingRelease:
    """`stances`: institutions by stance in the last round; `start`, `end`: supporters.

    None: hidden, or there is no such round.
    """

    gmina: str
    rounds: int
    stances: tuple[int, int, int] | None
    start: int | None
    end: int | None

    @property
    def is_pair(self) -> bool:
        """Both numbers of Tabela 2 are there."""
        return self.rounds > 1 and self.start is not None and self.end is not None

    @classmethod
    def from_json(cls, gmina: str, document: Mapping[str, Any]) -> CodingRelease:
        if document["form"] != FORM:
            raise ValueError(f"unknown form of a coding release: {document['form']}")
        stances = document["stances"]
        first = None if stances is None else (int(stances[0]), int(stances[1]), int(stances[2]))
        return cls(gmina, document["rounds"], first, document["start"], document["end"])


def coding_document(history: CodingHistory) -> dict[str, Any]:
    """From the public edition alone: without natural persons, and with what it hides. At least one closed round."""
    rounds = counted_rounds(history)
    last, k = rounds[-1], max(one.instrument.definitions.smallest_cell for one in rounds)
    codes = release_codes(last, Edition.PUBLIC, k).by_code
    counted = {code.id: code.stance for code in last.codes}
    stances = None if codes.row(GMINA).hidden else [_of(codes, counted, stance) for stance in STANCES]
    change = change_between(history)
    effect = release_change(change, Edition.PUBLIC, k).effect.row(GMINA) if change else None
    both = effect is not None and not effect.hidden
    return {
        "form": FORM,
        "rounds": len(rounds),
        "stances": stances,
        "start": effect.counts[0] if effect and both else None,
        "end": effect.counts[1] if effect and both else None,
    }


def _of(codes: ReleasedTable, stances: Mapping[str, Stance], stance: Stance) -> int:
    return sum(
        codes.count(GMINA, column.id) or 0 for column in codes.columns if stances.get(column.id) is stance
    )
