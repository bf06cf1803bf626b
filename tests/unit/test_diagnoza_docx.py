"""The Word document: what a screen reader and a team that writes on find in it."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections import Counter
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from survey_app.analysis.charts.pictures import to_office_svg, to_png, without_patterns
from survey_app.analysis.charts.primitives import Chart, Line, Rect
from survey_app.analysis.diagnoza.compose import compose
from survey_app.analysis.diagnoza.document import (
    BulletList,
    Chapter,
    Document,
    Figure,
    KeyFigures,
    Notice,
    PageBreak,
    Paragraph,
    Subheading,
    TextTable,
)
from survey_app.analysis.diagnoza.docx import render_docx
from survey_app.analysis.edition import Edition
from tests.renderings import squashed
from tests.unit import example_diagnoza as example
from tests.unit.example_coding import HOSTILE

Word = Any


@pytest.fixture(scope="module")
def report() -> Document:
    return compose(example.example_60())


@pytest.fixture(scope="module")
def content(report: Document) -> bytes:
    return render_docx(report)


@pytest.fixture(scope="module")
def word(content: bytes) -> Word:
    return docx.Document(io.BytesIO(content))


def made_of(*blocks: Any) -> Word:
    return docx.Document(io.BytesIO(render_docx(a_document(*blocks))))


def a_document(*blocks: Any) -> Document:
    chapter = Chapter("1", "Podsumowanie", "podsumowanie", blocks)
    return Document("Diagnoza", "Podtytuł", "Diagnoza", (("Gmina", "Przykładowo"),), (chapter,), "0" * 64)


def text_of(word: Word) -> str:
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return squashed(" ".join([*(paragraph.text for paragraph in word.paragraphs), *cells]))


def test_the_same_report_is_the_same_file(report: Document, content: bytes) -> None:
    assert render_docx(report) == content


def test_the_file_says_title_and_language_and_nothing_of_its_maker(content: bytes, word: Word) -> None:
    known = word.core_properties
    assert (known.title, known.language) == ("Diagnoza lokalna: gmina Przykładowo", "pl-PL")
    assert known.created.isoformat().startswith("2026-11-18T08:00")
    assert known.comments == ""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("word/styles.xml").decode()
        assert 'w:lang w:val="pl-PL"' in styles
        assert "en-US" not in styles + archive.read("word/settings.xml").decode()
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_headings_are_headings_and_never_skip_a_level(report: Document, word: Word) -> None:
    levels = {"Heading 1": 1, "Heading 2": 2, "Nagłówek drobny": 2, "Heading 3": 3}
    found = [levels[one.style.name] for one in word.paragraphs if one.style.name in levels]
    assert found.count(1) == len(report.chapters)
    assert all(after <= before + 1 for before, after in itertools.pairwise(found))
    small = word.styles["Nagłówek drobny"]
    assert small.base_style.name == "Heading 2"  # its place in the outline stays the same


def test_each_table_has_a_caption_a_header_row_that_repeats_and_a_name(word: Word) -> None:
    for table in word.tables:
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr is None or row.trPr.find(qn("w:tblHeader")) is None for row in others)
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert (look.get(qn("w:firstRow")), look.get(qn("w:firstColumn"))) == ("1", "1")
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).startswith("Tabela ")
        assert len({len(row.cells) for row in table.rows}) == 1
        above = table._tbl.getprevious()
        assert above.pPr.pStyle.val == word.styles["Caption"].style_id


def test_each_figure_is_a_picture_and_vectors_with_an_alternative_text(
    report: Document, content: bytes, word: Word
) -> None:
    charts = [
        block.chart for chapter in report.chapters for block in chapter.blocks if isinstance(block, Figure)
    ]
    pictures = list(word.element.body.iter(qn("wp:docPr")))
    assert [one.get("descr") for one in pictures] == [chart.alt for chart in charts]
    assert len({one.get("id") for one in pictures}) == len(pictures)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kinds = Counter(name.rpartition(".")[2] for name in archive.namelist() if "media" in name)
        assert kinds == {"svg": len(charts), "png": len(charts)}
        assert 'ContentType="image/svg+xml"' in archive.read("[Content_Types].xml").decode()
        relations = archive.read("word/_rels/document.xml.rels").decode()
    used = re.findall(r'svgBlip [^>]*r:embed="(rId\d+)"', word.element.xml)
    assert len(set(used)) == len(charts)
    assert all(re.search(rf'Id="{one}"[^>]*svg|svg[^>]*Id="{one}"', relations) for one in used)


def test_the_contents_are_links_to_places_that_exist_and_a_field_for_page_numbers(word: Word) -> None:
    xml = word.element.xml
    assert re.search(r'w:dirty="true".{0,200}?TOC \\o "1-2" \\h \\z', xml, re.S)
    places = re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]+)"', xml)
    assert len(set(places)) == len(places)
    assert all(len(name) <= 40 and re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) for name in places)
    targets = re.findall(r'<w:hyperlink w:anchor="([^"]+)"', xml) + re.findall(r"REF (\w+) \\h", xml)
    assert len(targets) > 20
    assert set(targets) <= set(places)
    assert xml.count('fldCharType="begin"') == xml.count('fldCharType="end"')


def test_captions_count_themselves(word: Word) -> None:
    captions = [one for one in word.paragraphs if one.style.name == "Caption"]
    assert len(captions) > 15
    for caption in captions:
        name = caption.text.split()[0]
        assert f"SEQ {name} \\* ARABIC" in caption._p.xml


def test_the_running_text_is_all_there(report: Document, word: Word) -> None:
    found = text_of(word)
    for chapter in report.chapters:
        for block in chapter.blocks:
            words: tuple[str, ...] = ()
            if isinstance(block, Paragraph | Subheading):
                words = (block.text,)
            elif isinstance(block, BulletList):
                words = block.items
            elif isinstance(block, Notice):
                words = (block.title, block.text)
            elif isinstance(block, KeyFigures):
                words = tuple(f"{one.value} {one.label}" for one in block.figures)
            elif isinstance(block, Figure):
                words = (block.chart.title, f"{block.caption}. Liczby: {block.table_label}")
            assert all(squashed(one) in found for one in words)
    assert all(squashed(f"{label}: {value}") in found for label, value in report.facts)


def test_the_header_says_which_edition_it_is_and_that_the_data_are_made_up(word: Word) -> None:
    section = word.sections[0]
    assert section.header.paragraphs[0].text == (
        "PRZYKŁAD · Diagnoza lokalna: gmina Przykładowo · wydanie publiczne"
    )
    assert "NUMPAGES" in section.footer.paragraphs[0]._p.xml
    assert section.page_width.cm == pytest.approx(21.0, abs=0.01)


def test_each_numbered_list_begins_with_one() -> None:
    steps = BulletList(("Pierwszy", "Drugi"), ordered=True)
    word = made_of(steps, Paragraph("Między listami."), steps, BulletList(("Punkt",)))
    numbers = [one._p.pPr.numPr.numId.val for one in word.paragraphs if one.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2] == numbers[3]
    numbering = word.part.numbering_part.element
    for number in set(numbers):
        made = next(one for one in numbering.num_lst if one.numId == number)
        assert made.find(qn("w:lvlOverride")).find(qn("w:startOverride")).get(qn("w:val")) == "1"
    assert [one.style.name for one in word.paragraphs][-1] == "List Bullet"


def test_a_paragraph_that_leads_elsewhere_is_a_link() -> None:
    word = made_of(
        Subheading("Oryginał", "oryginal"), Paragraph("Zmienione przez zespół", "note", link="oryginal")
    )
    target = re.findall(
        r'<w:hyperlink w:anchor="([^"]+)"[^>]*>(?:(?!</w:hyperlink>).)*Zmienione', word.element.xml, re.S
    )
    assert target
    assert f'w:name="{target[-1]}"' in word.element.xml


@pytest.mark.parametrize("typed", [*HOSTILE, "ś" * 10_000, "nul \x00, pół znaku \ud800 i \x0b", "a\r\nb\tc"])
def test_what_people_type_never_breaks_the_document(typed: str) -> None:
    table = TextTable("Tabela 1. Próba", ("Nagłówek", typed), ((typed, typed),), anchor=typed[:30])
    word = made_of(
        Paragraph(typed),
        BulletList((typed,)),
        Notice(typed, typed),
        Subheading(typed, typed),
        table,
        PageBreak(),
    )
    readable = squashed(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", typed))
    assert text_of(word).count(readable) >= 6


ORDER = {
    # ECMA-376, part 1: the order of children that word processors insist on, as far as this report uses them.
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
             "suppressAutoHyphens spacing ind contextualSpacing mirrorIndents jc outlineLvl rPr sectPr",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
             "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd vertAlign rtl cs lang",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
               "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
               "personal rsid pPr rPr tblPr trPr tcPr tblStylePr",
}  # fmt: skip


@pytest.mark.parametrize("parent", list(ORDER))
def test_the_parts_of_each_element_stand_in_the_order_of_the_standard(word: Word, parent: str) -> None:
    order = [f"w:{name}" for name in ORDER[parent].split()]
    places = {qn(name): place for place, name in enumerate(order)}
    seen = 0
    for root in (word.element, word.styles.element, word.part.numbering_part.element):
        for found in root.iter(qn(parent)):
            kids = [kid.tag for kid in found]
            assert [places[kid] for kid in kids] == sorted(places[kid] for kid in kids), kids
            seen += 1
    assert seen > 15


@pytest.mark.parametrize("edition", list(Edition))
def test_an_empty_report_is_a_document_too(edition: Edition) -> None:
    word = docx.Document(io.BytesIO(render_docx(compose(example.build([], None, edition)))))
    assert word.paragraphs[0].text.startswith("Diagnoza lokalna")
    last = word.element.body[-2]
    assert last.tag == qn("w:p")  # word processors mend a document that ends with a table


def test_a_picture_has_two_hundred_dots_to_the_inch_and_the_tones_of_the_chart() -> None:
    bar = Rect(10, 10, 50, 20, "strong")
    image = Image.open(io.BytesIO(to_png(Chart(72, 36, "Wniosek", "Opis.", (bar,)))))
    assert image.size == (200, 100)
    assert [round(dots) for dots in image.info["dpi"]] == [200, 200]
    colours = image.convert("RGB")
    assert colours.getpixel((97, 55)) == (0x0E, 0x5A, 0x4F)
    assert colours.getpixel((2, 2)) == (255, 255, 255)


def test_hatching_becomes_lines_that_stay_inside_the_area() -> None:
    area = Rect(10, 10, 30, 12, "hidden", "hatched")
    chart = without_patterns(Chart(60, 40, "Wniosek", "Opis.", (area,)))
    lines = [mark for mark in chart.primitives if isinstance(mark, Line)]
    assert len(lines) > 5
    for line in lines:
        assert all(10 <= x <= 40 for x in (line.x1, line.x2))
        assert all(10 - 1e-9 <= y <= 22 + 1e-9 for y in (line.y1, line.y2))
        assert line.x2 - line.x1 == pytest.approx(line.y1 - line.y2)
    svg = to_office_svg(Chart(60, 40, "Wniosek", "Opis.", (area,)), "w1").decode()
    assert "<pattern" not in svg
    assert 'width="60pt" height="40pt"' in svg
