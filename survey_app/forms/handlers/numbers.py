"""A number or a date, typed the Polish way or as a browser's own control sends it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import ClassVar

from survey_app import polish
from survey_app.errors import Fault
from survey_app.forms.handlers.base import AnswerHandler, Fields, Parsed, name_of, single
from survey_app.instrument.model import Question
from survey_app.instrument.values import Value

_NUMBER = re.compile(r"[-−–]?[0-9]{1,15}(?:[.,][0-9]{1,12})?")
_DIGITS = re.compile(r"[-−–]?[0-9]+(?:[.,][0-9]+)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})")
EARLIEST, LATEST = 1900, 2100


class Number(AnswerHandler):
    """A number within the question's bounds; a comma or a point before the decimals."""

    macro: ClassVar[str] = "number"
    projection: ClassVar[tuple[str, ...]] = ("choice", "number")

    def _read(self, question: Question, form: Fields) -> Parsed:
        typed = "".join(single(form, question.id).split())
        if not typed:
            return Parsed()
        if not _NUMBER.fullmatch(typed):
            if _DIGITS.fullmatch(typed):
                return _fault(question, "number.form", "liczba ma za dużo cyfr.", "Prosimy ją sprawdzić.")
            return _fault(
                question, "number.form", "to nie jest liczba.", "Prosimy wpisać same cyfry, np. 12."
            )
        number = Decimal(typed.replace(",", ".").replace("−", "-").replace("–", "-"))
        return self._within(question, number)

    def _within(self, question: Question, number: Decimal) -> Parsed:
        if number != round(number, question.decimals):
            if question.decimals == 0:
                return _fault(question, "number.decimals", "to ma być liczba całkowita.", "Np. 12.")
            places = polish.counted(question.decimals, "miejsce", "miejsca", "miejsc")
            return _fault(question, "number.decimals", f"najwyżej {places} po przecinku.", "")
        low, high = _exact(question.minimum), _exact(question.maximum)
        if (low is not None and number < low) or (high is not None and number > high):
            return _fault(question, "number.range", f"{bounds_told(question)}.", "Prosimy poprawić liczbę.")
        return Parsed(float(number) if question.decimals else int(number))

    def fields(self, question: Question, value: Value) -> dict[str, list[str]]:
        return {question.id: [format(Decimal(repr(value)), "f").replace(".", ",")]}


def bounds_told(question: Question) -> str:
    """ "od 0 do 100", "najmniej 0", "najwyżej 100", or nothing."""
    low, high = (_told(bound) for bound in (question.minimum, question.maximum))
    if low and high:
        return f"od {low} do {high}"
    return f"najmniej {low}" if low else (f"najwyżej {high}" if high else "")


def _exact(bound: float | None) -> Decimal | None:
    return None if bound is None else Decimal(repr(bound))


def _told(bound: float | None) -> str:
    return "" if bound is None else format(Decimal(repr(bound)), "f").removesuffix(".0").replace(".", ",")


class Day(AnswerHandler):
    """A date: 2026-11-21 as a browser's control sends it, or 21.11.2026 as a person types it."""

    macro: ClassVar[str] = "day"
    projection: ClassVar[tuple[str, ...]] = ("choice",)

    def _read(self, question: Question, form: Fields) -> Parsed:
        typed = single(form, question.id).strip()
        if not typed:
            return Parsed()
        day = _day(typed)
        if day is None:
            return _fault(
                question, "date.form", "nie ma takiej daty.", "Prosimy wpisać ją np. tak: 21.11.2026."
            )
        if not EARLIEST <= day.year <= LATEST:
            return _fault(
                question, "date.year", f"rok {day.year} wygląda na pomyłkę.", "Prosimy go sprawdzić."
            )
        return Parsed(day.isoformat())


def _day(typed: str) -> dt.date | None:
    found = _DAY.fullmatch(typed)
    if not found:
        return None
    year, month, day = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _fault(question: Question, code: str, message: str, hint: str) -> Parsed:
    return Parsed(faults=(Fault(code, question.id, f"{name_of(question)}: {message}", hint),))
