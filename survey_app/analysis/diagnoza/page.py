"""The diagnoza as a web page: the same blocks as on paper, ready for `templates/diagnoza/document.html`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from survey_app.analysis.charts.svg import to_svg
from survey_app.analysis.diagnoza.cells import CellTable, cells
from survey_app.analysis.diagnoza.document import Block, Chapter, CountTable, Document, Figure, TextTable


@dataclass(frozen=True, slots=True)
class PageBlock:
    """`kind` is the block's class name; `table` and `svg` are there for tables and figures."""

    kind: str
    content: Block
    table: CellTable | None = None
    svg: Markup | None = None


@dataclass(frozen=True, slots=True)
class PageChapter:
    """`title` with its number, as on paper; `name` without, for a page that shows some chapters only."""

    title: str
    name: str
    anchor: str
    blocks: tuple[PageBlock, ...]


def chapter_title(chapter: Chapter) -> str:
    """ "1. Podsumowanie", "Aneks A. Kwestionariusz"."""
    label = chapter.number if chapter.number.isdigit() else f"Aneks {chapter.number}"
    return f"{label}. {chapter.title}"


def page_chapters(document: Document, anchors: Collection[str] = ()) -> list[PageChapter]:
    """The chapters as the template reads them; `anchors` picks some of them, in the report's order."""
    chosen = [chapter for chapter in document.chapters if not anchors or chapter.anchor in anchors]
    return [
        PageChapter(
            chapter_title(chapter),
            chapter.title,
            chapter.anchor,
            tuple(
                _page_block(block, f"{chapter.anchor}-{position}")
                for position, block in enumerate(chapter.blocks)
            ),
        )
        for chapter in chosen
    ]


def page_blocks(blocks: Iterable[Block], uid: str) -> list[PageBlock]:
    """Some blocks alone, for a page that shows a part of a chapter; `uid` begins the ids of what they hold."""
    return [_page_block(block, f"{uid}-{position}") for position, block in enumerate(blocks)]


def _page_block(block: Block, uid: str) -> PageBlock:
    kind = type(block).__name__
    if isinstance(block, (CountTable, TextTable)):
        return PageBlock(kind, block, table=cells(block))
    if isinstance(block, Figure):
        # Safe as markup: `to_svg` escapes every text that it is given.
        return PageBlock(kind, block, svg=Markup(to_svg(block.chart, f"rys-{uid}")))  # noqa: S704
    return PageBlock(kind, block)
