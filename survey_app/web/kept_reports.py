"""Reports that were made: their list, what changed between them, publication, withdrawal, the history for BIP."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.analysis.diagnoza.result import Edition
from survey_app.forms.reports import PublishForm, WithdrawForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import build_diagnoza, kept_reports, lost_quotations, publish_report
from survey_app.services.survey.campaigns import Campaign
from survey_app.services.survey.kept_reports import KeptReport
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.downloads import download, plain_name, size_words
from survey_app.web.editions import edition_called
from survey_app.web.panel_frame import accepted
from survey_app.web.team_campaigns import campaign_page

blueprint = Blueprint(
    "kept_reports",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/diagnoza/raporty",
)
NAME = "Raporty i publikacja"


@blueprint.get("")
@coordinator_of_campaign
def index(gmina: GminaDescription, campaign: Campaign) -> str:
    """Every report that was made, and whether the newest public one still says what the data say."""
    context = current_context()
    current = build_diagnoza.build(context, campaign.id, Edition.PUBLIC)
    reports = kept_reports.listed(context, campaign.id)
    newest = next((report for report in reports if report.is_public), None)
    return campaign_page(
        "panel/kept_reports.html",
        gmina,
        campaign,
        NAME,
        reports=reports,
        newest=newest,
        is_current=newest is not None and newest.checksum == current.checksum,
        published=[report for report in reports if report.holds],
        lost=lost_quotations.published_with(context, gmina.code, current),
        state_of=_state,
    )


@blueprint.get("/<edition_name>/<int:number>")
@coordinator_of_campaign
def show(gmina: GminaDescription, campaign: Campaign, edition_name: str, number: int) -> str:
    """One report: whose, when, from which data, and what changed since the one before."""
    edition = edition_called(edition_name)
    found = kept_reports.compared(current_context(), campaign.id, edition.value, number)
    return campaign_page(
        "panel/kept_report.html",
        gmina,
        campaign,
        f"Raport nr {number}",
        report=found.report,
        compared=found,
        state=_state(found.report),
    )


@blueprint.get("/<int:number>/publikacja")
@coordinator_of_campaign
def publishing(gmina: GminaDescription, campaign: Campaign, number: int) -> str:
    return _publish_page(gmina, campaign, number, PublishForm())


@blueprint.post("/<int:number>/publikacja")
@coordinator_of_campaign
def publish(gmina: GminaDescription, campaign: Campaign, number: int) -> Any:
    form, context, actor = PublishForm(request.form), current_context(), current_person().id
    if not accepted(
        form, lambda: publish_report.publish(context, campaign.id, number, form.note.data or "", actor)
    ):
        return _publish_page(gmina, campaign, number, form), 422
    flash(
        f"Raport nr {number} jest oznaczony jako opublikowany. Jego plik jest zachowany bez zmian.", "success"
    )
    return _to_reports(gmina, campaign)


@blueprint.get("/<int:number>/wycofanie")
@coordinator_of_campaign
def withdrawing(gmina: GminaDescription, campaign: Campaign, number: int) -> str:
    return _withdraw_page(gmina, campaign, number, WithdrawForm())


@blueprint.post("/<int:number>/wycofanie")
@coordinator_of_campaign
def withdraw(gmina: GminaDescription, campaign: Campaign, number: int) -> Any:
    form, context, actor = WithdrawForm(request.form), current_context(), current_person().id
    if not accepted(
        form, lambda: publish_report.withdraw(context, campaign.id, number, form.reason.data or "", actor)
    ):
        return _withdraw_page(gmina, campaign, number, form), 422
    flash(f"Raport nr {number} jest wycofany.", "success")
    return _to_reports(gmina, campaign)


@blueprint.get("/<int:number>/diagnoza.pdf")
@coordinator_of_campaign
def published_file(gmina: GminaDescription, campaign: Campaign, number: int) -> Response:
    content = kept_reports.published_file(current_context(), campaign.id, number)
    return download(content, f"diagnoza-{plain_name(gmina.name)}-publiczna-{number}.pdf")


@blueprint.get("/historia")
@coordinator_of_campaign
def history(gmina: GminaDescription, campaign: Campaign) -> str:
    versions = kept_reports.history(current_context(), campaign.id)
    return campaign_page(
        "panel/report_history.html",
        gmina,
        campaign,
        "Historia wersji",
        versions=versions,
        size_words=size_words,
        text=kept_reports.bip_text(_title(gmina, campaign), versions),
    )


@blueprint.get("/historia.csv")
@coordinator_of_campaign
def history_csv(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = kept_reports.history_csv(kept_reports.history(current_context(), campaign.id))
    return download(content, f"historia-diagnozy-{plain_name(gmina.name)}.csv")


@blueprint.get("/historia.txt")
@coordinator_of_campaign
def bip_text(gmina: GminaDescription, campaign: Campaign) -> Response:
    versions = kept_reports.history(current_context(), campaign.id)
    text = kept_reports.bip_text(_title(gmina, campaign), versions)
    # Windows' own editor reads a file with a mark and its line ends everywhere.
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    return download(content, f"historia-diagnozy-{plain_name(gmina.name)}.txt")


def _publish_page(gmina: GminaDescription, campaign: Campaign, number: int, form: PublishForm) -> str:
    report = kept_reports.one(current_context(), campaign.id, Edition.PUBLIC.value, number)
    return campaign_page("panel/report_publishing.html", gmina, campaign, NAME, report=report, form=form)


def _withdraw_page(gmina: GminaDescription, campaign: Campaign, number: int, form: WithdrawForm) -> str:
    report = kept_reports.one(current_context(), campaign.id, Edition.PUBLIC.value, number)
    return campaign_page("panel/report_withdrawing.html", gmina, campaign, NAME, report=report, form=form)


def _title(gmina: GminaDescription, campaign: Campaign) -> str:
    return f"Diagnoza lokalna: gmina {gmina.name} ({campaign.title})"


def _state(report: KeptReport) -> str:
    if report.withdrawn_at is not None:
        return "wycofany"
    return "opublikowany" if report.published_at is not None else "niepublikowany"


def _to_reports(gmina: GminaDescription, campaign: Campaign) -> Any:
    return redirect(url_for("kept_reports.index", gmina_code=gmina.code, campaign_id=campaign.id), 303)
