"""What was typed into a paper, as Polish words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from survey_app import polish
from survey_app.instrument.model import AnswerType, Question
from survey_app.instrument.paper_model import Column, ColumnType
from survey_app.instrument.routing import is_given
from survey_app.instrument.values import Value

MOST_DECIMALS = 6


def words_of(question: Question, value: Value | None) -> list[str]:
    """The answer's lines, without blank ones at its ends; none for what was not answered.

    What does not fit the question (it was another one when it was filled in) is given as it is.
    """
    if value is None or not is_given(value):
        return []
    if isinstance(value, list):
        return [" ".join(text.split()) for text in value if text.strip()]
    if isinstance(value, dict):
        return [_choice(question, value)]
    if isinstance(value, str):
        return [day_in_words(value)] if question.type is AnswerType.DATE else _lines(value)
    if question.type is AnswerType.SCALE and question.scale and value in question.scale.anchors:
        return [f"{polish.whole(int(value))} ({question.scale.anchors[int(value)]})"]
    return [number_in_words(str(value), question.decimals)]


def _choice(question: Question, value: dict[str, str]) -> str:
    label = next((one.label for one in question.options if one.id == value["option"]), value["option"])
    text = " ".join(value.get("text", "").split())
    return f"{label}: {text}" if text else label


def cell_words(column: Column, text: str) -> list[str]:
    """A cell's lines."""
    text = text.strip()
    if column.type is ColumnType.DATE:
        day = _day(text)
        return [polish.date_short(day)] if day else _lines(text)
    if column.type is ColumnType.NUMBER:
        return [number_in_words(text)] if text else []
    return _lines(text)


def day_in_words(text: str) -> str:
    """ "2026-11-21" -> "21 listopada 2026"; anything else stays."""
    day = _day(text)
    return polish.date(day).replace(" ", polish.NBSP, 1) if day else " ".join(text.split())


def number_in_words(text: str, places: int = 0) -> str:
    """With a decimal comma and no fewer digits than were typed; what is no number stays."""
    try:
        number = Decimal(text.replace(",", ".").replace(polish.NBSP, "").replace(" ", ""))
        typed = -int(number.normalize().as_tuple().exponent) if number.is_finite() else MOST_DECIMALS + 1
    except (InvalidOperation, ValueError):
        return " ".join(text.split())
    if typed > MOST_DECIMALS or abs(number) >= 10**12:
        return " ".join(text.split())
    shown = max(typed, places, 0)
    return polish.decimal(float(number), shown) if shown else polish.whole(int(number))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _lines(text: str) -> list[str]:
    """Without blank lines at the ends; inside one stays where any stood."""
    lines: list[str] = []
    for line in (line.strip() for line in text.strip().splitlines()):
        if line or lines[-1:] != [""]:
            lines.append(line)
    return lines
