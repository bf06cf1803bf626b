"""Forms of coding rounds, and the reading of a rating form: every criterion's point, reason and known revision."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from survey_app.errors import Fault
from survey_app.forms.day import Day
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    one_line,
    options,
)
from survey_app.forms.typed_text import clean_text, text_faults
from survey_app.instrument.model import CodeScheme, Question

DONT_KNOW = "nie_wiem"
LONGEST_REASON = 2000
LONGEST_LEAVING_REASON = 500
_WHOLE = re.compile(r"-?\d{1,4}")
_REVISION = re.compile(r"\d{1,9}")


class SetOfIds(SelectMultipleField):  # type: ignore[misc]  # WTForms ships no types
    """Ticked ids. The use case knows which of them there are; the page draws the boxes in groups of its own."""

    def __init__(self, label: str, message: str = "", **options: object) -> None:
        super().__init__(label, coerce=int, choices=[], validate_choice=False, **options)
        self.message = message

    def pre_validate(self, _form: object) -> None:
        """Nothing ticked is a fault only where a message says so."""
        if self.message and not self.data:
            raise ValidationError(self.message)


class RoundForm(StaffForm):
    """What a round is opened with. Names of fields are those of `RoundDraft`."""

    title = StringField(
        "Nazwa tury",
        [DataRequired("Prosimy podać nazwę tury."), at_most(200), NoControlCharacters()],
        filters=[one_line],
    )
    occasion = RadioField("Kiedy w pracy zespołu", default="start")
    scheme = RadioField("Podział na kody")
    stakeholder_ids = SetOfIds("Kogo ocenia zespół", "Prosimy zaznaczyć choć jednego interesariusza.")
    rater_ids = SetOfIds("Kto ocenia", "Prosimy zaznaczyć choć jedną osobę.")
    rating_until = Day(
        "Do kiedy oceniamy",
        description="Dzień, który zobaczy zespół. Nic się wtedy samo nie zamknie.",
    )

    def offer(self, occasions: Mapping[str, str], schemes: Iterable[CodeScheme]) -> None:
        """Occasions come from the use case, schemes with their descriptions from the team's criteria."""
        schemes = list(schemes)
        self.occasion.choices = options(occasions.items())
        self.scheme.choices = options(
            ((one.id, one.label) for one in schemes), {one.id: one.description for one in schemes}
        )
        if not self.scheme.data and schemes:
            self.scheme.data = schemes[0].id


class AdditionForm(StaffForm):
    """More stakeholders and more raters for a round that is being rated."""

    stakeholder_ids = SetOfIds("Kogo jeszcze ocenia zespół")
    rater_ids = SetOfIds("Kto jeszcze ocenia")


class ReasonForm(StaffForm):
    """A reason that must be given: why an institution is taken out, why a round is given up."""

    reason = TextAreaField(
        "Powód",
        [DataRequired("Prosimy napisać powód."), at_most(LONGEST_LEAVING_REASON), NoControlCharacters()],
        filters=[many_lines],
    )


@dataclass(frozen=True, slots=True)
class TypedRating:
    """One criterion of a sent rating form. `revision`: the one that the page knew; 0 before the first."""

    criterion: str
    point: int | None
    dont_know: bool
    reason: str
    revision: int

    @property
    def untouched(self) -> bool:
        """Nothing was there when the page was made, and nothing was filled in."""
        return (self.point, self.dont_know, self.reason, self.revision) == (None, False, "", 0)


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """`ratings` hold every criterion that was sent; those named in `faults` cannot be kept as they are."""

    ratings: Mapping[str, TypedRating]
    faults: Mapping[str, tuple[Fault, ...]]


def read_sheet(criteria: Iterable[Question], fields: Mapping[str, str]) -> TypedSheet:
    """Reads `punkt-<id>`, `powod-<id>`, `wersja-<id>`; a criterion without any of them was not sent."""
    ratings: dict[str, TypedRating] = {}
    faults: dict[str, tuple[Fault, ...]] = {}
    for criterion in criteria:
        names = [f"{part}-{criterion.id}" for part in ("punkt", "powod", "wersja")]
        if not any(name in fields for name in names):
            continue
        choice, reason, revision = (fields.get(name, "") for name in names)
        found = [*_choice_faults(criterion, choice), *_reason_faults(criterion, reason)]
        if not _REVISION.fullmatch(revision or "0"):
            found.append(_fault(criterion, "Formularz przyszedł uszkodzony.", "Prosimy odświeżyć stronę."))
        whole = bool(_WHOLE.fullmatch(choice))
        ratings[criterion.id] = TypedRating(
            criterion.id,
            point=int(choice) if whole else None,
            dont_know=choice == DONT_KNOW,
            reason=reason if found else clean_text(reason),
            revision=int(revision) if _REVISION.fullmatch(revision) else 0,
        )
        if found:
            faults[criterion.id] = tuple(found)
    return TypedSheet(ratings, faults)


def _choice_faults(criterion: Question, choice: str) -> list[Fault]:
    scale = criterion.scale
    assert scale is not None
    if choice in ("", DONT_KNOW) or (_WHOLE.fullmatch(choice) and scale.low <= int(choice) <= scale.high):
        return []
    return [
        _fault(
            criterion,
            f"{criterion.text}: takiej oceny nie ma na skali od {scale.low} do {scale.high}.",
            "Prosimy wybrać punkt skali albo „nie wiem”.",
        )
    ]


def _reason_faults(criterion: Question, reason: str) -> list[Fault]:
    return text_faults(f"powod-{criterion.id}", f"{criterion.text}, powód", reason, LONGEST_REASON)


def _fault(criterion: Question, message: str, hint: str) -> Fault:
    return Fault("rating.unreadable", f"punkt-{criterion.id}", message, hint)
