"""What a passage of a text is: whose words, whether they are literal, and what stands around them."""

from __future__ import annotations

from collections.abc import Iterable

from survey_app.services.interviewing.compose_text import Segment

AROUND = 240  # code points of a text shown before and after a passage
CUT = "…"


def runs_of(segments: Iterable[Segment], start: int, end: int) -> tuple[Segment, ...]:
    """The runs of the text that [start, end) touches."""
    return tuple(one for one in segments if one.start < end and one.end > start)


def letters_of(runs: Iterable[Segment]) -> frozenset[str]:
    """Who speaks there. Words under no letter are the moderator's, or of nobody alone."""
    return frozenset(one.letter for one in runs if one.letter)


def is_literal(runs: tuple[Segment, ...], transcript: bool) -> bool:
    """Are all of its words somebody's own, and not the moderator's summary of them?"""
    return bool(runs) and all(one.letter and (transcript or one.quotation) for one in runs)


def around(text: str, runs: tuple[Segment, ...], start: int, end: int, letter: str) -> tuple[str, str]:
    """A little before and after [start, end), as far as the same letter goes on speaking; "" where it does not."""
    if not runs or {one.letter for one in runs} != {letter}:
        return "", ""
    first, last = max(runs[0].start, start - AROUND), min(runs[-1].end, end + AROUND)
    before, after = text[first:start], text[end:last]
    return (
        CUT + before if before and first > runs[0].start else before,
        after + CUT if after and last < runs[-1].end else after,
    )
