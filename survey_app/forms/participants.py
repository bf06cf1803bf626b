"""Forms of consent and personal data of those who speak in an interview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf

from survey_app.forms.day import Day
from survey_app.forms.staff_fields import (
    MomentField,
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)
from survey_app.instrument.model import AnswerType, Question

YES, NO, NOT_ASKED = "tak", "nie", "nie-zapytano"


class ConsentForm(StaffForm):
    """`base`: the revision of the consent that the page knew."""

    base = HiddenField(default="0")
    agreed = RadioField(
        "Odpowiedź na pytanie pierwsze",
        [required("Prosimy zaznaczyć odpowiedź."), AnyOf([YES, NO], "Prosimy zaznaczyć odpowiedź.")],
        choices=options([(YES, "Zgadza się na rozmowę i notatki"), (NO, "Nie zgadza się")]),
        validate_choice=False,
    )
    evidence = RadioField(
        "Odpowiedź na pytanie drugie",
        choices=options(
            [
                (YES, "Zdanie może być podstawą kodu instytucji"),
                (NO, "Zdanie nie może być podstawą kodu"),
                (NOT_ASKED, "Nie zapytano"),
            ],
        ),
        default=NOT_ASKED,
        validate_choice=False,
    )
    at = MomentField("Kiedy osoba odpowiedziała")


class RetentionForm(StaffForm):
    retain_until = Day("Dzień usunięcia", [required("Prosimy podać dzień.")])


class WithdrawalForm(StaffForm):
    personal_data = BooleanField("Usuń także dane osobowe tej osoby i ich klucz")


class PersonalForm(StaffForm):
    """`version`: what the page knew. Fields of the scenario stand beside, under `field_name`."""

    version = HiddenField(default="")
    name = StringField("Imię i nazwisko", [at_most(200), NoControlCharacters()], filters=[one_line])
    contact = TextAreaField(
        "Kontakt",
        [at_most(500), NoControlCharacters()],
        description="Np. telefon albo adres e-mail, żeby umówić rozmowę albo przesłać podsumowanie.",
        filters=[many_lines],
    )

    @property
    def typed_fields(self) -> dict[str, str]:
        """By question."""
        return {
            field.name.removeprefix(PREFIX): field.data or ""
            for field in self
            if field.name.startswith(PREFIX)
        }


PREFIX = "pole_"


def field_name(question_id: str) -> str:
    return PREFIX + question_id


def personal_form(questions: Sequence[Question]) -> type[PersonalForm]:
    """With a field for each of the scenario's questions about the person; all of them may stay empty."""
    fields: dict[str, Any] = {field_name(question.id): _field(question) for question in questions}
    return type("PersonalFormOfScenario", (PersonalForm,), fields)


def _field(question: Question) -> Any:
    if question.options:
        choices = [(option.id, option.label) for option in question.options]
        return RadioField(
            question.text,
            choices=options([*choices, ("", "nie wpisano")]),
            default="",
            validate_choice=False,
        )
    longest = 9 if question.type is AnswerType.NUMBER else question.max_length
    return StringField(
        question.text,
        [at_most(longest), NoControlCharacters()],
        description=question.help or "",
        filters=[one_line],
        render_kw={"inputmode": "numeric"} if question.type is AnswerType.NUMBER else {},
    )
