"""Colours, sizes and spacing of everything on paper: one place, one rhythm of 7 points."""

from __future__ import annotations

from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from survey_app.analysis.pdf.fonts import BOLD, ITALIC, REGULAR, register_fonts

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT, TOP, BOTTOM = 78.0, 62.0, 84.0, 76.0
WIDTH = PAGE_WIDTH - LEFT - RIGHT
GRID = 7.0
MEASURE_INDENT = 42.0  # running text is narrower than tables and figures: about 80 characters in a line

INK = HexColor("#1c2a27")
SOFT = HexColor("#4b5853")
PRIMARY = HexColor("#0e5a4f")
DEEP = HexColor("#083c35")
OCHRE = HexColor("#e5a32e")
RULE = HexColor("#cfc8b6")
WASH = HexColor("#eef4f0")
PAPER = HexColor("#faf5ea")
WARM = HexColor("#fbf3dd")
WHITE = HexColor("#ffffff")

register_fonts()


def _style(name: str, size: float, leading: float, **options: Any) -> ParagraphStyle:
    defaults: dict[str, Any] = {
        "fontName": REGULAR,
        "textColor": INK,
        "splitLongWords": 1,
        "allowWidows": 0,
        "allowOrphans": 0,
        "embeddedHyphenation": 0,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **(defaults | options))


