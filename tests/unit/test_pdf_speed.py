"""Where the PDF takes a short cut past reportlab, it comes out where reportlab would."""

from __future__ import annotations

import datetime as dt
import gc
import io

import pytest
from reportlab.pdfbase import pdfdoc
from reportlab.platypus import Flowable, Paragraph

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import Metadata, TaggedCanvas
from survey_app.analysis.pdf.flowables import TaggedParagraph, paragraph
from survey_app.analysis.pdf.layout import RunningHead, build_pdf, without_collecting
from survey_app.analysis.pdf.structure import (
    Element,
    MarkedContent,
    figure_attributes,
    scope_attributes,
    write_tree,
)

METADATA = Metadata("Tytuł", "Autor", "Temat", dt.datetime(2026, 11, 2, tzinfo=dt.UTC))


@pytest.mark.parametrize("look", [style.CELL, style.CELL_NUMBER, style.NOTE, style.CELL_HEAD])
@pytest.mark.parametrize(
    "words",
    [
        "Szkoła",
        "od 3 do 5",
        "w\u00a0gminie i\u00a0poza nią",
        "dwa  odstępy",
        " odstęp z przodu i na końcu ",
        "koniec\nwiersza",
        "tabulator\ti pion\x0b",
        "<b>mocno</b> i dalej",
        "Jan &amp; Maria &lt;2",
        "przerwa<br/>wiersza",
        "",
        " ",
        "−0,3",
    ],
)
def test_plain_words_become_what_the_parser_makes_of_them(words: str, look: style.ParagraphStyle) -> None:
    ours, theirs = TaggedParagraph(words, look), Paragraph(words, look)
    assert [vars(one) for one in ours.frags] == [vars(one) for one in theirs.frags]
    for width in (40, 300):
        assert ours.wrap(width, 1000) == theirs.wrap(width, 1000)


def test_two_paragraphs_share_no_words() -> None:
    first, second = TaggedParagraph("pierwszy", style.CELL), TaggedParagraph("drugi", style.CELL)
    assert (first.frags[0].text, second.frags[0].text) == ("pierwszy", "drugi")


def test_an_element_is_written_as_reportlab_writes_dictionaries() -> None:
    canvas = TaggedCanvas(io.BytesIO(), METADATA, (100, 100))
    page = pdfdoc.PDFPage()
    pages = [canvas._doc.Reference(page)]
    root = Element("Document")
    figure = root.child(
        "Figure", figure_attributes((1, 2.5, 30, 40)), {"Alt": "Wykres (ważny)", "ActualText": "ą"}
    )
    figure.kids += [MarkedContent(1, number) for number in range(23)]
    root.child("TH", scope_attributes("Row"))
    write_tree(canvas._doc, root, pages, [])
    named = {b"%d %d R" % numbers: name for name, numbers in canvas._doc.idToObjectNumberAndVersion.items()}
    found = {
        one: canvas._doc.idToObject[named[one.reference]].format(canvas._doc)
        for one in (figure, root.kids[1])
    }
    marks = [
        pdfdoc.PDFDictionary({"Pg": pages[0], "Type": pdfdoc.PDFName("MCR"), "MCID": number})
        for number in range(23)
    ]
    expected = {
        "Type": pdfdoc.PDFName("StructElem"),
        "S": pdfdoc.PDFName("Figure"),
        "P": root.reference,
        "Alt": pdfdoc.PDFString("Wykres (ważny)"),
        "ActualText": pdfdoc.PDFString("ą"),
        "A": pdfdoc.PDFDictionary(dict(figure_attributes((1, 2.5, 30, 40)))),
        "K": pdfdoc.PDFArray(marks),
    }
    assert found[figure] == pdfdoc.PDFDictionary(expected).format(canvas._doc)
    head = {
        "Type": pdfdoc.PDFName("StructElem"),
        "S": pdfdoc.PDFName("TH"),
        "P": root.reference,
        "A": pdfdoc.PDFDictionary(dict(scope_attributes("Row"))),
    }
    assert found[root.kids[1]] == pdfdoc.PDFDictionary(head).format(canvas._doc)


def test_garbage_is_collected_again_whatever_happens() -> None:
    assert gc.isenabled()
    seen = []

    def fail() -> None:
        with without_collecting():
            seen.append(gc.isenabled())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == [False]
    assert gc.isenabled()
    gc.disable()
    try:
        with without_collecting():
            pass
        assert not gc.isenabled()  # it was off before
    finally:
        gc.enable()


def test_what_is_drawn_is_let_go() -> None:
    story: list[Flowable] = [paragraph("słowo") for _ in range(3)]
    build_pdf(story, METADATA, RunningHead("Tytuł"))
    assert story == []
