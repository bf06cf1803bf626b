"""The shape of a definition file: which keys stand where, and of what type. Gathers every fault in one walk.

The result is the *document*: plain dicts, lists, texts and numbers, fit for JSON, the same whether it comes
from the file or from a stored version. What the parts mean together is checked in `checks.py`.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_app import polish
from survey_app.errors import Fault
from survey_app.instrument.fault_codes import FAULT_CODES
from survey_app.instrument.schema import (
    INSTRUMENT,
    Constants,
    Flag,
    Identifier,
    ListOf,
    OneOf,
    Real,
    Record,
    Spec,
    Table,
    Text,
    Whole,
)
from survey_app.instrument.yaml_source import Node

ID_FORM = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
ID_LIMIT = 40
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_REAL = re.compile(r"[+-]?[0-9]{1,15}([.][0-9]{1,10})?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Findings:
    """The faults of one file, and the line of every place, so that later checks can name it too."""

    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int | None] = field(default_factory=dict)

    def add(self, code: str, where: str, message: str, hint: str = "") -> None:
        """A fault at a place; the line is that of the place or of the nearest one around it."""
        if code not in FAULT_CODES:
            raise ValueError(f"fault code {code!r} is not listed in fault_codes.py")
        self.faults.append(Fault(code, where or "plik", message, hint, self._line(where)))

    def mentions(self, where: str) -> bool:
        """Whether the file says anything at this place, be it faulty: then it is not missing."""
        return where in self.lines

    def _line(self, where: str) -> int | None:
        while where and where not in self.lines:
            where = where[: max(where.rfind("."), where.rfind("["), 0)]
        return self.lines.get(where)


def shaped(node: Node, findings: Findings, spec: Record = INSTRUMENT) -> dict[str, Any]:
    """The document that fits `spec`; faulty parts are left out, so that the rest can be checked on."""
    document = _walk(node, spec, "", findings)
    return document if isinstance(document, dict) else {}


def in_file_order(document: Any, spec: Spec = INSTRUMENT) -> Any:
    """The same document with its keys as a file has them: a store may hand them back in any order."""
    if isinstance(spec, Record) and isinstance(document, Mapping):
        named = [(key, spec.spec(key)) for key in spec.keys if key in document]
        return {key: in_file_order(document[key], inner) for key, inner in named if inner is not None}
    if isinstance(spec, ListOf) and isinstance(document, list):
        return [in_file_order(item, spec.item) for item in document]
    if isinstance(spec, Table) and isinstance(document, Mapping):
        numbers = isinstance(spec.key, Whole)
        return dict(sorted(document.items(), key=lambda item: int(item[0]) if numbers else 0))
    return document


def _walk(node: Node, spec: Spec, where: str, findings: Findings) -> Any:
    """The value that fits `spec`, or None after noting a fault."""
    findings.lines[where] = node.line
    if node.value is None:
        if isinstance(spec, Text) and spec.blank:
            return ""
        findings.add("text.missing", where, "Brakuje wartości.", "Wpisz ją albo usuń ten klucz.")
        return None
    if isinstance(spec, Record):
        return _record(node, spec, where, findings)
    if isinstance(spec, ListOf):
        return _list(node, spec, where, findings)
    if isinstance(spec, Table):
        return _table(node, spec, where, findings)
    if isinstance(spec, Constants):
        return _constants(node, where, findings)
    if isinstance(node.value, (dict, list)):
        findings.add("type.wrong", where, f"Tu ma stać {_named(spec)}, a stoi {_kind_of(node)}.", _hint(spec))
        return None
    return _scalar(node.value, spec, where, findings)


def _record(node: Node, spec: Record, where: str, findings: Findings) -> dict[str, Any] | None:
    if not isinstance(node.value, dict):
        message = f"Tu mają stać klucze z wartościami, a stoi {_kind_of(node)}."
        findings.add("type.wrong", where, message, f"Możliwe klucze: {', '.join(spec.keys)}.")
        return None
    for key in spec.required:
        if key not in node.value:
            findings.add("key.missing", where, f"Brakuje klucza „{key}”.", f"Dopisz „{key}:” z wartością.")
    document = {}
    for key, child in node.value.items():
        place = f"{where}.{key}" if where else key
        known = spec.spec(key)
        if known is None:
            _unknown_key(key, child, spec, place, findings)
            continue
        value = _walk(child, known, place, findings)
        if value is not None:
            document[key] = value
    return document


def _unknown_key(key: str, child: Node, spec: Record, place: str, findings: Findings) -> None:
    findings.lines[place] = child.line
    close = difflib.get_close_matches(key, spec.keys, n=1)
    hint = f"Czy chodziło o „{close[0]}”?" if close else f"Możliwe klucze: {', '.join(spec.keys)}."
    findings.add("key.unknown", place, f"Nieznany klucz „{key[:60]}”.", hint)


def _list(node: Node, spec: ListOf, where: str, findings: Findings) -> list[Any] | None:
    if not isinstance(node.value, list):
        hint = "Zapisz pozycje od myślników albo w nawiasie kwadratowym."
        findings.add("type.wrong", where, f"Tu ma stać lista, a stoi {_kind_of(node)}.", hint)
        return None
    if not spec.least <= len(node.value) <= spec.most:
        message = f"Lista ma {_positions(len(node.value))}."
        findings.add("list.length", where, message, f"Powinna mieć od {spec.least} do {spec.most}.")
    walked = [
        _walk(child, spec.item, f"{where}[{i}]", findings) for i, child in enumerate(node.value[: spec.most])
    ]
    # A faulty record stays as an empty one, so that the places of those after it keep their numbers.
    return [({} if isinstance(spec.item, Record) else None) if value is None else value for value in walked]


def _table(node: Node, spec: Table, where: str, findings: Findings) -> dict[str, str] | None:
    if not isinstance(node.value, dict):
        findings.add("type.wrong", where, f"Tu mają stać klucze z tekstami, a stoi {_kind_of(node)}.")
        return None
    if len(node.value) > spec.most:
        findings.add(
            "list.length", where, f"Tabela ma {_positions(len(node.value))}.", f"Może być do {spec.most}."
        )
    table = {}
    for key, child in list(node.value.items())[: spec.most]:
        place = f"{where}.{key}"
        findings.lines[place] = child.line
        name, text = _scalar(key, spec.key, place, findings), _walk(child, spec.text, place, findings)
        if name is not None and text is not None:
            table[str(name)] = text
    return table


def _constants(node: Node, where: str, findings: Findings) -> Any:
    if isinstance(node.value, list):
        return [_constant(child, f"{where}[{i}]", findings) for i, child in enumerate(node.value[:100])]
    return _constant(node, where, findings)


def _constant(node: Node, where: str, findings: Findings) -> str | int | float | None:
    findings.lines[where] = node.line
    if node.value is None or isinstance(node.value, (dict, list, bool)):
        findings.add("type.wrong", where, "Warunek porównuje z jedną wartością albo z listą wartości.")
        return None
    number = _number(node.value)
    return number if number is not None else str(node.value)


def _scalar(value: Any, spec: Spec, where: str, findings: Findings) -> Any:
    if isinstance(spec, Text):
        return _text(value, spec, where, findings)
    if isinstance(spec, Identifier):
        return _identifier(value, where, findings)
    if isinstance(spec, Flag):
        return _flag(value, where, findings)
    if isinstance(spec, OneOf):
        return _one_of(value, spec, where, findings)
    number = _number(value)
    if number is None or (isinstance(spec, Whole) and not isinstance(number, int)):
        message = f"Tu ma stać {_named(spec)}, a stoi „{str(value)[:60]}”."
        findings.add("type.wrong", where, message, _hint(spec))
        return None
    if isinstance(spec, Whole) and not spec.low <= number <= spec.high:
        findings.add(
            "value.range",
            where,
            f"Liczba {number} jest poza zakresem.",
            f"Wpisz od {spec.low} do {spec.high}.",
        )
        return None
    return number


def _number(value: Any) -> int | float | None:
    """The number a scalar stands for; a stored document brings numbers, a file brings texts."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value if math.isfinite(value) else None
    if _WHOLE.fullmatch(value):
        return int(value)
    return float(value) if _REAL.fullmatch(value) else None


