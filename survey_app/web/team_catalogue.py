"""The Gminny Katalog Interesariuszy: the list, an entry's page, typing one in and correcting it.

The whole team reads; only the coordinator sees contacts and changes anything.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from survey_app.forms.staff_catalogue import StakeholderForm
from survey_app.services import accounts
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue, declarations, search_catalogue
from survey_app.services.register.catalogue import SPHERES, Stakeholder, StakeholderDraft
from survey_app.services.register.catalogue_history import entry_history
from survey_app.services.register.search_catalogue import CatalogueFilter
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import accepted, page_of, panel_page

blueprint = Blueprint("catalogue", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog")

PAGE_LENGTH = 100
# Field of the filter -> its name in the address.
ASKED = {
    "text": "szukaj",
    "sector": "sektor",
    "stakeholder_type": "typ",
    "place": "polozenie",
    "natural_person": "osoba",
    "contribution": "wklad",
    "refusal": "odmowa",
    "sphere": "sfera",
    "who": "kto",
}


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    wanted = _wanted()
    found = search_catalogue.search(current_context(), gmina.code, wanted)
    page, pages = page_of(len(found.rows), PAGE_LENGTH)
    asked = {name: getattr(wanted, field) for field, name in ASKED.items()}
    return panel_page(
        "panel/catalogue.html",
        gmina=gmina,
        section="catalogue",
        coordinates=_coordinates(gmina),
        found=found,
        wanted=wanted,
        rows=found.rows[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH],
        spheres=SPHERES,
        page_link=url_for("catalogue.index", gmina_code=gmina.code, **asked, strona="PAGE"),
        page_number=page,
        pages=pages,
    )


@blueprint.get("/nowy")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    return _form_page(gmina, _form(gmina))


@blueprint.post("/nowy")
@coordinator_of_gmina
def add(gmina: GminaDescription) -> Any:
    form = _form(gmina, request.form)
    added: list[Stakeholder] = []
    if not accepted(
        form,
        lambda: added.append(
            catalogue.add_stakeholder(
                current_context(), gmina.code, _draft(form), current_person().id, form.joined_on.data
            )
        ),
    ):
        return _form_page(gmina, form), 422
    flash("Dodano do katalogu.", "success")
    return back_to_entry(gmina, added[0].id)


@blueprint.get("/<int:stakeholder_id>")
@member_of_gmina
def show(gmina: GminaDescription, stakeholder_id: int) -> str:
    """Read-only; those who left have a page, too."""
    context = current_context()
    entry = catalogue.stakeholder(context, gmina.code, stakeholder_id)
    coordinates = _coordinates(gmina)
    return panel_page(
        "panel/stakeholder.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), (entry.name, None)],
        entry=entry,
        contact=entry.contact if coordinates else None,
        coordinates=coordinates,
        sector=catalogue.catalogue_sectors(context, gmina.code).get(entry.sector, entry.sector),
        spheres=[SPHERES[sphere] for sphere in entry.spheres if sphere in SPHERES],
        declared=declarations.declarations(context, gmina.code, stakeholder_id),
        resources=declarations.RESOURCES,
        history=entry_history(context, gmina.code, stakeholder_id),
    )


@blueprint.get("/<int:stakeholder_id>/edycja")
@coordinator_of_gmina
def edit(gmina: GminaDescription, stakeholder_id: int) -> str:
    entry = catalogue.stakeholder(current_context(), gmina.code, stakeholder_id)
    return _form_page(gmina, _form(gmina, None, entry), entry)


@blueprint.post("/<int:stakeholder_id>/edycja")
@coordinator_of_gmina
def save(gmina: GminaDescription, stakeholder_id: int) -> Any:
    context = current_context()
    entry = catalogue.stakeholder(context, gmina.code, stakeholder_id)
    form = _form(gmina, request.form)
    if not accepted(
        form,
        lambda: catalogue.update_stakeholder(
            context, gmina.code, stakeholder_id, _draft(form), current_person().id, form.joined_on.data
        ),
    ):
        return _form_page(gmina, form, entry), 422
    flash("Zapisano zmiany.", "success")
    return back_to_entry(gmina, stakeholder_id)


def back_to_entry(gmina: GminaDescription, stakeholder_id: int) -> BaseResponse:
    """To the entry's own page."""
    return redirect(url_for("catalogue.show", gmina_code=gmina.code, stakeholder_id=stakeholder_id))


def entry_crumbs(gmina: GminaDescription, entry: Stakeholder, here: str) -> list[tuple[str, str | None]]:
    """The way to a page that is about one entry."""
    address = url_for("catalogue.show", gmina_code=gmina.code, stakeholder_id=entry.id)
    return [
        ("Katalog", url_for("catalogue.index", gmina_code=gmina.code)),
        (entry.name, address),
        (here, None),
    ]


def _wanted() -> CatalogueFilter:
    """What the address asks for; what it does not know, it does not ask for."""
    asked = {field: request.args.get(name, "")[:100] for field, name in ASKED.items()}
    known = {
        "who": (search_catalogue.PRESENT, search_catalogue.LEFT, search_catalogue.ALL),
        "stakeholder_type": ("A", "B", "C", search_catalogue.NO_TYPE),
        "place": ("wewnetrzny", "zewnetrzny"),
        **dict.fromkeys(
            ("natural_person", "contribution", "refusal"), (search_catalogue.YES, search_catalogue.NO)
        ),
    }
    kept = {field: value if value in known.get(field, (value,)) else "" for field, value in asked.items()}
    return CatalogueFilter(**{**kept, "who": kept["who"] or search_catalogue.PRESENT})


def _coordinates(gmina: GminaDescription) -> bool:
    return accounts.coordinates(current_person(), gmina.code)


def _form_page(gmina: GminaDescription, form: StakeholderForm, entry: Stakeholder | None = None) -> str:
    crumbs: list[tuple[str, str | None]]
    if entry:
        crumbs = entry_crumbs(gmina, entry, "Poprawki")
    else:
        crumbs = [("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), ("Nowy wpis", None)]
    return panel_page(
        "panel/stakeholder_form.html",
        gmina=gmina,
        section="catalogue",
        crumbs=crumbs,
        form=form,
        entry=entry,
        faults=bool(form.errors),
    )


def _form(gmina: GminaDescription, typed: Any = None, entry: Stakeholder | None = None) -> StakeholderForm:
    form = StakeholderForm(typed, data=_shown(entry) if entry else None)
    form.offer(catalogue.catalogue_sectors(current_context(), gmina.code), SPHERES)
    return form


def _shown(entry: Stakeholder) -> dict[str, Any]:
    draft = catalogue.draft_of(entry)
    radios = {"internal": "1" if draft.internal else "0", "stakeholder_type": draft.stakeholder_type or ""}
    return {**asdict(draft), **radios, "joined_on": entry.joined_on}


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
        natural_person=form.natural_person.data,
        usefulness=form.usefulness.data,
        spheres=tuple(form.spheres.data or ()),
    )
