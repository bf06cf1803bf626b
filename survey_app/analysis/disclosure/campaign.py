"""Every table of a campaign, released together, so that no two of them can be played off against each
other.

METHOD, "Disclosure control": what counts is everything that is ever published. Hence the order here: closed
questions by group; then questions that hang on others, which stay hidden wherever the question above them
is hidden; then free texts, whose mere number may say how many gave the answer that led to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from survey_app.analysis.classes import COUNTED_TYPES, columns_of
from survey_app.analysis.disclosure.maker import (
    GMINA,
    GMINA_LABEL,
    gmina_row,
    group_rows,
    hidden_notes,
    make_table,
    release_numbers,
)
from survey_app.analysis.disclosure.suppress import Cells, Verdict, boxes_allow, decide, floors_allow
from survey_app.analysis.frames import with_groups
from survey_app.analysis.groups import Groups
from survey_app.analysis.released import Column, ReleasedRow, ReleasedTable
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Instrument, Operator, Question
from survey_app.instrument.values import State

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class ReleasedCampaign:
    """All that may ever be shown of a campaign's answers.

    `questions`: question id -> table (closed questions, and boxes filled of short texts). `texts`: ids of the
    questions whose cleared texts, and whose number of texts, may be shown.
    """

    groups: Groups
    response: ReleasedTable
    by_type: ReleasedTable
    sizes: ReleasedTable
    questions: Mapping[str, ReleasedTable]
    texts: frozenset[str]


@dataclass(slots=True)
class _Release:
    """The tables of one campaign while they are being decided."""

    instrument: Instrument
    frame: pd.DataFrame
    groups: Groups
    cells: dict[str, tuple[list[Cells], Cells]] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def k(self) -> int:
        return self.groups.k

    def hidden_above(self, question: Question) -> bool:
        """Is the gmina's row hidden of any question that this one hangs on, however far above?"""
        return any(
            self.verdicts[above].total
            for above in ancestors(self.instrument, question)
            if above in self.verdicts
        )


def release_campaign(
    instrument: Instrument, frame: pd.DataFrame, groups: Groups, response: Mapping[str, tuple[str, int]]
) -> ReleasedCampaign:
    """Decide what may be shown of a locked campaign.

    `frame` is `frames.tidy`; `groups` were formed at the lock; `response` holds the figures about the
    response, column id -> (label, number). A named campaign hides nothing.
    """
    release = _Release(instrument, with_groups(instrument, frame, groups), groups)
    _count_closed(release)
    _count_boxes(release)
    for question in instrument.questions:
        if question.id in release.cells:
            release.verdicts[question.id] = _verdict(release, question)
    texts = _texts_to_show(release)
    percent_from = instrument.definitions.percent_from
    people = int(frame["response"].nunique())
    tables = {question_id: _table(release, question_id) for question_id in release.cells}
    by_type = _by_type(release, people)
    if instrument.definitions.sectors:
        tables[instrument.definitions.sectors.question] = by_type
    order = [question.id for question in instrument.questions]
    could_answer = max(
        [people, *(number for _, number in response.values())]
    )  # a share of the invited, if known
    return ReleasedCampaign(
        groups,
        release_numbers("response", "Odpowiedzi na ankietę", response, percent_from, could_answer),
        by_type,
        _sizes(release, people),
        {question_id: tables[question_id] for question_id in order if question_id in tables},
        texts,
    )


def ancestors(instrument: Instrument, question: Question) -> frozenset[str]:
    """Ids of all questions that decide, directly or not, whether this one is asked."""
    found: set[str] = set()
    waiting = [question]
    while waiting:
        condition = waiting.pop().ask_if
        for comparison in condition.comparisons if condition else ():
            if comparison.question not in found:
                found.add(comparison.question)
                waiting.append(instrument.by_id[comparison.question])
    return frozenset(found)


