"""What the team writes into the diagnoza: conclusions, recommendations, its own words for parts of the summary."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.analysis.diagnoza.chapters.team import CHANGED, rules_blocks
from survey_app.analysis.diagnoza.page import PageBlock, page_blocks
from survey_app.analysis.diagnoza.team_words import text_blocks
from survey_app.errors import ConflictError
from survey_app.forms.interviews import whole_number
from survey_app.forms.reports import ReportTextForm, RestoreForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import report_texts
from survey_app.services.survey.campaigns import Campaign
from survey_app.services.survey.report_texts import ReportPart
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.panel_frame import accepted
from survey_app.web.team_campaigns import campaign_page

blueprint = Blueprint(
    "report_texts",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/diagnoza/teksty",
)
NAME = "Wnioski i teksty zespołu"


@blueprint.get("")
@coordinator_of_campaign
def index(gmina: GminaDescription, campaign: Campaign) -> str:
    """Each part as it will be printed, with the way to change it."""
    found, fits = report_texts.overview(current_context(), campaign.id)
    summary = [part for part in found if part.rules is not None]
    return campaign_page(
        "panel/report_texts.html",
        gmina,
        campaign,
        NAME,
        summary=[(part, _shown(part)) for part in summary],
        own=[(part, _shown(part)) for part in found if part.rules is None],
        changed_words=CHANGED,
        fits=fits,
    )


@blueprint.get("/<part>")
@coordinator_of_campaign
def edit(gmina: GminaDescription, campaign: Campaign, part: str) -> str:
    found = report_texts.part(current_context(), campaign.id, part)
    form = ReportTextForm(
        data={"revision": str(found.revision), "seen": found.basis, "text": found.first_words}
    )
    return _form_page(gmina, campaign, found, form)


@blueprint.post("/<part>")
@coordinator_of_campaign
def save(gmina: GminaDescription, campaign: Campaign, part: str) -> Any:
    """Refused where somebody else was faster: what was typed stays, what is kept stands beside it."""
    form, context, actor = ReportTextForm(request.form), current_context(), current_person().id
    known = whole_number(form.revision.data)
    if not accepted(
        form,
        lambda: report_texts.save(
            context, campaign.id, part, form.text.data or "", known, form.seen.data or "", actor
        ),
    ):
        found = report_texts.part(context, campaign.id, part)
        stale = known != found.revision
        if stale:  # the next try is made knowingly
            form.revision.data, form.seen.data = str(found.revision), found.basis
        return _form_page(gmina, campaign, found, form, stale=stale), 422
    flash("Tekst jest zapisany.", "success")
    return _to_texts(gmina, campaign)


@blueprint.get("/<part>/usuniecie")
@coordinator_of_campaign
def restoring(gmina: GminaDescription, campaign: Campaign, part: str) -> str:
    """What goes, before it goes."""
    found = report_texts.part(current_context(), campaign.id, part)
    form = RestoreForm(data={"revision": str(found.revision)})
    return campaign_page(
        "panel/report_text_removing.html",
        gmina,
        campaign,
        NAME,
        part=found,
        form=form,
        shown=_team_blocks(found),
        rules=_rules(found),
    )


@blueprint.post("/<part>/usuniecie")
@coordinator_of_campaign
def restore(gmina: GminaDescription, campaign: Campaign, part: str) -> Any:
    form, context = RestoreForm(request.form), current_context()
    try:
        report_texts.restore(
            context, campaign.id, part, whole_number(form.revision.data), current_person().id
        )
    except ConflictError:
        flash("Ktoś zmienił ten tekst w międzyczasie. Poniżej jest w nowym brzmieniu.", "warning")
        return redirect(_address(gmina, campaign, "report_texts.restoring", part=part), 303)
    flash("Tekst zespołu jest usunięty.", "success")
    return _to_texts(gmina, campaign)


def _form_page(
    gmina: GminaDescription,
    campaign: Campaign,
    part: ReportPart,
    form: ReportTextForm,
    *,
    stale: bool = False,
) -> str:
    return campaign_page(
        "panel/report_text.html",
        gmina,
        campaign,
        NAME,
        part=part,
        form=form,
        stale=stale,
        rules=_rules(part),
        changed_words=CHANGED,
    )


def _shown(part: ReportPart) -> list[PageBlock]:
    """As the report prints it."""
    return _team_blocks(part) if part.text else _rules(part)


def _team_blocks(part: ReportPart) -> list[PageBlock]:
    return page_blocks(text_blocks(part.text), part.address)


def _rules(part: ReportPart) -> list[PageBlock]:
    return page_blocks(rules_blocks(part.rules), f"{part.address}-reguly") if part.rules else []


def _address(gmina: GminaDescription, campaign: Campaign, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, gmina_code=gmina.code, campaign_id=campaign.id, **values)


def _to_texts(gmina: GminaDescription, campaign: Campaign) -> Any:
    return redirect(_address(gmina, campaign, "report_texts.index"), 303)
