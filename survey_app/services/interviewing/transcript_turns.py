"""Who speaks in a transcript: turns of a talk, found by what stands before them ("A:", "Moderator:", "[00:12] Anna:").

The service knows letters, never names: a person says which mark is whose letter, and the marks themselves do not stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_app import polish
from survey_app.services.interviewing.compose_text import Run

# What a mark can mean, beside a letter.
NOBODY, LEFT_OUT, WORDS = "bez-litery", "pomin", "tekst"
MOST_SPEAKERS = 200
SAMPLE = 90
_TIME = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]*[-–]?[ \t]*)?"
_MARK = re.compile(r"[ \t]*" + _TIME + r"([^\W\d_][^:\n\t]{0,39}):(?=[ \t]|$)[ \t]*")
_LONGEST_MARK = 3  # words; more of them are a sentence
_MODERATORS = frozenset(
    {
        "m",
        "mod",
        "moderator",
        "moderatorka",
        "moderacja",
        "prowadzacy",
        "prowadzaca",
        "ankieter",
        "ankieterka",
        "badacz",
    }
)

_PARTICIPANTS = frozenset({"osoba", "uczestnik", "uczestniczka", "rozmowca", "rozmowczyni", "respondent"})


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said in one go. `speaker`: as the mark says; "" where there is none.

    `mark`: as it was typed before the words; "" where the file names the speaker apart from them.
    """

    speaker: str
    words: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A mark of the transcript, in how many turns it stands, and how the first of them begins.

    `voice`: the file itself says that it is a person.
    """

    mark: str
    turns: int
    sample: str
    voice: bool = False


def turns_of_lines(lines: Iterable[str]) -> tuple[Turn, ...]:
    """A line without a mark goes on with what the person above it said."""
    found: list[tuple[str, str, list[str]]] = []
    for line in lines:
        mark = _MARK.match(line)
        if mark is not None and len(mark[1].split()) <= _LONGEST_MARK:
            found.append((" ".join(mark[1].split()), line[: mark.end()], [line[mark.end() :]]))
        elif found:
            found[-1][2].append(line)
        else:
            found.append(("", "", [line]))
    turns = (Turn(speaker, "\n".join(said).strip("\n"), mark) for speaker, mark, said in found)
    return tuple(turn for turn in turns if turn.words.strip() or turn.speaker)


def speakers_of(turns: Sequence[Turn]) -> tuple[Speaker, ...]:
    """Each mark once, in the order in which they come: what nobody has looked at is kept under nobody's letter."""
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for turn in turns:
        counts[turn.speaker] = counts.get(turn.speaker, 0) + 1
        if not first.get(turn.speaker):
            first[turn.speaker] = " ".join(turn.words.split())
    voices = {turn.speaker for turn in turns if turn.speaker and not turn.mark}
    return tuple(Speaker(mark, counts[mark], _short(first[mark]), mark in voices) for mark in counts)


def suggested(speaker: Speaker, letters: Sequence[str]) -> str:
    """What the mark probably means: a letter, NOBODY, WORDS, or "" where a person must say."""
    folded = polish.fold(speaker.mark).split()
    if not folded:
        return NOBODY
    letter = letter_of(speaker.mark)
    if letter in letters:
        return str(letter)
    if folded[0] in _MODERATORS:
        return NOBODY
    if letter is not None:
        return LEFT_OUT  # of somebody who did not agree
    # What may be a name is never left in the text without a person having seen it.
    looks_like_a_name = all(word[0].isupper() for word in speaker.mark.split())
    return WORDS if speaker.turns == 1 and not looks_like_a_name and not speaker.voice else ""


def letter_of(mark: str) -> str | None:
    """Which participant the mark names by the letter alone: "B", "b", "Osoba B"."""
    folded = polish.fold(mark).split()
    letter = folded[-1].upper() if folded else ""
    alone = len(folded) == 1 or (len(folded) == 2 and folded[0] in _PARTICIPANTS)
    return letter if alone and len(letter) == 1 and "A" <= letter <= "Z" else None


def runs_of(turns: Sequence[Turn], meanings: Mapping[str, str]) -> tuple[Run, ...]:
    """`meanings`: mark -> a letter, NOBODY, LEFT_OUT or WORDS; a mark that is not there is WORDS."""
    merged: list[Turn] = []
    for turn in turns:
        if not turn.speaker or meanings.get(turn.speaker, WORDS) != WORDS:
            merged.append(turn)
            continue
        words = turn.mark + turn.words
        if merged:
            merged[-1] = replace(merged[-1], words=f"{merged[-1].words}\n{words}".strip("\n"))
        else:
            merged.append(Turn("", words))
    return tuple(
        Run(turn.words, None if meaning == NOBODY else meaning)
        for turn in merged
        if (meaning := meanings.get(turn.speaker, NOBODY)) != LEFT_OUT
    )


def _short(words: str) -> str:
    return words if len(words) <= SAMPLE else words[:SAMPLE].rsplit(" ", 1)[0] + "…"
