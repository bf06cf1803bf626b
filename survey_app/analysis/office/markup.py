"""Pieces of WordprocessingML that python-docx has no words for: fields, bookmarks, links, languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

_LONGEST_BOOKMARK = 40  # a limit of the format
# What XML cannot hold at all: control characters and halves of surrogate pairs.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """The text without what no XML file can hold; line ends as one kind."""
    return _IMPOSSIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def element(xml: str) -> Any:
    """One element from markup that uses the prefix `w`."""
    opening, rest = re.match(r"<[\w:]+", xml), re.sub(r"^<[\w:]+", "", xml, count=1)
    assert opening is not None
    return parse_xml(f"{opening[0]} {nsdecls('w')}{rest}")


def text_run(text: str, properties: str = "") -> str:
    """A run; line ends become breaks."""
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in legible(text).split("\n")
    )
    return f"<w:r>{shown}{lines}</w:r>"


def field_runs(instruction: str, result: str, *, stale: bool = False) -> str:
    """A field with the text that it had when the file was made; `stale`: to be reckoned anew when it is opened."""
    dirty = ' w:dirty="true"' if stale else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{dirty}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def link_runs(bookmark: str, text: str) -> str:
    """A link to a place in the same document."""
    return f'<w:hyperlink w:anchor={quoteattr(bookmark)} w:history="1">{text_run(text)}</w:hyperlink>'


@dataclass(slots=True)
class Bookmarks:
    """Names of places: short, without signs, each once."""

    names: dict[str, str] = field(default_factory=dict)
    placed: set[str] = field(default_factory=set)

    def name(self, anchor: str) -> str:
        """The name of an anchor, the same for every link to it."""
        if anchor not in self.names:
            plain = re.sub(r"\W", "_", anchor, flags=re.ASCII)
            self.names[anchor] = f"m{len(self.names) + 1}_{plain}"[:_LONGEST_BOOKMARK]
        return self.names[anchor]

    def around(self, anchor: str, runs: str) -> str:
        """The runs as the place that the anchor names; a second place of the same name stays without one."""
        if not anchor or anchor in self.placed:
            return runs
        self.placed.add(anchor)
        number = len(self.placed)
        start = f'<w:bookmarkStart w:id="{number}" w:name="{self.name(anchor)}"/>'
        return f'{start}{runs}<w:bookmarkEnd w:id="{number}"/>'


def paragraph_xml(style_id: str, runs: str) -> Any:
    """A paragraph of ready runs."""
    return element(f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>{runs}</w:p>')


def append_runs(paragraph: Any, runs: str) -> None:
    """Put runs, links and bookmarks at the end of a paragraph of python-docx."""
    holder = element(f"<w:p>{runs}</w:p>")
    for child in list(holder):
        paragraph._p.append(child)


def table_xml(
    style: str,
    caption: str,
    widths: Sequence[int],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> Any:
    """A table of ready cells (`cell_xml`). `widths` in twentieths of a point; the header repeats on every page."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    top = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(header)}</w:tr>"
    body = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows)
    return element(
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
        'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(legible(caption))}/></w:tblPr>"
        f"<w:tblGrid>{columns}</w:tblGrid>{top}{body}</w:tbl>"
    )


def cell_xml(text: str, width: int, style: str, properties: str = "") -> str:
    """One cell with one paragraph."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
        f"{text_run(text, properties)}</w:p></w:tc>"
    )


def set_language(root: Any, language: str) -> None:
    """Every mark of a language under `root`."""
    for tag in ("w:lang", "w:themeFontLang"):
        for mark in root.iter(qn(tag)):
            mark.set(qn("w:val"), language)
            if mark.get(qn("w:eastAsia")) is not None:
                mark.set(qn("w:eastAsia"), language)
