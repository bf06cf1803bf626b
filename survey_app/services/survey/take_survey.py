"""A respondent's way through the service: find the ankieta, send an answer.

METHOD, "The ankieta": nothing links an anonymous answer to an invitation, an account, an address or a moment;
the server enforces the moments of a campaign; a repeated form is one answer.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy.orm import Session

from survey_app.errors import Fault, GoneError, InvalidInputError, NotFoundError
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import Settled
from survey_app.instrument.values import answers_to_json
from survey_app.services import gminas
from survey_app.services.context import Context
from survey_app.services.gminas import GminaName
from survey_app.services.instruments import instrument_of
from survey_app.services.survey import seal, tokens
from survey_app.services.survey.campaign_rules import (
    ANONYMOUS,
    INVITATIONS,
    NAMED,
    Phase,
    phase,
    takes_answers,
)
from survey_app.store import campaigns, catalogue, responses
from survey_app.store.campaigns import Campaign

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

    campaign: Campaign
    instrument: Instrument
    phase: Phase
    gmina: GminaName
    stakeholder_name: str | None


def find_survey(context: Context, public_id: str, token: str | None) -> Survey:
    """The ankieta behind an address. Whether an invitation was used is not looked at: both look the same.

    NotFoundError, always in the same words: no such campaign, a draft, a broken token, another campaign's.
    """
    with context.database.reading() as session:
        found = _require(session, public_id)
        name = None
        now = phase(found, context.clock())
        if token is not None and now is not Phase.LOCKED:  # the lock has forgotten every token
            stakeholder_id = _stakeholder_of(session, found, _hash_of(found, token))
            name = _name_of(session, stakeholder_id) if found.mode == NAMED else None
        elif token is not None:
            _hash_of(found, token)
        gmina = gminas.name_within(session, found.gmina_code)
        return Survey(found, instrument_of(found.instrument_version), now, gmina, name)


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
) -> Receipt:
    """Keeps one answer, or says that this very form was kept before; all in one transaction.

    GoneError: after the grace time, or a used invitation with a form that is not known. NotFoundError as
    `find_survey`. Two at once with the same form or the same invitation leave exactly one answer.
    """
    check_form_key(form_key)
    with context.database.transaction() as session:
        found = _require(session, public_id, steady=True)
        if found.locked_at is not None:
            raise GoneError(CLOSED)
        token_hash = _token_hash(found, token)
        key_hash = tokens.key_hash(found.public_id, token_hash or "", form_key)
        if responses.knows_key(session, found.id, key_hash):
            return Receipt.ALREADY_STORED
        stakeholder_id = _stakeholder_of(session, found, token_hash) if token_hash else None
        if not takes_answers(found, context.clock()):
            raise GoneError(CLOSED)
        if not responses.remember_key(session, found.id, key_hash):
            return Receipt.ALREADY_STORED
        if token_hash and not campaigns.use_invitation(session, found.id, token_hash):
            raise GoneError(USED)
        if found.mode == ANONYMOUS:
            put_into_inbox(session, found, settled)
        else:
            name = check_institution(institution_name) if stakeholder_id is None else None
            keep_named(session, context, found, settled, stakeholder_id, name, "web")
    return Receipt.STORED


def put_into_inbox(session: Session, found: Campaign, settled: Settled) -> None:
    """Seals the answers with the campaign's public key; no moment and no channel go in."""
    assert found.inbox_public_key is not None
    box = seal.seal(found.inbox_public_key, _plaintext(found, settled))
    responses.add_sealed(session, found.id, box)


def keep_named(
    session: Session,
    context: Context,
    found: Campaign,
    settled: Settled,
    stakeholder_id: int | None,
    institution_name: str | None,
    channel: str,
) -> None:
    """METHOD, "The ankieta": a named answer is read together with the institution's name."""
    _check_complete(found, settled)
    responses.add_named(
        session,
        found,
        answers_to_json(settled.answers),
        stakeholder_id=stakeholder_id,
        institution_name=institution_name,
        received_at=context.clock(),
        channel=channel,
    )


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


def _plaintext(found: Campaign, settled: Settled) -> bytes:
    _check_complete(found, settled)
    document = {
        "instrument": found.instrument_version.sha256,
        "answers": answers_to_json(settled.answers),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _check_complete(found: Campaign, settled: Settled) -> None:
    """Four states for every question of the version that asked: anything else is a mistake in the program."""
    if set(settled.answers) != set(instrument_of(found.instrument_version).by_id):
        raise ValueError("the answers are not of this campaign's instrument version")


def _require(session: Session, public_id: str, *, steady: bool = False) -> Campaign:
    found = campaigns.by_public_id(session, public_id.lower(), steady=steady, lean=True)
    if found is None or found.opened_at is None:
        raise NotFoundError(UNKNOWN)
    return found


def _token_hash(found: Campaign, token: str | None) -> str | None:
    if found.access == INVITATIONS:
        return _hash_of(found, token or "")
    if token is not None:
        raise NotFoundError(UNKNOWN)
    return None


def _hash_of(found: Campaign, token: str) -> str:
    hashed = tokens.token_hash(token)
    if hashed is None or found.access != INVITATIONS:
        raise NotFoundError(UNKNOWN)
    return hashed


def _stakeholder_of(session: Session, found: Campaign, token_hash: str) -> int:
    stakeholder_id = campaigns.invitation_of(session, found.id, token_hash)
    if stakeholder_id is None:
        raise NotFoundError(UNKNOWN)
    return stakeholder_id


def _name_of(session: Session, stakeholder_id: int) -> str:
    stakeholder = catalogue.get(session, stakeholder_id)
    assert stakeholder is not None
    return stakeholder.name
