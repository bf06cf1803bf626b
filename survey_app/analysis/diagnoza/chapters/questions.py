"""Results question by question: wording, chart, table, and what the states of an answer were."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.charts.answers import answers_by_group
from survey_app.analysis.charts.counts import counts_bars
from survey_app.analysis.charts.overview import NO_ANSWER, overview_chart, without_answer
from survey_app.analysis.diagnoza.chapters.response import TYPES_ANCHOR
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    CountTable,
    Figure,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.result import Bounds, Diagnoza, QuestionResult
from survey_app.analysis.released import HIDDEN, ReleasedTable
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Question
from survey_app.instrument.routing import written_routing
from survey_app.instrument.values import State

_STATE_WORDS = {
    State.ANSWERED.value: "odpowiedzi",
    State.UNANSWERED.value: "bez odpowiedzi",
    State.NOT_ASKED.value: "nie dotyczy (pytania nie zadano)",
    State.NOT_REACHED.value: "nie doszło do pytania",
}


def questions_chapter(diagnoza: Diagnoza) -> Chapter:
    """Every numbered question with its follow-ups. Without a single answer there is nothing to print."""
    blocks: list[Block] = []
    if diagnoza.response.answered:
        blocks += _overview(diagnoza)
        for result in diagnoza.questions:
            blocks += _question(diagnoza, result)
    return Chapter("", "Wyniki pytanie po pytaniu", "wyniki", blocks)


def _overview(diagnoza: Diagnoza) -> Iterator[Block]:
    """All yes and no questions at one glance, for the whole gmina; left out where there is nothing to compare."""
    asked = [
        (f"{result.question.number}. {result.question.text}", result.table)
        for result in diagnoza.questions
        if result.question.type is AnswerType.YES_NO and result.question.number and result.table is not None
    ]
    if len(asked) < 2 or not any(_is_visible(table) for _, table in asked):
        return
    forms, caption = diagnoza.response.answered, "Odpowiedzi na pytania zamknięte w całej gminie"
    yield Subheading("Wszystkie pytania zamknięte", "wyniki-przeglad")
    yield Figure(caption, overview_chart(asked, forms), "tabela-przeglad")
    answers = tuple(column.label for column in asked[0][1].columns)
    header = ("Pytanie", *answers, NO_ANSWER.capitalize(), "Ankiety")
    rows = tuple(_overview_row(label, table, forms) for label, table in asked)
    yield TextTable(caption, header, rows, (7, *[1.0] * len(answers), 2.4, 1.3), "tabela-przeglad")


def _overview_row(label: str, table: ReleasedTable, forms: int) -> tuple[str, ...]:
    row = table.rows[0]
    if row.hidden:
        return (label, *[HIDDEN] * (len(row.counts) + 1), polish.whole(forms))
    counts = (*(count or 0 for count in row.counts), without_answer(row, forms), forms)
    return (label, *(polish.whole(count) for count in counts))


def heading_of(question: Question) -> str:
    """ "Pytanie 5. ..." for numbered questions, the wording alone for follow-ups."""
    return f"Pytanie {question.number}. {question.text}" if question.number else question.text.rstrip(":")


def _question(diagnoza: Diagnoza, result: QuestionResult) -> Iterator[Block]:
    question = result.question
    if question.follows and not (_is_visible(result.table) or result.texts):
        return  # a follow-up of which nothing may be shown would be an empty heading
    yield Subheading(heading_of(question), f"pytanie-{question.id}", 3 if question.follows else 2)
    routing = written_routing(diagnoza.instrument).get(question.id)
    if routing and not question.follows:
        yield Paragraph(routing, "note")
    if _is_grouping(diagnoza, question) and len(diagnoza.response.by_type.columns) > 1:
        yield Paragraph(
            f"Odpowiedzi na to pytanie są w rozdziale „Kto odpowiedział” ({_as_reference(result.table)})."
        )
    elif _is_visible(result.table) and result.table is not None:
        yield from _numbers(result, result.table)
    elif question.type not in FREE_TEXT_TYPES:
        yield Paragraph("Liczb nie można pokazać: zdradzałyby odpowiedzi konkretnych osób.")
        yield from (Paragraph(note, "note") for note in (result.table.notes if result.table else ()))
    yield from _about_texts(result)


def _as_reference(table: ReleasedTable | None) -> str:
    return f"n = {table.rows[0].base}" if table and table.rows[0].base is not None else "liczby ukryte"


def _is_grouping(diagnoza: Diagnoza, question: Question) -> bool:
    sectors = diagnoza.instrument.definitions.sectors
    return sectors is not None and sectors.question == question.id and bool(TYPES_ANCHOR)


def _is_visible(table: ReleasedTable | None) -> bool:
    """Is there a row with at least one answer that may be shown?"""
    return table is not None and any(not row.hidden and row.base for row in table.rows)


def _numbers(result: QuestionResult, table: ReleasedTable) -> Iterator[Block]:
    question, anchor = result.question, f"tabela-{result.question.id}"
    is_open = question.type in FREE_TEXT_TYPES
    if is_open and len(table.rows) == 1:
        yield Paragraph(_entries(table))
        yield from (Paragraph(note, "note") for note in table.notes)
        return
    caption = "Liczba wpisów w jednej ankiecie" if is_open else _caption(question)
    if not is_open:
        chart = answers_by_group(table) if question.type is AnswerType.YES_NO else counts_bars(table)
        yield Figure(caption, chart, anchor)
    as_list = len(table.rows) == 1 and len(table.columns) > 4
    yield CountTable(caption, table, show_shares=not is_open, anchor=anchor, as_list=as_list)
    sentences = [_states(table), _bounds(result.bounds)]
    text = " ".join(sentence for sentence in sentences if sentence)
    if text and not is_open:
        yield Paragraph(text, "note")


def _entries(table: ReleasedTable) -> str:
    """One row of counts reads quicker as a sentence than as a table with a caption."""
    row = table.rows[0]
    counts = zip(table.columns, row.counts, strict=True)
    told = ", ".join(
        f"{column.label}: {'ukryte' if count is None else polish.whole(count)}" for column, count in counts
    )
    base = f"n{polish.NBSP}={polish.NBSP}{polish.whole(row.base or 0)}"
    return f"Liczba wpisów w jednej ankiecie ({base}). {told[:1].upper()}{told[1:]}."


def _caption(question: Question) -> str:
    return f"Odpowiedzi na pytanie {question.number}" if question.number else question.text.rstrip(":")


def _states(table: ReleasedTable) -> str:
    """The four states of METHOD, "The ankieta", for all forms; nothing where a state is hidden."""
    counts = [(words, table.states.get(state, 0)) for state, words in _STATE_WORDS.items()]
    if not table.states or any(count is None for _, count in counts):
        return ""
    told = ", ".join(f"{words}: {polish.whole(count or 0)}" for words, count in counts if count)
    return f"Wszystkie ankiety: {told}."


def _bounds(bounds: Bounds | None) -> str:
    if bounds is None:
        return ""
    low, high = polish.percent(bounds.low), polish.percent(bounds.high)
    return f"Granice odsetka TAK wśród wszystkich zaproszonych: od {low} do {high}."


def _about_texts(result: QuestionResult) -> Iterator[Block]:
    if result.question.type in FREE_TEXT_TYPES and not result.texts:
        if not result.question.follows:
            yield Paragraph("Treści odpowiedzi na to pytanie nie podajemy.", "note")
    elif result.texts:
        count = polish.counted(len(result.texts), "odpowiedź", "odpowiedzi", "odpowiedzi")
        yield Paragraph(f"Treść ({count}) jest w rozdziale „Odpowiedzi otwarte”.", "note")
