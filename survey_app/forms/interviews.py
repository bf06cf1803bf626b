"""Forms of the plan of interviews, and the reading of its rows of seats: `instytucja-A`, `rola-A`, and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from survey_app.errors import Fault
from survey_app.forms.day import Day
from survey_app.forms.staff_catalogue import Checkboxes
from survey_app.forms.staff_fields import (
    MomentField,
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)

LONGEST_REASON = 500
OUTSIDE = "0"  # in the list of institutions: nobody's of the catalogue


def whole_number(value: object) -> int:
    """What is no number names nothing."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True)
class TypedSeat:
    """One row as it was sent. `stakeholder`: an id, OUTSIDE, or "" for nothing chosen; `role`: a key, or ""."""

    letter: str
    stakeholder: str = ""
    role: str = ""

    @property
    def taken(self) -> bool:
        """A row in which nothing was chosen is a free one."""
        return bool(self.stakeholder or self.role)


def read_seats(letters: str, fields: Mapping[str, str]) -> list[TypedSeat]:
    """The rows that were sent, free ones, too, in the order of their letters."""
    return [
        TypedSeat(
            letter,
            _number_text(fields.get(f"instytucja-{letter}", "")),
            fields.get(f"rola-{letter}", "")[:20],
        )
        for letter in letters
        if f"instytucja-{letter}" in fields or f"rola-{letter}" in fields
    ]


def with_free_rows(letters: str, seats: Sequence[TypedSeat], wanted: int) -> list[TypedSeat]:
    """As many rows as are wanted, from the first letter on without a gap, as far as letters go."""
    last = max((letters.index(seat.letter) + 1 for seat in seats), default=0)
    typed = {seat.letter: seat for seat in seats}
    return [typed.get(letter, TypedSeat(letter)) for letter in letters[: max(wanted, last)]]


def _number_text(text: str) -> str:
    return str(whole_number(text)) if text else ""


class InterviewForm(StaffForm):
    """Names of fields are those of `InterviewDraft`; the seats are read by `read_seats`.

    `revision`: the one that the page knew. `seat_faults`: of rows of seats, by the id of the control (`rola-A`).
    """

    seat_faults: Sequence[Fault] = ()
    revision = HiddenField(default="0")
    starts_at = MomentField("Termin")
    minutes = IntegerField(
        "Czas (w minutach)",
        [
            InputRequired("Prosimy podać czas w minutach."),
            NumberRange(1, 600, "Wywiad trwa od 1 do 600 minut. Prosimy poprawić liczbę."),
        ],
    )
    place = StringField(
        "Miejsce",
        [at_most(300), NoControlCharacters()],
        description="Np. „Świetlica w Godziszowie, sala 2”. Trafia do kalendarza, więc bez nazwisk.",
        filters=[one_line],
    )
    video_link = URLField(
        "Adres rozmowy wideo",
        [at_most(500), NoControlCharacters()],
        description="Jeśli wywiad jest na odległość. Widzą go tylko moderator i koordynator.",
        filters=[one_line],
    )
    moderator_id = SelectField("Moderator", coerce=whole_number, validate_choice=False, choices=[])
    project_title = StringField(
        "Tytuł projektu",
        [at_most(300), NoControlCharacters()],
        description=(
            "Bez cudzysłowu. Moderator czyta go rozmówcy przed zgodą; bez niego nie ma pełnych słów zgody."
        ),
        filters=[one_line],
    )
    note = TextAreaField(
        "Notatka organizacyjna",
        [at_most(2000), NoControlCharacters()],
        description="Np. „klucz u sołtysa”. Prosimy nie wpisywać nazwisk ani telefonów uczestników.",
        filters=[many_lines],
    )
    departure_reason = TextAreaField(
        "Powód odstępstwa",
        [at_most(LONGEST_REASON), NoControlCharacters()],
        description=(
            "Tylko wtedy, gdy liczba osób, czas albo termin odbiegają od metody lub kalendarza."
            " Serwis wtedy o to zapyta."
        ),
        filters=[many_lines],
    )

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        self.moderator_id.choices = options(
            [("0", "jeszcze nie wiadomo"), *((str(number), name) for number, name in people)]
        )


class RevisionForm(StaffForm):
    """A change without words of its own."""

    revision = HiddenField(default="0")


class CancelForm(RevisionForm):
    reason = TextAreaField(
        "Powód",
        [DataRequired("Prosimy napisać powód."), at_most(LONGEST_REASON), NoControlCharacters()],
        filters=[many_lines],
    )


class HeldForm(RevisionForm):
    """Which day it was, and who came; letters of the seats."""

    held_on = Day("Dzień, w którym wywiad się odbył", [required("Prosimy podać dzień.")])
    present = Checkboxes("Kto przyszedł", choices=[], validate_choice=False)
    departure_reason = TextAreaField(
        "Powód odstępstwa",
        [at_most(LONGEST_REASON), NoControlCharacters()],
        description="Tylko wtedy, gdy przyszło mniej albo więcej osób, niż przewiduje metoda.",
        filters=[many_lines],
    )

    def offer(self, seats: Iterable[tuple[str, str]]) -> None:
        self.present.choices = options(seats)
