"""Uwagi: what people say of a paper, and what became of it; a paper given to others to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app import polish
from survey_app.errors import NotFoundError
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_people import OUTCOMES, AnswerForm, RemarkForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_remarks
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_remarks import Remark, answer_mark
from survey_app.services.method.papers import PaperView
from survey_app.services.register import catalogue
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import accepted
from survey_app.web.paper_frame import address, find, paper_page, to_paper

blueprint = Blueprint(
    "paper_remarks", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>"
)
TAB = "paper_remarks.index"


@blueprint.get("/uwagi")
@member_of_gmina
def index(gmina: GminaDescription, paper_id: int) -> str:
    view = find(gmina, paper_id)
    return _list_page(gmina, view, RemarkForm(data={"number": str(view.newest.number)}))


@blueprint.post("/uwagi")
@member_of_gmina
def add(gmina: GminaDescription, paper_id: int) -> Any:
    view, form = find(gmina, paper_id), RemarkForm(request.form)
    _offer(gmina, view, form)
    if not accepted(
        form,
        lambda: paper_remarks.add(
            current_context(),
            gmina.code,
            paper_id,
            whole_number(form.number.data) or 0,
            form.text.data,
            whole_number(form.stakeholder_id.data),
            current_person().id,
        ),
    ):
        return _list_page(gmina, view, form), 422
    flash("Uwaga jest zapisana.", "success")
    return redirect(address(gmina, view, TAB), 303)


@blueprint.get("/uwagi/<int:remark_id>")
@coordinator_of_gmina
def answering(gmina: GminaDescription, paper_id: int, remark_id: int) -> str:
    found = _remark(gmina, paper_id, remark_id)
    form = AnswerForm(data={"before": answer_mark(found.answered_at), "outcome": found.outcome})
    form.answer.data = found.answer
    return _answer_page(gmina, paper_id, found, form)


@blueprint.post("/uwagi/<int:remark_id>")
@coordinator_of_gmina
def answer(gmina: GminaDescription, paper_id: int, remark_id: int) -> Any:
    """A refused page keeps what was typed; where somebody answered meanwhile, that answer stands above it."""
    form = AnswerForm(request.form)
    if not accepted(
        form,
        lambda: paper_remarks.answer(
            current_context(),
            gmina.code,
            paper_id,
            remark_id,
            form.outcome.data,
            form.answer.data,
            current_person().id,
            form.before.data or "",
        ),
    ):
        found = _remark(gmina, paper_id, remark_id)
        form.before.data = answer_mark(found.answered_at)
        return _answer_page(gmina, paper_id, found, form), 422
    flash("Odpowiedź jest zapisana.", "success")
    return redirect(address(gmina, find(gmina, paper_id), TAB), 303)


@blueprint.get("/konsultacje")
@coordinator_of_gmina
def consulting(gmina: GminaDescription, paper_id: int) -> Any:
    view = find(gmina, paper_id)
    if not rules_of(view.definition).consulted or view.paper.state not in ("draft", "consulted"):
        return to_paper(gmina, view)
    return paper_page("panel/paper_consulting.html", gmina, view, TAB, "Konsultacje")


@blueprint.post("/konsultacje")
@coordinator_of_gmina
def consult(gmina: GminaDescription, paper_id: int) -> Any:
    return _done(gmina, paper_id, paper_remarks.consult, "Pismo jest w konsultacjach.")


@blueprint.post("/konsultacje/koniec")
@coordinator_of_gmina
def end_consultation(gmina: GminaDescription, paper_id: int) -> Any:
    return _done(gmina, paper_id, paper_remarks.end_consultation, "Pismo jest znów szkicem. Uwagi zostają.")


def _done(gmina: GminaDescription, paper_id: int, act: Callable[..., None], told: str) -> Any:
    act(current_context(), gmina.code, paper_id, current_person().id)
    flash(told, "success")
    return to_paper(gmina, find(gmina, paper_id))


def _offer(gmina: GminaDescription, view: PaperView, form: RemarkForm) -> None:
    """Everybody of the catalogue, Zwolennik or not, with the code; for a paper of the team alone, nobody else."""
    if not rules_of(view.definition).consulted:
        return form.offer(())
    codes = paper_remarks.codes(current_context(), gmina.code)
    everyone = catalogue.stakeholders(current_context(), gmina.code)
    return form.offer(
        (one.id, f"{one.name} ({codes[one.id]})" if one.id in codes else one.name) for one in everyone
    )


def _list_page(gmina: GminaDescription, view: PaperView, form: RemarkForm) -> str:
    _offer(gmina, view, form)
    listed = paper_remarks.remarks(current_context(), gmina.code, view.paper.id)
    waiting = sum(1 for one in listed if not one.outcome)
    return paper_page(
        "panel/paper_remarks.html",
        gmina,
        view,
        TAB,
        form=form,
        remarks=listed,
        outcomes=OUTCOMES,
        consulted=rules_of(view.definition).consulted,
        waiting=polish.counted(waiting, "uwaga", "uwagi", "uwag") if waiting else "",
    )


def _answer_page(gmina: GminaDescription, paper_id: int, found: Remark, form: AnswerForm) -> str:
    return paper_page(
        "panel/paper_answer.html",
        gmina,
        find(gmina, paper_id),
        TAB,
        "Odpowiedź",
        form=form,
        found=found,
        outcomes=OUTCOMES,
    )


def _remark(gmina: GminaDescription, paper_id: int, remark_id: int) -> Remark:
    for one in paper_remarks.remarks(current_context(), gmina.code, paper_id):
        if one.id == remark_id:
            return one
    raise NotFoundError(paper_remarks.UNKNOWN)
