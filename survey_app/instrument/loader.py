"""Reading definitions: from a file, from its text, from a stored version. Nothing faulty gets past here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from survey_app.errors import Fault
from survey_app.instrument.build import build_instrument, canonical_json
from survey_app.instrument.checks import check_document
from survey_app.instrument.model import Instrument
from survey_app.instrument.reading import check_path, invalid, load_path, parse_text
from survey_app.instrument.shape import Findings, shaped
from survey_app.instrument.yaml_source import Node, nodes_of

__all__ = ["canonical_json", "check_file", "instrument_from_document", "load_instrument", "parse_instrument"]


def load_instrument(path: Path) -> Instrument:
    """The instrument of a file. InvalidInputError, with every fault, when the file has any."""
    return load_path(path, parse_instrument)


def check_file(path: Path) -> tuple[Instrument | None, list[Fault]]:
    """The instrument and no faults, or no instrument and every fault of the file."""
    return check_path(path, parse_instrument)


def parse_instrument(text: str, name: str) -> tuple[Instrument | None, list[Fault]]:
    """The instrument of a file's text, or all its faults in the order of their lines. `name`: the file's."""
    return parse_text(text, name, _examined, build_instrument)


def instrument_from_document(document: Mapping[str, Any]) -> Instrument:
    """The instrument of a stored definition; equal to the one that was loaded from the file.

    Raises InvalidInputError when the stored document is not (any more) a valid definition.
    """
    checked, findings = _examined(nodes_of(json.loads(canonical_json(document))))
    if findings.faults:
        raise invalid(str(document.get("key", "?")), findings.faults)
    return build_instrument(checked)


def _examined(tree: Node) -> tuple[dict[str, Any], Findings]:
    findings = Findings()
    document = shaped(tree, findings)
    check_document(document, findings)
    return document, findings
