"""Coding rounds: open, extend, lay open, close, abandon. METHOD, "Coding"."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analysis.coding.result import OCCASIONS
from survey_app.errors import ConflictError, Fault, FaultList, InvalidInputError, NotFoundError
from survey_app.services.coding.close_round import close, undecided
from survey_app.services.coding.criteria import current_criteria
from survey_app.services.coding.round_rules import (
    STAGES,
    RoundEntry,
    instrument_and_coding,
    pairs_of,
    record,
    represented,
    require_entry,
    require_going_on,
    require_round,
    round_entries,
    tidy_reason,
    trace,
)
from survey_app.services.coding.round_views import RoundView, Seat, read_round, view_of
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.register.catalogue import lock_catalogue, text_faults
from survey_app.store import catalogue, coding, coding_decisions, coding_ratings, people
from survey_app.store.coding import CodingRound, InstrumentVersion

__all__ = [
    "OCCASIONS",
    "STAGES",
    "CodingRound",
    "RoundDraft",
    "RoundEntry",
    "RoundView",
    "Seat",
    "abandon",
    "add_to_round",
    "close",
    "coding_round",
    "lay_open",
    "open_round",
    "rater_leaves",
    "round_view",
    "rounds",
    "trace",
    "undecided",
    "withdraw_stakeholder",
]

TITLE_LENGTH = 200
WITHDRAWN_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What the coordinator chooses before the opening."""

    title: str
    occasion: str
    scheme: str
    stakeholder_ids: tuple[int, ...]
    rater_ids: tuple[int, ...]
    rating_until: dt.date | None = None


def open_round(context: Context, gmina_code: str, draft: RoundDraft, actor: int | None) -> CodingRound:
    """InvalidInputError names every field at fault; ConflictError: a round is open already."""
    version = current_criteria(context, gmina_code)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)
        if coding.open_round(session, gmina_code) is not None:
            raise ConflictError(coding.ALREADY_OPEN)
        title = " ".join(unicodedata.normalize("NFC", draft.title).split())
        _refuse_faults(_draft_faults(context, session, gmina_code, draft, title, version))
        added = coding.add(
            session,
            gmina_code,
            title=title,
            occasion=draft.occasion,
            scheme=draft.scheme,
            instrument_version_id=version.id,
            rating_until=draft.rating_until,
            opened_at=context.clock(),
            opened_by=actor,
        )
        coding.add_stakeholders(session, added.id, draft.stakeholder_ids)
        coding.add_raters(session, added.id, draft.rater_ids)
        record(context, session, added, "round_opened", actor)
        return require_round(session, gmina_code, added.id)


def rounds(context: Context, gmina_code: str) -> list[CodingRound]:
    """The newest first, abandoned ones among them."""
    with context.database.reading() as session:
        return coding.rounds(session, gmina_code)


def coding_round(context: Context, gmina_code: str, round_id: int) -> CodingRound:
    """NotFoundError if it is not of this gmina."""
    with context.database.reading() as session:
        return require_round(session, gmina_code, round_id)


def round_view(context: Context, gmina_code: str, round_id: int) -> RoundView:
    """METHOD, "Coding": how many stakeholders each seat has finished, and nothing else about ratings."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        instrument, _ = instrument_and_coding(found)
        finished = coding_ratings.finished(session, found.id, len(instrument.questions))
        return view_of(found, read_round(session, found), finished)


def own_progress(context: Context, found: CodingRound, person_id: int) -> tuple[int, int]:
    """(finished, due) stakeholders of a person's seat in a round that is being rated; (0, 0) without a seat."""
    instrument, _ = instrument_and_coding(found)
    with context.database.reading() as session:
        return coding_ratings.progress(session, found, person_id, len(instrument.questions))


def add_to_round(
    context: Context,
    gmina_code: str,
    round_id: int,
    stakeholder_ids: Iterable[int],
    rater_ids: Iterable[int],
    actor: int | None,
) -> None:
    """While each rates alone. Who or what was in the round already stays as it is."""
    stakeholder_ids, rater_ids = tuple(stakeholder_ids), tuple(rater_ids)
    with context.database.transaction() as session:
        lock_catalogue(session, gmina_code)  # no entry leaves or is merged away meanwhile
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.RATING)
        _refuse_faults(_choice_faults(session, gmina_code, stakeholder_ids, rater_ids))
        added = coding.add_stakeholders(session, found.id, stakeholder_ids)
        seats = coding.add_raters(session, found.id, rater_ids)
        if added or seats:
            record(context, session, found, "round_extended", actor)


