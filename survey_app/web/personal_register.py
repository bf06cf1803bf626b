"""Co przechowujemy: the register of a gmina, who answers for its data, and one person's data: found, copied, erased."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import NotFoundError
from survey_app.forms.controller import ControllerForm
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing.interviews import LETTERS, Interview
from survey_app.services.personal_data import contacts, controller, participant_data, register
from survey_app.services.personal_data.readable import JSON, KINDS, TEXT, as_file
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    keeper_of_interview,
    member_of_gmina,
)
from survey_app.web.downloads import download
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint("personal_register", __name__, url_prefix="/panel/<string(length=6):gmina_code>/dane")
participant_blueprint = Blueprint(
    "participant_copy",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/wywiady/<int:interview_id>/osoby",
)
NAME = "Co przechowujemy"
OF_PERSON = "/osoby/<int:stakeholder_id>"
LONGEST_SEARCH = 100


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    entries = register.register(current_context(), gmina.code)
    return panel_page(
        "panel/register.html",
        gmina=gmina,
        section="team",
        crumbs=[(NAME, None)],
        personal=[one for one in entries if one.kind.whose],
        other=[one for one in entries if not one.kind.whose],
        coordinates=accounts.coordinates(current_person(), gmina.code),
    )


# Who answers for the data ---------------------------------------------------------------------------------------


@blueprint.get("/administrator")
@coordinator_of_gmina
def controller_page(gmina: GminaDescription) -> str:
    known = controller.controller(current_context(), gmina.code)
    return _controller_page(gmina, ControllerForm(data=asdict(known)))


@blueprint.post("/administrator")
@coordinator_of_gmina
def keep_controller(gmina: GminaDescription) -> Any:
    form = ControllerForm(request.form)

    def keep() -> None:
        wanted = controller.Controller(**{name: form[name].data or "" for name in form.data})
        controller.keep(current_context(), gmina.code, wanted, current_person().id)

    if not accepted(form, keep):
        return _controller_page(gmina, form, faults=True), 422
    flash("Zapisane. Informacje dla uczestników wywiadów są uzupełnione.", "success")
    return redirect(url_for("personal_register.controller_page", gmina_code=gmina.code), 303)


# One contact person ---------------------------------------------------------------------------------------------


@blueprint.get("/osoby")
@coordinator_of_gmina
def people(gmina: GminaDescription) -> str:
    text = request.args.get("szukaj", "")[:LONGEST_SEARCH]
    return panel_page(
        "panel/contacts.html",
        gmina=gmina,
        section="team",
        crumbs=[_first(gmina), ("Dane jednej osoby", None)],
        text=text,
        shortest=contacts.SHORTEST,
        found=contacts.search(current_context(), gmina.code, text) if text.strip() else None,
    )


@blueprint.get(f"{OF_PERSON}/plik.<any({', '.join(KINDS)}):kind>")
@coordinator_of_gmina
def contact_copy(gmina: GminaDescription, stakeholder_id: int, kind: str) -> Response:
    found = contacts.export(current_context(), gmina.code, stakeholder_id, current_person().id)
    return download(as_file(found, kind), f"osoba-{gmina.code}-{stakeholder_id}.{kind}")


@blueprint.get(f"{OF_PERSON}/usuniecie")
@coordinator_of_gmina
def erasing(gmina: GminaDescription, stakeholder_id: int) -> str:
    known = contacts.everyone(current_context(), gmina.code)
    contact = next((one for one in known if one.stakeholder_id == stakeholder_id), None)
    if contact is None:
        raise NotFoundError(contacts.NOT_KEPT)
    search: Link = ("Dane jednej osoby", url_for("personal_register.people", gmina_code=gmina.code))
    return panel_page(
        "panel/contact_erasing.html",
        gmina=gmina,
        section="team",
        crumbs=[_first(gmina), search, ("Usunięcie", None)],
        contact=contact,
    )


@blueprint.post(f"{OF_PERSON}/usuniecie")
@coordinator_of_gmina
def erase(gmina: GminaDescription, stakeholder_id: int) -> Any:
    try:
        contacts.erase(current_context(), gmina.code, stakeholder_id, current_person().id)
    except NotFoundError as error:
        flash(error.message, "warning")
    else:
        flash("Osoba do kontaktu jest usunięta. Instytucja zostaje w katalogu.", "success")
    return redirect(url_for("personal_register.people", gmina_code=gmina.code), 303)


# One participant of an interview ----------------------------------------------------------------------------------


@participant_blueprint.get(f"/<any({', '.join(LETTERS)}):letter>/kopia.txt")
@keeper_of_interview
def as_text(gmina: GminaDescription, interview: Interview, letter: str) -> Response:
    return _participant_file(gmina, interview, letter, TEXT)


@participant_blueprint.get(f"/<any({', '.join(LETTERS)}):letter>/kopia.json")
@keeper_of_interview
def as_json(gmina: GminaDescription, interview: Interview, letter: str) -> Response:
    return _participant_file(gmina, interview, letter, JSON)


def _participant_file(gmina: GminaDescription, interview: Interview, letter: str, kind: str) -> Response:
    found = participant_data.export(current_context(), gmina.code, interview.id, letter, current_person().id)
    return download(as_file(found, kind), f"wywiad-{interview.id}-osoba-{letter}.{kind}")


def _controller_page(gmina: GminaDescription, form: ControllerForm, *, faults: bool = False) -> str:
    return panel_page(
        "panel/controller.html",
        gmina=gmina,
        section="team",
        crumbs=[_first(gmina), ("Administrator danych", None)],
        form=form,
        faults=faults,
        missing=controller.controller(current_context(), gmina.code).missing,
    )


def _first(gmina: GminaDescription) -> Link:
    return NAME, url_for("personal_register.index", gmina_code=gmina.code)
