"""What makes a definition a paper: a form that the team fills in, or a document written from what is filled in.

Both are sections of questions, as everywhere, and tables of rows beside them. A document adds the text that is written
from them (`body`); a form without one is printed as questions and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey_app.instrument.calculator_model import Calculator

# A row of a table as it is kept: column id -> text; "_id" is the row's own, stable through all versions.
Row = Mapping[str, str]
ROW_ID = "_id"
BOUNDS = ("minimum", "maximum", "decimals")  # of a number in a column or row


class ColumnType(StrEnum):
    """How a cell is filled. Kept as text: a day as YYYY-MM-DD, a number with a point, a choice as its label."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


class PaperGroup(StrEnum):
    """Where a paper is listed."""

    FORM = "form"  # bilans otwarcia, SWOT, ...
    TEAM = "team"  # act, rules of work
    MEETING = "meeting"  # invitations, agendas, protocols
    PACT = "pact"
    PROCEDURE = "procedure"  # karty procedur
    DECISION = "decision"  # resolutions, reports
    ADVICE = "advice"  # a few questions, then advice; nothing is printed


class PaperFact(StrEnum):
    """What a paper can be filled with from what the service knows. Tables of rows have `_ROWS` in their name."""

    GMINA = "gmina"  # the name
    GMINA_KIND = "gmina_kind"  # "gmina miejska", ...
    POWIAT = "powiat"
    WOJEWODZTWO = "wojewodztwo"
    TODAY = "today"
    COORDINATOR = "coordinator"
    TEAM_ROWS = "team_rows"  # osoba, instytucja
    SUPPORTER_ROWS = "supporter_rows"  # podmiot, sektor: those coded Zwolennik in the last closed round
    STAKEHOLDER_ROWS = "stakeholder_rows"  # podmiot, sektor, typ
    CONTRIBUTION_ROWS = "contribution_rows"  # podmiot, wklad: declared in the catalogue
    ACTION_ROWS = (
        "action_rows"  # rodzaj, ile, adresaci: of the scenariusz, in the period of the newest monitoring
    )
    INDICATOR_ROWS = "indicator_rows"  # rows of monitoring's own table: teraz, uwagi, poprzednio
    PLAN_DIFFICULTIES = "plan_difficulties"  # for `prefill` only: from the logs of the timetable's tasks
    PARTNER_DIFFICULTIES = "partner_difficulties"  # for `prefill` only: from the logs of the scenariusz
    RECIPIENT = "recipient"  # mail merge only: the institution a letter goes to
    RECIPIENT_PERSON = "recipient_person"  # mail merge only: its contact person


class EntryFact(StrEnum):
    """What a paper that is begun from an entry of a register can be filled with, beside the entry's own fields."""

    RESPONSIBLE = "responsible"  # the member who answers for the entry
    QUORUM = "quorum"  # of a meeting: who is present, in words
    ATTENDANCE_ROWS = (
        "attendance_rows"  # osoba, instytucja: present seats, then those whom the entry brings together
    )
    MOTION_ROWS = "motion_rows"  # tresc_decyzji, za, przeciw, wstrzymalo, wynik: of closed motions
    DISSENT = "dissent"  # notes of closed motions


@dataclass(frozen=True, slots=True)
class BegunFrom:
    """The register from whose entries a paper can be begun. `prefill`: question or table id -> an `EntryFact`, or the
    id of one of the register's questions; it goes before what the paper is begun with otherwise.
    """

    register: str
    prefill: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. `width`: relative, on paper. `minimum`, `maximum`, `decimals`: of numbers, as questions
    have them, but any number is taken where nothing is said: older versions say nothing.
    """

    id: str
    label: str
    type: ColumnType = ColumnType.TEXT
    options: tuple[str, ...] = ()
    width: int = 1
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class FixedRow:
    """A row that the definition gives; its label stands in front of the cells. `help`: for who fills it in.

    `minimum`, `maximum`, `decimals`: of its numbers, before what their columns say.
    """

    id: str
    label: str
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class RowTable:
    """A table to fill. With `rows` those and no others; else as many as are needed, up to `most`.

    `heading`: what stands above the labels of fixed rows.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[FixedRow, ...] = ()
    heading: str = ""
    help: str | None = None
    most: int = 60

    def column(self, column_id: str) -> Column:
        """KeyError if there is no such column."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(column_id)


@dataclass(frozen=True, slots=True)
class SignatoryTable:
    """A table that names signatories in its column `name`; "" where it has none for role or contribution."""

    table: str
    name: str
    role: str = ""
    contribution: str = ""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a document's text, in Markdown with `{places}`; left out where `when` does not hold.

    `when`: question id -> the options (or "tak", "nie") with which the part stands.
    """

    text: str
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day: `days` after the one given in `question`, or each year the day `yearly` (MM-DD)."""

    id: str
    label: str
    question: str = ""
    days: int = 0
    yearly: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is advised where `when` holds (all of it); the first that fits counts, one without `when` fits always."""

    id: str
    title: str
    text: str
    risks: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PaperRules:
    """What the service does with a paper.

    `many`: a gmina has several of it, told apart by `named_by` (a question's id). `prefill`: question or table id -> a
    fact, or "<key of a paper>.<question or table id>", or (a table's) "register:<key>". `letters`: one copy for each
    chosen stakeholder. `points`: the table whose rows every member gives points to. `signed`: has signatories.
    `signatories`: where it says of them what need not be typed again when they sign.
    `consulted`: takes remarks of others, too.
    `repeat_months`: is due again after so long. `edition`: of the diagnoza in which it stands once agreed; "" for none.
    `calculator`: what is computed from what was filled in.
    `reasons`: pairs of questions; a version that answers the first is agreed to only with the second.
    """

    group: PaperGroup
    order: int = 100
    many: bool = False
    named_by: str = ""
    prefill: Mapping[str, str] | None = None
    letters: bool = False
    points: str = ""
    signed: bool = False
    signatories: tuple[SignatoryTable, ...] = ()
    consulted: bool = False
    repeat_months: int = 0
    edition: str = ""  # "", "public", "internal"
    begun_from: BegunFrom | None = None
    in_order: tuple[tuple[str, str], ...] = ()  # pairs of days: the second may not come before the first
    reasons: tuple[tuple[str, str], ...] = ()
    body: tuple[TextPart, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    advice: tuple[Advice, ...] = ()
    calculator: Calculator | None = None
