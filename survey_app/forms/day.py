"""The day of every staff form: typed as people write it, or picked; one that is none says how to write it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from wtforms import DateField
from wtforms.validators import Optional
from wtforms.widgets import DateInput

NO_SUCH_DAY = "Nie ma takiego dnia. Prosimy wpisać go w postaci 21.11.2026."
YEARS = (2000, 2100)
FORMS = ("%Y-%m-%d", "%d.%m.%Y")


def read_day(text: str, years: tuple[int, int] = YEARS) -> dt.date:
    """2026-11-21 or 21.11.2026, in a year from the first to the last of `years`. ValueError in Polish: no such day."""
    for form in FORMS:
        try:
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007  (a day has no time zone)
        except ValueError:
            continue
        if years[0] <= day.year <= years[1]:
            return day
    raise ValueError(NO_SUCH_DAY)


class _DayInput(DateInput):  # type: ignore[misc]  # WTForms ships no types
    """A browser's own field of a day shows nothing of what is no day: that is shown as a text, and nothing is lost."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        if field.raw_data and field.data is None:
            attributes["type"] = "text"
        return super().__call__(field, **attributes)


class Day(DateField):  # type: ignore[misc]  # WTForms ships no types
    """`data`: a day, or None where nothing was typed. It may stay empty unless a validator says otherwise."""

    data: Any
    raw_data: Any
    widget = _DayInput()

    def __init__(
        self, label: str, validators: Sequence[Any] = (), *, years: tuple[int, int] = YEARS, **options: Any
    ) -> None:
        super().__init__(label, [*validators, Optional()], format=list(FORMS), **options)
        self.years = years

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = " ".join(" ".join(valuelist).split())
        self.data = None
        if not typed:
            self.raw_data = []  # blanks are nothing, also for a validator that asks for something
            return
        self.data = read_day(typed, self.years)
