"""Forms of the Gminny Katalog Interesariuszy."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField

from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)

TYPES = (("", "jeszcze nie wiadomo"), ("A", "A"), ("B", "B"), ("C", "C"))
TYPE_HINTS = {
    "A": "Reintegracja jest głównym celem.",
    "B": "Reintegracja jest jednym z celów.",
    "C": "Reintegracja nie jest celem, ale są usługi, z których mogą korzystać jej uczestnicy.",
}
PLACES = (("1", "wewnętrzny"), ("0", "zewnętrzny"))
PLACE_HINTS = {"1": "Działa w gminie.", "0": "Działa spoza gminy."}


class StakeholderForm(StaffForm):
    """One institution, firm or person. Names of fields are those of `StakeholderDraft`."""

    name = StringField(
        "Nazwa",
        [required("Prosimy podać nazwę."), at_most(300), NoControlCharacters()],
        filters=[one_line],
    )
    sector = SelectField("Sektor", [required("Prosimy wybrać sektor.")], choices=[])
    internal = RadioField(
        "Położenie",
        choices=options(PLACES, PLACE_HINTS),
        default="1",
    )
    stakeholder_type = RadioField("Typ ustawowy", choices=options(TYPES, TYPE_HINTS), default="")
    address = StringField(
        "Adres",
        [at_most(300), NoControlCharacters()],
        description="Potrzebny tylko do listów z zaproszeniem.",
        filters=[one_line],
    )
    note = TextAreaField("Uwagi", [at_most(2000), NoControlCharacters()], filters=[many_lines])
    contact_name = StringField("Osoba do kontaktu", [at_most(200), NoControlCharacters()], filters=[one_line])
    contact_email = EmailField("E-mail do kontaktu", [at_most(254)], filters=[one_line])
    contact_phone = StringField(
        "Telefon do kontaktu", [at_most(40), NoControlCharacters()], filters=[one_line]
    )

    def offer_sectors(self, labels: Mapping[str, str]) -> None:
        """The sectors come from the ankieta's file."""
        self.sector.choices = options([("", "– wybierz –"), *labels.items()])
