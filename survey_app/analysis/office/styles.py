"""How a document for a word processor looks: the report's colours and rhythm, in styles that a team can change."""

from __future__ import annotations

from typing import Any, NamedTuple

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from survey_app.analysis.office.markup import element, set_language

FONT = "Calibri"
INK, SOFT, PRIMARY, DEEP, RULE, WASH = "1C2A27", "4B5853", "0E5A4F", "083C35", "CFC8B6", "EEF4F0"
TEXT_WIDTH = Cm(21.0 - 2.6 - 2.2)
TABLE, CELL, NUMBER, HEAD, HEAD_NUMBER = (
    "TabelaRaportu",
    "Komorka",
    "KomorkaLiczba",
    "KomorkaGlowka",
    "KomorkaGlowkaLiczba",
)
_PARAGRAPH = WD_STYLE_TYPE.PARAGRAPH
_SHRINK_HEADING = 10.5


class _Look(NamedTuple):
    """Sizes and spaces in points."""

    name: str
    size: float
    colour: str
    bold: bool
    before: float
    after: float


_BUILT_IN = (
    _Look("Normal", 11, INK, False, 0, 7),
    _Look("Title", 30, DEEP, True, 120, 8),
    _Look("Subtitle", 14, SOFT, False, 0, 18),
    _Look("Heading 1", 20, DEEP, True, 28, 12),
    _Look("Heading 2", 14, PRIMARY, True, 18, 6),
    _Look("Heading 3", 11.5, INK, True, 12, 4),
    _Look("Caption", 9.5, INK, True, 10, 4),
    _Look("Quote", 11, INK, False, 0, 7),
    _Look("List Bullet", 11, INK, False, 0, 4),
    _Look("List Number", 11, INK, False, 0, 4),
    _Look("Header", 8.5, SOFT, False, 0, 0),
    _Look("Footer", 8.5, SOFT, False, 0, 0),
)
_OWN = (
    _Look("Wprowadzenie", 13, DEEP, False, 0, 10),
    _Look("Uwaga pod tekstem", 9.5, SOFT, False, 2, 7),
    _Look("Drobny tekst", 10, INK, False, 0, 4),
    _Look("Znak przykładu", 11, "8A5600", True, 0, 10),
    _Look("Cecha raportu", 10, INK, False, 0, 4),
    _Look("Liczba kluczowa", 11, INK, False, 0, 6),
    _Look("Wniosek z wykresu", 11.5, DEEP, True, 12, 4),
    _Look("Spis treści", 20, DEEP, True, 0, 12),
    _Look("Ramka", 10.5, INK, False, 0, 0),
    _Look("Komórka", 9.5, INK, False, 2, 2),
)


def dress(document: WordDocument, language: str) -> None:
    """A4, Polish, with every style that the report uses."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin, section.right_margin = Cm(2.6), Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    section.different_first_page_header_footer = True
    for look in _BUILT_IN:
        _shape(document.styles[look.name], look)
    for look in _OWN:
        style: Any = document.styles.add_style(look.name, _PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _shape(style, look)
    _variants(document)
    _only_our_tables(document.styles.element)
    caption: Any = document.styles["Caption"]
    caption.paragraph_format.keep_with_next = True
    _settings(document, language)


def _shape(style: Any, look: _Look) -> None:
    properties = style.element.get_or_add_rPr()
    for tag in ("w:rFonts", "w:color", "w:spacing", "w:kern"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    style.font.name, style.font.size, style.font.bold = FONT, Pt(look.size), look.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    for script in ("w:cs", "w:eastAsia"):
        properties.find(qn("w:rFonts")).set(qn(script), FONT)
    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(look.before), Pt(look.after)
    style.paragraph_format.line_spacing = 1.15 if look.size < 14 else 1.05
    style.paragraph_format.widow_control = True


def _variants(document: WordDocument) -> None:
    """Cells, the compact heading, the entries of the contents, the box."""
    styles = document.styles
    styles["Komórka"].element.set(qn("w:styleId"), CELL)
    for style_id, name in (
        (NUMBER, "Komórka: liczba"),
        (HEAD, "Komórka: nagłówek"),
        (HEAD_NUMBER, "Komórka: nagłówek liczb"),
    ):
        style: Any = styles.add_style(name, _PARAGRAPH)
        style.base_style = styles["Komórka"]
        style.element.set(qn("w:styleId"), style_id)
        if style_id in (NUMBER, HEAD_NUMBER):
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if style_id in (HEAD, HEAD_NUMBER):
            style.font.bold, style.font.color.rgb = True, RGBColor.from_string(DEEP)
    compact: Any = styles.add_style("Nagłówek drobny", _PARAGRAPH)
    compact.base_style = styles["Heading 2"]
    compact.font.size, compact.font.color.rgb = Pt(_SHRINK_HEADING), RGBColor.from_string(INK)
    compact.paragraph_format.space_before, compact.paragraph_format.space_after = Pt(9), Pt(3)
    for level, indent in (("toc 1", 0.0), ("toc 2", 0.8)):
        entry: Any = styles.add_style(level, _PARAGRAPH, builtin=True)
        entry.base_style, entry.font.bold = styles["Normal"], not indent
        entry.paragraph_format.left_indent = Cm(indent)
        entry.paragraph_format.space_after = Pt(3)
        entry.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    fact: Any = styles["Cecha raportu"]
    fact.paragraph_format.left_indent, fact.paragraph_format.first_line_indent = Cm(4.5), Cm(-4.5)
    fact.paragraph_format.tab_stops.add_tab_stop(Cm(4.5))
    quote: Any = styles["Quote"]
    quote.paragraph_format.left_indent = Cm(0.6)
    finding: Any = styles["Wniosek z wykresu"]
    finding.paragraph_format.keep_with_next = True
    for led in (compact, finding):
        led.next_paragraph_style = styles["Normal"]
    _box(styles["Ramka"])


def _box(style: Any) -> None:
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Cm(0.3)
    properties = style.element.get_or_add_pPr()
    for name in ("w:pBdr", "w:shd"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    border = element(f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{PRIMARY}"/></w:pBdr>')
    shade = element(f'<w:shd w:val="clear" w:color="auto" w:fill="{WASH}"/>')
    # The order of a paragraph's properties is fixed: borders and shading stand before tabs, spacing and indents.
    first = next(child for child in properties if child.tag in (qn("w:tabs"), qn("w:spacing"), qn("w:ind")))
    first.addprevious(border)
    first.addprevious(shade)


def _only_our_tables(styles: Any) -> None:
    """A hundred table looks of the template away, so that a team finds the report's own."""
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) != "TableNormal":
            styles.remove(style)
    styles.append(_table_style())


def _table_style() -> Any:
    """Rules between rows, the header row and the row headers set apart: a table that a team adds looks like ours."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{RULE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{PRIMARY}"'
    return element(
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE}"><w:name w:val="Tabela raportu"/>'
        '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {strong}/><w:bottom {strong}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" '
        f'w:fill="{WASH}"/></w:tcPr></w:tblStylePr>'
        '<w:tblStylePr w:type="firstCol"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>'
    )


def _settings(document: WordDocument, language: str) -> None:
    settings = document.settings.element
    for root in (document.styles.element, settings):
        set_language(root, language)
    for mark, value in (("w:decimalSymbol", ","), ("w:listSeparator", ";")):
        for found in settings.iter(qn(mark)):
            found.set(qn("w:val"), value)
    for found in settings.iter(qn("w:compatSetting")):
        if found.get(qn("w:name")) == "compatibilityMode":
            found.set(qn("w:val"), "15")  # without it the file opens in a mode for old programs
