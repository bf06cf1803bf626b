"""The form of an offer that answers a need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import SelectField, StringField, TextAreaField

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    required,
)

NAME, TERMS = 200, 2_000


class OfferForm(StaffForm):
    """Names of fields are those of `OfferDraft`."""

    stakeholder_id = SelectField(
        "Kto oferuje", [required("Prosimy wybrać instytucję.")], choices=[], validate_choice=False
    )
    name = StringField(
        "Co może udostępnić",
        [required("Prosimy wpisać, co instytucja może udostępnić."), at_most(NAME), NoControlCharacters()],
        description="Na przykład: sala na 20 osób. Bez nazwisk.",
        filters=[one_line],
    )
    kind = SelectField("Rodzaj", choices=[], validate_choice=False)
    terms = TextAreaField(
        "Warunki",
        [at_most(TERMS), NoControlCharacters()],
        description="Kto odpowiada, czego instytucja oczekuje w zamian.",
        filters=[many_lines],
    )
    first = Day("Dostępne od")
    last = Day("Dostępne do", description="Puste znaczy bez końca.")

    def offer(self, institutions: Iterable[tuple[str, str]], kinds: Mapping[str, str]) -> None:
        """What can be chosen."""
        self.stakeholder_id.choices = [("", "wybierz"), *institutions]
        self.kind.choices = list(kinds.items())
