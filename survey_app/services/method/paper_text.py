"""The text of a paper's version, composed from what was filled in or as it was edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.analysis.papers.compose import composed
from survey_app.instrument.model import Instrument
from survey_app.services.method.papers import Content


def text_of(definition: Instrument, content: Content, facts: Mapping[str, str]) -> str:
    """Markdown."""
    return content.text or composed(definition, content.answers, content.tables, facts)
