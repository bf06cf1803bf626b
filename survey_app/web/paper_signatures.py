"""Podpisy: who signed an agreed paper. Everybody of the team reads the list, the coordinator keeps it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app import polish
from survey_app.errors import NotFoundError
from survey_app.forms.paper_people import (
    LeavingPaperForm,
    ManySignaturesForm,
    NewSignatureForm,
    ReturningPaperForm,
    SignatureForm,
)
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_signatures
from survey_app.services.method.paper_signatures import Signatory, Words
from survey_app.services.method.papers import PaperView
from survey_app.web.access import coordinator_of_gmina, current_context, current_person, member_of_gmina
from survey_app.web.panel_frame import accepted
from survey_app.web.paper_frame import address, find, paper_page

blueprint = Blueprint(
    "paper_signatures",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/pisma/<int:paper_id>/podpisy",
)
TAB = "paper_signatures.index"


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription, paper_id: int) -> str:
    view, listed = (
        find(gmina, paper_id),
        paper_signatures.signatories(current_context(), gmina.code, paper_id),
    )
    standing = sum(1 for one in listed if one.left_on is None)
    return paper_page(
        "panel/paper_signatures.html",
        gmina,
        view,
        TAB,
        signatories=listed,
        counted=polish.counted(standing, "sygnatariusz", "sygnatariuszy", "sygnatariuszy"),
    )


@blueprint.get("/nowy")
@coordinator_of_gmina
def adding(gmina: GminaDescription, paper_id: int) -> str:
    return _one_page(gmina, find(gmina, paper_id), _offered(gmina, paper_id, NewSignatureForm()))


@blueprint.post("/nowy")
@coordinator_of_gmina
def add(gmina: GminaDescription, paper_id: int) -> Any:
    view, form = find(gmina, paper_id), _offered(gmina, paper_id, NewSignatureForm(request.form))
    if not accepted(form, lambda: _sign(gmina, paper_id, form, [int(form.stakeholders.data)], _words(form))):
        return _one_page(gmina, view, form), 422
    flash("Podpis jest zapisany.", "success")
    return _to_list(gmina, view)


@blueprint.get("/wiele")
@coordinator_of_gmina
def adding_many(gmina: GminaDescription, paper_id: int) -> str:
    return _many_page(gmina, find(gmina, paper_id), _supporters(gmina, paper_id, ManySignaturesForm()))


@blueprint.post("/wiele")
@coordinator_of_gmina
def add_many(gmina: GminaDescription, paper_id: int) -> Any:
    view, form = find(gmina, paper_id), _supporters(gmina, paper_id, ManySignaturesForm(request.form))
    chosen = [int(one) for one in form.stakeholders.data or () if one.isdecimal() and len(one) < 10]
    if not accepted(form, lambda: _sign(gmina, paper_id, form, chosen)):
        return _many_page(gmina, view, form), 422
    flash(f"Zapisano {polish.counted(len(set(chosen)), 'podpis', 'podpisy', 'podpisów')}.", "success")
    return _to_list(gmina, view)


@blueprint.get("/<int:signature_id>")
@coordinator_of_gmina
def changing(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    found = _signatory(gmina, paper_id, signature_id)
    held = {"signed_on": found.signed_on, "role": found.words.role, "contribution": found.words.contribution}
    form = SignatureForm(data={**held, "signed_by": found.words.signed_by})
    return _one_page(gmina, find(gmina, paper_id), form, found)


@blueprint.post("/<int:signature_id>")
@coordinator_of_gmina
def change(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    view, form = find(gmina, paper_id), SignatureForm(request.form)
    found = _signatory(gmina, paper_id, signature_id)
    if not accepted(
        form,
        lambda: paper_signatures.change(
            current_context(),
            gmina.code,
            paper_id,
            signature_id,
            form.signed_on.data,
            _words(form),
            current_person().id,
        ),
    ):
        return _one_page(gmina, view, form, found), 422
    flash("Podpis jest poprawiony.", "success")
    return _to_list(gmina, view)


@blueprint.get("/<int:signature_id>/odejscie")
@coordinator_of_gmina
def leaving(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    form = LeavingPaperForm(data={"left_on": current_context().today()})
    return _end_page(gmina, paper_id, signature_id, form, "odejscie")


@blueprint.post("/<int:signature_id>/odejscie")
@coordinator_of_gmina
def leave(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = LeavingPaperForm(request.form)
    return _ended(
        gmina,
        paper_id,
        signature_id,
        form,
        "odejscie",
        lambda: paper_signatures.leave(
            current_context(),
            gmina.code,
            paper_id,
            signature_id,
            form.left_on.data,
            form.left_reason.data,
            current_person().id,
        ),
    )


@blueprint.get("/<int:signature_id>/powrot")
@coordinator_of_gmina
def returning(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    form = ReturningPaperForm(data={"signed_on": current_context().today()})
    return _end_page(gmina, paper_id, signature_id, form, "powrot")


@blueprint.post("/<int:signature_id>/powrot")
@coordinator_of_gmina
def come_back(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = ReturningPaperForm(request.form)
    return _ended(
        gmina,
        paper_id,
        signature_id,
        form,
        "powrot",
        lambda: paper_signatures.come_back(
            current_context(), gmina.code, paper_id, signature_id, form.signed_on.data, current_person().id
        ),
    )


def _sign(
    gmina: GminaDescription, paper_id: int, form: Any, chosen: list[int], words: Words | None = None
) -> None:
    paper_signatures.sign(
        current_context(), gmina.code, paper_id, chosen, form.signed_on.data, current_person().id, words
    )


def _words(form: SignatureForm) -> Words:
    return Words(form.role.data or "", form.contribution.data or "", form.signed_by.data or "")


def _offered(gmina: GminaDescription, paper_id: int, form: NewSignatureForm) -> NewSignatureForm:
    everyone = paper_signatures.candidates(current_context(), gmina.code, paper_id)
    form.offer((one.id, one.name) for one in everyone)
    return form


def _supporters(gmina: GminaDescription, paper_id: int, form: ManySignaturesForm) -> ManySignaturesForm:
    everyone = paper_signatures.supporters(current_context(), gmina.code, paper_id)
    form.offer((one.id, one.name) for one in everyone)
    return form


def _signatory(gmina: GminaDescription, paper_id: int, signature_id: int) -> Signatory:
    for one in paper_signatures.signatories(current_context(), gmina.code, paper_id):
        if one.id == signature_id:
            return one
    raise NotFoundError(paper_signatures.UNKNOWN)


def _one_page(
    gmina: GminaDescription, view: PaperView, form: SignatureForm, found: Signatory | None = None
) -> str:
    name = "Poprawianie podpisu" if found else "Nowy podpis"
    return paper_page("panel/paper_signature.html", gmina, view, TAB, name, form=form, found=found)


def _many_page(gmina: GminaDescription, view: PaperView, form: ManySignaturesForm) -> str:
    return paper_page("panel/paper_signing.html", gmina, view, TAB, "Wiele podpisów", form=form)


def _end_page(gmina: GminaDescription, paper_id: int, signature_id: int, form: Any, deed: str) -> str:
    found = _signatory(gmina, paper_id, signature_id)
    name = {"odejscie": "Odejście", "powrot": "Powrót"}[deed]
    view = find(gmina, paper_id)
    return paper_page(
        "panel/paper_signature_end.html", gmina, view, TAB, name, form=form, found=found, deed=deed
    )


def _ended(
    gmina: GminaDescription,
    paper_id: int,
    signature_id: int,
    form: Any,
    deed: str,
    act: Callable[[], None],
) -> Any:
    if not accepted(form, act):
        return _end_page(gmina, paper_id, signature_id, form, deed), 422
    flash({"odejscie": "Odejście jest zapisane.", "powrot": "Powrót jest zapisany."}[deed], "success")
    return _to_list(gmina, find(gmina, paper_id))


def _to_list(gmina: GminaDescription, view: PaperView) -> Any:
    return redirect(address(gmina, view, TAB), 303)
