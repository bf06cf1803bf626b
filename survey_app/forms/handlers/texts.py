"""Free texts: up to n short ones, or one long."""

from __future__ import annotations

from typing import ClassVar

from survey_app.errors import Fault
from survey_app.forms.handlers.base import AnswerHandler, Fields, Parsed, name_of, single
from survey_app.forms.typed_text import clean_line, clean_text, line_faults, text_faults
from survey_app.instrument.model import Question
from survey_app.instrument.values import Value


class ShortTexts(AnswerHandler):
    """Up to n short texts, fewer are fine (METHOD, "The ankieta": "three" boxes). Empty boxes are passed over."""

    macro: ClassVar[str] = "short_texts"
    projection: ClassVar[tuple[str, ...]] = ("filled",)

    def field_names(self, question: Question) -> tuple[str, ...]:
        return tuple(f"{question.id}-{place}" for place in range(1, question.max_items + 1))

    def _read(self, question: Question, form: Fields) -> Parsed:
        found: list[Fault] = []
        texts: list[str] = []
        for place, name in enumerate(self.field_names(question), 1):
            if text := clean_line(single(form, name)):
                texts.append(text)
                # one box is the question itself
                which = f", {question.box.lower()} {place}" if question.max_items > 1 else ""
                box = f"{name_of(question)}{which}"
                found += line_faults(name, box, text, question.max_length)
        return Parsed(faults=tuple(found)) if found else Parsed(texts or None)

    def fields(self, question: Question, value: Value) -> dict[str, list[str]]:
        assert isinstance(value, list)
        return {name: [text] for name, text in zip(self.field_names(question), value, strict=False)}


class LongText(AnswerHandler):
    """One text, line breaks and all."""

    macro: ClassVar[str] = "long_text"
    projection: ClassVar[tuple[str, ...]] = ("filled",)

    def _read(self, question: Question, form: Fields) -> Parsed:
        typed = single(form, question.id)
        found = text_faults(question.id, name_of(question), typed, question.max_length)
        return Parsed(faults=tuple(found)) if found else Parsed(clean_text(typed) or None)
