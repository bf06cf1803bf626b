"""Forms of the administrator about regions: who reads their roll-ups, and keys of the API."""

from __future__ import annotations

from wtforms import BooleanField, StringField, TextAreaField

from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    required,
)
from survey_app.forms.team_people import MemberForm

CODE_HINT = "Cztery cyfry powiatu, dwie województwa albo PL (cały kraj), np. 0605."


def _code(text: str | None) -> str:
    return one_line(text).upper()


class RegionReaderForm(MemberForm):
    """Who reads the roll-ups of a region."""

    region_code = StringField(
        "Kod obszaru",
        [required("Prosimy podać kod obszaru."), at_most(4)],
        description=CODE_HINT,
        filters=[_code],
    )


class ApiKeyForm(StaffForm):
    """A key to the read-only API."""

    label = StringField(
        "Dla kogo jest klucz",
        [required("Prosimy napisać, kto będzie używał klucza."), at_most(120), NoControlCharacters()],
        description="Nazwa instytucji i systemu, nie osoby.",
        filters=[one_line],
    )
    region_code = StringField(
        "Kod obszaru",
        [required("Prosimy podać kod obszaru."), at_most(4)],
        description=CODE_HINT,
        filters=[_code],
    )


class RegionMessageForm(StaffForm):
    """A message of a region to the teams of its gminas."""

    title = StringField(
        "Tytuł",
        [required("Prosimy wpisać tytuł."), at_most(200), NoControlCharacters()],
        filters=[one_line],
    )
    text = TextAreaField(
        "Treść",
        [required("Prosimy wpisać treść."), at_most(5_000), NoControlCharacters()],
        description="Zwykły tekst, bez formatowania; każdy wiersz to akapit. Najwyżej 5000 znaków.",
        filters=[many_lines],
    )
    by_mail = BooleanField("Wyślij też e-mailem do osób z zespołów")
