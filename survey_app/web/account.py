"""One's own account: the password, the second factor, the browsers that are logged in; and the link to a password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from survey_app.errors import ConflictError, ForbiddenError, InvalidInputError
from survey_app.extensions import log_in_limiter
from survey_app.forms.staff import CodeForm, NameForm, NewPasswordForm, PasswordForm
from survey_app.forms.staff_fields import put_faults
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.services.signing_in import links, second_factor, sessions, single_sign_on
from survey_app.web.access import current_context, current_person, public, signed_in
from survey_app.web.auth import PER_ACCOUNT, PER_CALLER, begin_session, go_on, person_key, was_refused
from survey_app.web.panel_frame import accepted, panel_page
from survey_app.web.second_factor import confirmed_codes, enrolment_words

blueprint = Blueprint("account", __name__)


@blueprint.get("/panel/konto")
@signed_in
def show() -> str:
    return _page(CodeForm())


@blueprint.post("/panel/konto/nazwisko")
@signed_in
def change_name() -> Any:
    person, form = current_person(), NameForm(request.form)
    if not accepted(form, lambda: accounts.change_name(current_context(), person.id, form.name.data)):
        return _page(CodeForm(), form), 422
    flash("Imię i nazwisko jest zapisane. Strony pokazują je od razu.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/panel/konto/sesje/<int:session_id>/koniec")
@signed_in
def end_session(session_id: int) -> Any:
    sessions.end(current_context(), current_person().id, session_id)
    flash("Ta sesja jest zakończona.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/panel/konto/sesje/koniec")
@signed_in
def end_other_sessions() -> Any:
    sessions.end_others(current_context(), current_person().id, current_user.session_row.id)
    flash("Inne sesje tego konta są zakończone.", "success")
    return redirect(url_for("account.show"), 303)


@blueprint.get("/panel/haslo")
@signed_in
def password() -> str:
    return _inner("auth/password.html", "Zmiana hasła", form=PasswordForm())


@blueprint.post("/panel/haslo")
@log_in_limiter.limit(PER_ACCOUNT, key_func=person_key)
@signed_in
def change_password() -> Any:
    form, with_factor = PasswordForm(request.form), current_user.session_row.with_factor
    changed = _changed_password(form) if form.validate() else None
    if changed is None:
        return _inner("auth/password.html", "Zmiana hasła", form=form), 422
    begin_session(changed, with_factor=with_factor)
    flash("Hasło zostało zmienione. Inne sesje tego konta są zakończone.", "success")
    return redirect(url_for("account.show"))


@blueprint.get("/panel/konto/drugi-skladnik")
@signed_in
def enrol() -> str:
    return _enrol_page(CodeForm())


@blueprint.post("/panel/konto/drugi-skladnik")
@log_in_limiter.limit(PER_ACCOUNT, key_func=person_key)
@signed_in
def confirm() -> Any:
    """The recovery codes are on this page only. From here on the session counts as one with two factors."""
    person, form = current_person(), CodeForm(request.form)
    codes = confirmed_codes(person, form)
    if codes is None:
        return _enrol_page(form), 422
    sessions.end_others(current_context(), person.id, current_user.session_row.id)
    sessions.end_by_token(current_context(), current_user.get_id())
    begin_session(person, with_factor=True)
    return render_template("auth/recovery_codes.html", codes=codes, onward=url_for("account.show"))


@blueprint.post("/panel/konto/kody-zapasowe")
@log_in_limiter.limit(PER_ACCOUNT, key_func=person_key)
@signed_in
def recovery_codes() -> Any:
    _require_factor()
    form, made = CodeForm(request.form), []
    if not accepted(
        form,
        lambda: made.extend(
            second_factor.new_recovery_codes(current_context(), current_person().id, form.code.data)
        ),
    ):
        return _page(form), 422
    return render_template("auth/recovery_codes.html", codes=made, onward=url_for("account.show"))


@blueprint.post("/panel/konto/drugi-skladnik/wylaczenie")
@log_in_limiter.limit(PER_ACCOUNT, key_func=person_key)
@signed_in
def remove_factor() -> Any:
    """For another telephone, or for good; who must have one sets it up anew at the next log-in."""
    _require_factor()
    form = CodeForm(request.form)
    if not accepted(
        form, lambda: second_factor.remove(current_context(), current_person().id, form.code.data)
    ):
        return _page(form), 422
    flash("Drugi składnik jest wyłączony.", "success")
    person = current_person()
    if second_factor.required(current_context(), person):
        sessions.end_by_token(current_context(), current_user.get_id())
        return go_on(person, url_for("account.show"))
    return redirect(url_for("account.show"), 303)


@blueprint.get("/konto/<string(maxlength=64):token>")
@public
def choose_password(token: str) -> str:
    return _link_page(token, links.owner(current_context(), token), NewPasswordForm())


@blueprint.post("/konto/<string(maxlength=64):token>")
@public
@log_in_limiter.limit(PER_CALLER, deduct_when=was_refused)
def set_password(token: str) -> Any:
    """The link stops working; the person goes on as after a log-in."""
    owner, form = links.owner(current_context(), token), NewPasswordForm(request.form)
    made: list[Person] = []
    if not accepted(form, lambda: made.append(links.use(current_context(), token, form.new.data))):
        return _link_page(token, owner, form), 422
    flash("Hasło jest ustawione.", "success")
    return go_on(made[0], None)


def _require_factor() -> None:
    """Somebody who switched it off in another window meanwhile has no field for a code to go back to."""
    if second_factor.state(current_context(), current_person().id) is None:
        raise ConflictError("To konto nie ma drugiego składnika. Można go włączyć na stronie „Konto”.")


def _link_page(token: str, owner: Person, form: NewPasswordForm) -> str:
    return render_template("auth/choose_password.html", token=token, owner=owner, form=form)


def _enrol_page(form: CodeForm) -> str:
    enrolment = second_factor.enrol(current_context(), current_person())
    return _inner("auth/enrol_own.html", "Drugi składnik", form=form, **enrolment_words(enrolment))


def _page(form: CodeForm, name_form: NameForm | None = None) -> str:
    context, person = current_context(), current_person()
    return panel_page(
        "auth/account.html",
        section="account",
        account=person,
        form=form,
        name_form=name_form or NameForm(data={"name": person.name}),
        factor=second_factor.state(context, person.id),
        required=second_factor.required(context, person),
        sessions=sessions.of_person(context, person.id),
        service=context.settings.single_sign_on,
        tied=single_sign_on.is_tied(context, person.id),
        may_tie=person.password_hash is not None and not accounts.is_administrator(person),
        this_session=current_user.session_row.id,
    )


def _inner(template: str, here: str, **words: Any) -> str:
    crumbs = [("Konto", url_for("account.show")), (here, None)]
    return panel_page(template, section="account", crumbs=crumbs, **words)


def _changed_password(form: PasswordForm) -> Person | None:
    """The person with the new password; None, with the faults beside their fields, when it was refused."""
    person = current_person()
    if person.password_hash is None:
        raise ForbiddenError("To konto nie ma hasła: loguje się przez inną usługę.")
    try:
        return accounts.change_password(current_context(), person.id, form.old.data, form.new.data)
    except InvalidInputError as error:
        put_faults(form, error.faults)
        return None
