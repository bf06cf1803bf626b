"""What of a gmina goes up: made once at the lock, kept as plain JSON, read again for every roll-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.analysis.bounds import mean_bounds, share_bounds
from survey_app.analysis.diagnoza.build import release
from survey_app.analysis.diagnoza.result import ReadinessRow
from survey_app.analysis.disclosure import GMINA, Group, ReleasedCampaign
from survey_app.analysis.disclosure.rollup import HiddenCell, hidden_cells
from survey_app.analysis.frames import tidy
from survey_app.analysis.groups import Groups
from survey_app.analysis.readiness import readiness_result, tied_sectors
from survey_app.analysis.response import Population
from survey_app.instrument.model import Instrument, Readiness, SectorTable
from survey_app.instrument.values import Answers

FORM = 2  # of the JSON
READABLE = (1, FORM)  # the first one has no counts of sectors
REST = "pozostale"


@dataclass(frozen=True, slots=True)
class Score:
    """Readiness of a gmina, or of a sector in it, from 0 to 100. `bounds`: None where they make no sense."""

    score: float
    bounds: tuple[float, float] | None

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Score:
        bounds = document["bounds"]
        return cls(float(document["score"]), (float(bounds[0]), float(bounds[1])) if bounds else None)

    def to_json(self) -> dict[str, Any]:
        return {"score": self.score, "bounds": list(self.bounds) if self.bounds else None}


@dataclass(frozen=True, slots=True)
class QuestionRelease:
    """The gmina's row of one question; `counts` is None where it is hidden.

    `hidden`: the cell that may go up in a pool; it is not released, and no page or file shows it.
    """

    id: str
    title: str
    columns: tuple[tuple[str, str], ...]
    counts: tuple[int, ...] | None
    hidden: HiddenCell | None


@dataclass(frozen=True, slots=True)
class GminaRelease:
    """One locked campaign, as far as roll-ups go. `invited`: None with an open link.

    `score`: of the whole gmina, `sectors`: (id, label) -> score; only those that its own diagnoza prints.
    """

    campaign_id: int
    gmina: str
    invited: int | None
    answered: int
    complete: int
    percent_from: int
    questions: Mapping[str, QuestionRelease]
    score: Score | None
    sectors: Mapping[tuple[str, str], Score]
    components: tuple[tuple[str, str, str], ...]  # question, label, the answer that counts

    @classmethod
    def from_json(cls, campaign_id: int, gmina: str, document: Mapping[str, Any]) -> GminaRelease:
        """KeyError, TypeError or ValueError for what `release_document` did not make."""
        if document["form"] not in READABLE:
            raise ValueError(f"unknown form of a release: {document['form']}")
        return cls(
            campaign_id,
            gmina,
            document["invited"],
            document["answered"],
            document["complete"],
            document["percent_from"],
            {one["id"]: _question_from_json(one) for one in document["questions"]},
            Score.from_json(document["score"]) if document["score"] else None,
            {(one["id"], one["label"]): Score.from_json(one) for one in document["sectors"]},
            tuple((one["question"], one["label"], one["positive"]) for one in document["components"]),
        )


def release_document(
    instrument: Instrument, records: Sequence[Answers], groups: Groups, population: Population | None
) -> dict[str, Any]:
    """Everything that a roll-up will ever read of a locked campaign."""
    released = release(instrument, records, groups, population)
    hidden = hidden_cells(instrument, tidy(instrument, records), groups, released)
    definition, table = instrument.definitions.readiness, instrument.definitions.sectors
    readiness = readiness_result(instrument, released, population)
    answered = released.response.count(GMINA, "answered") or 0
    return {
        "form": FORM,
        "instrument_sha256": instrument.sha256,
        "percent_from": instrument.definitions.percent_from,
        "invited": population.invited if population and answered <= population.invited else None,
        "answered": answered,
        "complete": released.response.count(GMINA, "complete") or 0,
        # What the rows of `by_group` are: the group, and the sector that it lies in.
        "groups": [[one.id, sector_of(table, one)[0]] for one in released.groups.items] if table else [],
        "questions": [
            _question(released, question_id, hidden.get(question_id))
            for question_id in released.questions
            if not (table and question_id == table.question)  # its columns are the gmina's own groups
        ],
        "score": _score_json(readiness.rows[0]) if readiness else None,
        "sectors": _sectors(definition, table, released, population) if definition and table else [],
        "components": [
            {"question": one.question, "label": one.label, "positive": one.positive}
            for one in (definition.items if definition else ())
        ],
    }


def _question(released: ReleasedCampaign, question_id: str, hidden: HiddenCell | None) -> dict[str, Any]:
    """`by_group`: the released row of each of the document's groups, as the gmina's own diagnoza prints it."""
    table = released.questions[question_id]
    row = table.row(GMINA)
    return {
        "id": question_id,
        "title": table.title,
        "columns": [[column.id, column.label] for column in table.columns],
        "counts": None if row.hidden else list(row.counts),
        "by_group": [
            None if table.row(group.id).hidden else list(table.row(group.id).counts)
            for group in released.groups.items
            if any(row.id == group.id for row in table.rows)
        ],
        "hidden": hidden
        and {
            "counts": list(hidden.counts),
            "hidden": list(hidden.hidden),
            "shown": list(hidden.shown),
            "least": list(hidden.least),
            "k": hidden.k,
        },
    }


def _question_from_json(document: Mapping[str, Any]) -> QuestionRelease:
    hidden, counts = document["hidden"], document["counts"]
    return QuestionRelease(
        document["id"],
        document["title"],
        tuple((column, label) for column, label in document["columns"]),
        None if counts is None else tuple(counts),
        HiddenCell(
            counts=_pair(hidden["counts"]),
            hidden=tuple(hidden["hidden"]),
            shown=_pair(hidden["shown"]),
            least=_pair(hidden["least"]),
            k=hidden["k"],
        )
        if hidden
        else None,
    )


def _pair(numbers: Sequence[int]) -> tuple[int, int]:
    first, second = numbers
    return first, second


def _score_json(row: ReadinessRow) -> dict[str, Any] | None:
    if row.score is None:
        return None
    return Score(row.score, (row.bounds.low, row.bounds.high) if row.bounds else None).to_json()


def _sectors(
    definition: Readiness, table: SectorTable, released: ReleasedCampaign, population: Population | None
) -> list[dict[str, Any]]:
    """Scores of sectors, each from the released groups that lie in it and in no other; hidden ones give none."""
    if released.groups.single:
        return []
    found: dict[tuple[str, str], list[Group]] = {}
    for group in released.groups.items:
        found.setdefault(sector_of(table, group), []).append(group)
    documents = []
    for (sector_id, label), groups in found.items():
        score = _pooled_score(definition, table, released, groups, population)
        if score is not None:
            documents.append({"id": sector_id, "label": label, **score.to_json()})
    return documents


def sector_of(table: SectorTable, group: Group) -> tuple[str, str]:
    """The narrowest of the instrument's divisions that holds the whole group: sector, three-way sector, the rest."""
    sectors = {table.option_sector.get(option) for option in group.options}
    if None in sectors:
        return REST, "Pozostałe i bez wskazania"
    if len(sectors) == 1:
        own = table.sector(str(sectors.pop()))
        return own.id, own.label
    parts = {table.sector(str(sector)).three_way for sector in sectors}
    part = parts.pop() if len(parts) == 1 else None
    if part is None:
        return REST, "Pozostałe i bez wskazania"
    return f"three_way:{part}", f"{table.three_way_labels[part]} (grupy połączone)"


