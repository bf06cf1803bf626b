"""A respondent's way: the form, one POST, thanks. No session, no cookie, no draft, no log line.

What a person typed is never lost: every refusal carries it back (METHOD, "The ankieta").
"""

from __future__ import annotations

import functools

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from survey_app import polish
from survey_app.errors import Fault, GoneError, InvalidInputError, NotFoundError, UnavailableError
from survey_app.forms.page import PageResult, new_form_key, read_page, typed_in_words
from survey_app.forms.typed_text import clean_line, shown
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import Settled, settle
from survey_app.services.context import Context
from survey_app.services.gminas import GminaName
from survey_app.services.survey import take_survey, tokens
from survey_app.services.survey.campaign_rules import OPEN_LINK
from survey_app.services.survey.campaigns import OpenedCampaign, Phase
from survey_app.services.survey.take_survey import Survey
from survey_app.web.access import current_context, public
from survey_app.web.error_pages import error_page, note_failure
from survey_app.web.fit_pages import FitPage
from survey_app.web.request_body import SentForm, read_form
from survey_app.web.survey_page import (
    EMPTY,
    Face,
    Filled,
    Use,
    blank_page,
    face_of,
    filled_page,
    off_path_faults,
)
from survey_app.web.wrong_codes import TOO_MANY, count_wrong_code, retry_after, too_many_already

blueprint = Blueprint("respondent", __name__, url_prefix="/a")

CODE = "kod"
FAILED = (
    "survey.failed"  # in the environment of a request: how the store failed it just now (web/quick_forms.py)
)
UNKNOWN_CODE = "Nie znamy takiego kodu. Prosimy porównać go z listem, znak po znaku."
TOO_EARLY = "Ta ankieta jeszcze się nie zaczęła. Odpowiedź nie została zapisana."
TOO_MANY_STATUS = 429
OVER = {Phase.CLOSED, Phase.LOCKED}
NOTHING_KEPT = "Nic jeszcze nie zostało zapisane, a wszystko, co zostało wpisane, jest poniżej."
UNREADABLE = (
    "danger",
    "nie udało się odczytać polskich liter",
    f"{NOTHING_KEPT} Prosimy sprawdzić litery w odpowiedziach i wysłać ankietę jeszcze raz.",
)
NO_KEY = (
    "danger",
    "formularz przyszedł niekompletny",
    f"{NOTHING_KEPT} Prosimy wysłać ankietę jeszcze raz.",
)


@blueprint.get("/<public_id>")
@public
def start(public_id: str) -> Response:
    """The form of an open link; where invitations were sent, the place for the printed code."""
    survey = take_survey.find_survey(current_context(), public_id, None)
    if survey.phase in OVER or survey.phase is Phase.SCHEDULED or _is_open_link(survey):
        return _form(survey)
    return _code_page(survey)


@blueprint.get("/<public_id>/<token>")
@public
def invited(public_id: str, token: str) -> Response:
    """The form of one invitation: it looks the same before and after the invitation was used."""
    try:
        return _form(_find(public_id, token))
    except _WrongCodesError:
        return _asked_to_wait(error_page(TOO_MANY_STATUS, TOO_MANY))


@blueprint.post("/<public_id>")
@public
def send(public_id: str) -> BaseResponse:
    return _receive(public_id, None)


@blueprint.post("/<public_id>/<token>")
@public
def send_invited(public_id: str, token: str) -> BaseResponse:
    return _receive(public_id, token)


@blueprint.post("/<public_id>/kod")
@public
def enter_code(public_id: str) -> BaseResponse:
    """From a printed code to the form. The code travels in the body, not in a query that a proxy may keep."""
    sent = read_form(request)
    typed = "".join(sent.fields.get(CODE, [""])[0].split())
    survey = take_survey.find_survey(current_context(), public_id, None)
    try:
        _find(public_id, typed)
    except _WrongCodesError:
        return _asked_to_wait(_code_page(survey, shown(clean_line(typed)), TOO_MANY, TOO_MANY_STATUS))
    except NotFoundError:
        return _code_page(survey, shown(clean_line(typed)), UNKNOWN_CODE)
    return redirect(url_for("respondent.invited", public_id=survey.campaign.public_id, token=typed), 303)


