"""The gmina's herb: the coordinator's page for it, and the picture itself for the pages that show it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import NotFoundError
from survey_app.forms.emblem import EmblemForm
from survey_app.services import emblems
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.body_size import takes_file
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("emblem", __name__, url_prefix="/panel/<string(length=6):gmina_code>/herb")
NAME = "Herb na raportach"


@blueprint.get("")
@coordinator_of_gmina
def show(gmina: GminaDescription) -> str:
    kept = emblems.emblem(current_context(), gmina.code)
    alt = kept.alt_text if kept else emblems.first_alt(gmina.name)
    return _page(gmina, EmblemForm(data={"alt_text": alt}))


@blueprint.post("")
@takes_file
@coordinator_of_gmina
def save(gmina: GminaDescription) -> Any:
    """A new picture, or, where no file is chosen, another alternative text for the one that is kept."""
    form, file = EmblemForm(request.form), request.files.get("content")
    content = file.read() if file else b""
    if file and file.filename and not content:
        form.content.errors = ["Plik jest pusty. Prosimy sprawdzić, czy zapisał się w całości."]
        return _page(gmina, form), 422
    context, actor = current_context(), current_person().id
    if not accepted(
        form, lambda: emblems.keep(context, gmina.code, content, form.alt_text.data or "", actor)
    ):
        return _page(gmina, form), 422
    flash(
        "Herb jest zapisany. Nowe raporty będą go miały na okładce." if content else "Tekst jest zapisany.",
        "success",
    )
    return redirect(url_for("emblem.show", gmina_code=gmina.code), 303)


@blueprint.get("/usuniecie")
@coordinator_of_gmina
def removing(gmina: GminaDescription) -> str:
    return panel_page(
        "panel/emblem_removing.html",
        gmina=gmina,
        section="team",
        crumbs=[(NAME, url_for("emblem.show", gmina_code=gmina.code)), ("Usunięcie", None)],
        emblem=emblems.emblem(current_context(), gmina.code),
    )


@blueprint.post("/usuniecie")
@coordinator_of_gmina
def remove(gmina: GminaDescription) -> Any:
    try:
        emblems.remove(current_context(), gmina.code, current_person().id)
    except NotFoundError as error:
        flash(error.message, "warning")
    else:
        flash("Herb jest usunięty. Nowe raporty będą bez niego.", "success")
    return redirect(url_for("emblem.show", gmina_code=gmina.code), 303)


@blueprint.get("/obraz")
@member_of_gmina
def picture(gmina: GminaDescription) -> Response:
    """The service's own drawing, never the file that somebody brought; a browser takes it for nothing else."""
    content, media_type = emblems.picture(current_context(), gmina.code)
    response = Response(content, content_type=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(gmina: GminaDescription, form: EmblemForm) -> str:
    return panel_page(
        "panel/emblem.html",
        gmina=gmina,
        section="team",
        crumbs=[(NAME, None)],
        form=form,
        emblem=emblems.emblem(current_context(), gmina.code),
        side=emblems.MAX_SIDE,
    )
