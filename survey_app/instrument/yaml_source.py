"""A file's text -> a tree of nodes with line numbers, refusing what YAML would let surprise or harm.

Every plain scalar stays the text that was written: an option `nie` is no boolean, a label `2026-01-01` no
date, a label `112` no number. Which scalar is a number is decided by its place (`shape.py`), not its looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from survey_app.errors import Fault

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24
_WHERE = "plik"
_REASONS: Mapping[type[OSError], str] = {
    FileNotFoundError: "nie ma takiego pliku",
    IsADirectoryError: "to jest katalog",
    PermissionError: "brak uprawnień",
}
_NOTHING = frozenset({"", "~", "null"})

Scalar = str | int | float | bool


@dataclass(slots=True)
class Node:
    """One value of the file: a scalar, a list of nodes, a mapping of nodes, or nothing (None)."""

    value: Scalar | list[Node] | dict[str, Node] | None
    line: int | None = None


@dataclass(slots=True)
class _Open:
    """A collection that is still being read; `key` is the mapping key that waits for its value."""

    node: Node
    key: str | None = None
    waits: bool = False


@dataclass(slots=True)
class _RefusedError(Exception):
    fault: Fault


@dataclass(slots=True)
class _Builder:
    """Assembles nodes from YAML's events without recursion, so that depth is a fault and never a crash."""

    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused(
                    "yaml.documents",
                    "Plik zawiera więcej niż jeden dokument.",
                    "Usuń wiersz z samymi kreskami „---”.",
                    line,
                )
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(
                "yaml.alias",
                "Plik używa kotwic lub odwołań (& albo *).",
                "Wpisz treść wprost w każdym miejscu.",
                line,
            )
        elif isinstance(event, yaml.NodeEvent):
            self._refuse_tag(event, line)
            self._take_node(event, line)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._place(self.stack.pop().node)

    def _refuse_tag(self, event: yaml.NodeEvent, line: int | None) -> None:
        if getattr(event, "tag", None) not in (None, "!"):
            raise _refused(
                "yaml.tag",
                "Plik używa znacznika typu (wykrzyknik przed wartością).",
                "Usuń znacznik; typ wynika z miejsca, w którym stoi wartość.",
                line,
            )

    def _take_node(self, event: yaml.NodeEvent, line: int | None) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event, line)
            return
        if len(self.stack) >= MAX_DEPTH:
            raise _refused(
                "yaml.depth",
                f"Plik jest zagnieżdżony głębiej niż {MAX_DEPTH} poziomy.",
                "Uprość budowę pliku.",
                line,
            )
        if self.stack and self._waits_for_key():
            raise _refused(
                "yaml.key", "Kluczem jest lista albo słownik.", "Klucz musi być jednym słowem.", line
            )
        empty: dict[str, Node] | list[Node] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(Node(empty, line)))

    def _waits_for_key(self) -> bool:
        return isinstance(self.stack[-1].node.value, dict) and not self.stack[-1].waits

    def _take_scalar(self, event: yaml.ScalarEvent, line: int | None) -> None:
        if self.stack and self._waits_for_key():
            self._take_key(event.value, line)
            return
        nothing = event.style is None and event.value in _NOTHING
        self._place(Node(None if nothing else event.value, line))

    def _take_key(self, key: str, line: int | None) -> None:
        mapping = self.stack[-1].node.value
        if isinstance(mapping, dict) and key in mapping:
            self.faults.append(
                Fault(
                    "yaml.duplicate_key",
                    _WHERE,
                    f"Klucz „{key}” występuje dwa razy w tym samym miejscu.",
                    "Zostaw jeden z nich.",
                    line,
                )
            )
        self.stack[-1].key, self.stack[-1].waits = key, True

    def _place(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif isinstance(parent.node.value, dict) and parent.key is not None:
            parent.node.value.setdefault(parent.key, node)
            parent.key, parent.waits = None, False


def _refused(code: str, message: str, hint: str, line: int | None = None) -> _RefusedError:
    return _RefusedError(Fault(code, _WHERE, message, hint, line))


def read_text(path: Path) -> tuple[str | None, list[Fault]]:
    """The file's text, or the fault that keeps it from being read: missing, too big, not UTF-8."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = _REASONS.get(type(error), "system odmówił dostępu")
        return None, [
            Fault(
                "file.unreadable",
                _WHERE,
                f"Nie można odczytać pliku ({reason}).",
                "Sprawdź nazwę i uprawnienia.",
            )
        ]
    return (None, [_too_big()]) if len(raw) > MAX_BYTES else _decoded(raw)


def _decoded(raw: bytes) -> tuple[str | None, list[Fault]]:
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "Zapisz go w edytorze jako „UTF-8”."
        return None, [Fault("file.encoding", _WHERE, "Plik nie jest zapisany w UTF-8.", hint, line)]


def _too_big() -> Fault:
    return Fault(
        "file.size",
        _WHERE,
        f"Plik jest większy niż {MAX_BYTES // 1024} KB.",
        "Podziel go albo usuń to, co zbędne.",
    )


def read_tree(text: str) -> tuple[Node | None, list[Fault]]:
    """The tree of a file's text. No tree when it cannot be read at all; doubled keys keep the first value."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return None, [_too_big()]
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except _RefusedError as refused:
        return None, [*builder.faults, refused.fault]
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        return None, [*builder.faults, _syntax_fault(error)]
    if builder.root is None or builder.root.value is None:
        return None, [
            Fault("file.empty", _WHERE, "Plik jest pusty.", "Zacznij od wzoru: instruments/ankieta.yml.")
        ]
    return builder.root, builder.faults


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=yaml.SafeLoader))


def _syntax_fault(error: Exception) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else None
    if isinstance(error, yaml.reader.ReaderError):
        return Fault(
            "yaml.characters",
            _WHERE,
            "Plik zawiera znak, którego nie może być w tekście (np. znak sterujący).",
            f"Usuń znak na pozycji {error.position}.",
            line,
        )
    problem = getattr(error, "problem", None) or str(error)
    return Fault(
        "yaml.syntax",
        _WHERE,
        f"Nie można odczytać zapisu YAML ({problem}).",
        "Sprawdź wcięcia, dwukropki i cudzysłowy w tym wierszu i w poprzednim.",
        line,
    )


def nodes_of(document: Any) -> Node:
    """The tree of a document that is already stored (JSON): the same nodes, without lines."""
    if isinstance(document, Mapping):
        return Node({str(key): nodes_of(value) for key, value in document.items()})
    if isinstance(document, (list, tuple)):
        return Node([nodes_of(value) for value in document])
    return Node(document)
