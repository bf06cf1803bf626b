"""Everything that a team needs in order to agree on codes, read in one go from a round that is laid open."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.coding.ratings import RatingSummary
from survey_app.instrument.coding_rule import rule_criteria, rule_facts
from survey_app.instrument.model import Coding, Fact, Instrument
from survey_app.services.coding.agree_views import (
    BallotView,
    DecisionView,
    LaidOpen,
    LaidOpenCriterion,
    LaidOpenReason,
)
from survey_app.services.coding.count_ratings import CountedRatings, counted_ratings, proposed_code, summaries
from survey_app.services.coding.evidence import EvidenceView, of_round
from survey_app.services.coding.round_rules import (
    RoundEntry,
    instrument_and_coding,
)
from survey_app.services.coding.round_views import RoundRows, read_round
from survey_app.services.context import Context
from survey_app.store import coding, coding_decisions, declarations, people
from survey_app.store.coding import CodingRound
from survey_app.store.coding_decisions import Ballot, Decision
from survey_app.store.coding_ratings import Given

FACT_WORDS = {Fact.CONTRIBUTION: "wkład zapisany w katalogu", Fact.REFUSAL: "zapisana odmowa udziału"}


@dataclass(frozen=True, slots=True)
class Discussion:
    """`representing`: person -> stakeholders; `seats`: who may vote, apart from representation."""

    round: CodingRound
    rows: RoundRows
    instrument: Instrument
    coding: Coding
    entries: Sequence[RoundEntry]
    counted: CountedRatings
    facts: Mapping[int, frozenset[Fact]]
    frozen_proposals: Mapping[int, str | None] | None
    chains: Mapping[int, Sequence[Decision]]
    ballots: Sequence[Ballot]
    cast: Mapping[int, Mapping[int, str]]
    seats: frozenset[int]
    representing: Mapping[int, frozenset[int]]
    names_shown: bool
    names: Mapping[int, str]
    rating_evidence: Mapping[tuple[int, int, str], Sequence[EvidenceView]]
    decision_evidence: Mapping[int, Sequence[EvidenceView]]

    @property
    def criteria(self) -> tuple[str, ...]:
        return tuple(question.id for question in self.instrument.questions)

    def voters(self, stakeholder_id: int) -> frozenset[int]:
        """METHOD, "Coding": nobody votes on the institution that they represent."""
        return frozenset(
            person_id
            for person_id in self.seats
            if stakeholder_id not in self.representing.get(person_id, frozenset())
        )


def read_discussion(
    context: Context, session: Session, found: CodingRound, only: int | None = None
) -> Discussion:
    """Only for a round whose ratings are laid open: the callers see to it.

    `only`: a stakeholder; ratings and decisions of the others are left unread.
    """
    instrument, rules = instrument_and_coding(found)
    rows = read_round(session, found)
    entries = rows.kept
    kept = frozenset(one.stakeholder_id for one in entries)
    counted = counted_ratings(session, found, kept, rows.not_counted, only)
    agreed = {seat.person_id for seat in rows.seats if seat.agrees_to_names}
    chains = coding_decisions.chains(session, found.id, only)
    ballots, cast = coding_decisions.ballots_and_votes(session, found.id, only)
    rating_evidence, decision_evidence = of_round(session, found.id)
    deciders = {row.decided_by for chain in chains.values() for row in chain if row.decided_by is not None}
    return Discussion(
        round=found,
        rows=rows,
        instrument=instrument,
        coding=rules,
        entries=entries,
        counted=counted,
        facts=_facts(context, session, found),
        frozen_proposals=_frozen_proposals(found),
        chains=chains,
        ballots=ballots,
        cast=cast,
        seats=rows.active,
        representing=rows.representing,
        names_shown=bool(counted.authors) and counted.authors <= agreed,
        names=_names(session, rows, deciders | counted.authors),
        rating_evidence=rating_evidence,
        decision_evidence=decision_evidence,
    )


def _names(session: Session, rows: RoundRows, wanted: Set[int]) -> Mapping[int, str]:
    """Most have a seat; a name is asked for only of one who has none."""
    known = {seat.person_id: seat.name for seat in rows.seats}
    missing = wanted - known.keys()
    return {**known, **people.names(session, missing)} if missing else known


def _facts(context: Context, session: Session, found: CodingRound) -> Mapping[int, frozenset[Fact]]:
    """Now; in a closed round as at its close."""
    if found.result is None:
        return declarations.facts(session, found.gmina_code, context.clock())
    return {
        one["stakeholder_id"]: frozenset(fact for fact in Fact if one[fact.value])
        for one in found.result["stakeholders"]
    }


def _frozen_proposals(found: CodingRound) -> Mapping[int, str | None] | None:
    if found.result is None:
        return None
    return {one["stakeholder_id"]: one["proposed"] for one in found.result["stakeholders"]}


def lay_out(discussion: Discussion, entry: RoundEntry, person_id: int | None = None) -> LaidOpen:
    """One stakeholder; `person_id`: who asks."""
    key = entry.stakeholder_id
    found = summaries(discussion.counted, key, discussion.criteria)
    facts = discussion.facts.get(key, frozenset())
    proposed = proposal_of(discussion, key, found)
    in_rule = rule_criteria(discussion.coding.scheme(discussion.round.scheme))
    chain = [_decision_view(discussion, row) for row in discussion.chains.get(key, ())]
    ballots = [row for row in discussion.ballots if row.stakeholder_id == key]
    going_on = next((row for row in ballots if row.closed_at is None), None)
    voters = discussion.voters(key)
    return LaidOpen(
        stakeholder=entry,
        criteria=tuple(
            LaidOpenCriterion(
                criterion=question,
                summary=found[question.id],
                reasons=_reasons(discussion, key, question.id),
                in_rule=question.id in in_rule,
            )
            for question in discussion.instrument.questions
        ),
        facts=facts,
        proposed=proposed,
        why_no_proposal="" if proposed is not None else _why_no_proposal(discussion, found, in_rule),
        differ=proposed is None or any(len(set(found[criterion].points)) > 1 for criterion in in_rule),
        decision=chain[-1] if chain else None,
        ballot=ballot_view(discussion.cast, going_on) if going_on else None,
        past_ballots=tuple(ballot_view(discussion.cast, row) for row in ballots if row.closed_at is not None),
        earlier=tuple(chain[:-1]),
        represented=person_id is not None and key in discussion.representing.get(person_id, frozenset()),
        may_vote=person_id in voters and discussion.round.stage == coding.AGREEMENT,
        own_vote=_own_vote(discussion, going_on, person_id),
        seats=len(voters),
        composed_reason=_composed_reason(discussion, found, facts, proposed),
    )


def proposal_of(
    discussion: Discussion, stakeholder_id: int, found: Mapping[str, RatingSummary] | None = None
) -> str | None:
    """The rule's proposal; of a closed round the one that was frozen."""
    if discussion.frozen_proposals is not None:
        return discussion.frozen_proposals.get(stakeholder_id)
    if found is None:
        found = summaries(discussion.counted, stakeholder_id, discussion.criteria)
    facts = discussion.facts.get(stakeholder_id, frozenset())
    return proposed_code(discussion.coding, discussion.round.scheme, found, facts)


