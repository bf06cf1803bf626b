"""One table of a paper from a file, and into one. A file is read whole or not at all; nothing is saved here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_app.errors import Fault, InvalidInputError, NotFoundError
from survey_app.forms.tables import CELL_LENGTH, NEW_ROW, cell_name, marker, read_tables
from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import ROW_ID, Column, ColumnType, Row, RowTable
from survey_app.polish import counted, fold
from survey_app.services.register.sheet import read_sheet
from survey_app.services.register.table_rows import SheetRow, refuse
from survey_app.services.spreadsheets import Cell, csv_bytes

MAX_BYTES = 1_000_000
ROW_HEADING = "Wiersz"  # above the labels of fixed rows, where the definition gives nothing else
_NOT_READ = "Nie wczytano pliku: nic się nie zmieniło."
_MOST_FAULTS = 20


def table_of(definition: Instrument, table_id: str) -> RowTable:
    """NotFoundError if the paper has no such table."""
    for table in definition.tables:
        if table.id == table_id:
            return table
    raise NotFoundError("To pismo nie ma takiej tabeli.")


def written(table: RowTable, rows: Sequence[Row]) -> bytes:
    """CSV with the columns' labels; fixed rows with theirs, filled in or not."""
    header = [column.label for column in table.columns]
    if not table.rows:
        return csv_bytes(header, ([_cell(column, row) for column in table.columns] for row in rows))
    held = {row.get(ROW_ID): row for row in rows}
    lines = (
        [fixed.label, *(_cell(column, held.get(fixed.id, {})) for column in table.columns)]
        for fixed in table.rows
    )
    return csv_bytes([table.heading or ROW_HEADING, *header], lines)


def _cell(column: Column, row: Row) -> Cell:
    text = row.get(column.id, "")
    if not text or column.type is not ColumnType.NUMBER:
        return text
    return float(text) if "." in text else int(text)


def read(table: RowTable, name: str, content: bytes, held: Sequence[Row]) -> list[Row]:
    """The table's rows with what the file holds in place of what was there.

    Columns are found by their labels, fixed rows, too; what the file does not name of fixed rows stays as it is. A row
    whose first cell is the same keeps its id. InvalidInputError: the file cannot be read, or a row or column of it is
    not of this table; every fault names its line and column.
    """
    if len(content) > MAX_BYTES:
        raise refuse("file_too_big", "Plik ma ponad 1 MB.", "Zostaw w nim tylko tę jedną tabelę.")
    lines = read_sheet(name, content).rows
    places, labels_at = _columns(table, lines[0])
    faults = [
        Fault("cell", "plik", f"Kolumna {one.column + 1}: {one.message}", one.hint, line.number)
        for line in lines
        for one in line.faults
    ]
    cells = [(line, _cells(line, places)) for line in lines[1:]]
    found = _fixed(table, cells, labels_at, faults) if table.rows else _free(cells, held)
    faults += _too_wide(lines)
    if not table.rows and len(found) > table.most:
        most = counted(table.most, "wiersz", "wiersze", "wierszy")
        faults.append(Fault("rows_many", "plik", f"Tabela może mieć najwyżej {most}.", "Usuń część."))
    faults += _cell_faults(table, found)
    if faults:
        raise InvalidInputError(_NOT_READ, faults[:_MOST_FAULTS])
    rows = [row for _, row in found]
    return _with_held(table, rows, held) if table.rows else rows


def _columns(table: RowTable, header: SheetRow) -> tuple[dict[int, Column], int]:
    """Place in the file -> column; and the place of the labels of fixed rows."""
    by_label = {fold(column.label): column for column in table.columns}
    heading = {fold(table.heading or ROW_HEADING), fold(ROW_HEADING), ""}
    places: dict[int, Column] = {}
    labels_at = -1
    faults: list[Fault] = []
    for at, words in enumerate(header.cells):
        column = by_label.get(fold(words))
        if column is not None and column not in places.values():
            places[at] = column
        elif column is not None:
            message = f"Kolumna {at + 1}: nagłówek „{words[:60]}” jest w pliku drugi raz."
            faults.append(Fault("column_twice", "plik", message, "Zostaw jedną.", header.number))
        elif table.rows and labels_at < 0 and fold(words) in heading:
            labels_at = at
        elif words:
            known = ", ".join(f"„{one.label}”" for one in table.columns)
            message = f"Kolumna {at + 1}: tabela nie ma kolumny „{words[:60]}”."
            faults.append(Fault("column_unknown", "plik", message, f"Są w niej: {known}.", header.number))
    if not places and not faults:
        faults.append(Fault("no_header", "plik", "Brakuje wiersza z nazwami kolumn.", "", header.number))
    if table.rows and labels_at < 0 and not faults:
        message = f"Brakuje kolumny „{table.heading or ROW_HEADING}” z nazwami wierszy."
        faults.append(
            Fault("no_labels", "plik", message, "Pobierz tabelę jako CSV i wypełnij ją.", header.number)
        )
    if faults:
        raise InvalidInputError(_NOT_READ, faults[:_MOST_FAULTS])
    return places, labels_at