def withdraw_stakeholder(
    context: Context, gmina_code: str, round_id: int, stakeholder_id: int, reason: str, actor: int | None
) -> None:
    """Before the close, with a reason; what was given for it stays, and counts no more."""
    reason = tidy_reason(reason, longest=WITHDRAWN_REASON_LENGTH)
    with context.database.transaction() as session:
        found = require_going_on(session, gmina_code, round_id)
        row = require_entry(session, found, stakeholder_id)
        if stakeholder_id in coding_decisions.open_ballots(session, found.id):
            raise ConflictError("Nad kodem tego interesariusza trwa głosowanie. Najpierw je zamknij.")
        if len(round_entries(session, found)) == 1:
            raise ConflictError(
                "To ostatni interesariusz w tej turze. Jeśli nie ma czego kodować, porzuć turę."
            )
        row.withdrawn_at, row.withdrawn_reason = context.clock(), reason
        record(context, session, found, "round_stakeholder_withdrawn", actor, str(stakeholder_id))


def rater_leaves(context: Context, gmina_code: str, round_id: int, person_id: int, actor: int | None) -> None:
    """Rates and votes no more; what the person gave stays."""
    with context.database.transaction() as session:
        found = require_going_on(session, gmina_code, round_id)
        row = coding.seat(session, found.id, person_id)
        if row is None:
            raise NotFoundError("Ta osoba nie ma miejsca w tej turze.")
        if row.left_at is None:
            row.left_at = context.clock()
            record(context, session, found, "round_rater_left", actor, str(person_id))


def abandon(context: Context, gmina_code: str, round_id: int, reason: str, actor: int | None) -> None:
    """Before the close only. The round keeps what was given, and loses its number."""
    reason = tidy_reason(reason)
    with context.database.transaction() as session:
        found = require_going_on(session, gmina_code, round_id)
        found.stage, found.number, found.abandoned_reason = coding.ABANDONED, None, reason
        record(context, session, found, "round_abandoned", actor)


def lay_open(context: Context, gmina_code: str, round_id: int, actor: int | None) -> None:
    """The end of stage 1: from now on no rating is added or changed, and all are shown together."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.RATING)
        if not coding_ratings.any_given(session, found.id):
            raise ConflictError("Nikt jeszcze niczego nie ocenił, więc nie ma czego wyłożyć.")
        coded = [row.stakeholder_id for row, _ in coding.entries(session, found.id)]
        found.represented = pairs_of(represented(session, found), coded)
        found.stage, found.laid_open_at = coding.AGREEMENT, context.clock()
        record(context, session, found, "round_laid_open", actor)


def _draft_faults(
    context: Context,
    session: Session,
    gmina_code: str,
    draft: RoundDraft,
    title: str,
    version: InstrumentVersion,
) -> list[Fault]:
    found = FaultList()
    rules = instrument_of(version).definitions.coding
    if not title:
        found.add("title_missing", "title", "Brakuje nazwy tury.", "Wpisz nazwę, np. „Tura 1, jesień 2026”.")
    found.faults += text_faults("title", title, TITLE_LENGTH)
    if draft.occasion not in OCCASIONS:
        found.add("occasion_unknown", "occasion", "Nie wybrano, kiedy jest tura.", "Wybierz z listy.")
    if rules is None or draft.scheme not in {scheme.id for scheme in rules.schemes}:
        found.add("scheme_unknown", "scheme", "Nie wybrano podziału na kody.", "Wybierz z listy.")
    if draft.rating_until is not None and draft.rating_until < context.today():
        found.add("in_the_past", "rating_until", "Ten dzień już minął.", "Wpisz dzisiejszy albo późniejszy.")
    if not draft.stakeholder_ids:
        found.add(
            "no_stakeholders", "stakeholder_ids", "Nie wybrano interesariuszy.", "Zaznacz choć jednego."
        )
    if not draft.rater_ids:
        found.add("no_raters", "rater_ids", "Nie wybrano nikogo, kto ocenia.", "Zaznacz choć jedną osobę.")
    return found.faults + _choice_faults(session, gmina_code, draft.stakeholder_ids, draft.rater_ids)


def _choice_faults(
    session: Session, gmina_code: str, stakeholder_ids: tuple[int, ...], rater_ids: tuple[int, ...]
) -> list[Fault]:
    found = FaultList()
    present = {row.id for row in catalogue.stakeholders(session, gmina_code)}
    if not set(stakeholder_ids) <= present:
        message = "Wśród wybranych jest ktoś, kogo nie ma w katalogu tej gminy."
        found.add("not_in_catalogue", "stakeholder_ids", message, "Odśwież stronę i wybierz jeszcze raz.")
    if not set(rater_ids) <= {row.id for row in people.team(session, gmina_code)}:
        message = "Wśród wybranych jest osoba spoza zespołu tej gminy."
        found.add("not_in_team", "rater_ids", message, "Odśwież stronę i wybierz jeszcze raz.")
    return found.faults


def _refuse_faults(faults: list[Fault]) -> None:
    if faults:
        raise InvalidInputError("Nie zapisano. Popraw wskazane pola.", faults)
