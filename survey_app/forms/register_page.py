"""The pages of a register: an entry as it is filled in, and the small forms beside one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from survey_app.errors import Fault
from survey_app.forms.day import Day
from survey_app.forms.handlers import Fields, handler
from survey_app.forms.handlers.texts import ShortTexts
from survey_app.forms.interviews import whole_number
from survey_app.forms.paper_page import Blank, PagePart, SentPaper, parts, read_paper
from survey_app.forms.staff_catalogue import Checkboxes
from survey_app.forms.staff_fields import (
    NoControlCharacters,
    StaffForm,
    at_most,
    many_lines,
    options,
    required,
)
from survey_app.forms.steps import Asked
from survey_app.instrument.model import Instrument
from survey_app.instrument.register_model import LogKind, RegisterState

ABOUT, PERSON, REVISION = "about", "person_id", "revision"
STAKEHOLDER, SECTOR = "i", "s"  # what stands before the id in the list of those whom an entry is about
TEXT_LENGTH, REPLY_LENGTH, NAMES_LENGTH = 5_000, 2_000, 10_000
YES, NO = "yes", "no"
LINE = "line"  # a macro beside those of the answer types
REPLIES = {YES: "zgoda", NO: "odmowa"}
_NO_DAY = "Prosimy podać dzień."


@dataclass(frozen=True, slots=True)
class SentEntry:
    """A page that was sent. `page`: the questions; `about`, `person`: what was chosen, to show again.

    What names nothing that there could be is 0 or an unknown sector: the use case tells its fault.
    """

    page: SentPaper
    about: str = ""
    person: str = ""

    @property
    def stakeholder_id(self) -> int | None:
        kind, _, chosen = self.about.partition("-")
        return whole_number(chosen) if kind == STAKEHOLDER else None

    @property
    def sector(self) -> str:
        kind, _, chosen = self.about.partition("-")
        return chosen if kind == SECTOR else ""

    @property
    def person_id(self) -> int | None:
        return whole_number(self.person) if self.person else None


def read_entry(definition: Instrument, form: Fields) -> SentEntry:
    """Everything of the page."""
    own = {ABOUT, PERSON}
    page = read_paper(definition, {name: texts for name, texts in form.items() if name not in own}, "")
    about, person = ((form.get(name) or [""])[0] for name in (ABOUT, PERSON))
    return SentEntry(page, about, person)


def entry_parts(definition: Instrument, page: Blank | SentPaper, one_line: Collection[str]) -> list[PagePart]:
    """The page, section by section. `one_line`: questions whose only box takes a single line."""
    return [
        replace(
            part, asked=tuple(_in_one_line(one) if one.question.id in one_line else one for one in part.asked)
        )
        for part in parts(definition, page)
    ]


def _in_one_line(asked: Asked) -> Asked:
    one_box = asked.macro == ShortTexts.macro and len(asked.names) == 1
    return replace(asked, macro=LINE) if one_box else asked


def about_value(stakeholder_id: int | None, sector: str) -> str:
    """What the list of those whom an entry is about calls this one; empty for none."""
    if stakeholder_id is not None:
        return f"{STAKEHOLDER}-{stakeholder_id}"
    return f"{SECTOR}-{sector}" if sector else ""


def at_controls(definition: Instrument, faults: Sequence[Fault]) -> list[Fault]:
    """Faults of the use case name questions; each leads to the first control of its question."""
    first = {one.id: handler(one.type).field_names(one)[0] for one in definition.questions}
    return [replace(fault, where=first.get(fault.where, fault.where)) for fault in faults]


class _OnADay(StaffForm):
    """Fault places of the use cases are the names of the fields."""

    on_day = Day("Dzień", [InputRequired(_NO_DAY)], description="Kiedy to się stało; nie później niż dziś.")


class StateForm(_OnADay):
    state = RadioField("Nowy stan", choices=[], validate_choice=False)
    text = TextAreaField("Kilka słów", [at_most(TEXT_LENGTH), NoControlCharacters()], filters=[many_lines])

    def offer(self, states: Iterable[RegisterState], now: str) -> None:
        """All but the present one."""
        states = list(states)
        hints = {one.id: "Wymaga powodu: prosimy go wpisać niżej." for one in states if one.reason}
        hints |= {one.id: f"Wymaga dowodu, niżej: {one.proof}." for one in states if one.proof}
        self.state.choices = options([(one.id, one.label) for one in states if one.id != now], hints)


class LogForm(_OnADay):
    kind = RadioField("Rodzaj", choices=[], validate_choice=False)
    text = TextAreaField(
        "Co się stało",
        [required("Prosimy napisać, co się stało."), at_most(TEXT_LENGTH), NoControlCharacters()],
        filters=[many_lines],
    )

    def offer(self, kinds: Sequence[LogKind]) -> None:
        labels = {one.id: one.label for one in kinds}
        hints = {
            one.id: f"Dopiero po wpisie „{labels[one.after]}”, z dniem nie wcześniejszym."
            for one in kinds
            if one.after
        }
        self.kind.choices = options(labels.items(), hints)


class ReplyForm(_OnADay):
    says = RadioField("Odpowiedź", choices=options(REPLIES.items()), validate_choice=False)
    offer_id = SelectField("Oferta, którą daje", choices=[], validate_choice=False)
    text = TextAreaField(
        "Słowa odpowiedzi",
        [at_most(REPLY_LENGTH), NoControlCharacters()],
        description="Przy odmowie: powód. Bez danych osobowych.",
        filters=[many_lines],
    )

    def offer(self, offers: Iterable[tuple[int, str]]) -> None:
        self.offer_id.choices = [("", "(żadna z zapisanych)"), *((str(one), words) for one, words in offers)]


class PartiesForm(StaffForm):
    """`who`: those of a list; `names`: others, one in a line. Which of the two a register takes, its file says."""

    who = Checkboxes("Kogo dopisać", choices=[], validate_choice=False)
    names = TextAreaField(
        "Nazwy",
        [at_most(NAMES_LENGTH), NoControlCharacters()],
        description="Każda w osobnym wierszu.",
        filters=[many_lines],
    )
    role = SelectField("Rola", choices=[], validate_choice=False)

    def offer(self, listed: Iterable[tuple[str, str]], roles: Iterable[str]) -> None:
        self.who.choices = options(listed)
        self.role.choices = [("", "(bez roli)"), *((one, one) for one in roles)]
