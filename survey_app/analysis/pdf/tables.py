"""Tables with header scopes: Table > Caption, THead, TBody; a header repeated on a new page is an artifact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from reportlab.platypus import Flowable, Table

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import TaggedCanvas
from survey_app.analysis.pdf.cells import Cell
from survey_app.analysis.pdf.flowables import Anchor, TaggedParagraph
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.structure import Element, Slot, scope_attributes

_KEPT_ROWS = 3  # rows that stay with the header, and with each other at the end
_FRESH = 0.9 * (style.PAGE_HEIGHT - style.TOP - style.BOTTOM)  # about as much as a page can give to a table
_LONG_ROW = _FRESH / 3  # a row from this height on is cut where the page ends: moved whole it leaves a gap
_CUT_ROOM = 60.0  # of a cut row at least this much stands on either side of the page break
KEPT_WHOLE = 14  # a table of more rows may break over pages; a shorter one moves as a whole, with its caption


class _Tagger:
    """Follows reportlab's drawing of one table (its `renderCB` hook); the pieces of a split table share one."""

    _around: Element  # what the canvas adds elements to, outside of the cell

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self._sections: dict[str, Slot] = {"THead": Slot("THead", slot), "TBody": Slot("TBody", slot)}
        self._head_is_drawn = False
        self._row: Element | None = None
        self._body_row: Element | None = None
        self._cells: dict[int, Element] = {}  # of the row drawn last in the body, by column
        self._open = ExitStack()

    def __deepcopy__(self, memo: Any) -> _Tagger:
        return self

    def __call__(self, table: Any, event: str, *position: Any) -> None:
        handler = getattr(self, f"_{event}", None)
        if handler:
            handler(table, table.canv, *position)

    def _startBG(self, _table: Any, canvas: TaggedCanvas) -> None:  # noqa: N802
        self._open.enter_context(canvas.artifact())

    def _endBG(self, _table: Any, _canvas: TaggedCanvas) -> None:  # noqa: N802
        self._open.close()

    _startLines = _startBG  # noqa: N815
    _endLines = _endBG  # noqa: N815

    def _startRow(self, table: Any, canvas: TaggedCanvas, row: int) -> None:  # noqa: N802
        is_head = row < table.repeatRows
        if is_head and self._head_is_drawn:
            self._row = None
            return
        if row == table.repeatRows and table.continues and self._cells:
            self._row = self._body_row
            return
        section = self._sections["THead" if is_head else "TBody"]
        self._row = section.element(canvas).child("TR")
        self._body_row, self._cells = (None, {}) if is_head else (self._row, {})

    def _startCell(self, table: Any, canvas: TaggedCanvas, row: int, column: int, *_: Any) -> None:  # noqa: N802
        self._around = canvas.current
        if self._row is None:
            self._open.enter_context(canvas.artifact("Pagination"))
            return
        cell = self._cells.get(column) if row >= table.repeatRows else None
        canvas.current = cell or self._new_cell(table, row, column)

    def _new_cell(self, table: Any, row: int, column: int) -> Element:
        assert self._row is not None
        if row < table.repeatRows:
            return self._row.child("TH", scope_attributes("Column"))
        cell = self._row.child("TH", scope_attributes("Row")) if column == 0 else self._row.child("TD")
        self._cells[column] = cell
        return cell

    def _endCell(self, _table: Any, canvas: TaggedCanvas) -> None:  # noqa: N802
        canvas.current = self._around
        if self._row is None:
            self._open.close()

    def _endTable(self, _table: Any, _canvas: TaggedCanvas) -> None:  # noqa: N802
        self._head_is_drawn = True


