"""A respondent's way through the service: find the ankieta, send an answer.

METHOD, "The ankieta": nothing links an anonymous answer to an invitation, an account, an address or a moment;
the server enforces the moments of a campaign; a repeated form is one answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection

from survey_app.errors import Fault, GoneError, InvalidInputError, NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import Settled
from survey_app.instrument.values import answers_to_json
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_with
from survey_app.services.survey import seal, tokens
from survey_app.services.survey.campaign_rules import (
    INVITATIONS,
    NAMED,
    Phase,
    phase,
    takes_answers,
)
from survey_app.store import campaigns, responses
from survey_app.store.campaigns import Campaign, OpenedCampaign
from survey_app.store.keep_sealed import keep_sealed

MAX_KEY_LENGTH = 200
MIN_KEY_LENGTH = 16
MAX_INSTITUTION_LENGTH = 300
UNKNOWN = "Nie ma takiej ankiety. Prosimy sprawdzić adres albo kod z zaproszenia."
CLOSED = "Ta ankieta jest już zamknięta. Odpowiedź nie została zapisana."
USED = "Na to zaproszenie ktoś już odpowiedział. Ta odpowiedź nie została zapisana."


class Receipt(Enum):
    """What became of a form. ALREADY_STORED: the same form came again; it is one answer."""

    STORED = auto()
    ALREADY_STORED = auto()


@dataclass(frozen=True, slots=True)
class Survey:
    """What a page needs. `stakeholder_name`: only in named mode, where answers carry it."""

    campaign: OpenedCampaign
    instrument: Instrument
    phase: Phase
    stakeholder_name: str | None


def find_survey(context: Context, public_id: str, token: str | None) -> Survey:
    """The ankieta behind an address. Whether an invitation was used is not looked at: both look the same.

    It is read anew for each page: another process may have closed it, changed its moments, or locked it.
    NotFoundError, always in the same words: no such campaign, a draft, a broken token, another campaign's.
    """
    found, name = _find(context, public_id.lower(), token)
    instrument = instrument_with(context, found.version_sha256, found.instrument_version_id)
    return Survey(found, instrument, phase(found, context.clock()), name)


def of_everyone(survey: Survey) -> Survey:
    """What is the same for everyone who is asked: without the name."""
    return replace(survey, stakeholder_name=None)


def as_of_now(context: Context, seen: Survey) -> Survey:
    """A campaign that was read before, at its present phase. For `submit` alone, which holds it against the row."""
    return replace(seen, phase=phase(seen.campaign, context.clock()))


def _find(context: Context, public_id: str, token: str | None) -> tuple[OpenedCampaign, str | None]:
    """With the name of whom the token invites, in named mode."""
    hashed = None if token is None else _hash_of(token)
    if hashed is None:
        opened = context.database.at_once(lambda connection: campaigns.opened(connection, public_id))
        return _known(opened), None
    looked_up = context.database.at_once(
        lambda connection: campaigns.opened_for(connection, public_id, hashed)
    )
    if looked_up is None:
        raise NotFoundError(UNKNOWN)
    found, stakeholder_id, name = looked_up
    forgotten = found.locked_at is not None and found.access == INVITATIONS  # by the lock, with all others
    if stakeholder_id is None and not forgotten:
        raise NotFoundError(UNKNOWN)
    return found, name


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a locked campaign: how many answers were in the inbox, and how many the results count.

    `told`: both are large enough to be told to anybody.
    """

    accepted: int
    counted: int
    told: bool


def tally(context: Context, survey: Survey) -> Tally | None:
    """None before the lock. The two numbers are kept apart, and counted apart: that they are the same is a check."""
    if survey.phase is not Phase.LOCKED:
        return None
    with context.database.reading() as session:
        counted = responses.count_responses(session, survey.campaign.id)
    accepted = survey.campaign.shown_count
    return Tally(accepted, counted, min(accepted, counted) >= survey.campaign.k)


def submit(
    context: Context,
    public_id: str,
    token: str | None,
    form_key: str,
    settled: Settled,
    institution_name: str | None = None,
    *,
    survey: Survey | None = None,
) -> Receipt:
    """Keeps one answer, or says that this very form was kept before; all in one transaction.

    GoneError: after the grace time, or a used invitation with a form that is not known. NotFoundError as
    `find_survey`. Two at once with the same form or the same invitation leave exactly one answer.
    `survey`: as found for this request or before it; what can change is held against the row before anything is kept.
    """
    check_form_key(form_key)
    survey = survey or find_survey(context, public_id, token)
    seen = survey.campaign
    token_hash = _token_hash(seen, token)
    key_hash = tokens.key_hash(seen.public_id, token_hash or "", form_key)
    answer = _ready(survey, settled)  # before the transaction: on SQLite, all others wait for its end
    if _kept_at_once(context, seen, key_hash, token_hash, answer):
        return Receipt.STORED
    with context.database.writing() as connection:
        found = _known(campaigns.opened(connection, seen.public_id, steady=True))
        if found.inbox_public_key != seen.inbox_public_key:
            raise NotFoundError(UNKNOWN)  # another database in the place of the one that was read
        if not _is_new(context, connection, found, key_hash):
            return Receipt.ALREADY_STORED
        stakeholder_id = _use_invitation(connection, found, token_hash) if token_hash else None
        if isinstance(answer, bytes):
            responses.add_sealed(connection, found.id, answer)
        else:
            name = check_institution(institution_name) if stakeholder_id is None else None
            keep_named(connection, context, found, answer, stakeholder_id, name, "web")
    return Receipt.STORED