def _cells(line: SheetRow, places: Mapping[int, Column]) -> dict[str, str]:
    """Column id -> text; a choice as it is written in the definition."""
    found: dict[str, str] = {}
    for at, column in places.items():
        text = line.cells[at] if at < len(line.cells) else ""
        if column.type is ColumnType.CHOICE:
            text = next((one for one in column.options if fold(one) == fold(text)), text)
        elif column.type in CELL_LENGTH:
            text = text if column.type is ColumnType.LONG_TEXT else " ".join(text.split())
        if text:
            found[column.id] = text
    return found


Found = list[tuple[int, Row]]  # line of the file, row


def _free(cells: Sequence[tuple[SheetRow, Mapping[str, str]]], held: Sequence[Row]) -> Found:
    """Rows that were there keep their ids, so that points given to them stay theirs."""
    ids: dict[tuple[str, str], list[str]] = {}
    for row in held:
        ids.setdefault(_told(row), []).append(row.get(ROW_ID, ""))
    found: Found = []
    for place, (line, row) in enumerate(cells, 1):
        if row:
            known = ids.get(_told(row))
            found.append((line.number, {ROW_ID: known.pop(0) if known else f"{NEW_ROW}{place}", **row}))
    return found


def _told(row: Row) -> tuple[str, str]:
    """The first cell with something in it, by its column."""
    return next(((key, fold(text)) for key, text in row.items() if key != ROW_ID and text), ("", ""))


def _fixed(
    table: RowTable,
    cells: Sequence[tuple[SheetRow, Mapping[str, str]]],
    labels_at: int,
    faults: list[Fault],
) -> Found:
    by_label = {fold(row.label): row.id for row in table.rows}
    found: Found = []
    for line, row in cells:
        label = line.cells[labels_at] if labels_at < len(line.cells) else ""
        row_id = by_label.get(fold(label))
        if row_id is None:
            message = f"Kolumna {labels_at + 1}: tabela nie ma wiersza „{label[:60]}”."
            hint = "Nazwy wierszy muszą być takie jak w formularzu."
            faults.append(Fault("row_unknown", "plik", message, hint, line.number))
        elif any(one[ROW_ID] == row_id for _, one in found):
            message = f"Kolumna {labels_at + 1}: wiersz „{label[:60]}” jest w pliku drugi raz."
            faults.append(Fault("row_twice", "plik", message, "Zostaw jeden.", line.number))
        else:
            found.append((line.number, {ROW_ID: row_id, **row}))
    return found


def _too_wide(lines: Sequence[SheetRow]) -> list[Fault]:
    """A comma too many moves every cell after it: better said than dropped."""
    width = len(lines[0].cells)
    return [
        Fault(
            "cells_many",
            "plik",
            f"Kolumna {width + 1}: nie ma nad nią nagłówka.",
            "Popraw ten wiersz.",
            line.number,
        )
        for line in lines[1:]
        if any(line.cells[width:])
    ]


def _cell_faults(table: RowTable, found: Found) -> list[Fault]:
    """What the form would refuse, told by the file's own line and column."""
    faults: list[Fault] = []
    form: dict[str, list[str]] = {marker(table): [row[ROW_ID] for _, row in found]}
    lines: dict[str, tuple[int, Column]] = {}
    for number, row in found:
        for column in table.columns:
            name = cell_name(table, row[ROW_ID], column)
            lines[name] = (number, column)
            if column.id in row:
                form[name] = [row[column.id]]
    for fault in read_tables([table], form, "").faults:
        if fault.where in lines:
            number, column = lines[fault.where]
            message = (
                f"Kolumna „{column.label}”: {fault.message.rpartition(f', {column.label}')[2].lstrip(': ')}"
            )
            faults.append(Fault(fault.code, "plik", message, fault.hint, number))
    return faults


def _with_held(table: RowTable, rows: Sequence[Row], held: Sequence[Row]) -> list[Row]:
    """Fixed rows: a cell of the file in place of the one that was there; the others stay."""
    before = {row.get(ROW_ID): row for row in held}
    read_now = {row[ROW_ID]: row for row in rows}
    merged = [{**before.get(one.id, {}), **read_now.get(one.id, {}), ROW_ID: one.id} for one in table.rows]
    return [row for row in merged if len(row) > 1]
