"""The page on which a paper is filled in: its parts, what was typed, and how it is read back."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.errors import Fault
from survey_app.forms.handlers import Fields, handler
from survey_app.forms.page import read_page
from survey_app.forms.steps import Asked, steps
from survey_app.forms.tables import (
    ROWS_ADDED,
    ShownRow,
    TablesResult,
    filled_in,
    read_tables,
    shown_rows,
    with_room,
)
from survey_app.forms.typed_text import from_word, shown, text_faults
from survey_app.instrument.assumptions import assumed
from survey_app.instrument.calculator_model import TABLE_OF, Assumption
from survey_app.instrument.model import Instrument, Question, Section
from survey_app.instrument.paper_model import Row, RowTable
from survey_app.instrument.paper_text import places
from survey_app.instrument.routing import path
from survey_app.instrument.values import Value

TEXT_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class SentPaper:
    """What a sent page holds. `values` and `rows` have only what is valid; `raw` has everything, to show again."""

    values: Mapping[str, Value]
    rows: Mapping[str, list[Row]]
    faults: list[Fault]
    raw: Mapping[str, str]
    order: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class PagePart:
    """A section: its questions, then its tables with their rows."""

    section: Section
    asked: tuple[Asked, ...]
    tables: tuple[tuple[RowTable, tuple[ShownRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """What a page that was not sent yet begins with. As `SentPaper`, without faults."""

    raw: Mapping[str, str] = field(default_factory=dict)
    order: Mapping[str, list[str]] = field(default_factory=dict)


def unworded(form: Fields) -> dict[str, list[str]]:
    """Every field without what word processors leave in a copied text."""
    return {name: [from_word(text) for text in texts] for name, texts in form.items()}


def read_paper(definition: Instrument, form: Fields, stamp: str) -> SentPaper:
    """Everything of the page. `stamp`: see `read_tables`."""
    plain = unworded(form)
    page = read_page(definition, plain)
    tables = read_tables(definition.tables, plain, stamp)
    return SentPaper(
        page.values,
        tables.rows,
        [
            *page.faults,
            *tables.faults,
            *_out_of_order(definition, page.values),
            *_of_assumptions(definition, tables),
        ],
        {**page.raw, **tables.raw},
        tables.order,
    )


def _out_of_order(definition: Instrument, values: Mapping[str, Value]) -> Iterator[Fault]:
    """A fault for each day that comes before the one that it should follow."""
    rules = definition.definitions.paper
    for first, then in rules.in_order if rules else ():
        earlier, later = values.get(first), values.get(then)
        if isinstance(earlier, str) and isinstance(later, str) and later < earlier:
            names = [definition.by_id[one].text.rstrip(" :") for one in (then, first)]
            message = f"„{names[0]}” wypada wcześniej niż „{names[1]}”."
            yield Fault("paper.days", then, message, "Prosimy poprawić jedną z tych dat.")


def _of_assumptions(definition: Instrument, tables: TablesResult) -> Iterator[Fault]:
    """Numbers of a calculator that cannot be or do not rise; no cell is complained of twice."""
    rules = definition.definitions.paper
    if rules is None or rules.calculator is None:
        return
    refused = {fault.where for fault in tables.faults}
    for one in assumed(rules.calculator, tables.rows).problems:
        where = assumption_cell(one.assumption, one.column)
        if where not in refused:
            yield Fault("calculator.value", where, one.message, one.hint)


def assumption_cell(one: Assumption, column: str) -> str:
    """The name, and id, of its control on the page; `column`: of `calculator_model.COLUMNS`."""
    return f"{TABLE_OF}{one.section}-{one.id}-{column}"


def begun(definition: Instrument, answers: Mapping[str, Value], rows: Mapping[str, Sequence[Row]]) -> Blank:
    """A page filled with what is known."""
    raw: dict[str, str] = {}
    for question in definition.questions:
        value = answers.get(question.id)
        if value is not None:
            sent = handler(question.type).fields(question, value)
            raw |= {name: texts[0] for name, texts in sent.items() if texts}
    tables: TablesResult = filled_in(definition.tables, rows)
    return Blank({**raw, **tables.raw}, tables.order)


def parts(definition: Instrument, page: Blank | SentPaper, added: str | None = None) -> list[PagePart]:
    """The page, section by section. There is always an empty row, and three rows at least.

    `added`: the table for which more rows were asked for.
    """
    return [
        PagePart(section, asked, tuple((table, tuple(_rows(table, page, added))) for table in section.tables))
        for section, asked in _sections(definition)
    ]


def _rows(table: RowTable, page: Blank | SentPaper, added: str | None) -> list[ShownRow]:
    order = page.order.get(table.id, ())
    has_room = any(
        not any(page.raw.get(name, "").strip() for name in row.names) for row in shown_rows(table, order)
    )
    more = ROWS_ADDED if table.id == added else max(0 if has_room else 1, ROWS_ADDED - len(order))
    return shown_rows(table, with_room(table, order, more))


@functools.lru_cache(maxsize=64)
def _sections(definition: Instrument) -> tuple[tuple[Section, tuple[Asked, ...]], ...]:
    asked = {item.question.id: item for step in steps(definition) for item in step.asked}
    return tuple(
        (section, tuple(asked[question.id] for question in section.questions))
        for section in definition.sections
    )


def off_path(definition: Instrument, answers: Mapping[str, Value]) -> list[Question]:
    """Questions that were answered and are passed over: kept, and no part of the text."""
    on_path = set(path(definition, answers))
    return [one for one in definition.questions if one.id in answers and one.id not in on_path]


def edited_faults(text: str, known: Collection[str]) -> list[Fault]:
    """What is wrong with a text that was edited by hand: nothing in it, signs, length, places that lead nowhere."""
    faults = text_faults("text", "Treść", text, TEXT_LENGTH)
    if not text:
        hint = "Prosimy ją wpisać albo wrócić do treści z pól."
        faults.append(Fault("text.none", "text", "Treść jest pusta.", hint))
    for name in places(text):
        if name not in known:
            hint = "Prosimy poprawić nazwę w nawiasach klamrowych albo usunąć nawiasy."
            faults.append(Fault("text.place", "text", f"Nie ma pola „{shown(name[:80])}”.", hint))
    return faults
