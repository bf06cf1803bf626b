"""Checksums of what a report shows: values as plain JSON, written in one way only."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from survey_app.analysis.released import ReleasedTable


def sha256_of(document: object) -> str:
    """64 hexadecimal digits over the canonical JSON of plain values, dates, sequences and mappings."""
    text = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain, allow_nan=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def as_shown(value: object) -> object:
    """Frozen objects as mappings, with released tables in them as they are shown."""
    if isinstance(value, ReleasedTable):
        return table_as_shown(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_shown(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_shown(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_shown(one) for one in value]
    return value


def table_as_shown(table: ReleasedTable) -> dict[str, object]:
    """Every number of a released table; a hidden one is None, whatever it was."""
    return {
        "id": table.id,
        "columns": [column.id for column in table.columns],
        "rows": [[row.id, row.label, row.base, list(row.counts)] for row in table.rows],
        "states": dict(table.states),
        "notes": list(table.notes),
    }


def _plain(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a checksum")