def _count_closed(release: _Release) -> None:
    """Closed questions: by group where everyone is asked, for the gmina alone where routing decides.

    A routed question by group would count, per group, the answers of the question above it.
    """
    frame, table = release.frame, release.instrument.definitions.sectors
    given = frame[frame["state"] == State.ANSWERED.value]
    found = given.groupby(["question", "group", "choice"]).size().to_dict()
    for question in release.instrument.questions:
        if question.type not in COUNTED_TYPES or (table and question.id == table.question):
            continue
        columns = columns_of(question)
        rows = [
            Cells(tuple(int(found.get((question.id, group.id, column.id), 0)) for column in columns))
            for group in release.groups.items
        ]
        total = Cells(tuple(sum(counts) for counts in zip(*(row.counts for row in rows), strict=True)))
        by_group = question.ask_if is None and not release.groups.single
        release.cells[question.id] = (rows if by_group else [], total)


def _count_boxes(release: _Release) -> None:
    """Boxes filled in short texts by those asked, for the gmina alone (METHOD, "Readiness per sector")."""
    found = release.frame.groupby(["question", "filled"]).size().to_dict()
    for question in release.instrument.questions:
        if question.type is AnswerType.SHORT_TEXTS and _may_be_shown(release, question):
            counts = tuple(int(found.get((question.id, box), 0)) for box in range(question.max_items + 1))
            release.cells[question.id] = ([], Cells(counts))


def _may_be_shown(release: _Release, question: Question) -> bool:
    """METHOD, "The ankieta": texts that can name the institution are never shown in an anonymous campaign."""
    return not (question.identifying and release.groups.anonymous)


def _verdict(release: _Release, question: Question) -> Verdict:
    if not release.groups.anonymous:
        return Verdict()
    rows, total = release.cells[question.id]
    if release.hidden_above(question):
        return Verdict(frozenset(range(len(rows))), total=True)
    if question.type is AnswerType.SHORT_TEXTS and decide([], Cells(total.counts[1:]), release.k).total:
        return Verdict(total=True)  # too few wrote anything, or few and all alike
    return decide(rows, total, release.k)


def _texts_to_show(release: _Release) -> frozenset[str]:
    """Ids of questions whose texts may be shown: at least k wrote, and their number gives nothing away."""
    wanted = [question for question in release.instrument.questions if question.type in FREE_TEXT_TYPES]
    wanted = [question for question in wanted if _may_be_shown(release, question)]
    if not release.groups.anonymous:
        return frozenset(question.id for question in wanted)
    filled = release.frame.groupby("question")["filled"]
    authors = (release.frame["filled"] > 0).groupby(release.frame["question"]).sum().to_dict()
    written = filled.sum().to_dict()
    shown = {
        question.id: int(written[question.id])
        for question in wanted
        if authors.get(question.id, 0) >= release.k
        and _boxes_stay_hidden(release, question, int(written[question.id]))
    }
    for closed in release.cells:
        if release.verdicts[closed].total and not _floors_hold(release, closed, shown):
            below = (q for q in wanted if closed in ancestors(release.instrument, q))
            for question in below:
                shown.pop(question.id, None)
    return frozenset(shown)


def _boxes_stay_hidden(release: _Release, question: Question, texts: int) -> bool:
    if question.id not in release.cells or not release.verdicts[question.id].total:
        return True
    asked = release.cells[question.id][1].base
    return boxes_allow(question.max_items, texts, asked, release.k)


def _floors_hold(release: _Release, closed: str, shown: Mapping[str, int]) -> bool:
    floors = _floors(release.instrument, closed, shown)
    if floors is None:
        return False
    rows, total = release.cells[closed]
    columns = columns_of(release.instrument.by_id[closed])
    least = [floors.get(column.id, 0) for column in columns]
    return floors_allow(rows, total, release.verdicts[closed], least, release.k)


def _floors(instrument: Instrument, closed: str, shown: Mapping[str, int]) -> dict[str, int] | None:
    """The least count of each answer to `closed` that the numbers of texts below it prove; None: too
    entangled.

    Whoever wrote under a follow-up gave the answer that leads there; one person writes at most `max_items`
    texts.
    """
    floors: dict[str, int] = {}
    in_classes = instrument.by_id[closed].type in {AnswerType.NUMBER, AnswerType.DATE}
    for question in instrument.questions:
        comparisons = question.ask_if.comparisons if question.ask_if else ()
        if closed not in {comparison.question for comparison in comparisons}:
            continue
        wrote = _least_asked(instrument, question, shown)
        if wrote and (len(comparisons) > 1 or comparisons[0].op is not Operator.EQ or in_classes):
            return None
        answer = str(comparisons[0].value)
        floors[answer] = max(floors.get(answer, 0), wrote)
    return floors


