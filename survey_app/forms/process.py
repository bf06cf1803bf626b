"""The forms of the process: a path, what the team says of a step, a region's own variant."""

from __future__ import annotations

from wtforms import DateField, FileField, HiddenField, RadioField, SelectField, TextAreaField

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, many_lines, options


class PathForm(StaffForm):
    """The fault place of `process.choose_path` is `path`."""

    path = RadioField("Ścieżka")


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
    due_on = DateField("Do kiedy", [], format=["%Y-%m-%d", "%d.%m.%Y"])
    note = TextAreaField("Uwagi", [at_most(2_000), NoControlCharacters()], filters=[many_lines])
    revision = HiddenField()

    def validate(self, *args: object, **kwargs: object) -> bool:
        """A day may stay empty; one that was typed must be a day."""
        typed = (self.due_on.raw_data or [""])[0]
        right = bool(super().validate(*args, **kwargs))
        if self.due_on.errors:
            self.due_on.errors = (
                [] if not typed.strip() else ["Prosimy wpisać dzień, na przykład 30.06.2027."]
            )
            right = not self.errors
        return right


class VariantForm(StaffForm):
    content = FileField("Plik YAML z procesem")
