"""Forms of what people say of a paper and put under it: remarks and their answers, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired

from survey_app.forms.day import Day
from survey_app.forms.staff_catalogue import Checkboxes
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
    required,
)

REMARK_LENGTH = 4_000
WHY_LENGTH = 180
OUTCOMES = {
    "accepted": "uwzględniona",
    "partly": "uwzględniona częściowo",
    "rejected": "nieuwzględniona",
}
TEAM = ""  # a remark of the team itself
_NO_DAY = "Prosimy podać dzień."


class SignatureForm(StaffForm):
    """Fault places of the use case are the names of the fields."""

    signed_on = Day("Dzień podpisu", [InputRequired(_NO_DAY)])
    role = StringField(
        "Rola",
        [at_most(200), NoControlCharacters()],
        description="Na przykład: instytucja inicjująca.",
        filters=[one_line],
    )
    contribution = StringField(
        "Wkład",
        [at_most(500), NoControlCharacters()],
        description="Co wnosi do współpracy.",
        filters=[one_line],
    )
    signed_by = StringField(
        "Kto podpisał",
        [at_most(200), NoControlCharacters()],
        description="Osoba i funkcja, na przykład: Maria Ćwik, dyrektorka. Bez innych danych osobowych.",
        filters=[one_line],
    )


class ChangeSignatureForm(SignatureForm):
    """`seen`: the mark of the signature that the page showed."""

    seen = HiddenField(default="")
    why = StringField(
        "Powód poprawki",
        [at_most(WHY_LENGTH), NoControlCharacters()],
        description="Potrzebny, gdy zmienia się dzień. Zostanie w historii podpisów. Bez danych osobowych.",
        filters=[one_line],
    )


class NewSignatureForm(SignatureForm):
    """Of one institution, with everything that is known of it."""

    stakeholders = SelectField("Kto podpisał pismo", choices=[], validate_choice=False)

    def offer(self, candidates: Iterable[tuple[int, str]]) -> None:
        self.stakeholders.choices = [("", "(nie wybrano)"), *((str(one), name) for one, name in candidates)]

    def validate_stakeholders(self, field: SelectField) -> None:
        if field.data not in {value for value, _ in field.choices if value}:
            raise ValidationError("Prosimy wybrać instytucję z katalogu, która jeszcze nie podpisała.")


class ManySignaturesForm(StaffForm):
    """Of many on one day."""

    signed_on = Day(
        "Dzień podpisu", [InputRequired(_NO_DAY)], description="Jeden dla wszystkich zaznaczonych."
    )
    stakeholders = Checkboxes("Kto podpisał pismo", choices=[], validate_choice=False)

    def offer(self, candidates: Iterable[tuple[int, str, str]]) -> None:
        """(id, name, what is known of them)."""
        listed = list(candidates)
        self.stakeholders.choices = options(
            ((str(one), name) for one, name, _ in listed), {str(one): told for one, _, told in listed if told}
        )

    def validate_stakeholders(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("Nie wybrano nikogo. Prosimy zaznaczyć przynajmniej jedną instytucję.")
        if not set(field.data) <= {str(value) for value, *_ in field.choices}:
            raise ValidationError(
                "Ktoś z zaznaczonych już podpisał albo wyszedł z katalogu. Prosimy sprawdzić listę."
            )


class LeavingPaperForm(StaffForm):
    seen = HiddenField(default="")
    left_on = Day("Dzień odejścia", [InputRequired(_NO_DAY)])
    left_reason = StringField(
        "Powód",
        [required("Prosimy podać powód, choćby: nie podano."), at_most(500), NoControlCharacters()],
        description="Na przykład: zmiana zadań instytucji. Bez danych osobowych.",
        filters=[one_line],
    )


class ReturningPaperForm(StaffForm):
    seen = HiddenField(default="")
    signed_on = Day("Dzień ponownego podpisu", [InputRequired(_NO_DAY)])


class MistakeForm(StaffForm):
    """What was entered by mistake is taken back."""

    seen = HiddenField(default="")
    why = StringField(
        "Powód",
        [
            required("Prosimy podać powód, choćby: pomyłka przy wpisywaniu."),
            at_most(WHY_LENGTH),
            NoControlCharacters(),
        ],
        description="Na przykład: wybrano złą instytucję. Zostanie w historii podpisów. Bez danych osobowych.",
        filters=[one_line],
    )


class RemarkForm(StaffForm):
    """`number`: the version that the page showed. `stakeholder_id`: who said it; empty for the team."""

    number = HiddenField(default="0")
    stakeholder_id = SelectField("Kto zgłasza uwagę", choices=[], validate_choice=False)
    text = TextAreaField(
        "Uwaga",
        [required("Prosimy wpisać uwagę."), at_most(REMARK_LENGTH), NoControlCharacters()],
        description="Czego dotyczy i co zmienić. Bez danych osobowych.",
        filters=[many_lines],
    )

    def offer(self, stakeholders: Iterable[tuple[int, str]]) -> None:
        self.stakeholder_id.choices = [(TEAM, "zespół"), *((str(one), name) for one, name in stakeholders)]

    def validate_stakeholder_id(self, field: SelectField) -> None:
        if (field.data or TEAM) not in {value for value, _ in field.choices}:
            raise ValidationError("Prosimy wybrać z listy.")


class AnswerForm(StaffForm):
    """`before`: the answer that the page showed, by its moment; empty where there was none."""

    before = HiddenField(default="")
    outcome = RadioField("Co z uwagą", choices=options(OUTCOMES.items()), validate_choice=False)
    answer = TextAreaField(
        "Odpowiedź",
        [required("Prosimy napisać kilka słów odpowiedzi."), at_most(REMARK_LENGTH), NoControlCharacters()],
        description="Co zmieniono albo dlaczego nie.",
        filters=[many_lines],
    )

    def validate_outcome(self, field: RadioField) -> None:
        if field.data not in OUTCOMES:
            raise ValidationError("Prosimy wybrać jedną z trzech możliwości.")
