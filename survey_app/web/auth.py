"""Log in and out. A session lies in the store; the server's clock ends it: after idling, and at its full age."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_limiter import RequestLimit
from flask_login import UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import InvalidInputError
from survey_app.extensions import caller_for_all, log_in_limiter, login_manager, nameless_for_all
from survey_app.forms.staff import LoginForm
from survey_app.services import accounts
from survey_app.services.accounts import Person
from survey_app.services.signing_in import second_factor, sessions
from survey_app.services.signing_in.sessions import StaffSession
from survey_app.web.access import current_context, current_person, public, signed_in
from survey_app.web.devices import device_name
from survey_app.web.error_pages import way_on
from survey_app.web.json_answers import asked_in_json, json_answer
from survey_app.web.unsent_form import fields_to_send_again, hand_back, page_of_form

blueprint = Blueprint("auth", __name__)

PER_CALLER = "20 per 15 minutes"
PER_ACCOUNT = "10 per 15 minutes"
TOO_OFTEN = "Zbyt wiele prób logowania. Prosimy spróbować ponownie za kwadrans."
ENDED = "Sesja się skończyła. Prosimy się zalogować; to, co jest na urządzeniu, czeka."
STALE = "Strona była otwarta zbyt długo albo w innej sesji. Niczego nie zapisano."
PENDING = "first_proof"
PENDING_SECONDS = 600
UNAUTHORIZED = 401
WRONG = "Adres e-mail albo hasło się nie zgadza. Prosimy sprawdzić oba pola."


class StaffUser(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """What Flask-Login needs around a session that goes on."""

    def __init__(self, token: str, session_row: StaffSession) -> None:
        self.token, self.session_row, self.person = token, session_row, session_row.person

    def get_id(self) -> str:
        return self.token


def _log_in_page(form: LoginForm) -> str:
    return render_template(
        "auth/log_in.html",
        form=form,
        next=request.args.get("next"),
        service=current_context().settings.single_sign_on,
        ended=request.args.get("sesja") == "koniec",
        to_console=safe_next(request.args.get("next")).endswith("/konsola"),
        faults=bool(form.errors),
    )


def _account_key() -> str:
    """In the form that accounts are found by: one account spelled in other signs is no other account."""
    return nameless_for_all("account:" + accounts.normal_email(request.form.get("email", "")))


def was_refused(response: Response) -> bool:
    """Only these count against a caller: thirty people who log in at a training share one address."""
    return response.status_code == InvalidInputError.status


def person_key() -> str:
    return nameless_for_all(
        f"person:{current_person().id if current_user.is_authenticated else caller_for_all()}"
    )


def _refuse_for_now(_limit: RequestLimit) -> Response:
    form = LoginForm(email=request.form.get("email", ""))
    form.password.errors = [TOO_OFTEN]
    return Response(_log_in_page(form), status=429)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> StaffUser | None:
    """The person of a session that goes on, else None."""
    found = sessions.alive(current_context(), token)
    if found is None:
        session.clear()
        return None
    return StaffUser(token, found)


@login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
def ask_to_log_in() -> Any:
    """To the log-in and then back; what a form carried is handed back. A script is told where."""
    if asked_in_json():
        return json_answer(401, login=url_for("auth.log_in", next=_page_of_script()), message=ENDED)
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.log_in", next=request.full_path.rstrip("?")))
    fields = fields_to_send_again()
    if fields is not None:
        return hand_back(fields, UNAUTHORIZED)
    return redirect(url_for("auth.log_in", sesja="koniec", next=page_of_form()))


@blueprint.app_errorhandler(CSRFError)
def forged(error: CSRFError) -> Any:
    """A form without its token: most often a session that ended while somebody was typing."""
    if not current_user.is_authenticated and request.endpoint != "auth.log_in_now":
        return ask_to_log_in()
    if asked_in_json():
        return json_answer(403, message=STALE, csrf=generate_csrf(), person=current_person().id)
    fields = fields_to_send_again()
    if fields is not None:
        return hand_back(fields, error.code)
    words = {
        "title": "Formularz stracił ważność",
        "message": "Strona była otwarta zbyt długo albo w innej sesji. Niczego nie zapisano.",
        "hint": "Prosimy wrócić, odświeżyć stronę i wysłać formularz jeszcze raz.",
        "onward": way_on(request.path),
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
@log_in_limiter.limit(PER_CALLER, on_breach=_refuse_for_now, deduct_when=was_refused)
@log_in_limiter.limit(PER_ACCOUNT, key_func=_account_key, on_breach=_refuse_for_now)
def log_in_now() -> Any:
    form = LoginForm(request.form)
    if not form.validate():
        return _log_in_page(form), 422
    person = accounts.log_in(current_context(), form.email.data, form.password.data)
    if person is None:
        form.password.errors = [WRONG]
        return _log_in_page(form), 422
    return go_on(person, request.args.get("next"))


@blueprint.post("/wyloguj")
@signed_in
def log_out() -> BaseResponse:
    """Ends the session in the store: a copy of the cookie must not outlive the log-out."""
    sessions.end_by_token(current_context(), current_user.get_id())
    logout_user()
    session.clear()
    return redirect(url_for("auth.log_in"))


def go_on(person: Person, target: str | None, *, with_factor: bool = False) -> BaseResponse:
    """After the first proof of who somebody is: to the second factor where there is one or must be one, else in.

    `with_factor`: another service has asked for two already. Nobody is logged in before the last step.
    """
    context = current_context()
    in_use = second_factor.state(context, person.id) is not None
    if with_factor or not (in_use or second_factor.required(context, person)):
        begin_session(person, with_factor=with_factor)
        return redirect(safe_next(target))
    session.clear()
    session[PENDING] = [person.id, int(context.clock().timestamp())]
    return redirect(url_for("second_factor.ask" if in_use else "second_factor.enrol", next=target))


def pending_person() -> Person | None:
    """Who gave the first proof in this browser, not longer than ten minutes ago."""
    number, since = session.get(PENDING) or (0, 0)
    age = current_context().clock().timestamp() - since
    person = accounts.person(current_context(), number) if 0 <= age < PENDING_SECONDS else None
    return person if person is not None and person.active else None


def begin_session(person: Person, *, with_factor: bool) -> None:
    """A fresh session: nothing from before the log-in is carried into it."""
    session.clear()
    context = current_context()
    token = sessions.begin(
        context, person.id, device_name(request.user_agent.string), with_factor=with_factor
    )
    found = sessions.alive(context, token)
    if found is not None:
        login_user(StaffUser(token, found))


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
