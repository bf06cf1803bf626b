"""Bank zasobów i potrzeb: what partners offer, what is needed, who was asked and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError
from survey_app.forms.bank import OfferForm
from survey_app.forms.interviews import whole_number
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue
from survey_app.services.register.declarations import RESOURCES
from survey_app.services.registers import bank
from survey_app.services.registers.bank import Need, OfferDraft
from survey_app.services.registers.definitions import register_definition
from survey_app.web.access import current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint("bank", __name__, url_prefix="/panel/<string(length=6):gmina_code>/bank")

NAME = "Bank zasobów i potrzeb"
SECTION = "registers"
REGISTERS = "Plan i rejestry"
SHOWN = 50  # needs and offers of a kind on one page; the registers' own lists have all
EVERYTHING = "wszystkie"
WITHOUT_NEED = "bez_potrzeby"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    found = bank.bank(current_context(), gmina.code)
    return panel_page(
        "panel/bank.html",
        gmina=gmina,
        section=SECTION,
        crumbs=_crumbs(gmina),
        found=found,
        standing=[one for one in found.needs if not one.over],
        closed=[one for one in found.needs if one.over],
        shown=SHOWN,
        kinds=RESOURCES,
        at_once=bank.AT_ONCE,
        order=register_definition(bank.NEEDS).texts["information_order"],
    )


@blueprint.post("/wklady")
@member_of_gmina
def take_over(gmina: GminaDescription) -> Any:
    """One contribution of the catalogue, or all of them up to as many as one click takes."""
    context = current_context()
    if EVERYTHING in request.form:
        wanted = [one.id for one, _ in bank.bank(context, gmina.code).contributions]
    else:
        wanted = [whole_number(request.form.get("declaration"))]
    made = bank.take_over(context, gmina.code, wanted, current_person().id)
    if made:
        count = polish.counted(made, "nowa oferta", "nowe oferty", "nowych ofert")
        flash(f"W banku: {count} z wkładów w katalogu.", "success")
    else:
        flash("Ten wkład jest już w banku albo wycofano go w katalogu.", "info")
    return _back(gmina)


@blueprint.post("/potrzeby/<int:entry_id>/zapytania")
@member_of_gmina
def ask(gmina: GminaDescription, entry_id: int) -> Any:
    """Notes that all suggested institutions are asked; the service itself writes to nobody."""
    try:
        added = bank.ask_suggested(current_context(), gmina.code, entry_id, current_person().id)
    except ConflictError as error:
        flash(error.message, "warning")
        return _back(gmina)
    if added:
        who = polish.counted(added, "instytucję", "instytucje", "instytucji")
        flash(
            f"Zapisano, że pytamy {who}. Serwis nikomu nie pisze: teraz trzeba zadzwonić albo napisać.",
            "success",
        )
    else:
        flash("Nie ma kogo dopisać: wszyscy podpowiedziani są już zapytani.", "info")
    return _back(gmina, f"potrzeba-{entry_id}")


@blueprint.get("/potrzeby/<int:entry_id>/oferta")
@member_of_gmina
def offering(gmina: GminaDescription, entry_id: int) -> Any:
    need = bank.bank(current_context(), gmina.code).need(entry_id)
    if need.over:
        flash(f"Ta potrzeba jest już {need.state}, więc nikt na nią nie czeka.", "warning")
        return _back(gmina)
    return _offer_page(gmina, need, OfferForm(data={"kind": need.kind}))


@blueprint.post("/potrzeby/<int:entry_id>/oferta")
@member_of_gmina
def offer(gmina: GminaDescription, entry_id: int) -> Any:
    """With the need or, when that is gone, without it; a refused page keeps everything that was typed."""
    context, actor, form = current_context(), current_person().id, OfferForm(request.form)
    need = bank.bank(context, gmina.code).need(entry_id)
    _choices(gmina, form)

    def keep() -> None:
        draft = OfferDraft(
            whole_number(form.stakeholder_id.data),
            form.name.data or "",
            form.kind.data or "",
            form.terms.data or "",
            form.first.data,
            form.last.data,
        )
        if WITHOUT_NEED in request.form:
            bank.offer(context, gmina.code, draft, actor)
        else:
            bank.offer_to_need(context, gmina.code, entry_id, draft, actor)

    if not accepted(form, keep):
        now = bank.bank(context, gmina.code).need(entry_id)
        return _offer_page(gmina, now, form), 409 if now.over and WITHOUT_NEED not in request.form else 422
    if WITHOUT_NEED in request.form:
        flash("Oferta jest w banku.", "success")
    else:
        flash(f"Oferta jest w banku, a przy potrzebie „{need.entry.title}” zapisano zgodę.", "success")
    return _back(gmina, f"potrzeba-{entry_id}")


def _offer_page(gmina: GminaDescription, need: Need, form: OfferForm) -> str:
    _choices(gmina, form)
    return panel_page(
        "panel/bank_offer.html",
        gmina=gmina,
        section=SECTION,
        crumbs=[*_crumbs(gmina, within=True), ("Oferta", None)],
        need=need,
        form=form,
        kinds=RESOURCES,
        without_need=WITHOUT_NEED,
    )


def _choices(gmina: GminaDescription, form: OfferForm) -> None:
    here = catalogue.stakeholders(current_context(), gmina.code)
    form.offer(((str(one.id), one.name) for one in here), RESOURCES)


def _crumbs(gmina: GminaDescription, within: bool = False) -> Sequence[Link]:
    here = url_for("bank.index", gmina_code=gmina.code) if within else None
    return [(REGISTERS, url_for("registers.index", gmina_code=gmina.code)), (NAME, here)]


def _back(gmina: GminaDescription, anchor: str | None = None) -> Any:
    return redirect(url_for("bank.index", gmina_code=gmina.code, _anchor=anchor), 303)
