"""A value of each answer type, as the handler reads it, fills exactly the columns that the handler promises."""

from __future__ import annotations

import pytest

from survey_app.analysis.frames import tidy
from survey_app.forms.handlers import handler
from survey_app.instrument.loader import instrument_from_document
from survey_app.instrument.model import AnswerType, Instrument
from survey_app.instrument.values import answered

EXTRAS = {
    AnswerType.SINGLE_CHOICE: {
        "options": [{"id": "a", "label": "A", "code": 1}, {"id": "b", "label": "B", "code": 2}]
    },
    AnswerType.SCALE: {"scale": {"low": 1, "high": 2, "anchors": {"1": "mało", "2": "dużo"}}},
}
SENT = {
    AnswerType.SINGLE_CHOICE: {"p1": ["a"]},
    AnswerType.YES_NO: {"p1": ["tak"]},
    AnswerType.SHORT_TEXTS: {"p1-1": ["raz"], "p1-3": ["dwa"]},
    AnswerType.LONG_TEXT: {"p1": ["Bo tak."]},
    AnswerType.NUMBER: {"p1": ["12,0"]},
    AnswerType.SCALE: {"p1": ["2"]},
    AnswerType.DATE: {"p1": ["21.11.2026"]},
}
EXPECTED = {
    AnswerType.SINGLE_CHOICE: {"choice": "a"},
    AnswerType.YES_NO: {"choice": "tak"},
    AnswerType.SHORT_TEXTS: {"filled": 2},
    AnswerType.LONG_TEXT: {"filled": 1},
    AnswerType.NUMBER: {"choice": "given", "number": 12.0},
    AnswerType.SCALE: {"choice": "2", "number": 2.0},
    AnswerType.DATE: {"choice": "given"},
}


def instrument_with(answer_type: AnswerType) -> Instrument:
    question = {"id": "p1", "type": answer_type.value, "text": "?", "number": "1"}
    return instrument_from_document(
        {
            "key": "proba",
            "kind": "questionnaire",
            "title": "Próba",
            "source": {"document": "0", "title": "Próba"},
            "texts": {"promise_anonymous": "A.", "promise_named": "I.", "introduction": "W."},
            "sections": [{"id": "s1", "questions": [{**question, **EXTRAS.get(answer_type, {})}]}],
        }
    )


@pytest.mark.parametrize("answer_type", list(AnswerType), ids=lambda answer_type: answer_type.value)
def test_a_value_fills_the_columns_of_its_type(answer_type: AnswerType) -> None:
    instrument = instrument_with(answer_type)
    value = handler(answer_type).parse(instrument.questions[0], SENT[answer_type]).value
    assert value is not None
    row = tidy(instrument, [{"p1": answered(value)}])[["choice", "number", "filled"]].iloc[0].dropna()
    assert row.to_dict() == EXPECTED[answer_type]
    assert set(row.index) == set(handler(answer_type).projection)
