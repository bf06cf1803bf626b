"""Every table of the diagnoza as a workbook: a list of tables, and a sheet for each, with numbers as numbers."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from survey_app.analysis.diagnoza.document import CountTable, Document, TextTable
from survey_app.analysis.diagnoza.grid import Grid, GridCell, grid
from survey_app.analysis.diagnoza.page import chapter_title
from survey_app.analysis.pdf.canvas import CREATOR
from survey_app.analysis.released import HIDDEN

LIST_OF_TABLES = "Spis tabel"
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_HEADER_ROW = 3  # below the caption, the chapter and the way back
_LONGEST_TEXT = 32_767  # a limit of the format
_WIDEST, _NARROWEST = 60, 9
_LONGEST_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class _TableSheet:
    name: str
    chapter: str
    table: Grid


def render_workbook(document: Document) -> bytes:
    """The report's tables as XLSX. Deterministic: dates come from the document, not the clock."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    made = (document.created or _EPOCH).astimezone(dt.UTC).replace(tzinfo=None)
    title = document.title[:_LONGEST_PROPERTY]
    workbook.set_properties({"title": title, "author": CREATOR, "created": made})
    writing = _Writing(workbook)
    sheets = _sheets(document)
    _list(writing, document, sheets)
    for number, sheet in enumerate(sheets, start=1):
        _table(writing, sheet, number)
    workbook.close()
    return target.getvalue()


def _sheets(document: Document) -> list[_TableSheet]:
    found = [
        (chapter_title(chapter), grid(block))
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, CountTable | TextTable)
    ]
    return [_TableSheet(f"Tabela {at}", chapter, table) for at, (chapter, table) in enumerate(found, start=1)]


class _Writing:
    """A workbook with its formats, each made once."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def text(self, page: Any, row: int, column: int, words: str, **properties: Any) -> None:
        """Always a text: what looks like a formula or an address is none."""
        page.write_string(row, column, words[:_LONGEST_TEXT], self.look(**properties))


def _list(writing: _Writing, document: Document, sheets: Sequence[_TableSheet]) -> None:
    page = writing.workbook.add_worksheet(LIST_OF_TABLES)
    mark = f"{document.watermark}: dane wymyślone. " if document.watermark else ""
    writing.text(page, 0, 0, document.title, bold=True, font_size=14)
    writing.text(page, 1, 0, f"{mark}{document.running}. Suma kontrolna danych: {document.checksum}")
    told = "„ukryte” znaczy, że liczba mogłaby zdradzić odpowiedź konkretnej osoby. Ukryte nie znaczy zero."
    writing.text(page, 2, 0, f"Odsetki są niezaokrąglone, pokazane w pełnych procentach; {told}")
    header = 4
    for column, words in enumerate(("Arkusz", "Tabela", "Rozdział", "Liczba wierszy")):
        writing.text(page, header, column, words, bold=True, bottom=1, text_wrap=True)
    for row, sheet in enumerate(sheets, start=header + 1):
        where = f"internal:'{sheet.name}'!A1"
        page.write_url(row, 0, where, writing.look(font_color="#0E5A4F", underline=1), sheet.name)
        writing.text(page, row, 1, _without_number(sheet.table.caption), text_wrap=True, valign="top")
        writing.text(page, row, 2, sheet.chapter, text_wrap=True, valign="top")
        page.write_number(row, 3, len(sheet.table.rows), writing.look(valign="top"))
    for column, width in enumerate((12, 70, 44, 10)):
        page.set_column(column, column, width)
    page.freeze_panes(header + 1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header)


def _without_number(caption: str) -> str:
    return re.sub(r"^Tabela \d+\. ", "", caption)


def _table(writing: _Writing, sheet: _TableSheet, number: int) -> None:
    page, table = writing.workbook.add_worksheet(sheet.name), sheet.table
    writing.text(page, 0, 0, table.caption, bold=True, font_size=12)
    writing.text(page, 1, 0, f"Rozdział: {sheet.chapter}")
    page.write_url(
        2,
        0,
        f"internal:'{LIST_OF_TABLES}'!A1",
        writing.look(font_color="#0E5A4F", underline=1),
        LIST_OF_TABLES,
    )
    _declare(page, table, number)
    for column, words in enumerate(table.header):
        align = "right" if column in table.numeric else "left"
        writing.text(
            page, _HEADER_ROW, column, words, bold=True, text_wrap=True, valign="top", align=align, bottom=1
        )
        page.set_column(column, column, _width(table, column))
    for row, line in enumerate(table.rows):
        for column, cell in enumerate(line):
            _cell(writing, page, _HEADER_ROW + 1 + row, column, cell, bold=row in table.emphasised)
    for at, note in enumerate(table.notes):
        writing.text(page, _HEADER_ROW + 2 + len(table.rows) + at, 0, note, italic=True)
    page.freeze_panes(_HEADER_ROW + 1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)


def _declare(page: Any, table: Grid, number: int) -> None:
    """A table in the program's sense: readers of the screen say its headers with each cell."""
    distinct = {words.casefold() for words in table.header}
    if not table.rows or len(distinct) < len(table.header) or "" in distinct:
        return
    page.add_table(
        _HEADER_ROW,
        0,
        _HEADER_ROW + len(table.rows),
        len(table.header) - 1,
        {
            "name": f"Tabela_{number}",
            "columns": [{"header": words} for words in table.header],
            "style": "Table Style Light 1",
            "autofilter": False,
            "banded_rows": False,
            "first_column": True,
        },
    )


def _cell(writing: _Writing, page: Any, row: int, column: int, cell: GridCell, *, bold: bool) -> None:
    look: dict[str, Any] = {"valign": "top"} | ({"bold": True} if bold or column == 0 else {})
    if cell.value is None:
        page.write_blank(row, column, None, writing.look(**look))
    elif isinstance(cell.value, str):
        hidden = cell.value == HIDDEN and column > 0
        look |= {"align": "right", "italic": True} if hidden else {"text_wrap": True}
        writing.text(page, row, column, cell.value, **look)
    else:
        page.write_number(row, column, cell.value, writing.look(num_format=_format(cell), **look))


def _format(cell: GridCell) -> str:
    digits = "0" + ("." + "0" * cell.places if cell.places else "")
    if cell.kind == "share":
        return f"{digits}%"
    shown = digits if cell.kind == "decimal" else "#,##0" if _is_long(cell) else "0"
    return f"+{shown};-{shown};0" if cell.signed else shown


def _is_long(cell: GridCell) -> bool:
    return isinstance(cell.value, int | float) and abs(cell.value) >= 10_000


def _width(table: Grid, column: int) -> int:
    longest = max((len(str(row[column].value or "")) for row in table.rows[:200]), default=0)
    if column in table.numeric:
        longest = min(longest, _NARROWEST)
    return min(_WIDEST, max(longest, min(len(table.header[column]), 18), _NARROWEST) + 2)
