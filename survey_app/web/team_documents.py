"""Dokumenty: files that the team keeps as evidence. They are handed out as they came, and never shown inside a page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from survey_app.errors import ConflictError
from survey_app.forms.team_documents import DocumentForm
from survey_app.services import accounts
from survey_app.services.coding import documents
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    member_of_gmina,
)
from survey_app.web.body_size import takes_file
from survey_app.web.downloads import size_words, untrusted_download
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("documents", __name__, url_prefix="/panel/<string(length=6):gmina_code>/dokumenty")


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    return _index_page(gmina, DocumentForm())


@blueprint.post("")
@takes_file
@member_of_gmina
def upload(gmina: GminaDescription) -> Any:
    form, file = DocumentForm(request.form), request.files.get("content")
    content = file.read() if file else b""
    name = (file.filename or "")[-300:] if file else ""
    if not name:
        form.content.errors = ["Prosimy wybrać plik."]
        return _index_page(gmina, form, faults=True), 422
    actor = current_person().id
    if not accepted(
        form,
        lambda: documents.upload(current_context(), gmina.code, form.title.data or "", name, content, actor),
    ):
        return _index_page(gmina, form, faults=True), 422
    flash("Dokument został dodany. Można go wskazać jako dowód oceny albo decyzji.", "success")
    return redirect(url_for("documents.index", gmina_code=gmina.code))


@blueprint.get("/<int:document_id>")
@member_of_gmina
def open_file(gmina: GminaDescription, document_id: int) -> Response:
    found = documents.content_of(current_context(), gmina.code, document_id)
    return untrusted_download(found.content, found.file_name, found.media_type)


@blueprint.get("/<int:document_id>/usuniecie")
@coordinator_of_gmina
def removing(gmina: GminaDescription, document_id: int) -> str:
    return panel_page(
        "panel/documents_removing.html",
        gmina=gmina,
        section="people",
        crumbs=[
            ("Zespół", url_for("team_people.index", gmina_code=gmina.code)),
            ("Dokumenty", url_for("documents.index", gmina_code=gmina.code)),
            ("Usunięcie", None),
        ],
        document=documents.document(current_context(), gmina.code, document_id),
    )


@blueprint.post("/<int:document_id>/usuniecie")
@coordinator_of_gmina
def remove(gmina: GminaDescription, document_id: int) -> Any:
    try:
        documents.remove(current_context(), gmina.code, document_id, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
    else:
        flash("Dokument został usunięty.", "success")
    return redirect(url_for("documents.index", gmina_code=gmina.code))


def _index_page(gmina: GminaDescription, form: DocumentForm, *, faults: bool = False) -> str:
    context, person = current_context(), current_person()
    stored = documents.stored(context, gmina.code)
    return panel_page(
        "panel/documents.html",
        gmina=gmina,
        section="people",
        crumbs=[("Zespół", url_for("team_people.index", gmina_code=gmina.code)), ("Dokumenty", None)],
        documents=[(row, KIND_WORDS[row.media_type], size_words(row.size)) for row in stored],
        coordinator=accounts.coordinates(person, gmina.code),
        form=form,
        faults=faults,
        limit=documents.MAX_SIZE // 1024 // 1024,
    )


KIND_WORDS = {media_type: kind.upper() for kind, media_type in documents.MEDIA_TYPES.items()}
