"""One of several: single choice with a text on an option, yes or no, a scale with anchors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from survey_app.errors import Fault
from survey_app.forms.handlers.base import AnswerHandler, Fields, Parsed, name_of, single
from survey_app.forms.typed_text import clean_line, line_faults
from survey_app.instrument.model import Option, Question
from survey_app.instrument.values import NO, YES, Value

UNKNOWN_HINT = "Prosimy wybrać jedną z odpowiedzi, które są na stronie."


def _unknown(question: Question, sent: str) -> Parsed:
    shown = sent if len(sent) <= 40 else sent[:40] + "…"
    message = f"{name_of(question)}: nie ma odpowiedzi „{clean_line(shown)}”."
    return Parsed(faults=(Fault("choice.unknown", question.id, message, UNKNOWN_HINT),))


class SingleChoice(AnswerHandler):
    """One option; some options carry a text of their own ("Inna: wskaż sektor")."""

    macro: ClassVar[str] = "single_choice"
    projection: ClassVar[tuple[str, ...]] = ("choice",)

    def field_names(self, question: Question) -> tuple[str, ...]:
        with_text = (text_name(question, option) for option in question.options if option.text)
        return (question.id, *with_text)

    def _read(self, question: Question, form: Fields) -> Parsed:
        chosen = single(form, question.id)
        if chosen and chosen not in {option.id for option in question.options}:
            return _unknown(question, chosen)
        faults = (*self._stray_texts(question, chosen, form), *self._text_faults(question, chosen, form))
        if faults or not chosen:
            return Parsed(faults=faults)
        text = clean_line(single(form, f"{question.id}-{chosen}"))
        return Parsed({"option": chosen, "text": text} if text else {"option": chosen})

    def _stray_texts(self, question: Question, chosen: str, form: Fields) -> tuple[Fault, ...]:
        """A text beside an option that was not chosen: which of the two was meant, only the person knows."""
        stray = []
        for option in question.options:
            name = text_name(question, option)
            if option.text and option.id != chosen and clean_line(single(form, name)):
                message = f"{name_of(question)}: wpisano tekst przy „{option.label}”, ale nie zaznaczono jej."
                hint = f"Prosimy zaznaczyć „{option.label}” albo usunąć tekst."
                stray.append(Fault("choice.stray_text", name, message, hint))
        return tuple(stray)

    def _text_faults(self, question: Question, chosen: str, form: Fields) -> tuple[Fault, ...]:
        found: list[Fault] = []
        for option in question.options:
            if option.text and option.id == chosen:
                name = text_name(question, option)
                found += line_faults(name, name_of(question), single(form, name), option.text.max_length)
        return tuple(found)

    def fields(self, question: Question, value: Value) -> dict[str, list[str]]:
        assert isinstance(value, dict)
        sent = {question.id: [value["option"]]}
        if "text" in value:
            sent[f"{question.id}-{value['option']}"] = [value["text"]]
        return sent

    def told(self, question: Question, raw: Mapping[str, str]) -> list[str]:
        labels = {option.id: option.label for option in question.options}
        chosen = raw.get(question.id, "")
        texts = [raw[name] for name in self.field_names(question)[1:] if raw.get(name, "").strip()]
        return ([labels.get(chosen, chosen)] if chosen else []) + texts


def text_name(question: Question, option: Option) -> str:
    """The field of the text that belongs to an option."""
    return f"{question.id}-{option.id}"


class YesNo(AnswerHandler):
    """TAK or NIE."""

    macro: ClassVar[str] = "yes_no"
    projection: ClassVar[tuple[str, ...]] = ("choice",)

    def _read(self, question: Question, form: Fields) -> Parsed:
        sent = single(form, question.id)
        if sent and sent not in (YES, NO):
            return _unknown(question, sent)
        return Parsed(sent or None)

    def told(self, question: Question, raw: Mapping[str, str]) -> list[str]:
        sent = raw.get(question.id, "")
        return [sent.upper()] if sent else []


class ScalePoint(AnswerHandler):
    """A point of a scale whose every point has a written anchor."""

    macro: ClassVar[str] = "scale"
    projection: ClassVar[tuple[str, ...]] = ("choice", "number")

    def _read(self, question: Question, form: Fields) -> Parsed:
        sent = single(form, question.id)
        if not sent:
            return Parsed()
        points = {str(point): point for point in _points(question)}
        return Parsed(points[sent]) if sent in points else _unknown(question, sent)

    def told(self, question: Question, raw: Mapping[str, str]) -> list[str]:
        sent = raw.get(question.id, "")
        anchors = {str(point): anchor for point, anchor in _anchors(question).items()}
        return [f"{sent} – {anchors[sent]}" if sent in anchors else sent] if sent else []


def _points(question: Question) -> range:
    return range(question.scale.low, question.scale.high + 1) if question.scale else range(0)


def _anchors(question: Question) -> Mapping[int, str]:
    return question.scale.anchors if question.scale else {}
