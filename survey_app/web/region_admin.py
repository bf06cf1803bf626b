"""The administrator gives and takes the right to read roll-ups, and reads none of them (METHOD, "Who uses it")."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.forms.region import ApiKeyForm, RegionReaderForm
from survey_app.services import accounts
from survey_app.services.rollup import api_keys, regions
from survey_app.web.access import administrator, current_context, current_person
from survey_app.web.account_links import access_words
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("region_admin", __name__, url_prefix="/panel/admin/region")


@blueprint.get("")
@administrator
def index() -> str:
    context = current_context()
    readers = [
        (person, one)
        for person in accounts.everyone(context)
        for one in regions.readable_regions(context, person)
        if person.active
    ]
    return _page("panel/region_admin.html", readers=readers, keys=api_keys.everyone(context))


@blueprint.get("/czytelnik")
@administrator
def new_reader() -> str:
    return _page("panel/region_reader.html", "Nowy czytelnik", form=RegionReaderForm())


@blueprint.post("/czytelnik")
@administrator
def add_reader() -> Any:
    form, made = RegionReaderForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            regions.appoint(
                current_context(),
                form.email.data,
                form.name.data,
                form.region_code.data,
                current_person().id,
            )
        ),
    ):
        return _page("panel/region_reader.html", "Nowy czytelnik", form=form, faults=True), 422
    return _page("panel/admin_access.html", "Nowy czytelnik", **access_words(form.email.data, made[0]))


@blueprint.post("/czytelnik/<int:person_id>/<string(maxlength=4):region_code>/odebranie")
@administrator
def remove_reader(person_id: int, region_code: str) -> Any:
    regions.dismiss(current_context(), person_id, region_code, current_person().id)
    flash("Ta osoba nie czyta już zestawień tego obszaru.", "success")
    return redirect(url_for("region_admin.index"))


@blueprint.get("/klucz")
@administrator
def new_key() -> str:
    return _page("panel/api_key_new.html", "Nowy klucz", form=ApiKeyForm())


@blueprint.post("/klucz")
@administrator
def issue_key() -> Any:
    """The key is on the page that answers, and nowhere else."""
    form, made = ApiKeyForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            api_keys.issue(current_context(), form.region_code.data, form.label.data, current_person().id)
        ),
    ):
        return _page("panel/api_key_new.html", "Nowy klucz", form=form, faults=True), 422
    return _page("panel/api_key_issued.html", "Nowy klucz", key=made[0], label=form.label.data)


@blueprint.post("/klucz/<int:key_id>/uniewaznienie")
@administrator
def revoke_key(key_id: int) -> Any:
    api_keys.revoke(current_context(), key_id, current_person().id)
    flash("Klucz jest unieważniony i od razu nie działa.", "success")
    return redirect(url_for("region_admin.index"))


def _page(template: str, here: str | None = None, **words: Any) -> str:
    index_url = url_for("region_admin.index")
    crumbs = [("Administracja", url_for("admin.index")), ("Zestawienia regionu", index_url if here else None)]
    if here:
        crumbs.append((here, None))
    return panel_page(template, section="admin", crumbs=crumbs, **words)
