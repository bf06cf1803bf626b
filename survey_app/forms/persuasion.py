"""The form of the scenariusz oddziaływań: whom, what, until when, who."""

from __future__ import annotations

from typing import ClassVar

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line

STAKEHOLDER, SECTOR = "i", "s"  # what a box stands for: "i-12", "s-edukacja"
GOAL_LENGTH = 200


class Asked:
    """Marks a field as one that has to be filled in; the use case tells what is missing, all at once."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Nothing is missing here."""


class PlanForm(StaffForm):
    """Names of fields are the fault places of `persuasion.plan`."""

    who = SelectMultipleField("Kogo dotyczy", validate_choice=False)
    kind = SelectField("Rodzaj działania", default="rozmowa")
    goal = StringField(
        "Cel",
        [Asked(), at_most(GOAL_LENGTH), NoControlCharacters()],
        filters=[one_line],
        default="Przekonać do udziału w partnerstwie",
        description="Wspólny dla wszystkich zaznaczonych. Bez nazwisk.",
    )
    due_on = Day("Do kiedy", [Asked()])
    person_id = SelectField("Kto odpowiada", default="")
    argument = SelectField("Argument", default="")
    barrier = SelectField("Bariera osób, o której będzie mowa", default="")
    knowledge = SelectField("Co przeszkadza w przepływie wiedzy", default="")
    again = BooleanField("Utwórz także tam, gdzie jest już działanie w toku albo w planie")

    @property
    def stakeholder_ids(self) -> list[int]:
        return [int(value) for value in self._chosen(STAKEHOLDER) if value.isdecimal() and len(value) < 19]

    @property
    def sectors(self) -> list[str]:
        return self._chosen(SECTOR)

    def _chosen(self, kind: str) -> list[str]:
        pairs = [value.partition("-") for value in self.who.data or ()]
        return [value for found, _, value in pairs if found == kind]
