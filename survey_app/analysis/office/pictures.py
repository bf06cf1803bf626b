"""A chart in a Word document: vectors for programs that draw SVG, a picture for the others, words for everybody."""

from __future__ import annotations

import io
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from survey_app.analysis.charts.pictures import to_office_svg, to_png
from survey_app.analysis.charts.primitives import Chart
from survey_app.analysis.office.markup import legible

_SVG_EXTENSION = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="RELATION"/></a:ext>'
    "</a:extLst>"
)


def add_picture(document: WordDocument, content: bytes, alt: str, width: int) -> Any:
    """A picture in a paragraph of its own, which is returned; no words but those for who does not see it."""
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(content), width=width)
    properties = shape._inline.docPr
    properties.set("name", "Herb")
    properties.set("descr", legible(alt))
    return paragraph


def add_chart(document: WordDocument, chart: Chart, number: int, width: int) -> Any:
    """The chart in a paragraph of its own, which is returned; no wider than `width`."""
    paragraph = document.add_paragraph()
    wanted = min(Pt(chart.width), width)
    shape = paragraph.add_run().add_picture(io.BytesIO(to_png(chart)), width=wanted)
    properties = shape._inline.docPr
    properties.set("name", f"Rysunek {number}")
    properties.set("title", legible(chart.title))
    properties.set("descr", legible(chart.alt))
    name = PackURI(f"/word/media/wykres{number}.svg")
    part = Part(name, "image/svg+xml", to_office_svg(chart, f"w{number}"), document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = next(shape._inline.iter(qn("a:blip")))
    blip.append(parse_xml(_SVG_EXTENSION.replace("RELATION", relation)))
    return paragraph
