"""The form for who answers for the gmina's personal data."""

from __future__ import annotations

from wtforms import StringField

from survey_app.forms.staff_fields import NoControlCharacters, StaffForm, at_most, one_line


class ControllerForm(StaffForm):
    """Names of fields are the fault places of `controller.keep`; each may stay empty until it is known."""

    name = StringField(
        "Administrator danych",
        [at_most(300), NoControlCharacters()],
        filters=[one_line],
        description="Na przykład: Wójt Gminy Godziszów.",
    )
    address = StringField("Adres", [at_most(300), NoControlCharacters()], filters=[one_line])
    contact = StringField("E-mail i telefon", [at_most(300), NoControlCharacters()], filters=[one_line])
    dpo = StringField(
        "Inspektor ochrony danych",
        [at_most(300), NoControlCharacters()],
        filters=[one_line],
        description="Imię i nazwisko albo stanowisko, e-mail.",
    )
    task = StringField(
        "Podstawa zadania",
        [at_most(500), NoControlCharacters()],
        filters=[one_line],
        description="Przepis albo uchwała, na której opiera się praca zespołu.",
    )
    processor = StringField(
        "Kto prowadzi serwis",
        [at_most(500), NoControlCharacters()],
        filters=[one_line],
        description="Nazwa i adres podmiotu, z którym gmina zawarła umowę powierzenia danych.",
    )
