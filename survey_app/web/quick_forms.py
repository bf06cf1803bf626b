"""A respondent's ordinary exchange, before Flask: the blank form that was made already, and the form that is fine.

Flask and its extensions prepare every request for what pages of the staff need; that takes longer than both of these.
Whatever is not ordinary (an unknown code, a closed campaign, a fault in an answer, a store that fails) goes on to the
views in `respondent`, as if nothing had been tried. Nothing is decided here: finding, reading and keeping are theirs.

A sent form is judged by the campaign as it was last read: the statement that keeps the answer holds that against the
row as it is now (`store/keep_sealed.py`). Where it differs, nothing is kept, and the views read it anew.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from survey_app.errors import UnavailableError
from survey_app.services.context import Context
from survey_app.services.survey import take_survey
from survey_app.services.survey.campaign_rules import INVITATIONS, Phase
from survey_app.web import respondent
from survey_app.web.request_body import FORM, LARGEST_BODY, read_fields
from survey_app.web.survey_page import kept_page

Reply = Iterable[bytes]
# A campaign's public id, then perhaps a code; as they are printed. Whoever types them otherwise is served all the same.
_ADDRESS = re.compile(r"/a/([0-9a-z]{10})(?:/([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}))?")
MOST_SEEN = 256
_HTML = ("Content-Type", "text/html; charset=utf-8")


class QuickForms:
    """WSGI: answers what it can, and hands everything else to `onward`. `headers`: what every page is sent with."""

    def __init__(self, app: Flask, onward: Callable[..., Reply], headers: list[tuple[str, str]]) -> None:
        self._context: Context = app.extensions["context"]
        self._env, self._onward, self._headers = app.jinja_env, onward, headers
        self._seen: dict[str, take_survey.Survey] = {}  # by the campaign's public id; nobody's name

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Reply:
        found = _ADDRESS.fullmatch(environ["PATH_INFO"])
        if found and not environ.get("SCRIPT_NAME"):
            try:
                reply = self._reply(environ, *found.groups())
            except UnavailableError as error:
                reply, environ[respondent.FAILED] = None, error
            except Exception:  # the views meet it again, and tell of it
                reply = None
            if reply is not None:
                status, headers, body = reply
                start_response(status, [*headers, ("Content-Length", str(len(body))), *self._headers])
                return [body]
        return self._onward(environ, start_response)

    def _reply(
        self, environ: dict[str, Any], public_id: str, token: str | None
    ) -> tuple[str, list[tuple[str, str]], bytes] | None:
        if environ["REQUEST_METHOD"] == "GET":
            page = self._blank(environ["PATH_INFO"], public_id, token)
            return None if page is None else ("200 OK", [_HTML], page)
        if environ["REQUEST_METHOD"] == "POST" and self._keep(environ, public_id, token):
            return "303 SEE OTHER", [_HTML, ("Location", f"/a/{public_id}/dziekujemy")], b""
        return None

    def _blank(self, path: str, public_id: str, token: str | None) -> bytes | None:
        survey = self._find(public_id, token)
        if survey.phase not in (Phase.OPEN, Phase.GRACE):
            return None
        if token is None and survey.campaign.access == INVITATIONS:
            return None
        return kept_page(self._env, respondent.face(survey), path, survey.stakeholder_name)

    def _keep(self, environ: dict[str, Any], public_id: str, token: str | None) -> bool:
        """The body is read; whoever comes after finds it unread."""
        length = environ.get("CONTENT_LENGTH", "")
        if environ.get("CONTENT_TYPE") != FORM or not length.isdecimal() or int(length) > LARGEST_BODY:
            return False
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        if len(body) != int(length):
            return False
        sent = read_fields(body)
        seen = self._seen.pop(public_id, None)
        survey = take_survey.as_of_now(self._context, seen) if seen else self._find(public_id, token)
        kept = respondent.keep_if_fine(self._context, survey, token, sent)
        if kept and seen:
            self._seen[public_id] = seen
        return kept

    def _find(self, public_id: str, token: str | None) -> take_survey.Survey:
        survey = take_survey.find_survey(self._context, public_id, token)
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[public_id] = take_survey.of_everyone(survey)
        return survey
