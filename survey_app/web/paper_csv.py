"""A table of a paper as a file: written, and read into the form to be looked at before it is saved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from survey_app.errors import Fault, InvalidInputError
from survey_app.forms.paper_page import begun
from survey_app.instrument.paper_model import RowTable
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_csv
from survey_app.services.method.papers import PaperView, content_of
from survey_app.web.access import member_of_gmina
from survey_app.web.body_size import takes_up_to
from survey_app.web.downloads import download, plain_name
from survey_app.web.paper_frame import MadeFrom, closed_already, find, paper_page
from survey_app.web.papers import fill_page

blueprint = Blueprint(
    "paper_csv",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>/tabele/<table_id>",
)
LARGEST = 2 * 1024 * 1024
NO_FILE = "Prosimy wybrać plik."


@blueprint.get("/plik.csv")
@member_of_gmina
def table_file(gmina: GminaDescription, paper_id: int, table_id: str) -> Response:
    view = find(gmina, paper_id)
    table = paper_csv.table_of(view.definition, table_id)
    content = paper_csv.written(table, view.newest.tables.get(table.id, ()))
    return download(content, f"{plain_name(table.title)}-{plain_name(gmina.name)}.csv")


@blueprint.get("/wczytaj")
@member_of_gmina
def choosing(gmina: GminaDescription, paper_id: int, table_id: str) -> Any:
    view = find(gmina, paper_id)
    table = paper_csv.table_of(view.definition, table_id)
    return closed_already(gmina, view) or _page(gmina, view, table)


@blueprint.post("/wczytaj")
@takes_up_to(LARGEST)
@member_of_gmina
def load(gmina: GminaDescription, paper_id: int, table_id: str) -> Any:
    """The form with the file's rows in it, not saved; where the file is at fault, every fault and nothing else."""
    view, upload = find(gmina, paper_id), request.files.get("plik")
    table = paper_csv.table_of(view.definition, table_id)
    if away := closed_already(gmina, view):
        return away
    if upload is None or not upload.filename:
        return _page(gmina, view, table, [Fault("no_file", "plik", NO_FILE)]), 422
    held = content_of(view.newest)
    try:
        rows = paper_csv.read(table, upload.filename, upload.read(), held.tables.get(table.id, ()))
    except InvalidInputError as error:
        return _page(gmina, view, table, error.faults or [Fault("file", "plik", error.message)]), error.status
    page = begun(view.definition, held.answers, {**held.tables, table.id: rows})
    return fill_page(gmina, view, page, MadeFrom(view.newest.number), from_file=table.title)


def _page(
    gmina: GminaDescription, view: PaperView, table: RowTable, faults: list[Fault] | None = None
) -> str:
    return paper_page(
        "panel/paper_csv.html",
        gmina,
        view,
        "papers.edit",
        "Tabela z pliku",
        table=table,
        row_heading=(table.heading or paper_csv.ROW_HEADING) if table.rows else "",
        faults=faults or [],
    )
