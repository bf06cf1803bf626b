"""Flowables that write their own structure: paragraphs, headings, list items, figures, boxes, links.

Texts given to the functions here are plain; markup is made in one place (`fonts.markup`), so `&` and `<` are safe.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, Protocol

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph
from reportlab.platypus.paragraph import cleanBlockQuotedText

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import TaggedCanvas
from survey_app.analysis.pdf.fonts import BOLD, markup, printable, text_width
from survey_app.analysis.pdf.structure import Slot, figure_attributes, list_attributes

_NO_ROOM = 1e6  # reportlab tells a paragraph that does not fit at all by a height beyond any page


_AFTER_LABEL = 4.0  # between a list's number and the words


@functools.cache
def _fragment(look: ParagraphStyle) -> Any:
    """What reportlab's parser makes of plain words in a style: parsed once, not for each of thousands of cells."""
    return Paragraph("x", look).frags[0]


def _is_plain(text: str) -> bool:
    """No markup in it, and no space that reportlab would take out."""
    return text != "" and "<" not in text and "&" not in text and cleanBlockQuotedText(text) == text


class TaggedParagraph(Paragraph):
    """A paragraph in its slot. The halves of a paragraph that breaks over pages share the slot."""

    canv: Any
    width: float
    height: float

    def __init__(self, text: str, style: Any = None, slot: Slot | None = None, **options: Any) -> None:
        if not options and style is not None and _is_plain(text):
            options["frags"] = [_fragment(style).clone(text=text)]
        super().__init__(text, style, **options)
        self.slot = slot or Slot("P")
        self._lines_broken_at = -1.0

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """As reportlab does; once for a width, though tables and frames ask for it several times."""
        if availWidth != self._lines_broken_at or not hasattr(
            self, "blPara"
        ):  # reportlab drops it to save room
            width, height = super().wrap(availWidth, availHeight)
            if height > _NO_ROOM:
                return width, height
            self._lines_broken_at = availWidth
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Split as reportlab does; every piece keeps the slot."""
        pieces: list[Flowable] = super().split(availWidth, availHeight)
        for piece in pieces:
            if isinstance(piece, TaggedParagraph):
                piece.slot = self.slot
        return pieces

    def draw(self) -> None:
        """Draw as marked content."""
        canvas: TaggedCanvas = self.canv
        with canvas.mark(self.slot.element(canvas)):
            super().draw()


def paragraph(text: str, style: ParagraphStyle = style.BODY, slot: Slot | None = None) -> TaggedParagraph:
    """A paragraph of plain text. Where the typeface lacks a character, screen readers still get the original."""
    shown = printable(text, style.fontName)
    if slot is None:
        slot = Slot("P", entries={"ActualText": text} if "[" in shown and shown != text else None)
    return TaggedParagraph(markup(text, style.fontName), style, slot)


class Heading(TaggedParagraph):
    """A heading of `level` 1 to 4 that is a link target, and a bookmark where `outline` says how deep."""

    def __init__(
        self, text: str, level: int, style: ParagraphStyle, anchor: str = "", outline: int | None = None
    ) -> None:
        super().__init__(markup(text, style.fontName), style, Slot(f"H{level}"))
        self.words = printable(text)
        self.anchor = anchor
        self.outline = outline

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: ARG002, N803
        """A heading does not break over pages."""
        return []

    def draw(self) -> None:
        """Set the target before the words, so that a jump shows the heading whole."""
        if self.anchor:
            self.canv.bookmarkHorizontal(self.anchor, 0, self.height + 20)
            if self.outline is not None:
                self.canv.addOutlineEntry(self.words, self.anchor, self.outline, closed=self.outline > 0)
        super().draw()


class Anchor(Flowable):
    """A link target without a mark of its own."""

    canv: Any

    def __init__(self, name: str, above: float = 24) -> None:
        """`above`: how far over this place a jump leads."""
        super().__init__()
        self.name = name
        self.above = above
        self.keepWithNext = 1

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """No space."""
        return 0, 0

    def draw(self) -> None:
        """Only the target."""
        self.canv.bookmarkHorizontal(self.name, 0, self.above)


class LinkLine(TaggedParagraph):
    """One paragraph that is wholly a link: P > Link, with the words inside the Link."""

    def __init__(self, text: str, target: str, style: ParagraphStyle, parent: Slot | None = None) -> None:
        super().__init__(markup(text, style.fontName), style, Slot("Link", parent or Slot("P")))
        self.words = text
        self.target = target

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: ARG002, N803
        """One rectangle, one page."""
        return []

    def draw(self) -> None:
        """Words and the active rectangle over them."""
        super().draw()
        indent = self.style.leftIndent
        right = self.width - self.style.rightIndent
        self.canv.link(self.slot.element(self.canv), (indent, 0, right, self.height), self.words, self.target)


class ListItem(TaggedParagraph):
    """L > LI > Lbl + LBody. `label` is drawn on the first line only, not again after a page break."""

    def __init__(
        self, text: str, style: Any = None, item: Slot | None = None, label: str = "", **options: Any
    ) -> None:
        item = item or Slot("LI")
        super().__init__(text, style, Slot("LBody", item), **options)
        self.item = item
        self.label = label

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """The first piece keeps the label."""
        pieces = super().split(availWidth, availHeight)
        if len(pieces) > 1 and isinstance(pieces[0], ListItem):
            pieces[0].item, pieces[0].label = self.item, self.label
        return pieces

    def draw(self) -> None:
        """Label first: reading order."""
        if self.label:
            canvas: TaggedCanvas = self.canv
            with canvas.mark(Slot("Lbl", self.item).element(canvas)):
                canvas.setFont(BOLD, self.style.fontSize)
                canvas.setFillColor(style.PRIMARY)
                # A number of several digits goes on to the left, not into the words.
                wide = text_width(self.label, self.style.fontSize, bold=True) + _AFTER_LABEL
                x = self.style.leftIndent - max(14, wide)
                canvas.drawString(x, self.height - self.style.fontSize, self.label)
        super().draw()


def bullet_list(
    items: Sequence[str], ordered: bool = False, style: ParagraphStyle = style.LIST, start: int = 1
) -> list[Flowable]:
    """The items of one list; each may break over pages."""
    whole = Slot("L", attributes=list_attributes(ordered))
    labels = [f"{number}." if ordered else "–" for number in range(start, start + len(items))]
    return [
        ListItem(markup(text, style.fontName), style, Slot("LI", whole), label)
        for text, label in zip(items, labels, strict=True)
    ]


class Drawing(Protocol):
    """Something that can draw itself on a canvas, its lower left corner at the origin."""

    width: float
    height: float

    def draw_on(self, canvas: Any) -> None:
        """Draw in the canvas's current co-ordinates."""


