"""What staff forms share: clean texts, a moment in Warsaw's time, and faults of a use case put beside their fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, Form, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, StopValidation

from survey_app import polish
from survey_app.errors import Fault
from survey_app.forms.day import read_day

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?")
# The last two code points of each plane stand for nothing, and no document may hold them.
_NO_SIGNS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef{_NO_SIGNS}]")
# Word copies the break of a line and of a page as control characters.
_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")


def one_line(text: str | None) -> str:
    """Spaces tidied, so that a pasted line break does not become part of a name."""
    return " ".join((text or "").split())


def many_lines(text: str | None) -> str:
    """Line breaks as one character, also those that a word processor copies; no blanks around the whole."""
    return _LINE_BREAKS.sub("\n", text or "").strip()


class StaffForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """Base of all staff forms: WTForms' own messages in Polish, too."""

    class Meta:
        locales = ("pl_PL", "pl")


class NoControlCharacters:
    """Control characters come from broken copies of documents and would break files and letters."""

    def __call__(self, _form: Form, field: Field) -> None:
        if _CONTROL.search(field.data or ""):
            raise ValidationError("Tekst zawiera niewidoczne znaki sterujące. Prosimy wpisać go ręcznie.")


class SomethingTyped(InputRequired):  # type: ignore[misc]  # WTForms ships no types
    """As its base, but blanks are nothing: a field that is optional by itself would take them for a missing value."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.raw_data and isinstance(field.raw_data[0], str) and not field.raw_data[0].strip():
            field.errors = []
            raise StopValidation(self.message)
        super().__call__(form, field)


def required(message: str) -> InputRequired:
    """Something must be typed; the message says what."""
    return SomethingTyped(message)


def at_most(length: int) -> Length:
    """A limit that names itself."""
    return Length(max=length, message=f"Najwyżej {length} znaków. Prosimy skrócić.")


def options(pairs: Iterable[tuple[str, str]], hints: Mapping[str, str] | None = None) -> list[SelectChoice]:
    """Value and label pairs as WTForms takes them; a hint stands under its option."""
    return [
        SelectChoice(value, label, {"hint": (hints or {})[value]} if value in (hints or {}) else {})
        for value, label in pairs
    ]


class MomentField(Field):  # type: ignore[misc]  # WTForms ships no types
    """A day and a time of the clock in Poland, in two controls: `<name>_date` and `<name>_time`.

    `data` is an aware datetime in UTC, or None. What was typed stays in `day_text` and `time_text`.
    """

    day_text = ""
    time_text = ""

    @property
    def moment(self) -> dt.datetime:
        """The moment of a form that was found right."""
        if self.data is None:
            raise ValueError("the form was not validated")
        return self.data

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002  (WTForms hands it in)
        self.process_errors, self.data, self.object_data = [], None, data
        if formdata is not None and f"{self.name}_date" in formdata:
            self.day_text = (formdata.get(f"{self.name}_date") or "").strip()
            self.time_text = (formdata.get(f"{self.name}_time") or "").strip()
        elif isinstance(data, dt.datetime):
            local = data.astimezone(polish.WARSAW)
            self.day_text, self.time_text = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
        try:
            self.data = warsaw_moment(self.day_text, self.time_text)
        except ValueError as error:
            message = str(error)
            self.process_errors = [f"{self.label.text}: {message[0].lower()}{message[1:]}"]


def warsaw_moment(day_text: str, time_text: str) -> dt.datetime:
    """The moment at which clocks in Poland show this, in UTC. ValueError in Polish: no day, no time, a time that
    does not exist or exists twice because clocks change.
    """
    naive = dt.datetime.combine(_day(day_text), read_time(time_text))
    early = naive.replace(tzinfo=polish.WARSAW, fold=0)
    late = naive.replace(tzinfo=polish.WARSAW, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(dt.UTC)
    if early.astimezone(dt.UTC).astimezone(polish.WARSAW).replace(tzinfo=None) != naive:
        raise ValueError(
            f"{polish.date(naive.date())} nie ma godziny {naive:%H:%M}: zegary są wtedy przestawiane o godzinę"
            " do przodu. Prosimy wybrać inną godzinę."
        )
    raise ValueError(
        f"{polish.date(naive.date())} godzina {naive:%H:%M} jest dwa razy: zegary są wtedy cofane o godzinę."
        " Prosimy wybrać godzinę sprzed 2:00 albo od 3:00."
    )


def put_faults(form: Form, faults: Iterable[Fault]) -> list[str]:
    """Puts each fault beside the field that it names; returns the messages that belong to no field."""
    rest = []
    for fault in faults:
        message = f"{fault.message} {fault.hint}".strip()
        if fault.where in form:
            field = form[fault.where]
            field.errors = [*field.errors, message]
        else:
            rest.append(message)
    return rest


def _day(text: str) -> dt.date:
    if not text:
        raise ValueError("Prosimy podać dzień.")
    return read_day(text)


def read_time(text: str) -> dt.time:
    """ "14:05", "9.30". ValueError in Polish."""
    if not text:
        raise ValueError("Prosimy podać godzinę.")
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("Nie ma takiej godziny. Prosimy wpisać ją w postaci 14:05.")
    return dt.time(int(found[1]), int(found[2]))