@blueprint.get("/<public_id>/dziekujemy")
@public
def thanks(public_id: str) -> Response:
    """The same page for everyone: the address no longer holds the invitation."""
    survey = take_survey.find_survey(current_context(), public_id, None)
    return _page("thanks", survey)


class _WrongCodesError(NotFoundError):
    """A wrong code of a caller who has sent too many of them."""


def _find(public_id: str, token: str | None) -> Survey:
    """NotFoundError, which is counted if a code was sent. Past the limit only what can be a code is looked up."""
    if token is not None and tokens.token_hash(token) is None and too_many_already():
        raise _WrongCodesError(TOO_MANY)
    try:
        return take_survey.find_survey(current_context(), public_id, token)
    except NotFoundError:
        if token is not None and count_wrong_code():
            raise _WrongCodesError(TOO_MANY) from None
        raise


def _asked_to_wait(response: Response) -> Response:
    response.headers["Retry-After"] = retry_after()
    return response


def _is_open_link(survey: Survey) -> bool:
    return survey.campaign.access == OPEN_LINK


def face(survey: Survey) -> Face:
    """What its pages show to everyone alike."""
    return _face_of(survey.campaign, survey.instrument, survey.phase)


@functools.lru_cache(maxsize=256)
def _face_of(campaign: OpenedCampaign, instrument: Instrument, now: Phase) -> Face:
    """Kept by everything that it is made of, all of it read anew for each page: it cannot be a stale one."""
    gmina = GminaName(campaign.gmina_name, campaign.gmina_example)
    return face_of(campaign, instrument, gmina, Use.RESPONDENT, now)


def _form(survey: Survey) -> Response:
    """The form while it can be sent; else, kindly, when it could or can."""
    if survey.phase in OVER:
        tally = take_survey.tally(current_context(), survey)
        return _page("closed", survey, 410, ended=polish.moment(survey.campaign.closes_at), tally=tally)
    if survey.phase is Phase.SCHEDULED:
        return _page("not_yet", survey, begins=polish.moment(survey.campaign.opens_at))
    return FitPage(blank_page(face(survey), request.path, survey.stakeholder_name))


def _code_page(survey: Survey, typed: str = "", error: str | None = None, status: int = 404) -> Response:
    faults = [Fault("code.unknown", CODE, error)] if error else []
    return _page("code", survey, status if error else 200, typed=typed, error=error, faults=faults)


def _page(name: str, survey: Survey, status: int = 200, **words: object) -> Response:
    template = current_app.jinja_env.get_template(f"respondent/{name}.html")
    return Response(template.render(face=face(survey), **words), status)


def _receive(public_id: str, token: str | None) -> BaseResponse:
    """One sent form: kept, or back with everything that was typed."""
    sent = read_form(request)
    try:
        if FAILED in request.environ:  # another try would wait for the store as long again
            raise request.environ[FAILED]
        return _keep_or_return(public_id, token, sent)
    except _WrongCodesError as error:
        return _asked_to_wait(_unsaved(sent, TOO_MANY_STATUS, error.message))
    except NotFoundError as error:
        return _unsaved(sent, 404, error.message)
    except UnavailableError as error:
        note_failure(error)
        return _unsaved(sent, 503, again=True)
    except Exception as error:
        note_failure(error)
        return _unsaved(sent, 500, again=True)


def _keep_or_return(public_id: str, token: str | None, sent: SentForm) -> BaseResponse:
    survey = _find(public_id, token)
    if token is None and not _is_open_link(survey):
        raise NotFoundError(take_survey.UNKNOWN)
    result = _read(survey, sent)
    if survey.phase is Phase.SCHEDULED:
        # Nobody gets the form that early: the server's clock was set back, and somebody will set it right.
        return _unsaved(sent, 409, TOO_EARLY, again=True)
    settled = settle(survey.instrument, result.values)
    refusal = _refusal(survey, sent, result, settled.off_path)
    if refusal is None:
        return _keep(survey, token, result, settled)
    return _copy(survey, result, take_survey.CLOSED) if survey.phase in OVER else refusal


