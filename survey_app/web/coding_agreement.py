"""Stage 2 of a round: the ratings lie open, the team decides; after the close, what it decided and corrections.

METHOD, "Coding". The same pages serve a projector in a meeting and the phone of each seat.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError, InvalidInputError
from survey_app.forms.agreement import VoteForm
from survey_app.services import accounts
from survey_app.services.coding import agree, evidence
from survey_app.services.coding.agree import LaidOpen
from survey_app.services.coding.coding_rounds import CodingRound
from survey_app.services.gminas import GminaDescription
from survey_app.web import agreement_words as words
from survey_app.web.access import (
    coordinator_of_round,
    current_context,
    current_person,
    member_of_round,
    rater_of_round,
)
from survey_app.web.agreement_page import (
    Opened,
    Typed,
    ballot_form,
    confirm_form,
    correction_form,
    decision_form,
    hands_form,
    opened,
    show_page,
)
from survey_app.web.panel_frame import accepted, page_of, panel_page

blueprint = Blueprint(
    "agreement",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kodowanie/<int:round_id>/uzgodnienia",
)

PAGE_LENGTH = 100


@blueprint.get("")
@member_of_round
def index(gmina: GminaDescription, coding_round: CodingRound) -> str:
    context, person = current_context(), current_person()
    overview = agree.overview(context, gmina.code, coding_round.id)
    view = overview.view
    chosen = request.args.get("pokaz", words.ALL)
    chosen = chosen if chosen in words.FILTERS else words.ALL
    kept = {name: [one for one in overview.entries if words.kept_by(name, one)] for name in words.FILTERS}
    undecided = kept[words.UNDECIDED]
    page, pages = page_of(len(kept[chosen]), PAGE_LENGTH)
    shown = kept[chosen][(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    where: dict[str, Any] = {"gmina_code": gmina.code, "round_id": coding_round.id, "pokaz": chosen or None}
    return panel_page(
        "panel/agreement.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, coding_round),
        coding_round=coding_round,
        closed=coding_round.stage == "closed",
        coordinates=accounts.coordinates(person, gmina.code),
        lead=_lead(coding_round, len(undecided)),
        total=len(overview.entries),
        decided_count=len(overview.entries) - len(undecided),
        differ_count=len(kept[words.DIFFER]),
        seats=sum(not seat.left for seat in view.raters),
        agreed_count=sum(_confirmable(one) for one in overview.entries),
        undecided_id=undecided[0].stakeholder.stakeholder_id if undecided else None,
        filters=[(name, label, len(kept[name])) for name, label in words.FILTERS.items()],
        chosen=chosen,
        chosen_words=words.FILTERS[chosen],
        rows=[words.overview_row(view.coding, one) for one in shown],
        page_link=url_for("agreement.index", **where, strona="PAGE", _anchor="interesariusze"),
        page_number=page,
        pages=pages,
        criteria=[question.text for question in view.instrument.questions],
        minimum=view.coding.minimum_ratings,
        agreement_rows=words.agreement_rows(view.instrument, overview.agreements),
        names=words.names_words(view, person.id, overview.names_shown),
        corrections=words.correction_rows(view.coding, overview.entries),
    )


@blueprint.get("/potwierdzenie")
@coordinator_of_round
def confirming(gmina: GminaDescription, coding_round: CodingRound) -> str:
    """What would be confirmed, before it is."""
    overview = agree.overview(current_context(), gmina.code, coding_round.id)
    view = overview.view
    return panel_page(
        "panel/agreement_confirming.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, coding_round, "Potwierdzenie"),
        coding_round=coding_round,
        rows=[
            (one.stakeholder.name, words.code_label(view.coding, one.proposed), agree.composed_reason(one))
            for one in overview.entries
            if _confirmable(one)
        ],
    )


@blueprint.post("/potwierdzenie")
@coordinator_of_round
def confirm(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    count = agree.confirm_agreed(current_context(), gmina.code, coding_round.id, current_person().id)
    told = polish.counted(count, "propozycję", "propozycje", "propozycji")
    flash(f"Potwierdzono {told}." if count else "Nie było czego potwierdzić.", "success" if count else "info")
    return redirect(url_for("agreement.index", gmina_code=gmina.code, round_id=coding_round.id))


@blueprint.post("/nazwiska")
@rater_of_round
def names(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    agrees = request.form.get("zgoda") == "1"
    agree.agree_to_names(current_context(), gmina.code, coding_round.id, current_person().id, agrees)
    flash("Zapisano Państwa zgodę." if agrees else "Zgoda jest cofnięta.", "success")
    return redirect(
        url_for("agreement.index", gmina_code=gmina.code, round_id=coding_round.id, _anchor="nazwiska")
    )


@blueprint.get("/<int:stakeholder_id>")
@member_of_round
def show(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> str:
    return show_page(opened(gmina, coding_round, stakeholder_id))


@blueprint.post("/<int:stakeholder_id>/potwierdzenie")
@coordinator_of_round
def confirm_one(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    """The proposal as it was shown; its reason may have been mended."""
    one = opened(gmina, coding_round, stakeholder_id)
    form = confirm_form(one, request.form)
    if not accepted(
        form, lambda: _decide(one, form.code.data or "", form.reason.data, form.replaces.number())
    ):
        return _refused(gmina, coding_round, stakeholder_id, Typed(confirm=form))
    return _done(one, "Decyzja jest zapisana.")


@blueprint.post("/<int:stakeholder_id>/decyzja")
@coordinator_of_round
def decide(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    form = decision_form(one, request.form)
    if not accepted(form, lambda: _decide(one, form.code.data, form.reason.data, form.replaces.number())):
        return _refused(gmina, coding_round, stakeholder_id, Typed(decision=form))
    return _done(one, "Decyzja jest zapisana.")


@blueprint.post("/<int:stakeholder_id>/glosowanie")
@coordinator_of_round
def open_ballot(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    form = ballot_form(one, request.form)
    if not accepted(
        form, lambda: agree.open_ballot(*_place(one), form.code.data, form.reason.data, _actor())
    ):
        return _refused(gmina, coding_round, stakeholder_id, Typed(ballot=form))
    return _done(one, "Głosowanie jest otwarte. Każda osoba głosuje na tej stronie na swoim telefonie.")


@blueprint.post("/<int:stakeholder_id>/rece")
@coordinator_of_round
def show_of_hands(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    form = hands_form(one, request.form)

    def count() -> None:
        counts = (form.votes_for.data, form.against.data, form.abstained.data)
        agree.record_show_of_hands(*_place(one), form.code.data, form.reason.data, *counts, _actor())

    if not accepted(form, count):
        return _refused(gmina, coding_round, stakeholder_id, Typed(hands=form))
    return _done(one, "Wynik głosowania jest zapisany.")


@blueprint.post("/<int:stakeholder_id>/glosowanie/<int:ballot_id>")
@rater_of_round
def vote(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, ballot_id: int) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    form, where = VoteForm(request.form), (current_context(), gmina.code, coding_round.id, ballot_id)
    if not accepted(form, lambda: agree.cast_vote(*where, current_person().id, form.choice.data)):
        return _refused(gmina, coding_round, stakeholder_id, Typed(vote=form))
    return _done(one, "Głos jest oddany. Do zamknięcia głosowania można go zmienić.")


@blueprint.post("/<int:stakeholder_id>/glosowanie/<int:ballot_id>/zamkniecie")
@coordinator_of_round
def close_ballot(
    gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, ballot_id: int
) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    ended = agree.close_ballot(current_context(), gmina.code, coding_round.id, ballot_id, _actor())
    outcome = "Kod przeszedł." if ended.carried else "Kod nie przeszedł; decyzji nie zmieniono."
    return _done(one, f"{words.ballot_words(ended)} {outcome}")


@blueprint.post("/<int:stakeholder_id>/sprostowanie")
@coordinator_of_round
def correct(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    """After the close: a new entry that names the one it replaces."""
    one = opened(gmina, coding_round, stakeholder_id)
    form = correction_form(one, request.form)

    def save() -> None:
        agree.correct(
            *_place(one), form.code.data, form.reason.data, _actor(), replaces=form.replaces.number()
        )

    if not accepted(form, save):
        return _refused(gmina, coding_round, stakeholder_id, Typed(correction=form))
    return _done(
        one, "Sprostowanie jest zapisane. Wynik tury zostaje taki, jaki był; sprostowanie stoi obok niego."
    )


@blueprint.post("/<int:stakeholder_id>/dowody")
@coordinator_of_round
def attach(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    """What the decision that holds leans on."""
    one = opened(gmina, coding_round, stakeholder_id)
    if one.laid.decision is None:
        raise ConflictError("Dowód dołącza się do decyzji, a tej jeszcze nie ma.")
    chosen, note = request.form.get("dowod", ""), request.form.get("dowod-notatka", "")
    draft = evidence.draft_of_choice(chosen, note)
    try:
        evidence.attach_to_decision(current_context(), gmina.code, one.laid.decision.id, draft, _actor())
    except InvalidInputError as error:
        told = " ".join(fault.message for fault in error.faults) or error.message
        return _refused(
            gmina,
            coding_round,
            stakeholder_id,
            Typed(evidence=told, evidence_chosen=chosen, evidence_note=note),
        )
    return _done(one, "Dowód jest dołączony.")


@blueprint.post("/<int:stakeholder_id>/dowody/<int:evidence_id>/usun")
@coordinator_of_round
def detach(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, evidence_id: int) -> Any:
    one = opened(gmina, coding_round, stakeholder_id)
    evidence.detach(current_context(), gmina.code, evidence_id, _actor())
    return _done(one, "Dowód jest odłączony.")


def _decide(one: Opened, code: str, reason: str, seen: int | None) -> None:
    agree.decide(*_place(one), code, reason, _actor(), replaces=seen)


def _place(one: Opened) -> tuple[Any, str, int, int]:
    """What every use case about one stakeholder begins with."""
    return current_context(), one.gmina.code, one.coding_round.id, one.laid.stakeholder.stakeholder_id


def _actor() -> int:
    return current_person().id


def _refused(
    gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, typed: Typed
) -> tuple[str, int]:
    """The page as it is now, which may have changed meanwhile, with the refused form as it was typed."""
    return show_page(opened(gmina, coding_round, stakeholder_id), typed), 422


def _done(one: Opened, told: str) -> Any:
    flash(told, "success")
    return redirect(
        url_for(
            "agreement.show",
            gmina_code=one.gmina.code,
            round_id=one.coding_round.id,
            stakeholder_id=one.laid.stakeholder.stakeholder_id,
        )
    )


def _confirmable(one: LaidOpen) -> bool:
    """Nobody differs on what the code depends on, and nothing is decided or voted on yet."""
    return one.decision is None and one.proposed is not None and not one.differ and one.ballot is None


def _lead(coding_round: CodingRound, undecided: int) -> str:
    if coding_round.stage == "closed":
        return "Tura jest zamknięta: jej wynik się nie zmienia. Pomyłkę naprawia sprostowanie."
    if not undecided:
        return "Wszyscy mają kod. Można zamknąć turę."
    without = polish.counted(undecided, "interesariusz", "interesariusze", "interesariuszy")
    return f"Bez decyzji: {without}."


def _crumbs(
    gmina: GminaDescription, coding_round: CodingRound, here: str = ""
) -> list[tuple[str, str | None]]:
    where: dict[str, Any] = {"gmina_code": gmina.code, "round_id": coding_round.id}
    found: list[tuple[str, str | None]] = [
        ("Kodowanie", url_for("coding.index", gmina_code=gmina.code)),
        (coding_round.title, url_for("coding.show", **where)),
    ]
    if not here:
        return [*found, ("Uzgodnienia", None)]
    return [*found, ("Uzgodnienia", url_for("agreement.index", **where)), (here, None)]
