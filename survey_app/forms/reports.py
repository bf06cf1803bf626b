"""Forms of the diagnoza: what the team writes into it, its publication, its withdrawal."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField

from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    required,
)

LONGEST_TEXT = 10_000
LONGEST_NOTE = 500


class ReportTextForm(StaffForm):
    """`revision`: of the text that the page knew; `seen`: checksum of the sentences that it showed."""

    revision = HiddenField(default="0")
    seen = HiddenField(default="")
    text = TextAreaField(
        "Tekst",
        [
            required("Prosimy wpisać tekst."),
            at_most(LONGEST_TEXT),
            NoControlCharacters(),
        ],
        description="Każdy wiersz to akapit. Wiersz zaczęty od „- ” jest punktem listy, od „1. ” – numerowanym. "
        f"Najwyżej {LONGEST_TEXT} znaków. Tekst będzie w obu wydaniach, także w publicznym.",
        filters=[many_lines],
    )


class RestoreForm(StaffForm):
    """`revision`: of the text that goes."""

    revision = HiddenField(default="0")


class PublishForm(StaffForm):
    note = StringField(
        "Uwaga do publikacji",
        [at_most(LONGEST_NOTE), NoControlCharacters()],
        description="Na przykład gdzie raport opublikowano albo co poprawiono. Zostanie w historii wersji.",
        filters=[one_line],
    )


class WithdrawForm(StaffForm):
    reason = StringField(
        "Powód",
        [required("Prosimy podać powód."), at_most(LONGEST_NOTE), NoControlCharacters()],
        description="Zostanie w historii wersji, także w tej dla BIP.",
        filters=[one_line],
    )
