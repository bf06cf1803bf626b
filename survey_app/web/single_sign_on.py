"""Log in through a service of the office (OpenID Connect): there, and back with a code. Then as after a password."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_limiter import RequestLimit
from flask_login import current_user

from survey_app.config import LOCAL_ADDRESS
from survey_app.errors import ForbiddenError, NotFoundError
from survey_app.extensions import log_in_limiter
from survey_app.forms.staff import OwnPasswordForm
from survey_app.services import accounts
from survey_app.services.signing_in import single_sign_on
from survey_app.web.access import current_context, current_person, public, signed_in
from survey_app.web.auth import PER_ACCOUNT, PER_CALLER, TOO_OFTEN, go_on, person_key, safe_next
from survey_app.web.panel_frame import panel_page

if TYPE_CHECKING:
    from survey_app.web.sign_on_client import SignOnClient

blueprint = Blueprint("single_sign_on", __name__)
log = logging.getLogger("survey_app.web")

MAX_NEXT = 500  # it lies in a cookie
NOT_LOGGED_IN = "Logowanie się nie udało"
DENIED = (
    "Usługa logowania nikogo nie potwierdziła: ktoś zrezygnował albo nie ma w niej dostępu do tego serwisu."
)
LOST = "To logowanie trwało zbyt długo, zaczęło się w innej przeglądarce albo już się skończyło."
DOWN = "Usługa logowania nie odpowiada."
BAD = "Odpowiedzi usługi logowania nie można zaufać: nie jest taka, jaka być powinna."
AGAIN = "Prosimy spróbować jeszcze raz albo zalogować się hasłem."
TELL = "Prosimy zalogować się hasłem i powiadomić osobę, która prowadzi ten serwis."
# What the standards name; any other word comes from nobody knows where, and is not logged.
ERRORS = (
    "access_denied",
    "consent_required",
    "interaction_required",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
)
# Kinds of proof by the names of RFC 8176: what somebody knows, has, is.
KINDS = (
    frozenset(("pwd", "pin", "kba")),
    frozenset(("otp", "hwk", "swk", "sms", "tel", "sc", "pop")),
    frozenset(("face", "fpt", "iris", "retina", "vbm")),
)


def _failed_try(response: Response) -> bool:
    """Only these count: a whole office that comes in this way shares one address."""
    return response.status_code >= 400


def _too_often(_limit: RequestLimit) -> Response:
    return Response(_page(TOO_OFTEN), 429)


@blueprint.get("/logowanie/usluga")
@public
@log_in_limiter.limit(PER_CALLER, on_breach=_too_often, deduct_when=_failed_try)
def start() -> Any:
    """To the log-in service."""
    service, target = _service(), safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    try:
        return redirect(_set_out(service, next=target if len(target) <= MAX_NEXT else None))
    except Exception as error:  # the other side may answer anything
        return _failed(error, target)


@blueprint.get("/logowanie/usluga/powrot")
@public
@log_in_limiter.limit(PER_CALLER, on_breach=_too_often, deduct_when=_failed_try)
def back() -> Any:
    """With a code from the log-in service, or with its refusal."""
    service = _service()
    state = request.args.get("state")
    begun = service.framework.get_state_data(session, state) or {}
    own = current_person().id if current_user.is_authenticated else None
    if own is not None and begun.get("tie") != own:
        return redirect(safe_next(None))
    if request.args.get("error"):
        service.framework.clear_state_data(session, state)
        log.warning("single sign-on: refused, %s", _word(request.args["error"]))
        return _page(DENIED, AGAIN, begun.get("next")), 403
    if not begun or not request.args.get("code") or begun.get("tie") != own:
        return _page(LOST, AGAIN), 400
    try:
        claims = service.claims()
    except Exception as error:  # the other side may answer anything
        return _failed(error, begun.get("next"))
    return _enter(claims, begun.get("next")) if own is None else _tie(claims, own)


@blueprint.get("/panel/konto/usluga")
@signed_in
def tying() -> str:
    _service()
    return _tie_page(OwnPasswordForm())


@blueprint.post("/panel/konto/usluga")
@log_in_limiter.limit(PER_ACCOUNT, key_func=person_key)
@signed_in
def tie() -> Any:
    """Whoever only found the browser open must not open the door for later, neither here nor there (`prompt`). The way
    there is a link, for a form leads to no other site (Content-Security-Policy).
    """
    service, form, person = _service(), OwnPasswordForm(request.form), current_person()
    if not form.validate():
        return _tie_page(form), 422
    if accounts.log_in(current_context(), person.email, form.password.data) is None:
        form.password.errors = ["To nie jest obecne hasło. Prosimy wpisać je jeszcze raz."]
        return _tie_page(form), 422
    try:
        return _tie_page(form, _set_out(service, {"prompt": "login"}, tie=person.id))
    except Exception as error:  # the other side may answer anything
        return _failed(error, url_for("account.show"))


def _tie(claims: dict[str, Any], person_id: int) -> Any:
    try:
        single_sign_on.tie_own(current_context(), person_id, claims["iss"], claims["sub"])
    except ForbiddenError as error:
        return _page(error.message), error.status
    flash("Konto jest połączone z usługą logowania.", "success")
    return redirect(url_for("account.show"))


def _set_out(service: SignOnClient, asked: Mapping[str, str] | None = None, **kept: Any) -> str:
    """Where to send the browser, with what else is `asked` there. One log-in at a time is remembered, with what is
    `kept`: a cookie has little room.
    """
    states = f"_state_{service.name}_"  # where Authlib keeps what it has begun
    begun = service.create_authorization_url(_return_address(), **(asked or {}))
    for key in [key for key in session if key.startswith(states)]:
        session.pop(key)
    onward = str(begun.pop("url"))
    service.save_authorize_data(redirect_uri=_return_address(), **kept, **begun)
    return onward


def _tie_page(form: OwnPasswordForm, onward: str | None = None) -> str:
    crumbs = [("Konto", url_for("account.show")), ("Połączenie konta", None)]
    service = current_context().settings.single_sign_on
    return panel_page(
        "auth/tie.html", section="account", crumbs=crumbs, form=form, onward=onward, service=service
    )


def _enter(claims: dict[str, Any], target: str | None) -> Any:
    try:
        person = single_sign_on.person_of(
            current_context(), claims["iss"], claims["sub"], claims.get("email"), claims.get("email_verified")
        )
    except ForbiddenError as error:
        return _page(error.message, target=target), error.status
    return go_on(person, target, with_factor=two_factors(claims.get("amr")))


def two_factors(amr: object) -> bool:
    """Does the log-in service say that it asked for two factors: in so many words, or by naming two kinds of proof?"""
    named = {name for name in amr if isinstance(name, str)} if isinstance(amr, list) else set()
    return "mfa" in named or sum(not kind.isdisjoint(named) for kind in KINDS) > 1


def _service() -> SignOnClient:
    if current_context().settings.single_sign_on is None:
        raise NotFoundError("W tym serwisie loguje się tylko hasłem.")
    from survey_app.web.sign_on_client import client

    return client()


def _return_address() -> str:
    """As it is registered at the log-in service; a `Host` header is only what the caller says."""
    return (current_context().settings.public_url or LOCAL_ADDRESS) + url_for("single_sign_on.back")


def _failed(error: Exception, target: str | None) -> tuple[str, int]:
    """The log gets the kind of error: its text may hold a code, a token or an address."""
    import requests
    from authlib.common.errors import AuthlibBaseError

    word = _word(error.error) if isinstance(error, AuthlibBaseError) else ""
    log.error("single sign-on: %s %s", type(error).__name__, word)
    if isinstance(error, requests.ConnectionError | requests.Timeout):
        return _page(DOWN, AGAIN, target), 503
    return _page(BAD, TELL, target), 502


def _word(error: object) -> str:
    return str(error) if error in ERRORS else "another error"


def _page(message: str, hint: str | None = None, target: str | None = None) -> str:
    """`target`: where a log-in by password goes on to."""
    return render_template(
        "auth/not_logged_in.html", title=NOT_LOGGED_IN, message=message, hint=hint, next=target
    )
