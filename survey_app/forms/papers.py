"""Forms around a paper: agreement, which of two versions stays."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line, options

KEEP_NEWEST, KEEP_OTHER = "newest", "other"
SAID_LENGTH = 300


class AgreeForm(StaffForm):
    """`number`: the version that the page showed; the fault place of the use case is `agreed_on`."""

    number = HiddenField(default="0")
    agreed_on = Day(
        "Dzień uzgodnienia",
        [InputRequired("Prosimy podać dzień, w którym zespół uzgodnił pismo.")],
        description="Dzień spotkania albo obiegu, w którym zespół przyjął tę treść.",
    )


class SettlingForm(StaffForm):
    """`base`: the newest version that the page showed."""

    base = HiddenField(default="0")
    keep = RadioField("Która wersja zostaje", choices=[], validate_choice=False)
    said = StringField(
        "Co powiedzieć o tym wyborze",
        [at_most(SAID_LENGTH), NoControlCharacters()],
        description="Zostanie w historii pisma.",
        filters=[one_line],
    )

    def offer(self, newest: int, other: int) -> None:
        self.keep.choices = options([(KEEP_NEWEST, f"Wersja {newest}"), (KEEP_OTHER, f"Wersja {other}")])

    def validate_keep(self, field: RadioField) -> None:
        if field.data not in (KEEP_NEWEST, KEEP_OTHER):
            raise ValidationError("Prosimy wybrać jedną z dwóch wersji.")
