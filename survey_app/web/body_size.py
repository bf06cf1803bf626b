"""How large a request of the staff's pages may be. A view that takes a file says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.web.staff_sessions import is_respondents

USUAL = 512 * 1024
MOST_FIELDS = 10_000  # the largest form has a box for each of some thousand institutions
PLAIN_FORM = "application/x-www-form-urlencoded"
WITH_FILE = 8 * 1024 * 1024  # a catalogue of 5 MB, carried as text by its preview

View = TypeVar("View", bound=Callable[..., Any])


def takes_file(view: View) -> View:
    """Declares that the view's request may be as large as a file."""
    view.largest_body = WITH_FILE  # type: ignore[attr-defined]
    return view


def takes_up_to(octets: int) -> Callable[[View], View]:
    """Declares how large the view's request may be."""

    def declare(view: View) -> View:
        view.largest_body = octets  # type: ignore[attr-defined]
        return view

    return declare


def limit_bodies(app: Flask) -> None:
    """Must come before anything else that reads the form (the check of its token does)."""
    app.before_request(_set_limit)


def _set_limit() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    largest = getattr(view, "largest_body", USUAL)
    request.max_content_length = request.max_form_memory_size = largest
    # Of a form in several parts the framework itself takes a thousand; of a plain one it takes any number.
    counted = request.mimetype == PLAIN_FORM and view is not None and not is_respondents(request.path)
    if counted and request.get_data(parse_form_data=False).count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
