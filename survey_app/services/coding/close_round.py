"""Stage 3 of a round: everything that it found is frozen, and never changes again. METHOD, "Coding"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.coding.freeze import round_checksum, round_to_json
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult, Votes, Withdrawn
from survey_app.errors import ConflictError
from survey_app.instrument.model import Fact
from survey_app.services.coding.count_ratings import agreements, summaries
from survey_app.services.coding.discussion import Discussion, proposal_of, read_discussion
from survey_app.services.coding.evidence import in_words
from survey_app.services.coding.round_rules import (
    REPRESENTED_AT_CLOSE,
    RoundEntry,
    record,
    require_round,
    round_entries,
)
from survey_app.services.context import Context
from survey_app.services.register.sectors import standard_of, standard_sectors
from survey_app.store import coding, coding_decisions
from survey_app.store.coding import CodingRound
from survey_app.store.coding_decisions import Decision

NAMED = 20  # at most so many names in one sentence


def undecided(context: Context, gmina_code: str, round_id: int) -> tuple[RoundEntry, ...]:
    """The stakeholders that still have no decision, in alphabetical order."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        return tuple(_undecided(session, found))


def close(context: Context, gmina_code: str, round_id: int, actor: int | None) -> CodingRound:
    """Freezes what the round found. ConflictError names the undecided, or those with a vote going on."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.AGREEMENT)
        _refuse_unfinished(session, found)
        discussion = read_discussion(context, session, found)
        document = round_to_json(_result(session, discussion, context.clock()))
        document[REPRESENTED_AT_CLOSE] = _represented(discussion)
        checksum = round_checksum(document)
        coding.freeze(found, document, checksum, context.clock(), actor)
        session.flush()
        session.refresh(found, ["result"])
        if found.result is None or round_checksum(found.result) != checksum:
            raise ConflictError("Zapis wyniku różni się po odczytaniu, więc tury nie zamknięto.")
        record(context, session, found, "round_closed", actor)
        return found


def _undecided(session: Session, found: CodingRound) -> list[RoundEntry]:
    decided = coding_decisions.chains(session, found.id)
    return [entry for entry in round_entries(session, found) if entry.stakeholder_id not in decided]


def _refuse_unfinished(session: Session, found: CodingRound) -> None:
    going_on = coding_decisions.open_ballots(session, found.id)
    voted = [one.name for one in round_entries(session, found) if one.stakeholder_id in going_on]
    if voted:
        raise ConflictError(f"Trwa głosowanie, więc tury nie zamknięto. Zamknij je przy: {_listed(voted)}.")
    open_ones = [one.name for one in _undecided(session, found)]
    if open_ones:
        count = polish.counted(
            len(open_ones), "interesariusz nie ma", "interesariusze nie mają", "interesariuszy nie ma"
        )
        raise ConflictError(f"Tury nie zamknięto: {count} jeszcze decyzji. Są to: {_listed(open_ones)}.")


def _listed(names: Sequence[str]) -> str:
    """All of them up to twenty; then how many more there are."""
    told = ", ".join(f"„{name}”" for name in names[:NAMED])
    return told if len(names) <= NAMED else f"{told} i jeszcze {len(names) - NAMED}"


def _result(session: Session, discussion: Discussion, at: dt.datetime) -> RoundResult:
    found = discussion.round
    assert found.number is not None
    ids = [entry.stakeholder_id for entry in discussion.entries]
    institutions = [entry.stakeholder_id for entry in discussion.entries if not entry.natural_person]
    counts_as = standard_of(session, found.gmina_code)
    sectors = {
        row.stakeholder_id: counts_as(stakeholder.sector)
        for row, stakeholder in coding.entries(session, found.id)
    }
    return RoundResult(
        number=found.number,
        title=found.title,
        occasion=found.occasion,
        opened_on=found.opened_at.astimezone(polish.WARSAW).date(),
        closed_on=at.astimezone(polish.WARSAW).date(),
        instrument=discussion.instrument,
        scheme=found.scheme,
        raters=len(discussion.counted.raters),
        stakeholders=tuple(
            _coded(discussion, entry, sectors[entry.stakeholder_id]) for entry in discussion.entries
        ),
        withdrawn=tuple(
            Withdrawn(one.stakeholder_id, one.name, one.withdrawn_reason)
            for one in round_entries(session, found, include_withdrawn=True)
            if one.withdrawn_reason
        ),
        agreement=agreements(discussion.counted, ids, discussion.criteria),
        checksum="",
        institutions_agreement=agreements(discussion.counted, institutions, discussion.criteria),
    )


def _coded(discussion: Discussion, entry: RoundEntry, sector: str) -> CodedStakeholder:
    key = entry.stakeholder_id
    decision = discussion.chains[key][-1]
    facts = discussion.facts.get(key, frozenset())
    found = summaries(discussion.counted, key, discussion.criteria)
    points = {criterion: len(summary.points) for criterion, summary in found.items()}
    enough = discussion.coding.minimum_ratings
    return CodedStakeholder(
        stakeholder_id=key,
        name=entry.name,
        sector=sector,
        sector_label=standard_sectors().get(sector, entry.sector_label),
        internal=entry.internal,
        stakeholder_type=entry.stakeholder_type,
        natural_person=entry.natural_person,
        contribution=Fact.CONTRIBUTION in facts,
        refusal=Fact.REFUSAL in facts,
        medians={
            criterion: summary.median if points[criterion] >= enough else None
            for criterion, summary in found.items()
        },
        points=points,
        proposed=proposal_of(discussion, key, found),
        code=decision.code,
        reason=decision.reason,
        votes=_votes(discussion, decision),
        evidence=in_words(discussion.decision_evidence.get(decision.id, ())),
    )


def _votes(discussion: Discussion, decision: Decision) -> Votes | None:
    row = next((one for one in discussion.ballots if one.id == decision.ballot_id), None)
    if row is None:
        return None
    return Votes(row.votes_for or 0, row.votes_against or 0, row.votes_abstained or 0, row.seats)


def _represented(discussion: Discussion) -> list[list[int]]:
    """Whose ratings were left out, so that the page of the closed round leaves out the same ever after."""
    kept = {entry.stakeholder_id for entry in discussion.entries}
    return sorted(
        [person_id, stakeholder_id]
        for person_id, theirs in discussion.representing.items()
        for stakeholder_id in theirs & kept
    )
