"""A page that only shows asks the store nothing twice, whichever use cases it calls."""

from __future__ import annotations

from contextlib import ExitStack

from flask import Flask, g, request

from survey_app.web.access import current_context
from survey_app.web.staff_sessions import is_respondents

SHOWING = {"GET", "HEAD"}


def read_once(app: Flask) -> None:
    """Must come before anything that reads the store. A respondent's page has its own one question."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    if request.method in SHOWING and not is_respondents(request.path):
        g.view = ExitStack()
        g.view.enter_context(current_context().database.one_page())


def _end(_error: BaseException | None) -> None:
    view: ExitStack | None = g.pop("view", None)
    if view is not None:
        view.close()
