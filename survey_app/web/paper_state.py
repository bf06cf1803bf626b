"""A paper is agreed to, opened again, withdrawn: by the coordinator, each after a page that says what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, request

from survey_app import polish
from survey_app.forms.interviews import whole_number
from survey_app.forms.papers import AgreeForm
from survey_app.instrument.paper_text import BLANK
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_remarks import waiting
from survey_app.services.method.paper_sources import unsourced
from survey_app.services.method.paper_text import version_text
from survey_app.services.method.papers import PaperView
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import accepted
from survey_app.web.paper_frame import find, paper_page, to_paper

blueprint = Blueprint(
    "paper_state", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>"
)
TAB = "papers.show"


@blueprint.get("/uzgodnienie")
@coordinator_of_gmina
def agreeing(gmina: GminaDescription, paper_id: int) -> str:
    view = find(gmina, paper_id)
    today = current_context().today()
    return _agree_page(gmina, view, AgreeForm(data={"number": str(view.newest.number), "agreed_on": today}))


@blueprint.post("/uzgodnienie")
@coordinator_of_gmina
def agree(gmina: GminaDescription, paper_id: int) -> Any:
    """The version that the page showed, unless somebody saved another meanwhile."""
    view, form = find(gmina, paper_id), AgreeForm(request.form)
    number = whole_number(form.number.data)
    if number != view.newest.number:
        form.number.data = str(view.newest.number)
        return _agree_page(gmina, view, form, stale=True), 409
    if not _is_confirmed(gmina, view):
        return _agree_page(gmina, view, form, unconfirmed=True), 422
    if not accepted(
        form,
        lambda: papers.agree(
            current_context(), gmina.code, paper_id, number, form.agreed_on.data, current_person().id
        ),
    ):
        return _agree_page(gmina, view, form), 422
    flash(f"Wersja {number} jest uzgodniona.", "success")
    return to_paper(gmina, view)


@blueprint.get("/otwarcie")
@coordinator_of_gmina
def reopening(gmina: GminaDescription, paper_id: int) -> Any:
    return _deed_page(gmina, paper_id, "otwarcie", ("agreed", "withdrawn"))


@blueprint.post("/otwarcie")
@coordinator_of_gmina
def reopen(gmina: GminaDescription, paper_id: int) -> Any:
    return _done(gmina, paper_id, papers.reopen, "Pismo jest znów szkicem i można je zmieniać.")


@blueprint.get("/wycofanie")
@coordinator_of_gmina
def withdrawing(gmina: GminaDescription, paper_id: int) -> Any:
    return _deed_page(gmina, paper_id, "wycofanie", ("draft", "consulted", "agreed"))


@blueprint.post("/wycofanie")
@coordinator_of_gmina
def withdraw(gmina: GminaDescription, paper_id: int) -> Any:
    return _done(gmina, paper_id, papers.withdraw, "Pismo jest wycofane. Zostaje do wglądu.")


def _agree_page(
    gmina: GminaDescription,
    view: PaperView,
    form: AgreeForm,
    *,
    stale: bool = False,
    unconfirmed: bool = False,
) -> str:
    """`stale`: a newer version was saved meanwhile; `unconfirmed`: remarks wait for an answer."""
    return paper_page(
        "panel/paper_agreeing.html",
        gmina,
        view,
        TAB,
        "Uzgodnienie",
        form=form,
        waiting=waiting(current_context(), gmina.code, view.paper.id),
        blanks=_blanks(gmina, view),
        stale=stale,
        unsourced=unsourced(view.definition, view.newest.tables),
        unconfirmed=unconfirmed,
    )


def _blanks(gmina: GminaDescription, view: PaperView) -> str:
    """How many places of the text nobody has filled, in words; "" where none, and of a letter: its recipient is one."""
    if rules_of(view.definition).letters:
        return ""
    count = version_text(current_context(), gmina, view.definition, view.newest).count(BLANK)
    return polish.counted(count, "puste miejsce", "puste miejsca", "pustych miejsc") if count else ""


def _is_confirmed(gmina: GminaDescription, view: PaperView) -> bool:
    """Every remark without an answer was named on the page, and the sender goes on all the same."""
    unanswered = {str(one.id) for one in waiting(current_context(), gmina.code, view.paper.id)}
    return not unanswered or (
        unanswered <= set(request.form.getlist("uwaga")) and "mimo_uwag" in request.form
    )


def _deed_page(gmina: GminaDescription, paper_id: int, deed: str, states: tuple[str, ...]) -> Any:
    """The question before the deed; where it is done already, the paper."""
    view = find(gmina, paper_id)
    if view.paper.state not in states:
        return to_paper(gmina, view)
    name = {"otwarcie": "Otwarcie na nowo", "wycofanie": "Wycofanie"}[deed]
    return paper_page("panel/paper_deed.html", gmina, view, TAB, name, deed=deed)


def _done(gmina: GminaDescription, paper_id: int, act: Callable[..., None], told: str) -> Any:
    act(current_context(), gmina.code, paper_id, current_person().id)
    flash(told, "success")
    return to_paper(gmina, find(gmina, paper_id))
