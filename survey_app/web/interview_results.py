"""What interviews brought, for the gmina's team: the report as a page, and as PDF in both editions."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from survey_app.analysis.edition import Edition
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import interview_results
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.downloads import download, plain_name
from survey_app.web.editions import edition_called
from survey_app.web.interview_frame import interviews_page

blueprint = Blueprint(
    "interview_results", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/wyniki"
)


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    """The team's own edition unless the public one is asked for; before anybody was heard, what is missing."""
    edition = edition_called(request.args.get("wydanie", "wewnetrzne"))
    return interviews_page(
        "panel/interview_results.html",
        gmina,
        [("Wyniki", None)],
        document=interview_results.document(current_context(), gmina, edition),
        edition=edition,
        coordinates=accounts.coordinates(current_person(), gmina.code),
        files=url_for("theme_files.index", gmina_code=gmina.code),
    )


@blueprint.get("/wywiady-<edition_name>.pdf")
@member_of_gmina
def report_pdf(gmina: GminaDescription, edition_name: str) -> Response:
    edition = edition_called(edition_name)
    content = interview_results.pdf(current_context(), gmina, edition, current_person().id)
    word = "publiczne" if edition is Edition.PUBLIC else "wewnetrzne"
    return download(content, f"wywiady-{plain_name(gmina.name)}-{word}.pdf")
