"""What an advisor's answers lead to: the first advice whose conditions all hold."""

from __future__ import annotations

from collections.abc import Mapping

from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import Advice
from survey_app.instrument.values import Value, choice_of
from survey_app.services.method.definitions import rules_of


def advised(definition: Instrument, answers: Mapping[str, Value]) -> Advice | None:
    """None where the definition advises nothing, or nothing fits."""
    for one in rules_of(definition).advice:
        if all(choice_of(answers.get(question)) in options for question, options in one.when.items()):
            return one
    return None
