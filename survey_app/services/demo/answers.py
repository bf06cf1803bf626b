"""Made-up answers for the example gminas: the same on every machine, routing respected by the engine itself."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.routing import Settled, path, settle
from survey_app.instrument.values import NO, YES, Value

PHRASES = Path(__file__).with_name("phrases.yml")

# Chance of TAK by question, then by option of question 1: sectors differ as they might in a real gmina.
CHANCE_OF_YES: Mapping[str, float] = {"p2": 0.45, "p3": 0.5, "p4": 0.55, "p5": 0.85, "p7": 0.45, "p9": 0.6}
CHANCE_BY_OPTION: Mapping[str, Mapping[str, float]] = {
    "pomoc_spoleczna": {"p2": 0.9, "p5": 1.0, "p7": 1.0, "p9": 0.95},
    "pozarzadowa": {"p5": 0.95, "p7": 0.65, "p9": 0.85},
    "koscielna": {"p5": 0.9, "p7": 0.7, "p9": 0.75},
    "gospodarka": {"p2": 0.15, "p5": 0.6, "p7": 0.15, "p9": 0.4},
    "edukacja": {"p5": 0.85, "p7": 0.5, "p9": 0.6},
}
CHANCE_OF_SILENCE = 0.06
CHANCE_OF_DECLINING = 0.05


@cache
def _phrases() -> Mapping[str, list[str]]:
    phrases: Mapping[str, list[str]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return phrases


def made_up(instrument: Instrument, option: str, source: random.Random) -> Settled:
    """One whole answer of an institution whose type (question 1) is `option`."""
    values: dict[str, Value] = {}
    for question in instrument.questions:
        if question.id in path(instrument, values):
            value = _value(question, option, source)
            if value is not None:
                values[question.id] = value
    return settle(instrument, values)


def _value(question: Question, option: str, source: random.Random) -> Value | None:
    if question.type is AnswerType.SINGLE_CHOICE:
        declined = source.random() < CHANCE_OF_DECLINING
        return {"option": "nie_wskazuje" if declined else option}
    if source.random() < CHANCE_OF_SILENCE or question.identifying:
        return None
    if question.type is AnswerType.YES_NO:
        usual = CHANCE_OF_YES[question.id]
        return YES if source.random() < CHANCE_BY_OPTION.get(option, {}).get(question.id, usual) else NO
    phrases = _phrases()[question.id]
    if question.type is AnswerType.SHORT_TEXTS:
        filled = min(source.choice([0, 1, 1, 2, 2, 3]), len(phrases))
        return source.sample(phrases, filled) or None
    return source.choice(phrases) if source.random() < 0.5 else None
