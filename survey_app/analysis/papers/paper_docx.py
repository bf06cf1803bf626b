"""A paper as a Word document, to be completed there: real headings, lists and tables, the same sheet as on paper."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from survey_app.analysis.diagnoza.document import Paragraph, Subheading
from survey_app.analysis.diagnoza.docx import Writing, describe, write_block
from survey_app.analysis.fixed_zip import without_times
from survey_app.analysis.office import styles
from survey_app.analysis.office.markup import append_runs, element, field_runs, legible, text_run
from survey_app.analysis.papers.paper_document import NUMBERED, PaperFile, Sheet
from survey_app.analysis.papers.paper_pdf import SIGNED

_ADDRESS = Cm(8.5)
_TITLE_SIZE = Pt(16)
_TWENTIETHS = 635  # English metric units in a twentieth of a point
_BOLD = "<w:b/>"
_DOTS = "…" * 18


def paper_docx(file: PaperFile) -> bytes:
    """One file of all sheets, each in a section of its own, whose pages are counted by themselves."""
    writing = Writing(docx.Document())
    styles.dress(writing.word, "pl-PL")
    describe(writing.word, file.title, f"Gmina {file.gmina}", "pl-PL", file.made_at)
    _foot(writing.word.sections[0])
    for number, sheet in enumerate(file.sheets):
        if number:
            writing.word.add_section(WD_SECTION.NEW_PAGE)
        _count_from_one(writing.word.sections[-1])
        _write(sheet, writing)
    target = io.BytesIO()
    writing.word.save(target)
    return without_times(target.getvalue())


def _foot(section: Any) -> None:
    section.different_first_page_header_footer = False
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    pages = text_run("strona ") + field_runs("PAGE", text_run("1"))
    append_runs(foot, pages + text_run(" z ") + field_runs("SECTIONPAGES", text_run("1")))


def _count_from_one(section: Any) -> None:
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    margins = section._sectPr.find(qn("w:pgMar"))  # the order of a section's properties is fixed
    margins.addnext(element('<w:pgNumType w:start="1"/>'))


def _write(sheet: Sheet, writing: Writing) -> None:
    if sheet.place:
        place = writing.paragraph(text_run(sheet.place), "Normal")
        place.alignment, place.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.RIGHT, Pt(20)
    for words in sheet.address:
        line = writing.paragraph(text_run(words), "Normal")
        line.paragraph_format.left_indent, line.paragraph_format.space_after = _ADDRESS, Pt(2)
    title = writing.heading(sheet.title, "", "Heading 1")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in title.runs:
        run.font.size = _TITLE_SIZE
    for words in sheet.under:
        writing.paragraph(text_run(words), "Normal").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for is_signed, run_of in groupby(sheet.body, key=_is_signature):
        blocks = list(run_of)
        if is_signed:
            _signatures([block.text for block in blocks if isinstance(block, Paragraph)], writing)
            continue
        for block in blocks:
            _block(block, writing)
    if writing.below_table:
        _end_of_section(writing)


def _end_of_section(writing: Writing) -> None:
    """A section ends with a paragraph, or word processors mend it; one so small that it needs no page of its own."""
    end = writing.paragraph(text_run("", '<w:sz w:val="2"/>'), "Normal").paragraph_format
    end.space_before, end.space_after, end.line_spacing = Pt(0), Pt(0), Pt(1)


def _is_signature(block: Any) -> bool:
    return isinstance(block, Paragraph) and block.style == "signature"


def _block(block: Any, writing: Writing) -> None:
    """As in the report; what carries the number of a paragraph of an act stands out."""
    led = NUMBERED.match(block.text) if isinstance(block, (Paragraph, Subheading)) else None
    if led is None:
        write_block(block, writing)
    elif isinstance(block, Subheading):
        made = writing.heading(block.text, block.anchor, f"Heading {block.level}")
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        words = text_run(led[0], _BOLD) + text_run(block.text[led.end() :])
        writing.paragraph(words, "Normal")


def _signatures(people: Sequence[str], writing: Writing) -> None:
    """A table without lines, for the layout only: two places beside each other, one alone on the right."""
    half = int(styles.TEXT_WIDTH // _TWENTIETHS // 2)
    listed = ["", *people] if len(people) == 1 else [*people, *([""] * (len(people) % 2))]
    rows = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_place(listed[at], half)}{_place(listed[at + 1], half)}</w:tr>"
        for at in range(0, len(listed), 2)
    )
    caption = quoteattr("Miejsca na podpisy: " + ", ".join(legible(one) for one in people)[:500])
    writing.table(
        element(
            f'<w:tbl><w:tblPr><w:tblW w:w="{2 * half}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblCaption w:val={caption}/></w:tblPr><w:tblGrid><w:gridCol w:w="{half}"/>'
            f'<w:gridCol w:w="{half}"/></w:tblGrid>{rows}</w:tbl>'
        )
    )


def _place(person: str, width: int) -> str:
    words = text_run(f"{_DOTS}\n{person}\n{SIGNED}") if person else ""
    look = '<w:pPr><w:spacing w:before="700" w:after="60"/><w:jc w:val="center"/></w:pPr>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>{look}{words}</w:p></w:tc>'
