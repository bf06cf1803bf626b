"""A paper as PDF (PDF/UA-1): an official letter, without the title page and the contents of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from itertools import groupby, takewhile
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, PageBreak

from survey_app.analysis.charts.paper import PaperChart
from survey_app.analysis.diagnoza.cells import CellTable, cells
from survey_app.analysis.diagnoza.document import Block, BulletList, Figure, Paragraph, Subheading, TextTable
from survey_app.analysis.papers.paper_document import NUMBERED, PaperFile, Sheet
from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.columns import fitted, is_high
from survey_app.analysis.pdf.flowables import (
    Anchor,
    FigureBox,
    Heading,
    TaggedParagraph,
    bullet_list,
    paragraph,
)
from survey_app.analysis.pdf.fonts import BOLD, REGULAR, markup, printable, wrap_text
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.structure import Slot
from survey_app.analysis.pdf.tables import KEPT_WHOLE, table_with_caption

SIGNED = "(podpis)"
_SIGNING_ROOM = 44.0  # above the dotted line
_GAP = 24.0
_HEADING_ROOM = 84.0  # below the last heading of a page: itself, and three lines, which do not break
_TABLE_ROOM = 120.0
_FEW_WORDS = 500  # letters of a paragraph that leads to a table
_MOST_LEADING = 3  # two headings and a paragraph
_FOOT = 42.0


def paper_pdf(file: PaperFile) -> bytes:
    """One file of all sheets, each on pages of its own that are counted by themselves. Same file, same bytes."""
    subject = f"Gmina {file.gmina}"
    metadata = Metadata(printable(file.title), CREATOR, subject, file.made_at)
    story: list[Flowable] = []
    for number, sheet in enumerate(file.sheets):
        story += [PageBreak()] if number else []
        story += [Anchor(_anchor(number)), *_sheet(sheet, number)]
    return build_pdf(story, metadata, RunningHead("", on_no_page=True), _foot(file))


def _anchor(number: int) -> str:
    return f"pismo-{number}"


def _sheet(sheet: Sheet, number: int) -> list[Flowable]:
    story: list[Flowable] = []
    if sheet.place:
        story.append(paragraph(sheet.place, style.SHEET_PLACE))
    story += [paragraph(words, style.SHEET_ADDRESS) for words in sheet.address]
    story.append(Heading(sheet.title, 1, style.SHEET_TITLE, f"tytul-{number}", 0))
    story += [paragraph(words, style.SHEET_UNDER) for words in sheet.under]
    for is_signed, run in groupby(sheet.body, key=_is_signature):
        if is_signed:
            _stay_together(story)
            story += _signatures([block.text for block in run if isinstance(block, Paragraph)])
        else:
            story += _text(list(run))
    return story


def _text(blocks: Sequence[Block]) -> list[Flowable]:
    """What leads to a table stays with it; a heading has room for what follows."""
    story: list[Flowable] = []
    for at, block in enumerate(blocks):
        if isinstance(block, Subheading) and not _is_heading(blocks[at - 1 : at]):
            following = list(takewhile(lambda one: _is_heading([one]), blocks[at:]))
            after = blocks[at + len(following) : at + len(following) + 1]
            is_long = any(isinstance(one, TextTable) and _is_long(one) for one in after)
            story.append(CondPageBreak(_HEADING_ROOM * len(following) + (_TABLE_ROOM if is_long else 0)))
        elif isinstance(block, TextTable) and not _is_long(block):
            _stay_together(story)
        story += _flowables(block)
    return story


def _is_long(block: TextTable) -> bool:
    return len(block.rows) > KEPT_WHOLE or is_high(block.rows, _widths(cells(block)))


def _widths(table: CellTable) -> list[float]:
    return fitted(table.header, table.rows, table.widths, style.WIDTH)


def _is_heading(blocks: Sequence[Block]) -> bool:
    return any(isinstance(one, Subheading) for one in blocks)


def _stay_together(story: Sequence[Flowable]) -> None:
    """The last words, if they are few, with what comes next."""
    for one in reversed(story[-_MOST_LEADING:]):
        if not isinstance(one, TaggedParagraph) or len(one.text) > _FEW_WORDS:
            return
        one.keepWithNext = 1


def _foot(file: PaperFile) -> Callable[[TaggedCanvas], None]:
    """ "strona 2 z 3" of this sheet; from its second page on also what it is."""

    def draw(canvas: TaggedCanvas) -> None:
        page = canvas.getPageNumber()

        def when_counted() -> None:
            begins = [canvas.anchors[_anchor(number)] for number in range(len(file.sheets))]
            number = max(at for at, first in enumerate(begins) if first <= page)
            after = [*begins, canvas.total + 1][number + 1]
            canvas.setFillColor(style.SOFT)
            canvas.setFont(REGULAR, 8.5)
            words = f"strona {page - begins[number] + 1} z {after - begins[number]}"
            canvas.drawRightString(style.PAGE_WIDTH - style.RIGHT, _FOOT, words)
            if page > begins[number]:
                title = wrap_text(printable(file.sheets[number].title), 8.5, style.WIDTH - 100)[:1]
                canvas.drawString(style.LEFT, _FOOT, "".join(title))

        canvas.late(when_counted)

    return draw


def _is_signature(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "signature"


@singledispatch
def _flowables(block: Any) -> list[Flowable]:
    raise TypeError(f"no such block: {block!r}")


@_flowables.register
def _(block: Paragraph) -> list[Flowable]:
    """ "§ 3." at the beginning stands out."""
    led = NUMBERED.match(block.text)
    if led is None:
        return [paragraph(block.text, style.LETTER)]
    # One piece of markup, so that a line is not broken between the sign and its number.
    words = (
        f'<font name="{BOLD}">{markup(led[0]).replace(" ", chr(160))}</font>{markup(block.text[led.end() :])}'
    )
    return [TaggedParagraph(words, style.LETTER, Slot("P"))]


@_flowables.register
def _(block: BulletList) -> list[Flowable]:
    items = bullet_list(block.items, block.ordered, style.SHEET_LIST, block.start)
    items[-1].spaceAfter = style.GRID
    return items


@_flowables.register
def _(block: Subheading) -> list[Flowable]:
    look = style.SHEET_SECTION if block.level == 2 else style.SHEET_SUBSECTION
    if NUMBERED.match(block.text):
        look = style.SHEET_PARAGRAPH
    return [Heading(block.text, block.level, look)]


@_flowables.register
def _(block: Figure) -> list[Flowable]:
    return [
        paragraph(block.chart.title, style.FINDING),
        FigureBox(PaperChart(block.chart), block.chart.alt),
        paragraph(block.caption, style.SOURCE_LINE),
    ]


@_flowables.register
def _(block: TextTable) -> list[Flowable]:
    table = cells(block)
    rows = [
        [paragraph(words, _look(at, at in table.numeric)) for at, words in enumerate(row)]
        for row in table.rows
    ]
    return table_with_caption(
        table.caption, table.header, rows, _widths(table), table.numeric, whole=not _is_long(block)
    )


def _look(column: int, is_numeric: bool) -> Any:
    if is_numeric:
        return style.CELL_NUMBER
    return style.CELL_BOLD if column == 0 else style.CELL


def _signatures(people: Sequence[str]) -> list[Flowable]:
    """Two beside each other; one alone on the right."""
    if len(people) == 1:
        return [_Signatures(["", people[0]])]
    return [_Signatures(people[at : at + 2]) for at in range(0, len(people), 2)]


class _Signatures(Flowable):
    """Room to sign, a dotted line, and below it who signs."""

    canv: Any

    def __init__(self, people: Sequence[str]) -> None:
        super().__init__()
        self.people = [
            paragraph(f"{one}\n{SIGNED}" if one else "", style.SHEET_SIGNATURE) if one else None
            for one in people
        ]

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """As high as the longer of the two names needs."""
        self.width = availWidth
        self._column = (availWidth - _GAP) / 2
        heights = [one.wrapOn(self.canv, self._column, availHeight)[1] for one in self.people if one]
        self.height = _SIGNING_ROOM + 4 + max(heights)
        return self.width, self.height

    def draw(self) -> None:
        """The line is decoration; the words below say what it is for."""
        canvas: TaggedCanvas = self.canv
        top = self.height - _SIGNING_ROOM
        for at, one in enumerate(self.people):
            if one is None:
                continue
            x = at * (self._column + _GAP)
            with canvas.artifact():
                canvas.setStrokeColor(style.INK)
                canvas.setLineWidth(0.6)
                canvas.setDash(1, 2)
                canvas.line(x, top, x + self._column, top)
                canvas.setDash()
            one.drawOn(canvas, x, top - 4 - one.height)
