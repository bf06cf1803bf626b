"""Reading a process definition: its shape, what its parts mean together, the frozen model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.build import canonical_json, checksum
from survey_app.instrument.process_model import (
    PROCESS,
    Need,
    Process,
    ProcessFact,
    ProcessPath,
    Stage,
    Step,
    StepPage,
)
from survey_app.instrument.reading import check_path, load_path, parse_text
from survey_app.instrument.schema import Flag, Identifier, ListOf, OneOf, Record, Text, Whole
from survey_app.instrument.shape import Findings, shaped
from survey_app.instrument.yaml_source import Node, nodes_of, read_text, read_tree

_ID = Identifier()
_NEED = Record(
    {
        "fact": OneOf(tuple(fact.value for fact in ProcessFact)),
        "least": Whole(1, 1_000),
        "missing": Text(500),
    },
    {"paper": _ID, "register": _ID, "state": _ID},
)
_STEP = Record(
    {
        "id": _ID,
        "title": Text(200),
        "why": Text(),
        "help": Text(5_000),
        "gives": Text(500),
        "source": Text(200),
    },
    {
        "needs": ListOf(_NEED, most=10),
        "after": ListOf(_ID, most=20),
        "paths": ListOf(_ID, most=5),
        "papers": ListOf(_ID, most=20),
        "registers": ListOf(_ID, most=20),
        "page": OneOf(tuple(page.value for page in StepPage)),
        "optional": Flag(),
    },
)
_STAGE = Record({"id": _ID, "title": Text(200), "summary": Text(), "steps": ListOf(_STEP, most=40)})
_PATH = Record({"id": _ID, "label": Text(200), "description": Text()})
SHAPE = Record(
    {
        "key": _ID,
        "kind": OneOf((PROCESS,)),
        "title": Text(200),
        "source": Text(500),
        "paths": ListOf(_PATH, most=5),
        "stages": ListOf(_STAGE, most=20),
    }
)
_PAPER_FACTS = (ProcessFact.PAPERS.value, ProcessFact.PAPERS_BEGUN.value)


def load_process(path: Path) -> Process:
    """The process of a file. InvalidInputError, with every fault, when the file has any."""
    return load_path(path, parse_process)


def kind_of(path: Path) -> str:
    """What the file calls itself; nothing where it cannot be read."""
    text, _ = read_text(path)
    tree = read_tree(text)[0] if text is not None else None
    kind = tree.value.get("kind") if tree is not None and isinstance(tree.value, dict) else None
    return str(kind.value) if kind is not None else ""


def check_process_file(path: Path) -> tuple[Process | None, list[Fault]]:
    """The process and no faults, or no process and every fault of the file."""
    return check_path(path, parse_process)


def parse_process(text: str, name: str = "") -> tuple[Process | None, list[Fault]]:
    """The process of a file's text, or all its faults in the order of their lines. `name`: the file's, if known."""
    return parse_text(text, name, _examined, _build)


def process_from_document(document: Mapping[str, Any]) -> Process:
    """The process of a stored definition. InvalidInputError when it is not valid (any more)."""
    checked, findings = _examined(nodes_of(json.loads(canonical_json(document))))
    if findings.faults:
        raise InvalidInputError(f"Proces „{document.get('key', '?')}” ma błędy.", findings.faults)
    return _build(checked)


def _examined(tree: Node) -> tuple[dict[str, Any], Findings]:
    findings = Findings()
    document = shaped(tree, findings, SHAPE)
    _check(document, findings)
    return document, findings


def _placed_steps(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for i, stage in enumerate(document.get("stages", ())):
        for j, step in enumerate(stage.get("steps", ())):
            yield f"stages[{i}].steps[{j}]", step


def _check(document: Mapping[str, Any], findings: Findings) -> None:
    paths = {path.get("id") for path in document.get("paths", ())}
    earlier: set[object] = set()
    for place, step in _placed_steps(document):
        if step.get("id") in earlier:
            message = f"Krok „{step['id']}” jest w pliku dwa razy."
            findings.add("id.doubled", f"{place}.id", message, "Każdy krok musi mieć własny identyfikator.")
        for other in step.get("after", ()):
            if other not in earlier:
                hint = "Wpisz identyfikator kroku, który stoi wcześniej."
                findings.add("process.after", f"{place}.after", f"Wcześniej nie ma kroku „{other}”.", hint)
        for path in step.get("paths", ()):
            if path not in paths:
                hint = "Wpisz identyfikator ścieżki z części „paths”."
                findings.add("process.path", f"{place}.paths", f"Nie ma ścieżki „{path}”.", hint)
        for i, need in enumerate(step.get("needs", ())):
            if need and (need.get("fact") in _PAPER_FACTS) != ("paper" in need):
                message = "Klucz „paper” i warunek o pismach należą do siebie."
                findings.add(
                    "process.need", f"{place}.needs[{i}]", message, "Dopisz „paper:” albo zmień „fact”."
                )
            of_entries = need.get("fact") == ProcessFact.REGISTER_ENTRIES
            if need and (of_entries != ("register" in need) or ("state" in need and not of_entries)):
                message = "Klucze „register” i „state” należą do warunku o wpisach rejestru."
                findings.add(
                    "process.need", f"{place}.needs[{i}]", message, "Dopisz „register:” albo zmień „fact”."
                )
        earlier.add(step.get("id"))


def _build(document: Mapping[str, Any]) -> Process:
    return Process(
        key=document["key"],
        title=document["title"],
        source=document["source"],
        paths=tuple(ProcessPath(**path) for path in document["paths"]),
        stages=tuple(
            Stage(stage["id"], stage["title"], stage["summary"], tuple(map(_step, stage["steps"])))
            for stage in document["stages"]
        ),
        sha256=checksum(document),
        document=document,
    )


def _step(document: Mapping[str, Any]) -> Step:
    words = ("id", "title", "why", "help", "gives", "source")
    return Step(
        **{key: document[key] for key in words},
        after=tuple(document.get("after", ())),
        paths=tuple(document.get("paths", ())),
        papers=tuple(document.get("papers", ())),
        registers=tuple(document.get("registers", ())),
        needs=tuple(
            Need(**{**need, "fact": ProcessFact(need["fact"])}) for need in document.get("needs", ())
        ),
        page=StepPage(document["page"]) if "page" in document else None,
        optional=document.get("optional", False),
    )
