"""An entry of the catalogue leaves it, and comes back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.forms.staff_catalogue import LeavingForm, ReturnForm
from survey_app.forms.staff_fields import StaffForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue
from survey_app.services.register.catalogue_history import entry_history
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import accepted, panel_page
from survey_app.web.team_catalogue import back_to_entry, entry_crumbs

blueprint = Blueprint(
    "catalogue_stays",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/katalog/<int:stakeholder_id>",
)


@blueprint.get("/odejscie")
@coordinator_of_gmina
def leaving(gmina: GminaDescription, stakeholder_id: int) -> str:
    """What it means that an institution leaves, before it does."""
    return _page("panel/stakeholder_leaving.html", gmina, stakeholder_id, LeavingForm(), "Wypisanie")


@blueprint.post("/odejscie")
@coordinator_of_gmina
def leave(gmina: GminaDescription, stakeholder_id: int) -> Any:
    context, form = current_context(), LeavingForm(request.form)
    catalogue.stakeholder(context, gmina.code, stakeholder_id)
    if not accepted(
        form,
        lambda: catalogue.mark_left(
            context, gmina.code, stakeholder_id, current_person().id, form.reason.data, form.left_on.data
        ),
    ):
        return _page("panel/stakeholder_leaving.html", gmina, stakeholder_id, form, "Wypisanie"), 422
    flash("Interesariusza nie ma już w katalogu. Jego dane kontaktowe zostały usunięte.", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


@blueprint.get("/powrot")
@coordinator_of_gmina
def returning(gmina: GminaDescription, stakeholder_id: int) -> str:
    return _page("panel/stakeholder_returning.html", gmina, stakeholder_id, ReturnForm(), "Powrót")


@blueprint.post("/powrot")
@coordinator_of_gmina
def come_back(gmina: GminaDescription, stakeholder_id: int) -> Any:
    context, form = current_context(), ReturnForm(request.form)
    catalogue.stakeholder(context, gmina.code, stakeholder_id)
    if not accepted(
        form,
        lambda: catalogue.come_back(
            context, gmina.code, stakeholder_id, current_person().id, form.joined_on.data
        ),
    ):
        return _page("panel/stakeholder_returning.html", gmina, stakeholder_id, form, "Powrót"), 422
    flash("Interesariusz wrócił do katalogu. Dane kontaktowe trzeba wpisać od nowa.", "success")
    return back_to_entry(gmina, stakeholder_id)


def _page(template: str, gmina: GminaDescription, stakeholder_id: int, form: StaffForm, here: str) -> str:
    entry = catalogue.stakeholder(current_context(), gmina.code, stakeholder_id)
    return panel_page(
        template,
        gmina=gmina,
        section="catalogue",
        crumbs=entry_crumbs(gmina, entry, here),
        entry=entry,
        form=form,
        open_rounds=entry_history(current_context(), gmina.code, stakeholder_id).open_rounds,
        faults=bool(form.errors),
    )
