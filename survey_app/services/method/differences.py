"""Two texts side by side as one: what stayed, what went, what came; by lines, and by words within a changed line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SAME, REMOVED, ADDED = "same", "removed", "added"
AROUND = 2  # lines that stay in sight beside a change
_LONGEST = 4_000  # words of both lines: above it a line counts as changed whole
_ALIKE = 0.4  # share of words that both lines have
_RULE = re.compile(r"\|[-:| ]+\|")
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind`: SAME, REMOVED or ADDED."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line in its pieces. `skipped`: how many equal lines are left out here; then there are no pieces."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


def differences(before: str, after: str) -> list[Line]:
    """What changed, with some lines around; empty where both texts are the same."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return []
    lines: list[Line] = []
    codes = difflib.SequenceMatcher(None, old, new).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        if tag == "equal":
            lines += _equal(old[a:b], first=place == 0, last=place == len(codes) - 1)
        else:
            lines += _changed(old[a:b], new[c:d])
    return lines


def _lines(text: str) -> list[str]:
    """Without the line that only parts a table's head from its rows."""
    return [line for line in text.splitlines() if not _RULE.fullmatch(line)]


def _equal(same: Sequence[str], *, first: bool, last: bool) -> Iterator[Line]:
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    skipped = len(same) - head - tail
    if skipped <= 1:
        yield from (_whole(SAME, text) for text in same)
        return
    yield from (_whole(SAME, text) for text in same[:head])
    yield Line(skipped=skipped)
    yield from (_whole(SAME, text) for text in same[len(same) - tail :])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines in pairs where as many went as came; else those that went, then those that came."""
    if len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            yield from _pair(before, after)
        return
    yield from (_whole(REMOVED, text) for text in old if text.strip())
    yield from (_whole(ADDED, text) for text in new if text.strip())


def _pair(before: str, after: str) -> Iterator[Line]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _LONGEST or not _alike(before.split(), after.split()):
        yield from (_whole(REMOVED, before), _whole(ADDED, after))
        return
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept, came = "".join(old[a:b]), "".join(new[c:d])
        pieces += [Piece(SAME, kept)] if tag == "equal" else []
        pieces += [Piece(REMOVED, kept)] if tag in ("delete", "replace") and kept else []
        pieces += [Piece(ADDED, came)] if tag in ("insert", "replace") and came else []
    yield Line(tuple(pieces))


def _alike(old: Sequence[str], new: Sequence[str]) -> bool:
    """Enough words in common to be told apart word by word."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _whole(kind: str, text: str) -> Line:
    return Line((Piece(kind, text),))