def proven_by_texts(
    instrument: Instrument, frame: pd.DataFrame, closed: str, texts: frozenset[str]
) -> dict[str, int] | None:
    """The least count of each answer to `closed` that the numbers of shown texts prove; None: too entangled."""
    written = frame.groupby("question")["filled"].sum().to_dict()
    return _floors(instrument, closed, {question_id: int(written[question_id]) for question_id in texts})


def _least_asked(instrument: Instrument, question: Question, shown: Mapping[str, int]) -> int:
    """How many must have been asked, at the least, given the numbers of texts that are shown."""
    if question.type in COUNTED_TYPES:
        return sum((_floors(instrument, question.id, shown) or {}).values())
    boxes = question.max_items if question.type is AnswerType.SHORT_TEXTS else 1
    below = (q for q in instrument.questions if _hangs_on(q, question.id))
    further = max((_least_asked(instrument, q, shown) for q in below), default=0)
    return max(ceil(shown.get(question.id, 0) / boxes), further)


def _hangs_on(question: Question, above: str) -> bool:
    return question.ask_if is not None and above in {c.question for c in question.ask_if.comparisons}


def _table(release: _Release, question_id: str) -> ReleasedTable:
    question = release.instrument.by_id[question_id]
    rows, total = release.cells[question_id]
    verdict = release.verdicts[question_id]
    shown_groups = release.groups.items if rows else ()
    return make_table(
        question_id,
        question.text,
        columns_of(question),
        [gmina_row(total, hidden=verdict.total), *group_rows(shown_groups, rows, verdict)],
        release.instrument.definitions.percent_from,
        hidden_notes(verdict, shown_groups, release.k),
        _states(release, question_id, hidden=verdict.total),
    )


def _states(release: _Release, question_id: str, *, hidden: bool) -> dict[str, int | None]:
    """How many answered, left it, were not asked, did not get there; all hidden with the gmina's row."""
    if hidden:
        return {state.value: None for state in State}
    own = release.frame.loc[release.frame["question"] == question_id, "state"].value_counts().to_dict()
    return {state.value: int(own.get(state.value, 0)) for state in State}


def _group_counts(release: _Release) -> list[int]:
    people = release.frame.drop_duplicates("response")["group"].value_counts().to_dict()
    return [int(people.get(group.id, 0)) for group in release.groups.items]


def _by_type(release: _Release, people: int) -> ReleasedTable:
    """Question 1 as it may be shown: one column per released group, merged types together."""
    table = release.instrument.definitions.sectors
    columns = [Column(group.id, group.label) for group in release.groups.items]
    row = ReleasedRow(GMINA, GMINA_LABEL, "gmina", people, tuple(_group_counts(release)))
    return make_table(
        table.question if table else "groups",
        release.instrument.by_id[table.question].text if table else "Odpowiedzi",
        columns,
        [row],
        release.instrument.definitions.percent_from,
        _merged_notes(release.groups),
    )


def _merged_notes(groups: Groups) -> list[str]:
    """Which types a group holds, wherever its label alone does not say so."""
    return [
        f"„{group.label}” obejmuje: {'; '.join(group.members)}."
        for group in groups.items
        if len(group.members) > 1
    ]


def _sizes(release: _Release, people: int) -> ReleasedTable:
    """How many answered the ankieta in each released group."""
    rows = [ReleasedRow(GMINA, GMINA_LABEL, "gmina", people, (people,))]
    rows += [
        ReleasedRow(group.id, group.label, "group", count, (count,))
        for group, count in zip(release.groups.items, _group_counts(release), strict=True)
        if not release.groups.single
    ]
    return make_table(
        "groups",
        "Grupy, dla których podano wyniki",
        [Column("answered", "liczba ankiet")],
        rows,
        release.instrument.definitions.percent_from,
        _merged_notes(release.groups),
    )
