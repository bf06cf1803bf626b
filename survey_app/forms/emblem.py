"""The form with which the coordinator uploads the gmina's herb, or gives it another alternative text."""

from __future__ import annotations

from wtforms import FileField, StringField

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line, required


class EmblemForm(StaffForm):
    """Names of fields are the fault places of `emblems.keep`. A browser never sends a file back to the form."""

    content = FileField("Plik z herbem")
    alt_text = StringField(
        "Tekst alternatywny",
        [
            required("Prosimy wpisać tekst alternatywny: usłyszy go osoba, która nie widzi herbu."),
            at_most(200),
            NoControlCharacters(),
        ],
        description="Usłyszy go osoba, która czyta raport z czytnikiem ekranu.",
        filters=[one_line],
    )
