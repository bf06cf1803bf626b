"""The model of a definition: frozen, indexed, free of any framework.

An instrument is read from one file under `instruments/`, checked, and never changed afterwards: a changed
file is a new version with a checksum of its own. Every id is stable for good, because answers and reports lean
on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from survey_app.instrument.paper_model import PaperRules, RowTable
from survey_app.instrument.register_model import RegisterRules


class Kind(StrEnum):
    """What an instrument is for."""

    QUESTIONNAIRE = "questionnaire"
    CODING_CRITERIA = "coding_criteria"
    INTERVIEW_SCENARIO = "interview_scenario"
    TEAM_FORM = "team_form"
    DOCUMENT = "document"
    REGISTER = "register"


PAPER_KINDS = frozenset({Kind.TEAM_FORM, Kind.DOCUMENT})
FILLED_BY_TEAM = PAPER_KINDS | {Kind.REGISTER}  # their questions are fields: they need no numbers


class AnswerType(StrEnum):
    """How a question is answered. Each has one handler in `survey_app.forms`."""

    SINGLE_CHOICE = "single_choice"
    YES_NO = "yes_no"
    SHORT_TEXTS = "short_texts"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    SCALE = "scale"
    DATE = "date"


FREE_TEXT_TYPES = frozenset({AnswerType.SHORT_TEXTS, AnswerType.LONG_TEXT})


class Operator(StrEnum):
    """The allow-list of comparisons in a condition."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison with an earlier answer. `value`: a tuple for `in`, `not_in`; None for `answered`."""

    question: str
    op: Operator
    value: str | int | float | tuple[str | int | float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`all` or `any` of the comparisons. An unanswered or off-path question satisfies no comparison."""

    mode: str  # "all" | "any"
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class OptionText:
    """A text that belongs to an option ("Inna: wskaż sektor"). Always optional to the person."""

    label: str
    max_length: int = 200


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a single choice. `code` is its number in paper forms and exports."""

    id: str
    label: str
    code: int
    text: OptionText | None = None
    decline: bool = False  # "wolę nie wskazywać": counted, but a group of its own


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of whole numbers; every point has a written anchor."""

    low: int
    high: int
    anchors: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `number` is what the paper calls it; a follow-up has none and names what it follows."""

    id: str
    type: AnswerType
    text: str
    number: str | None = None
    follows: str | None = None
    ask_if: Condition | None = None
    help: str | None = None
    paper_help: str | None = None  # an instruction that only makes sense on paper ("wstawić X")
    warning: str | None = None  # shown beside a free text, e.g. that naming the institution lifts anonymity
    options: tuple[Option, ...] = ()
    scale: Scale | None = None
    max_items: int = 3
    box: str = "Odpowiedź"  # what each of several boxes is called, with its number
    max_length: int = 500
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    lines: int = 1  # height of the text box, and the number of ruled lines on paper
    identifying: bool = (
        False  # free text that can name the respondent's institution: never exported when anonymous
    )
    probes: tuple[str, ...] = ()  # scenario: what the moderator may add when the answer is short

    def option(self, option_id: str) -> Option:
        """KeyError if there is no such option."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of questions; `title` may be empty."""

    id: str
    title: str
    questions: tuple[Question, ...]
    intro: str | None = None  # scenario: a note to the moderator, not read out
    minutes: int | None = None  # scenario: how long this part takes
    read_aloud: str | None = None  # scenario: what the moderator says when this part begins
    tables: tuple[RowTable, ...] = ()  # paper: filled in below the questions


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector of the method, with its place in the three-way division public / social / business (003)."""

    id: str
    label: str
    three_way: str | None  # "public" | "social" | "business"; None for groups of their own


@dataclass(frozen=True, slots=True)
class SectorTable:
    """Ties options of the grouping question (ankieta: p1) to sectors, and catalogue sectors to options.

    `option_sector`: option id -> sector id. `standalone`: option ids that are groups of their own ("Inna",
    "spoza Gminy", "wolę nie wskazywać"). `catalogue_options`: catalogue sector id -> option ids of the
    grouping question. `catalogue_labels`: catalogue sector id -> its Polish name, in the order of the file.
    `three_way_labels`: "public" -> "sektor publiczny", ...
    """

    question: str
    sectors: tuple[Sector, ...]
    option_sector: Mapping[str, str]
    standalone: tuple[str, ...]
    catalogue_options: Mapping[str, tuple[str, ...]]
    three_way_labels: Mapping[str, str]
    catalogue_labels: Mapping[str, str] = field(default_factory=dict)

    def sector(self, sector_id: str) -> Sector:
        for sector in self.sectors:
            if sector.id == sector_id:
                return sector
        raise KeyError(sector_id)


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One component of readiness: the share of `positive` among those who answered `question`."""

    question: str
    label: str
    positive: str
    argument: str  # what a low component suggests for the scenariusz oddziaływań


@dataclass(frozen=True, slots=True)
class Concreteness:
    """Filled boxes out of `boxes` in an open question."""

    question: str
    label: str
    boxes: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """METHOD, "Readiness per sector": mean of the shares times 100; each needs `minimum_answers`."""

    items: tuple[ReadinessItem, ...]
    minimum_answers: int
    experience: tuple[ReadinessItem, ...]
    concreteness: tuple[Concreteness, ...]
    description: str


@dataclass(frozen=True, slots=True)
class CompleteRule:
    """When a sent form counts as complete for RR1: at least `at_least` of `of` answered."""

    of: tuple[str, ...]
    at_least: int


class Stance(StrEnum):
    """What a code means for the team's work: whom it may sign with, whom it talks to, who refused."""

    SUPPORTER = "supporter"
    UNDECIDED = "undecided"
    OPPONENT = "opponent"


class Fact(StrEnum):
    """What a rule may know of a stakeholder besides the ratings; both are entries of the catalogue."""

    CONTRIBUTION = "contribution"  # a contribution that was entered and not withdrawn
    REFUSAL = "refusal"  # a refusal that was recorded and not withdrawn


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a stakeholder can be given, e.g. "Zwolennik". `label_plural`: "Zwolennicy"."""

    id: str
    label: str
    label_plural: str
    stance: Stance
    meaning: str


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """The lower median of a criterion compared with a point. A missing median satisfies no comparison."""

    criterion: str
    op: Operator  # eq, ne, lt, le, gt, ge
    value: int


@dataclass(frozen=True, slots=True)
class FactTerm:
    """A fact that holds, or (`holds` false) does not."""

    fact: Fact
    holds: bool = True


@dataclass(frozen=True, slots=True)
class CodeRule:
    """When a code is proposed: if all terms of any clause hold; `otherwise`: if no other rule applies."""

    code: str
    clauses: tuple[tuple[ScoreTerm | FactTerm, ...], ...] = ()
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class CodeScheme:
    """A choice of codes with a rule for each; for every combination of medians and facts exactly one applies."""

    id: str
    label: str
    description: str
    rules: tuple[CodeRule, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(rule.code for rule in self.rules)


@dataclass(frozen=True, slots=True)
class Coding:
    """METHOD, "Coding". The criteria are the instrument's questions, all of type scale.

    `influence` and `interest` name the criteria that order the persuasion and stand on the map's other axis.
    `codes` run from the most to the least favourable.
    """

    influence: str
    interest: str
    minimum_ratings: int  # no proposal under so many points for a criterion that the rule asks about
    codes: tuple[Code, ...]
    schemes: tuple[CodeScheme, ...]

    def code(self, code_id: str) -> Code:
        """KeyError if there is no such code."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    def scheme(self, scheme_id: str) -> CodeScheme:
        """KeyError if there is no such scheme."""
        for scheme in self.schemes:
            if scheme.id == scheme_id:
                return scheme
        raise KeyError(scheme_id)


RESPONDENT = "respondent"  # the section of a scenario whose questions describe the person, each optional
PROJECT_TITLE = "{tytuł projektu}"  # the place in a consent's text that the team fills


class InterviewForm(StrEnum):
    """METHOD, "IDI and FGI": one person in depth, or a group around a moderator."""

    IDI = "idi"
    FGI = "fgi"


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """What is read out before anything is written down (METHOD, "IDI and FGI").

    `project_title` holds the place `PROJECT_TITLE` once. `question` is answered yes or no; so is, apart from it,
    `evidence_question`: whether a sentence may support the institution's code. `readers`: who would read it.
    """

    purpose: str
    project_title: str
    rules: str
    question: str
    evidence_question: str
    readers: str

    def titled(self, title: str) -> str:
        """The sentence with the project's title in its place."""
        return self.project_title.replace(PROJECT_TITLE, title)


@dataclass(frozen=True, slots=True)
class Topic:
    """A theme that the coding of notes begins with; `section`: the part of the scenario that asks about it."""

    id: str
    label: str
    definition: str
    example: str
    section: str


@dataclass(frozen=True, slots=True)
class Interview:
    """What makes a scenario: its form, how many people and minutes are usual, consent, the starting themes."""

    form: InterviewForm
    people_low: int
    people_high: int
    minutes_low: int
    minutes_high: int
    consent: ConsentTexts
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Convention:
    """A rule that the sources do not give; printed in every report that uses it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is computed from the answers. The report leaves out what has no definition."""

    sectors: SectorTable | None = None
    readiness: Readiness | None = None
    complete: CompleteRule | None = None
    coding: Coding | None = None
    interview: Interview | None = None
    paper: PaperRules | None = None
    register: RegisterRules | None = None
    smallest_cell: int = 3  # k of METHOD, "Disclosure control"
    percent_from: int = 5  # under this n counts are printed, not per cents
    conventions: tuple[Convention, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the wording comes from, and which slips of the source were mended."""

    document: str
    title: str
    mends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """A checked definition. `document` is the parsed file, `sha256` the checksum of its canonical JSON."""

    key: str
    kind: Kind
    title: str
    source: Source
    texts: Mapping[str, str]
    sections: tuple[Section, ...]
    definitions: Definitions
    sha256: str
    minutes: int | None = None  # how long it takes, for the first page
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __hash__(self) -> int:
        """By version, so that what is built once per version can be cached by the instrument itself."""
        return hash((self.key, self.sha256))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, follow-ups included."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    @cached_property
    def tables(self) -> tuple[RowTable, ...]:
        """A paper's tables in order; none of other kinds."""
        return tuple(table for section in self.sections for table in section.tables)

    @cached_property
    def numbered(self) -> tuple[Question, ...]:
        """The questions that carry a number: what a person would call "the 11 questions"."""
        return tuple(question for question in self.questions if question.number)

    @cached_property
    def respondent_fields(self) -> tuple[Question, ...]:
        """What a scenario asks about the person; nobody has to answer. Empty for other kinds."""
        if self.kind is not Kind.INTERVIEW_SCENARIO:
            return ()
        return tuple(q for section in self.sections if section.id == RESPONDENT for q in section.questions)

    @cached_property
    def timed_sections(self) -> tuple[tuple[Section, int, int], ...]:
        """Each section with the minute in which it begins and the one in which it ends, from the start."""
        timed, begins = [], 0
        for section in self.sections:
            ends = begins + (section.minutes or 0)
            timed.append((section, begins, ends))
            begins = ends
        return tuple(timed)

    def text(self, key: str) -> str:
        """A named text of the instrument; empty when the file has none."""
        return self.texts.get(key, "")

    def introduction(self, *, anonymous: bool) -> tuple[str, ...]:
        """The first page's paragraphs. The mode chooses the promise only (METHOD, "The ankieta")."""
        promise = self.text("promise_anonymous" if anonymous else "promise_named")
        paragraphs = (promise, *self.text("introduction").split("\n\n"))
        return tuple(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
