"""Sieć: the local network as a graph, a list and files; and what a platform of cooperation above it is."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from markupsafe import Markup

from survey_app.analysis.charts.network import MOST_DOTS, MOST_TEAMS, NARROW, network_chart
from survey_app.analysis.charts.primitives import Chart
from survey_app.services.gminas import GminaDescription
from survey_app.services.registers import network
from survey_app.services.registers.network import Network
from survey_app.services.rollup.regions import Region
from survey_app.web.access import current_context, member_of_gmina, region_reader
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import Link, panel_page

blueprint = Blueprint("local_network", __name__, url_prefix="/panel/<string(length=6):gmina_code>/siec")
region_blueprint = Blueprint("platform", __name__, url_prefix="/panel/region")

NAME = "Sieć"
SECTION = "registers"
REGISTERS = "Plan i rejestry"
PLATFORM = "Platforma współpracy"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    from survey_app.analysis.charts.svg import to_svg

    found = network.network(current_context(), gmina.code)
    chart = _chart(found, narrow=True)
    return panel_page(
        "panel/network.html",
        gmina=gmina,
        section=SECTION,
        crumbs=[_registers(gmina), (NAME, None)],
        found=found,
        chart=chart,
        fits=chart.width <= NARROW,
        parts=[(f"{words[:1].upper()}{words[1:]}", number) for words, number in found.by_part.items()],
        # Safe as markup: `to_svg` escapes every text that it is given.
        svg=Markup(to_svg(chart, "siec")),  # noqa: S704
        header=network.HEADER,
        rows=network.rows(found),
        most_teams=MOST_TEAMS,
        most_dots=MOST_DOTS,
    )


@blueprint.get("/graf.svg")
@member_of_gmina
def graph_svg(gmina: GminaDescription) -> Response:
    from survey_app.analysis.charts.pictures import to_office_svg

    chart = _chart(network.network(current_context(), gmina.code))
    return download(to_office_svg(chart, "siec"), f"siec-{plain_name(gmina.name)}.svg")


@blueprint.get("/tabela.csv")
@member_of_gmina
def table_csv(gmina: GminaDescription) -> Response:
    content = network.network_csv(network.network(current_context(), gmina.code))
    return download(content, f"siec-{plain_name(gmina.name)}.csv")


@blueprint.get("/platforma")
@member_of_gmina
def platform(gmina: GminaDescription) -> str:
    recommended, principles = network.platform_words()
    return panel_page(
        "panel/platform.html",
        gmina=gmina,
        section=SECTION,
        crumbs=[
            _registers(gmina),
            (NAME, url_for("local_network.index", gmina_code=gmina.code)),
            (PLATFORM, None),
        ],
        region=None,
        recommended=recommended,
        principles=principles,
    )


@region_blueprint.get("/<string(maxlength=4):region_code>/platforma", endpoint="show")
@region_reader
def region_platform(region: Region) -> str:
    recommended, principles = network.platform_words()
    return panel_page(
        "panel/platform.html",
        section="region",
        crumbs=[(region.label, url_for("region.show", region_code=region.code)), (PLATFORM, None)],
        region=region,
        recommended=recommended,
        principles=principles,
    )


def _chart(found: Network, *, narrow: bool = False) -> Chart:
    dots, teams = network.graph(found)
    return network_chart(found.entry.title if found.entry else "Bez sieci", dots, teams, narrow)


def _registers(gmina: GminaDescription) -> Link:
    return REGISTERS, url_for("registers.index", gmina_code=gmina.code)
