"""Paper, in two separate steps (METHOD, "The ankieta"): which institutions returned a sheet, and what the
shuffled sheets say. The record says only that paper was typed, and how many sheets if at least k.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, InvalidInputError
from survey_app.instrument.routing import Settled
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of
from survey_app.services.survey import tokens
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS, Phase, phase
from survey_app.services.survey.campaign_trace import record_once_a_day
from survey_app.services.survey.find_campaign import require_campaign
from survey_app.services.survey.take_survey import (
    Receipt,
    check_form_key,
    check_institution,
    complete_answers,
    keep_named,
    sealed,
)
from survey_app.store import campaigns, responses
from survey_app.store.campaigns import Campaign


def tick_returned(
    context: Context, campaign_id: int, stakeholder_ids: Collection[int], actor: int | None
) -> None:
    """These institutions returned an envelope; their invitations take no answer any more.

    Whether one was used online before is not looked at, and nothing here tells. A tick stays.
    """
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        if campaign.access != INVITATIONS:
            raise ConflictError("W kampanii z otwartym adresem nie zaznacza się, kto oddał arkusz.")
        if phase(campaign, context.clock()) not in {Phase.OPEN, Phase.GRACE, Phase.CLOSED}:
            raise ConflictError("Arkusze zaznacza się od początku kampanii do jej zablokowania.")
        if not set(stakeholder_ids) <= set(campaigns.invited_stakeholders(session, campaign_id)):
            raise InvalidInputError(
                "Wśród zaznaczonych jest instytucja, która nie była zaproszona. Niczego nie zapisano."
            )
        campaigns.tick(session, campaign_id, stakeholder_ids)
        if stakeholder_ids:
            record_once_a_day(context, session, campaign, "paper_ticked", actor)


def ticked(context: Context, campaign_id: int) -> set[int]:
    """Ids of the stakeholders whose sheet came back; empty once the campaign is locked."""
    with context.database.reading() as session:
        return campaigns.ticked_stakeholders(session, campaign_id)


def type_sheet(
    context: Context,
    campaign_id: int,
    form_key: str,
    settled: Settled,
    actor: int | None,
    *,
    stakeholder_id: int | None = None,
    institution_name: str | None = None,
) -> Receipt:
    """One sheet, after the close and before the lock, into the same inbox as the answers sent online.

    In a named campaign it is typed with its institution: `stakeholder_id` where there are invitations,
    `institution_name` with an open link. ConflictError: not the time for it, or more sheets than ticks.
    """
    check_form_key(form_key)
    with context.database.transaction() as session:
        campaign = require_campaign(session, campaign_id, alone=True)
        key_hash = tokens.key_hash(campaign.public_id, "", form_key)
        connection = session.connection()
        if responses.knows_key(connection, campaign_id, key_hash):
            return Receipt.ALREADY_STORED
        _refuse_sheet(session, context, campaign)
        responses.remember_key(connection, campaign_id, key_hash)
        version = campaign.instrument_version
        answers = complete_answers(settled, instrument_of(version))
        if campaign.mode == ANONYMOUS:
            box = sealed(campaign.inbox_public_key, version.sha256, answers)
            responses.add_sealed(connection, campaign_id, box)
        elif campaign.access == INVITATIONS:
            _refuse_institution(session, campaign, stakeholder_id)
            keep_named(connection, context, campaign, answers, stakeholder_id, None, "paper")
        else:
            name = check_institution(institution_name)
            keep_named(connection, context, campaign, answers, None, name, "paper")
        campaign.paper_sheets += 1
        record_once_a_day(context, session, campaign, "paper_typed", actor)
    return Receipt.STORED


def _refuse_sheet(session: Session, context: Context, campaign: Campaign) -> None:
    if phase(campaign, context.clock()) not in {Phase.GRACE, Phase.CLOSED}:
        raise ConflictError(
            "Arkusze papierowe wpisuje się po zamknięciu kampanii, a przed jej zablokowaniem."
        )
    if campaign.access != INVITATIONS:
        return
    if campaign.paper_sheets >= len(campaigns.ticked_stakeholders(session, campaign.id)):
        raise ConflictError(
            "Wpisano już tyle arkuszy, ile instytucji zaznaczono jako te, które oddały arkusz. Ten arkusz nie"
            " został zapisany. Najpierw trzeba zaznaczyć instytucję."
        )


def _refuse_institution(session: Session, campaign: Campaign, stakeholder_id: int | None) -> None:
    if stakeholder_id not in campaigns.ticked_stakeholders(session, campaign.id):
        raise InvalidInputError("Wybierz instytucję spośród zaznaczonych jako te, które oddały arkusz.")
    if stakeholder_id in responses.responded_stakeholders(session, campaign.id):
        raise ConflictError("Ta instytucja już odpowiedziała. Ten arkusz nie został zapisany.")
