"""A report as chapters and blocks, without a format: the PDF and the web page are two thin renderers of this.

Because both read the same blocks, a number cannot differ between them. Text fields are plain text (no markup).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from survey_app.analysis.charts.primitives import Chart
from survey_app.analysis.released import ReleasedTable


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    style: Literal["body", "lead", "note", "quote"] = "body"


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Subheading:
    text: str
    anchor: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class CountTable:
    """A released table with a caption. `show_shares`: print per cents beside counts where the base allows."""

    caption: str
    table: ReleasedTable
    show_shares: bool = True
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of words, dates or already rendered numbers. The first column is the row's header."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()  # relative widths, for paper; empty: equal
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its finding as title, its alternative text inside, and the caption's number given on rendering.

    `table_anchor` names the table that holds the same numbers.
    """

    caption: str
    chart: Chart
    table_anchor: str = ""


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


@dataclass(frozen=True, slots=True)
class Chapter:
    """`number` is "1", "2", ... or "A" for annexes."""

    number: str
    title: str
    anchor: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """`facts`: label and value pairs for the title page. `running`: what the page header says."""

    title: str
    subtitle: str
    running: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    checksum: str
    watermark: str = ""  # "PRZYKŁAD" for made-up data; printed in the header of each page and on the title page
    language: str = "pl-PL"
