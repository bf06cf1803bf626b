"""Files that a page hands over."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

from survey_app import polish

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
    "zip": "application/zip",
    "qdpx": "application/zip",
    "yml": "application/yaml; charset=utf-8",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
    "sav": "application/x-spss-sav",
    "parquet": "application/vnd.apache.parquet",
    "xml": "application/xml; charset=utf-8",
}


def download(content: bytes | Iterator[bytes], name: str) -> Response:
    """The file, or its pieces, to be saved under `name`, whose ending tells its kind. No copy stays in a cache.

    What breaks between pieces breaks the connection, and the browser calls the file incomplete.
    """
    response = Response(content, content_type=_kind(name))
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def untrusted_download(content: bytes, name: str, kind: str) -> Response:
    """A file that somebody brought: always saved, never opened in the service's own name, and no script in it runs.

    `name` may hold any letter; older browsers get it in plain ones.
    """
    stem, _, ending = name.rpartition(".")
    response = Response(content, content_type=kind)
    plain = f"{plain_name(stem)}.{ending}"
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def size_words(size: int) -> str:
    """Bytes as people read them: "340 KB", "1,4 MB"."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{polish.decimal(size / 1024 / 1024, 1)} MB"


def inside_page(content: bytes, name: str) -> str:
    """An address that carries the file itself: for what is kept nowhere and shown on one page only."""
    return f"data:{_kind(name).split(';')[0]};base64,{base64.b64encode(content).decode('ascii')}"


def plain_name(text: str) -> str:
    """A part of a file's name that every system can hold: "Janów Lubelski" -> "janow-lubelski"."""
    return re.sub(r"[^a-z0-9]+", "-", polish.fold(text)).strip("-")[:60] or "plik"


def _kind(name: str) -> str:
    return KINDS[name.rpartition(".")[2]]
