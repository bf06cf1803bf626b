"""The forms of the process: a path, what the team says of a step, a region's own variant."""

from __future__ import annotations

from wtforms import FileField, HiddenField, RadioField, SelectField, TextAreaField

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    options,
    required,
)


class PathForm(StaffForm):
    """The fault place of `process.choose_path` is `path`. `revision`: of what the person saw."""

    revision = HiddenField(default="0")
    path = RadioField(
        "Ścieżka", [required("Prosimy wybrać ścieżkę: od niej zależy, które kroki idą najpierw.")]
    )


class StepForm(StaffForm):
    """Names of fields are the fault places of `process.save_step`. `revision`: of what the person saw."""

    state = RadioField(
        "Stan",
        choices=options(
            [
                ("open", "Według tego, co widzi serwis"),
                ("doing", "W toku"),
                ("done", "Zrobione"),
                ("skipped", "Pomijamy"),
            ],
            {"open": "Nie trzeba nic zapisywać: krok jest zrobiony, gdy niczego w nim nie brakuje."},
        ),
    )
    reason = TextAreaField(
        "Powód pominięcia",
        [at_most(2_000), NoControlCharacters()],
        filters=[many_lines],
        description="Potrzebny tylko wtedy, gdy zespół pomija ten krok.",
    )
    person_id = SelectField("Kto odpowiada", coerce=lambda value: str(value or ""), default="")
    due_on = Day("Do kiedy")
    note = TextAreaField("Uwagi", [at_most(2_000), NoControlCharacters()], filters=[many_lines])
    revision = HiddenField()


class VariantForm(StaffForm):
    content = FileField("Plik YAML z procesem")
