"""The diagnoza as one result object: built once from a frozen set of data, rendered many times, same numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey_app.analysis.edition import Edition as Edition  # noqa: PLC0414  # part of what a result says
from survey_app.analysis.released import ReleasedTable
from survey_app.instrument.model import Instrument, Question

if TYPE_CHECKING:  # the section leans on the order of talks, which leans on this file
    from survey_app.analysis.charts.network import Dot, Team
    from survey_app.analysis.diagnoza.coding_section import CodingSection
    from survey_app.analysis.diagnoza.interview_section import InterviewSection


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What the report says about the campaign; no moment of any answer. Moments are aware datetimes (UTC)."""

    gmina_name: str
    gmina_teryt: str
    gmina_kind: str  # "gmina wiejska", ...
    powiat: str
    wojewodztwo: str
    title: str
    anonymous: bool
    invitations: bool  # False: open link, "bez kontroli liczby odpowiedzi"
    opens_at: dt.datetime
    closes_at: dt.datetime
    locked_at: dt.datetime
    k: int
    paper_sheets: int | None  # None: none, or fewer than k (then only `paper_used` is said)
    paper_used: bool
    example: bool  # made-up data of the demo: said on every page
    notice: str  # the art. 13 notice, as shown to respondents
    introduction: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Assumption-free bounds of a share, 0 to 1: TAK/N and (TAK + N - answered)/N."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ResponseResult:
    """Who answered. `table` has one row ("gmina") with columns invited / answered / complete, as far as known."""

    table: ReleasedTable
    answered: int
    complete: int
    invited: int | None  # None with an open link: the population is unknown
    rr1: float | None  # AAPOR RR1 = complete / invited; None with an open link
    by_type: ReleasedTable  # question 1 by option, for the gmina
    groups: ReleasedTable  # the groups as released, with how many answered in each
    notes: tuple[str, ...] = ()
    steps: ReleasedTable | None = None  # how answers came in: the monitor's numbers, by morning


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: the released table (None for pure free text), and cleared texts in random order."""

    question: Question
    table: ReleasedTable | None
    texts: tuple[str, ...] = ()
    texts_withheld: int = 0  # written but not (yet) cleared by the team; 0 when unknown or fewer than k
    bounds: Bounds | None = None  # of the positive answer, for the whole gmina, yes/no questions only


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """One component of readiness in one group. `share` None: hidden or too few; `positive`/`base` None: hidden."""

    question: str
    label: str
    positive: int | None
    base: int | None
    share: float | None
    bounds: Bounds | None


@dataclass(frozen=True, slots=True)
class ReadinessRow:
    """One released group. `score` 0 to 100, None with `why_no_score`; `bounds` on the same scale."""

    group_id: str
    label: str
    components: tuple[ComponentResult, ...]
    score: float | None
    bounds: Bounds | None  # low and high are scores, 0 to 100
    why_no_score: str
    why_no_bounds: str
    arguments: tuple[str, ...]  # every component that may be the lowest, once bounds overlap
    weakest: tuple[str, ...] = ()  # the questions of these components, in the same order


@dataclass(frozen=True, slots=True)
class ReadinessResult:
    """Rows: the whole gmina first, then groups in the order of the instrument, never ranked."""

    rows: tuple[ReadinessRow, ...]
    experience: tuple[ComponentResult, ...]  # questions 2, 3, 4, whole gmina, among those who were asked
    concreteness: tuple[tuple[str, ReleasedTable], ...]  # label, table of filled boxes (0..n) for the gmina
    separable: bool  # do any two groups' bounds fail to overlap?


@dataclass(frozen=True, slots=True)
class TeamText:
    """What the team wrote into the report: lines of plain text (see `team_words`).

    `rests_on`: checksum of the sentences that the rules had made when it was written; `outdated`: they say something
    else now, and the report says so beside the team's words.
    """

    text: str
    changed_on: dt.date
    rests_on: str = ""
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class TeamPaper:
    """A paper that the team agreed to. `text`: Markdown of that version. `signatories`: names of institutions.

    `persons_signed`: natural persons did, too; they are not named.
    """

    id: int
    title: str
    agreed_on: dt.date
    version: int
    text: str
    signatories: tuple[str, ...] = ()
    persons_signed: bool = False


@dataclass(frozen=True, slots=True)
class TeamRegister:
    """Entries of one of the team's registers, in words. `counted`: how many there are; `more`: how many of them are
    not in `rows`.
    """

    key: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: str
    more: int = 0


@dataclass(frozen=True, slots=True)
class TeamNetwork:
    """The local network as the team keeps it: its graph, and under `header` the `rows` that say the same.

    `counts`: words and how many members; `partnerships`: sign in the graph, name, goal; `lacks`: sentences.
    """

    name: str
    dots: tuple[Dot, ...]
    teams: tuple[Team, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[str, int], ...]
    partnerships: tuple[tuple[str, str, str], ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamWork:
    """What the team did beside ankieta, interviews and coding, as far as it stands in one edition."""

    papers: tuple[TeamPaper, ...] = ()
    registers: tuple[TeamRegister, ...] = ()
    network: TeamNetwork | None = None


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """A heading of the summary with its sentences; `points` are read one by one, below them.

    `key` names the part, whatever its heading; `team`: what the team put in the place of these sentences.
    """

    heading: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()
    key: str = ""
    team: TeamText | None = None


@dataclass(frozen=True, slots=True)
class Diagnoza:
    """Everything that an edition prints."""

    edition: Edition
    instrument: Instrument
    facts: CampaignFacts
    response: ResponseResult
    questions: tuple[QuestionResult, ...]
    readiness: ReadinessResult | None
    summary: tuple[SummaryPart, ...]  # one page of sentences, composed from the results by rules
    data_version: str  # "1" for the first lock; closed rounds and corrections add to it: "1.2.0"
    checksum: str  # sha256 of what may be shown and of the definitions
    coding: CodingSection | None = None
    interviews: InterviewSection | None = None
    text_themes: Mapping[str, ReleasedTable] = field(
        default_factory=dict
    )  # question id -> themes of its open answers
    conclusions: TeamText | None = None
    recommendations: TeamText | None = None
    work: TeamWork = TeamWork()
