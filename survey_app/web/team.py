"""The panel's first pages: the person's gminas, and where a gmina's team stands."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, url_for

from survey_app import polish
from survey_app.services import accounts, campaigns, catalogue, gminas
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, signed_in
from survey_app.web.next_step import STAGES, next_step
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("team", __name__, url_prefix="/panel")


@blueprint.get("")
@signed_in
def home() -> Any:
    """The only gmina at once; a choice where there are more."""
    person = current_person()
    codes = accounts.gmina_codes(person)
    if len(codes) == 1 and not accounts.is_administrator(person):
        return redirect(url_for("team.gmina", gmina_code=codes[0]))
    own = [gminas.describe(current_context(), code) for code in codes]
    return panel_page("panel/home.html", own=own, administrator=accounts.is_administrator(person))


@blueprint.get("/<string(length=6):gmina_code>")
@coordinator_of_gmina
def gmina(gmina: GminaDescription) -> str:
    context = current_context()
    institutions = len(catalogue.stakeholders(context, gmina.code))
    held = campaigns.campaigns_of(context, gmina.code)
    step = next_step(institutions, held, context.clock())
    return panel_page(
        "panel/gmina.html",
        gmina=gmina,
        section="team",
        step=step,
        stages=STAGES,
        institutions_words=polish.institutions(institutions),
        campaigns_words=polish.counted(len(held), "kampania", "kampanie", "kampanii"),
    )
