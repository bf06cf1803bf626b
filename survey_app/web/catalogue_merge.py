"""Doubles in the catalogue: likely ones, two side by side, one of them kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, request, url_for

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue, merge_catalogue
from survey_app.services.register.catalogue import SPHERES, Stakeholder
from survey_app.services.register.merge_catalogue import Comparison
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.panel_frame import panel_page
from survey_app.web.team_catalogue import back_to_entry

blueprint = Blueprint(
    "catalogue_merge", __name__, url_prefix="/panel/<string(length=6):gmina_code>/katalog/podwojne"
)

LABELS: Mapping[str, str] = {
    "name": "Nazwa",
    "sector": "Sektor",
    "internal": "Położenie",
    "stakeholder_type": "Typ ustawowy",
    "natural_person": "Osoba fizyczna",
    "address": "Adres",
    "note": "Uwagi",
    "usefulness": "Przydatność",
    "spheres": "Sfery",
    "contact": "Kontakt",
}
NOTHING = "– brak –"


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    context = current_context()
    return panel_page(
        "panel/catalogue_doubles.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[("Katalog", url_for("catalogue.index", gmina_code=gmina.code)), ("Podwójne wpisy", None)],
        likely=merge_catalogue.likely_doubles(context, gmina.code),
        choices=[(row.id, row.name) for row in catalogue.stakeholders(context, gmina.code)],
    )


@blueprint.get("/porownanie")
@coordinator_of_gmina
def comparing(gmina: GminaDescription) -> str:
    double_id, into_id = _number(request.args, "podwojny"), _number(request.args, "zostaje")
    return _page(gmina, merge_catalogue.compare(current_context(), gmina.code, double_id, into_id))


@blueprint.post("/porownanie")
@coordinator_of_gmina
def merge(gmina: GminaDescription) -> Any:
    context, typed = current_context(), request.form
    double_id, into_id = _number(typed, "podwojny"), _number(typed, "zostaje")
    taken = [name for name in merge_catalogue.FIELDS if typed.get(name) == "podwojny"]
    try:
        kept = merge_catalogue.merge(context, gmina.code, double_id, into_id, current_person().id, taken)
    except (ConflictError, InvalidInputError) as error:
        found = merge_catalogue.compare(context, gmina.code, double_id, into_id)
        return _page(gmina, found, error.message, typed), error.status
    flash("Połączono dwa wpisy w jeden.", "success")
    return back_to_entry(gmina, kept.id)


def _number(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise NotFoundError("Nie ma takiego wpisu w katalogu tej gminy.")
    return int(text)


def _page(
    gmina: GminaDescription, found: Comparison, error: str = "", typed: Mapping[str, str] | None = None
) -> str:
    sectors = catalogue.catalogue_sectors(current_context(), gmina.code)
    return panel_page(
        "panel/catalogue_comparing.html",
        gmina=gmina,
        section="catalogue",
        crumbs=[
            ("Katalog", url_for("catalogue.index", gmina_code=gmina.code)),
            ("Podwójne wpisy", url_for("catalogue_merge.index", gmina_code=gmina.code)),
            ("Porównanie", None),
        ],
        found=found,
        error=error or found.obstacle,
        labels=LABELS,
        theirs=_words(found.double, sectors),
        ours=_words(found.into, sectors),
        chosen={name: (typed or {}).get(name) or _default(found, name) for name in found.differing},
        faults=bool(error),
    )


def _default(found: Comparison, name: str) -> str:
    """The kept entry's own word, unless it has none."""
    ours = _words(found.into, {})[name]
    return "podwojny" if ours == NOTHING else "zostaje"


def _words(entry: Stakeholder, sectors: Mapping[str, str]) -> dict[str, str]:
    contact = entry.contact
    parts = [contact.person_name, contact.email, contact.phone] if contact else []
    words = {
        "name": entry.name,
        "sector": sectors.get(entry.sector, entry.sector),
        "internal": "wewnętrzny" if entry.internal else "zewnętrzny",
        "stakeholder_type": entry.stakeholder_type or "",
        "natural_person": "tak" if entry.natural_person else "nie",
        "address": entry.address,
        "note": entry.note,
        "usefulness": entry.usefulness,
        "spheres": "; ".join(SPHERES.get(sphere, sphere) for sphere in entry.spheres),
        "contact": ", ".join(part for part in parts if part),
    }
    return {name: text or NOTHING for name, text in words.items()}
