"""Stage 1 of a round as one rater sees it: the own list, one stakeholder at a time, and saving. METHOD, "Coding".

Nothing of another person's ratings reaches these pages: they ask for the logged-in person's own alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for

from survey_app.errors import ConflictError, Fault, InvalidInputError, NotFoundError
from survey_app.forms.coding import LONGEST_REASON, TypedRating, TypedSheet, read_sheet
from survey_app.instrument.model import Question
from survey_app.services.coding import coding_rounds, rate
from survey_app.services.coding.coding_rounds import CodingRound, RoundView
from survey_app.services.coding.rate import OwnRating, RatingDraft, RatingSheet, StaleRatingError
from survey_app.services.gminas import GminaDescription
from survey_app.web.access import current_context, current_person, rater_of_round
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "rating", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kodowanie/<int:round_id>/oceny"
)

STATES = {
    rate.DONE: "ocenione",
    rate.BEGUN: "zaczęte",
    rate.UNTOUCHED: "nieocenione",
    rate.REPRESENTED: "bez oceny: to Państwa instytucja",
}


@dataclass(slots=True)
class Outcome:
    """What became of a sent sheet, criterion by criterion."""

    saved: dict[str, int] = field(default_factory=dict)  # criterion -> its revision now
    stored: dict[str, OwnRating] = field(default_factory=dict)  # another window was faster
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 409 if self.stored else 422 if self.faults else 200


@blueprint.get("")
@rater_of_round
def index(gmina: GminaDescription, coding_round: CodingRound) -> str:
    own = rate.own_list(current_context(), gmina.code, coding_round.id, current_person().id)
    due = [one for one in own if one.state != rate.REPRESENTED]
    unrated = next((one.stakeholder_id for one in due if one.state != rate.DONE), None)
    return panel_page(
        "panel/rating_list.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, coding_round, ("Moje oceny", None)),
        coding_round=coding_round,
        own=own,
        states=STATES,
        done=sum(one.state == rate.DONE for one in due),
        due=len(due),
        unrated=unrated,
        over=coding_round.stage != "rating",
    )


@blueprint.get("/<int:stakeholder_id>")
@rater_of_round
def sheet(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> str:
    if coding_round.stage != "rating":
        return _over_page(gmina, coding_round, stakeholder_id, ())
    return _sheet_page(gmina, coding_round, _own_sheet(gmina, coding_round, stakeholder_id))


@blueprint.post("/<int:stakeholder_id>")
@rater_of_round
def save(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    """A form, or one criterion sent by the page's script, which asks for JSON."""
    wants_json = request.accept_mimetypes.best == "application/json"
    typed = read_sheet(_criteria(gmina, coding_round), request.form)
    try:
        outcome = _keep(gmina, coding_round, stakeholder_id, typed, whole_form=not wants_json)
    except ConflictError as error:  # the stage is over: what was typed is shown once more, to be copied
        if wants_json:
            return jsonify(over=True, message=error.message), 409
        return _over_page(gmina, coding_round, stakeholder_id, tuple(typed.ratings.values())), 409
    if wants_json:
        return jsonify(ratings=_told(typed, outcome)), outcome.status
    own = _own_sheet(gmina, coding_round, stakeholder_id)
    if outcome.status != 200:
        return _sheet_page(gmina, coding_round, own, typed, outcome), outcome.status
    flash("Zapisano.", "success")
    stay = request.form.get("dalej") == "zostan"
    return redirect(_onward(gmina, coding_round, stakeholder_id if stay else own.next_id), 303)


def _keep(
    gmina: GminaDescription,
    coding_round: CodingRound,
    stakeholder_id: int,
    typed: TypedSheet,
    *,
    whole_form: bool,
) -> Outcome:
    """Keeps each criterion by itself: what is wrong with one takes nothing from the others.

    A whole form brings along criteria that nobody filled in: against what another window kept they say nothing.
    """
    outcome = Outcome(faults=dict(typed.faults))
    taken = request.form.get("wez", "")  # "take the other window's": this criterion is left as it is stored
    for criterion, rating in typed.ratings.items():
        if criterion in typed.faults or criterion == taken or (whole_form and rating.untouched):
            continue
        draft = RatingDraft(rating.point, rating.dont_know, rating.reason)
        try:
            outcome.saved[criterion] = rate.save_rating(
                current_context(),
                gmina.code,
                coding_round.id,
                current_person().id,
                stakeholder_id,
                criterion,
                draft,
                rating.revision,
            )
        except StaleRatingError as error:
            outcome.stored[criterion] = error.stored
        except InvalidInputError as error:
            whole = Fault("rating.refused", f"punkt-{criterion}", error.message)
            named = tuple(replace(fault, where=whole.where) for fault in error.faults)
            outcome.faults[criterion] = named or (whole,)  # the use case knows no fields
    return outcome


