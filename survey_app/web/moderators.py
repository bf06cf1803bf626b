"""Who may be given interviews: people of the team, and moderators from outside it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.forms.team_people import MemberForm
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import moderators
from survey_app.web.access import coordinator_of_gmina, current_context, current_person
from survey_app.web.account_links import access_words
from survey_app.web.panel_frame import Link, accepted, panel_page

blueprint = Blueprint(
    "moderators", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/moderatorzy"
)


@blueprint.get("")
@coordinator_of_gmina
def index(gmina: GminaDescription) -> str:
    return _page("panel/moderators.html", gmina, people=moderators.moderators(current_context(), gmina.code))


@blueprint.get("/nowa-osoba")
@coordinator_of_gmina
def new(gmina: GminaDescription) -> str:
    return _page("panel/moderators_new.html", gmina, "Nowy moderator", form=MemberForm())


@blueprint.post("/nowa-osoba")
@coordinator_of_gmina
def add(gmina: GminaDescription) -> Any:
    """The link of a new account is on this page only."""
    form, made = MemberForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            moderators.add_moderator(
                current_context(), gmina.code, form.email.data, form.name.data, current_person().id
            )
        ),
    ):
        return _page("panel/moderators_new.html", gmina, "Nowy moderator", form=form, faults=True), 422
    words = access_words(form.email.data, made[0])
    return _page("panel/moderators_added.html", gmina, "Nowy moderator", **words)


@blueprint.get("/<int:person_id>/odebranie")
@coordinator_of_gmina
def removing(gmina: GminaDescription, person_id: int) -> str:
    found = moderators.moderator(current_context(), gmina.code, person_id)
    return _page("panel/moderators_removing.html", gmina, found.name, person=found)


@blueprint.post("/<int:person_id>/odebranie")
@coordinator_of_gmina
def remove(gmina: GminaDescription, person_id: int) -> Any:
    found = moderators.moderator(current_context(), gmina.code, person_id)
    moderators.remove(current_context(), gmina.code, person_id, current_person().id)
    flash(f"{found.name} nie prowadzi już wywiadów w tej gminie.", "success")
    return redirect(url_for("moderators.index", gmina_code=gmina.code), 303)


def _page(template: str, gmina: GminaDescription, here: str = "", **words: Any) -> str:
    crumbs: list[Link] = [("Wywiady", url_for("interviews.index", gmina_code=gmina.code))]
    crumbs.append(("Moderatorzy", url_for("moderators.index", gmina_code=gmina.code) if here else None))
    if here:
        crumbs.append((here, None))
    return panel_page(template, gmina=gmina, section="interviews", crumbs=crumbs, **words)
