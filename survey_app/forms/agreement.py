"""Forms of a round whose ratings lie open: decisions, ballots, votes and corrections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import Field, Form, HiddenField, IntegerField, RadioField, TextAreaField, ValidationError
from wtforms.validators import NumberRange

from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    options,
    required,
)

LONGEST_REASON = 2000
CHOICES = (("for", "za"), ("against", "przeciw"), ("abstained", "wstrzymuję się"))
OWN_WORDS = "Ten powód mówi o potwierdzeniu propozycji, a kod jest inny. Prosimy napisać, dlaczego zespół zmienia kod."


class Code(RadioField):  # type: ignore[misc]  # WTForms ships no types
    """One of the codes of the round's scheme; nothing is chosen for the person."""

    def __init__(self, label: str, validators: Any = None, **more: Any) -> None:
        super().__init__(label, validators, choices=[], validate_choice=False, **more)

    def offer(self, codes: Iterable[tuple[str, str, str]]) -> None:
        """`codes`: id, label and what it means."""
        found = list(codes)
        self.choices = options(
            [(code, label) for code, label, _ in found], {code: meaning for code, _, meaning in found}
        )

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002  (WTForms hands it in)
        if self.data not in {choice.value for choice in self.choices or []}:
            raise ValidationError("Prosimy wybrać kod.")


def reason_field(label: str, message: str, hint: str = "") -> TextAreaField:
    return TextAreaField(
        label,
        [required(message), at_most(LONGEST_REASON), NoControlCharacters()],
        description=hint,
        filters=[many_lines],
    )


class SeenDecision(HiddenField):  # type: ignore[misc]  # WTForms ships no types
    """The decision that the person saw when they began: another one meanwhile must not be replaced unseen."""

    def number(self) -> int | None:
        text = str(self.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None


class ConfirmForm(StaffForm):
    """The proposal, as it was shown, with the reason that the service composed and the team may mend."""

    code = HiddenField()
    replaces = SeenDecision()
    reason = reason_field("Powód", "Prosimy napisać powód.", "Ułożony z ocen. Można go zmienić lub dopisać.")


class DecisionForm(StaffForm):
    """A code that the team sets itself. `composed`: the words of a confirmation, which fit no other code."""

    replaces = SeenDecision()
    code = Code("Kod")
    reason = reason_field(
        "Powód", "Prosimy napisać, dlaczego zespół tak postanowił.", "Trafi do wydania wewnętrznego diagnozy."
    )
    composed = ""
    proposed: str | None = None

    def validate_reason(self, field: Field) -> None:
        if self.composed and field.data == self.composed and self.code.data != self.proposed:
            raise ValidationError(OWN_WORDS)


class BallotForm(StaffForm):
    """What is voted on: one code, with the reason that becomes the decision's if the vote carries."""

    code = Code("Nad którym kodem zespół głosuje?")
    reason = reason_field(
        "Powód",
        "Prosimy napisać, co przemawia za tym kodem.",
        "Jeśli wniosek przejdzie, będzie powodem decyzji.",
    )


def count_field(label: str) -> IntegerField:
    return IntegerField(
        label,
        [
            required("Prosimy wpisać liczbę, także 0."),
            NumberRange(0, 999, message="Prosimy wpisać liczbę głosów: 0 albo więcej."),
        ],
        render_kw={"inputmode": "numeric", "min": "0"},
    )


class ShowOfHandsForm(BallotForm):
    """A vote that was counted in the room; fault places of the use case are those of the fields."""

    votes_for = count_field("Za")
    against = count_field("Przeciw")
    abstained = count_field("Wstrzymało się")


class VoteForm(StaffForm):
    """One seat's vote."""

    choice = RadioField("Państwa głos", choices=options(CHOICES), validate_choice=False)

    def validate_choice(self, field: Field) -> None:
        if field.data not in dict(CHOICES):
            raise ValidationError("Prosimy wybrać: za, przeciw albo wstrzymuję się.")


class CorrectionForm(StaffForm):
    """A new entry of a closed round; the one that it replaces stays readable."""

    replaces = SeenDecision()
    code = Code("Kod po sprostowaniu")
    reason = reason_field("Powód sprostowania", "Prosimy napisać, dlaczego kod jest poprawiany.")
