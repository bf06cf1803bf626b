"""Tables of a paper on a page: fields "<table>-<row>-<column>" as rows, every fault by table, row and column.

Each row says its id in a field "<table>-rows", so that empty ones come back in their places. A row of a free table that
is new has an id of the page's ("nowy1") until it is kept; its own is made from what is in it and who sent it, so that
the same page sent twice makes the same rows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey_app.errors import Fault
from survey_app.forms.handlers import Fields, handler
from survey_app.forms.handlers.base import ONE, name_of, single
from survey_app.forms.typed_text import clean_line, clean_text, line_faults, shown, text_faults
from survey_app.instrument.check_numbers import CELL_DECIMALS
from survey_app.instrument.model import AnswerType, Question
from survey_app.instrument.paper_model import ROW_ID, Column, ColumnType, Row, RowTable
from survey_app.polish import counted

CELL_LENGTH = {ColumnType.TEXT: 500, ColumnType.LONG_TEXT: 4_000}
NEW_ROW = "nowy"
ROWS_ADDED = 3
_ROW_FORM = re.compile(r"[a-z0-9_]{1,40}")
_NEW_FORM = re.compile(rf"{NEW_ROW}([0-9]{{1,4}})")
_FAMILIES = {ColumnType.NUMBER: AnswerType.NUMBER, ColumnType.DATE: AnswerType.DATE}


@dataclass(frozen=True, slots=True)
class TablesResult:
    """What the tables of a sent page hold. `rows`: table id -> rows with something in them, each with `_id`.

    `raw`: field name -> text to show again; `order`: table id -> ids of all rows of the page, in its order.
    """

    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    raw: Mapping[str, str] = field(default_factory=dict)
    order: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page has it. `names`: of its fields, in the order of the columns. `help`: of a fixed row."""

    id: str
    label: str
    names: tuple[str, ...]
    help: str = ""


def cell_name(table: RowTable, row_id: str, column: Column) -> str:
    """The name, and id, of a cell's control."""
    return f"{table.id}-{row_id}-{column.id}"


def marker(table: RowTable) -> str:
    """The name of the hidden fields that say which rows a page has."""
    return f"{table.id}-rows"


def read_tables(tables: Iterable[RowTable], form: Fields, stamp: str) -> TablesResult:
    """Rows and faults of all tables. `stamp`: what tells this page's new rows from those of another page."""
    rows: dict[str, list[Row]] = {}
    faults: list[Fault] = []
    raw: dict[str, str] = {}
    order: dict[str, list[str]] = {}
    for table in tables:
        order[table.id] = _ids(table, form)
        found: list[Row] = []
        for place, row_id in enumerate(order[table.id], 1):
            cells: dict[str, str] = {}
            for column in table.columns:
                name = cell_name(table, row_id, column)
                raw |= {name: shown(single(form, name))} if form.get(name) else {}
                text, wrong = _cell(table, row_id, place, column, form)
                faults += wrong
                cells |= {column.id: text} if text else {}
            if cells:
                found.append({ROW_ID: _kept_id(table, row_id, cells, stamp), **cells})
        if found:
            rows[table.id] = found
        if not table.rows and len(found) > table.most:
            faults.append(_too_many(table, len(found)))
    return TablesResult(rows, faults, raw, order)


def filled_in(tables: Iterable[RowTable], rows: Mapping[str, Sequence[Row]]) -> TablesResult:
    """The same for rows that are kept: to begin a page with."""
    raw: dict[str, str] = {}
    order: dict[str, list[str]] = {}
    for table in tables:
        order[table.id] = []
        for place, row in enumerate(rows.get(table.id, ()), 1):
            row_id = row.get(ROW_ID) or f"{NEW_ROW}{place}"
            order[table.id].append(row_id)
            for column in table.columns:
                text = row.get(column.id, "")
                if column.type is ColumnType.NUMBER:
                    text = text.replace(".", ",")
                raw |= {cell_name(table, row_id, column): text} if text else {}
    return TablesResult(raw=raw, order=order)


def with_room(table: RowTable, order: Sequence[str], more: int) -> list[str]:
    """Row ids with `more` new ones behind them, as many as the table may have; of fixed rows, those there are."""
    if table.rows:
        return [row.id for row in table.rows]
    numbers = [int(found[1]) for row_id in order if (found := _NEW_FORM.fullmatch(row_id))]
    first = max([0, len(order), *numbers]) + 1
    room = max(0, min(more, table.most - len(order)))
    return [*order, *(f"{NEW_ROW}{first + number}" for number in range(room))]


