"""Historia: every version of a paper, two of them compared, and the choice between two that stand side by side."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app.forms.interviews import whole_number
from survey_app.forms.papers import KEEP_NEWEST, SettlingForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import papers
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.papers import PaperView, content_of
from survey_app.services.method.signature_history import signature_history
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import accepted
from survey_app.web.paper_frame import (
    address,
    closed_already,
    compared,
    find,
    is_advice,
    paper_page,
    shown_text,
    text_of_version,
    to_paper,
)

blueprint = Blueprint(
    "paper_versions", __name__, url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>/wersje"
)
TAB = "paper_versions.index"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription, paper_id: int) -> str:
    """The newest first; of a paper that is signed, what became of its signatures as well."""
    view = find(gmina, paper_id)
    signed = rules_of(view.definition).signed
    return paper_page(
        "panel/paper_history.html",
        gmina,
        view,
        TAB,
        numbers=_numbers(view),
        signed=signed,
        signatures=signature_history(current_context(), gmina.code, paper_id) if signed else [],
    )


@blueprint.get("/<int:number>")
@member_of_gmina
def show(gmina: GminaDescription, paper_id: int, number: int) -> str:
    view = find(gmina, paper_id)
    version = view.version(number)
    return paper_page(
        "panel/paper_version.html",
        gmina,
        view,
        TAB,
        f"Wersja {number}",
        version=version,
        blocks=shown_text(text_of_version(gmina, view, version)),
    )


@blueprint.get("/porownanie")
@member_of_gmina
def compare(gmina: GminaDescription, paper_id: int) -> str:
    """`od`, `do`: numbers of versions; without them the newest and the one that it was made from."""
    view = find(gmina, paper_id)
    after = whole_number(request.args.get("do")) or view.newest.number
    before = whole_number(request.args.get("od")) or view.head(after).base or after
    return paper_page(
        "panel/paper_comparing.html",
        gmina,
        view,
        TAB,
        "Porównanie",
        before=view.head(before),
        after=view.head(after),
        difference=compared(gmina, view, before, after),
        numbers=_numbers(view),
    )


@blueprint.get("/<int:number>/wybor")
@member_of_gmina
def settling(gmina: GminaDescription, paper_id: int, number: int) -> Any:
    """The newest and one that stands beside it: what differs, and which stays."""
    view = find(gmina, paper_id)
    if away := _settled(gmina, view, number):
        return away
    return _settling_page(gmina, view, number, SettlingForm(data={"base": str(view.newest.number)}))


@blueprint.post("/<int:number>/wybor")
@member_of_gmina
def settle(gmina: GminaDescription, paper_id: int, number: int) -> Any:
    """A new version that is one of the two; both stay in the history."""
    view, form = find(gmina, paper_id), SettlingForm(request.form)
    if away := _settled(gmina, view, number):
        return away
    if whole_number(form.base.data) != view.newest.number:
        form.base.data = str(view.newest.number)
        return _settling_page(gmina, view, number, form, stale=True), 409
    newest, kept = view.newest.number, form.keep.data == KEEP_NEWEST
    chosen = view.newest if kept else view.version(number)
    said = (form.said.data or "") or f"Zostaje wersja {chosen.number}"
    if not accepted(
        form,
        lambda: papers.save(
            current_context(),
            gmina.code,
            paper_id,
            newest,
            content_of(chosen),
            current_person().id,
            said=said,
            settles=number,
        ),
    ):
        return _settling_page(gmina, view, number, form), 422
    flash(f"Zapisano: zostaje treść wersji {chosen.number}. Druga jest w historii.", "success")
    view = find(gmina, paper_id)
    if view.beside:
        return redirect(address(gmina, view, "paper_versions.settling", number=view.beside[0]), 303)
    return to_paper(gmina, view)


def _settled(gmina: GminaDescription, view: PaperView, number: int) -> Any:
    """Away from a choice that was made already, or cannot be made now; None where it waits."""
    view.head(number)
    if away := closed_already(gmina, view):
        return away
    if number in view.beside:
        return None
    flash("Ta wersja nie czeka już na wybór.", "success")
    return to_paper(gmina, view)


def _settling_page(
    gmina: GminaDescription, view: PaperView, number: int, form: SettlingForm, *, stale: bool = False
) -> str:
    newest, other = view.newest, view.head(number)
    form.offer(newest.number, number)
    return paper_page(
        "panel/paper_settling.html",
        gmina,
        view,
        TAB,
        "Dwie wersje",
        form=form,
        newest=newest,
        other=other,
        stale=stale,
        difference=compared(gmina, view, number, newest.number),
        by_hand=newest.text is not None and not is_advice(view),
    )


def _numbers(view: PaperView) -> list[tuple[str, str]]:
    return [(str(one.number), f"Wersja {one.number}") for one in view.versions]
