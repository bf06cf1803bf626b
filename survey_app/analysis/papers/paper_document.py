"""How a paper stands on a sheet: what is set right, under the title, in the text, and where people sign.

What stands before the first `# ` heading is a letter's head: first the place and the day, set right, then whom it goes
to. That heading is the title. What follows it belongs to it, down to the last line that begins with "z dnia" or
"w sprawie". Without such a heading the sheet has the paper's own name for a title.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from survey_app.analysis.diagnoza.document import Block, Paragraph, Subheading, TextTable
from survey_app.analysis.papers.blocks import blocks_with_depth
from survey_app.analysis.papers.figures import with_figures

_LONGEST_HEAD = 8
_LONGEST_UNDER = 5
_UNDER = re.compile(r"(z dnia|w sprawie)\b")
NUMBERED = re.compile(r"§ ?\d+[a-z]?\.?")  # a paragraph of an act, in a heading or at the beginning of a line
_NARROWEST, _WIDEST = 7, 36  # of a table's column, in letters
_LINE = 92  # letters beside each other in a table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper, or one letter. `place`: set right; `address`: lines; `under`: below the title.

    `body`: blocks with headings of level 2 and 3 in order; signatures are paragraphs of that style.
    """

    title: str
    place: str
    address: tuple[str, ...]
    under: tuple[str, ...]
    body: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class PaperFile:
    """What a file is made of: one sheet, or one for each recipient. `made_at`: of the version, never the clock's."""

    title: str
    gmina: str
    sheets: tuple[Sheet, ...]
    made_at: dt.datetime


def sheet_of(markdown: str, title: str) -> Sheet:
    """The sheet of a text; `title`: for a text that has none."""
    blocks = blocks_with_depth(markdown)
    at = next((at for at, (depth, _) in enumerate(blocks) if depth == 1), None)
    head = [block for _, block in blocks[: at or 0]]
    has_title = at is not None and at <= _LONGEST_HEAD and all(map(_is_words, head))
    if not has_title or at is None:
        return Sheet(title, "", (), (), _body(blocks))
    heading = blocks[at][1]
    assert isinstance(heading, Subheading)
    words = [block.text for block in head if isinstance(block, Paragraph)]
    rest = blocks[at + 1 :]
    under = _under([block for _, block in rest])
    body = _body(rest[len(under) :])
    return Sheet(heading.text, "".join(words[:1]), tuple(words[1:]), tuple(under), body)


def _is_words(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style != "signature"


def _under(blocks: Sequence[Block]) -> list[str]:
    first = takewhile(_is_words, blocks[:_LONGEST_UNDER])
    words = [block.text for block in first if isinstance(block, Paragraph)]
    last = max((at for at, one in enumerate(words) if _UNDER.match(one)), default=-1)
    return words[: last + 1]


def _body(blocks: Sequence[tuple[int, Block]]) -> tuple[Block, ...]:
    """Headings without a gap between their levels; columns as wide as their words ask for."""
    made: list[Block] = []
    outer = False
    for block in with_figures(block for _, block in blocks):
        if isinstance(block, Subheading):
            block = replace(block, level=3 if block.level == 3 and outer else 2)
            outer = True
        elif isinstance(block, TextTable):
            block = replace(block, widths=_widths(block))
        made.append(block)
    return tuple(made)


def _widths(table: TextTable) -> tuple[float, ...]:
    """In letters. Where they ask for more than a line has, wide columns give way before a word is broken."""
    columns = list(zip(table.header, *table.rows, strict=True))
    # A heading is bold and needs more room than its letters.
    least = [
        min(max(_NARROWEST, 4 + _longest_word(cells[:1]), 2 + _longest_word(cells)), _WIDEST)
        for cells in columns
    ]
    wanted = [
        min(max(words, _asked_for(cells)), _WIDEST) for words, cells in zip(least, columns, strict=True)
    ]
    more = sum(wanted) - sum(least)
    share = 1.0 if sum(wanted) <= _LINE or not more else max(0.0, (_LINE - sum(least)) / more)
    return tuple(words + (wish - words) * share for words, wish in zip(least, wanted, strict=True))


def _asked_for(cells: Sequence[str]) -> int:
    """Letters, with the cell's edges; a heading may stand on two lines."""
    header, *below = map(len, cells)
    return 3 + max(-(-header // 2), *below, 0)


def _longest_word(cells: Sequence[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)
