"""One text of many notes, or of many turns of a talk: the words, and whose each run of them is.

Positions count Unicode code points; nothing in the words is normalised, so that a passage never slips.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

BETWEEN_NOTES = "\n\n"
BETWEEN_TURNS = "\n"


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


@dataclass(frozen=True, slots=True)
class Cut:
    """A hole that was cut: [start, end) of the text before any of the holes was."""

    start: int
    end: int


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


def cut_segments(text: ComposedText, gone: Callable[[Segment], bool]) -> tuple[ComposedText, tuple[Cut, ...]]:
    """The text without the segments that are `gone`, and the holes, the last first.

    With a segment goes what stands between it and its neighbour, so that the rest reads as if it had been composed alone.
    """
    segments, kept, cuts = text.segments, [], []
    for at, one in enumerate(segments):
        if not gone(one):
            kept.append(one)
            continue
        start = segments[at - 1].end if kept else one.start
        end = one.end if kept or at + 1 == len(segments) else segments[at + 1].start
        cuts.append(Cut(start, end))
    return _without(text, kept, cuts), tuple(reversed(cuts))


def _without(text: ComposedText, kept: Sequence[Segment], cuts: Sequence[Cut]) -> ComposedText:
    words, segments, position, removed, left = [], [], 0, 0, list(cuts)
    for cut in cuts:
        words.append(text.text[position : cut.start])
        position = cut.end
    words.append(text.text[position:])
    for one in kept:
        while left and left[0].end <= one.start:
            hole = left.pop(0)
            removed += hole.end - hole.start
        segments.append(
            Segment(one.start - removed, one.end - removed, one.question, one.letter, one.quotation, one.note)
        )
    return ComposedText("".join(words), tuple(segments))