def keep_if_fine(context: Context, survey: Survey, token: str | None, sent: SentForm) -> bool:
    """Keeps a form with which nothing is wrong. False: it is not kept, and the person has to be told why.

    Raises as `take_survey.submit`.
    """
    if (token is None and not _is_open_link(survey)) or survey.phase in (*OVER, Phase.SCHEDULED):
        return False
    result = _read(survey, sent)
    settled = settle(survey.instrument, result.values)
    if not _is_fine(sent, result, settled.off_path):
        return False
    _submit(context, survey, token, result, settled)
    return True


def _read(survey: Survey, sent: SentForm) -> PageResult:
    return read_page(survey.instrument, sent.fields, asks_name=face(survey).asks_name)


def _is_fine(sent: SentForm, result: PageResult, off_path: tuple[str, ...]) -> bool:
    return (
        sent.readable
        and not result.unknown_fields
        and result.form_key is not None
        and not result.empty_by_chance
        and not result.faults
        and result.agreed_to_drop(off_path)
    )


def _submit(
    context: Context, survey: Survey, token: str | None, result: PageResult, settled: Settled
) -> None:
    form_key, name = result.form_key or "", result.institution_name
    take_survey.submit(context, survey.campaign.public_id, token, form_key, settled, name, survey=survey)


def _refusal(
    survey: Survey, sent: SentForm, result: PageResult, off_path: tuple[str, ...]
) -> Response | None:
    """The page again, with the first kind of thing that is wrong with it; None when all is well."""
    if _is_fine(sent, result, off_path):
        return None
    if not sent.readable:
        return _again(survey, result, 400, told=UNREADABLE)
    if result.unknown_fields:
        return _again(survey, result, 400, told=_unknown_fields(result.unknown_fields))
    if result.form_key is None:
        return _again(survey, result, 400, told=NO_KEY)
    if result.empty_by_chance:
        return _again(survey, result, 422, told=EMPTY, empty=True)
    off_path = () if result.agreed_to_drop(off_path) else off_path
    faults = [*result.faults, *off_path_faults(survey.instrument, off_path)]
    return _again(survey, result, 422, faults, off_path)


def _unknown_fields(names: list[str]) -> tuple[str, str, str]:
    listed = ", ".join(f"„{name[:60]}”" for name in names[:10])
    text = f"Takich pól ta ankieta nie ma: {listed}. {NOTHING_KEPT} Prosimy wysłać ankietę jeszcze raz."
    return "danger", "w formularzu przyszło coś, czego w nim nie ma", text


def _again(
    survey: Survey,
    result: PageResult,
    status: int,
    faults: list[Fault] | None = None,
    off_path: tuple[str, ...] = (),
    told: tuple[str, str, str] | None = None,
    empty: bool = False,
) -> Response:
    filled = Filled(result.raw, faults or result.faults, off_path, told, empty)
    key = result.form_key or new_form_key()
    page = filled_page(face(survey), request.path, key, filled, survey.stakeholder_name)
    return Response(page, status)


def _keep(survey: Survey, token: str | None, result: PageResult, settled: Settled) -> BaseResponse:
    try:
        _submit(current_context(), survey, token, result, settled)
    except GoneError as error:
        return _copy(survey, result, error.message)
    except InvalidInputError as error:
        return _again(survey, result, 422, error.faults)
    return redirect(url_for("respondent.thanks", public_id=survey.campaign.public_id), 303)


def _copy(survey: Survey, result: PageResult, message: str) -> Response:
    """It cannot be kept any more; what was typed can still be read and copied."""
    return _page("gone", survey, 410, message=message, copy=typed_in_words(survey.instrument, result.raw))


def _unsaved(sent: SentForm, status: int, message: str | None = None, *, again: bool = False) -> Response:
    """Nothing was kept: the page itself carries everything that was sent; `again`: and can send it, with the same key.

    `message`: why; without it, the store failed and another try may well succeed.
    """
    fields = [(name, shown(value)) for name, values in sent.fields.items() for value in values]
    template = current_app.jinja_env.get_template("respondent/unsaved.html")
    page = template.render(fields=fields, action=request.path, message=message, again=again)
    response = Response(page, status)
    if again:
        response.headers["Retry-After"] = "30"
    return response
