"""The rows of a locked campaign for statistics programs, and its questionnaire as an XLSForm."""

from __future__ import annotations

from flask import Blueprint, Response

from survey_app.services import instruments
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import statistics_files
from survey_app.services.survey.campaigns import Campaign
from survey_app.services.xlsform.to_xlsform import to_form
from survey_app.web.access import coordinator_of_campaign, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.team_campaigns import campaign_page

blueprint = Blueprint(
    "statistics_files",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kampanie/<int:campaign_id>/wyniki/pliki",
)


@blueprint.get("")
@coordinator_of_campaign
def index(gmina: GminaDescription, campaign: Campaign) -> str:
    """What each file is for, what is not in it, and the files."""
    overview = statistics_files.overview(current_context(), campaign.id)
    form = to_form(instruments.instrument_of(campaign.instrument_version))
    return campaign_page(
        "panel/statistics_files.html",
        gmina,
        campaign,
        "Pliki do statystyki",
        overview=overview,
        not_carried=form.left,
    )


@blueprint.get("/dane.sav")
@coordinator_of_campaign
def sav(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = statistics_files.sav(current_context(), campaign.id, current_person().id)
    return download(content, _name(gmina, "sav"))


@blueprint.get("/dane.parquet")
@coordinator_of_campaign
def parquet(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = statistics_files.parquet_file(current_context(), campaign.id, current_person().id)
    return download(content, _name(gmina, "parquet"))


@blueprint.get("/opis-ddi.xml")
@coordinator_of_campaign
def ddi(gmina: GminaDescription, campaign: Campaign) -> Response:
    content = statistics_files.ddi(current_context(), campaign.id, _name(gmina, "sav"))
    return download(content, f"opis-ddi-{plain_name(gmina.name)}.xml")


@blueprint.get("/formularz.xlsx")
@coordinator_of_campaign
def xlsform(gmina: GminaDescription, campaign: Campaign) -> Response:
    """The questions alone; of this gmina there is but the name in the file's name."""
    instrument = instruments.instrument_of(campaign.instrument_version)
    return download(to_form(instrument).workbook(), f"xlsform-{plain_name(gmina.name)}.xlsx")


def _name(gmina: GminaDescription, ending: str) -> str:
    return f"dane-{plain_name(gmina.name)}.{ending}"
