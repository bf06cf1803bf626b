"""A start from the source's list, and the catalogue as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import Fault, InvalidInputError
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import starting_catalogue
from survey_app.services.register.catalogue import catalogue_sectors
from survey_app.services.register.export_catalogue import KINDS, export_catalogue
from survey_app.services.register.starting_catalogue import Pick, Suggestion
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("catalogue_files", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog")


@blueprint.get("/zacznij")
@coordinator_of_gmina
def starting(gmina: GminaDescription) -> str:
    return _starting_page(gmina)


@blueprint.post("/zacznij")
@coordinator_of_gmina
def start(gmina: GminaDescription) -> Any:
    typed = request.form
    picked = set(typed.getlist("wybrane"))
    picks = [_pick(one, typed) for one in starting_catalogue.suggestions() if one.id in picked]
    try:
        added = starting_catalogue.add_picked(current_context(), gmina.code, picks, current_person().id)
    except InvalidInputError as error:
        return _starting_page(gmina, typed, error.faults), 422
    flash(f"Dodano do katalogu: {added}.", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


@blueprint.get("/pobierz")
@coordinator_of_gmina
def choosing(gmina: GminaDescription) -> str:
    return panel_page(
        "panel/catalogue_export.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), ("Plik", None)],
    )


@blueprint.post("/pobierz")
@coordinator_of_gmina
def export(gmina: GminaDescription) -> Response:
    kind = request.form.get("rodzaj", "")
    contacts = request.form.get("kontakty") == "1"
    content = export_catalogue(
        current_context(),
        gmina.code,
        kind if kind in KINDS else "xlsx",
        contacts=contacts,
        actor=current_person().id,
    )
    ending = kind if kind in KINDS else "xlsx"
    return download(
        content, f"katalog-{plain_name(gmina.name)}{'-z-kontaktami' if contacts else ''}.{ending}"
    )


def _pick(one: Suggestion, typed: Mapping[str, str]) -> Pick:
    """As typed; the rest as suggested."""
    return Pick(
        id=one.id,
        name=typed.get(f"name-{one.id}", one.name),
        sector=one.sector,
        internal=one.internal,
        stakeholder_type=one.stakeholder_type,
        natural_person=one.natural_person,
    )


def _starting_page(
    gmina: GminaDescription, typed: Mapping[str, str] | None = None, faults: list[Fault] | None = None
) -> str:
    context = current_context()
    picked = set(request.form.getlist("wybrane"))
    groups = [
        (
            title,
            [
                (one, _pick(one, typed or {}))
                for one in starting_catalogue.suggestions()
                if one.internal == own
            ],
        )
        for title, own in (("Wewnętrzni: z gminy", True), ("Zewnętrzni: spoza gminy", False))
    ]
    return panel_page(
        "panel/catalogue_starting.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), ("Lista na początek", None)],
        groups=groups,
        picked=picked,
        present=starting_catalogue.present_suggestions(context, gmina.code),
        sectors=catalogue_sectors(context, gmina.code),
        faults=faults or [],
        errors={fault.where: f"{fault.message} {fault.hint}".strip() for fault in faults or []},
    )