def _told(typed: TypedSheet, outcome: Outcome) -> dict[str, Any]:
    """The answer to the page's script."""
    told: dict[str, Any] = {}
    for criterion in typed.ratings:
        if criterion in outcome.saved:
            told[criterion] = {"saved": True, "revision": outcome.saved[criterion]}
        elif criterion in outcome.stored:
            stored = outcome.stored[criterion]
            told[criterion] = {"saved": False, "stored": _value_of(stored)}
        else:
            words = [f"{fault.message} {fault.hint}".strip() for fault in outcome.faults[criterion]]
            told[criterion] = {"saved": False, "message": " ".join(words)}
    return told


def _value_of(own: OwnRating) -> dict[str, Any]:
    return {
        "point": own.point,
        "dont_know": own.dont_know,
        "reason": own.reason,
        "revision": own.revision,
    }


# Pages ---------------------------------------------------------------------------------------------------------


def _sheet_page(
    gmina: GminaDescription,
    coding_round: CodingRound,
    own: RatingSheet,
    typed: TypedSheet | None = None,
    outcome: Outcome | None = None,
) -> str:
    """`typed` and `outcome`: a sheet that was not kept whole comes back as it was typed."""
    outcome = outcome or Outcome()
    shown: dict[str, OwnRating | TypedRating] = dict(own.own)
    for criterion, rating in typed.ratings.items() if typed else ():
        if criterion in outcome.stored or criterion in outcome.faults:
            shown[criterion] = rating
    return panel_page(
        "panel/rating_sheet.html",
        gmina=gmina,
        section="coding",
        coding_round=coding_round,
        instrument=_view(gmina, coding_round).instrument,
        sheet=own,
        shown=shown,
        stored=outcome.stored,
        refused=outcome.faults,
        faults=[fault for found in outcome.faults.values() for fault in found],
        longest_reason=LONGEST_REASON,
        next_address=_onward(gmina, coding_round, own.next_unrated_id if own.represented else own.next_id),
        previous_address=_onward(gmina, coding_round, own.previous_id),
    )


def _over_page(
    gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, typed: tuple[TypedRating, ...]
) -> str:
    view = _view(gmina, coding_round)
    name = next((one.name for one in view.stakeholders if one.stakeholder_id == stakeholder_id), None)
    if name is None:
        raise NotFoundError("W tej turze nie ma takiego interesariusza.")
    return panel_page(
        "panel/rating_over.html",
        gmina=gmina,
        section="coding",
        crumbs=_crumbs(gmina, coding_round, (name, None)),
        coding_round=view.round,
        name=name,
        typed=[(view.instrument.by_id[one.criterion], one) for one in typed],
    )


def _crumbs(
    gmina: GminaDescription, coding_round: CodingRound, last: tuple[str, str | None]
) -> list[tuple[str, str | None]]:
    return [
        ("Kodowanie", url_for("coding.index", gmina_code=gmina.code)),
        (coding_round.title, url_for("coding.show", gmina_code=gmina.code, round_id=coding_round.id)),
        last,
    ]


def _onward(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int | None) -> str:
    """A stakeholder's sheet, or after the last one (and before the first) the list."""
    if stakeholder_id is None:
        return url_for("rating.index", gmina_code=gmina.code, round_id=coding_round.id)
    return url_for(
        "rating.sheet", gmina_code=gmina.code, round_id=coding_round.id, stakeholder_id=stakeholder_id
    )


def _own_sheet(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> RatingSheet:
    return rate.sheet(current_context(), gmina.code, coding_round.id, current_person().id, stakeholder_id)


def _view(gmina: GminaDescription, coding_round: CodingRound) -> RoundView:
    return coding_rounds.round_view(current_context(), gmina.code, coding_round.id)


def _criteria(gmina: GminaDescription, coding_round: CodingRound) -> tuple[Question, ...]:
    return _view(gmina, coding_round).instrument.questions
