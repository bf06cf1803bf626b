"""Biblioteczka for everybody: what owners opened, without an account. What people search for is kept nowhere."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for

from survey_app.services.library import items, search
from survey_app.services.library.items import Scope
from survey_app.services.library.shelf import KINDS, shelf
from survey_app.web.access import current_context, public
from survey_app.web.downloads import size_words, untrusted_download
from survey_app.web.library_words import asked_of, item_words, page_link
from survey_app.web.panel_frame import page_of

blueprint = Blueprint("library_public", __name__, url_prefix="/biblioteczka")
EVERYBODY = Scope()
OWNERS = {"gmina": "gmin", "region": "regionów", "country": "krajowe"}


@blueprint.get("")
@public
def index() -> str:
    asked = asked_of(request.args, tuple(OWNERS))
    number, _ = page_of(10**6, search.PAGE)
    found = search.search(current_context(), EVERYBODY, asked, number)
    return render_template(
        "site/library.html",
        asked=asked,
        found=found,
        shelf=shelf(),
        kinds=KINDS,
        owners=list(OWNERS.items()),
        page_link=page_link(url_for("library_public.index"), asked),
    )


@blueprint.get("/<int:item_id>")
@public
def show(item_id: int) -> str:
    context = current_context()
    found = items.item(context, EVERYBODY, item_id)
    return render_template(
        "site/library_item.html",
        found=found,
        words=item_words(found, search.owner_of(context, found.item)),
        size=size_words(found.file.size) if found.file else "",
    )


@blueprint.get("/<int:item_id>/plik")
@public
def open_file(item_id: int) -> Response:
    return untrusted_download(*items.file_of(current_context(), EVERYBODY, item_id))