def _composed_reason(
    discussion: Discussion,
    found: Mapping[str, RatingSummary],
    facts: frozenset[Fact],
    proposed: str | None,
) -> str:
    if proposed is None:
        return ""
    scheme = discussion.coding.scheme(discussion.round.scheme)
    parts = [
        f"{_lower_first(question.text)} {found[question.id].median} (środkowa z"
        f" {_of_ratings(len(found[question.id].points))})"
        for question in discussion.instrument.questions
        if question.id in rule_criteria(scheme)
    ]
    parts += [FACT_WORDS[fact] for fact in Fact if fact in rule_facts(scheme) & facts]
    return f"Potwierdzono propozycję z ocen: {', '.join(parts)}."


@functools.cache
def _of_ratings(count: int) -> str:
    """The same few numbers come back for every stakeholder of the round."""
    return polish.counted(count, "oceny", "ocen", "ocen")


def ballot_view(cast: Mapping[int, Mapping[int, str]], row: Ballot) -> BallotView:
    """While a vote is going on nobody learns its counts."""
    counted = row.votes_for is not None
    told = (row.votes_for or 0) + (row.votes_against or 0) + (row.votes_abstained or 0)
    return BallotView(
        id=row.id,
        code=row.code,
        reason=row.reason,
        show_of_hands=row.show_of_hands,
        seats=row.seats,
        cast=told if counted else len(cast.get(row.id, {})),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        votes_for=row.votes_for,
        votes_against=row.votes_against,
        votes_abstained=row.votes_abstained,
    )


def _reasons(discussion: Discussion, stakeholder_id: int, criterion: str) -> tuple[LaidOpenReason, ...]:
    """By point, then text, then what it leans on, so that the order tells nothing of who said it.

    Without names, a bare point says no more than the summary does, and is left out.
    """
    listed = []
    for row in discussion.counted.of(stakeholder_id, criterion):
        evidence = tuple(discussion.rating_evidence.get((row.person_id, stakeholder_id, criterion), ()))
        if row.reason or evidence or (discussion.names_shown and (row.dont_know or row.point is not None)):
            listed.append(_reason(discussion, row, evidence))
    return tuple(
        sorted(
            listed,
            key=lambda one: (
                one.point is None,
                one.point or 0,
                one.dont_know,
                one.reason,
                one.rater_name or "",
                [(piece.words, piece.note) for piece in one.evidence],
            ),
        )
    )


def _reason(discussion: Discussion, row: Given, evidence: tuple[EvidenceView, ...]) -> LaidOpenReason:
    name = discussion.names.get(row.person_id, "") if discussion.names_shown else None
    return LaidOpenReason(row.point, row.reason, name, evidence, row.dont_know)


def _decision_view(discussion: Discussion, row: Decision) -> DecisionView:
    ballot = next((one for one in discussion.ballots if one.id == row.ballot_id), None)
    return DecisionView(
        id=row.id,
        code=row.code,
        proposed=row.proposed,
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by=discussion.names.get(row.decided_by or 0, ""),
        correction=row.correction,
        ballot=ballot_view(discussion.cast, ballot) if ballot else None,
        evidence=tuple(discussion.decision_evidence.get(row.id, ())),
    )


def _own_vote(discussion: Discussion, row: Ballot | None, person_id: int | None) -> str | None:
    if row is None or person_id is None:
        return None
    return discussion.cast.get(row.id, {}).get(person_id)


def _why_no_proposal(
    discussion: Discussion, found: Mapping[str, RatingSummary], in_rule: frozenset[str]
) -> str:
    least = discussion.coding.minimum_ratings
    few = [
        f"{_lower_first(question.text)}: {polish.counted(len(found[question.id].points), 'ocena', 'oceny', 'ocen')}"
        for question in discussion.instrument.questions
        if question.id in in_rule and len(found[question.id].points) < least
    ]
    needed = polish.counted(least, "ocena", "oceny", "ocen")
    return f"Za mało ocen z punktem ({'; '.join(few)}; do propozycji potrzeba co najmniej: {needed})."


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