def _pooled_score(
    definition: Readiness,
    table: SectorTable,
    released: ReleasedCampaign,
    groups: Sequence[Group],
    population: Population | None,
) -> Score | None:
    size = _size(table, groups, population)
    shares, bounds = [], []
    for item in definition.items:
        question = released.questions[item.question]
        rows = [(question.count(group.id, item.positive), question.row(group.id).base) for group in groups]
        known = [(positive, base) for positive, base in rows if positive is not None and base is not None]
        positive, base = sum(one for one, _ in known), sum(one for _, one in known)
        if len(known) < len(rows) or base < max(definition.minimum_answers, 1):
            return None
        shares.append(positive / base)
        if size is not None and base <= size:
            bounds.append(share_bounds(positive, base, size))
    middle = mean_bounds(bounds, 100.0) if len(bounds) == len(shares) else None
    return Score(100 * sum(shares) / len(shares), (middle.low, middle.high) if middle else None)


def _size(table: SectorTable, groups: Sequence[Group], population: Population | None) -> int | None:
    """How many institutions of these groups were invited, where the catalogue can say so."""
    tied = [tied_sectors(table, group) for group in groups]
    if population is None or not all(tied):
        return None
    return sum(population.by_sector.get(sector, 0) for sectors in tied for sector in sectors)
