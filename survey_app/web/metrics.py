"""Numbers about the staff's requests, for Prometheus. Off unless METRICS_TOKEN is set.

Whoever reads them every second sees in which second a number grew. Therefore nothing that a respondent asks for is
counted: not `/a/`, not the files and public pages that a form's reader fetches, nor the typing of paper sheets. No
number of the process itself either (its time on the processor, its memory, its connections): an answer moves them.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from werkzeug.routing import Rule

from survey_app.services import readiness
from survey_app.web.access import current_context, public

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.core import Metric

FOLDER_SETTING = (
    "PROMETHEUS_MULTIPROC_DIR"  # the client library's own: where processes lay their numbers together
)
KINDS = {"/panel": "panel", "/logowanie": "log_in", "/wyloguj": "log_in", "/konto/": "log_in", "/api/": "api"}
UNCOUNTED = {"paper"}  # blueprints: each sheet that is typed is an answer
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

blueprint = Blueprint("metrics", __name__)


@dataclass(frozen=True, slots=True)
class Metrics:
    """`collected`: the registry with what all processes of this replica have counted."""

    count: Callable[[str, str, float], None]
    collected: Callable[[], CollectorRegistry]


def count_requests(app: Flask) -> None:
    """Counts what may be counted, if the operator asked for it."""
    if app.extensions["context"].settings.metrics_token is None:
        return
    metrics = _make()
    app.extensions["metrics"] = metrics

    @app.before_request
    def begin() -> None:
        g.begun = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        kind = kind_of(request.url_rule) if request.url_rule is not None else None
        if kind is not None:
            seconds = time.perf_counter() - g.get("begun", time.perf_counter())
            metrics.count(kind, f"{response.status_code // 100}xx", seconds)
        return response


def kind_of(rule: Rule) -> str | None:
    """What requests of this route count as; None: they are not counted."""
    if rule.endpoint.partition(".")[0] in UNCOUNTED:
        return None
    return next((kind for begin, kind in KINDS.items() if rule.rule.startswith(begin)), None)


@blueprint.get("/metrics")
@public
def show() -> Response:
    """To whoever shows the token; without the setting there is no such page."""
    token = current_context().settings.metrics_token
    if token is None:
        abort(404)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return Response("token\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    metrics: Metrics = current_app.extensions["metrics"]
    now = _registry()
    now.register(_Ready(readiness.is_ready(current_context())))
    told = generate_latest(now) + generate_latest(metrics.collected())
    return Response(told, content_type=CONTENT_TYPE_PLAIN_0_0_4)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Collected for this one answer. The library's own gauge would be kept, with the process's number beside it."""

    ready: bool

    def collect(self) -> Iterator[Metric]:
        """One number: 1 or 0."""
        from prometheus_client.core import GaugeMetricFamily

        yield GaugeMetricFamily("diagnoza_ready", "1: this replica can serve (as /ready says).", self.ready)


def _make() -> Metrics:
    """The library decides while it is imported whether numbers go into files, so it is imported no sooner."""
    from prometheus_client import Counter, Histogram
    from prometheus_client.multiprocess import MultiProcessCollector

    own = _registry()
    requests = Counter(
        "diagnoza_requests", "Requests of the staff, answered.", ["kind", "status"], registry=own
    )
    seconds = Histogram(
        "diagnoza_request_seconds", "How long they took.", ["kind"], registry=own, buckets=SECONDS
    )

    def count(kind: str, status: str, took: float) -> None:
        requests.labels(kind, status).inc()
        seconds.labels(kind).observe(took)

    def collected() -> CollectorRegistry:
        if not os.environ.get(FOLDER_SETTING):
            return own
        together = _registry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together

    return Metrics(count, collected)


def _registry() -> CollectorRegistry:
    """With nothing in it: the library's own one has the process's numbers, too."""
    from prometheus_client import CollectorRegistry

    return CollectorRegistry(auto_describe=False)
