"""Reading the library of arguments: its shape, what its parts mean together, the frozen model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey_app.errors import Fault
from survey_app.instrument.arguments_model import ARGUMENTS, GROUPS, Argument, Library
from survey_app.instrument.build import checksum
from survey_app.instrument.reading import check_path, load_path, parse_text
from survey_app.instrument.schema import Identifier, ListOf, OneOf, Record, Spec, Text
from survey_app.instrument.shape import Findings, shaped
from survey_app.instrument.yaml_source import Node

_ID = Identifier()
_SAID: dict[str, Spec] = {
    "id": _ID,
    "label": Text(100),
    "what": Text(1_000),
    "for_whom": Text(500),
    "words": ListOf(Text(500), most=6),
    "source": Text(200),
}
_SECTORS: dict[str, Spec] = {"sectors": ListOf(_ID, most=30)}
_BARRIER = Record(_SAID, {**_SECTORS, "asks": Text(300)})
_SERVICE = Record(_SAID, {**_SECTORS, "breaks": ListOf(_ID, most=10)})
_KNOWLEDGE = Record(_SAID, {"asks": Text(300)})
_COMPONENT = Record({**_SAID, "component": _ID})
SHAPE = Record(
    {
        "key": _ID,
        "kind": OneOf((ARGUMENTS,)),
        "title": Text(200),
        "source": Text(500),
        "barriers": ListOf(_BARRIER, most=20),
        "services": ListOf(_SERVICE, most=20),
        "knowledge": ListOf(_KNOWLEDGE, most=20),
        "components": ListOf(_COMPONENT, most=10),
    },
    {"conventions": ListOf(Record({"id": _ID, "text": Text(1_000)}), most=20)},
)


def load_library(path: Path) -> Library:
    """The library of a file. InvalidInputError, with every fault, when the file has any."""
    return load_path(path, parse_library)


def check_library_file(path: Path) -> tuple[Library | None, list[Fault]]:
    """The library and no faults, or no library and every fault of the file."""
    return check_path(path, parse_library)


def parse_library(text: str, name: str = "") -> tuple[Library | None, list[Fault]]:
    """The library of a file's text, or all its faults in the order of their lines. `name`: the file's, if known."""
    return parse_text(text, name, _examined, _build)


def _examined(tree: Node) -> tuple[dict[str, Any], Findings]:
    findings = Findings()
    document = shaped(tree, findings, SHAPE)
    _check(document, findings)
    return document, findings


def _placed(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group in GROUPS:
        for i, one in enumerate(document.get(group, ())):
            yield f"{group}[{i}]", one


def _check(document: Mapping[str, Any], findings: Findings) -> None:
    """An entry of a register names an argument by its id alone, so no two of the file may share one."""
    barriers = {one.get("id") for one in document.get("barriers", ())}
    seen: set[object] = set()
    components: set[object] = set()
    for place, one in _placed(document):
        if "id" in one and one["id"] in seen:
            message = f"Identyfikator „{one['id']}” jest w pliku dwa razy."
            findings.add("id.doubled", f"{place}.id", message, "Każdy argument musi mieć własny.")
        if "component" in one and one["component"] in components:
            message = f"Składowa „{one['component']}” ma już swoje słowa."
            findings.add("arguments.component", f"{place}.component", message, "Usuń jeden z tych wpisów.")
        for barrier in one.get("breaks", ()):
            if barrier not in barriers:
                hint = "Wpisz identyfikator bariery z części „barriers”."
                findings.add("arguments.breaks", f"{place}.breaks", f"Nie ma bariery „{barrier}”.", hint)
        seen.add(one.get("id"))
        components.add(one.get("component"))


def _build(document: Mapping[str, Any]) -> Library:
    groups = {group: tuple(_argument(one) for one in document[group]) for group in GROUPS}
    return Library(
        key=document["key"],
        title=document["title"],
        source=document["source"],
        conventions=tuple((one["id"], one["text"]) for one in document.get("conventions", ())),
        sha256=checksum(document),
        document=document,
        **groups,
    )


def _argument(document: Mapping[str, Any]) -> Argument:
    plain = ("id", "label", "what", "for_whom", "source", "asks", "component")
    return Argument(
        words=tuple(document["words"]),
        sectors=tuple(document.get("sectors", ())),
        breaks=tuple(document.get("breaks", ())),
        **{key: document[key] for key in plain if key in document},
    )
