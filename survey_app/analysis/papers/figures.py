"""Charts of a paper: drawn from its tables, so that chart and table cannot say different numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey_app import polish
from survey_app.analysis.charts.tornado import Bar, tornado_chart
from survey_app.analysis.diagnoza.document import Block, Figure, TextTable
from survey_app.analysis.papers.calculation_text import EFFECTS_HEADER

ANCHOR = "wrazliwosc"
CAPTION = "Wynik, gdy zmienia się jedno założenie"


def with_figures(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, with the chart in front of the table of what changes a calculator's result."""
    for block in blocks:
        if isinstance(block, TextTable) and block.header == EFFECTS_HEADER and (bars := _bars(block)):
            yield Figure(CAPTION, tornado_chart(bars), ANCHOR)
            yield replace(block, anchor=ANCHOR)
        else:
            yield block


def _bars(table: TextTable) -> list[Bar]:
    """None where a person wrote something else than numbers into it."""
    try:
        return [Bar(row[0], _number(row[2]), _number(row[3])) for row in table.rows]
    except ValueError:
        return []


def _number(words: str) -> int:
    return int(words.replace(polish.MINUS, "-").replace(polish.NBSP, "").replace(" ", ""))
