"""The Gminny Katalog Interesariuszy: list, entries, leaving."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.forms.staff_catalogue import StakeholderForm
from survey_app.services import catalogue
from survey_app.services.catalogue import Stakeholder, StakeholderDraft
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import accepted, page_of, panel_page

blueprint = Blueprint("catalogue", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog")

PAGE_LENGTH = 100


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    everyone = catalogue.stakeholders(current_context(), gmina.code)
    text, sector = request.args.get("szukaj", "")[:100], request.args.get("sektor", "")
    found = [row for row in everyone if _matches(row, text, sector)]
    page, pages = page_of(len(found), PAGE_LENGTH)
    return panel_page(
        "panel/catalogue.html",
        gmina=gmina,
        section="catalogue",
        total=len(everyone),
        total_words=polish.institutions(len(everyone)),
        page_link=url_for(
            "catalogue.index", gmina_code=gmina.code, szukaj=text, sektor=sector, strona="PAGE"
        ),
        found=len(found),
        rows=found[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH],
        sectors=catalogue.catalogue_sectors(),
        text=text,
        sector=sector,
        page_number=page,
        pages=pages,
    )


@blueprint.get("/nowy")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    return _entry_page(gmina, _form())


@blueprint.post("/nowy")
@coordinator_of_gmina
def add(gmina: GminaDescription) -> Any:
    form = _form(request.form)
    if not accepted(
        form, lambda: catalogue.add_stakeholder(current_context(), gmina.code, _draft(form), _actor())
    ):
        return _entry_page(gmina, form), 422
    flash("Dodano do katalogu.", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


@blueprint.get("/<int:stakeholder_id>")
@coordinator_of_gmina
def edit(gmina: GminaDescription, stakeholder_id: int) -> str:
    stakeholder = catalogue.stakeholder(current_context(), gmina.code, stakeholder_id)
    return _entry_page(gmina, _form(None, stakeholder), stakeholder)


@blueprint.post("/<int:stakeholder_id>")
@coordinator_of_gmina
def save(gmina: GminaDescription, stakeholder_id: int) -> Any:
    context, form = current_context(), _form(request.form)
    stakeholder = catalogue.stakeholder(context, gmina.code, stakeholder_id)
    if not accepted(
        form,
        lambda: catalogue.update_stakeholder(context, gmina.code, stakeholder_id, _draft(form), _actor()),
    ):
        return _entry_page(gmina, form, stakeholder), 422
    flash("Zapisano zmiany.", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


@blueprint.get("/<int:stakeholder_id>/odejscie")
@coordinator_of_gmina
def leaving(gmina: GminaDescription, stakeholder_id: int) -> str:
    """What it means that an institution leaves, before it does."""
    stakeholder = catalogue.stakeholder(current_context(), gmina.code, stakeholder_id)
    crumbs = [("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), (stakeholder.name, None)]
    return panel_page(
        "panel/stakeholder_leaving.html",
        gmina=gmina,
        section="catalogue",
        crumbs=crumbs,
        stakeholder=stakeholder,
    )


@blueprint.post("/<int:stakeholder_id>/odejscie")
@coordinator_of_gmina
def leave(gmina: GminaDescription, stakeholder_id: int) -> Any:
    catalogue.mark_left(current_context(), gmina.code, stakeholder_id, _actor())
    flash("Instytucja nie jest już w katalogu. Jej dane kontaktowe zostały usunięte.", "success")
    return redirect(url_for("catalogue.index", gmina_code=gmina.code))


def _entry_page(
    gmina: GminaDescription, form: StakeholderForm, stakeholder: Stakeholder | None = None
) -> str:
    name = stakeholder.name if stakeholder else "Nowy wpis"
    return panel_page(
        "panel/stakeholder.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), (name, None)],
        form=form,
        stakeholder=stakeholder,
        faults=bool(form.errors),
    )


def _form(typed: Any = None, stakeholder: Stakeholder | None = None) -> StakeholderForm:
    form = StakeholderForm(typed, data=_shown(stakeholder) if stakeholder else None)
    form.offer_sectors(catalogue.catalogue_sectors())
    return form


def _shown(stakeholder: Stakeholder) -> dict[str, Any]:
    draft = catalogue.draft_of(stakeholder)
    radios = {"internal": "1" if draft.internal else "0", "stakeholder_type": draft.stakeholder_type or ""}
    return {**asdict(draft), **radios}


def _draft(form: StakeholderForm) -> StakeholderDraft:
    return StakeholderDraft(
        name=form.name.data,
        sector=form.sector.data,
        internal=form.internal.data == "1",
        stakeholder_type=form.stakeholder_type.data or None,
        address=form.address.data,
        note=form.note.data,
        contact_name=form.contact_name.data,
        contact_email=form.contact_email.data,
        contact_phone=form.contact_phone.data,
    )


def _matches(row: Stakeholder, text: str, sector: str) -> bool:
    return polish.fold(text) in polish.fold(row.name) and sector in ("", row.sector)


def _actor() -> int:
    return current_person().id
