"""What the processes tell on stderr as one JSON object a line (LOG_FORMAT=json); plain text otherwise.

A line names no person, and nothing of what somebody sent: of an error its type and place, never its message. What
happened to a respondent's request, or under an address that is itself a key, is told without path and moment.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

JSON = "json"
ATTENTION = "UWAGA"  # how such a line begins
NAMELESS = {"nameless": True}  # the `extra` of a line about such a request
_PACKAGE = Path(__file__).resolve().parent


class JsonLines(logging.Formatter):
    """time, level, log, event; of an error also its type and the places that it came through."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {}
        if not getattr(record, "nameless", False):
            line["time"] = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="seconds")
        line |= {"level": record.levelname.lower(), "log": record.name, "event": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def places(trace: TracebackType | None) -> list[str]:
    """Lines of this program that an error came through, the innermost last; others by their file's name alone."""
    found = []
    for frame in traceback.extract_tb(trace):
        path = Path(frame.filename)
        name = path.relative_to(_PACKAGE.parent) if path.is_relative_to(_PACKAGE) else path.name
        found.append(f"{name}:{frame.lineno}")
    return found


def tell_in_json() -> None:
    """From here on every log of this process is one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def tell_of_work(line: str) -> None:
    """A line of the worker; those that a person must look at are warnings."""
    if not logging.getLogger().handlers:
        tell_in_json()
    log = logging.getLogger("survey_app.worker")
    log.setLevel(logging.INFO)
    log.log(logging.WARNING if line.startswith(ATTENTION) else logging.INFO, line)
