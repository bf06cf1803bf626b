"""One handler per answer type; `handler` is the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from survey_app.forms.handlers.base import AnswerHandler, Fields, Parsed
from survey_app.forms.handlers.choices import ScalePoint, SingleChoice, YesNo
from survey_app.forms.handlers.numbers import Day, Number
from survey_app.forms.handlers.texts import LongText, ShortTexts
from survey_app.instrument.model import AnswerType

__all__ = ["AnswerHandler", "Fields", "Parsed", "handler"]

_HANDLERS: Final[Mapping[AnswerType, AnswerHandler]] = {
    AnswerType.SINGLE_CHOICE: SingleChoice(),
    AnswerType.YES_NO: YesNo(),
    AnswerType.SHORT_TEXTS: ShortTexts(),
    AnswerType.LONG_TEXT: LongText(),
    AnswerType.NUMBER: Number(),
    AnswerType.SCALE: ScalePoint(),
    AnswerType.DATE: Day(),
}


def handler(answer_type: AnswerType) -> AnswerHandler:
    """The handler of an answer type; there is one for each."""
    return _HANDLERS[answer_type]
