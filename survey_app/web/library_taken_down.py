"""The administrator takes an item of the library off the public page, with a reason, and puts it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import ConflictError
from survey_app.forms.library import TakeDownForm
from survey_app.services.library import items, search, take_down
from survey_app.services.library.items import Scope
from survey_app.web.access import administrator, current_context, current_person
from survey_app.web.library import NAME
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint("library_taken_down", __name__, url_prefix="/panel/admin/biblioteczka")
EVERYBODY = Scope()


@blueprint.get("/zdjete")
@administrator
def index() -> str:
    context = current_context()
    found = take_down.everywhere(context)
    owners = search.owners_of(context, found)
    return _page("panel/library_taken_down.html", [("Zdjęte", None)], taken_down=found, owners=owners)


@blueprint.get("/<int:item_id>/zdjecie")
@administrator
def asking(item_id: int) -> str:
    return _asking_page(item_id, TakeDownForm())


@blueprint.post("/<int:item_id>/zdjecie")
@administrator
def take(item_id: int) -> Any:
    form = TakeDownForm(request.form)
    context, actor = current_context(), current_person().id
    if not accepted(form, lambda: take_down.take_down(context, item_id, form.reason.data or "", actor)):
        if any(one.id == item_id for one in take_down.everywhere(context)):
            flash("Ta pozycja jest już zdjęta ze strony publicznej.", "info")
            return redirect(url_for("library_taken_down.index"), 303)
        return _asking_page(item_id, form), 422
    flash("Pozycji nie ma już na stronie publicznej. Jej właściciel widzi powód.", "success")
    return redirect(url_for("library_taken_down.index"), 303)


@blueprint.post("/<int:item_id>/przywrocenie")
@administrator
def put_back(item_id: int) -> Any:
    try:
        take_down.put_back(current_context(), item_id, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
    else:
        flash("Pozycja stoi znowu na stronie publicznej.", "success")
    return redirect(url_for("library_taken_down.index"), 303)


def _asking_page(item_id: int, form: TakeDownForm) -> str:
    context = current_context()
    found = items.item(context, EVERYBODY, item_id)
    back = url_for("library_admin.show", item_id=item_id)
    return _page(
        "panel/library_taking_down.html",
        [(found.item.title, back), ("Zdjęcie ze strony publicznej", None)],
        found=found,
        form=form,
        owner=search.owner_of(context, found.item),
    )


def _page(template: str, crumbs: list[Link], **words: Any) -> str:
    above: list[Link] = [("Administracja", url_for("admin.index")), (NAME, url_for("library_admin.index"))]
    return panel_page(template, section="admin", crumbs=[*above, *crumbs], **words)
