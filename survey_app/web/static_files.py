"""Addresses of static files carry a fingerprint: a browser may keep a file for a year and still sees a new one."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
# A style sheet names its fonts without a fingerprint: a preload with one would fetch the font twice.
UNMARKED = (".woff2",)


def tell_versions_apart(app: Flask) -> None:
    """Adds the fingerprint to every address made for a static file, and the time that it may be kept."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def add_fingerprint(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and not values["filename"].endswith(UNMARKED):
            values["v"] = fingerprint(folder / values["filename"])

    @app.after_request
    def say_how_long(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            marked = "v" in request.args or request.path.endswith(UNMARKED)
            response.headers["Cache-Control"] = FOR_A_YEAR if marked else FOR_AN_HOUR
        return response


@functools.cache
def fingerprint(file: Path) -> str:
    """Ten digits that change with the content; empty when there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else ""
