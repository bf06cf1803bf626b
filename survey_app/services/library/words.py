"""Words of items, as they are searched: every base form that a word may have, without diacritics.

"spółdzielni socjalnych" is kept as "spoldzielnia", "spoldzielni", "socjalny", "socjalnych", so that "spółdzielnie
socjalne" finds it, and "spoldzielnie" as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey_app import polish
from survey_app.services import base_forms

TITLE, DESCRIPTION, TEXT = 9, 3, 1  # how much a word says about an item, by where it stands
LONGEST = 80  # letters of a kept form
MOST_FORMS = 20_000  # of one item
MOST_WORDS = 30_000  # different ones that are looked up for one item: some seconds of a processor
MOST_ASKED = 10  # words of a search
LONGEST_SEARCH = 200
# Letter without diacritics -> how a word may begin that begins with it.
_MARKED = {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "żź"}
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])(?:\u00ad|-[ \t]*)\r?\n[ \t]*(?=[^\W\d_])")
# Words that stand in every text and tell nothing.
_EMPTY = (
    "a aby albo ale bo by co czy dla do i jak jest lub na nad nie o od oraz po pod przez przy się są ta tak te to"
    " tym u w we z za ze że"
)
EMPTY = frozenset(polish.fold(word) for word in _EMPTY.split())
AROUND = 110  # letters before and after the first word found


@dataclass(frozen=True, slots=True)
class Piece:
    """Of a text that is shown: `found`: the words that were looked for."""

    text: str
    found: bool = False


def weighed(title: str, description: str, text: str) -> dict[str, int]:
    """Base form -> weight of the most telling place that it stands in; at most MOST_FORMS, of the first MOST_WORDS.

    Slow for a long text: not to be called while a transaction is open, for whom others wait.
    """
    found: dict[str, int] = {}
    looked: set[str] = set()
    for part, weight in ((title, TITLE), (description, DESCRIPTION), (text, TEXT)):
        for token in (match[0] for match in _TOKEN.finditer(part)):
            if len(found) >= MOST_FORMS or len(looked) >= MOST_WORDS:
                return found
            if token not in looked:
                looked.add(token)
                for form in sorted(forms(token) - EMPTY)[: MOST_FORMS - len(found)]:
                    found.setdefault(form, weight)
    return found


@lru_cache(maxsize=20_000)
def forms(token: str) -> frozenset[str]:
    """The word itself and all its base forms, folded."""
    folded = {polish.fold(one) for one in (token, *base_forms.base_forms(token))}
    return frozenset(form[:LONGEST] for one in folded for form in one.split())


def asked(text: str) -> list[frozenset[str]]:
    """Of each word of a search the forms of which any will do. Words that tell nothing are left out, unless all are."""
    tokens = list(dict.fromkeys(_TOKEN.findall(text[:LONGEST_SEARCH])))
    telling = [token for token in tokens if polish.fold(token) not in EMPTY] or tokens
    return [_asked(token) for token in telling[:MOST_ASKED]]


def _asked(token: str) -> frozenset[str]:
    guessed = {polish.fold(form)[:LONGEST] for form in base_forms.with_diacritics(token)}
    return forms(token) | guessed


def snippet(wanted: Sequence[frozenset[str]], *texts: str) -> list[Piece]:
    """A piece of the first text that holds a word that is looked for; without one, the beginning of the first.

    Only words that begin with a letter of a wanted form are looked at: the few that inflection changes there
    ("rok", "lata") are found by the search and only not marked.
    """
    sought = frozenset().union(*wanted)
    for text in texts:
        first = next(_places(sought, text), None)
        if first is not None:
            return _cut(text, first, sought)
    beginning = next((text for text in texts if text.strip()), "")
    return [Piece(_tidy(_first_words(beginning)))] if beginning else []


def _first_words(text: str) -> str:
    """As many as stand in two lines, whole."""
    most = 2 * AROUND
    return text if len(text) <= most else (text[:most].rpartition(" ")[0] or text[:most]) + " …"


def marked(wanted: Sequence[frozenset[str]], text: str) -> list[Piece]:
    """The whole text, the words that were looked for apart."""
    return _pieces(text, _places(frozenset().union(*wanted), text))


def whole_words(text: str) -> str:
    """Words that a line's end cut in two, together again."""
    return _BROKEN_WORD.sub("", text)


def _places(sought: frozenset[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a wanted word begins and ends, one after the other."""
    if not sought:
        return
    for word in _beginning(frozenset(form[:1] for form in sought)).finditer(text):
        if sought & forms(word[0]):
            yield word.span()


@lru_cache(maxsize=256)
def _beginning(letters: frozenset[str]) -> re.Pattern[str]:
    """Words that begin with one of these letters, with or without diacritics, small or large."""
    small = "".join(sorted(letters)) + "".join(_MARKED.get(letter, "") for letter in sorted(letters))
    return re.compile(rf"(?<![^\W\d_])[{re.escape(small + small.upper())}](?:[^\W\d_]*|\d*)")


def _cut(text: str, place: tuple[int, int], sought: frozenset[str]) -> list[Piece]:
    """Around the first word found, from a word's beginning to a word's end."""
    first, last = max(0, place[0] - AROUND), min(len(text), place[1] + AROUND)
    if first:
        first = min(place[0], text.find(" ", first) + 1 or first)
    if last < len(text):
        last = max(place[1], text.rfind(" ", 0, last))
    around = text[first:last]
    before, after = [Piece("…")] if first else [], [Piece("…")] if last < len(text) else []
    return [*before, *_pieces(around, _places(sought, around)), *after]


def _pieces(text: str, places: Iterable[tuple[int, int]]) -> list[Piece]:
    pieces, done = [], 0
    for start, end in places:
        pieces += [Piece(_tidy(text[done:start])), Piece(text[start:end], found=True)]
        done = end
    return [piece for piece in [*pieces, Piece(_tidy(text[done:]))] if piece.text]


def _tidy(text: str) -> str:
    """Line breaks and rows of blanks as one blank; those at the ends stay, for a word stands there."""
    return re.sub(r"\s+", " ", text)
