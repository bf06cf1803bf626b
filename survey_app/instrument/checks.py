"""What the parts of a definition mean together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey_app.instrument.shape import Findings


def check_document(document: Mapping[str, Any], findings: Findings) -> None:
    """Adds every fault of a document to `findings`."""
