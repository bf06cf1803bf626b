"""Places of a text: where a passage begins and ends, how passages overlap, and what coders are compared on.

Every position counts Unicode code points, `end` exclusive. METHOD, "IDI and FGI".
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

JOINER = "\u200d"  # ties emoji together
SKINS = ("\U0001f3fb", "\U0001f3ff")
FLAGS = ("\U0001f1e6", "\U0001f1ff")
TAGS = ("\U000e0020", "\U000e007f")
# A sentence ends at its mark (and a closing quote or bracket), before what can begin another.
SENTENCE_END = re.compile(r"[.!?…]+[\"”’»)\]]*\s+(?=[\"„‚«(\[–—-]?\s*[\dA-ZĄĆĘŁŃÓŚŹŻ])")


@dataclass(frozen=True, slots=True)
class Span:
    """A passage [start, end) of a text, with its number and its themes."""

    id: int
    start: int
    end: int
    themes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in which the same passages lie: their numbers, by lane."""

    start: int
    end: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What coders are compared on: the runs of one question, or, where no question is named, one run alone."""

    key: str
    question: str
    runs: tuple[tuple[int, int], ...]


def whole_run(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The run without white space at its ends, and with whole letters: none is cut from its accents.

    None: nothing is left, or the run does not lie in the text. A letter with combining marks, an emoji of several
    parts and a flag stay together (the rules of Unicode's UAX 29 that note takers meet).
    """
    if not 0 <= start < end <= len(text):
        return None
    run = text[start:end]
    start, end = start + len(run) - len(run.lstrip()), end - len(run) + len(run.rstrip())
    if start >= end:
        return None
    while start > 0 and not _breaks(text, start):
        start -= 1
    while end < len(text) and not _breaks(text, end):
        end += 1
    return start, end


def _breaks(text: str, at: int) -> bool:
    """Does a new letter begin here?"""
    before, here = text[at - 1], text[at]
    if here == JOINER or unicodedata.category(here) in ("Mn", "Me", "Mc"):
        return before in "\n\r"
    if SKINS[0] <= here <= SKINS[1] or TAGS[0] <= here <= TAGS[1]:
        return False
    if before == JOINER:
        return unicodedata.category(here) != "So"
    if FLAGS[0] <= here <= FLAGS[1]:
        return _flags_before(text, at) % 2 == 0
    return True


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and FLAGS[0] <= text[at - 1 - count] <= FLAGS[1]:
        count += 1
    return count


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of the run [start, end), without the white space between them; a line break ends one, too."""
    found: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text[start:end]):
        ends = [match.end() for match in SENTENCE_END.finditer(line.group())]
        for begin, stop in zip([0, *ends], [*ends, len(line.group())], strict=True):
            whole = whole_run(text, start + line.start() + begin, start + line.start() + stop)
            if whole is not None:
                found.append(whole)
    return found


def joined(runs: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Runs in order; those with nothing but white space between them, or that overlap, become one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def lanes(spans: Iterable[Span]) -> dict[int, int]:
    """Number of a passage -> its lane, from 0: no two passages that overlap have the same one, and lanes are few."""
    free: list[int] = []  # by lane: where its last passage ends
    found: dict[int, int] = {}
    for span in sorted(spans, key=lambda one: (one.start, -one.end, one.id)):
        lane = next((at for at, end in enumerate(free) if end <= span.start), len(free))
        free[lane : lane + 1] = [span.end]
        found[span.id] = lane
    return found


def pieces(start: int, end: int, spans: Sequence[Span]) -> list[Piece]:
    """The run [start, end) cut wherever a passage begins or ends; `ids` in the order of their lanes."""
    lane = lanes(spans)
    inside = [span for span in spans if span.start < end and start < span.end]
    cuts = {start, end} | {at for span in inside for at in (span.start, span.end) if start < at < end}
    edges = sorted(cuts)
    return [
        Piece(
            one,
            other,
            tuple(
                sorted(
                    (span.id for span in inside if span.start < other and one < span.end),
                    key=lambda number: lane[number],
                )
            ),
        )
        for one, other in itertools.pairwise(edges)
    ]


def places(segments: Iterable[tuple[int, int, str]]) -> list[Place]:
    """Of segments (start, end, question's id or ""): what coders are compared on, in the order of the text.

    **Convention**: a question is one place with all that was noted under it; a run under no question (a turn of a
    transcript) is a place of its own.
    """
    found: dict[str, Place] = {}
    for start, end, question in segments:
        key = question or f"@{start}"
        runs = found[key].runs if key in found else ()
        found[key] = Place(key, question, (*runs, (start, end)))
    return list(found.values())


def themes_in(place: Place, spans: Iterable[Span]) -> frozenset[int]:
    """The themes that any of the passages gives to this place, if only to a part of it."""
    return frozenset(
        theme
        for span in spans
        if any(span.start < end and start < span.end for start, end in place.runs)
        for theme in span.themes
    )
