"""A cell of a table: plain words in one look. A large report has thousands; reportlab's paragraph, which can do much
more, takes several times as long for each (docs/experiments/0011).

What is drawn is the same, to the byte: lines break where reportlab would break them.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.rl_accel import fp_str
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable
from reportlab.platypus.paragraph import split as words_of  # type: ignore[attr-defined]

from survey_app.analysis.pdf.canvas import Letters, TaggedCanvas
from survey_app.analysis.pdf.fonts import keep_single_letters, printable
from survey_app.analysis.pdf.structure import Slot

_NOTHING = 1e-6  # reportlab does not move the pen by less
_SQUEEZED = -1e-8  # a line may be a little longer than its width: the spaces then are a little narrower

Line = tuple[float, str]  # what is left of the width, and the words


class Cell(Flowable):
    """Plain words, set left or right as `look` says. Both halves of a cell that breaks over pages share the slot."""

    canv: Any

    def __init__(self, text: str, look: ParagraphStyle, slot: Slot | None = None) -> None:
        super().__init__()
        shown = printable(text, look.fontName)
        if slot is None:
            slot = Slot("P", entries={"ActualText": text} if "[" in shown and shown != text else None)
        self.text, self.look, self.slot = keep_single_letters(shown), look, slot
        self.lines: Sequence[Line] | None = None

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Lines are broken once for a width."""
        if self.lines is None or availWidth != self.width:
            self.lines, self.width = _broken(self.text, self.look, availWidth), availWidth
        self.height = len(self.lines) * self.look.leading
        return self.width, self.height

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Between lines, none of them alone on its page."""
        if self.lines is None:
            self.wrap(availWidth, availHeight)
        lines = self.lines or []
        fitting = int(availHeight / self.look.leading)
        if fitting >= len(lines) > 0 and fitting > 1:
            return [self]
        fitting = min(fitting, len(lines) - 2)
        if fitting < 2:
            return []
        return [self._part(lines[:fitting]), self._part(lines[fitting:])]

    def _part(self, lines: Sequence[Line]) -> Cell:
        part = Cell("", self.look, self.slot)
        part.text = "\n".join(words for _, words in lines)
        part.lines, part.width = lines, self.width
        part.height = len(lines) * self.look.leading
        return part

    def getSpaceBefore(self) -> float:  # noqa: N802 (reportlab's name)
        """The table has its own padding."""
        return 0

    getSpaceAfter = getSpaceBefore  # noqa: N815

    def draw(self) -> None:
        """As marked content, the lower left corner at the origin."""
        canvas: TaggedCanvas = self.canv
        with canvas.mark(self.slot.element(canvas)):
            if self.lines:
                letters = canvas.letters(self.look)
                canvas.write("q", letters.colour, self._words(letters, self.lines), "Q")

    def draw_at(self, canvas: TaggedCanvas, x: float, y: float) -> None:
        """As `drawOn`, without keeping a graphics state that nothing here changes."""
        self.canv = canvas
        canvas.write("q", f"1 0 0 1 {_number(x)} {_number(y)} cm")
        self.draw()
        canvas.write("Q")
        del self.canv

    def _words(self, letters: Letters, lines: Sequence[Line]) -> str:
        """A text object. `Td` steps right of the edge, and for the next line from where this one began."""
        face = f"{letters.face} "
        parts = [f"BT 1 0 0 1 0 {_number(self.height - self.look.fontSize)} Tm"]
        back = ""  # the step to the edge again
        for left, words in lines:
            gaps = words.count(" ") + words.count("\u00a0") if left <= _SQUEEZED else 0
            step = left if self.look.alignment == TA_RIGHT and not gaps and abs(left) > _NOTHING else 0.0
            if step or back:
                parts.append(f"{fp_str(step + float(back)) if step and back else back or fp_str(step)} 0 Td")
            if gaps:
                parts.append(f"{fp_str(left / gaps)} Tw")
            parts.append(f"{face}({words.translate(letters)}) Tj T*")
            if gaps:
                parts.append("0 Tw")
            face, back = "", fp_str(-step) if step else ""
        if back:
            parts.append(f"{back} 0 Td")
        return " ".join([*parts, "ET"])


@functools.lru_cache(maxsize=4096)
def _number(number: float) -> str:
    """Of places on the page: cells stand in columns and rows, so the same come again and again."""
    written: str = fp_str(number)
    return written


def _broken(text: str, look: ParagraphStyle, width: float) -> list[Line]:
    """The lines, as reportlab would break them; a word wider than a line is cut where the line ends."""
    lines: list[Line] = []
    space = stringWidth(" ", look.fontName, look.fontSize)
    for part in text.split("\n") if text.strip() else ():
        line: list[str] = []
        used = -space
        words = words_of(part)[::-1]
        while words:
            word = words.pop()
            wide = stringWidth(word, look.fontName, look.fontSize)
            longer = used + space + wide
            if longer <= width + look.spaceShrinkage * space * len(line):
                line.append(word)
                used = longer
                continue
            if wide > width:
                cut = _fitting(word, look, width - used - space) or int(not line)
                line += [word[:cut]] if cut else []
                used += space + stringWidth(word[:cut], look.fontName, look.fontSize) if cut else 0
                word = word[cut:]
            lines.append((width - used, " ".join(line)))
            line, used = [], -space
            words += [word] if word else []
        lines.append((width - used, " ".join(line)))
    return lines


def _fitting(word: str, look: ParagraphStyle, width: float) -> int:
    """How many letters of the word fit."""
    wide = itertools.accumulate(stringWidth(letter, look.fontName, look.fontSize) for letter in word)
    return sum(1 for one in wide if one <= width)
