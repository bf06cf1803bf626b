"""A paper's Markdown as the report's blocks: headings, lists, tables, paragraphs, lines for signatures; nothing else.

No HTML, links, emphasis or pictures: those signs stay words. A line's end is a line's end. Odd text gives odd blocks
and never an error: people write this by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from survey_app.analysis.diagnoza.document import Block, BulletList, Paragraph, Subheading, TextTable

SIGNATURE = "Podpis:"  # a line that begins so is a place to sign; who signs follows
MARKER = r"(?:[-*+]|\d{1,9}[.)])"
_DEEPEST = 3  # lists in lists; what is deeper stands at this depth
_INDENT = 2 * _DEEPEST
_MARKERS = re.compile(rf"([ \t]*)((?:{MARKER}[ \t]+)*)(.*)", re.S)
_BAR = re.compile(r"(?<!\\)\|")
_PARSER = MarkdownIt("zero", {"maxNesting": 100}).enable(["heading", "list", "table", "escape"])


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text. Headings `#` and `##` are of level 2, deeper ones of level 3; their anchors pismo-1, ..."""
    return tuple(block for _, block in blocks_with_depth(markdown))


def blocks_with_depth(markdown: str) -> list[tuple[int, Block]]:
    """Each block with the depth that its heading is written with, 1 for `#`; 0 for everything else."""
    lines = markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = "\n".join(_tamed(line) for line in lines)
    return list(_Reading(_PARSER.parse(text), text.split("\n")).blocks())


def _tamed(line: str) -> str:
    """Without markers and indents so deep that the parser would drop what stands there."""
    found = _MARKERS.fullmatch(line)
    assert found is not None, "it fits any line"
    indent, markers, rest = found.groups()
    kept = markers.split()
    if len(kept) > _DEEPEST:
        words = re.sub(r"([-*+.)])", r"\\\1", " ".join(kept[_DEEPEST:]))
        markers = f"{' '.join(kept[:_DEEPEST])} {words} "
    return f"{indent.expandtabs(4)[:_INDENT]}{markers}{rest}"


class _Reading:
    """Walks the parser's flat list of opening and closing tokens."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str]) -> None:
        self.tokens = tokens
        self.lines = lines
        self.at = 0
        self.headings = 0

    def blocks(self) -> Iterator[tuple[int, Block]]:
        while self.at < len(self.tokens):
            yield from self._one()

    def _next(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _one(self) -> Iterator[tuple[int, Block]]:
        token = self._next()
        if token.type == "heading_open":
            depth = int(token.tag[1:])
            yield from self._heading(depth, _words(self._next()))
        elif token.type == "table_open":
            yield 0, self._table()
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield from ((0, block) for block in self._list(token))
        elif token.type == "inline":
            yield from ((0, block) for block in _paragraphs(token))

    def _heading(self, depth: int, words: str) -> Iterator[tuple[int, Block]]:
        words = " ".join(words.split())
        if words:
            self.headings += 1
            level: Literal[2, 3] = 2 if depth <= 2 else 3
            yield depth, Subheading(words, f"pismo-{self.headings}", level)

    def _table(self) -> TextTable:
        rows: list[list[str]] = []
        beyond: list[list[str]] = []
        while (token := self._next()).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
                beyond.append(self._cells(token))
            elif token.type == "inline":
                rows[-1].append(_words(token))
        header = rows[0]
        for row, written in zip(rows[1:], beyond[1:], strict=True):
            row += [""] * (len(header) - len(row))
            # Cells that the parser leaves out because no column is above them: a person's words all the same.
            row[-1] = " | ".join([row[-1], *(one for one in written[len(header) :] if one)])
        return TextTable("", tuple(header), tuple(map(tuple, rows[1:])))

    def _cells(self, row: Token) -> list[str]:
        if row.map is None:
            return []
        line = self.lines[row.map[0]].strip().removeprefix("|")
        return [cell.strip().replace("\\|", "|") for cell in _BAR.split(line)]

    def _list(self, opening: Token) -> Iterator[Block]:
        """Lists inside, and tables, stand between the items: the report's lists are flat."""
        ordered = opening.type == "ordered_list_open"
        closing = opening.type.replace("open", "close")
        start = opening.attrGet("start")
        number = 1 if start is None else int(start)
        items: list[str] = []
        while (token := self._next()).type != closing:
            if token.type != "list_item_open":
                continue
            words, inner = self._item()
            items += [words] if words else []
            if inner:
                if items:
                    yield BulletList(tuple(items), ordered, number)
                yield from inner
                number, items = number + len(items), []
        if items:
            yield BulletList(tuple(items), ordered, number)

    def _item(self) -> tuple[str, list[Block]]:
        words: list[str] = []
        inner: list[Block] = []
        while (token := self.tokens[self.at]).type != "list_item_close":
            if token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
                inner += [block for _, block in self._one()]
            else:
                self.at += 1
                if token.type != "inline":
                    continue
                if inner:
                    inner += _paragraphs(token)
                else:
                    words.append(_words(token))
        self.at += 1
        return "\n".join(part for part in words if part), inner


def _words(token: Token) -> str:
    shown = ("\n" if child.type == "hardbreak" else child.content for child in token.children or ())
    return "".join(shown).strip()


def _paragraphs(token: Token) -> Iterator[Block]:
    """The paragraph, with its places to sign apart."""
    shown = _words(token).split("\n")
    written = token.content.strip().split("\n")
    if len(shown) != len(written):  # an empty line inside, by an escape: nothing here is a place to sign
        written = [""] * len(shown)
    lines: list[str] = []
    for words, source in zip(shown, written, strict=True):
        if not source.lstrip().startswith(SIGNATURE):
            lines.append(words.strip())
            continue
        if any(lines):
            yield Paragraph("\n".join(lines))
        lines = []
        yield Paragraph(words.strip().removeprefix(SIGNATURE).strip(), "signature")
    if any(lines):
        yield Paragraph("\n".join(lines))
