"""Cytaty: passages that may be quoted in the diagnoza, read for names and cleared one by one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from survey_app.errors import ConflictError
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import quotations
from survey_app.services.interviewing.interview_scenario import FORM_WORDS
from survey_app.web.access import current_context, current_person, member_or_moderator
from survey_app.web.interview_frame import interviews_page
from survey_app.web.panel_frame import page_of

blueprint = Blueprint(
    "quotations", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/cytaty"
)

PAGE_LENGTH = 30


@blueprint.get("")
@member_or_moderator
def index(gmina: GminaDescription) -> str:
    found = quotations.quotations(current_context(), gmina.code, current_person().id)
    page, pages = page_of(len(found.waiting), PAGE_LENGTH)
    return interviews_page(
        "panel/quotations.html",
        gmina,
        [("Cytaty", None)],
        found=found,
        waiting=found.waiting[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH],
        page_number=page,
        pages=pages,
        page_link=url_for("quotations.index", gmina_code=gmina.code, strona="PAGE", _anchor="czekaja"),
        form_words=FORM_WORDS,
    )


@blueprint.post("/<int:excerpt_id>/dopuszczenie")
@member_or_moderator
def clear(gmina: GminaDescription, excerpt_id: int) -> Any:
    try:
        quotations.clear(current_context(), gmina.code, excerpt_id, current_person().id)
    except ConflictError as gone:
        flash(gone.message, "warning")
    else:
        flash(
            "Cytat jest dopuszczony. Znajdzie się w diagnozie bez litery, roli i nazwy instytucji.", "success"
        )
    return _back(gmina)


@blueprint.post("/<int:excerpt_id>/cofniecie")
@member_or_moderator
def take_back(gmina: GminaDescription, excerpt_id: int) -> Any:
    quotations.take_back(current_context(), gmina.code, excerpt_id, current_person().id)
    flash("Cytat jest wycofany: nie znajdzie się w kolejnych wydaniach diagnozy.", "success")
    return _back(gmina)


def _back(gmina: GminaDescription) -> Any:
    return redirect(url_for("quotations.index", gmina_code=gmina.code), 303)
