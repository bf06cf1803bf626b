"""Forms of a meeting: who is present, a motion, its votes, its close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from survey_app.forms.agreement import CHOICES
from survey_app.forms.interviews import whole_number
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    options,
    required,
)

LONGEST_TEXT, LONGEST_NOTE = 3_000, 3_000
NAMED, COUNTED = "named", "counted"
NO_VOTE = "none"  # a vote that is taken back
VOTE = "glos-"  # before the id of a seat; also the place of a fault
SEAT_CHOICES = tuple((vote, "wstrzymuje się" if vote == "abstained" else words) for vote, words in CHOICES)


def read_ids(texts: Iterable[str]) -> set[int]:
    """Ids of seats as they were sent; what is no number names nothing."""
    return {number for one in texts if (number := whole_number(one))}


def read_votes(fields: Mapping[str, str]) -> dict[int, str]:
    """Seat id -> vote, of the seats for which one was chosen."""
    return {
        whole_number(name.removeprefix(VOTE)): vote
        for name, vote in fields.items()
        if name.startswith(VOTE) and vote
    }


class MotionForm(StaffForm):
    """The fault place of the use case is `text`."""

    text = TextAreaField(
        "Wniosek",
        [
            required("Prosimy napisać, nad czym zespół głosuje."),
            at_most(LONGEST_TEXT),
            NoControlCharacters(),
        ],
        filters=[many_lines],
        description="Pełną treścią, bo w tym brzmieniu trafi do protokołu.",
    )
    kind = RadioField(
        "Jak zespół głosuje",
        choices=options(
            [(NAMED, "Imiennie"), (COUNTED, "Tylko liczby")],
            {
                NAMED: "Przy każdym miejscu zapisuje się jego głos; widzi je cały zespół.",
                COUNTED: "Zapisuje się trzy liczby: za, przeciw, wstrzymało się. Kto jak głosował, serwis nie wie.",
            },
        ),
        validate_choice=False,
    )

    def validate_kind(self, field: RadioField) -> None:
        if field.data not in (NAMED, COUNTED):
            raise ValidationError("Prosimy wybrać, jak zespół głosuje nad tym wnioskiem.")


def _note() -> TextAreaField:
    return TextAreaField(
        "Zdanie odrębne i uwagi",
        [at_most(LONGEST_NOTE), NoControlCharacters()],
        filters=[many_lines],
        description="Trafi do protokołu. Nazwisko wpisujcie tylko, jeśli ta osoba sama tego chce.",
    )


def _sure() -> BooleanField:
    return BooleanField(
        "Wynik jest sprawdzony. Wiem, że zamkniętego głosowania nie można zmienić.",
        [InputRequired("Prosimy sprawdzić wynik i to zaznaczyć.")],
    )


def _count(label: str) -> IntegerField:
    """Its messages name it: the summary of faults lists three such fields."""
    message = f"{label}: prosimy wpisać liczbę głosów, także 0."
    return IntegerField(
        label,
        [required(message), NumberRange(0, 999, message=message)],
        render_kw={"inputmode": "numeric", "min": "0"},
    )


class CloseForm(StaffForm):
    """Of a vote by name: the numbers follow from the votes."""

    note = _note()
    sure = _sure()


class CountedCloseForm(StaffForm):
    """Of a vote by counts alone; fault places of the use case are those of the fields."""

    votes_for = _count("Za")
    against = _count("Przeciw")
    abstained = _count("Wstrzymało się")
    note = _note()
    sure = _sure()


class ChangeForm(StaffForm):
    """Another vote of a seat. `was`: the one that the person saw."""

    was = HiddenField(default="")
    vote = RadioField(
        "Nowy głos",
        choices=options([*SEAT_CHOICES, (NO_VOTE, "brak głosu (zapisano go przez pomyłkę)")]),
        validate_choice=False,
    )

    def validate_vote(self, field: RadioField) -> None:
        if field.data not in {*dict(SEAT_CHOICES), NO_VOTE}:
            raise ValidationError("Prosimy wybrać głos albo brak głosu.")
