"""What cells of a recorded table mean: ways and forms are known by what they say, not by their column."""

from __future__ import annotations

import re
from collections.abc import Mapping

from survey_app import polish
from survey_app.analysis.rollup.network import FORMS, WAYS

PERSONS = " os."  # ends a stored number of natural persons, who are no stakeholders (document 002, Tabela 2)
MOST = 100_000
KINDS: Mapping[str, str] = {
    "way": "sposób powołania",
    "supporters_first": "Zwolennicy na początku",
    "supporters_last": "Zwolennicy na końcu",
    "service_form": "forma usług",
}
MISSING = frozenset({"", "b d", "bd", "brak", "brak danych", "x", "nie dotyczy"})
_NUMBER = re.compile(r"\d{1,6}")
_OF_PERSONS = re.compile(r"(\d{1,6}) (?:os|osoba|osoby|osob)(?: fizyczn[a-z]+)?")
_WAY_WORDS: Mapping[str, str] = {
    "a": "administrative",
    "administracyjny": "administrative",
    "wariant administracyjny": "administrative",
    "o": "civic",
    "obywatelski": "civic",
    "wariant obywatelski": "civic",
    "a o": "mixed",
    "ao": "mixed",
    "mieszany": "mixed",
    "mieszany a o": "mixed",
    "administracyjno obywatelski": "mixed",
}
_FORM_WORDS: Mapping[str, str] = {
    "nowy kis": "new_kis",
    "nowy klub integracji spolecznej": "new_kis",
    "rewitalizacja": "renewed_kis",
    "rewitalizacja uslug kis": "renewed_kis",
    "odnowienie uslug kis": "renewed_kis",
    "wspolpraca z kis z innej gminy": "with_other_gmina",
    "wspolpraca z klubem z innej gminy": "with_other_gmina",
    "program rozwoju uslug w ramach ekonomii spolecznej": "social_economy",
    "cis": "cis",
    "centrum integracji spolecznej": "cis",
    "spoldzielnia socjalna": "social_cooperative",
    "organizacja pozarzadowa": "ngo",
    "ngo": "ngo",
}


def is_missing(cell: str) -> bool:
    """Nothing, "B.d.", "x", a dash: no number, and never nought."""
    return polish.fold(cell) in MISSING


def variant(cell: str) -> tuple[str, str] | None:
    """("way" or "service_form", key); None if the words are neither."""
    words = polish.fold(cell)
    if words in _WAY_WORDS:
        return "way", _WAY_WORDS[words]
    return ("service_form", _FORM_WORDS[words]) if words in _FORM_WORDS else None


def supporters(cell: str) -> str | None:
    """The number as it is stored; of natural persons it ends with `PERSONS`. None if it is no number."""
    words = polish.fold(cell)
    if cell.strip().startswith(("-", "−", "–")):
        return None
    if _NUMBER.fullmatch(words):
        return str(int(words)) if int(words) <= MOST else None
    found = _OF_PERSONS.fullmatch(words)
    return f"{int(found[1])}{PERSONS}" if found else None


def told(kind: str, value: str) -> str:
    """A stored value in words."""
    if kind == "way":
        return WAYS.get(value, value)
    if kind == "service_form":
        return FORMS.get(value, value)
    if value.endswith(PERSONS):
        return f"{value.removesuffix(PERSONS)} (osoby fizyczne)"
    return value