class TaggedTable(Table):
    """A table of paragraphs; the first `repeatRows` rows are column headers, the first column row headers.

    `continues`: the first row below the headers is the rest of a row, and belongs into the same TR.
    """

    continues = False
    _nosplitCmds: list[Any]  # noqa: N815  # reportlab's own
    _argH: list[float | None]  # noqa: N815
    _rowHeights: list[float]  # noqa: N815
    _curcellstyle: Any
    canv: Any

    def __init__(self, data: Any, *arguments: Any, slot: Slot | None = None, **options: Any) -> None:
        options["renderCB"] = options.get("renderCB") or _Tagger(slot or Slot("Table"))
        super().__init__(data, *arguments, **options)

    def _calc(self, availWidth: float, availHeight: float) -> None:  # noqa: N803
        """As reportlab does; the heights are kept, also by the pieces of a split table, whose rows are the same."""
        super()._calc(availWidth, availHeight)  # type: ignore[misc]
        self._argH = list(self._rowHeights)

    def _drawCell(self, cell: Any, look: Any, corner: Any, size: Any) -> None:  # noqa: N802
        """As reportlab does; a plain cell, after the first, straight where it belongs."""
        is_plain = isinstance(cell, tuple) and len(cell) == 1 and isinstance(cell[0], Cell)
        if self._curcellstyle is None or not is_plain:
            super()._drawCell(cell, look, corner, size)  # type: ignore[misc]
            return
        ((x, y), (_, height), cell) = corner, size, cell[0]
        above = height - look.topPadding - cell.height if look.valign == "TOP" else look.bottomPadding
        cell.draw_at(self.canv, x + look.leftPadding, y + above)

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Between rows, or inside a long one; where a page does not hold those that stay together, anywhere.

        reportlab by itself would also cut a row where rows are to be kept together, header after header.
        """
        pieces = self._inside_long_row(availWidth, availHeight)
        if not pieces:
            self.splitInRow = 0
            pieces = super().split(availWidth, availHeight)
        if not pieces and availHeight >= _FRESH:
            self._nosplitCmds = []
            self._calcNoSplitRanges()  # type: ignore[attr-defined]
            self.splitInRow = 1
            self._forget_heights()
            pieces = super().split(availWidth, availHeight)
        self._hand_on(pieces)
        return pieces

    def _inside_long_row(self, width: float, height: float) -> list[Any]:
        """Cut in two the row that the page's end falls into; nothing if it is short or too little would be left."""
        self._calc(width, height)
        above = 0.0
        for number, tall in enumerate(self._rowHeights):
            if above + tall > height:
                left = min(height - above, tall - _CUT_ROOM)
                if number < self.repeatRows or tall < _LONG_ROW or left < _CUT_ROOM:
                    return []
                return self._cut(number, above + left)
            above += tall
        return []

    def _cut(self, row: int, height: float) -> list[Any]:
        """Through the row, `height` below the table's top, although it is to be kept with others."""
        kept = self._nosplitCmds
        self._nosplitCmds = [one for one in kept if row not in range(*self._span(one))]
        self._calcNoSplitRanges()  # type: ignore[attr-defined]  # the stubs do not know it
        self._forget_heights()
        pieces: list[Any] = self._splitRows(height, doInRowSplit=1)  # type: ignore[attr-defined]
        if not pieces:
            self._nosplitCmds = kept
            self._calcNoSplitRanges()  # type: ignore[attr-defined]
        return pieces

    def _forget_heights(self) -> None:
        """Before a row is cut: its halves have heights of their own."""
        self._argH = [None] * self._nrows  # type: ignore[attr-defined]

    def _span(self, command: Any) -> tuple[int, int]:
        """First row of a command, and the one after its last."""
        first, last = (at[1] % self._nrows for at in command[1:3])  # type: ignore[attr-defined]
        return first, last + 1

    def _hand_on(self, pieces: list[Any]) -> None:
        """Tell the pieces whether their first row is the rest of one that began on the page before.

        A row that goes on has no rule below it: a rule would say that it ends there.
        """
        if len(pieces) == 2:
            first, rest = pieces
            first.continues = self.continues
            rest.continues = first._nrows + rest._nrows - self.repeatRows > self._nrows  # type: ignore[attr-defined]
            if rest.continues:
                end = first._nrows - 1
                first._linecmds = [
                    (name, start, (stop[0], min(stop[1], end - 1)), *look)
                    for name, start, stop, *look in first._linecmds
                    if start[1] < end
                ]


def table_with_caption(
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Flowable]],
    widths: Sequence[float],
    numeric: frozenset[int] = frozenset(),
    emphasised: frozenset[int] = frozenset(),
    anchor: str = "",
    whole: bool | None = None,
) -> list[Flowable]:
    """Caption and table in one Table element; no caption: the table alone.

    `numeric`: columns set right; `emphasised`: rows on a tinted ground. `whole`: moved to the next page as a whole;
    None: where it has few rows.
    """
    whole = len(rows) <= KEPT_WHOLE if whole is None else whole
    slot = Slot("Table")
    title = TaggedParagraph(markup(caption, style.CAPTION.fontName), style.CAPTION, Slot("Caption", slot))
    head = [_head_cell(words, column in numeric) for column, words in enumerate(header)]
    table = TaggedTable([head, *rows], colWidths=list(widths), repeatRows=1, hAlign="LEFT", slot=slot)
    table.setStyle(_commands(len(rows), emphasised))
    table.spaceAfter = style.GRID * 1.5
    if not caption:
        table.spaceBefore = style.GRID
        return [table]
    title.keepWithNext = whole
    target = Anchor(anchor, above=44)
    target.keepWithNext = title.keepWithNext
    # Not before the caption: a flowable without height at the head of a group hides the space above the next one.
    return [title, target, table] if anchor else [title, table]


def _head_cell(words: str, is_numeric: bool) -> Cell:
    return Cell(words, style.CELL_HEAD_NUMBER if is_numeric else style.CELL_HEAD, Slot("P"))


def _commands(rows: int, emphasised: frozenset[int]) -> list[tuple[Any, ...]]:
    """Rules between rows only; the first rows stay with the header, the last ones together."""
    commands: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
        ("LINEBELOW", (0, 0), (-1, 0), 1, style.PRIMARY),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, style.RULE),
    ]
    commands += [("BACKGROUND", (0, row + 1), (-1, row + 1), style.WASH) for row in sorted(emphasised)]
    if rows > 2 * _KEPT_ROWS:
        commands.append(("NOSPLIT", (0, 0), (0, _KEPT_ROWS)))
        commands.append(("NOSPLIT", (0, -_KEPT_ROWS), (0, -1)))
    elif rows:
        commands.append(("NOSPLIT", (0, 0), (0, -1)))
    return commands
