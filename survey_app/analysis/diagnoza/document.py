"""A report as chapters and blocks, without a format: the PDF and the web page are two thin renderers of this.

Because both read the same blocks, a number cannot differ between them. Text fields are plain text (no markup).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey_app.analysis.charts.primitives import Chart
from survey_app.analysis.released import ReleasedTable


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`link`: anchor of another place of the report, to which the whole paragraph leads.

    Style "signature": who signs; a dotted line to sign on stands above.
    """

    text: str
    style: Literal["body", "lead", "note", "quote", "small", "signature"] = "body"
    link: str = ""


@dataclass(frozen=True, slots=True)
class BulletList:
    """`start`: the number of the first item of an ordered list."""

    items: tuple[str, ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Subheading:
    """`compact`: set small on paper, where a page must hold much; its place in the outline stays the same."""

    text: str
    anchor: str
    level: Literal[2, 3] = 2
    compact: bool = False


@dataclass(frozen=True, slots=True)
class CountTable:
    """A released table with a caption. `show_shares`: print per cents beside counts where the base allows.

    `as_list`: the columns of the first row one below the other, for a table of one long row. `heading`: of the first
    column, where it is neither answers nor groups of the ankieta. `said`: notes of the table said once above.
    """

    caption: str
    table: ReleasedTable
    show_shares: bool = True
    anchor: str = ""
    as_list: bool = False
    heading: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of words, dates or already rendered numbers. The first column is the row's header.

    `figures`: all other columns hold numbers, or what stands in their place, and are set right.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()  # relative widths, for paper; empty: equal
    anchor: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its finding as title and its alternative text inside.

    `table_anchor` names the table that holds the same numbers; `table_label` ("Tabela 3") is filled in by
    `numbered`, with the captions' numbers.
    """

    caption: str
    chart: Chart
    table_anchor: str = ""
    table_label: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A boxed remark: a limit, a convention, a warning."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large number with its words, for the summary."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class KeyFigures:
    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Paper only."""


Block = (
    Paragraph | BulletList | Subheading | CountTable | TextTable | Figure | Notice | KeyFigures | PageBreak
)


_TABLES = (CountTable, TextTable)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`number` is "1", "2", ... or "A" for annexes."""

    number: str
    title: str
    anchor: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Emblem:
    """The gmina's herb for the title page: a PNG or JPEG without transparency that is known to be readable."""

    content: bytes
    media_type: str  # "image/png" or "image/jpeg"
    width: int  # in points of the picture
    height: int
    alt: str

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """As large as fits into this room, in its own proportions."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


@dataclass(frozen=True, slots=True)
class Document:
    """`facts`: label and value pairs for the title page. `running`: what the page header says."""

    title: str
    subtitle: str
    running: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    checksum: str
    watermark: str = (
        ""  # "PRZYKŁAD" for made-up data; printed in the header of each page and on the title page
    )
    language: str = "pl-PL"
    created: dt.datetime | None = (
        None  # what the file says of its making: the lock, so that bytes never differ
    )
    emblem: Emblem | None = None  # no part of what the checksum covers: it is no number


def words_of(chapter: Chapter) -> Iterator[str]:
    """The running text of a chapter: paragraphs, list items and remarks, without headings, tables and figures."""
    for block in chapter.blocks:
        if isinstance(block, Paragraph | Notice):
            yield block.text
        elif isinstance(block, BulletList):
            yield from block.items


def numbered(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """The chapters with "Tabela 1. " and "Rysunek 1. " in front of captions, in reading order.

    Numbers are given once, here, so that paper and page cannot differ.
    """
    labels: dict[str, str] = {}
    tables = [block for chapter in chapters for block in chapter.blocks if isinstance(block, _TABLES)]
    captions: dict[int, str] = {}
    for number, table in enumerate(tables, start=1):
        captions[id(table)] = f"Tabela {number}. {table.caption}"
        if table.anchor:
            labels[table.anchor] = f"Tabela {number}"
    figures = [block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)]
    for number, figure in enumerate(figures, start=1):
        captions[id(figure)] = f"Rysunek {number}. {figure.caption}"
    return tuple(
        replace(chapter, blocks=tuple(_with_caption(block, captions, labels) for block in chapter.blocks))
        for chapter in chapters
    )


def _with_caption(block: Block, captions: Mapping[int, str], labels: Mapping[str, str]) -> Block:
    if isinstance(block, Figure):
        return replace(block, caption=captions[id(block)], table_label=labels.get(block.table_anchor, ""))
    if isinstance(block, _TABLES):
        return replace(block, caption=captions[id(block)])
    return block
