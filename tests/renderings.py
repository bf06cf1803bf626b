"""Reads a report's tables back from each of its renderings, as words, by means that the renderings do not share."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import docx
import html5lib
import openpyxl
from openpyxl.cell import Cell

from survey_app import polish
from survey_app.analysis.diagnoza.cells import cells
from survey_app.analysis.diagnoza.document import CountTable, Document, TextTable
from survey_app.analysis.pdf.fonts import printable
from tests.pdf_structure import read_structure

Table = tuple[str, list[list[str]]]  # caption, and rows with the header as the first


def squashed(words: str) -> str:
    """Without spaces and line ends: where a line breaks says nothing."""
    return re.sub(r"\s+", "", words)


def said(table: Table) -> Table:
    caption, rows = table
    return squashed(caption), [[squashed(words) for words in row] for row in rows]


def of_document(document: Document) -> list[Table]:
    """What every rendering is asked for."""
    blocks = [block for chapter in document.chapters for block in chapter.blocks]
    made = [cells(block) for block in blocks if isinstance(block, CountTable | TextTable)]
    return [(one.caption, [list(one.header), *map(list, one.rows)]) for one in made]


def of_pdf(content: bytes) -> list[Table]:
    """From the structure tree, as a screen reader gets it."""
    found = []
    for table in read_structure(content).all("Table"):
        caption = "".join(one.text for one in table.all("Caption"))
        rows = [[cell.text for cell in row.all("TH", "TD")] for row in table.all("TR")]
        found.append((caption, rows))
    return [table for table in found if table[0]]


def as_printed(table: Table) -> Table:
    """With the typeface's own substitutes for what it does not have."""
    return printable(table[0]), [[printable(words) for words in row] for row in table[1]]


def of_page(html: str) -> list[Table]:
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    return [
        (
            "".join(table.find("caption").itertext()),
            [
                ["".join(cell.itertext()) for cell in row if cell.tag in ("th", "td")]
                for row in table.iter("tr")
            ],
        )
        for table in tree.iter("table")
    ]


def of_docx(content: bytes) -> list[Table]:
    """Each with the paragraph above it, its caption."""
    document = docx.Document(io.BytesIO(content))
    found: list[Table] = []
    above = ""
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            found.append((above, [[cell.text for cell in row.cells] for row in block.rows]))
        else:
            above = block.text
    return found


def of_workbook(content: bytes, document: Document) -> list[Table]:
    """A count and its share, two cells of the sheet, as one where paper has them in one."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    blocks = [
        block
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, CountTable | TextTable)
    ]
    found = []
    for number, block in enumerate(blocks, start=1):
        sheet = book[f"Tabela {number}"]
        lines = [list(row) for row in sheet.iter_rows(min_row=4)]
        width = next((at for at, cell in enumerate(lines[0]) if cell.value is None), len(lines[0]))
        words = [[_shown(cell) for cell in line[:width]] for line in lines]
        empty = next(
            (at for at, line in enumerate(lines) if all(cell.value is None for cell in line)), len(words)
        )
        words = words[:empty]
        together = isinstance(block, CountTable) and block.show_shares and len(block.table.columns) >= 4
        if together and not block.as_list:
            words = [_joined(line) for line in words]
        found.append((str(sheet["A1"].value), words))
    return found


def _joined(line: list[str]) -> list[str]:
    first, shares = line[2::2], line[3::2]
    pairs = [
        f"{count} ({share})" if share[:1].isdigit() else count
        for count, share in zip(first, shares, strict=True)
    ]
    return [*line[:2], *pairs]


def _shown(cell: Cell) -> str:
    """The cell as a spreadsheet shows it in Poland."""
    value = cell.value
    if value is None:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    pattern = cell.number_format.split(";")[0]
    plus = "+" if pattern.startswith("+") and value > 0 else ""
    places = len(pattern.rstrip("%").partition(".")[2])
    if pattern.endswith("%"):
        return plus + polish.percent(value, places)
    return plus + polish.decimal(value, places).replace("\u00a0", "" if abs(value) < 10_000 else "\u00a0")


def of_package(content: bytes, name: str) -> list[dict[str, str]]:
    """The lines of one CSV file of a data package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))
