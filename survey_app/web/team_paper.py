"""Paper, in two separate steps: which institutions returned a sheet, and what the shuffled sheets say."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import SurveyError
from survey_app.instrument.routing import Settled
from survey_app.services import instruments
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue
from survey_app.services.survey import paper
from survey_app.services.survey.campaign_rules import INVITATIONS, NAMED, OPEN_LINK
from survey_app.services.survey.campaigns import Campaign
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.survey_page import Sheet, read_sheet, render_sheet
from survey_app.web.team_campaigns import campaign_page, refused

blueprint = Blueprint(
    "paper", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/papier"
)

SAVED = ("success", "arkusz został zapisany", "Można wpisać następny.")


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
def typing(gmina: GminaDescription, campaign: Campaign) -> Any:
    """The blank sheet. A named sheet is typed with its institution, which is chosen first."""
    if _institution_missing(campaign):
        return campaign_page(
            "panel/paper_choose.html",
            gmina,
            campaign,
            "Arkusz",
            options=_ticked(campaign),
            saved="zapisano" in request.args,
        )
    told = SAVED if request.args.get("zapisano") else None
    return render_sheet(campaign, instruments.instrument_of(campaign.instrument_version), told=told)


@blueprint.post("/wpisywanie")
@coordinator_of_campaign
def type_sheet(gmina: GminaDescription, campaign: Campaign) -> Any:  # noqa: ARG001  (checked by the decorator)
    instrument = instruments.instrument_of(campaign.instrument_version)
    asks_name = campaign.mode == NAMED and campaign.access == OPEN_LINK
    sheet = read_sheet(instrument, request.form, asks_name=asks_name)
    if sheet.settled is None:
        return render_sheet(campaign, instrument, sheet), 422
    try:
        _keep(campaign, sheet, sheet.settled)
    except SurveyError as error:
        told = ("danger", "arkusz nie został zapisany", error.message)
        return render_sheet(campaign, instrument, sheet, told), error.status
    return redirect(_address("typing", campaign, zapisano="1"))


def _keep(campaign: Campaign, sheet: Sheet, settled: Settled) -> None:
    paper.type_sheet(
        current_context(),
        campaign.id,
        sheet.form_key,
        settled,
        current_person().id,
        stakeholder_id=_chosen_institution() if campaign.mode == NAMED else None,
        institution_name=sheet.result.institution_name,
    )


def _institution_missing(campaign: Campaign) -> bool:
    by_name = campaign.mode == NAMED and campaign.access == INVITATIONS
    return by_name and _chosen_institution() is None


def _chosen_institution() -> int | None:
    text = request.args.get("instytucja", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _ticked(campaign: Campaign) -> list[tuple[int, str]]:
    ticked = paper.ticked(current_context(), campaign.id)
    everyone = catalogue.stakeholders(current_context(), campaign.gmina_code, include_left=True)
    return [(row.id, row.name) for row in everyone if row.id in ticked]


def _list(campaign: Campaign) -> dict[str, Any]:
    context = current_context()
    ticked = paper.ticked(context, campaign.id)
    options = [(row.id, row.name) for row in catalogue.stakeholders(context, campaign.gmina_code)]
    return {"options": options, "ticked": ticked}


def _address(view: str, campaign: Campaign, **more: Any) -> str:
    return url_for(f"paper.{view}", gmina_code=campaign.gmina_code, campaign_id=campaign.id, **more)
