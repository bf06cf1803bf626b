"""The `{places}` of a document's text: which there are, and what is put into them.

A place is an id in braces: of a question or table of the same paper, or a fact that the service knows. What nobody has
filled in yet is printed as a dotted line, so that the paper can still be completed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable

PLACE = re.compile(r"(?<!\\)\{([^{}\n]{0,80})\}")  # a brace after a backslash is a brace
BLANK = "………………………"


def places(text: str) -> list[str]:
    """The names in braces, in order, each once."""
    return list(dict.fromkeys(match[1].strip() for match in PLACE.finditer(text)))


def filled(text: str, value_of: Callable[[str], str | None]) -> str:
    """The text with every place filled; `value_of` gives None or "" for what is not known."""
    return PLACE.sub(lambda match: value_of(match[1].strip()) or BLANK, text)
