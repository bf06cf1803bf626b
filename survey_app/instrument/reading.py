"""What reading is for every kind of definition: the file, its text, its tree; all its faults or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.shape import Findings
from survey_app.instrument.yaml_source import Node, read_text, read_tree

T = TypeVar("T")


def check_path(
    path: Path, parse: Callable[[str, str], tuple[T | None, list[Fault]]]
) -> tuple[T | None, list[Fault]]:
    """What `parse` makes of the file's text and name; its text may be unreadable already."""
    text, faults = read_text(path)
    return (None, faults) if text is None else parse(text, path.name)


def load_path(path: Path, parse: Callable[[str, str], tuple[T | None, list[Fault]]]) -> T:
    """The definition of a file. InvalidInputError, with every fault, when the file has any."""
    found, faults = check_path(path, parse)
    if found is None:
        raise invalid(path.name, faults)
    return found


def parse_text(
    text: str,
    name: str,
    examine: Callable[[Node], tuple[dict[str, Any], Findings]],
    build: Callable[[Mapping[str, Any]], T],
) -> tuple[T | None, list[Fault]]:
    """The definition of a text, or all its faults in the order of their lines.

    `name` is the file's name: `<key>.yml` is found again by its key, so another name is a fault. Empty: none.
    """
    tree, faults = read_tree(text)
    if tree is None:
        return None, faults
    document, findings = examine(tree)
    _check_name(document, name, findings)
    found = sorted([*faults, *findings.faults], key=lambda fault: fault.line or 0)
    return (None, found) if found else (build(document), [])


def _check_name(document: Mapping[str, Any], name: str, findings: Findings) -> None:
    stem, suffix = Path(name).stem, Path(name).suffix
    key = document.get("key")
    if key and suffix in (".yml", ".yaml") and stem != key:
        hint = f"Nazwij plik „{key}.yml” albo zmień klucz na „{stem}”."
        findings.add("file.name", "key", f"Plik „{name}” ma klucz „{key}”.", hint)


def invalid(name: str, faults: list[Fault]) -> InvalidInputError:
    """What the faults of the file `name` are raised as."""
    return InvalidInputError(f"Plik „{name}” ma błędy: {len(faults)}. Nic nie zostało wczytane.", faults)
