"""What a rater's own rating leans on: a page beside the sheet, so that the sheet stays fast. METHOD, "Coding"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import ConflictError, InvalidInputError, NotFoundError
from survey_app.instrument.model import Question
from survey_app.services import instruments
from survey_app.services.coding import evidence, excerpt_evidence, rate
from survey_app.services.coding.coding_rounds import CodingRound
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import current_context, current_person, rater_of_round
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "rating_evidence",
    __name__,
    url_prefix="/panel/<string(length=6):gmina_code>/kodowanie/<int:round_id>/oceny/<int:stakeholder_id>/dowody",
)

FIELD = "dowod"


@blueprint.get("/<criterion>")
@rater_of_round
def show(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, criterion: str) -> str:
    return _page(gmina, coding_round, stakeholder_id, criterion)


@blueprint.post("/<criterion>")
@rater_of_round
def attach(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, criterion: str) -> Any:
    draft = evidence.draft_of_choice(request.form.get(FIELD, ""), request.form.get(f"{FIELD}-notatka", ""))
    try:
        evidence.attach_to_rating(
            current_context(),
            gmina.code,
            coding_round.id,
            current_person().id,
            stakeholder_id,
            criterion,
            draft,
        )
    except (InvalidInputError, ConflictError) as error:
        refused = (error.message, request.form.get(FIELD, ""), draft.note)
        return _page(gmina, coding_round, stakeholder_id, criterion, refused), error.status
    flash("Dodano dowód.", "success")
    return _back(gmina, coding_round, stakeholder_id, criterion)


@blueprint.post("/<criterion>/<int:evidence_id>/usuniecie")
@rater_of_round
def detach(
    gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, criterion: str, evidence_id: int
) -> Any:
    evidence.detach(current_context(), gmina.code, evidence_id, current_person().id)
    flash("Usunięto dowód.", "success")
    return _back(gmina, coding_round, stakeholder_id, criterion)


def _page(
    gmina: GminaDescription,
    coding_round: CodingRound,
    stakeholder_id: int,
    criterion: str,
    refused: tuple[str, str, str] = ("", "", ""),
) -> str:
    """`refused`: why, and what had been chosen and written."""
    context, person = current_context(), current_person()
    question = _criterion(coding_round, criterion)
    sheet = rate.sheet(context, gmina.code, coding_round.id, person.id, stakeholder_id)
    message, chosen, note = refused
    place: dict[str, Any] = {
        "gmina_code": gmina.code,
        "round_id": coding_round.id,
        "stakeholder_id": stakeholder_id,
    }
    return panel_page(
        "panel/rating_evidence.html",
        gmina=gmina,
        section="coding",
        crumbs=[
            ("Kodowanie", url_for("coding.index", gmina_code=gmina.code)),
            ("Moje oceny", url_for("rating.index", gmina_code=gmina.code, round_id=coding_round.id)),
            (sheet.stakeholder.name, url_for("rating.sheet", **place)),
            ("Dowody", None),
        ],
        coding_round=coding_round,
        sheet=sheet,
        criterion=question,
        views=sheet.own[criterion].evidence,
        readable=excerpt_evidence.open_to(
            context,
            gmina.code,
            person.id,
            [one.excerpt_id for one in sheet.own[criterion].evidence if one.excerpt_id],
        ),
        choices=evidence.offered(context, gmina.code, person.id, stakeholder_id),
        over=coding_round.stage != "rating",
        field=FIELD,
        refused=message,
        chosen=chosen,
        note=note,
        faults=[(FIELD, message)] if message else [],
        address=url_for("rating_evidence.attach", **place, criterion=criterion),
        sheet_address=url_for("rating.sheet", **place),
        detach_address=url_for("rating_evidence.detach", **place, criterion=criterion, evidence_id=0).replace(
            "/0/usuniecie", "/EVIDENCE/usuniecie"
        ),
    )


def _criterion(coding_round: CodingRound, criterion: str) -> Question:
    question = instruments.instrument_of(coding_round.instrument_version).by_id.get(criterion)
    if question is None:
        raise NotFoundError("Tego kryterium nie ma w tej turze.")
    return question


def _back(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, criterion: str) -> Any:
    return redirect(
        url_for(
            "rating_evidence.show",
            gmina_code=gmina.code,
            round_id=coding_round.id,
            stakeholder_id=stakeholder_id,
            criterion=criterion,
        ),
        303,
    )
