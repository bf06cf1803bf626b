"""The diagnoza beside the PDF and the page: as a Word document, as a workbook of its tables, as a data package."""

from __future__ import annotations

from flask import Blueprint, Response

from survey_app.analysis.edition import Edition
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import export_diagnoza
from survey_app.services.survey.campaigns import Campaign
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.editions import edition_called

blueprint = Blueprint(
    "diagnoza_files",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/wyniki",
)


@blueprint.get("/diagnoza-<edition_name>.docx")
@coordinator_of_campaign
def docx(gmina: GminaDescription, campaign: Campaign, edition_name: str) -> Response:
    edition = edition_called(edition_name)
    content = export_diagnoza.docx(current_context(), campaign.id, edition)
    return download(content, _name("diagnoza", gmina, edition, "docx"))


@blueprint.get("/tabele-<edition_name>.xlsx")
@coordinator_of_campaign
def workbook(gmina: GminaDescription, campaign: Campaign, edition_name: str) -> Response:
    edition = edition_called(edition_name)
    content = export_diagnoza.workbook(current_context(), campaign.id, edition)
    return download(content, _name("tabele-diagnozy", gmina, edition, "xlsx"))


@blueprint.get("/pakiet-<edition_name>.zip")
@coordinator_of_campaign
def package(gmina: GminaDescription, campaign: Campaign, edition_name: str) -> Response:
    edition = edition_called(edition_name)
    content = export_diagnoza.package(current_context(), campaign.id, edition, current_person().id)
    return download(content, _name("pakiet-danych", gmina, edition, "zip"))


def _name(what: str, gmina: GminaDescription, edition: Edition, ending: str) -> str:
    word = "wydanie-publiczne" if edition is Edition.PUBLIC else "wydanie-wewnetrzne"
    return f"{what}-{plain_name(gmina.name)}-{word}.{ending}"
