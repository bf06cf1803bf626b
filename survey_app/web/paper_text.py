"""Treść: the text of a paper edited by hand, and back to the one that follows from the fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app.errors import Fault, SurveyError
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_page import edited_faults
from survey_app.forms.staff_fields import StaffForm
from survey_app.forms.typed_text import clean_text, from_word, shown
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import papers
from survey_app.services.method.paper_text import known_places
from survey_app.services.method.papers import Content, PaperView
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.body_size import takes_up_to
from survey_app.web.paper_frame import (
    MadeFrom,
    address,
    after_saving,
    by_place,
    closed_already,
    compared,
    find,
    is_advice,
    is_calculator,
    made_from,
    number_beside,
    paper_page,
    text_of_version,
    to_paper,
)
from survey_app.web.papers import LARGEST

blueprint = Blueprint(
    "paper_text", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>/tresc"
)
TAB = "paper_text.edit"
COMPUTED = "Treść kalkulatora wynika z założeń. Żeby ją zmienić, prosimy zmienić założenia."
NO_TEXT = "To pismo tylko doradza: nie ma treści, którą można by poprawić."


@blueprint.get("")
@member_of_gmina
def edit(gmina: GminaDescription, paper_id: int) -> Any:
    view = find(gmina, paper_id)
    if away := _elsewhere(gmina, view):
        return away
    held = view.newest.text
    text = text_of_version(gmina, view, view.newest) if held is None else held
    return _page(
        gmina, view, text, MadeFrom(view.newest.number, number_beside(view, request.args.get("scal")))
    )


@blueprint.post("")
@takes_up_to(LARGEST)
@member_of_gmina
def save(gmina: GminaDescription, paper_id: int) -> Any:
    """The whole text as a version; the fields stay as they were in the version that the page was made from."""
    view = find(gmina, paper_id)
    if is_calculator(view):
        return _elsewhere(gmina, view)
    origin, faults = made_from(view, request.form)
    typed = from_word(request.form.get("text", ""))
    text = clean_text(typed)
    if faults := [*edited_faults(text, known_places(view.definition)), *faults]:
        return _page(gmina, view, shown(typed), origin, faults), 422
    base = view.version(origin.base)
    try:
        saved = papers.save(
            current_context(),
            gmina.code,
            paper_id,
            origin.base,
            Content(base.answers, base.tables, text),
            current_person().id,
            said=origin.said,
            settles=origin.settles,
        )
    except SurveyError as error:
        return _page(gmina, view, shown(typed), origin, [Fault("paper", "", error.message)]), error.status
    return after_saving(gmina, paper_id, saved, view.newest.number)


@blueprint.get("/z-pol")
@member_of_gmina
def restoring(gmina: GminaDescription, paper_id: int) -> Any:
    """What the text will read like, before the edited one makes room for it."""
    view = find(gmina, paper_id)
    if away := _elsewhere(gmina, view):
        return away
    if view.newest.text is None:
        return to_paper(gmina, view)
    return paper_page("panel/paper_text_restoring.html", gmina, view, TAB, "Powrót do treści z pól")


@blueprint.post("/z-pol")
@member_of_gmina
def restore(gmina: GminaDescription, paper_id: int) -> Any:
    """The edited text stays in the history."""
    view, form = find(gmina, paper_id), StaffForm(request.form)
    base = whole_number(request.form.get("base"))
    if away := _elsewhere(gmina, view):
        return away
    if not form.validate() or base != view.newest.number:
        if view.newest.text is None:  # the same button, pressed twice
            return to_paper(gmina, view)
        flash(
            "Ktoś zapisał w tym czasie nową wersję. Prosimy ją obejrzeć i zdecydować jeszcze raz.", "warning"
        )
        return redirect(address(gmina, view, "paper_text.restoring"), 303)
    content = Content(view.newest.answers, view.newest.tables, None)
    saved = papers.save(
        current_context(),
        gmina.code,
        paper_id,
        base,
        content,
        current_person().id,
        said="Powrót do treści z pól",
    )
    return after_saving(gmina, paper_id, saved, view.newest.number)


def _elsewhere(gmina: GminaDescription, view: PaperView) -> Any:
    """Away from a paper whose text cannot be edited; None where it can."""
    if is_advice(view):
        flash(NO_TEXT, "warning")
        return to_paper(gmina, view)
    if is_calculator(view):
        flash(COMPUTED, "warning")
        return to_paper(gmina, view)
    return closed_already(gmina, view)


def _page(
    gmina: GminaDescription, view: PaperView, text: str, origin: MadeFrom, faults: Sequence[Fault] = ()
) -> str:
    return paper_page(
        "panel/paper_text.html",
        gmina,
        view,
        TAB,
        text=text,
        origin=origin,
        faults=faults,
        errors=by_place(faults),
        difference=compared(gmina, view, origin.settles, origin.base) if origin.settles else None,
        edited=view.newest.text is not None,
    )