def shown_rows(table: RowTable, order: Sequence[str]) -> list[ShownRow]:
    """Rows as the page shows them; free ones are counted."""
    labels = {row.id: row.label for row in table.rows}
    helps = {row.id: row.help for row in table.rows}
    return [
        ShownRow(
            row_id,
            labels.get(row_id, f"Wiersz {place}"),
            tuple(cell_name(table, row_id, column) for column in table.columns),
            helps.get(row_id, ""),
        )
        for place, row_id in enumerate(order, 1)
    ]


def _ids(table: RowTable, form: Fields) -> list[str]:
    """Of every row that was sent, also where the field that names it did not come along."""
    if table.rows:
        return [row.id for row in table.rows]
    columns = {column.id for column in table.columns}
    told = list(form.get(marker(table), ()))
    for name in form:
        parts = name.split("-")
        if len(parts) == 3 and parts[0] == table.id and parts[2] in columns:
            told.append(parts[1])
    return [row_id for row_id in dict.fromkeys(told) if _ROW_FORM.fullmatch(row_id)]


def _cell(table: RowTable, row_id: str, place: int, column: Column, form: Fields) -> tuple[str, list[Fault]]:
    name, typed = cell_name(table, row_id, column), ""
    told = f"{table.title}, {_row_words(table, row_id, place)}, {column.label}"
    if len(form.get(name, ())) > 1:
        message = f"{told}: ta sama komórka przyszła więcej niż raz."
        return "", [Fault("field.repeated", name, message, ONE)]
    typed = single(form, name)
    if column.type in CELL_LENGTH:
        long = column.type is ColumnType.LONG_TEXT
        faults = (text_faults if long else line_faults)(name, told, typed, CELL_LENGTH[column.type])
        return (clean_text if long else clean_line)(typed), faults
    if column.type is ColumnType.CHOICE:
        chosen = clean_line(typed)
        if chosen and chosen not in column.options:
            message = f"{told}: nie ma odpowiedzi „{chosen[:40]}”."
            return "", [Fault("choice.unknown", name, message, "Prosimy wybrać jedną z listy.")]
        return chosen, []
    question = _asked(table, row_id, column, name)
    parsed = handler(question.type).parse(question, {name: [typed]})
    if parsed.faults:
        return typed, [
            replace(one, message=told + one.message.removeprefix(name_of(question))) for one in parsed.faults
        ]
    if parsed.value is None:
        return "", []
    if column.type is ColumnType.DATE or question.decimals == 0:
        return str(parsed.value), []
    return "".join(typed.split()).replace(",", ".").replace("−", "-").replace("–", "-"), []


def _asked(table: RowTable, row_id: str, column: Column, name: str) -> Question:
    """A cell as a question; of a number what its row says goes before what its column says."""
    row = next((one for one in table.rows if one.id == row_id), None)
    minimum, maximum, decimals = column.minimum, column.maximum, column.decimals
    if row is not None:
        minimum = minimum if row.minimum is None else row.minimum
        maximum = maximum if row.maximum is None else row.maximum
        decimals = decimals if row.decimals is None else row.decimals
    decimals = CELL_DECIMALS if decimals is None else decimals
    family = _FAMILIES[column.type]
    return Question(name, family, "", minimum=minimum, maximum=maximum, decimals=decimals)


def _row_words(table: RowTable, row_id: str, place: int) -> str:
    labels = {row.id: row.label for row in table.rows}
    return f"„{labels[row_id]}”" if row_id in labels else f"wiersz {place}"


def _kept_id(table: RowTable, row_id: str, cells: Mapping[str, str], stamp: str) -> str:
    if not _NEW_FORM.fullmatch(row_id):
        return row_id
    told = json.dumps([stamp, table.id, row_id, cells], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _too_many(table: RowTable, count: int) -> Fault:
    over = counted(count - table.most, "wiersz", "wiersze", "wierszy")
    message = (
        f"{table.title}: tabela może mieć najwyżej {counted(table.most, 'wiersz', 'wiersze', 'wierszy')}."
    )
    return Fault("table.long", f"{table.id}-tabela", message, f"Prosimy opróżnić {over}.")