class FigureBox(Flowable):
    """A picture with its alternative text: Figure with Alt and bounding box."""

    canv: Any

    def __init__(self, drawing: Drawing, alt: str, indent: float = 0) -> None:
        super().__init__()
        self.drawing = drawing
        self.alt = alt
        self.indent = indent
        self.keepWithNext = 1
        self.spaceAfter = 4

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """The drawing's own size."""
        return self.drawing.width + self.indent, self.drawing.height

    def draw(self) -> None:
        """One marked sequence for the whole picture."""
        canvas: TaggedCanvas = self.canv
        x, y = canvas.absolutePosition(self.indent, 0)
        box = (x, y, x + self.drawing.width, y + self.drawing.height)
        figure = canvas.current.child("Figure", figure_attributes(box), {"Alt": self.alt})
        with canvas.mark(figure):
            canvas.saveState()
            canvas.translate(self.indent, 0)
            self.drawing.draw_on(canvas)
            canvas.restoreState()


_BOX_KEPT_WHOLE = 160.0  # a title alone at the foot of a page says nothing


class Box(Flowable):
    """Paragraphs on a tinted ground with a strong left edge; only a long one breaks over pages."""

    canv: Any

    def __init__(
        self, content: Sequence[Flowable], ground: Any = style.WARM, edge: Any = style.OCHRE
    ) -> None:
        super().__init__()
        self.content = list(content)
        self.ground = ground
        self.edge = edge
        self.padding = 10.0
        self.spaceBefore = style.GRID
        self.spaceAfter = style.GRID * 1.5

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Height of the content and the padding."""
        self.width = availWidth
        inner = availWidth - 2 * self.padding - 4
        self._heights = [item.wrapOn(self.canv, inner, availHeight)[1] for item in self.content]
        self.height = sum(self._heights) + 2 * self.padding
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Two boxes: what fits, and the rest."""
        self.wrap(availWidth, availHeight)
        if self.height <= _BOX_KEPT_WHOLE:
            return []
        left = availHeight - 2 * self.padding
        fitting: list[Flowable] = []
        for index, (item, height) in enumerate(zip(self.content, self._heights, strict=True)):
            if height <= left:
                fitting.append(item)
                left -= height
                continue
            pieces = item.splitOn(self.canv, availWidth - 2 * self.padding - 4, left)
            rest = [*pieces[1:], *self.content[index + 1 :]] if pieces else self.content[index:]
            fitting += pieces[:1]
            return [self._part(fitting), self._part(rest)] if fitting else []
        return [self]

    def _part(self, content: Sequence[Flowable]) -> Box:
        return Box(content, self.ground, self.edge)

    def draw(self) -> None:
        """Ground and edge are decoration; the paragraphs tag themselves."""
        canvas: TaggedCanvas = self.canv
        with canvas.artifact():
            canvas.setFillColor(self.ground)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
            canvas.setFillColor(self.edge)
            canvas.rect(0, 0, 4, self.height, stroke=0, fill=1)
        y = self.height - self.padding
        for item, height in zip(self.content, self._heights, strict=True):
            y -= height
            item.drawOn(canvas, self.padding + 4, y)


