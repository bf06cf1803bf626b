"""Ślad: who did what in the gmina's team, and whether anybody changed that record."""

from __future__ import annotations

from flask import Blueprint, request

from survey_app.services import trace
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_gmina, current_context
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("trace", __name__, url_prefix="/panel/<string(length=6):gmina_code>/slad")
_MOST_DIGITS = 9  # of a place: a longer number names nothing


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    asked = request.args.get("przed", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= _MOST_DIGITS else 0
    context, whole = current_context(), "calosc" in request.args
    lines = trace.page(context, gmina.code, before)
    return panel_page(
        "panel/trace.html",
        gmina=gmina,
        section="team",
        crumbs=[("Ślad", None)],
        lines=lines,
        older=lines[-1].place if lines and lines[-1].place > 1 and len(lines) == trace.PAGE else None,
        later=bool(before),
        state=trace.check(context, gmina.code) if whole else trace.check_shown(context, gmina.code, lines),
        checked_at=context.clock(),
        years=trace.KEPT_YEARS,
    )