BODY = _style("body", 10, 14, spaceAfter=GRID, rightIndent=MEASURE_INDENT)
LEAD = _style("lead", 12.5, 17.5, spaceAfter=GRID * 1.5, textColor=DEEP, rightIndent=MEASURE_INDENT)
NOTE = _style("note", 8.5, 11, spaceAfter=GRID, textColor=SOFT, rightIndent=MEASURE_INDENT)
SMALL = _style("small", 9, 12, spaceAfter=4, rightIndent=MEASURE_INDENT)
QUOTE = _style("quote", 10, 14, spaceAfter=GRID, leftIndent=14, rightIndent=MEASURE_INDENT)
LIST = _style("list", 10, 14, spaceAfter=3.5, leftIndent=16, rightIndent=MEASURE_INDENT)
CHAPTER = _style(
    "chapter",
    21,
    26,
    spaceBefore=GRID * 5,
    fontName=BOLD,
    textColor=DEEP,
    spaceAfter=GRID * 2,
    keepWithNext=1,
    rightIndent=20,
)
SECTION = _style(
    "section", 13, 17, fontName=BOLD, textColor=PRIMARY, spaceBefore=GRID * 2.5, spaceAfter=GRID, keepWithNext=1,
    rightIndent=20,
)  # fmt: skip
SUBSECTION = _style(
    "subsection", 10.5, 14, fontName=BOLD, spaceBefore=GRID * 1.5, spaceAfter=3.5, keepWithNext=1
)
CAPTION = _style("caption", 9, 12, fontName=BOLD, spaceBefore=GRID * 1.5, spaceAfter=4)
FINDING = _style(
    "finding", 10.5, 14, fontName=BOLD, textColor=DEEP, spaceBefore=GRID * 1.5, spaceAfter=5, keepWithNext=1
)
SOURCE_LINE = _style("source line", 8.5, 11, textColor=SOFT, spaceAfter=GRID * 1.5)
CELL = _style("cell", 9, 12)
CELL_BOLD = _style("cell bold", 9, 12, fontName=BOLD)
CELL_HEAD = _style("cell head", 8.5, 11, fontName=BOLD, textColor=DEEP)
CELL_NUMBER = _style("cell number", 9, 12, alignment=TA_RIGHT)
CELL_HEAD_NUMBER = _style("cell head number", 8.5, 11, fontName=BOLD, textColor=DEEP, alignment=TA_RIGHT)
CELL_HIDDEN = _style("cell hidden", 9, 12, fontName=ITALIC, textColor=SOFT, alignment=TA_RIGHT)
CELL_HIDDEN_LEFT = _style("cell hidden left", 9, 12, fontName=ITALIC, textColor=SOFT)
NOTICE_TITLE = _style("notice title", 10, 14, fontName=BOLD, textColor=DEEP)
NOTICE_TEXT = _style("notice text", 9.5, 13.5)
KEY_VALUE = _style("key value", 27, 32, fontName=BOLD, textColor=PRIMARY)
KEY_LABEL = _style("key label", 9, 12, textColor=SOFT)
COVER_TITLE = _style("cover title", 34, 40, fontName=BOLD, textColor=WHITE, spaceAfter=GRID * 1.5)
COVER_SUBTITLE = _style("cover subtitle", 14, 20, textColor=PAPER, spaceAfter=GRID, rightIndent=80)
COVER_MARK = _style("cover mark", 11, 15, fontName=BOLD, textColor=OCHRE)
FACT_LABEL = _style("fact label", 9, 13, textColor=SOFT)
FACT_VALUE = _style("fact value", 10, 13, fontName=BOLD)
TOC_CHAPTER = _style("toc chapter", 10.5, 14, fontName=BOLD, spaceBefore=GRID)
TOC_SECTION = _style("toc section", 9.5, 13, leftIndent=20, spaceBefore=2)
LEADER = _style("leader", 8, 9.6, textColor=SOFT)
QR_DARK = HexColor("#000000")
LETTER = _style("letter", 10.5, 14, spaceAfter=GRID)
LETTER_TITLE = _style("letter title", 17, 22, fontName=BOLD, textColor=DEEP, spaceAfter=GRID * 1.5)
LETTER_LINK = _style("letter link", 10.5, 15, textColor=PRIMARY, spaceAfter=GRID)
LETTER_CODE = _style("letter code", 15, 20, fontName=BOLD, spaceAfter=GRID * 2)
ADDRESS = _style("address", 11, 15, leftIndent=240)
SHEET_PLACE = _style("sheet place", 10.5, 14, alignment=TA_RIGHT, spaceAfter=GRID * 3)
SHEET_ADDRESS = _style("sheet address", 10.5, 14, leftIndent=240, spaceAfter=2)
SHEET_TITLE = _style(
    "sheet title",
    15,
    20,
    fontName=BOLD,
    textColor=DEEP,
    alignment=TA_CENTER,
    spaceBefore=GRID * 3,
    spaceAfter=GRID * 2,
)
SHEET_UNDER = _style("sheet under title", 10.5, 14, alignment=TA_CENTER, spaceAfter=GRID)
SHEET_PARAGRAPH = _style(  # "§ 3" over its text
    "sheet paragraph", 10.5, 14, fontName=BOLD, alignment=TA_CENTER, spaceBefore=GRID * 2, spaceAfter=GRID
)
SHEET_SECTION = _style(
    "sheet section", 12, 16, fontName=BOLD, textColor=DEEP, spaceBefore=GRID * 2, spaceAfter=GRID
)
SHEET_SUBSECTION = _style("sheet subsection", 10.5, 14, fontName=BOLD, spaceBefore=GRID * 1.5, spaceAfter=3.5)
SHEET_LIST = _style("sheet list", 10.5, 14, spaceAfter=3.5, leftIndent=24)
SHEET_SIGNATURE = _style("sheet signature", 9, 12, textColor=SOFT, alignment=TA_CENTER)
FORM_TEXT = _style("form text", 9.5, 12.5, spaceAfter=4)
FORM_QUESTION = _style(
    "form question", 11, 14.5, fontName=BOLD, spaceBefore=GRID * 1.5, spaceAfter=5, keepWithNext=1
)
FORM_FOLLOW_UP = _style("form follow-up", 10, 13, spaceBefore=4, spaceAfter=3)
FORM_ROUTING = _style("form routing", 9.5, 12.5, fontName=BOLD, textColor=PRIMARY, spaceAfter=4)
FORM_OPTION = _style("form option", 10, 13)
FORM_NOTICE = _style("form notice", 8.5, 11, spaceAfter=4)
POSTER_KICKER = _style("poster kicker", 17, 22, fontName=BOLD, textColor=OCHRE, spaceAfter=GRID)
POSTER_TITLE = _style("poster title", 42, 47, fontName=BOLD, textColor=WHITE, spaceAfter=GRID * 1.5)
POSTER_LEAD = _style("poster lead", 16, 22, textColor=PAPER)
POSTER_ADDRESS = _style(
    "poster address",
    17,
    23,
    fontName=BOLD,
    textColor=PRIMARY,
    alignment=TA_CENTER,
    spaceBefore=4,
    spaceAfter=GRID * 2,
)
POSTER_PROMISE = _style("poster promise", 20, 26, fontName=BOLD, alignment=TA_CENTER, spaceAfter=GRID)
POSTER_DATES = _style("poster dates", 14, 19, textColor=SOFT, alignment=TA_CENTER)
