"""Podpisy: who signed an agreed paper. Everybody of the team reads the list, the coordinator keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request

from survey_app import polish
from survey_app.errors import NotFoundError
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_people import (
    ChangeSignatureForm,
    LeavingPaperForm,
    ManySignaturesForm,
    MistakeForm,
    NewSignatureForm,
    ReturningPaperForm,
    SignatureForm,
)
from survey_app.services.gminas import GminaDescription
from survey_app.services.method import paper_signatures
from survey_app.services.method.paper_signatures import Signatory, Words
from survey_app.services.method.papers import PaperView
from survey_app.services.method.signature_words import Known, known_words
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
    signed = {one.stakeholder_id for one in listed}
    named = known_words(current_context(), gmina.code, view).named
    return paper_page(
        "panel/paper_signatures.html",
        gmina,
        view,
        TAB,
        signatories=listed,
        counted=polish.counted(standing, "sygnatariusz", "sygnatariuszy", "sygnatariuszy"),
        awaited=[(one, name) for one, name in named.items() if one not in signed],
    )


@blueprint.get("/nowy")
@coordinator_of_gmina
def adding(gmina: GminaDescription, paper_id: int) -> str:
    """First who it is (`kto`), then the form, in which stands what the paper and the catalogue say of them."""
    view, form = find(gmina, paper_id), _offered(gmina, paper_id, NewSignatureForm())
    who = whole_number(request.args.get("kto"))
    if str(who) not in {value for value, _ in form.stakeholders.choices}:
        return _one_page(gmina, view, form, choosing=True)
    words = known_words(current_context(), gmina.code, view).of(who)
    form.stakeholders.data, form.role.data, form.contribution.data = str(who), words.role, words.contribution
    return _one_page(gmina, view, form)


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
    view = find(gmina, paper_id)
    known = known_words(current_context(), gmina.code, view)
    return _many_page(gmina, view, _likely(gmina, paper_id, known, ManySignaturesForm()), known)


@blueprint.post("/wiele")
@coordinator_of_gmina
def add_many(gmina: GminaDescription, paper_id: int) -> Any:
    view = find(gmina, paper_id)
    known = known_words(current_context(), gmina.code, view)
    form = _likely(gmina, paper_id, known, ManySignaturesForm(request.form))
    chosen = [int(one) for one in form.stakeholders.data or () if one.isdecimal() and len(one) < 10]
    if not accepted(form, lambda: _sign(gmina, paper_id, form, chosen, known.words)):
        return _many_page(gmina, view, form, known), 422
    flash(f"Zapisano {polish.counted(len(set(chosen)), 'podpis', 'podpisy', 'podpisów')}.", "success")
    return _to_list(gmina, view)


@blueprint.get("/<int:signature_id>")
@coordinator_of_gmina
def changing(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    found = _signatory(gmina, paper_id, signature_id)
    held = {"signed_on": found.signed_on, "role": found.words.role, "contribution": found.words.contribution}
    form = ChangeSignatureForm(data={**held, "signed_by": found.words.signed_by, "seen": found.mark})
    return _change_page(gmina, paper_id, form, found)


@blueprint.post("/<int:signature_id>")
@coordinator_of_gmina
def change(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    """A refused page keeps what was typed; where somebody else changed the signature, what stands now is above it."""
    form = ChangeSignatureForm(request.form)
    seen = form.seen.data or ""
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
            form.why.data or "",
            seen,
        ),
    ):
        found = _listed(gmina, paper_id, signature_id)
        stale = found is not None and found.mark != seen
        form.seen.data = found.mark if found else seen
        return _change_page(gmina, paper_id, form, found, stale=stale), 409 if stale or not found else 422
    flash("Podpis jest poprawiony.", "success")
    return _to_list(gmina, find(gmina, paper_id))


@blueprint.get("/<int:signature_id>/odejscie")
@coordinator_of_gmina
def leaving(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    return _deed_page(
        gmina,
        paper_id,
        _signatory(gmina, paper_id, signature_id),
        LeavingPaperForm(data={"left_on": current_context().today()}),
        "odejscie",
    )


@blueprint.post("/<int:signature_id>/odejscie")
@coordinator_of_gmina
def leave(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = LeavingPaperForm(request.form)
    return _done(
        gmina,
        paper_id,
        signature_id,
        form,
        "odejscie",
        paper_signatures.leave,
        lambda: (form.left_on.data, form.left_reason.data),
    )


@blueprint.get("/<int:signature_id>/powrot")
@coordinator_of_gmina
def returning(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    return _deed_page(
        gmina,
        paper_id,
        _signatory(gmina, paper_id, signature_id),
        ReturningPaperForm(data={"signed_on": current_context().today()}),
        "powrot",
    )


@blueprint.post("/<int:signature_id>/powrot")
@coordinator_of_gmina
def come_back(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = ReturningPaperForm(request.form)
    return _done(
        gmina,
        paper_id,
        signature_id,
        form,
        "powrot",
        paper_signatures.come_back,
        lambda: (form.signed_on.data,),
    )


@blueprint.get("/<int:signature_id>/wycofanie")
@coordinator_of_gmina
def taking_back(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    return _deed_page(gmina, paper_id, _signatory(gmina, paper_id, signature_id), MistakeForm(), "wycofanie")


@blueprint.post("/<int:signature_id>/wycofanie")
@coordinator_of_gmina
def take_back(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = MistakeForm(request.form)
    return _done(
        gmina, paper_id, signature_id, form, "wycofanie", paper_signatures.take_back, lambda: (form.why.data,)
    )


@blueprint.get("/<int:signature_id>/cofniecie-odejscia")
@coordinator_of_gmina
def undoing_leaving(gmina: GminaDescription, paper_id: int, signature_id: int) -> str:
    return _deed_page(
        gmina, paper_id, _signatory(gmina, paper_id, signature_id), MistakeForm(), "cofniecie-odejscia"
    )


@blueprint.post("/<int:signature_id>/cofniecie-odejscia")
@coordinator_of_gmina
def undo_leaving(gmina: GminaDescription, paper_id: int, signature_id: int) -> Any:
    form = MistakeForm(request.form)
    return _done(
        gmina,
        paper_id,
        signature_id,
        form,
        "cofniecie-odejscia",
        paper_signatures.undo_leaving,
        lambda: (form.why.data,),
    )


def _sign(
    gmina: GminaDescription, paper_id: int, form: Any, chosen: list[int], words: Words | Mapping[int, Words]
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


def _likely(
    gmina: GminaDescription, paper_id: int, known: Known, form: ManySignaturesForm
) -> ManySignaturesForm:
    """Whom the paper names, and Zwolennicy; beside each what is known of them."""
    supporters = {one.id for one in paper_signatures.supporters(current_context(), gmina.code, paper_id)}
    form.offer(
        (one.id, one.name, told_words(known.of(one.id)))
        for one in paper_signatures.candidates(current_context(), gmina.code, paper_id)
        if one.id in supporters | known.named.keys()
    )
    return form


def told_words(words: Words) -> str:
    parts = (
        f"Rola: {words.role}." if words.role else "",
        f"Wkład: {words.contribution}." if words.contribution else "",
    )
    return " ".join(part for part in parts if part)


def _listed(gmina: GminaDescription, paper_id: int, signature_id: int) -> Signatory | None:
    everyone = paper_signatures.signatories(current_context(), gmina.code, paper_id)
    return next((one for one in everyone if one.id == signature_id), None)


def _signatory(gmina: GminaDescription, paper_id: int, signature_id: int) -> Signatory:
    if found := _listed(gmina, paper_id, signature_id):
        return found
    raise NotFoundError(paper_signatures.UNKNOWN)


def _one_page(
    gmina: GminaDescription, view: PaperView, form: NewSignatureForm, *, choosing: bool = False
) -> str:
    """`choosing`: only who it is."""
    names = {value: name for value, name in form.stakeholders.choices if value}
    return paper_page(
        "panel/paper_signature_who.html" if choosing else "panel/paper_signature.html",
        gmina,
        view,
        TAB,
        "Nowy podpis",
        form=form,
        adding=True,
        chosen=names.get(form.stakeholders.data, ""),
        found=None,
        stale=False,
    )


def _change_page(
    gmina: GminaDescription,
    paper_id: int,
    form: ChangeSignatureForm,
    found: Signatory | None,
    *,
    stale: bool = False,
) -> str:
    """`found`: None once it was taken back; what was typed is still there. `stale`: changed since the page was made."""
    view, name = find(gmina, paper_id), "Poprawianie podpisu"
    return paper_page(
        "panel/paper_signature.html",
        gmina,
        view,
        TAB,
        name,
        form=form,
        adding=False,
        chosen="",
        found=found,
        stale=stale,
    )


def _many_page(gmina: GminaDescription, view: PaperView, form: ManySignaturesForm, known: Known) -> str:
    return paper_page(
        "panel/paper_signing.html", gmina, view, TAB, "Wiele podpisów", form=form, told=bool(known.words)
    )


# What is done to a signature after a question: the page's name, and what is said when it is done.
DEEDS = {
    "odejscie": ("Odejście", "Odejście jest zapisane."),
    "powrot": ("Powrót", "Powrót jest zapisany."),
    "wycofanie": ("Wycofanie pomyłki", "Podpis jest wycofany. Ślad po nim jest w historii podpisów."),
    "cofniecie-odejscia": ("Cofnięcie odejścia", "Odejście jest cofnięte. Podpis obowiązuje jak przedtem."),
}


def _deed_page(
    gmina: GminaDescription, paper_id: int, found: Signatory, form: Any, deed: str, *, stale: bool = False
) -> str:
    form.seen.data = form.seen.data or found.mark
    return paper_page(
        "panel/paper_signature_end.html",
        gmina,
        find(gmina, paper_id),
        TAB,
        DEEDS[deed][0],
        form=form,
        found=found,
        deed=deed,
        stale=stale,
    )


def _done(
    gmina: GminaDescription,
    paper_id: int,
    signature_id: int,
    form: Any,
    deed: str,
    act: Callable[..., None],
    typed: Callable[[], tuple[Any, ...]],
) -> Any:
    seen = form.seen.data or ""
    if accepted(
        form,
        lambda: act(
            current_context(), gmina.code, paper_id, signature_id, *typed(), current_person().id, seen
        ),
    ):
        flash(DEEDS[deed][1], "success")
        return _to_list(gmina, find(gmina, paper_id))
    found = _listed(gmina, paper_id, signature_id)
    if found is None:  # the same button pressed twice, or two coordinators with the same mistake before them
        flash("Tego podpisu nie ma już na liście. Co się z nim stało, mówi historia podpisów.", "info")
        return _to_list(gmina, find(gmina, paper_id))
    stale = found.mark != seen
    form.seen.data = found.mark
    return _deed_page(gmina, paper_id, found, form, deed, stale=stale), 409 if stale else 422


def _to_list(gmina: GminaDescription, view: PaperView) -> Any:
    return redirect(address(gmina, view, TAB), 303)
