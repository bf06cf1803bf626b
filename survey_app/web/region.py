"""A region's report for those who were appointed to read it (ROPS, ministry); and the gmina's own switch."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.analysis.disclosure.rollup import PART
from survey_app.services.gminas import GminaDescription
from survey_app.services.rollup import region_files, region_report, regions
from survey_app.services.rollup.region_report import RegionReport
from survey_app.services.rollup.regions import Region
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, region_reader
from survey_app.web.downloads import download
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("region", __name__, url_prefix="/panel/region")
row_blueprint = Blueprint("region_row", __name__, url_prefix="/panel")


@blueprint.get("/<string(maxlength=4):region_code>")
@region_reader
def show(region: Region) -> str:
    report = _report(region)
    return panel_page(
        "panel/region.html",
        section="region",
        crumbs=[(region.label, None)],
        region=region,
        report=report,
        document=report.document(),
        inside=[(row.id, row.label) for row in report.roll_up.response.rows if row.level == PART],
        chosen=request.args.get("ankieta"),
    )


@blueprint.get("/<string(maxlength=4):region_code>/raport.pdf")
@region_reader
def report_pdf(region: Region) -> Response:
    report = _report(region)
    return download(region_files.region_pdf(report), region_files.file_name(report, "pdf", "raport"))


@blueprint.get("/<string(maxlength=4):region_code>/raport.docx")
@region_reader
def report_docx(region: Region) -> Response:
    report = _report(region)
    return download(region_files.region_docx(report), region_files.file_name(report, "docx", "raport"))


@blueprint.get("/<string(maxlength=4):region_code>/zestawienie.csv")
@region_reader
def table_csv(region: Region) -> Response:
    report = _report(region)
    return download(region_files.region_csv(report), region_files.file_name(report, "csv"))


@blueprint.get("/<string(maxlength=4):region_code>/zestawienie.xlsx")
@region_reader
def table_xlsx(region: Region) -> Response:
    report = _report(region)
    return download(region_files.region_xlsx(report), region_files.file_name(report, "xlsx"))


@row_blueprint.get("/<string(length=6):gmina_code>/region", endpoint="show")
@coordinator_of_gmina
def show_row(gmina: GminaDescription) -> str:
    return panel_page(
        "panel/region_row.html",
        gmina=gmina,
        section="team",
        crumbs=[("Zestawienia regionu", None)],
        shows=regions.shows_its_row(current_context(), gmina.code),
    )


@row_blueprint.post("/<string(length=6):gmina_code>/region", endpoint="save")
@coordinator_of_gmina
def switch(gmina: GminaDescription) -> Any:
    shows = request.form.get("pokazuje") == "tak"
    regions.show_row(current_context(), gmina.code, shows=shows, actor=current_person().id)
    flash(
        "Region widzi teraz wiersz tej gminy." if shows else "Region nie widzi wiersza tej gminy.", "success"
    )
    return redirect(url_for("region_row.show", gmina_code=gmina.code))


def _report(region: Region) -> RegionReport:
    return region_report.report(current_context(), region.code, request.args.get("ankieta"))
