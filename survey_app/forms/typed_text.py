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
