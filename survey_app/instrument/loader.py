"""Reading definitions: from a file, from its text, from a stored version. Nothing faulty gets past here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.build import build_instrument, canonical_json
from survey_app.instrument.checks import check_document
from survey_app.instrument.model import Instrument
from survey_app.instrument.shape import Findings, shaped
from survey_app.instrument.yaml_source import Node, nodes_of, read_text, read_tree

__all__ = ["canonical_json", "check_file", "instrument_from_document", "load_instrument", "parse_instrument"]


def load_instrument(path: Path) -> Instrument:
    """The instrument of a file. InvalidInputError, with every fault, when the file has any."""
    instrument, faults = check_file(path)
    if instrument is None:
        raise _invalid(path.name, faults)
    return instrument


def check_file(path: Path) -> tuple[Instrument | None, list[Fault]]:
    """The instrument and no faults, or no instrument and every fault of the file."""
    text, faults = read_text(path)
    if text is None:
        return None, faults
    return parse_instrument(text, path.name)


def parse_instrument(text: str, name: str) -> tuple[Instrument | None, list[Fault]]:
    """The instrument of a file's text, or all its faults in the order of their lines.

    `name` is the file's name: `<key>.yml` is found again by its key, so another name is a fault.
    """
    tree, faults = read_tree(text)
    if tree is None:
        return None, faults
    document, findings = _examined(tree)
    check_name(document, name, findings)
    found = sorted([*faults, *findings.faults], key=lambda fault: fault.line or 0)
    return (None, found) if found else (build_instrument(document), [])


def instrument_from_document(document: Mapping[str, Any]) -> Instrument:
    """The instrument of a stored definition; equal to the one that was loaded from the file.

    Raises InvalidInputError when the stored document is not (any more) a valid definition.
    """
    checked, findings = _examined(nodes_of(json.loads(canonical_json(document))))
    if findings.faults:
        raise _invalid(str(document.get("key", "?")), findings.faults)
    return build_instrument(checked)


def _examined(tree: Node) -> tuple[dict[str, Any], Findings]:
    findings = Findings()
    document = shaped(tree, findings)
    check_document(document, findings)
    return document, findings


def check_name(document: Mapping[str, Any], name: str, findings: Findings) -> None:
    """Adds a fault if the file is not named after its key."""
    stem, suffix = Path(name).stem, Path(name).suffix
    key = document.get("key")
    if key and suffix in (".yml", ".yaml") and stem != key:
        hint = f"Nazwij plik „{key}.yml” albo zmień klucz na „{stem}”."
        findings.add("file.name", "key", f"Plik „{name}” ma klucz „{key}”.", hint)


def _invalid(name: str, faults: list[Fault]) -> InvalidInputError:
    return InvalidInputError(f"Plik „{name}” ma błędy: {len(faults)}. Nic nie zostało wczytane.", faults)
