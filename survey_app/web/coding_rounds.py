"""Coding rounds of a gmina: opened, rated, laid open, closed or given up. METHOD, "Coding"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app import polish
from survey_app.errors import ConflictError, NotFoundError
from survey_app.forms.coding import AdditionForm, ReasonForm, RoundForm
from survey_app.instrument.model import CodeScheme
from survey_app.services import accounts, team_people
from survey_app.services.coding import agree, coding_rounds, criteria
from survey_app.services.coding.coding_rounds import CodingRound, RoundDraft, RoundView, Seat
from survey_app.services.gminas import GminaDescription
from survey_app.services.register.catalogue import Stakeholder, catalogue_sectors, stakeholders
from survey_app.services.team_people import TeamPerson
from survey_app.web.access import (
    coordinator_of_gmina,
    coordinator_of_round,
    current_context,
    current_person,
    member_of_gmina,
    member_of_round,
)
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint("coding", __name__, url_prefix="/panel/<string(length=6):gmina_code>/kodowanie")

STAGE_NUMBER = {"rating": 1, "agreement": 2, "closed": 4}  # 4: all three stages are done


@dataclass(frozen=True, slots=True)
class SectorBoxes:
    """Checkboxes of one sector: value and label of each."""

    sector_id: str
    label: str
    boxes: tuple[tuple[int, str], ...]


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    context = current_context()
    rounds = coding_rounds.rounds(context, gmina.code)
    views = [coding_rounds.round_view(context, gmina.code, one.id) for one in rounds]
    return panel_page(
        "panel/coding_index.html",
        gmina=gmina,
        section="coding",
        views=[(view, _own_seat(view)) for view in views],
        occasions=coding_rounds.OCCASIONS,
        stages=coding_rounds.STAGES,
        coordinates=_coordinates(gmina),
        one_is_open=any(one.stage in ("rating", "agreement") for one in rounds),
        one_is_closed=any(one.stage == "closed" for one in rounds),
    )


@blueprint.get("/nowa")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    context = current_context()
    counted = [one for one in coding_rounds.rounds(context, gmina.code) if one.stage != "abandoned"]
    form = _round_form(
        gmina,
        data={
            "title": f"Tura {len(counted) + 1}",
            "occasion": "before_pact" if counted else "start",
            "stakeholder_ids": [one.id for one in stakeholders(context, gmina.code)],
            "rater_ids": [one.person_id for one in team_people.team(context, gmina.code)],
        },
    )
    return _new_page(gmina, form)


@blueprint.post("/nowa")
@coordinator_of_gmina
def create(gmina: GminaDescription) -> Any:
    form = _round_form(gmina, request.form)
    opened: list[CodingRound] = []

    def open_it() -> None:
        opened.append(
            coding_rounds.open_round(current_context(), gmina.code, _draft(form), current_person().id)
        )

    if not accepted(form, open_it):
        return _new_page(gmina, form), 422
    flash("Tura jest otwarta. Każda osoba z zespołu może już oceniać.", "success")
    return redirect(url_for("coding.show", gmina_code=gmina.code, round_id=opened[0].id), 303)


@blueprint.get("/<int:round_id>")
@member_of_round
def show(gmina: GminaDescription, coding_round: CodingRound) -> str:
    view = _view(gmina, coding_round)
    return _round_page(
        "panel/coding_round.html",
        gmina,
        view,
        (),
        own_seat=_own_seat(view),
        occasions=coding_rounds.OCCASIONS,
        stages=coding_rounds.STAGES,
        stage_number=STAGE_NUMBER.get(coding_round.stage, 0),
        coordinates=_coordinates(gmina),
    )


@blueprint.get("/<int:round_id>/uzupelnienie")
@coordinator_of_round
def adding(gmina: GminaDescription, coding_round: CodingRound) -> str:
    return _adding_page(gmina, coding_round, AdditionForm())


@blueprint.post("/<int:round_id>/uzupelnienie")
@coordinator_of_round
def add(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    form = AdditionForm(request.form)
    if not accepted(
        form,
        lambda: coding_rounds.add_to_round(
            current_context(),
            gmina.code,
            coding_round.id,
            tuple(form.stakeholder_ids.data),
            tuple(form.rater_ids.data),
            current_person().id,
        ),
    ):
        return _adding_page(gmina, coding_round, form), 422
    flash("Dopisano do tury.", "success")
    return _to_round(gmina, coding_round)


@blueprint.get("/<int:round_id>/wylaczenie/<int:stakeholder_id>")
@coordinator_of_round
def withdrawing(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> str:
    return _withdrawing_page(gmina, coding_round, stakeholder_id, ReasonForm())


@blueprint.post("/<int:round_id>/wylaczenie/<int:stakeholder_id>")
@coordinator_of_round
def withdraw(gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int) -> Any:
    form = ReasonForm(request.form)
    if not accepted(
        form,
        lambda: coding_rounds.withdraw_stakeholder(
            current_context(),
            gmina.code,
            coding_round.id,
            stakeholder_id,
            form.reason.data,
            current_person().id,
        ),
    ):
        return _withdrawing_page(gmina, coding_round, stakeholder_id, form), 422
    flash("Wyłączono z tury.", "success")
    return _to_round(gmina, coding_round)


@blueprint.get("/<int:round_id>/odejscie/<int:person_id>")
@coordinator_of_round
def rater_leaving(gmina: GminaDescription, coding_round: CodingRound, person_id: int) -> str:
    view = _view(gmina, coding_round)
    seat = next((one for one in view.raters if one.person_id == person_id), None)
    if seat is None:
        raise NotFoundError("W tej turze nie ma takiej osoby.")
    return _round_page("panel/coding_rater_leaving.html", gmina, view, ("Odejście z tury",), seat=seat)


@blueprint.post("/<int:round_id>/odejscie/<int:person_id>")
@coordinator_of_round
def rater_leaves(gmina: GminaDescription, coding_round: CodingRound, person_id: int) -> Any:
    coding_rounds.rater_leaves(current_context(), gmina.code, coding_round.id, person_id, current_person().id)
    flash("Ta osoba nie ocenia już i nie głosuje w tej turze. Oddane oceny zostały.", "success")
    return _to_round(gmina, coding_round)


@blueprint.get("/<int:round_id>/wylozenie")
@coordinator_of_round
def laying_open(gmina: GminaDescription, coding_round: CodingRound) -> str:
    view = _view(gmina, coding_round)
    unfinished = [one for one in view.raters if not one.left and one.rated < one.due]
    return _round_page(
        "panel/coding_laying_open.html", gmina, view, ("Wyłożenie ocen",), unfinished=unfinished
    )


@blueprint.post("/<int:round_id>/wylozenie")
@coordinator_of_round
def lay_open(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    coding_rounds.lay_open(current_context(), gmina.code, coding_round.id, current_person().id)
    flash("Oceny są wyłożone. Teraz zespół ustala kody.", "success")
    return redirect(url_for("agreement.index", gmina_code=gmina.code, round_id=coding_round.id), 303)


@blueprint.get("/<int:round_id>/zamkniecie")
@coordinator_of_round
def closing(gmina: GminaDescription, coding_round: CodingRound) -> str:
    return _closing_page(gmina, coding_round)


@blueprint.post("/<int:round_id>/zamkniecie")
@coordinator_of_round
def close(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    try:
        coding_rounds.close(current_context(), gmina.code, coding_round.id, current_person().id)
    except ConflictError as error:
        return _closing_page(gmina, coding_round, error.message), 409
    flash("Tura jest zamknięta. Wyniki są gotowe.", "success")
    return _to_round(gmina, coding_round)


@blueprint.get("/<int:round_id>/porzucenie")
@coordinator_of_round
def abandoning(gmina: GminaDescription, coding_round: CodingRound) -> str:
    return _abandoning_page(gmina, coding_round, ReasonForm())


@blueprint.post("/<int:round_id>/porzucenie")
@coordinator_of_round
def abandon(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    form = ReasonForm(request.form)
    if not accepted(
        form,
        lambda: coding_rounds.abandon(
            current_context(), gmina.code, coding_round.id, form.reason.data, current_person().id
        ),
    ):
        return _abandoning_page(gmina, coding_round, form), 422
    flash("Tura jest porzucona. Można otworzyć nową.", "success")
    return redirect(url_for("coding.index", gmina_code=gmina.code), 303)


# Pages ---------------------------------------------------------------------------------------------------------


def _new_page(gmina: GminaDescription, form: RoundForm) -> str:
    context = current_context()
    return panel_page(
        "panel/coding_new.html",
        gmina=gmina,
        section="coding",
        crumbs=[("Kodowanie", url_for("coding.index", gmina_code=gmina.code)), ("Nowa tura", None)],
        form=form,
        sectors=_by_sector(gmina, stakeholders(context, gmina.code)),
        team=_seats(team_people.team(context, gmina.code)),
        faults=bool(form.errors),
    )


def _adding_page(gmina: GminaDescription, coding_round: CodingRound, form: AdditionForm) -> str:
    context, view = current_context(), _view(gmina, coding_round)
    coded = {one.stakeholder_id for one in view.stakeholders}
    seated = {one.person_id for one in view.raters if not one.left}
    return _round_page(
        "panel/coding_adding.html",
        gmina,
        view,
        ("Uzupełnienie tury",),
        form=form,
        sectors=_by_sector(gmina, [one for one in stakeholders(context, gmina.code) if one.id not in coded]),
        team=_seats([one for one in team_people.team(context, gmina.code) if one.person_id not in seated]),
        faults=bool(form.errors),
    )


def _withdrawing_page(
    gmina: GminaDescription, coding_round: CodingRound, stakeholder_id: int, form: ReasonForm
) -> str:
    view = _view(gmina, coding_round)
    entry = next((one for one in view.stakeholders if one.stakeholder_id == stakeholder_id), None)
    if entry is None:
        raise NotFoundError("W tej turze nie ma takiego interesariusza.")
    return _round_page(
        "panel/coding_withdrawing.html",
        gmina,
        view,
        ("Wyłączenie z tury",),
        entry=entry,
        form=form,
        faults=bool(form.errors),
    )


def _closing_page(gmina: GminaDescription, coding_round: CodingRound, refused: str = "") -> str:
    undecided = []
    if coding_round.stage == "agreement":
        overview = agree.overview(current_context(), gmina.code, coding_round.id)
        undecided = [one.stakeholder for one in overview.entries if one.decision is None]
        view = overview.view
    else:
        view = _view(gmina, coding_round)
    return _round_page(
        "panel/coding_closing.html", gmina, view, ("Zamknięcie tury",), undecided=undecided, refused=refused
    )


def _abandoning_page(gmina: GminaDescription, coding_round: CodingRound, form: ReasonForm) -> str:
    view = _view(gmina, coding_round)
    return _round_page(
        "panel/coding_abandoning.html",
        gmina,
        view,
        ("Porzucenie tury",),
        form=form,
        faults=bool(form.errors),
    )


def _round_page(
    template: str, gmina: GminaDescription, view: RoundView, trail: Sequence[str], **words: Any
) -> str:
    round_page = url_for("coding.show", gmina_code=gmina.code, round_id=view.round.id)
    crumbs: list[Link] = [("Kodowanie", url_for("coding.index", gmina_code=gmina.code))]
    crumbs.append((view.round.title, round_page if trail else None))
    return panel_page(
        template,
        gmina=gmina,
        section="coding",
        crumbs=[*crumbs, *((words_of_place, None) for words_of_place in trail)],
        view=view,
        coding_round=view.round,
        **words,
    )


# What pages are made of ----------------------------------------------------------------------------------------


def _view(gmina: GminaDescription, coding_round: CodingRound) -> RoundView:
    return coding_rounds.round_view(current_context(), gmina.code, coding_round.id)


def _own_seat(view: RoundView) -> Seat | None:
    return next((one for one in view.raters if one.person_id == current_person().id and not one.left), None)


def _coordinates(gmina: GminaDescription) -> bool:
    return accounts.coordinates(current_person(), gmina.code)


def _round_form(gmina: GminaDescription, typed: Any = None, data: Any = None) -> RoundForm:
    form = RoundForm(typed, data=data)
    form.offer(coding_rounds.OCCASIONS, _schemes(gmina))
    return form


def _schemes(gmina: GminaDescription) -> tuple[CodeScheme, ...]:
    context = current_context()
    coding = criteria.criteria_of(criteria.current_criteria(context, gmina.code)).definitions.coding
    return coding.schemes if coding else ()


def _draft(form: RoundForm) -> RoundDraft:
    return RoundDraft(
        title=form.title.data,
        occasion=form.occasion.data,
        scheme=form.scheme.data,
        stakeholder_ids=tuple(form.stakeholder_ids.data),
        rater_ids=tuple(form.rater_ids.data),
        rating_until=form.rating_until.data,
    )


def _by_sector(gmina: GminaDescription, rows: Iterable[Stakeholder]) -> list[SectorBoxes]:
    """Groups in the order of the sectors' names, institutions in the order of theirs."""
    labels = catalogue_sectors(current_context(), gmina.code)

    def place(row: Stakeholder) -> tuple[Any, ...]:
        return polish.alphabetical(labels.get(row.sector, row.sector)), polish.alphabetical(row.name)

    groups = groupby(sorted(rows, key=place), key=lambda row: row.sector)
    return [
        SectorBoxes(sector, labels.get(sector, sector), tuple((row.id, row.name) for row in group))
        for sector, group in groups
    ]


def _seats(people: Iterable[TeamPerson]) -> list[tuple[int, str, str]]:
    """Id, name, and in words what the person represents and therefore does not rate."""
    return [
        (
            one.person_id,
            one.name,
            f"Reprezentuje, więc nie ocenia: {', '.join(name for _, name in one.represents)}."
            if one.represents
            else "",
        )
        for one in people
    ]


def _to_round(gmina: GminaDescription, coding_round: CodingRound) -> Any:
    return redirect(url_for("coding.show", gmina_code=gmina.code, round_id=coding_round.id), 303)