def _kept_at_once(
    context: Context,
    seen: OpenedCampaign,
    key_hash: str,
    token_hash: str | None,
    answer: bytes | dict[str, Any],
) -> bool:
    """The ordinary case, on its short way. False: nothing is kept yet, and the long way has to see."""
    if not isinstance(answer, bytes) or not takes_answers(seen, context.clock()):
        return False
    return keep_sealed(context.database, seen, key_hash, token_hash, answer)


def _ready(survey: Survey, settled: Settled) -> bytes | dict[str, Any]:
    """What is to be written: a sealed box in an anonymous campaign, the answers in a named one."""
    answers = complete_answers(settled, survey.instrument)
    if survey.campaign.mode == NAMED:
        return answers
    return sealed(survey.campaign.inbox_public_key, survey.campaign.version_sha256, answers)


def _is_new(context: Context, connection: Connection, found: OpenedCampaign, key_hash: str) -> bool:
    """Remembers the form; False when it is known. GoneError once no new one is taken, and for any after the lock."""
    if takes_answers(found, context.clock()):
        return responses.remember_key(connection, found.id, key_hash)
    if found.locked_at is None and responses.knows_key(connection, found.id, key_hash):
        return False
    raise GoneError(CLOSED)


def _use_invitation(connection: Connection, found: OpenedCampaign, token_hash: str) -> int:
    """Whose it is. GoneError when it was used before."""
    stakeholder_id = campaigns.use_invitation(connection, found.id, token_hash)
    if stakeholder_id is not None:
        return stakeholder_id
    if campaigns.invitation_of(connection, found.id, token_hash) is None:
        raise NotFoundError(UNKNOWN)
    raise GoneError(USED)


def sealed(public_key: bytes | None, version_sha256: str, answers: Mapping[str, Any]) -> bytes:
    """The answers under the campaign's public key; no moment and no channel go in."""
    assert public_key is not None, "no anonymous campaign opens without one"
    document = {"instrument": version_sha256, "answers": answers}
    return seal.seal(public_key, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def keep_named(
    connection: Connection,
    context: Context,
    found: Campaign | OpenedCampaign,
    answers: Mapping[str, Any],
    stakeholder_id: int | None,
    institution_name: str | None,
    channel: str,
) -> None:
    """METHOD, "The ankieta": a named answer is read together with the institution's name."""
    responses.add_named(
        connection,
        found,
        answers,
        stakeholder_id=stakeholder_id,
        institution_name=institution_name,
        received_at=context.clock(),
        channel=channel,
    )


def complete_answers(settled: Settled, instrument: Instrument) -> dict[str, Any]:
    """Four states for every question of the version that asked: anything else is a mistake in the program."""
    if set(settled.answers) != set(instrument.by_id):
        raise ValueError("the answers are not of this campaign's instrument version")
    return answers_to_json(settled.answers)


def check_form_key(form_key: str) -> None:
    """It comes from outside: it must be long enough to be random, and no novel."""
    if not MIN_KEY_LENGTH <= len(form_key) <= MAX_KEY_LENGTH:
        raise InvalidInputError("W formularzu brakuje klucza strony. Prosimy wysłać go jeszcze raz.")


def check_institution(name: str | None) -> str:
    """The name that a named answer over an open link is read with."""
    tidy = " ".join((name or "").split())
    if not tidy or len(tidy) > MAX_INSTITUTION_LENGTH or not tidy.isprintable():
        message = "Ankieta jest imienna: potrzebna jest nazwa instytucji."
        hint = f"Wpisz ją; najwyżej {MAX_INSTITUTION_LENGTH} znaków."
        raise InvalidInputError(message, [Fault("institution_name", "institution_name", message, hint)])
    return tidy


def _known(found: OpenedCampaign | None) -> OpenedCampaign:
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _token_hash(found: OpenedCampaign, token: str | None) -> str | None:
    if found.access == INVITATIONS:
        return _hash_of(token or "")
    if token is not None:
        raise NotFoundError(UNKNOWN)
    return None


def _hash_of(token: str) -> str:
    hashed = tokens.token_hash(token)
    if hashed is None:
        raise NotFoundError(UNKNOWN)
    return hashed
