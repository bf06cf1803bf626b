"""How wide a table's columns are on paper, and how high the table will be: measured before it is set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.fonts import text_width

PADDING = 12.0  # of a cell, left and right together
_ROW_PADDING = 6.0
# A no-break space does not end a word, nor does the one after a single letter: it becomes one (`fonts.markup`).
_SPACES = re.compile(r"\n+|(?<!\b\w)[ \t]+")
_HYPHENS = re.compile(r"(?<=\w{5}-)(?=\w{5})")  # in a compound of two long words, where it may go on below
_HYPHENED = re.compile(r"\S*\w{5}-\w{5}\S*")
_MEASURED = 4  # of a column, the words with the most letters: the widest is among them
_LOOSE = 1.06  # lines end at words, so a text needs more of them than its width says
_MOST = 0.45  # of the table, for a single word
_FEW_ROWS = 5  # a table of fewer moves as a whole, however high
_HIGH = 270.0  # the rows of a table that would leave much of a page empty if it moved as a whole

Rows = Sequence[Sequence[str]]


def fitted(header: Sequence[str], rows: Rows, widths: Sequence[float], room: float) -> list[float]:
    """Points for each column, together `room`, in the proportion of `widths`, so that words stay whole.

    A column too narrow for its longest word takes from those that have more than theirs need. Where there is not
    enough for all words, the widest column's are broken.
    """
    unit = room / sum(widths)
    wanted = [width * unit for width in widths]
    least = [
        min(_longest(words, [row[at] for row in rows], at == 0) + PADDING + 1, room * _MOST)
        for at, words in enumerate(header)
    ]
    lacking = sum(max(0.0, need - have) for need, have in zip(least, wanted, strict=True))
    if not lacking:
        return wanted
    spare = sum(max(0.0, have - need) for need, have in zip(least, wanted, strict=True))
    if spare < lacking:
        widest = max(range(len(least)), key=least.__getitem__)
        least[widest] = max(least[widest] - (lacking - spare), room / len(least) / 2)
        return [need * room / sum(least) for need in least]
    share = lacking / spare
    return [max(need, have - max(0.0, have - need) * share) for need, have in zip(least, wanted, strict=True)]


def hyphenated(words: str, width: float, bold: bool) -> str:
    """The words of a cell of this width; a compound that is wider goes on below its hyphen."""
    if "-" not in words:
        return words
    return _HYPHENED.sub(
        lambda found: (
            _HYPHENS.sub("\n", found[0])
            if text_width(found[0], style.CELL.fontSize, bold) > width - PADDING
            else found[0]
        ),
        words,
    )


def _longest(header: str, cells: Sequence[str], bold: bool) -> float:
    found = [text_width(word, style.CELL_HEAD.fontSize, True) for word in _long_words([header])]
    found += [text_width(word, style.CELL.fontSize, bold) for word in _long_words(cells)]
    return max(found, default=0.0)


def _long_words(cells: Sequence[str]) -> list[str]:
    words = {
        part
        for cell in cells
        for word in _SPACES.split(cell)
        for part in (_HYPHENS.split(word) if word else ())
    }
    return sorted(words, key=len, reverse=True)[:_MEASURED]


def height_of(rows: Rows, widths: Sequence[float]) -> float:
    """About how high the rows stand, in points, without the header."""
    return sum(
        max(_lines(words, width - PADDING) for words, width in zip(row, widths, strict=True))
        * style.CELL.leading
        + _ROW_PADDING
        for row in rows
    )


def is_high(rows: Rows, widths: Sequence[float]) -> bool:
    """Is a table, though it has not many rows, better broken over pages than moved as a whole?"""
    return len(rows) >= _FEW_ROWS and height_of(rows, widths) > _HIGH


def _lines(words: str, width: float) -> int:
    return sum(
        max(1, -int(-text_width(line, style.CELL.fontSize) * _LOOSE // width)) for line in words.split("\n")
    )
