"""The table of contents: TOC > TOCI > Reference > Link, dotted leaders, page numbers set at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.rl_accel import fp_str
from reportlab.platypus import Flowable

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import TaggedCanvas
from survey_app.analysis.pdf.flowables import TaggedParagraph
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.structure import Slot

_NUMBER_COLUMN = 26.0


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line: `level` 0 for chapters, 1 for what is inside."""

    label: str
    text: str
    anchor: str
    level: int


def contents(entries: Sequence[ContentsEntry]) -> list[Flowable]:
    """The lines, in the order of the entries."""
    whole = Slot("TOC")
    return [ContentsLine(entry, whole) for entry in entries]


class ContentsLine(TaggedParagraph):
    """One entry. The words, the leader and the number are one link."""

    blPara: Any  # noqa: N815 (reportlab's name)

    def __init__(self, entry: ContentsEntry, whole: Slot) -> None:
        look = style.TOC_SECTION if entry.level else style.TOC_CHAPTER
        look = look.clone(f"{look.name} line", rightIndent=_NUMBER_COLUMN + 14, leftIndent=20)
        words = markup(entry.text, look.fontName)
        super().__init__(words, look, Slot("Link", Slot("Reference", Slot("TOCI", whole))))
        self.entry = entry

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: ARG002, N803
        """An entry stays whole."""
        return []

    def draw(self) -> None:
        """Number of the chapter, words, leader, page."""
        canvas: TaggedCanvas = self.canv
        link = self.slot.element(canvas)
        baseline = self.height - self.style.fontSize
        if self.entry.label:
            with canvas.mark(link):
                canvas.setFont(self.style.fontName, self.style.fontSize)
                canvas.setFillColor(style.PRIMARY)
                canvas.drawString(0, baseline, f"{self.entry.label} ")
        super().draw()
        last = self.height - self.style.fontSize - (len(self.blPara.lines) - 1) * self.style.leading
        self._draw_leader(canvas, last)
        annotation = canvas.link(link, (0, 0, self.width, self.height), self.entry.text, self._target)

        def page_number() -> None:
            page = canvas.anchors[self.entry.anchor]
            canvas.setFont(self.style.fontName, self.style.fontSize)
            canvas.setFillColor(style.INK)
            canvas.drawRightString(self.width, last, str(page))
            annotation.Contents = f"{self.entry.text}, strona {page}"

        with canvas.mark(link):
            canvas.late(page_number)

    @property
    def _target(self) -> str:
        return f"#{self.entry.anchor}"

    def _draw_leader(self, canvas: TaggedCanvas, y: float) -> None:
        """Dots on a fixed raster, so that they stand below each other from line to line."""
        start = self.style.leftIndent + self._last_line_width() + 6
        with canvas.artifact():
            canvas.setFillColor(style.SOFT)
            dot = f"{canvas.letters(style.LEADER).face} (.) Tj T* ET"
            x = self.width - _NUMBER_COLUMN
            while x > start:
                canvas.write(f"BT 1 0 0 1 {fp_str(x, y)} Tm {dot}")
                x -= 5

    def _last_line_width(self) -> float:
        line = self.blPara.lines[-1]
        extra = line[0] if isinstance(line, tuple) else line.extraSpace
        return float(self.width - self.style.leftIndent - self.style.rightIndent - extra)
