"""Campaigns before and while they run: draft, preview, opening, end, close, lock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import NotFoundError, SurveyError
from survey_app.forms.staff_campaign import CampaignForm, EndForm
from survey_app.services import instruments
from survey_app.services.gminas import GminaDescription
from survey_app.services.personal_data import controller
from survey_app.services.register import catalogue
from survey_app.services.survey import campaigns
from survey_app.services.survey.campaign_rules import ANONYMOUS, INVITATIONS, NAMED, draft_mark
from survey_app.services.survey.campaigns import (
    Campaign,
    CampaignDraft,
    Phase,
    default_notice,
    draft_of,
    phase,
    unfilled_places,
)
from survey_app.web.access import (
    coordinator_of_campaign,
    coordinator_of_gmina,
    current_context,
    current_person,
)
from survey_app.web.campaign_words import facts, phase_word
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint("campaigns", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie")


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    context = current_context()
    held = sorted(campaigns.campaigns_of(context, gmina.code), key=lambda row: row.created_at, reverse=True)
    rows = [(campaign, phase_word(phase(campaign, context.clock()))) for campaign in held]
    return panel_page("panel/campaigns.html", gmina=gmina, section="campaigns", rows=rows)


@blueprint.get("/nowa")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    k = instruments.current_ankieta(current_context()).definitions.smallest_cell
    notice = controller.filled(current_context(), gmina.code, default_notice(gmina.name))
    return _draft_page(gmina, CampaignForm(data={"notice": notice, "k": k}))


@blueprint.post("/nowa")
@coordinator_of_gmina
def create(gmina: GminaDescription) -> Any:
    form, made = CampaignForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            campaigns.create_campaign(current_context(), gmina.code, _draft(form), current_person().id)
        ),
    ):
        return _draft_page(gmina, form), 422
    flash("Szkic kampanii został zapisany.", "success")
    return redirect(_address("show", made[0]))


@blueprint.get("/<int:campaign_id>")
@coordinator_of_campaign
def show(gmina: GminaDescription, campaign: Campaign) -> str:
    return campaign_page(
        "panel/campaign.html",
        gmina,
        campaign,
        facts=facts(campaign),
        monitor=_monitor(campaign),
        names=_who_answered(campaign),
        unfilled=unfilled_places(campaign.notice),
        form_address=campaigns.form_address(current_context().settings, campaign),
        can_mail=current_context().settings.mail is not None,
        trace=campaigns.trace(current_context(), campaign.id),
    )


@blueprint.get("/<int:campaign_id>/szkic")
@coordinator_of_campaign
def edit(gmina: GminaDescription, campaign: Campaign) -> str:
    form = CampaignForm(data={**asdict(draft_of(campaign)), "seen": draft_mark(campaign)})
    return _draft_page(gmina, form, campaign)


@blueprint.post("/<int:campaign_id>/szkic")
@coordinator_of_campaign
def save(gmina: GminaDescription, campaign: Campaign) -> Any:
    context, form = current_context(), CampaignForm(request.form)
    if not accepted(
        form,
        lambda: campaigns.update_campaign(
            context, campaign.id, _draft(form), current_person().id, form.seen.data
        ),
    ):
        now = as_it_is(campaign)
        form.seen.data = draft_mark(now)  # who sends it again has been told
        return _draft_page(gmina, form, now), 422
    flash("Zapisano zmiany w szkicu.", "success")
    return redirect(_address("show", campaign))


@blueprint.post("/<int:campaign_id>/usuniecie")
@coordinator_of_campaign
def discard(gmina: GminaDescription, campaign: Campaign) -> Any:
    campaigns.discard_draft(current_context(), campaign.id, current_person().id)
    flash("Szkic został usunięty.", "success")
    return redirect(url_for("campaigns.index", gmina_code=gmina.code))


@blueprint.get("/<int:campaign_id>/koniec")
@coordinator_of_campaign
def end(gmina: GminaDescription, campaign: Campaign) -> str:
    return campaign_page("panel/campaign_end.html", gmina, campaign, "Koniec", form=EndForm(obj=campaign))


@blueprint.post("/<int:campaign_id>/koniec")
@coordinator_of_campaign
def move_end(gmina: GminaDescription, campaign: Campaign) -> Any:
    context, form = current_context(), EndForm(request.form)
    if not accepted(
        form,
        lambda: campaigns.move_end(context, campaign.id, form.closes_at.moment, current_person().id),
    ):
        return campaign_page(
            "panel/campaign_end.html", gmina, campaign, "Koniec", form=form, faults=True
        ), 422
    flash("Koniec kampanii został przesunięty. Ślad tej zmiany zostaje w kampanii.", "success")
    return redirect(_address("show", campaign))


@blueprint.post("/<int:campaign_id>/zamkniecie")
@coordinator_of_campaign
def close(gmina: GminaDescription, campaign: Campaign) -> Any:
    """Before its time; asked for on the page of the end."""
    try:
        campaigns.close_now(current_context(), campaign.id, current_person().id)
    except SurveyError as error:
        return refused(
            "panel/campaign_end.html", gmina, campaign, "Koniec", error, form=EndForm(obj=campaign)
        )
    flash("Kampania została zamknięta.", "success")
    return redirect(_address("show", campaign))


@blueprint.get("/<int:campaign_id>/blokada")
@coordinator_of_campaign
def locking(gmina: GminaDescription, campaign: Campaign) -> str:
    """What a lock means, before it is done."""
    return campaign_page("panel/campaign_lock.html", gmina, campaign, "Blokada", facts=facts(campaign))


@blueprint.post("/<int:campaign_id>/blokada")
@coordinator_of_campaign
def lock(gmina: GminaDescription, campaign: Campaign) -> Any:
    try:
        campaigns.lock_campaign(current_context(), campaign.id, current_person().id)
    except SurveyError as error:
        return refused("panel/campaign_lock.html", gmina, campaign, "Blokada", error, facts=facts(campaign))
    flash("Kampania jest zablokowana. Wyniki są gotowe.", "success")
    return redirect(_address("show", campaign))


def campaign_page(
    template: str, gmina: GminaDescription, campaign: Campaign, here: str | None = None, **words: Any
) -> str:
    """A page of one campaign, with the way back to it and its phase in words."""
    now = phase(campaign, current_context().clock())
    crumbs: list[Link] = [("Kampanie", url_for("campaigns.index", gmina_code=gmina.code))]
    crumbs += (
        [(campaign.title, _address("show", campaign)), (here, None)] if here else [(campaign.title, None)]
    )
    shown = {"phase": now.value, "phase_word": phase_word(now), "anonymous": campaign.mode == ANONYMOUS}
    return panel_page(
        template,
        gmina=gmina,
        section="campaigns",
        crumbs=crumbs,
        campaign=campaign,
        by_invitation=campaign.access == INVITATIONS,
        **{**shown, **words},
    )


def refused(
    template: str, gmina: GminaDescription, campaign: Campaign, here: str, error: SurveyError, **words: Any
) -> tuple[str, int]:
    """The same page again, saying why the use case did not do it."""
    words = {**words, "refusal": error.message, "refusal_faults": getattr(error, "faults", ())}
    return campaign_page(template, gmina, campaign, here, faults=True, **words), error.status


def as_it_is(campaign: Campaign) -> Campaign:
    """Somebody else may have changed it meanwhile; as it was, if it is gone."""
    try:
        return campaigns.campaign(current_context(), campaign.id)
    except NotFoundError:
        return campaign


def _draft_page(gmina: GminaDescription, form: CampaignForm, campaign: Campaign | None = None) -> str:
    words = {
        "form": form,
        "faults": bool(form.errors),
        "unfilled": unfilled_places(form.notice.data or ""),
        "institutions": len(catalogue.stakeholders(current_context(), gmina.code)),
    }
    if campaign is not None:
        return campaign_page("panel/campaign_draft.html", gmina, campaign, "Szkic", **words)
    crumbs: list[Link] = [("Kampanie", url_for("campaigns.index", gmina_code=gmina.code)), ("Nowa", None)]
    return panel_page(
        "panel/campaign_draft.html", gmina=gmina, section="campaigns", crumbs=crumbs, campaign=None, **words
    )


def _draft(form: CampaignForm) -> CampaignDraft:
    return CampaignDraft(
        title=form.title.data,
        mode=form.mode.data,
        access=form.access.data,
        opens_at=form.opens_at.moment,
        closes_at=form.closes_at.moment,
        grace_minutes=form.grace_minutes.data,
        k=form.k.data,
        notice=form.notice.data,
    )


def _monitor(campaign: Campaign) -> Any:
    """None before the opening: nothing to watch yet."""
    if phase(campaign, current_context().clock()) in (Phase.DRAFT, Phase.SCHEDULED):
        return None
    return campaigns.monitor(current_context(), campaign.id)


def _who_answered(campaign: Campaign) -> list[str]:
    """In a named campaign only; elsewhere nobody sees it (METHOD, "The ankieta")."""
    if campaign.mode != NAMED:
        return []
    ids = campaigns.answered(current_context(), campaign.id)
    everyone = catalogue.stakeholders(current_context(), campaign.gmina_code, include_left=True)
    return [row.name for row in everyone if row.id in ids]


def _address(view: str, campaign: Campaign) -> str:
    return url_for(f"campaigns.{view}", gmina_code=campaign.gmina_code, campaign_id=campaign.id)


def back_to(campaign: Campaign) -> BaseResponse:
    """To the campaign's own page."""
    return redirect(_address("show", campaign))
