"""Zespół: who sits in the team, and which institutions each person represents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.forms.team_people import MemberForm, RepresentationForm
from survey_app.services import accounts, team_people
from survey_app.services.gminas import GminaDescription
from survey_app.services.register import catalogue
from survey_app.services.team_people import TeamPerson
from survey_app.web.access import (
    coordinator_of_gmina,
    current_context,
    current_person,
    member_of_gmina,
)
from survey_app.web.account_links import access_words
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("team_people", __name__, url_prefix="/panel/<string(length=6):gmina_code>/zespol")


@blueprint.get("")
@member_of_gmina
def index(gmina: GminaDescription) -> str:
    """Members read names and institutions; addresses are the coordinator's."""
    person = current_person()
    return panel_page(
        "panel/team_people.html",
        gmina=gmina,
        section="people",
        people=team_people.team(current_context(), gmina.code),
        own_id=person.id,
        coordinator=accounts.coordinates(person, gmina.code),
    )


@blueprint.get("/nowa-osoba")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    return _page("panel/team_people_new.html", gmina, "Nowa osoba", form=MemberForm())


@blueprint.post("/nowa-osoba")
@coordinator_of_gmina
def add(gmina: GminaDescription) -> Any:
    """The link of a new account is on this page only."""
    form, made = MemberForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            team_people.add_member(
                current_context(), gmina.code, form.email.data, form.name.data, current_person().id
            )
        ),
    ):
        return _page("panel/team_people_new.html", gmina, "Nowa osoba", form=form, faults=True), 422
    words = access_words(form.email.data, made[0])
    added = accounts.find_person(current_context(), form.email.data)
    assert added is not None, "an account is never deleted"
    return _page("panel/team_people_added.html", gmina, "Nowa osoba", new_person_id=added.id, **words)


@blueprint.get("/<int:person_id>")
@coordinator_of_gmina
def person(gmina: GminaDescription, person_id: int) -> str:
    found = team_people.team_person(current_context(), gmina.code, person_id)
    form = RepresentationForm(data={"stakeholder_ids": [number for number, _ in found.represents]})
    return _person_page(gmina, found, form)


@blueprint.post("/<int:person_id>")
@coordinator_of_gmina
def represent(gmina: GminaDescription, person_id: int) -> Any:
    """Appoints which institutions of the catalogue the person represents."""
    found = team_people.team_person(current_context(), gmina.code, person_id)
    form = RepresentationForm(request.form)
    if not accepted(
        form,
        lambda: team_people.set_representations(
            current_context(), gmina.code, person_id, form.stakeholder_ids.data or [], current_person().id
        ),
    ):
        return _person_page(gmina, found, form, faults=True), 422
    flash(f"Zapisano, kogo reprezentuje {found.name}.", "success")
    return redirect(url_for("team_people.index", gmina_code=gmina.code))


@blueprint.get("/<int:person_id>/odejscie")
@coordinator_of_gmina
def leaving(gmina: GminaDescription, person_id: int) -> str:
    found = team_people.team_person(current_context(), gmina.code, person_id)
    return _page(
        "panel/team_people_leaving.html",
        gmina,
        found.name,
        person=found,
        own=found.person_id == current_person().id,
    )


@blueprint.post("/<int:person_id>/odejscie")
@coordinator_of_gmina
def leave(gmina: GminaDescription, person_id: int) -> Any:
    found = team_people.team_person(current_context(), gmina.code, person_id)
    team_people.remove_member(current_context(), gmina.code, person_id, current_person().id)
    flash(f"{found.name} nie należy już do zespołu.", "success")
    own = person_id == current_person().id
    return redirect(url_for("team.home") if own else url_for("team_people.index", gmina_code=gmina.code))


def _person_page(
    gmina: GminaDescription, found: TeamPerson, form: RepresentationForm, *, faults: bool = False
) -> str:
    """Offers the catalogue, and what the person represents although it has left the catalogue."""
    context = current_context()
    present = [(row.id, row.name) for row in catalogue.stakeholders(context, gmina.code)]
    form.offer([*present, *(one for one in found.represents if one not in present)])
    return _page(
        "panel/team_people_person.html",
        gmina,
        found.name,
        person=found,
        form=form,
        faults=faults,
        rating_goes_on=team_people.rating_goes_on(context, gmina.code),
    )


def _page(template: str, gmina: GminaDescription, here: str, **words: Any) -> str:
    crumbs = [("Zespół", url_for("team_people.index", gmina_code=gmina.code)), (here, None)]
    return panel_page(template, gmina=gmina, section="people", crumbs=crumbs, **words)
