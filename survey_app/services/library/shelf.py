"""What the library is set up with: categories, licences and the first acts, read from `instruments/library.yml`."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from survey_app.config import INSTRUMENTS
from survey_app.errors import Fault, InvalidInputError

DOCUMENT, LINK, ACT = "document", "link", "act"
KINDS = {DOCUMENT: "dokument", LINK: "odnośnik", ACT: "akt prawny"}
FILE = INSTRUMENTS / "library.yml"
LISTS = {
    "categories": ({"id", "label"}, set[str]()),
    "licences": ({"id", "label", "open"}, {"why", "note", "kinds"}),
    "acts": (
        {"title", "law_reference", "url", "category", "as_of", "description"},
        {"outdated_since", "outdated_by"},
    ),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """`open`: may everybody read what is under it; `why` not. `note`: what must be written beside it, "" if nothing."""

    id: str
    label: str
    open: bool
    why: str = ""
    note: str = ""
    kinds: tuple[str, ...] = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Act:
    """An act of law that the country's library begins with."""

    title: str
    law_reference: str
    url: str
    category: str
    as_of: dt.date
    description: str
    outdated_since: dt.date | None = None
    outdated_by: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """`categories`: id -> label."""

    categories: Mapping[str, str]
    licences: Mapping[str, Licence]
    acts: tuple[Act, ...]

    def licences_for(self, kind: str) -> list[Licence]:
        """Those that an item of this kind can have."""
        return [one for one in self.licences.values() if kind in one.kinds]


def shelf() -> Shelf:
    """Read anew when the file has changed. InvalidInputError names every fault of the file."""
    return _shelf(FILE, FILE.stat().st_mtime_ns)


@functools.lru_cache(maxsize=2)
def _shelf(path: Path, _version: int) -> Shelf:
    return read_shelf(path.read_text(encoding="utf-8"))


def read_shelf(text: str) -> Shelf:
    """InvalidInputError names every fault."""
    told = yaml.safe_load(text)
    faults = list(_faults(told))
    if not faults:
        known = {row["id"] for row in told["categories"]}
        for number, row in enumerate(told["acts"], 1):
            if row["category"] not in known:
                faults.append(Fault("library.category", f"acts[{number}]", "Nie ma takiej kategorii."))
            if ("outdated_since" in row) != ("outdated_by" in row):
                message = "Dzień, od którego akt jest nieaktualny, i to, co go zmieniło, podaje się razem."
                faults.append(Fault("library.outdated", f"acts[{number}]", message))
    if faults:
        raise InvalidInputError("Plik biblioteczki ma błędy.", faults)
    licences = [Licence(**{**row, "kinds": tuple(row.get("kinds", KINDS))}) for row in told["licences"]]
    return Shelf(
        {row["id"]: row["label"] for row in told["categories"]},
        {one.id: one for one in licences},
        tuple(Act(**row) for row in told["acts"]),
    )


def _faults(told: Any) -> Iterable[Fault]:
    """Missing lists, rows without what they must say, or with what nobody knows."""
    for name, (needed, allowed) in LISTS.items():
        rows = told.get(name) if isinstance(told, dict) else None
        if not isinstance(rows, list) or not rows:
            yield Fault("library.missing", name, "Tej listy nie ma albo jest pusta.")
            continue
        for number, row in enumerate(rows, 1):
            place = f"{name}[{number}]"
            if not isinstance(row, dict) or not needed <= set(row) <= needed | allowed:
                words = f"Potrzeba: {', '.join(sorted(needed))}; można też: {', '.join(sorted(allowed)) or 'nic'}."
                yield Fault("library.fields", place, words)
            elif any(isinstance(row.get(day, dt.date.min), str) for day in ("as_of", "outdated_since")):
                yield Fault("library.day", place, "Dzień zapisuje się jako rrrr-mm-dd.")
            elif name == "licences" and not (row["open"] or row.get("why")):
                yield Fault("library.why", place, "Trzeba powiedzieć, dlaczego nie można udostępnić (why).")
        ids = [row.get("id") for row in rows if isinstance(row, dict) and "id" in needed]
        if len(set(ids)) < len(ids):
            yield Fault("library.double", name, "Dwa wiersze mają ten sam identyfikator.")
