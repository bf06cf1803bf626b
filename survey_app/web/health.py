"""For what watches over the service: does the process answer, and can it serve? No details."""

from __future__ import annotations

from flask import Blueprint, Response

from survey_app.services import readiness
from survey_app.web.access import current_context, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def live() -> Response:
    """Asks nobody: a process must not be ended because its database is away for a moment."""
    return _told(True)


@blueprint.get("/ready")
@public
def ready() -> Response:
    return _told(readiness.is_ready(current_context()))


def _told(well: bool) -> Response:
    return Response("ok\n" if well else "niedostępne\n", 200 if well else 503, mimetype="text/plain")
