"""What a screen reader gets of a tagged PDF: the structure tree with the words of its marked content."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

Words = dict[int, str]  # of one page, by the number of the marked content


@dataclass
class Element:
    """One element of the structure tree: its type, without the slash, and what is in it, in order."""

    kind: str
    kids: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def all(self, *kinds: str) -> Iterator[Element]:
        """Elements of these types below it, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                if kid.kind in kinds:
                    yield kid
                yield from kid.all(*kinds)


def read_structure(content: bytes) -> Element:
    with pikepdf.open(io.BytesIO(content)) as file:
        words = {page.objgen: _words(page) for page in file.pages}
        return _element(file.Root.StructTreeRoot, None, words)


def _element(node: Any, page: Any, words: dict[tuple[int, int], Words]) -> Element:
    page = node.get("/Pg", page)
    found = Element(str(node.get("/S", "/Root"))[1:])
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            found.kids.append(words[page.objgen].get(kid, ""))
        elif "/MCID" in kid:
            found.kids.append(words[kid.get("/Pg", page).objgen].get(int(kid["/MCID"]), ""))
        elif "/S" in kid:
            found.kids.append(_element(kid, page, words))
    return found


def _words(page: pikepdf.Page) -> Words:
    found: Words = {}
    marks: list[int | None] = []
    letters: dict[int, str] = {}
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    for step in pikepdf.parse_content_stream(page):
        operator, operands = str(step.operator), step.operands
        if operator in ("BDC", "BMC"):
            marks.append(int(operands[1]["/MCID"]) if operator == "BDC" and "/MCID" in operands[1] else None)
        elif operator == "EMC":
            marks.pop()
        elif operator == "Tf":
            letters = fonts[str(operands[0])]
        elif operator in ("Tj", "TJ"):
            mark = next((one for one in reversed(marks) if one is not None), None)
            if mark is not None:
                pieces = operands[0] if operator == "TJ" else [operands[0]]
                shown = (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                found[mark] = found.get(mark, "") + "".join(letters[code] for one in shown for code in one)
    return found


def _letters(font: Any) -> dict[int, str]:
    """Of a font with codes of one byte, as reportlab embeds them: the letter of each code, by its map to Unicode."""
    if "/ToUnicode" not in font:
        return {code: bytes([code]).decode("cp1252", "replace") for code in range(256)}
    plan = font.ToUnicode.read_bytes().decode("ascii")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", plan, re.S):
        for first, _, listed, start in re.findall(r"<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w+)>)", block, re.S):
            targets = re.findall(r"<(\w+)>", listed) or [start]
            found |= {int(first, 16) + at: _unicode(one) for at, one in enumerate(targets)}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", plan, re.S):
        found |= {int(code, 16): _unicode(one) for code, one in re.findall(r"<(\w+)>\s*<(\w+)>", block)}
    return found


def _unicode(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")
