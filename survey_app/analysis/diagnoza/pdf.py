"""The diagnoza on paper: A4, tagged, the same bytes for the same report."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from functools import singledispatch
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepInFrame
from reportlab.platypus import PageBreak as NewPage

from survey_app.analysis.charts.paper import PaperChart
from survey_app.analysis.diagnoza.cells import CellTable, cells
from survey_app.analysis.diagnoza.cover import cover_story, draw_cover
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
from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata
from survey_app.analysis.pdf.cells import Cell
from survey_app.analysis.pdf.columns import fitted, hyphenated, is_high
from survey_app.analysis.pdf.contents import ContentsEntry, contents
from survey_app.analysis.pdf.flowables import (
    Box,
    Columns,
    FigureBox,
    Heading,
    LinkLine,
    TaggedParagraph,
    bullet_list,
    paragraph,
)
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.layout import RunningHead, build_pdf, without_collecting
from survey_app.analysis.pdf.structure import Slot
from survey_app.analysis.pdf.tables import KEPT_WHOLE, table_with_caption
from survey_app.analysis.released import HIDDEN

_CHAPTER_ROOM = 300.0  # a chapter starts on a new page unless this much is left
_ABOVE_CHART = 170.0  # the chapter's heading, a sentence, the finding above the chart and the caption below
_SECTION_ROOM = 150.0  # a heading, and the first lines of what it heads
_LONG_TABLE_ROOM = (
    230.0  # the caption of a table that breaks over pages, its header, and the rows that stay with it
)
_HEADING_ROOM = 60.0  # the summary's own heading, above what must fit with it on one page
_PAGE_ROOM = style.PAGE_HEIGHT - style.TOP - style.BOTTOM - _HEADING_ROOM
_SMALLEST = 0.7  # of the usual size: what a summary may shrink to
_NARROW = 0.72
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_PARAGRAPHS = {
    "body": style.BODY,
    "lead": style.LEAD,
    "note": style.NOTE,
    "quote": style.QUOTE,
    "small": style.SMALL,
    "signature": style.BODY,
}


def render_pdf(document: Document) -> bytes:
    """The report as a tagged PDF (PDF/UA-1). Deterministic: dates and ids come from the document, not the clock."""
    metadata = Metadata(
        title=document.title,
        author=CREATOR,
        subject=document.subtitle,
        created=document.created or _EPOCH,
        language=document.language,
    )
    head = RunningHead(document.running, document.watermark)
    with without_collecting():
        return build_pdf(_story(document), metadata, head, draw_cover)


def _story(document: Document) -> list[Flowable]:
    story = cover_story(document)
    story += [NewPage(), Heading("Spis treści", 2, style.CHAPTER, "spis-tresci", 0)]
    story += contents(list(_entries(document.chapters)))
    for position, chapter in enumerate(document.chapters):
        # The summary has a page of its own, so that it can be handed out alone.
        story.append(NewPage() if position <= 1 else CondPageBreak(_room(chapter)))
        story.append(Heading(chapter_title(chapter), 2, style.CHAPTER, chapter.anchor, 0))
        body = _chapter_body(chapter)
        story += _on_one_page(body) if position == 0 and _is_readable_on_one_page(body) else body
    return story


def _room(chapter: Chapter) -> float:
    """A chapter that begins with a chart takes it along: a heading over a blank half page leads nowhere."""
    charts = [block.chart.height for block in chapter.blocks[:3] if isinstance(block, Figure)]
    whole_page = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
    return min(whole_page - 1, max([_CHAPTER_ROOM, *(height + _ABOVE_CHART for height in charts)]))


def summary_fits(document: Document) -> bool:
    """Whether the first chapter is one page, in letters that can be read; else it is printed on as many as it needs."""
    return _is_readable_on_one_page(_chapter_body(document.chapters[0]))


def _is_readable_on_one_page(body: Sequence[Flowable]) -> bool:
    """A team may write far more than a page: its words are not made tiny. Smaller letters also fit more on a line, so
    the height goes with the square of their size.
    """
    no_canvas: Any = None  # measured, not drawn
    heights = (item.wrapOn(no_canvas, style.WIDTH, 1e6)[1] + item.getSpaceAfter() for item in body)
    return sum(heights) <= _PAGE_ROOM / _SMALLEST**2


def _on_one_page(body: list[Flowable]) -> list[Flowable]:
    """The summary is one page (METHOD, "The diagnoza"): set a little smaller where the words need more room."""
    return [KeepInFrame(style.WIDTH, _PAGE_ROOM, body, mode="shrink")]


def _chapter_body(chapter: Chapter) -> list[Flowable]:
    """The blocks. A note between a heading and its chart or table stays with it, or the heading would be alone."""
    body: list[Flowable] = []
    for position, block in enumerate(chapter.blocks):
        if room := _long_table_room(chapter.blocks, position):
            body.append(CondPageBreak(room))
        made = _flowables(block)
        if isinstance(block, Subheading) and _is_under_heading(chapter.blocks, position):
            made = made[-1:]  # a question of its own for room would part it from the heading over it
        before, after = chapter.blocks[position - 1 : position], chapter.blocks[position + 1 : position + 2]
        is_between = any(isinstance(b, Subheading) for b in before) and any(
            isinstance(b, (Figure, CountTable, TextTable)) for b in after
        )
        if isinstance(block, Paragraph) and is_between:
            made[-1].keepWithNext = 1
        body += made
    return body


def _is_under_heading(blocks: Sequence[Block], position: int) -> bool:
    return position > 0 and isinstance(blocks[position - 1], Subheading)


def _long_table_room(blocks: Sequence[Block], position: int) -> float:
    """What must be left where a long table begins, or the first of the headings over it; elsewhere 0."""
    if isinstance(blocks[position], Subheading):
        if _is_under_heading(blocks, position):
            return 0
        run = list(itertools.takewhile(lambda block: isinstance(block, Subheading), blocks[position:]))
        below = blocks[position + len(run) : position + len(run) + 2]
        led_to = [block for block in below if not isinstance(block, Paragraph)]
        return _LONG_TABLE_ROOM + len(run) * _HEADING_ROOM if led_to and _is_long(led_to[0]) else 0
    led = any(isinstance(block, Subheading) for block in blocks[max(0, position - 2) : position])
    return 0 if led or not _is_long(blocks[position]) else _LONG_TABLE_ROOM


def _is_long(block: Block) -> bool:
    """May it break over pages? Many rows, or so high ones that moving it would leave much of a page empty."""
    if not isinstance(block, CountTable | TextTable):
        return False
    table = cells(block)
    return len(table.rows) > KEPT_WHOLE or is_high(table.rows, _widths(table))


def _entries(chapters: Sequence[Chapter]) -> Iterator[ContentsEntry]:
    for chapter in chapters:
        label = chapter.number if chapter.number.isdigit() else ""
        yield ContentsEntry(label, chapter.title if label else chapter_title(chapter), chapter.anchor, 0)
        for block in chapter.blocks:
            if isinstance(block, Subheading) and block.level == 2 and chapter.anchor == "wyniki":
                yield ContentsEntry("", block.text, block.anchor, 1)


@singledispatch
def _flowables(block: Any) -> list[Flowable]:
    raise TypeError(f"no such block: {block!r}")


@_flowables.register
def _(block: Paragraph) -> list[Flowable]:
    if block.link:
        return [LinkLine(block.text, f"#{block.link}", _PARAGRAPHS[block.style])]
    return [paragraph(block.text, _PARAGRAPHS[block.style])]


@_flowables.register
def _(block: BulletList) -> list[Flowable]:
    return bullet_list(block.items, block.ordered, start=block.start)


@_flowables.register
def _(block: Subheading) -> list[Flowable]:
    if block.compact:
        return [Heading(block.text, block.level + 1, style.SUBSECTION, block.anchor, 1)]
    if block.level == 2:
        heading = Heading(block.text, 3, style.SECTION, block.anchor, 1)
        return [CondPageBreak(_SECTION_ROOM), heading]
    return [CondPageBreak(70), Heading(block.text, 4, style.SUBSECTION, block.anchor)]


@_flowables.register
def _(block: Figure) -> list[Flowable]:
    """Finding, chart and caption stay together; the caption leads to the table with the numbers."""
    parts = [paragraph(block.chart.title, style.FINDING), FigureBox(PaperChart(block.chart), block.chart.alt)]
    if block.table_label:
        words = f"{block.caption}. Liczby: {block.table_label}"
        return [*parts, LinkLine(words, f"#{block.table_anchor}", style.SOURCE_LINE)]
    return [*parts, paragraph(block.caption, style.SOURCE_LINE)]


@_flowables.register(CountTable)
@_flowables.register(TextTable)
def _(block: CountTable | TextTable) -> list[Flowable]:
    table = cells(block)
    widths = _widths(table)
    rows = [
        [
            _cell(hyphenated(words, widths[at], at == 0), at, at in table.numeric)
            for at, words in enumerate(row)
        ]
        for row in table.rows
    ]
    made = table_with_caption(
        table.caption, table.header, rows, widths, table.numeric, table.emphasised, table.anchor,
        not _is_long(block),
    )  # fmt: skip
    return [*made, *(paragraph(note, style.NOTE) for note in table.notes)]


def _widths(table: CellTable) -> list[float]:
    room = style.WIDTH * (_NARROW if table.narrow else 1.0)
    return fitted(table.header, table.rows, table.widths, room)


def _cell(words: str, column: int, is_numeric: bool) -> Cell:
    look = style.CELL_NUMBER if is_numeric else style.CELL
    if words == HIDDEN:
        look = style.CELL_HIDDEN if is_numeric else style.CELL_HIDDEN_LEFT
    elif column == 0:
        look = style.CELL_BOLD
    return Cell(words, look)


@_flowables.register
def _(block: Notice) -> list[Flowable]:
    return [Box([paragraph(block.title, style.NOTICE_TITLE), paragraph(block.text, style.NOTICE_TEXT)])]


@_flowables.register
def _(block: KeyFigures) -> list[Flowable]:
    """Number and words of one figure are one paragraph to those who listen."""
    columns = []
    for figure in block.figures:
        slot = Slot("P")
        value = TaggedParagraph(markup(figure.value), style.KEY_VALUE, slot)
        columns.append([value, TaggedParagraph(markup(figure.label), style.KEY_LABEL, slot)])
    return [Columns(columns)]


@_flowables.register
def _(_block: PageBreak) -> list[Flowable]:
    return [NewPage()]
