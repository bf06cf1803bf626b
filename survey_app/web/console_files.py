"""Files that a device keeps so that the console opens without a network: its scripts, and the worker that keeps them.

They are the same for everybody and say nothing of an interview.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, url_for

from survey_app.errors import NotFoundError
from survey_app.web.access import public
from survey_app.web.static_files import FOR_A_YEAR

blueprint = Blueprint("console_files", __name__)

MODULES = "js/console"
_MODULE_NAME = re.compile(r"[a-z_]+\.js")
JAVASCRIPT = "text/javascript; charset=utf-8"


@blueprint.app_url_defaults
def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """A module names others beside itself (`./vault.js`), without a fingerprint. Therefore the version stands in the
    folder: whoever was loaded from one version finds the others in the same one.
    """
    if endpoint == "console_files.module":
        values.setdefault("version", _version(_static()))


@blueprint.get("/panel/konsola-pliki/<version>/<name>")
@public
def module(version: str, name: str) -> Response:
    """A script of the console."""
    file = _static() / MODULES / name
    if not _MODULE_NAME.fullmatch(name) or not file.is_file():
        raise NotFoundError("Nie ma takiego pliku.")
    response = Response(file.read_bytes(), content_type=JAVASCRIPT)
    # Asked for by a page of an older version: it gets what there is, and nobody keeps that under the old name.
    response.headers["Cache-Control"] = FOR_A_YEAR if version == _version(_static()) else "no-store"
    return response


@blueprint.get("/panel/konsola-worker.js")
@public
def worker() -> Response:
    """It lies under /panel/, so that it may stand before the consoles there, and before nothing else."""
    static = _static()
    modules = [url_for("console_files.module", name=file.name) for file in _modules(static)]
    fonts = [_address(static, file) for file in sorted((static / "fonts").glob("*.woff2"))]
    words = (static / "js/console_worker.js").read_text("utf-8")
    head = {
        "VERSION": hashlib.sha256((_version(static) + words).encode()).hexdigest()[:10],
        "FILES": modules + fonts,
        "WIPE": url_for("static", filename="js/wipe.js"),
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in head.items()]
    response = Response("\n".join([*lines, words]), content_type=JAVASCRIPT)
    response.headers["Cache-Control"] = (
        "no-cache"  # the browser looks for a new one each time a console opens
    )
    return response


def _static() -> Path:
    return Path(current_app.static_folder or "")


def _modules(static: Path) -> list[Path]:
    return sorted((static / MODULES).glob("*.js"))


def _address(static: Path, file: Path) -> str:
    return url_for("static", filename=file.relative_to(static).as_posix())


@functools.cache
def _version(static: Path) -> str:
    """Ten digits that change with any of the modules."""
    whole = hashlib.sha256()
    for file in _modules(static):
        whole.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()[:10]
