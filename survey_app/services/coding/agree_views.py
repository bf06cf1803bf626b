"""The ratings of a round laid open together: what the team discusses. METHOD, "Coding"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from survey_app.analysis.coding.ratings import RatingSummary
from survey_app.analysis.coding.result import Agreement
from survey_app.instrument.model import CodeScheme, Coding, Fact, Question
from survey_app.services.coding.evidence import EvidenceView
from survey_app.services.coding.round_rules import RoundEntry
from survey_app.services.coding.round_views import RoundView


@dataclass(frozen=True, slots=True)
class LaidOpenReason:
    """What one seat said. `rater_name` only when every seat that gave a rating agreed to names."""

    point: int | None
    reason: str
    rater_name: str | None
    evidence: tuple[EvidenceView, ...] = ()
    dont_know: bool = False


@dataclass(frozen=True, slots=True)
class LaidOpenCriterion:
    """`in_rule`: the round's scheme compares this criterion. `reasons` by point, then text; never by rater."""

    criterion: Question
    summary: RatingSummary
    reasons: tuple[LaidOpenReason, ...]
    in_rule: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One entry of the chain. `decided_by`: the name of who wrote it down."""

    id: int
    code: str
    proposed: str | None
    reason: str
    decided_at: dt.datetime
    decided_by: str
    correction: bool
    ballot: BallotView | None
    evidence: tuple[EvidenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotView:
    """A vote. The counts are None until it is closed; `cast`: how many seats have voted, not how."""

    id: int
    code: str
    reason: str
    show_of_hands: bool
    seats: int
    cast: int
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None

    @property
    def carried(self) -> bool | None:
        """More for than against; a tie does not carry. None while it is open."""
        if self.votes_for is None or self.votes_against is None:
            return None
        return self.votes_for > self.votes_against


@dataclass(frozen=True, slots=True)
class LaidOpen:
    """One stakeholder with everything that was said of it.

    `differ`: by a criterion of the rule more than one point was given, or there is no proposal. `earlier`: decisions
    that were replaced, the earliest first. `represented`, `may_vote` and `own_vote` are the asking person's.
    """

    stakeholder: RoundEntry
    criteria: tuple[LaidOpenCriterion, ...]
    facts: frozenset[Fact]
    proposed: str | None
    why_no_proposal: str
    differ: bool
    decision: DecisionView | None
    ballot: BallotView | None
    past_ballots: tuple[BallotView, ...] = ()
    earlier: tuple[DecisionView, ...] = ()
    represented: bool = False
    may_vote: bool = False
    own_vote: str | None = None
    seats: int = 0  # how many may vote on it now
    composed_reason: str = ""  # why the proposal stands, in words; empty where there is none


@dataclass(frozen=True, slots=True)
class Overview:
    """All stakeholders of the round in alphabetical order, and how far the raters agree by each criterion."""

    entries: tuple[LaidOpen, ...]
    agreements: tuple[Agreement, ...]
    names_shown: bool
    view: RoundView


@dataclass(frozen=True, slots=True)
class Opened:
    """One stakeholder and the round around it; `undecided`: those that have no decision, in alphabetical order."""

    laid: LaidOpen
    coding: Coding
    scheme: CodeScheme
    stakeholders: tuple[RoundEntry, ...]
    undecided: tuple[int, ...]
