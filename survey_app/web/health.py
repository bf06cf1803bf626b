"""For what watches over the service: is it up, and does it reach its store? No details."""

from __future__ import annotations

from flask import Blueprint, Response

from survey_app.services import schema
from survey_app.web.access import current_context, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> Response:
    try:
        ready = schema.current(current_context()) is not None
    except Exception:
        ready = False
    return Response("ok\n" if ready else "niedostępne\n", 200 if ready else 503, mimetype="text/plain")
