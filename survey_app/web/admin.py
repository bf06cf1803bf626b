"""The administrator: accounts, gminas, teams. No catalogue, no campaign, no result (METHOD, "Who uses it")."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from survey_app.errors import ConflictError, NotFoundError
from survey_app.forms.staff import GminaForm, TeamForm, UserForm
from survey_app.services import accounts, gminas
from survey_app.services.rollup import regions
from survey_app.services.signing_in import links, second_factor, sessions, single_sign_on
from survey_app.web.access import administrator, current_context, current_person
from survey_app.web.account_links import access_words
from survey_app.web.panel_frame import accepted, panel_page

blueprint = Blueprint("admin", __name__, url_prefix="/panel/admin")


@blueprint.get("")
@administrator
def index() -> str:
    context = current_context()
    text = request.args.get("szukaj", "")[:100]
    teams = [(gmina, accounts.coordinators(context, gmina.code)) for gmina in gminas.teams(context)]
    return panel_page(
        "panel/admin.html",
        section="admin",
        teams=teams,
        people=[(person, _roles(person)) for person in accounts.everyone(context)],
        text=text,
        found=gminas.search_gminas(context, text) if text else None,
    )


@blueprint.get("/gmina")
@administrator
def new_gmina() -> str:
    return _page("panel/admin_gmina.html", "Nowa gmina", form=GminaForm())


@blueprint.post("/gmina")
@administrator
def add_gmina() -> Any:
    form = GminaForm(request.form)
    if not accepted(
        form, lambda: gminas.add_gmina(current_context(), **form.data, actor=current_person().id)
    ):
        return _page("panel/admin_gmina.html", "Nowa gmina", form=form, faults=True), 422
    flash("Gmina została dodana. Można założyć jej zespół.", "success")
    return redirect(url_for("admin.new_team", code=form.teryt7.data[:6]))


@blueprint.get("/zespol/<string(length=6):code>")
@administrator
def new_team(code: str) -> str:
    gmina = gminas.describe(current_context(), code)
    return _page("panel/admin_team.html", gmina.name, form=TeamForm(), team_gmina=gmina)


@blueprint.post("/zespol/<string(length=6):code>")
@administrator
def create_team(code: str) -> Any:
    gmina, form, made = gminas.describe(current_context(), code), TeamForm(request.form), []
    if not accepted(
        form,
        lambda: made.append(
            gminas.create_team(current_context(), code, form.email.data, form.name.data, current_person().id)
        ),
    ):
        return _page("panel/admin_team.html", gmina.name, form=form, team_gmina=gmina, faults=True), 422
    return _page("panel/admin_access.html", gmina.name, **access_words(form.email.data, made[0]))


@blueprint.get("/konto")
@administrator
def new_user() -> str:
    return _page("panel/admin_user.html", "Nowe konto", form=UserForm())


@blueprint.post("/konto")
@administrator
def create_user() -> Any:
    form, made = UserForm(request.form), []
    coordinator_of = form.gmina_code.data[:6] if form.role.data == "coordinator" else None
    if not accepted(
        form,
        lambda: made.append(
            accounts.create_user(
                current_context(),
                form.email.data,
                form.name.data,
                None,
                administrator=form.role.data == "administrator",
                coordinator_of=coordinator_of,
                actor=current_person().id,
            )
        ),
    ):
        return _page("panel/admin_user.html", "Nowe konto", form=form, faults=True), 422
    token = links.issue(current_context(), made[0].id, current_person().id)
    return _page("panel/admin_access.html", "Nowe konto", **access_words(form.email.data, token))


@blueprint.get("/osoba/<int:person_id>")
@administrator
def person(person_id: int) -> str:
    """One account: what to do when a password or a telephone is lost, or somebody leaves the team."""
    found = _account(person_id)
    return _page(
        "panel/admin_person.html",
        found.name,
        account=found,
        own=found.id == current_person().id,
        factor=second_factor.state(current_context(), found.id),
        tied=single_sign_on.is_tied(current_context(), found.id),
        sessions=len(sessions.of_person(current_context(), found.id)),
    )


@blueprint.post("/osoba/<int:person_id>/odnosnik")
@administrator
def new_link(person_id: int) -> str:
    """Shown once. The old password works until the link is used; a closed account is opened, without a password."""
    found, context = _account(person_id), current_context()
    if not found.active:
        accounts.reopen_account(context, found.id, current_person().id)
    token = links.issue(context, found.id, current_person().id)
    return _page("panel/admin_access.html", found.name, **access_words(found.email, token))


@blueprint.post("/osoba/<int:person_id>/drugi-skladnik")
@administrator
def reset_factor(person_id: int) -> Any:
    found = _account(person_id)
    second_factor.reset(current_context(), found.id, current_person().id)
    flash("Drugi składnik jest wyzerowany, a sesje tej osoby zakończone.", "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/osoba/<int:person_id>/usluga")
@administrator
def untie(person_id: int) -> Any:
    found = _account(person_id)
    single_sign_on.untie(current_context(), found.id, current_person().id)
    flash("To konto nie jest już połączone z inną usługą logowania, a jego sesje są zakończone.", "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/osoba/<int:person_id>/sesje")
@administrator
def end_sessions(person_id: int) -> Any:
    found = _account(person_id)
    accounts.end_sessions(current_context(), found.id, current_person().id)
    flash("Sesje tej osoby są zakończone.", "success")
    return redirect(url_for("admin.person", person_id=found.id), 303)


@blueprint.post("/osoba/<int:person_id>/zamkniecie")
@administrator
def close(person_id: int) -> Any:
    found = _account(person_id)
    if found.id == current_person().id:
        raise ConflictError("Własnego konta nie można zamknąć: serwis zostałby bez administratora.")
    accounts.close_account(current_context(), found.id, current_person().id)
    flash(f"Konto {found.email} jest zamknięte.", "success")
    return redirect(url_for("admin.index"))


def _account(person_id: int) -> accounts.Person:
    found = accounts.person(current_context(), person_id)
    if found is None:
        raise NotFoundError("Nie ma takiego konta.")
    return found


def _roles(person: accounts.Person) -> list[str]:
    roles = ["administrator serwisu"] if accounts.is_administrator(person) else []
    coordinated = accounts.gmina_codes(person)
    roles += [f"koordynator gminy {code}" for code in coordinated]
    seats = [code for code in accounts.member_gmina_codes(person) if code not in coordinated]
    roles += [f"członek zespołu gminy {code}" for code in seats]
    roles += [f"czyta zestawienia {code}" for code in regions.region_codes(person)]
    return roles + [f"moderator w gminie {code}" for code in accounts.moderated_gmina_codes(person)]


def _page(template: str, here: str, **words: Any) -> str:
    crumbs = [("Administracja", url_for("admin.index")), (here, None)]
    return panel_page(template, section="admin", crumbs=crumbs, **words)
