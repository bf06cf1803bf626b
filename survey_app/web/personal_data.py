"""A copy of one's own account's data; and for the administrator, the copy and the erasure of somebody else's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for

from survey_app.errors import ConflictError, NotFoundError
from survey_app.services import accounts, operator_facts
from survey_app.services.personal_data import accounts_data
from survey_app.services.personal_data.readable import KINDS, as_file
from survey_app.web.access import administrator, current_context, current_person, signed_in
from survey_app.web.downloads import download
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("personal_data", __name__, url_prefix="/panel")
OF_ACCOUNT = "/admin/osoba/<int:person_id>"
KIND = f"plik.<any({', '.join(KINDS)}):kind>"


@blueprint.app_template_global("missing_settings")
def missing_settings() -> list[tuple[str, str]]:
    """(setting, what it says) of each that the public pages lack."""
    return operator_facts.missing(current_context().settings)


@blueprint.get("/moje-dane")
@signed_in
def own() -> str:
    found = accounts_data.export_person(current_context(), current_person().id)
    return panel_page("panel/own_data.html", section="account", kept=found)


@blueprint.get(f"/moje-dane/{KIND}")
@signed_in
def own_file(kind: str) -> Response:
    found = accounts_data.export_person(current_context(), current_person().id)
    return download(as_file(found, kind), f"moje-dane.{kind}")


@blueprint.get(f"{OF_ACCOUNT}/dane/{KIND}")
@administrator
def of_account(person_id: int, kind: str) -> Response:
    """Without the team's work, which the administrator may not read."""
    found = accounts_data.export_person(current_context(), person_id, team=False)
    return download(as_file(found, kind), f"konto-{person_id}.{kind}")


@blueprint.get(f"{OF_ACCOUNT}/usuniecie")
@administrator
def erasing(person_id: int) -> str:
    found = _account(person_id)
    return panel_page(
        "panel/account_erasing.html",
        section="admin",
        crumbs=[
            ("Administracja", url_for("admin.index")),
            (found.name, url_for("admin.person", person_id=found.id)),
            ("Usunięcie danych", None),
        ],
        account=found,
        own=found.id == current_person().id,
        erased=accounts.is_erased(found),
        kept=accounts_data.export_person(current_context(), person_id, team=False)["powiązane"],
    )


@blueprint.post(f"{OF_ACCOUNT}/usuniecie")
@administrator
def erase(person_id: int) -> Any:
    found = _account(person_id)
    try:
        clean = accounts_data.erase_account(current_context(), found.id, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
        return redirect(url_for("personal_data.erasing", person_id=found.id), 303)
    if clean:
        flash("Dane konta są usunięte. Zostały oceny i wpisy w śladzie, bez nazwiska.", "success")
    else:
        words = (
            "Dane konta są usunięte. Baza była zajęta, więc nazwisko zniknie z jej plików przy porządkowaniu."
        )
        flash(words, "warning")
    return redirect(url_for("admin.index"), 303)


def _account(person_id: int) -> accounts.Person:
    found = accounts.person(current_context(), person_id)
    if found is None:
        raise NotFoundError("Nie ma takiego konta.")
    return found