def _text(value: Any, spec: Text, where: str, findings: Findings) -> str | None:
    text = str(value).strip()
    if not text and not spec.blank:
        findings.add("text.missing", where, "Brakuje tekstu.", "Wpisz go albo usuń ten klucz.")
        return None
    if len(text) > spec.limit:
        findings.add(
            "text.too_long",
            where,
            f"Tekst jest za długi ({len(text)}).",
            f"Może mieć najwyżej {spec.limit} znaków.",
        )
        return None
    if _FORBIDDEN.search(text):
        findings.add("text.characters", where, "Tekst zawiera znak sterujący albo niepełny.", "Usuń go.")
        return None
    return text


def _identifier(value: Any, where: str, findings: Findings) -> str | None:
    if isinstance(value, str) and len(value) <= ID_LIMIT and ID_FORM.fullmatch(value):
        return value
    hint = (
        f"Użyj małych liter bez ogonków, cyfr i pojedynczych „_”, zaczynając od litery, do {ID_LIMIT} znaków."
    )
    findings.add("id.form", where, f"„{str(value)[:60]}” nie może być identyfikatorem.", hint)
    return None


def _flag(value: Any, where: str, findings: Findings) -> bool | None:
    if isinstance(value, bool) or value in ("true", "false"):
        return value in (True, "true")
    findings.add(
        "type.wrong", where, f"Tu ma stać true albo false, a stoi „{str(value)[:60]}”.", _hint(Flag())
    )
    return None


def _one_of(value: Any, spec: OneOf, where: str, findings: Findings) -> str | None:
    if value in spec.words:
        return str(value)
    close = difflib.get_close_matches(str(value), spec.words, n=1)
    hint = f"Czy chodziło o „{close[0]}”?" if close else f"Możliwe wartości: {', '.join(spec.words)}."
    findings.add("value.not_allowed", where, f"Wartość „{str(value)[:60]}” nie jest tu dozwolona.", hint)
    return None


def _positions(count: int) -> str:
    return polish.counted(count, "pozycję", "pozycje", "pozycji")


def _kind_of(node: Node) -> str:
    if isinstance(node.value, dict):
        return "słownik"
    return "lista" if isinstance(node.value, list) else "pojedyncza wartość"


def _named(spec: Spec) -> str:
    names = {Whole: "liczba całkowita", Real: "liczba", Flag: "true albo false", Identifier: "identyfikator"}
    return names.get(type(spec), "tekst")


def _hint(spec: Spec) -> str:
    if isinstance(spec, Flag):
        return "Wpisz true (tak) albo false (nie)."
    if isinstance(spec, (Text, Identifier, OneOf)):
        return "Wpisz jedną wartość; tekst z dwukropkiem weź w cudzysłów."
    return "Wpisz samą liczbę, z kropką zamiast przecinka."
