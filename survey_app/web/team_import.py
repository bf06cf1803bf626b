"""The catalogue from a file: choose, see every faulty row, and only then save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import InvalidInputError
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import import_catalogue
from survey_app.services.register.catalogue import SPHERES, catalogue_sectors
from survey_app.services.register.catalogue_columns import COLUMNS
from survey_app.services.register.declarations import RESOURCES
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.body_size import takes_file
from survey_app.web.carried_file import pack, unpack
from survey_app.web.downloads import download
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "catalogue_import", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog/wczytaj"
)

SHOWN_ROWS = 20


@blueprint.get("")
@coordinator_of_gmina
def start(gmina: GminaDescription) -> str:
    return _start_page(gmina)


@blueprint.get("/wzor.csv")
@coordinator_of_gmina
def template(gmina: GminaDescription) -> Response:  # noqa: ARG001  (the address is the gmina's)
    return download(import_catalogue.template_csv(), "wzor-katalogu.csv")


@blueprint.post("")
@takes_file
@coordinator_of_gmina
def preview(gmina: GminaDescription) -> Any:
    """Shows what would be saved; saves nothing."""
    upload = request.files.get("plik")
    if upload is None or not upload.filename:
        return _start_page(gmina, InvalidInputError("Prosimy wybrać plik.")), 422
    name, content = upload.filename[-200:], upload.read()
    try:
        read = import_catalogue.read_file(name, content, _sectors(gmina))
    except InvalidInputError as error:
        return _start_page(gmina, error), 422
    return panel_page(
        "panel/catalogue_preview.html",
        gmina=gmina,
        section="catalogue",
        crumbs=_crumbs(gmina, "Podgląd"),
        preview=read,
        fault_rows=[(fault.line, fault.where, fault.message, fault.hint) for fault in read.faults],
        header=["Wiersz", *(COLUMNS[column] for column in read.columns)],
        cell_rows=[
            (row.number, *(row.cells[column] for column in read.columns)) for row in read.rows[:SHOWN_ROWS]
        ],
        carried=pack(name, content) if read.ready else "",
    ), 200 if read.ready else 422


@blueprint.post("/zapisz")
@takes_file
@coordinator_of_gmina
def save(gmina: GminaDescription) -> Any:
    try:
        read = import_catalogue.read_file(*unpack(request.form.get("plik", "")), _sectors(gmina))
        report = import_catalogue.save(current_context(), gmina.code, read, current_person().id)
    except InvalidInputError as error:
        return _start_page(gmina, error), 422
    counts = f"Dodane: {report.added}, zmienione: {report.updated}, bez zmian: {report.unchanged}."
    flash(f"Katalog został wczytany. {counts}", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


def _start_page(gmina: GminaDescription, error: InvalidInputError | None = None) -> str:
    return panel_page(
        "panel/catalogue_import.html",
        gmina=gmina,
        section="catalogue",
        crumbs=_crumbs(gmina, "Wczytanie z pliku"),
        error=error,
        faults=error is not None,
        columns=COLUMNS,
        sectors=_sectors(gmina),
        spheres=SPHERES,
        resources=RESOURCES,
    )


def _sectors(gmina: GminaDescription) -> Mapping[str, str]:
    return catalogue_sectors(current_context(), gmina.code)


def _crumbs(gmina: GminaDescription, here: str) -> list[tuple[str, str | None]]:
    return [("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), (here, None)]
