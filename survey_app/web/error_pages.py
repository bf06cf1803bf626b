"""The one edge where an error becomes a page. Under /a/ nothing is logged but the kind of error and its place."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from survey_app.errors import InvalidInputError, SurveyError
from survey_app.log_lines import NAMELESS
from survey_app.web.json_answers import asked_in_json, json_answer
from survey_app.web.staff_sessions import is_respondents

log = logging.getLogger("survey_app.web")

PACKAGE = Path(__file__).resolve().parents[1]
TITLES: Mapping[int, str] = {
    400: "Nie udało się odczytać tego, co przyszło",
    403: "Ta strona nie jest dla tego konta",
    404: "Nie ma takiej strony",
    405: "Tak tej strony nie można użyć",
    409: "Tego nie można teraz zrobić",
    410: "To już się skończyło",
    413: "To za duży plik albo tekst",
    414: "Adres strony jest za długi",
    415: "Tego rodzaju danych serwis nie przyjmuje",
    422: "Formularz wymaga poprawek",
    429: "Za dużo prób w krótkim czasie",
    500: "Coś się zepsuło po naszej stronie",
    503: "Serwis chwilowo nie działa",
}
MESSAGES: Mapping[int, str] = {
    400: "Formularz wygasł albo przyszedł niekompletny. Nic nie zostało zapisane.",
    403: "Prosimy zalogować się na konto, które ma do niej dostęp.",
    404: "Adres jest niepełny albo strony już nie ma.",
    405: "Prosimy wrócić i skorzystać z przycisku na stronie.",
    413: "Nic nie zostało zapisane. Prosimy wrócić i skrócić tekst albo zmniejszyć plik.",
    414: "Serwis nie odczytał go w całości i nic nie zostało zapisane.",
    415: "Nic nie zostało zapisane. Prosimy wrócić i wysłać formularz ze strony serwisu.",
    429: "Prosimy spróbować ponownie za kwadrans.",
    500: "Nic nie zostało zapisane. Prosimy wrócić i spróbować jeszcze raz.",
    503: "Prosimy spróbować jeszcze raz za kilka minut.",
}
HINTS: Mapping[int, str] = {
    400: "Prosimy wrócić do poprzedniej strony, odświeżyć ją i wysłać formularz jeszcze raz.",
    404: "Prosimy sprawdzić, czy adres jest przepisany w całości.",
    414: "Prosimy wrócić i wpisać mniej: do szukania wystarczy kilka słów.",
}
UNKNOWN, UNAVAILABLE = 500, 503
RETRY_SECONDS = "30"
# The address itself lets somebody choose a password; what a log-in service says of a person is in the error.
QUIET = ("/konto/", "/logowanie/usluga")


def answer_errors(app: Flask) -> None:
    """Registers a page for every kind of failure."""
    app.register_error_handler(SurveyError, _known)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, message: str, *, title: str | None = None, hint: str | None = None) -> Response:
    """A page that says what happened and what to do; made without the session, so that nothing else can fail."""
    title = title or TITLES.get(status, TITLES[UNKNOWN])
    if asked_in_json():
        return json_answer(status, message=" ".join(filter(None, (message, hint))))
    template = current_app.jinja_env.get_template("errors/error.html")
    words = {"title": title, "message": message, "hint": hint, "onward": way_on(request.path)}
    page = Response(template.render(status=status, **words), status)
    if status == UNAVAILABLE:
        page.headers["Retry-After"] = RETRY_SECONDS
    return page


def too_long_page(app: Flask) -> Response:
    """For an address that the server does not even hand on, so that nobody knows which page it is of."""
    with app.test_request_context("/"):
        return error_page(414, MESSAGES[414], hint=HINTS[414])


def way_on(path: str) -> tuple[str, str] | None:
    """Words and address of the page where one can go on; None for a respondent, who has nowhere else to be."""
    if is_respondents(path):
        return None
    if path.startswith("/panel"):
        return "Wróć do panelu", "/panel"
    return ("Zaloguj się", "/logowanie") if path.startswith(QUIET) else ("Strona główna", "/")


def note_failure(error: BaseException) -> None:
    """One log line. Under /a/ it names no path, token, address or text (METHOD, "Law"); of what a console sent, no
    text either.
    """
    if is_respondents(request.path) or request.path.startswith(QUIET) or asked_in_json():
        log.error("%s at %s", type(error).__name__, _place(error), extra=NAMELESS)
    else:
        log.error("%s %s", request.method, request.path, exc_info=error)


def _known(error: SurveyError) -> Response:
    if error.status >= UNKNOWN:
        note_failure(error)
    hint = None
    if isinstance(error, InvalidInputError):
        hint = " ".join(f"{fault.message} {fault.hint}".strip() for fault in error.faults) or None
    return error_page(error.status, error.message, hint=hint)


def _refused(error: HTTPException) -> BaseResponse:
    """What Flask and its extensions refuse. A redirect is no error."""
    status = error.code or UNKNOWN
    if error.response is not None or status < 400:
        return error.get_response()
    limit = getattr(error, "limit", None)  # of Flask-Limiter, which may have words of its own
    message = getattr(limit, "error_message", None) or MESSAGES.get(status, MESSAGES[UNKNOWN])
    page = error_page(status, message, hint=HINTS.get(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            page.headers[name] = value
    return page


def _unexpected(error: Exception) -> Response:
    note_failure(error)
    if current_app.testing:
        raise error
    return error_page(UNKNOWN, MESSAGES[UNKNOWN])


def _place(error: BaseException) -> str:
    """The innermost line of this service that the error came through."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PACKAGE)
    ]
    if not frames:
        return "unknown place"
    return f"{Path(frames[-1].filename).relative_to(PACKAGE.parent)}:{frames[-1].lineno}"
