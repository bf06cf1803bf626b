"""The second step of a log-in: a code from the telephone, or its first set-up for whoever must have one."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_limiter import RequestLimit
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import InvalidInputError
from survey_app.extensions import caller_for_all, log_in_limiter, nameless_for_all
from survey_app.forms.staff import CodeForm
from survey_app.forms.staff_fields import put_faults
from survey_app.services.accounts import Person
from survey_app.services.signing_in import second_factor
from survey_app.services.signing_in.second_factor import Enrolment
from survey_app.web.access import current_context, public
from survey_app.web.auth import (
    PENDING,
    PER_ACCOUNT,
    PER_CALLER,
    begin_session,
    pending_person,
    safe_next,
    was_refused,
)

blueprint = Blueprint("second_factor", __name__, url_prefix="/logowanie")
TOO_OFTEN = "Zbyt wiele prób. Prosimy spróbować ponownie za kwadrans."


def _pending_key() -> str:
    number = (session.get(PENDING) or [0])[0]
    return nameless_for_all(f"code:{number or caller_for_all()}")


def _refuse_for_now(_limit: RequestLimit) -> Response:
    form = CodeForm()
    form.code.errors = [TOO_OFTEN]
    return Response(_ask_page(form), status=429)


@blueprint.get("/kod")
@public
def ask() -> Any:
    return _ask_page(CodeForm()) if pending_person() else _begin_again()


@blueprint.post("/kod")
@public
@log_in_limiter.limit(PER_CALLER, on_breach=_refuse_for_now, deduct_when=was_refused)
@log_in_limiter.limit(PER_ACCOUNT, key_func=_pending_key, on_breach=_refuse_for_now)
def answer() -> Any:
    person, form = pending_person(), CodeForm(request.form)
    if person is None:
        return _begin_again()
    if not form.validate():
        return _ask_page(form), 422
    if not second_factor.check(current_context(), person.id, form.code.data):
        form.code.errors = [f"{second_factor.WRONG} Prosimy wpisać nowy kod z aplikacji albo kod zapasowy."]
        return _ask_page(form), 422
    begin_session(person, with_factor=True)
    return redirect(safe_next(request.args.get("next")))


@blueprint.get("/drugi-skladnik")
@public
def enrol() -> Any:
    person = pending_person()
    return _enrol_page(person, CodeForm()) if person else _begin_again()


@blueprint.post("/drugi-skladnik")
@public
@log_in_limiter.limit(PER_CALLER, on_breach=_refuse_for_now, deduct_when=was_refused)
@log_in_limiter.limit(PER_ACCOUNT, key_func=_pending_key, on_breach=_refuse_for_now)
def confirm() -> Any:
    """The recovery codes are on this page only; the person is logged in with it."""
    person, form = pending_person(), CodeForm(request.form)
    if person is None:
        return _begin_again()
    codes = confirmed_codes(person, form)
    if codes is None:
        return _enrol_page(person, form), 422
    begin_session(person, with_factor=True)
    return render_template(
        "auth/recovery_codes.html", codes=codes, onward=safe_next(request.args.get("next"))
    )


def confirmed_codes(person: Person, form: CodeForm) -> list[str] | None:
    """The recovery codes of a factor that was shown to work; None, with faults beside the field, otherwise."""
    if not form.validate():
        return None
    try:
        return second_factor.confirm(current_context(), person.id, form.code.data)
    except InvalidInputError as error:
        put_faults(form, error.faults)
        return None


def enrolment_words(enrolment: Enrolment) -> dict[str, str]:
    """For the template: the key as a picture and in letters."""
    code = segno.make(enrolment.uri, error="m", micro=False)
    return {
        "picture": code.svg_data_uri(scale=4, border=4, light="white"),
        "secret": enrolment.secret,
        "uri": enrolment.uri,
    }


def _enrol_page(person: Person, form: CodeForm) -> str:
    enrolment = second_factor.enrol(current_context(), person)
    return render_template(
        "auth/enrol.html",
        form=form,
        next=request.args.get("next"),
        person=person,
        **enrolment_words(enrolment),
    )


def _ask_page(form: CodeForm) -> str:
    return render_template("auth/code.html", form=form, next=request.args.get("next"))


def _begin_again() -> BaseResponse:
    """The first step was too long ago, or never made."""
    session.pop(PENDING, None)
    return redirect(url_for("auth.log_in", sesja="koniec", next=request.args.get("next")))
