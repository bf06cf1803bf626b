"""Texts as people type them: what is made equal, what is refused, and how a refused one is shown again."""

from __future__ import annotations

import re
import unicodedata

from survey_app.errors import Fault
from survey_app.polish import counted

MARK = "\ufffd"  # stands for a sign that cannot be kept, where the text is shown again
_LINE_BREAKS = re.compile(r"\r\n?")
_BREAKS_IN_LINE = re.compile(r"[\r\n\t\u2028\u2029]+")
_ENDS_OF_PLANES = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
# Control characters but the line break and the tab, and code points that no text may hold.
_UNFIT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS_OF_PLANES}]")

_WITHOUT_WIDTH = re.compile("[\u00ad\ufeff\u200b\u2060]")
_WORD_BREAKS = re.compile("[\x0b\x0c\u2028\u2029]")
_WORD_SPACES = re.compile("[\u00a0\u2007\u202f]")
# "o" and a dash are bullets only where a tab follows, as Word puts it.
_BULLETS = re.compile("^([ \t]*)(?:[·•▪◦‣●○■□\ue000-\uf8ff][ \t]+|[o–—-]\t[ \t]*)", re.M)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PICTURES = {"\uf0e0": "→", "\uf0df": "←"}  # what Word makes of --> and <--


def clean_text(typed: str) -> str:
    """One spelling of equal texts: composed letters, one kind of line break, no blank ends; "" if nothing shows."""
    if not typed:  # most boxes of a form that was sent
        return ""
    text = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", typed)).strip()
    return text if any(_shows(char) for char in text) else ""


def clean_line(typed: str) -> str:
    """As `clean_text`, on one line."""
    return clean_text(_BREAKS_IN_LINE.sub(" ", typed))


def shown(typed: str) -> str:
    """What was typed, fit to stand in a page: signs that a page cannot carry become a visible mark."""
    return _UNFIT.sub(MARK, _LINE_BREAKS.sub("\n", typed))


def from_word(typed: str) -> str:
    """What a word processor puts into a copied text, made plain; everything that can be read stays.

    Soft hyphens and marks without width go, odd spaces and line breaks become usual ones. A bullet at the beginning of
    a line becomes "- "; signs of picture fonts (code points for private use) become an arrow or a bullet.
    """
    text = _WITHOUT_WIDTH.sub("", _WORD_BREAKS.sub("\n", _LINE_BREAKS.sub("\n", typed)))
    text = _WORD_SPACES.sub(" ", text)
    text = _BULLETS.sub(r"\1- ", text)
    return _PRIVATE.sub(lambda match: _PICTURES.get(match[0], "•"), text)


def text_faults(where: str, name: str, typed: str, limit: int) -> list[Fault]:
    """What keeps a text from being stored, with `name` in front of each message."""
    return _faults(where, name, clean_text(typed), limit)


def line_faults(where: str, name: str, typed: str, limit: int) -> list[Fault]:
    """As `text_faults`, for a text of one line."""
    return _faults(where, name, clean_line(typed), limit)


def _faults(where: str, name: str, text: str, limit: int) -> list[Fault]:
    faults = []
    if _UNFIT.search(text):
        message = f"{name}: w tekście jest znak sterujący, którego nie można zapisać."
        faults.append(
            Fault("text.control", where, message, f"Oznaczyliśmy go jako {MARK}; prosimy go usunąć.")
        )
    if len(text) > limit:
        over = counted(len(text) - limit, "znak", "znaki", "znaków")
        message = (
            f"{name}: tekst ma {counted(len(text), 'znak', 'znaki', 'znaków')}, a może mieć najwyżej {limit}."
        )
        faults.append(Fault("text.long", where, message, f"Prosimy skrócić go o {over}."))
    return faults


def _shows(char: str) -> bool:
    """Whether anything is to be seen: a text of spaces and invisible marks is no answer."""
    return unicodedata.category(char)[0] != "Z" and unicodedata.category(char) != "Cf"
