"""Pages: frames, running heads, and the two passes that make page numbers known before they are printed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.fonts import BOLD, REGULAR, printable, wrap_text


@dataclass(frozen=True, slots=True)
class Numbering:
    """What one pass learns for the next: the page of each anchor, and how many pages there are."""

    pages: Mapping[str, int] = field(default_factory=dict)
    total: int = 0


@dataclass(frozen=True, slots=True)
class RunningHead:
    """What stands above and below the text on each page but the first. `mark`: a word such as PRZYKŁAD."""

    text: str
    mark: str = ""
    first_page: bool = False  # also on the first page
    on_no_page: bool = False  # letters and posters have none


Story = Callable[[Numbering], Sequence[Flowable]]
Cover = Callable[[TaggedCanvas], None]


def build_pdf(story: Story, metadata: Metadata, head: RunningHead, cover: Cover | None = None) -> bytes:
    """Lay the story out twice, with a fresh story each time; the second pass knows every page number.

    The width of a page number does not change a line break anywhere, so two passes are enough.
    """
    _, numbering = _pass(story, metadata, head, cover, Numbering())
    content, _ = _pass(story, metadata, head, cover, numbering)
    return content


def _pass(
    story: Story, metadata: Metadata, head: RunningHead, cover: Cover | None, numbering: Numbering
) -> tuple[bytes, Numbering]:
    file = io.BytesIO()
    template = _Template(file, metadata, head, cover, numbering)
    maker = template.make_canvas if numbering.total else template.make_measuring_canvas
    template.build(list(story(numbering)), canvasmaker=maker)
    return file.getvalue(), Numbering(dict(template.anchors), template.page)


class _MeasuringCanvas(TaggedCanvas):
    """For the first pass, whose file nobody reads."""

    def save(self) -> None:
        """Nothing is written."""


class _Template(BaseDocTemplate):
    def __init__(
        self,
        file: io.BytesIO,
        metadata: Metadata,
        head: RunningHead,
        cover: Cover | None,
        numbering: Numbering,
    ) -> None:
        super().__init__(
            file,
            pagesize=(style.PAGE_WIDTH, style.PAGE_HEIGHT),
            title=metadata.title,
            author=metadata.author,
            subject=metadata.subject,
            creator=CREATOR,
            lang=metadata.language,
        )
        self.metadata = metadata
        self.head = head
        self.cover = cover
        self.numbering = numbering
        self.anchors: dict[str, int] = {}
        height = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
        frame = Frame(style.LEFT, style.BOTTOM, style.WIDTH, height, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._draw_head))

    def make_canvas(self, _filename: Any, **_options: Any) -> TaggedCanvas:
        return TaggedCanvas(self.filename, self.metadata, (style.PAGE_WIDTH, style.PAGE_HEIGHT))

    def make_measuring_canvas(self, _filename: Any, **_options: Any) -> TaggedCanvas:
        return _MeasuringCanvas(self.filename, self.metadata, (style.PAGE_WIDTH, style.PAGE_HEIGHT))

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 (reportlab's name)
        """Remember where each anchor came to stand."""
        anchor = getattr(flowable, "anchor", "") or getattr(flowable, "name", "")
        if anchor:
            self.anchors[anchor] = self.page

    def _draw_head(self, canvas: Any, _template: Any) -> None:
        canvas.saveState()
        with canvas.artifact("Pagination"):
            has_head = not self.head.on_no_page and (canvas.getPageNumber() > 1 or self.head.first_page)
            if has_head:
                draw_running_head(canvas, self.head, self.numbering.total)
            elif self.cover:
                self.cover(canvas)
        canvas.restoreState()


def draw_running_head(canvas: TaggedCanvas, head: RunningHead, total: int) -> None:
    """Running text and mark above a hairline; "strona 3 z 21" below."""
    right = style.PAGE_WIDTH - style.RIGHT
    y = style.PAGE_HEIGHT - 48
    canvas.setFillColor(style.SOFT)
    canvas.setFont(REGULAR, 8.5)
    room = style.WIDTH - (90 if head.mark else 0)
    canvas.drawString(style.LEFT, y, wrap_text(printable(head.text), 8.5, room)[0] if head.text else "")
    if head.mark:
        canvas.setFont(BOLD, 9)
        canvas.setFillColor(style.INK)
        canvas.drawRightString(right, y, head.mark)
    canvas.setStrokeColor(style.RULE)
    canvas.setLineWidth(0.5)
    canvas.line(style.LEFT, y - 7, right, y - 7)
    canvas.setFillColor(style.SOFT)
    canvas.setFont(REGULAR, 8.5)
    canvas.drawRightString(right, 42, f"strona {canvas.getPageNumber()} z {total}")
