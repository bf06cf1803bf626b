"""Pages: frames and running heads."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.fonts import BOLD, REGULAR, printable, wrap_text


@dataclass(frozen=True, slots=True)
class RunningHead:
    """What stands above and below the text on each page but the first. `mark`: a word such as PRZYKŁAD."""

    text: str
    mark: str = ""
    first_page: bool = False  # also on the first page
    on_no_page: bool = False  # letters and posters have none


Cover = Callable[[TaggedCanvas], None]


def build_pdf(
    story: list[Flowable], metadata: Metadata, head: RunningHead, cover: Cover | None = None
) -> bytes:
    """Lay the story out, once: page numbers are set when all pages are there (`TaggedCanvas.late`).

    `story` is empty afterwards: what is drawn already need not wait for the last page.
    """
    file = io.BytesIO()
    template = _Template(file, metadata, head, cover)
    template.build(story, canvasmaker=template.make_canvas)
    return file.getvalue()


@contextmanager
def without_collecting() -> Iterator[None]:
    """A large report is hundreds of thousands of objects that all live until its last page: looking through them for
    garbage, again and again, took a quarter of its time. What is left over is collected afterwards, at once.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect()


class _Template(BaseDocTemplate):
    def __init__(
        self,
        file: io.BytesIO,
        metadata: Metadata,
        head: RunningHead,
        cover: Cover | None,
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
        height = style.PAGE_HEIGHT - style.TOP - style.BOTTOM
        frame = Frame(style.LEFT, style.BOTTOM, style.WIDTH, height, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._draw_head))

    def make_canvas(self, _filename: Any, **_options: Any) -> TaggedCanvas:
        return TaggedCanvas(self.filename, self.metadata, (style.PAGE_WIDTH, style.PAGE_HEIGHT))

    def _draw_head(self, canvas: Any, _template: Any) -> None:
        canvas.saveState()
        with canvas.artifact("Pagination"):
            has_head = not self.head.on_no_page and (canvas.getPageNumber() > 1 or self.head.first_page)
            if has_head:
                draw_running_head(canvas, self.head)
            elif self.cover:
                self.cover(canvas)
        canvas.restoreState()


def draw_running_head(canvas: TaggedCanvas, head: RunningHead) -> None:
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
    number = canvas.getPageNumber()

    def place_on_its_way() -> None:
        canvas.setFillColor(style.SOFT)
        canvas.setFont(REGULAR, 8.5)
        canvas.drawRightString(right, 42, f"strona {number} z {canvas.total}")

    canvas.late(place_on_its_way)
