"""The diagnoza as a Word document, so that the team can add to it: the same blocks as on paper and on the page.

Headings, lists, captions and tables are the format's own; captions and references are fields that count themselves, so
a table that the team adds moves the numbers after it.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from survey_app.analysis.diagnoza.cells import CellTable, cells
from survey_app.analysis.diagnoza.document import (
    Block,
    BulletList,
    Chapter,
    CountTable,
    Document,
    Figure,
    KeyFigures,
    Notice,
    PageBreak,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.page import chapter_title
from survey_app.analysis.fixed_zip import without_times
from survey_app.analysis.office import styles
from survey_app.analysis.office.markup import (
    Bookmarks,
    append_runs,
    cell_xml,
    field_runs,
    legible,
    link_runs,
    paragraph_xml,
    table_xml,
    text_run,
)
from survey_app.analysis.office.pictures import add_chart, add_picture
from survey_app.analysis.pdf.canvas import CREATOR
from survey_app.analysis.released import HIDDEN

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LONGEST_PROPERTY = 255  # a limit of the format
_NARROW = 0.72
_EMBLEM_ROOM = (134, 80)  # points
_TWENTIETHS = 635  # English metric units in a twentieth of a point
_STYLES = {"body": "Normal", "lead": "Wprowadzenie", "note": "Uwaga pod tekstem", "quote": "Quote",
           "small": "Drobny tekst", "signature": "Normal"}  # fmt: skip
_CLOSE = frozenset({*_STYLES.values(), "List Bullet", "List Number", "Ramka", "Liczba kluczowa"})
_BELOW_TABLE = Pt(9)
_CAPTION = re.compile(r"(Tabela|Rysunek) (\d+)\. (.*)", re.S)
_BOLD = "<w:b/>"
_MUTED = f'<w:i/><w:color w:val="{styles.SOFT}"/>'
_BIG = f'<w:b/><w:color w:val="{styles.PRIMARY}"/><w:sz w:val="48"/>'


@dataclass(slots=True)
class Writing:
    """A document while it is being written; dressed already (`styles.dress`)."""

    word: WordDocument
    bookmarks: Bookmarks = field(default_factory=Bookmarks)
    figures: int = 0
    below_table: bool = False
    style_ids: dict[str, str] = field(default_factory=dict)

    def paragraph(self, runs: str, style: str) -> Any:
        """A paragraph of ready runs. Styles are looked up once: python-docx would search all for each paragraph."""
        if not self.style_ids:
            self.style_ids = {one.name or "": one.style_id for one in self.word.styles}
        made = WordParagraph(paragraph_xml(self.style_ids[style], runs), self.word._body)
        self.end.addprevious(made._p)
        if self.below_table and style in _CLOSE:
            made.paragraph_format.space_before = _BELOW_TABLE
        self.below_table = False
        return made

    def table(self, table: Any) -> None:
        self.end.addprevious(table)
        self.below_table = True

    @property
    def end(self) -> Any:
        """The last part of the body: what the pages are like. Everything is written before it."""
        return self.word.element.body[-1]

    def heading(self, text: str, anchor: str, style: str) -> Any:
        return self.paragraph(self.bookmarks.around(anchor, text_run(text)), style)

    def caption(self, text: str, anchor: str = "") -> Any:
        """ "Tabela 3" counts itself, and is the place that references lead to."""
        found = _CAPTION.fullmatch(text)
        if found is None:
            return self.paragraph(self.bookmarks.around(anchor, text_run(text)), "Caption")
        name, number, rest = found.groups()
        counted = text_run(f"{name} ") + field_runs(f"SEQ {name} \\* ARABIC", text_run(number))
        return self.paragraph(self.bookmarks.around(anchor, counted) + text_run(f". {rest}"), "Caption")


def render_docx(document: Document) -> bytes:
    """The report as DOCX. Deterministic: dates come from the document, not the clock."""
    writing = Writing(docx.Document())
    styles.dress(writing.word, document.language)
    _properties(writing.word, document)
    _running(writing.word, document)
    _cover(writing, document)
    _contents(writing, document)
    for position, chapter in enumerate(document.chapters):
        heading = writing.heading(chapter_title(chapter), chapter.anchor, "Heading 1")
        # The summary has a page of its own, so that it can be handed out alone.
        if position <= 1:
            heading.paragraph_format.page_break_before = True
        for block in chapter.blocks:
            write_block(block, writing)
    if writing.below_table:
        writing.word.add_paragraph()  # a document ends with a paragraph, or word processors mend it
    target = io.BytesIO()
    writing.word.save(target)
    return without_times(target.getvalue())


def _properties(word: WordDocument, document: Document) -> None:
    describe(word, document.title, document.subtitle, document.language, document.created or _EPOCH)


def describe(word: WordDocument, title: str, subject: str, language: str, created: dt.datetime) -> None:
    """What the file says of itself, instead of what the template brings along."""
    made = created.astimezone(dt.UTC).replace(tzinfo=None)
    known = word.core_properties
    known.title = legible(title)[:_LONGEST_PROPERTY]
    known.subject = legible(subject)[:_LONGEST_PROPERTY]
    known.author = known.last_modified_by = CREATOR
    known.language, known.comments, known.keywords = language, "", ""
    known.created = known.modified = made
    relations = word.part.package.rels  # the picture of an empty page that the template brings along
    for key in [key for key, one in relations.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]


def _running(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    mark = f"{document.watermark} · " if document.watermark else ""
    append_runs(section.header.paragraphs[0], text_run(f"{mark}{document.running}"))
    pages = text_run("Strona ") + field_runs("PAGE", text_run("1"))
    pages += text_run(" z ") + field_runs("NUMPAGES", text_run("1"))
    append_runs(section.footer.paragraphs[0], pages)


def _cover(writing: Writing, document: Document) -> None:
    if document.emblem is not None:
        width, _ = document.emblem.fitted(*_EMBLEM_ROOM)
        add_picture(writing.word, document.emblem.content, document.emblem.alt, Pt(width))
    writing.paragraph(text_run(document.title), "Title")
    writing.paragraph(text_run(document.subtitle), "Subtitle")
    if document.watermark:
        writing.paragraph(text_run(f"{document.watermark}: dane wymyślone"), "Znak przykładu")
    for label, value in document.facts:
        shown = text_run(f"{label}:", _BOLD) + "<w:r><w:tab/></w:r>" + text_run(value)
        writing.paragraph(shown, "Cecha raportu")


def _contents(writing: Writing, document: Document) -> None:
    """A field that a word processor fills with page numbers; until then the entries are links."""
    title = writing.paragraph(text_run("Spis treści"), "Spis treści")
    title.paragraph_format.page_break_before = True
    entries = list(_entries(document.chapters))
    opening, closing = field_runs('TOC \\o "1-2" \\h \\z', "§", stale=True).split("§")
    for position, (text, anchor, style) in enumerate(entries):
        runs = link_runs(writing.bookmarks.name(anchor), text)
        runs = f"{opening}{runs}" if position == 0 else runs
        writing.paragraph(f"{runs}{closing}" if position == len(entries) - 1 else runs, style)


def _entries(chapters: tuple[Chapter, ...]) -> Iterator[tuple[str, str, str]]:
    for chapter in chapters:
        yield chapter_title(chapter), chapter.anchor, "toc 1"
        for block in chapter.blocks:
            if isinstance(block, Subheading) and block.level == 2 and not block.compact:
                yield block.text, block.anchor, "toc 2"


@singledispatch
def write_block(block: Block, writing: Writing) -> None:
    """One block at the end of what is written."""
    raise TypeError(f"no such block: {block!r} in {writing}")


@write_block.register
def _(block: Paragraph, writing: Writing) -> None:
    runs = link_runs(writing.bookmarks.name(block.link), block.text) if block.link else text_run(block.text)
    writing.paragraph(runs, _STYLES[block.style])


@write_block.register
def _(block: BulletList, writing: Writing) -> None:
    number = _new_numbering(writing.word, block.start) if block.ordered else None
    for item in block.items:
        made = writing.paragraph(text_run(item), "List Number" if block.ordered else "List Bullet")
        if number is not None:
            listed = made._p.get_or_add_pPr().get_or_add_numPr()
            listed.get_or_add_ilvl().val = 0
            listed.get_or_add_numId().val = number


def _new_numbering(word: WordDocument, start: int) -> int:
    """A list of its own, from `start`: without it every list would go on counting where the last one ended."""
    numbering: Any = word.part.numbering_part.element
    style: Any = word.styles["List Number"].element
    base = style.pPr.numPr.numId.val
    abstract = next(one.abstractNumId.val for one in numbering.num_lst if one.numId == base)
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(made.numId)


@write_block.register
def _(block: Subheading, writing: Writing) -> None:
    style = "Nagłówek drobny" if block.compact and block.level == 2 else f"Heading {block.level}"
    writing.heading(block.text, block.anchor, style)


@write_block.register
def _(block: Figure, writing: Writing) -> None:
    """Finding, chart and caption stay together; the caption leads to the table with the numbers."""
    writing.figures += 1
    writing.paragraph(text_run(block.chart.title), "Wniosek z wykresu")
    picture = add_chart(writing.word, block.chart, writing.figures, styles.TEXT_WIDTH)
    picture.paragraph_format.keep_with_next = True
    made = writing.caption(block.caption)
    made.paragraph_format.keep_with_next = False
    if block.table_label:
        name = writing.bookmarks.name(block.table_anchor)
        append_runs(made, text_run(". Liczby: ") + field_runs(f"REF {name} \\h", text_run(block.table_label)))


@write_block.register(CountTable)
@write_block.register(TextTable)
def _(block: CountTable | TextTable, writing: Writing) -> None:
    table = cells(block)
    if table.caption:
        writing.caption(table.caption, table.anchor)
    writing.table(_table(table))
    for note in table.notes:
        writing.paragraph(text_run(note), "Uwaga pod tekstem")


def _table(table: CellTable) -> Any:
    room = styles.TEXT_WIDTH // _TWENTIETHS * (_NARROW if table.narrow else 1.0)
    widths = [int(room * width / sum(table.widths)) for width in table.widths]
    header = [
        cell_xml(words, widths[at], styles.HEAD_NUMBER if at in table.numeric else styles.HEAD)
        for at, words in enumerate(table.header)
    ]
    rows = [
        [
            cell_xml(words, widths[at], styles.NUMBER if at in table.numeric else styles.CELL, look)
            for at, (words, look) in enumerate(_looks(row, number in table.emphasised))
        ]
        for number, row in enumerate(table.rows)
    ]
    return table_xml(styles.TABLE, table.caption, widths, header, rows)


def _looks(row: tuple[str, ...], emphasised: bool) -> Iterator[tuple[str, str]]:
    for words in row:
        yield words, _MUTED if words == HIDDEN else _BOLD if emphasised else ""


@write_block.register
def _(block: Notice, writing: Writing) -> None:
    title = writing.paragraph(text_run(block.title, _BOLD), "Ramka")
    title.paragraph_format.keep_with_next = True
    text = writing.paragraph(text_run(block.text), "Ramka")
    text._p.get_or_add_pPr().get_or_add_spacing().set(qn("w:after"), "200")


@write_block.register
def _(block: KeyFigures, writing: Writing) -> None:
    for figure in block.figures:
        runs = text_run(figure.value, _BIG) + text_run(f" {figure.label}")
        writing.paragraph(runs, "Liczba kluczowa")


@write_block.register
def _(_block: PageBreak, writing: Writing) -> None:
    writing.paragraph('<w:r><w:br w:type="page"/></w:r>', "Normal")
