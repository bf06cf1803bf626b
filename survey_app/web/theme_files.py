"""What was coded in interviews, as files: themes by interviews, and a REFI-QDA project."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import theme_exchange, theme_table
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.interview_frame import interviews_page
from survey_app.web.panel_frame import Link, may_open

blueprint = Blueprint(
    "theme_files", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/tematy/pliki"
)


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    context, person = current_context(), current_person()
    crumbs: list[Link] = [("Pliki", None)]
    if may_open("themes.index", gmina.code):
        crumbs.insert(0, ("Tematy", url_for("themes.index", gmina_code=gmina.code)))
    return interviews_page(
        "panel/theme_files.html",
        gmina,
        crumbs,
        table=theme_table.table(context, gmina.code, person).table,
        contents=theme_exchange.contents(context, gmina.code, person),
    )


@blueprint.get("/tematy-i-wywiady.xlsx")
@coordinator_of_gmina
def table_xlsx(gmina: GminaDescription) -> Response:
    content = theme_table.xlsx(current_context(), gmina.code, current_person())
    return download(content, f"tematy-i-wywiady-{plain_name(gmina.name)}.xlsx")


@blueprint.get("/projekt.qdpx")
@coordinator_of_gmina
def qdpx(gmina: GminaDescription) -> Response:
    """Everything that was said, by letter: that somebody took it is kept."""
    content = theme_exchange.qdpx(current_context(), gmina, current_person())
    return download(content, f"wywiady-{plain_name(gmina.name)}.qdpx")
