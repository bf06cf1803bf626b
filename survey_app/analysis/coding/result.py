"""What a closed coding round found, as one frozen object: pages, files and the report read nothing else.

METHOD, "Coding". A round is written at its close as canonical JSON (`round_to_json`) and never changes; corrections
come later and stand beside it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from survey_app.instrument.model import Code, Coding, Instrument, Stance

GONE = "dowód usunięty"  # said of evidence that a closed round names and whose words were taken back
# When in the gmina's work a round is held -> how it is called.
OCCASIONS = {"start": "na początku", "between": "w trakcie", "before_pact": "przed podpisaniem Paktu"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Krippendorff's alpha of one criterion, ordinal, with a bootstrap interval over stakeholders.

    `alpha`, `low` and `high` are None with `undefined` saying why in Polish (no variation, no pairs); where only the
    interval is missing, `undefined` says why that is. `units`: stakeholders with at least two points; `points`: how
    many points they hold; `left_out`: draws of the bootstrap in which alpha is undefined.
    """

    criterion: str
    alpha: float | None
    low: float | None
    high: float | None
    units: int
    points: int
    undefined: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Votes:
    """How a vote on the code ended: counts of seats; `seats` could have voted."""

    votes_for: int
    votes_against: int
    abstained: int
    seats: int


@dataclass(frozen=True, slots=True)
class CodedStakeholder:
    """One stakeholder of the round, as the catalogue had it at the close.

    `medians`: criterion -> lower median, None under the minimum of ratings. `points`: criterion -> how many raters gave
    a point. `evidence`: what the decision leans on, in words.
    """

    stakeholder_id: int
    name: str
    sector: str  # catalogue sector id (a team's own sector: the one that it counts as)
    sector_label: str
    internal: bool
    stakeholder_type: str | None  # A, B, C
    natural_person: bool
    contribution: bool
    refusal: bool
    medians: Mapping[str, int | None]
    points: Mapping[str, int]
    proposed: str | None
    code: str
    reason: str
    votes: Votes | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A stakeholder that was taken out of the round before its close, and why."""

    stakeholder_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry made after the close: it names the code that it replaces. `made_on`: date in Warsaw.

    `evidence`: what it leans on, in words, as it is now: pieces may be added to a correction at any time.
    """

    stakeholder_id: int
    replaces: str
    code: str
    reason: str
    made_on: dt.date
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A closed round. `stakeholders` in Polish alphabetical order; `number` counts from 1 within the gmina.

    `institutions_agreement`: as `agreement`, of ratings of institutions alone: what may be published of it.
    `gone_evidence`: stakeholder -> words of `evidence` that name what nobody may read any more. Not of the frozen
    document: consent is taken back after the close, too.
    """

    number: int
    title: str
    occasion: str  # a key of OCCASIONS
    opened_on: dt.date
    closed_on: dt.date
    instrument: Instrument
    scheme: str
    raters: int
    stakeholders: tuple[CodedStakeholder, ...]
    withdrawn: tuple[Withdrawn, ...]
    agreement: tuple[Agreement, ...]
    checksum: str  # sha256 of the frozen JSON
    corrections: tuple[Correction, ...] = ()
    institutions_agreement: tuple[Agreement, ...] = ()
    gone_evidence: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def coding(self) -> Coding:
        coding = self.instrument.definitions.coding
        assert coding is not None
        return coding

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes of the round's scheme, from the most to the least favourable."""
        used = self.coding.scheme(self.scheme).codes
        return tuple(code for code in self.coding.codes if code.id in used)

    def stance(self, stakeholder: CodedStakeholder) -> Stance:
        return self.coding.code(stakeholder.code).stance

    def corrected(self) -> RoundResult:
        """The same round with every correction applied: the codes that hold now, each with its own reason and evidence.

        The frozen one stays as it is. A vote stays with the code that was voted on. Evidence that is gone is marked.
        """
        latest = {correction.stakeholder_id: correction for correction in self.corrections}
        stakeholders = (
            replace(one, evidence=self._marked(one.stakeholder_id, one.evidence)) for one in self.stakeholders
        )
        return replace(
            self,
            stakeholders=tuple(_corrected(one, latest.get(one.stakeholder_id)) for one in stakeholders),
            gone_evidence={},
        )

    def _marked(self, stakeholder_id: int, evidence: tuple[str, ...]) -> tuple[str, ...]:
        gone = self.gone_evidence.get(stakeholder_id, frozenset())
        return tuple(mark_gone(words) if words in gone else words for words in evidence)


def mark_gone(words: str) -> str:
    """ "fragment wywiadu nr 12 (dowód usunięty)"."""
    return f"{words} ({GONE})"


def _corrected(one: CodedStakeholder, correction: Correction | None) -> CodedStakeholder:
    if correction is None:
        return one
    return replace(
        one, code=correction.code, reason=correction.reason, votes=None, evidence=correction.evidence
    )


@dataclass(frozen=True, slots=True)
class CodingHistory:
    """All closed rounds of a gmina, the earliest first, and what ties entries of the catalogue together.

    `merged`: id of an entry that was a double -> id of the entry that it was merged into (followed to the end).
    `left`: ids of entries that are no longer in the catalogue. `persons`: ids of entries that are natural persons now,
    whatever they were entered as when a round was closed.
    """

    rounds: tuple[RoundResult, ...]
    merged: Mapping[int, int]
    left: frozenset[int]
    persons: frozenset[int] = frozenset()

    @property
    def first(self) -> RoundResult:
        return self.rounds[0]

    @property
    def last(self) -> RoundResult:
        return self.rounds[-1]
