"""Paper, in two separate steps: which institutions returned a sheet, and what the shuffled sheets say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import SurveyError
from survey_app.services import catalogue, instruments, paper
from survey_app.services.campaign_rules import Campaign
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.survey_page import read_sheet, render_sheet
from survey_app.web.team_campaigns import campaign_page, refused

blueprint = Blueprint(
    "paper", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/papier"
)


@blueprint.get("")
@coordinator_of_campaign
def returned(gmina: GminaDescription, campaign: Campaign) -> str:
    return campaign_page("panel/paper_returned.html", gmina, campaign, "Papier", **_list(campaign))


@blueprint.post("")
@coordinator_of_campaign
def tick(gmina: GminaDescription, campaign: Campaign) -> Any:
    chosen = [int(text) for text in request.form.getlist("instytucja") if text.isdecimal() and len(text) < 10]
    try:
        paper.tick_returned(current_context(), campaign.id, chosen, current_person().id)
    except SurveyError as error:
        return refused("panel/paper_returned.html", gmina, campaign, "Papier", error, **_list(campaign))
    flash("Zaznaczenia zostały zapisane.", "success")
    return redirect(_address("returned", campaign))


@blueprint.get("/wpisywanie")
@coordinator_of_campaign
def typing(gmina: GminaDescription, campaign: Campaign) -> Any:  # noqa: ARG001  (checked by the decorator)
    return render_sheet(campaign, instruments.instrument_of(campaign.instrument_version))


@blueprint.post("/wpisywanie")
@coordinator_of_campaign
def type_sheet(gmina: GminaDescription, campaign: Campaign) -> Any:  # noqa: ARG001  (checked by the decorator)
    instrument = instruments.instrument_of(campaign.instrument_version)
    sheet = read_sheet(instrument, request.form)
    if sheet.settled is None:
        return render_sheet(campaign, instrument, sheet), 422
    paper.type_sheet(current_context(), campaign.id, sheet.form_key, sheet.settled, current_person().id)
    flash("Ankieta papierowa została wpisana. Można wpisać następną.", "success")
    return redirect(_address("typing", campaign))


def _list(campaign: Campaign) -> dict[str, Any]:
    context = current_context()
    ticked = paper.ticked(context, campaign.id)
    options = [(row.id, row.name) for row in catalogue.stakeholders(context, campaign.gmina_code)]
    return {"options": options, "ticked": ticked}


def _address(view: str, campaign: Campaign) -> str:
    return url_for(f"paper.{view}", gmina_code=campaign.gmina_code, campaign_id=campaign.id)
