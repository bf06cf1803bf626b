"""The copy of somebody's data as a file: JSON for programmes, plain text for people. Both say the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

JSON, TEXT = "json", "txt"
KINDS = (JSON, TEXT)
YES_NO = {True: "tak", False: "nie", None: "nie podano"}


def as_file(document: Mapping[str, Any], kind: str) -> bytes:
    """UTF-8. `kind`: of KINDS."""
    if kind == JSON:
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    return "\n".join(_lines(document, 0)).encode() + b"\n"


def _lines(value: Any, depth: int) -> list[str]:
    """What lies deeper is indented; a list's entries begin with a dash."""
    indent = "  " * depth
    if isinstance(value, Mapping):
        found = []
        for name, part in value.items():
            if _is_plain(part):
                found.append(f"{indent}{name}: {_words(part)}")
            else:
                found += [f"{indent}{name}:", *(_lines(part, depth + 1) or [f"{indent}  brak"])]
        return found
    if isinstance(value, Sequence) and not isinstance(value, str):
        found = []
        for part in value:
            first, *rest = _lines(part, depth + 1) or [indent]
            found += [f"{indent}- {first.strip()}".rstrip(), *rest]
        return found
    return [f"{indent}{_words(value)}"]


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _words(value: Any) -> str:
    return YES_NO[value] if value is None or isinstance(value, bool) else str(value)
