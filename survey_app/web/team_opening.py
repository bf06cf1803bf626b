"""The opening of a campaign, the one page that shows its codes, and what is printed for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, request

from survey_app.errors import SurveyError
from survey_app.services import instruments
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue
from survey_app.services.survey import campaign_mail, campaign_materials, campaigns, invitation_files
from survey_app.services.survey.campaigns import Campaign, IssuedInvitation, draft_mark, unfilled_places
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.campaign_words import facts
from survey_app.web.downloads import download, inside_page, plain_name
from survey_app.web.survey_page import render_preview
from survey_app.web.team_campaigns import as_it_is, back_to, campaign_page, refused

blueprint = Blueprint(
    "opening", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>"
)


@blueprint.get("/podglad")
@coordinator_of_campaign
def preview(gmina: GminaDescription, campaign: Campaign) -> Any:  # noqa: ARG001  (checked by the decorator)
    return render_preview(campaign, instruments.instrument_of(campaign.instrument_version))


@blueprint.post("/podglad")
@coordinator_of_campaign
def try_out(gmina: GminaDescription, campaign: Campaign) -> Any:  # noqa: ARG001  (checked by the decorator)
    """Reads the form as a respondent's would be read, and stores nothing."""
    return render_preview(campaign, instruments.instrument_of(campaign.instrument_version), request.form)


@blueprint.get("/otwarcie")
@coordinator_of_campaign
def opening(gmina: GminaDescription, campaign: Campaign) -> str:
    """What becomes fixed, before it does."""
    return campaign_page("panel/campaign_open.html", gmina, campaign, "Otwarcie", **_plan(gmina, campaign))


@blueprint.post("/otwarcie")
@coordinator_of_campaign
def open_now(gmina: GminaDescription, campaign: Campaign) -> Any:
    try:
        seen = request.form.get("seen")
        issued = campaigns.open_campaign(current_context(), campaign.id, current_person().id, seen)
    except SurveyError as error:
        campaign = as_it_is(campaign)
        plan = _plan(gmina, campaign)
        return refused("panel/campaign_open.html", gmina, campaign, "Otwarcie", error, **plan)
    if issued:
        return _codes_page(gmina, campaign, issued)
    flash("Kampania jest otwarta.", "success")
    return back_to(campaign)


@blueprint.get("/nowe-kody")
@coordinator_of_campaign
def reissuing(gmina: GminaDescription, campaign: Campaign) -> str:
    """What new codes mean for the old ones, before they are made."""
    return campaign_page(
        "panel/campaign_reissue.html", gmina, campaign, "Nowe kody", addressed=_addressed(campaign)
    )


@blueprint.post("/nowe-kody")
@coordinator_of_campaign
def reissue(gmina: GminaDescription, campaign: Campaign) -> Any:
    try:
        issued = campaigns.reissue_codes(current_context(), campaign.id, current_person().id)
    except SurveyError as error:
        words = {"addressed": _addressed(campaign)}
        return refused("panel/campaign_reissue.html", gmina, campaign, "Nowe kody", error, **words)
    return _codes_page(gmina, campaign, issued)


@blueprint.get("/przypomnienie")
@coordinator_of_campaign
def reminding(gmina: GminaDescription, campaign: Campaign) -> str:
    """Who gets a reminder, before it goes out."""
    words = {"addressed": _addressed(campaign)}
    return campaign_page("panel/campaign_remind.html", gmina, campaign, "Przypomnienie", **words)


@blueprint.post("/przypomnienie")
@coordinator_of_campaign
def remind(gmina: GminaDescription, campaign: Campaign) -> Any:
    try:
        report = campaign_mail.remind_everyone(current_context(), campaign.id, current_person().id)
    except SurveyError as error:
        words = {"addressed": _addressed(campaign)}
        return refused("panel/campaign_remind.html", gmina, campaign, "Przypomnienie", error, **words)
    return campaign_page("panel/campaign_reminded.html", gmina, campaign, "Przypomnienie", mailed=report)


@blueprint.get("/qr.svg")
@coordinator_of_campaign
def qr_svg(gmina: GminaDescription, campaign: Campaign) -> Response:
    return download(
        campaign_materials.qr_svg(current_context(), campaign), f"qr-{plain_name(gmina.name)}.svg"
    )


@blueprint.get("/qr.png")
@coordinator_of_campaign
def qr_png(gmina: GminaDescription, campaign: Campaign) -> Response:
    return download(
        campaign_materials.qr_png(current_context(), campaign), f"qr-{plain_name(gmina.name)}.png"
    )


@blueprint.get("/plakat.pdf")
@coordinator_of_campaign
def poster(gmina: GminaDescription, campaign: Campaign) -> Response:
    name = f"plakat-{plain_name(gmina.name)}.pdf"
    return download(campaign_materials.poster_pdf(current_context(), campaign), name)


@blueprint.get("/ankieta.pdf")
@coordinator_of_campaign
def blank_form(gmina: GminaDescription, campaign: Campaign) -> Response:
    name = f"ankieta-{plain_name(gmina.name)}.pdf"
    return download(campaign_materials.blank_form_pdf(current_context(), campaign), name)


def _plan(gmina: GminaDescription, campaign: Campaign) -> dict[str, Any]:
    return {
        "facts": facts(campaign),
        "seen": draft_mark(campaign),
        "unfilled": unfilled_places(campaign.notice),
        "institutions": len(catalogue.stakeholders(current_context(), gmina.code)),
        "addressed": _addressed(campaign),
    }


def _addressed(campaign: Campaign) -> int:
    """How many can be written to; none where the service has no mail server."""
    context = current_context()
    return campaign_mail.addressed(context, campaign) if context.settings.mail else 0


def _codes_page(gmina: GminaDescription, campaign: Campaign, issued: list[IssuedInvitation]) -> Response:
    """The codes are in this one answer and nowhere else: the page carries the files itself."""
    fresh = campaigns.campaign(current_context(), campaign.id)
    base = f"kody-{plain_name(gmina.name)}"
    files = [
        (f"{base}.csv", invitation_files.codes_csv(issued)),
        (f"{base}.xlsx", invitation_files.codes_xlsx(issued)),
        (
            f"listy-{plain_name(gmina.name)}.pdf",
            invitation_files.letters_pdf(current_context(), fresh, issued),
        ),
    ]
    files.append((f"{base}.zip", invitation_files.bundle(files)))
    carried = [(name, inside_page(content, name)) for name, content in files]
    mailed = (
        campaign_mail.mail_codes(current_context(), fresh, issued) if "mail_codes" in request.form else None
    )
    words = {"issued": issued, "files": carried, "mailed": mailed}
    page = campaign_page("panel/campaign_codes.html", gmina, fresh, "Kody", **words)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
