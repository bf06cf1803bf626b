"""When a phone first shows something of the form: a cold Chromium, four times slower, behind a slow mobile network.

1.6 Mbit/s down and 0.75 up, 150 ms for each request, nothing cached, a new profile each time: what Lighthouse calls
slow 4G. Three ways: the service as it is (nothing compressed), the same behind nginx with `gzip on`, and a bare page of
a hundred bytes as the baseline of the same run. Setting up TCP and TLS is not slowed down by Chromium's throttling:
over HTTPS a first visit takes two to three round trips (300 to 450 ms) more, the bare page as well.
"""

from __future__ import annotations

import contextlib
import gzip
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request
from playwright.sync_api import Browser, sync_playwright

from bench import results
from bench.form import prepared_context
from bench.serving import serving
from tests.e2e.browser import PHONE, find_chromium

VISITS = 7
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
TARGET_MS = 1000
BARE = b"<!doctype html><html lang=pl><meta charset=utf-8><title>x</title><h1>Ankieta</h1>"
TEXTS = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
TIMES = """() => new Promise(done => new PerformanceObserver(list => done([
  performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  list.getEntries().at(-1).startTime,
  performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
  performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .reduce((sum, one) => sum + one.transferSize, 0)])
).observe({type: 'largest-contentful-paint', buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Paint:
    """Medians of some cold visits: milliseconds until each, and bytes over the line, with headers."""

    first: float
    largest: float
    ready: float
    bytes: float


def main() -> None:
    program = find_chromium()
    if program is None:
        print("Chromium is not on this machine")
        return
    with tempfile.TemporaryDirectory() as name:
        context, public_id = prepared_context(Path(name) / "var")
        path = f"/a/{public_id}"
        context.database.dispose()
        from survey_app.web.app import create_app

        makers: dict[str, Callable[[], Flask]] = {
            "a bare page": _bare,
            "the form": lambda: create_app(context=context),
            "the form, compressed": lambda: _compressing(create_app(context=context)),
        }
        with contextlib.ExitStack() as ending:
            ports = {name: ending.enter_context(serving(make)).port for name, make in makers.items()}
            playwright = ending.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            found = dict(_visits(browser, ports, path))
            browser.close()
    _tell(found)


def _visits(browser: Browser, ports: dict[str, int], path: str) -> Iterator[tuple[str, Paint]]:
    """In turns, so that a busy moment of the machine meets all of them."""
    seen: dict[str, list[list[float]]] = {name: [] for name in ports}
    for number in range(VISITS + 1):
        for name, port in ports.items():
            times = _cold(browser, f"http://127.0.0.1:{port}{path}")
            if number:  # the first one warms the server and Chromium's own files
                seen[name].append(times)
    for name, visits in seen.items():
        yield name, Paint(*(statistics.median(column) for column in zip(*visits, strict=True)))


def _cold(browser: Browser, address: str) -> list[float]:
    context = browser.new_context(
        viewport={"width": PHONE, "height": 740}, device_scale_factor=2, is_mobile=True
    )
    try:
        page = context.new_page()
        told = context.new_cdp_session(page)
        told.send("Network.enable")
        told.send("Network.clearBrowserCache")
        told.send("Network.emulateNetworkConditions", NETWORK)
        told.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address, wait_until="load")
        times: list[float] = page.evaluate(TIMES)
        return times
    finally:
        context.close()


def _bare() -> Flask:
    app = Flask("bare")
    app.add_url_rule("/a/<name>", view_func=lambda name: BARE)  # noqa: ARG005
    return app


def _compressing(app: Flask) -> Flask:
    """What nginx does with `gzip on` for the same types."""

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype in TEXTS and "gzip" in request.headers.get("Accept-Encoding", ""):
            response.direct_passthrough = False
            response.set_data(gzip.compress(response.get_data(), 5))
            response.headers["Content-Encoding"] = "gzip"
        return response

    return app


def _tell(found: dict[str, Paint]) -> None:
    bare = found["a bare page"]
    print(f"median of {VISITS} cold visits, {SLOWER} times slower, 1.6 Mbit/s, 150 ms")
    for name, one in found.items():
        ratio = f"{one.first / bare.first:.2f} of the bare page"
        missed = "" if one.first < TARGET_MS else f"   MORE THAN {TARGET_MS} ms"
        print(
            f"{name:<22} first paint {one.first:5.0f} ms ({ratio})   largest {one.largest:5.0f} ms"
            f"   can be used {one.ready:5.0f} ms   {one.bytes / 1024:5.1f} KB{missed}"
        )
        if one is not bare:
            results.note(f"{name}: first contentful paint", one.first, "ms", bare.first, "a bare page")
            results.note(f"{name}: largest contentful paint", one.largest, "ms", bare.largest, "a bare page")
            results.note(f"{name}: can be used", one.ready, "ms", bare.ready, "a bare page")
            results.note(f"{name}: over the line", one.bytes / 1024, "KB")
