"""The embedded typeface, its measures, and what to print for a character that it does not have."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape

REGULAR = "SourceSans3"
BOLD = "SourceSans3-SemiBold"
ITALIC = "SourceSans3-Italic"
_FILES = {
    REGULAR: "SourceSans3-Regular.ttf",
    BOLD: "SourceSans3-SemiBold.ttf",
    ITALIC: "SourceSans3-Italic.ttf",
}

MISSING_SYMBOL = "□"
_SCRIPTS = {
    "ARABIC": "arabskim",
    "HEBREW": "hebrajskim",
    "CJK": "chińskim",
    "HIRAGANA": "japońskim",
    "KATAKANA": "japońskim",
    "HANGUL": "koreańskim",
    "THAI": "tajskim",
    "GEORGIAN": "gruzińskim",
    "ARMENIAN": "ormiańskim",
    "DEVANAGARI": "dewanagari",
}
_EMOJI_RANGES = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0xE0020, 0xE007F))


@functools.cache
def register_fonts() -> None:
    """Load the three faces once per process (reportlab keeps them in a registry of its own)."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = resources.files("survey_app.analysis").joinpath("fonts")
    for name, file in _FILES.items():
        with resources.as_file(folder.joinpath(file)) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


@functools.cache
def _face(font: str) -> Any:
    from reportlab.pdfbase import pdfmetrics

    register_fonts()
    return pdfmetrics.getFont(font)


@functools.cache
def _glyphs(font: str) -> frozenset[int]:
    return frozenset(_face(font).face.charToGlyph)


@functools.cache
def _plain(font: str) -> frozenset[str]:
    """Characters that are printed as they are, whatever stands beside them."""
    characters = (chr(code) for code in _glyphs(font))
    kept = (one for one in characters if not _shapeless(one) and unicodedata.category(one)[0] != "M")
    return frozenset({*kept, "\n"})


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width in points of one line of `text`."""
    return float(_face(BOLD if bold else REGULAR).stringWidth(text, size))


def wrap_text(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Break `text` into lines no wider than `width` points; a single longer word is broken, too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}".strip()
        if text_width(candidate, size, bold) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _break_word(word, size, width, bold)
        lines += full
    return [*lines, line] if line else lines


def _break_word(word: str, size: float, width: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


_SINGLE_LETTER = re.compile(r"(?<![\w\[])([aiouwzAIOUWZ]) (?=[\w„])")


def printable(text: str, font: str = REGULAR) -> str:
    """`text` with what the typeface lacks replaced by visible words, in logical order; newlines are kept.

    A run of emoji becomes "[emoji]", a run of a foreign script "[tekst pismem arabskim, 5 znaków]", any other
    character "□". Marks without a shape of their own (joiners, direction marks, control characters) are dropped.
    """
    if _plain(font).issuperset(text):
        return text
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    visible = [character for character in clean if character == "\n" or not _shapeless(character)]
    kinds = _join_spaces(visible, [_substitute_kind(character, font) for character in visible])
    runs = itertools.groupby(zip(visible, kinds, strict=True), key=lambda pair: pair[1])
    return "".join(_substitute(kind, "".join(character for character, _ in run)) for kind, run in runs)


def markup(text: str, font: str = REGULAR) -> str:
    """Plain text as reportlab's paragraph markup: escaped, line ends kept, nothing interpreted.

    A word of one letter keeps to the next word.
    """
    return escape(keep_single_letters(printable(text, font))).replace("\n", "<br/>")


def keep_single_letters(text: str) -> str:
    """A word of one letter keeps to the next word: Polish typography leaves none at the end of a line."""
    return _SINGLE_LETTER.sub("\\1\u00a0", text)


def _shapeless(character: str) -> bool:
    if character == "\u00ad":
        return True
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or (
        "\ufe00" <= character <= "\ufe0f"
    )


def _join_spaces(characters: list[str], kinds: list[str]) -> list[str]:
    """A space between two words of one foreign script belongs to their run: one substitute for a sentence."""
    joined = list(kinds)
    for index in range(1, len(kinds) - 1):
        is_between = kinds[index - 1] == kinds[index + 1] and kinds[index - 1] in _SCRIPTS
        if characters[index] == " " and is_between:
            joined[index] = kinds[index - 1]
    return joined


def _substitute_kind(character: str, font: str) -> str:
    """Empty for what can be printed, else the kind of substitute."""
    code = ord(character)
    if character == "\n" or code in _glyphs(font):
        return ""
    if any(low <= code <= high for low, high in _EMOJI_RANGES):
        return "emoji"
    if unicodedata.category(character)[0] in "LMN":
        return unicodedata.name(character, "UNKNOWN").split()[0]
    return "symbol"


def _substitute(kind: str, run: str) -> str:
    if not kind:
        return run
    if kind == "emoji":
        return "[emoji]"
    if kind == "symbol" or kind in {"COMBINING", "UNKNOWN"}:
        return MISSING_SYMBOL * len(run)
    letters = sum(1 for character in run if unicodedata.category(character)[0] not in "MZ")
    words = f"pismem {_SCRIPTS[kind]}" if kind in _SCRIPTS else "innym pismem"
    return f"[tekst {words}, liczba znaków: {max(letters, 1)}]"
