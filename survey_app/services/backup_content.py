"""The lines of a backup read back: how it begins, its tables with their rows, and whether all of it is there."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from survey_app.errors import InvalidInputError
from survey_app.services.backup_file import CUT, SPOILT
from survey_app.store import dump
from survey_app.store.dump import Shape

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Beginning:
    """`schema`: the version of the tables. `ledger_id`, `ledger_entries`: what was known of deletions then."""

    schema: str
    made_at: dt.datetime
    service: str
    ledger_id: str
    ledger_entries: int


@dataclass(slots=True)
class Content:
    """Reads once, in order. InvalidInputError: a line that no backup has, or counts and checksums that differ."""

    lines: Iterator[bytes]
    beginning: Beginning
    rows: int = 0

    @classmethod
    def of(cls, lines: Iterator[bytes]) -> Content:
        try:
            told = json.loads(next(lines, b""))["begin"]
            moment = dt.datetime.fromisoformat(told["made_at"])
            ledger = told["ledger"]
            known = (str(ledger["id"]), int(ledger["entries"]))
            beginning = Beginning(str(told["schema"]), moment, str(told["service"]), *known)
        except UNREADABLE as error:
            raise InvalidInputError(SPOILT) from error
        return cls(lines, beginning)

    def tables(self) -> Iterator[tuple[Shape, Iterator[tuple[int, list[Any]]]]]:
        """Each table with its rows and the lengths of their lines; the rows have to be read before the next table."""
        found: dict[str, dict[str, Any]] = {}
        head = self._next_head()
        while "table" in head:
            shape = _shape(head)
            if shape.name in found:
                raise InvalidInputError(SPOILT)
            sums = hashlib.sha256()
            told = found[shape.name] = {"rows": 0, "sha256": ""}
            following: list[dict[str, Any]] = []
            yield shape, self._rows(shape, told, sums, following)
            if not following:
                raise ValueError("the rows of a table have to be read before the next one")
            told["sha256"] = sums.hexdigest()
            self.rows += told["rows"]
            head = following[0]
        if head.get("manifest") != found or next(self.lines, None) is not None:
            raise InvalidInputError(SPOILT)

    def _rows(
        self, shape: Shape, told: dict[str, Any], sums: Any, following: list[dict[str, Any]]
    ) -> Iterator[tuple[int, list[Any]]]:
        for line in self.lines:
            if not line.startswith(b"["):
                following.append(_head(line))
                return
            sums.update(line + b"\n")
            told["rows"] += 1
            try:
                row = dump.read_line(shape, line)
            except UNREADABLE as error:
                raise InvalidInputError(SPOILT) from error
            yield len(line), row
        raise InvalidInputError(CUT)

    def _next_head(self) -> dict[str, Any]:
        line = next(self.lines, None)
        if line is None:
            raise InvalidInputError(CUT)
        return _head(line)


def _head(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except UNREADABLE as error:
        raise InvalidInputError(SPOILT) from error
    if not isinstance(told, dict):
        raise InvalidInputError(SPOILT)
    return told


def _shape(head: dict[str, Any]) -> Shape:
    try:
        shape = Shape(str(head["table"]), tuple((str(name), str(kind)) for name, kind in head["columns"]))
    except UNREADABLE as error:
        raise InvalidInputError(SPOILT) from error
    if not {kind for _, kind in shape.columns} <= {kind for kind, _ in dump.KINDS}:
        raise InvalidInputError(SPOILT)
    return shape
