"""Tables with header scopes: Table > Caption, THead, TBody; a header repeated on a new page is an artifact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from reportlab.platypus import Flowable, Table

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import TaggedCanvas
from survey_app.analysis.pdf.flowables import Anchor, TaggedParagraph
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.structure import Element, Slot, scope_attributes

_KEPT_ROWS = 3  # rows that stay with the header, and with each other at the end
_FRESH = 0.9 * (style.PAGE_HEIGHT - style.TOP - style.BOTTOM)  # about as much as a page can give to a table
KEPT_WHOLE = 14  # a table of more rows may break over pages; a shorter one moves as a whole, with its caption


class _Tagger:
    """Follows reportlab's drawing of one table (its `renderCB` hook); the pieces of a split table share one."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        self._sections: dict[str, Slot] = {"THead": Slot("THead", slot), "TBody": Slot("TBody", slot)}
        self._head_is_drawn = False
        self._row: Element | None = None
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
        section = self._sections["THead" if is_head else "TBody"]
        self._row = section.element(canvas).child("TR")

    def _startCell(self, table: Any, canvas: TaggedCanvas, row: int, column: int, *_: Any) -> None:  # noqa: N802
        if self._row is None:
            self._open.enter_context(canvas.artifact("Pagination"))
            return
        is_head = row < table.repeatRows
        if is_head or column == 0:
            cell = self._row.child("TH", scope_attributes("Column" if is_head else "Row"))
        else:
            cell = self._row.child("TD")
        self._open.enter_context(canvas.within(cell))

    def _endCell(self, _table: Any, _canvas: TaggedCanvas) -> None:  # noqa: N802
        self._open.close()

    def _endTable(self, _table: Any, _canvas: TaggedCanvas) -> None:  # noqa: N802
        self._head_is_drawn = True


class TaggedTable(Table):
    """A table of paragraphs; the first `repeatRows` rows are column headers, the first column row headers."""

    def __init__(self, data: Any, *arguments: Any, slot: Slot | None = None, **options: Any) -> None:
        options["renderCB"] = options.get("renderCB") or _Tagger(slot or Slot("Table"))
        super().__init__(data, *arguments, **options)

    def split(self, availWidth: float, availHeight: float) -> list[Flowable]:  # noqa: N803
        """Between rows; where a whole page does not hold those that stay together, wherever it must be.

        reportlab by itself would also cut a row where rows are to be kept together, header after header.
        """
        self.splitInRow = 0
        pieces: list[Flowable] = super().split(availWidth, availHeight)
        if not pieces and availHeight >= _FRESH:
            self._nosplitCmds: list[Any] = []
            self._calcNoSplitRanges()  # type: ignore[attr-defined]  # the stubs do not know it
            self.splitInRow = 1
            pieces = super().split(availWidth, availHeight)
        return pieces


def table_with_caption(
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Flowable]],
    widths: Sequence[float],
    numeric: frozenset[int] = frozenset(),
    emphasised: frozenset[int] = frozenset(),
    anchor: str = "",
) -> list[Flowable]:
    """Caption and table in one Table element. `numeric`: columns set right; `emphasised`: rows on a tinted ground."""
    slot = Slot("Table")
    title = TaggedParagraph(markup(caption, style.CAPTION.fontName), style.CAPTION, Slot("Caption", slot))
    head = [_head_cell(words, column in numeric) for column, words in enumerate(header)]
    table = TaggedTable([head, *rows], colWidths=list(widths), repeatRows=1, hAlign="LEFT", slot=slot)
    table.setStyle(_commands(len(rows), emphasised))
    table.spaceAfter = style.GRID * 1.5
    title.keepWithNext = len(rows) <= KEPT_WHOLE
    target = Anchor(anchor, above=44)
    target.keepWithNext = title.keepWithNext
    # Not before the caption: a flowable without height at the head of a group hides the space above the next one.
    return [title, target, table] if anchor else [title, table]


def _head_cell(words: str, is_numeric: bool) -> TaggedParagraph:
    look = style.CELL_HEAD_NUMBER if is_numeric else style.CELL_HEAD
    return TaggedParagraph(markup(words, look.fontName), look, Slot("P"))


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
