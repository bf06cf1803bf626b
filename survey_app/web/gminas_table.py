"""Several gminas side by side (document 002, Tabela 2), from files that are read and not kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from survey_app.errors import ConflictError
from survey_app.services import accounts, gminas
from survey_app.services.coding import coding_history, gminas_table
from survey_app.services.coding import gminas_table_file as table_file
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import current_context, current_person, member_of_gmina, signed_in
from survey_app.web.body_size import takes_file
from survey_app.web.downloads import download, inside_page, plain_name
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("gminas_table", __name__, url_prefix="/panel")

MOST_FILES = 200
FILE_NAME = "zestawienie-gmin"


@blueprint.get("/zestawienie")
@signed_in
def start() -> str:
    return _start_page()


@blueprint.post("/zestawienie")
@takes_file
@signed_in
def show() -> Any:
    """The table of the files that are right, and every fault of those that are not."""
    files = [file for file in request.files.getlist("pliki") if file.filename]
    if not files:
        return _start_page("Prosimy wybrać pliki."), 422
    if len(files) > MOST_FILES:
        return _start_page(f"Najwyżej {MOST_FILES} plików naraz. Prosimy wybrać mniej."), 422
    frame, faults = gminas_table.read_files([((one.filename or "")[-200:], one.read()) for one in files])
    table = gminas_table.table(frame) if len(frame) else None
    page = panel_page(
        "panel/gminas_table.html",
        crumbs=[("Zestawienie gmin", None)],
        table=table,
        fault_rows=[(one.where, one.line or "–", one.message, one.hint) for one in faults],
        faults=bool(faults),
        note=table_file.NOTE,
        **(_tables(table) if table else {}),
    )
    return page, 422 if faults else 200


@blueprint.get("/<string(length=6):gmina_code>/kodowanie/zestawienie.csv")
@member_of_gmina
def own_file(gmina: GminaDescription) -> Response:
    """The gmina's own file: counts of its closed rounds, no names of stakeholders."""
    history = coding_history.history(current_context(), gmina.code)
    if not history.rounds:
        raise ConflictError(
            "W tej gminie nie ma jeszcze zamkniętej tury kodowania, więc nie ma czego zapisać."
        )
    return download(gminas_table.coding_file(history, gmina), f"kodowanie-{plain_name(gmina.name)}.csv")


def _start_page(error: str = "") -> str:
    context = current_context()
    own = [gminas.describe(context, code) for code in accounts.member_gmina_codes(current_person())]
    coded = [one for one in own if coding_history.history(context, one.code).rounds]
    return panel_page(
        "panel/gminas_table_start.html",
        crumbs=[("Zestawienie gmin", None)],
        error=error,
        faults=bool(error),
        coded=coded,
        uncoded=[one.name for one in own if one not in coded],
    )


def _tables(table: Any) -> dict[str, Any]:
    return {
        "header": table_file.HEADER,
        "rows": table_file.shown(table_file.gmina_rows(table)),
        "measures": table_file.shown(table_file.measure_rows(table)),
        "wojewodztwa_header": table_file.WOJEWODZTWA_HEADER,
        "wojewodztwa": table_file.shown(table_file.wojewodztwo_rows(table)),
        "known_header": table_file.KNOWN_HEADER,
        "known": table_file.shown(table_file.known_rows(table)),
        "csv": inside_page(table_file.table_csv(table), f"{FILE_NAME}.csv"),
        "xlsx": inside_page(table_file.table_xlsx(table), f"{FILE_NAME}.xlsx"),
        "file_name": FILE_NAME,
    }
