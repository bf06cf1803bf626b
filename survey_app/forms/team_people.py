"""Forms of the team's people: a new member, and the institutions that a person represents."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import EmailField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line, options, required


class MemberForm(StaffForm):
    """Names of fields are the fault places of `team_people.add_member`."""

    name = StringField(
        "Imię i nazwisko",
        [required("Prosimy podać imię i nazwisko."), at_most(200), NoControlCharacters()],
        filters=[one_line],
    )
    email = EmailField(
        "Adres e-mail",
        [required("Prosimy podać adres e-mail."), at_most(254)],
        description=(
            "Służy do logowania. Nowa osoba dostanie odnośnik, którym sama ustawi hasło. Kto ma już konto, zachowuje"
            " swoje hasło i nazwisko."
        ),
        filters=[lambda text: (text or "").strip()],
    )


def _number(value: object) -> int:
    """What is no number names nothing in any catalogue."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else 0


class RepresentationForm(StaffForm):
    """Which entries of the catalogue the person represents; several, or none."""

    stakeholder_ids = SelectMultipleField(
        "Instytucje, które ta osoba reprezentuje",
        coerce=_number,
        choices=[],
        validate_choice=False,  # the use case says what is not in the catalogue
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, entries: Iterable[tuple[int, str]]) -> None:
        self.stakeholder_ids.choices = options((str(number), name) for number, name in entries)
