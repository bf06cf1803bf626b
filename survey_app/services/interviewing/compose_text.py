"""One text of many notes, or of many turns of a talk: the words, and whose each run of them is.

Positions count Unicode code points; nothing in the words is normalised, so that a passage never slips.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from typing import Any

BETWEEN_NOTES = "\n\n"
BETWEEN_TURNS = "\n"

Hole = tuple[int, int]  # [start, end) of the text before anything was cut


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one person, before they have a place. `letter` None: nobody's alone. `note`: "" in a transcript."""

    words: str
    letter: str | None = None
    question: str = ""
    quotation: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of a text: [start, end), and what `Run` says of it."""

    start: int
    end: int
    question: str
    letter: str | None
    quotation: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class ComposedText:
    """`sha256`: of the words and of whose they are, so that a changed letter alone is a change, too."""

    text: str
    segments: tuple[Segment, ...]

    @property
    def sha256(self) -> str:
        whole = {"text": self.text, "segments": self.columns}
        return hashlib.sha256(json.dumps(whole, ensure_ascii=True, sort_keys=True).encode()).hexdigest()

    @property
    def columns(self) -> list[dict[str, Any]]:
        """As the store keeps them."""
        return [asdict(one) for one in self.segments]


def compose(runs: Iterable[Run], between: str) -> ComposedText:
    """Runs in their order, with `between` between two of them; one without words is left out."""
    words: list[str] = []
    segments: list[Segment] = []
    at = 0
    for run in runs:
        if not run.words.strip():
            continue
        if words:
            words.append(between)
            at += len(between)
        segments.append(Segment(at, at + len(run.words), run.question, run.letter, run.quotation, run.note))
        words.append(run.words)
        at += len(run.words)
    return ComposedText("".join(words), tuple(segments))


def read_segments(columns: Sequence[Mapping[str, Any]]) -> tuple[Segment, ...]:
    """Of what the store keeps."""
    return tuple(
        Segment(
            one["start"],
            one["end"],
            one.get("question", ""),
            one.get("letter"),
            bool(one.get("quotation")),
            one.get("note", ""),
        )
        for one in columns
    )


def holes_of_segments(text: ComposedText, gone: Callable[[Segment], bool]) -> tuple[Hole, ...]:
    """Where the segments that are `gone` are to be cut out, in order.

    With a segment goes what stands between it and a neighbour, so that the rest reads as if composed alone.
    """
    segments, holes, kept = text.segments, [], False
    for at, one in enumerate(segments):
        if not gone(one):
            kept = True
            continue
        start = segments[at - 1].end if kept else one.start
        end = one.end if kept or at + 1 == len(segments) else segments[at + 1].start
        holes.append((start, end))
    return tuple(holes)


def hole_of_lines(text: str, first: int, last: int) -> Hole:
    """Lines `first` to `last`, counted from 1, with one line break beside them. ValueError: there are no such lines."""
    lines = text.split("\n")
    if not 1 <= first <= last <= len(lines):
        raise ValueError(f"no lines {first} to {last} in a text of {len(lines)}")
    start = sum(len(line) + 1 for line in lines[: first - 1])
    end = start + sum(len(line) + 1 for line in lines[first - 1 : last]) - 1
    return (start - 1, end) if first > 1 else (start, min(end + 1, len(text)))


def without(text: ComposedText, holes: Sequence[Hole]) -> ComposedText:
    """The text without these runs, which stand in order and do not overlap."""
    words, position = [], 0
    for start, end in holes:
        words.append(text.text[position:start])
        position = end
    rest = "".join([*words, text.text[position:]])
    ends = list(accumulate(end - start for start, end in holes))
    starts = [start for start, _ in holes]

    def moved(at: int) -> int:
        before = bisect_left(starts, at)
        if before == 0:
            return at
        return at - ends[before - 1] + max(0, holes[before - 1][1] - at)

    segments = (
        _trimmed(rest, replace(one, start=moved(one.start), end=moved(one.end)), one) for one in text.segments
    )
    return ComposedText(rest, tuple(one for one in segments if one.end > one.start))


def _trimmed(rest: str, one: Segment, before: Segment) -> Segment:
    """A segment of which a part was cut does not begin or end with the line break that stood beside it."""
    start, end = one.start, one.end
    if end - start == before.end - before.start:
        return one
    while start < end and rest[start] == "\n":
        start += 1
    while start < end and rest[end - 1] == "\n":
        end -= 1
    return replace(one, start=start, end=end)
