"""Base forms of Polish words: to find texts by any form of a word, and to group answers (a proposal).

Morfeusz knows every reading of a word ("mam" is of "mieć", "mama" and "mamić"): all are kept, for only a person sees
which is meant. Where its library cannot be loaded, words are found as they are written, and nothing is proposed.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from survey_app import polish

__all__ = ["Proposal", "available", "base_forms", "find", "proposals", "with_diacritics", "words"]

WORD = re.compile(r"[^\W\d_]+")
# What names a subject, the most telling first; the rest (particles, adjectives, verbs) propose nothing.
TELLING = ({"subst", "depr"}, {"ign"}, {"ger"})
# Common in every answer, and of no subject of their own.
COMMON_WORDS = (
    "bardzo brak braki być chcieć chyba co coś dany dobry dodatkowy duży dzień gmina inny instytucja istnieć "
    "jeden jeszcze każdy kilka kto który lata liczba mały mieć możliwość możliwy móc nasz nic niektóry nowy "
    "obecny odpowiedni osoba pan pani państwo pewien podobny potrzeba potrzebny praca problem raz robić "
    "rok rzecz różny sam sposób sprawa swój szczególny taki ten trzeba wiele wielki większy wszystek "
    "wszystko wybrany zakres związek żaden"
)
COMMON = frozenset(COMMON_WORDS.split())
SHORTEST = 3
# What a letter may stand for where diacritics were left out.
MEANT = {
    "a": "aą",
    "c": "cć",
    "e": "eę",
    "l": "lł",
    "n": "nń",
    "o": "oó",
    "s": "sś",
    "z": "zżź",
}
MOST_SPELLINGS = 400  # tried for one word: some milliseconds


@dataclass(frozen=True, slots=True)
class Proposal:
    """A base form that several texts share; `texts`: their ids."""

    form: str
    texts: tuple[str, ...]


def available() -> bool:
    """Can Morfeusz be loaded on this machine?"""
    return _morfeusz() is not None


def words(text: str) -> list[str]:
    """The words of a text, composed (ś as one letter), as they are written."""
    return WORD.findall(unicodedata.normalize("NFC", text))


def base_forms(word: str) -> frozenset[str]:
    """All that the word may be a form of, in small letters; the word itself where nothing is known of it."""
    return frozenset(form for form, _ in _readings(unicodedata.normalize("NFC", word)))


def with_diacritics(word: str) -> frozenset[str]:
    """Base forms of every known word that this may be, written without diacritics; none if it is a word as it stands.

    "spoldzielnie" gives "spółdzielnia". Of very long words only the spellings with the fewest changes are tried.
    """
    morfeusz = _morfeusz()
    word = unicodedata.normalize("NFC", word).lower()
    if morfeusz is None or not _is_unknown(_readings(word)):
        return frozenset()
    places = [place for place, letter in enumerate(word) if letter in MEANT]
    spellings = itertools.chain.from_iterable(
        _spelled(word, changed)
        for count in range(1, len(places) + 1)
        for changed in itertools.combinations(places, count)
    )
    found: set[str] = set()
    for spelling in itertools.islice(spellings, MOST_SPELLINGS):
        readings = _readings.__wrapped__(spelling)  # guesses would push real words out of what is kept
        if not _is_unknown(readings):
            found |= {form for form, _ in readings}
    return frozenset(found)


def _spelled(word: str, changed: Sequence[int]) -> Iterator[str]:
    """The word with other letters at all of these places."""
    for letters in itertools.product(*(MEANT[word[place]][1:] for place in changed)):
        spelling = list(word)
        for place, letter in zip(changed, letters, strict=True):
            spelling[place] = letter
        yield "".join(spelling)


def _is_unknown(readings: frozenset[tuple[str, str]]) -> bool:
    return all(kind == "ign" for _, kind in readings)


def find(texts: Mapping[str, str], wanted: str) -> list[str]:
    """Ids of the texts that hold every word of `wanted`, in any form; an empty search finds all.

    Diacritics left out ("swietlica") do no harm where the word is written in that very form.
    """
    asked = [(base_forms(word), polish.fold(word)) for word in words(wanted)]
    return [text_id for text_id, text in texts.items() if all(_holds(text, *one) for one in asked)]


def proposals(texts: Mapping[str, str], most: int = 24) -> list[Proposal]:
    """Telling base forms that at least two of the texts share, the most shared first; none without Morfeusz.

    Of several readings of the same words ("seniorów": senior, seniora) the one that covers most is proposed.
    """
    if not available():
        return []
    sources: dict[str, set[tuple[str, str]]] = {}
    for text_id, text in texts.items():
        for word in words(text):
            for form in _telling(word):
                sources.setdefault(form, set()).add((text_id, word))
    once: dict[frozenset[tuple[str, str]], str] = {}
    for form in sorted(sources, key=polish.alphabetical):
        once.setdefault(frozenset(sources[form]), form)
    found = [
        Proposal(form, tuple(sorted({text_id for text_id, _ in held})))
        for held, form in once.items()
        if not any(held < other for other in once)
    ]
    found.sort(key=lambda one: -len(one.texts))  # stable: the alphabet within
    return [one for one in found if len(one.texts) > 1][:most]


def _holds(text: str, forms: frozenset[str], folded: str) -> bool:
    return any(polish.fold(word) == folded or forms & base_forms(word) for word in words(text))


def _telling(word: str) -> list[str]:
    """Of a word's readings the most telling: "zadań" is of "zadanie" rather than of "zadać"."""
    for kinds in TELLING:
        forms = {form for form, kind in _readings(word) if kind in kinds}
        if forms:
            return [form for form in forms if len(form) >= SHORTEST and form not in COMMON]
    return []


@lru_cache(maxsize=20_000)
def _readings(word: str) -> frozenset[tuple[str, str]]:
    """(base form, part of speech) of every reading."""
    morfeusz = _morfeusz()
    if morfeusz is None:
        return frozenset({(word.lower(), "ign")})
    with _LOCK:
        found = morfeusz.analyse(word)
    readings = {
        (reading[1].partition(":")[0].lower(), reading[2].partition(":")[0]) for _, _, reading in found
    }
    return frozenset(one for one in readings if one[1] not in ("aglt", "interp")) or frozenset(
        {(word.lower(), "ign")}
    )


_LOCK = threading.Lock()  # one analyser serves all threads, and must be asked by one at a time


@cache
def _morfeusz() -> Any:
    """Made once, when it is first needed: its dictionary takes some 20 MB. None: it cannot be loaded here."""
    try:
        import morfeusz2

        return morfeusz2.Morfeusz(generate=False)
    except (ImportError, OSError, RuntimeError):
        return None