class Columns(Flowable):
    """A few paragraphs side by side in equal columns, each with a rule above; used for key figures."""

    canv: Any

    def __init__(self, columns: Sequence[Sequence[Flowable]], gap: float = 18) -> None:
        super().__init__()
        self.columns = columns
        self.gap = gap
        self.spaceBefore = style.GRID
        self.spaceAfter = style.GRID * 2

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """As high as the highest column."""
        self.width = availWidth
        self._column = (availWidth - self.gap * (len(self.columns) - 1)) / len(self.columns)
        self._heights = [
            [item.wrapOn(self.canv, self._column, availHeight)[1] for item in column]
            for column in self.columns
        ]
        self.height = max(sum(heights) for heights in self._heights) + 6
        return self.width, self.height

    def draw(self) -> None:
        """Column by column."""
        canvas: TaggedCanvas = self.canv
        for index, (column, heights) in enumerate(zip(self.columns, self._heights, strict=True)):
            x, y = index * (self._column + self.gap), self.height - 6
            with canvas.artifact():
                canvas.setFillColor(style.OCHRE)
                canvas.rect(x, self.height - 2, self._column, 2, stroke=0, fill=1)
            for item, height in zip(column, heights, strict=True):
                y -= height
                item.drawOn(canvas, x, y)


class BottomAligned(Flowable):
    """Paragraphs that stand on the lower edge of a space of fixed height, however many lines they need."""

    def __init__(self, content: Sequence[Flowable], height: float) -> None:
        super().__init__()
        self.content = content
        self.height = height

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """The fixed height, or more when the words need it."""
        self._heights = [item.wrapOn(self.canv, availWidth, availHeight)[1] for item in self.content]
        self._gaps = [item.getSpaceAfter() for item in self.content]
        self.height = max(self.height, sum(self._heights) + sum(self._gaps))
        return availWidth, self.height

    def draw(self) -> None:
        """From the top of the block, which ends at the lower edge."""
        y = sum(self._heights) + sum(self._gaps)
        for item, height, gap in zip(self.content, self._heights, self._gaps, strict=True):
            y -= height
            item.drawOn(self.canv, 0, y)
            y -= gap
