"""Log in, log out, change the password. The server's clock ends a session: after idling, and at its full age."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_limiter import RequestLimit
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import InvalidInputError
from survey_app.extensions import limiter, login_manager, nameless
from survey_app.forms.staff import LoginForm, PasswordForm
from survey_app.forms.staff_fields import put_faults
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.web.access import current_context, current_person, public, signed_in
from survey_app.web.json_answers import asked_in_json, json_answer
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint("auth", __name__)

PER_CALLER = "20 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"
TOO_OFTEN = "Zbyt wiele prób logowania. Prosimy spróbować ponownie za kwadrans."
ENDED = "Sesja się skończyła. Prosimy się zalogować; to, co jest na urządzeniu, czeka."
STALE = "Strona była otwarta zbyt długo albo w innej sesji. Niczego nie zapisano."
WRONG = "Adres e-mail albo hasło się nie zgadza. Prosimy sprawdzić oba pola."


class StaffUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login needs around a person."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """With the epoch: raising it ends every session of the person."""
        return f"{self.person.id}.{self.person.session_epoch}"


def _log_in_page(form: LoginForm) -> str:
    return render_template(
        "auth/log_in.html",
        form=form,
        next=request.args.get("next"),
        ended=request.args.get("sesja") == "koniec",
        to_console=safe_next(request.args.get("next")).endswith("/konsola"),
        faults=bool(form.errors),
    )


def _account_key() -> str:
    """In the form that accounts are found by: one account spelled in other signs is no other account."""
    return nameless("account:" + accounts.normal_email(request.form.get("email", "")))


def _person_key() -> str:
    return nameless(f"person:{current_user.get_id()}")


def _refuse_for_now(_limit: RequestLimit) -> Response:
    form = LoginForm(email=request.form.get("email", ""))
    form.password.errors = [TOO_OFTEN]
    return Response(_log_in_page(form), status=429)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(user_id: str) -> StaffUser | None:
    """The person of a session that is still alive, else None."""
    number, _, epoch = user_id.partition(".")
    person = accounts.person(current_context(), int(number)) if number.isdecimal() else None
    if person is None or not person.active or str(person.session_epoch) != epoch or not _session_alive():
        session.clear()
        return None
    session["seen"] = _now()
    return StaffUser(person)


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_log_in() -> BaseResponse:
    """To the log-in and then back; what a form carried is lost, and the page says so. A script is told where."""
    if asked_in_json():
        return json_answer(401, login=url_for("auth.log_in", next=_page_of_script()), message=ENDED)
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.log_in", next=request.full_path.rstrip("?")))
    return redirect(url_for("auth.log_in", sesja="koniec"))


@blueprint.app_errorhandler(CSRFError)
def forged(error: CSRFError) -> Any:
    """A form without its token: most often a session that ended while somebody was typing."""
    if not current_user.is_authenticated and request.endpoint != "auth.log_in_now":
        return ask_to_log_in()
    if asked_in_json():
        return json_answer(403, message=STALE, csrf=generate_csrf(), person=current_person().id)
    words = {
        "title": "Formularz stracił ważność",
        "message": "Strona była otwarta zbyt długo albo w innej sesji. Niczego nie zapisano.",
        "hint": "Prosimy wrócić, odświeżyć stronę i wysłać formularz jeszcze raz.",
    }
    return render_template("errors/error.html", status=error.code, **words), error.code


@blueprint.get("/logowanie")
@public
def log_in() -> str | BaseResponse:
    if current_user.is_authenticated:
        return redirect(url_for("team.home"))
    return _log_in_page(LoginForm(email=""))


@blueprint.post("/logowanie")
@public
@limiter.limit(PER_CALLER, on_breach=_refuse_for_now)
@limiter.limit(PER_ACCOUNT, key_func=_account_key, on_breach=_refuse_for_now)
def log_in_now() -> Any:
    form = LoginForm(request.form)
    if not form.validate():
        return _log_in_page(form), 422
    person = accounts.log_in(current_context(), form.email.data, form.password.data)
    if person is None:
        form.password.errors = [WRONG]
        return _log_in_page(form), 422
    _begin_session(person)
    return redirect(safe_next(request.args.get("next")))


@blueprint.post("/wyloguj")
@signed_in
def log_out() -> BaseResponse:
    """Ends the person's sessions on every device: a copy of the cookie must not outlive the log-out."""
    person_id = current_person().id
    accounts.end_sessions(current_context(), person_id, actor=person_id)
    logout_user()
    session.clear()
    return redirect(url_for("auth.log_in"))


@blueprint.get("/panel/haslo")
@signed_in
def password() -> str:
    return panel_page("auth/password.html", section="account", form=PasswordForm())


@blueprint.post("/panel/haslo")
@limiter.limit(PER_ACCOUNT, key_func=_person_key)
@signed_in
def change_password() -> Any:
    form = PasswordForm(request.form)
    changed = _changed_password(form) if form.validate() else None
    if changed:
        _begin_session(changed)
        flash("Hasło zostało zmienione.", "success")
        return redirect(url_for("team.home"))
    return panel_page("auth/password.html", section="account", form=form, faults=True), 422


def _page_of_script() -> str:
    """A script's address lies under the page that it works for."""
    return request.path.rpartition("/")[0]


def safe_next(target: str | None) -> str:
    """Where to go after the log-in: only to a staff page of this service, never to another address."""
    parts = urlsplit(target or "")
    clean = target is not None and not any(sign in target for sign in "\\\r\n\t")
    if clean and not parts.scheme and not parts.netloc and parts.path.startswith("/panel"):
        return str(target)
    return url_for("team.home")


def _changed_password(form: PasswordForm) -> Person | None:
    """The person with the new password; None, with the faults beside their fields, when it was refused."""
    try:
        return accounts.change_password(current_context(), current_person().id, form.old.data, form.new.data)
    except InvalidInputError as error:
        put_faults(form, error.faults)
        return None


def _begin_session(person: Person) -> None:
    """A fresh session: nothing from before the log-in is carried into it."""
    session.clear()
    session["started"] = session["seen"] = _now()
    login_user(StaffUser(person))


def _session_alive() -> bool:
    settings, now = current_context().settings, _now()
    started, seen = session.get("started"), session.get("seen")
    if not isinstance(started, int) or not isinstance(seen, int):
        return False
    return now - started < settings.session_minutes * 60 and now - seen < settings.session_idle_minutes * 60


def _now() -> int:
    return int(current_context().clock().astimezone(dt.UTC).timestamp())
