"""Closed rounds as they were frozen, with the corrections made since. Nothing else of a round is read here."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from sqlalchemy.orm import Session

from survey_app import polish
from survey_app.analysis.coding.change import counted_rounds
from survey_app.analysis.coding.freeze import round_checksum, round_from_json
from survey_app.analysis.coding.result import CodedStakeholder, CodingHistory, Correction, RoundResult
from survey_app.errors import ConflictError
from survey_app.instrument.model import Code
from survey_app.services.coding.evidence import gone_from_decisions, in_words_now, of_decisions
from survey_app.services.coding.round_rules import require_round
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.store import catalogue, coding, coding_decisions
from survey_app.store.coding import CodingRound


def history(context: Context, gmina_code: str) -> CodingHistory:
    """All closed rounds, the earliest first. ConflictError if one no longer agrees with its checksum."""
    with context.database.reading() as session:
        everyone = catalogue.stakeholders(session, gmina_code, include_left=True)
        return CodingHistory(
            rounds=tuple(_result(session, found) for found in coding.closed_rounds(session, gmina_code)),
            merged=catalogue.merged_of(everyone),
            left=frozenset(row.id for row in everyone if row.left_on is not None),
            persons=frozenset(row.id for row in everyone if row.natural_person),
        )


def present_codes(context: Context, gmina_code: str) -> list[tuple[CodedStakeholder, Code]]:
    """What everybody who is still in the catalogue was coded in the last closed round, as the round is counted now:
    corrected, each once under its present id. None before any round is closed.
    """
    known = history(context, gmina_code)
    if not known.rounds:
        return []
    last = counted_rounds(known)[-1]
    here = (one for one in last.stakeholders if one.stakeholder_id not in known.left)
    return [(one, last.coding.code(one.code)) for one in here]


def closed_round(context: Context, gmina_code: str, round_id: int) -> RoundResult:
    """NotFoundError if it is not of this gmina, ConflictError if it is not closed."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        if found.stage != coding.CLOSED:
            raise ConflictError("Ta tura nie jest zamknięta, więc nie ma jeszcze wyniku.")
        return _result(session, found)


def _result(session: Session, found: CodingRound) -> RoundResult:
    instrument = instrument_of(found.instrument_version)
    damaged = ConflictError(
        f"Zapis zamkniętej tury nr {found.number} nie zgadza się ze swoją sumą kontrolną: ktoś zmienił go poza"
        " serwisem. Wyniku nie pokazano; trzeba odtworzyć bazę z kopii zapasowej."
    )
    if found.result is None or round_checksum(found.result) != found.result_sha256:
        raise damaged
    try:
        result = round_from_json(found.result, instrument, _corrections(session, found))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged from error
    return replace(result, gone_evidence=gone_from_decisions(session, found.id))


def _corrections(session: Session, found: CodingRound) -> list[Correction]:
    """In the order in which they were made."""
    made = [
        (row.id, replaced.code, row)
        for chain in coding_decisions.chains(session, found.id).values()
        for replaced, row in pairwise(chain)
        if row.correction
    ]
    evidence = of_decisions(session, found.id) if made else {}
    return [
        Correction(
            stakeholder_id=row.stakeholder_id,
            replaces=replaced_code,
            code=row.code,
            reason=row.reason,
            made_on=row.decided_at.astimezone(polish.WARSAW).date(),
            evidence=in_words_now(evidence.get(row.id, ())),
        )
        for _, replaced_code, row in sorted(made, key=lambda one: one[0])
    ]
