"""An A4 poster for the notice board: what it is about, a large QR code, the address, until when."""

from __future__ import annotations

import datetime as dt

from reportlab.platypus import Flowable, Spacer

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.flowables import BottomAligned, FigureBox, Heading, LinkLine, paragraph
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.qr import QrCode
from survey_app.analysis.pdf.structure import Slot

_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FIELD = 318.0
_QR_SIDE = 252.0
_TITLE_SPACE = _FIELD - style.TOP - 18


def render_poster(
    *, gmina: str, title: str, address: str, opens_at: str, closes_at: str, anonymous: bool, minutes: int = 10
) -> bytes:
    """One page. `opens_at` and `closes_at` are words; `address` is the open link, without a code of anyone."""
    story = _story(gmina, title, address, f"od {opens_at} do {closes_at}", anonymous, minutes)
    metadata = Metadata(f"{title}: gmina {gmina}", CREATOR, "Plakat z adresem ankiety", _NO_DATE)
    return build_pdf(story, metadata, RunningHead("", on_no_page=True), cover=_draw_ground)


def _story(gmina: str, title: str, address: str, dates: str, anonymous: bool, minutes: int) -> list[Flowable]:
    promises = ["bez logowania", f"ok. {minutes} minut", *(["anonimowo"] if anonymous else [])]
    words = [
        paragraph(f"Gmina {gmina}", style.POSTER_KICKER),
        Heading("Jak razem przeciwdziałać wykluczeniu?", 1, style.POSTER_TITLE),
        paragraph(f"{title}. Zapraszamy przedstawicieli instytucji, organizacji i firm.", style.POSTER_LEAD),
    ]
    indent = (style.WIDTH - _QR_SIDE) / 2
    return [
        BottomAligned(words, _TITLE_SPACE),
        Spacer(0, 46),
        FigureBox(QrCode(address, _QR_SIDE), f"Kod QR, który otwiera ankietę pod adresem {address}", indent),
        LinkLine(address, address, style.POSTER_ADDRESS, Slot("P")),
        paragraph(" · ".join(promises), style.POSTER_PROMISE),
        paragraph(dates, style.POSTER_DATES),
    ]


def _draw_ground(canvas: TaggedCanvas) -> None:
    """The dark field behind the title and the ochre rule under it."""
    canvas.setFillColor(style.DEEP)
    canvas.rect(0, style.PAGE_HEIGHT - _FIELD, style.PAGE_WIDTH, _FIELD, stroke=0, fill=1)
    canvas.setFillColor(style.OCHRE)
    canvas.rect(0, style.PAGE_HEIGHT - _FIELD - 6, style.PAGE_WIDTH, 6, stroke=0, fill=1)
