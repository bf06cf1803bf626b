"""Forms of the Gminny Katalog Interesariuszy."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import EmailField, Form, RadioField, SelectField, StringField, TextAreaField

from survey_app.forms.staff_fields import NoControlCharacters, at_most, many_lines, one_line, required

TYPES = (
    ("", "jeszcze nie wiadomo"),
    ("A", "A – reintegracja jest głównym celem"),
    ("B", "B – reintegracja jest jednym z celów"),
    ("C", "C – reintegracja nie jest celem, ale są usługi, z których mogą korzystać jej uczestnicy"),
)


class StakeholderForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """One institution, firm or person. Names of fields are those of `StakeholderDraft`."""

    name = StringField(
        "Nazwa",
        [required("Prosimy podać nazwę."), at_most(300), NoControlCharacters()],
        filters=[one_line],
    )
    sector = SelectField("Sektor", [required("Prosimy wybrać sektor.")], validate_choice=True)
    internal = RadioField(
        "Położenie",
        choices=[("1", "wewnętrzny – działa w gminie"), ("0", "zewnętrzny – działa spoza gminy")],
        default="1",
    )
    stakeholder_type = RadioField("Typ ustawowy", choices=TYPES, default="")
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
        self.sector.choices = [("", "– wybierz –"), *labels.items()]
