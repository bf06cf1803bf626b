"""Views that a script talks to: they answer in JSON, also when they refuse, and never with a redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, current_app, jsonify, request

API = "/api/"
View = TypeVar("View", bound=Callable[..., Any])


def speaks_json(view: View) -> View:
    """Declares that whatever goes wrong with this view is told in JSON."""
    view.speaks_json = True  # type: ignore[attr-defined]
    return view


def asked_in_json() -> bool:
    """Whether the request is for such a view, or for an address of the API that there is not."""
    if request.endpoint is None and request.path.startswith(API):
        return True
    return bool(getattr(current_app.view_functions.get(request.endpoint or ""), "speaks_json", False))


def json_answer(status: int, **words: Any) -> Response:
    answer = jsonify(words)
    answer.status_code = status
    return answer
