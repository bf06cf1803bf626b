"""The title page: a dark field with a drawn net of partners, the title on it, the facts below."""

from __future__ import annotations

import io
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Spacer

from survey_app.analysis.diagnoza.document import Document, Emblem
from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import TaggedCanvas
from survey_app.analysis.pdf.flowables import BottomAligned, FigureBox, Heading, paragraph
from survey_app.analysis.pdf.tables import TaggedTable

_FIELD = 372.0  # height of the dark field
_TITLE_SPACE = _FIELD - style.TOP + 34.0
_LINE = HexColor("#2b6d61")
_NODE = HexColor("#3f8d7d")
_NODES = (
    (330, 60, 5), (392, 128, 9), (468, 84, 6), (540, 150, 12), (446, 196, 7), (520, 40, 4), (584, 96, 5),
    (372, 28, 3), (576, 222, 7), (498, 262, 5), (300, 118, 3),
)  # fmt: skip
_TIES = (
    (0, 1),
    (1, 2),
    (2, 3),
    (1, 4),
    (3, 4),
    (2, 5),
    (3, 6),
    (0, 7),
    (3, 8),
    (4, 9),
    (8, 9),
    (5, 6),
    (10, 1),
)
_BRIGHT = 3  # the node in ochre
_CARD = (150.0, 96.0)  # room for the herb, on a white card
_CARD_EDGE = 8.0


def draw_cover(canvas: TaggedCanvas) -> None:
    """Field, net and ochre rule: decoration, drawn as an artifact by the caller."""
    top = style.PAGE_HEIGHT
    canvas.setFillColor(style.DEEP)
    canvas.rect(0, top - _FIELD, style.PAGE_WIDTH, _FIELD, stroke=0, fill=1)
    canvas.setStrokeColor(_LINE)
    canvas.setLineWidth(1.1)
    for one, other in _TIES:
        canvas.line(_NODES[one][0], top - _NODES[one][1], _NODES[other][0], top - _NODES[other][1])
    for index, (x, y, radius) in enumerate(_NODES):
        canvas.setFillColor(style.OCHRE if index == _BRIGHT else _NODE)
        canvas.circle(x, top - y, radius, stroke=0, fill=1)
    canvas.setFillColor(style.OCHRE)
    canvas.rect(0, top - _FIELD - 5, style.PAGE_WIDTH, 5, stroke=0, fill=1)


def cover_story(document: Document) -> list[Flowable]:
    """Mark, title, subtitle on the field; facts as a table with row headers below it."""
    heading, _, place = document.title.partition(": ")
    words = [
        Heading(document.title.replace(": ", ":\n"), 1, _title_style(len(place or heading))),
        paragraph(document.subtitle, style.COVER_SUBTITLE),
    ]
    if document.watermark:
        words.append(paragraph(f"{document.watermark}: dane wymyślone", style.COVER_MARK))
    above, room = [], _TITLE_SPACE - 60
    if document.emblem is not None:
        card = _EmblemCard(document.emblem)
        above = [FigureBox(card, document.emblem.alt)]
        room -= card.height + above[0].getSpaceAfter()
    return [*above, BottomAligned(words, room), Spacer(0, 46), _facts(document)]


class _EmblemCard:
    """The herb on a white card with a narrow edge, for the field behind it is dark."""

    def __init__(self, emblem: Emblem) -> None:
        self.emblem = emblem
        self.size = emblem.fitted(_CARD[0] - 2 * _CARD_EDGE, _CARD[1] - 2 * _CARD_EDGE)
        self.width, self.height = (side + 2 * _CARD_EDGE for side in self.size)

    def draw_on(self, canvas: Any) -> None:
        """With the lower left corner of the card at the origin."""
        canvas.setFillColor(style.WHITE)
        canvas.roundRect(0, 0, self.width, self.height, 4, stroke=0, fill=1)
        picture = ImageReader(io.BytesIO(self.emblem.content))
        canvas.drawImage(picture, _CARD_EDGE, _CARD_EDGE, *self.size)


def _title_style(length: int) -> ParagraphStyle:
    """Long names of gminas get smaller letters."""
    if length <= 30:
        return style.COVER_TITLE
    return style.COVER_TITLE.clone("cover title small", fontSize=24, leading=29)


def _facts(document: Document) -> TaggedTable:
    rows = [
        [paragraph(label, style.FACT_LABEL), paragraph(value, style.FACT_VALUE)]
        for label, value in document.facts
    ]
    table = TaggedTable(rows, colWidths=[122, style.WIDTH - 122], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
            ("LINEBELOW", (0, 0), (-1, -2), 0.4, style.RULE),
        ]
    )
    return table
