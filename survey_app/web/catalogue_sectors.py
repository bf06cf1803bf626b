"""Sectors of the team's own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import ConflictError
from survey_app.forms.staff_catalogue import OwnSectorForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import own_sectors
from survey_app.services.register.own_sectors import OwnSector
from survey_app.services.register.sectors import standard_sectors
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("sectors", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog/sektory")


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    return _list_page(gmina, _form())


@blueprint.post("")
@coordinator_of_gmina
def add(gmina: GminaDescription) -> Any:
    form = _form(request.form)
    if not accepted(
        form,
        lambda: own_sectors.add_own_sector(
            current_context(), gmina.code, form.label.data, form.counts_as.data, current_person().id
        ),
    ):
        return _list_page(gmina, form), 422
    flash("Dodano sektor.", "success")
    return _back(gmina)


@blueprint.get("/<string:sector_id>")
@coordinator_of_gmina
def edit(gmina: GminaDescription, sector_id: str) -> str:
    found = own_sectors.own_sector(current_context(), gmina.code, sector_id)
    return _edit_page(gmina, found, _form(None, {"label": found.label, "counts_as": found.counts_as}))


@blueprint.post("/<string:sector_id>")
@coordinator_of_gmina
def save(gmina: GminaDescription, sector_id: str) -> Any:
    context, form = current_context(), _form(request.form)
    found = own_sectors.own_sector(context, gmina.code, sector_id)
    if not accepted(
        form,
        lambda: own_sectors.change_own_sector(
            context, gmina.code, sector_id, form.label.data, form.counts_as.data, current_person().id
        ),
    ):
        return _edit_page(gmina, found, form), 422
    flash("Zapisano sektor.", "success")
    return _back(gmina)


@blueprint.post("/<string:sector_id>/usun")
@coordinator_of_gmina
def remove(gmina: GminaDescription, sector_id: str) -> Any:
    context = current_context()
    try:
        own_sectors.remove_own_sector(context, gmina.code, sector_id, current_person().id)
    except ConflictError as error:
        found = own_sectors.own_sector(context, gmina.code, sector_id)
        form = _form(None, {"label": found.label, "counts_as": found.counts_as})
        form.form_errors = [error.message]
        return _edit_page(gmina, found, form), error.status
    flash("Usunięto sektor.", "success")
    return _back(gmina)


def _form(typed: Any = None, known: dict[str, str] | None = None) -> OwnSectorForm:
    form = OwnSectorForm(typed, data=known)
    form.offer(standard_sectors())
    return form


def _back(gmina: GminaDescription) -> BaseResponse:
    return redirect(url_for("sectors.index", gmina_code=gmina.code))


def _list_page(gmina: GminaDescription, form: OwnSectorForm) -> str:
    return panel_page(
        "panel/catalogue_sectors.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), ("Sektory", None)],
        own=own_sectors.own_sectors_of(current_context(), gmina.code),
        standard=standard_sectors(),
        form=form,
        faults=bool(form.errors),
    )


def _edit_page(gmina: GminaDescription, found: OwnSector, form: OwnSectorForm) -> str:
    return panel_page(
        "panel/catalogue_sector.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[
            ("Katalog", url_for("catalogue.index", gmina_code=gmina.code)),
            ("Sektory", url_for("sectors.index", gmina_code=gmina.code)),
            (found.label, None),
        ],
        found=found,
        form=form,
        faults=bool(form.errors),
    )
