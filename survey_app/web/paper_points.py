"""Punkty: every member gives each row of a form 1 to 5 points, alone; nobody sees another's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app import polish
from survey_app.errors import Fault, InvalidInputError, SurveyError
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_points
from survey_app.services.method.papers import PaperView
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.paper_frame import address, by_place, find, paper_page

blueprint = Blueprint(
    "paper_points", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>/punkty"
)
TAB = "paper_points.index"
FIELD = "punkty-"
CHOICES = [(str(one), str(one)) for one in range(paper_points.LOWEST, paper_points.HIGHEST + 1)]


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription, paper_id: int) -> str:
    return _page(gmina, find(gmina, paper_id), {})


@blueprint.post("")
@member_of_gmina
def give(gmina: GminaDescription, paper_id: int) -> Any:
    view = find(gmina, paper_id)
    typed = {name.removeprefix(FIELD): text for name, text in request.form.items() if name.startswith(FIELD)}
    known = {"": None, **{text: int(text) for text, _ in CHOICES}}
    given = {row_id: known.get(text.strip(), 0) for row_id, text in typed.items()}
    try:
        gone = paper_points.give(current_context(), view, given, current_person().id, gmina.code)
    except InvalidInputError as error:
        return _page(gmina, view, typed, error.faults), error.status
    except SurveyError as error:
        return _page(gmina, view, typed, [Fault("points", "", error.message)]), error.status
    flash("Punkty są zapisane.", "success")
    if gone:
        rows = polish.counted(gone, "wiersza", "wierszy", "wierszy")
        flash(f"Punktów do {rows} nie zapisano: ktoś usunął tę część tabeli.", "warning")
    return redirect(address(gmina, view, TAB), 303)


def _page(
    gmina: GminaDescription, view: PaperView, typed: dict[str, str], faults: list[Fault] | None = None
) -> str:
    rows = paper_points.rows(current_context(), view, current_person().id)
    return paper_page(
        "panel/paper_points.html",
        gmina,
        view,
        TAB,
        table=paper_points.pointed_table(view),
        rows=rows,
        values={one.row_id: typed.get(one.row_id, str(one.mine or "")) for one in rows},
        choices=CHOICES,
        faults=faults or [],
        errors=by_place(faults or []),
        least=paper_points.LEAST,
    )
