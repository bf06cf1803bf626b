"""The page that shows every part of the design system, for those who build pages and those who review them."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, render_template
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from survey_app.errors import Fault
from survey_app.web.access import public

styleguide = Blueprint("styleguide", __name__)

STYLE_SHEET = Path(__file__).parent / "static" / "css" / "app.css"
_COLOUR = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})")


class ExampleForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """One field of each kind that staff forms use; rendered by the `wtf` macro."""

    person = StringField("Imię i nazwisko", [InputRequired("Podaj imię i nazwisko.")])
    email = EmailField("Adres e-mail", description="Tylko do logowania.")
    password = PasswordField("Hasło", [InputRequired("Podaj hasło.")])
    threshold = IntegerField("Najmniejsza komórka k", [InputRequired(), NumberRange(3, 10)], default=3)
    closes = DateTimeLocalField("Koniec ankiety", description="Czas polski, z dokładnością do minuty.")
    sector = SelectField(
        "Sektor", choices=[SelectChoice("kultura", "Kultura"), SelectChoice("edukacja", "Edukacja")]
    )
    mode = RadioField(
        "Tryb",
        choices=[
            SelectChoice("anonymous", "Anonimowa", {"hint": "Nic nie łączy odpowiedzi z instytucją."}),
            SelectChoice("named", "Imienna"),
        ],
        default="anonymous",
    )
    kinds = SelectMultipleField(
        "Rodzaje instytucji", choices=[SelectChoice("a", "Typ A"), SelectChoice("b", "Typ B")], default=["a"]
    )
    notice = TextAreaField("Informacja z art. 13 RODO")
    catalogue = FileField("Plik z katalogiem", description="CSV albo XLSX.")
    example = BooleanField("To są dane przykładowe")


def palette() -> list[tuple[str, str]]:
    """Names and values of the light palette, in the order of the style sheet."""
    root = STYLE_SHEET.read_text(encoding="utf-8").split(":root", 2)[1]
    return _COLOUR.findall(root.split("}", 1)[0])


def faulty_form() -> ExampleForm:
    """The example form after a person sent it empty."""
    form = ExampleForm(prefix="zle-")
    form.validate()
    return form


@styleguide.get("/styleguide")
@public
def show() -> str:
    """Every part, with the words and faults a real page could carry."""
    faults = [
        Fault("za_dlugo", "opis", "Opis ma 512 znaków, a może mieć najwyżej 500.", "Skróć go."),
        Fault("brak", "tryb", "Wybierz tryb ankiety."),
    ]
    return render_template(
        "styleguide.html",
        palette=palette(),
        example=ExampleForm(),
        faulty=faulty_form(),
        sample_faults=faults,
    )
