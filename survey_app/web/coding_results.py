"""What comes out of coding, for the gmina's team: the report as a page, as PDF in both editions, and files."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from survey_app.analysis.edition import Edition
from survey_app.services import accounts
from survey_app.services.coding import coding_results, coding_rounds
from survey_app.services.coding.coding_rounds import STAGES
from survey_app.services.gminas import GminaDescription
from survey_app.services.survey import results
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.downloads import download, plain_name
from survey_app.web.editions import edition_called
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "coding_results", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kodowanie/wyniki"
)


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    """The team's own edition unless the public one is asked for; before any closed round, what is missing."""
    context = current_context()
    edition = edition_called(request.args.get("wydanie", "wewnetrzne"))
    found = coding_results.shown(context, gmina.code, edition)
    going_on = [
        one for one in coding_rounds.rounds(context, gmina.code) if one.stage in ("rating", "agreement")
    ]
    coordinates = accounts.coordinates(current_person(), gmina.code)
    locked = results.locked_campaigns(context, gmina.code) if coordinates else []
    return panel_page(
        "panel/coding_results.html",
        gmina=gmina,
        section="coding",
        crumbs=[("Kodowanie", url_for("coding.index", gmina_code=gmina.code)), ("Wyniki", None)],
        document=found.document if found else None,
        edition=edition,
        going_on=going_on[0] if going_on else None,
        stages=STAGES,
        campaign=locked[0] if locked else None,
        has_change=found is not None and found.has_change,
    )


@blueprint.get("/kodowanie-<edition_name>.pdf")
@member_of_gmina
def report_pdf(gmina: GminaDescription, edition_name: str) -> Response:
    edition = edition_called(edition_name)
    content = coding_results.pdf(current_context(), gmina.code, edition, current_person().id)
    word = "publiczne" if edition is Edition.PUBLIC else "wewnetrzne"
    return download(content, f"kodowanie-{plain_name(gmina.name)}-{word}.pdf")


@blueprint.get("/interesariusze.csv")
@member_of_gmina
def stakeholders_csv(gmina: GminaDescription) -> Response:
    content = coding_results.stakeholders_csv(current_context(), gmina.code, current_person().id)
    return download(content, f"kody-{plain_name(gmina.name)}.csv")


@blueprint.get("/zmiany.csv")
@member_of_gmina
def changes_csv(gmina: GminaDescription) -> Response:
    content = coding_results.changes_csv(current_context(), gmina.code, current_person().id)
    return download(content, f"zmiany-kodow-{plain_name(gmina.name)}.csv")


@blueprint.get("/kodowanie.xlsx")
@member_of_gmina
def workbook(gmina: GminaDescription) -> Response:
    content = coding_results.workbook(current_context(), gmina.code, current_person().id)
    return download(content, f"kodowanie-{plain_name(gmina.name)}.xlsx")
