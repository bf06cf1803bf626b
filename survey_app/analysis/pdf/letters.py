"""Invitation letters: one page for each institution, with QR code, link and printed code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.platypus import Flowable, PageBreak, Spacer

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata
from survey_app.analysis.pdf.flowables import Anchor, FigureBox, Heading, LinkLine, paragraph
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.qr import QrCode
from survey_app.analysis.pdf.structure import Slot

# A letter carries no date of its making: the file must not tell when a code was written out.
_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_QR_SIDE = 150.0
_QR_INDENT = -14.0  # the code's white border hangs in the margin, so that its dark edge meets the text's


@dataclass(frozen=True, slots=True)
class Letter:
    """One institution's invitation. `closes_at` is words; `introduction` are the instrument's paragraphs."""

    institution: str
    address: str
    link: str
    code: str
    closes_at: str
    gmina: str
    introduction: tuple[str, ...]


def render_letters(letters: Sequence[Letter]) -> bytes:
    """All letters in one file, each starting on a page of its own. No letters: a page that says so."""
    gmina = letters[0].gmina if letters else ""
    title = f"Zaproszenia do ankiety: gmina {gmina}" if gmina else "Zaproszenia do ankiety"
    metadata = Metadata(title, CREATOR, "Listy do instytucji", _NO_DATE)
    return build_pdf(_story(letters, title), metadata, RunningHead("", on_no_page=True))


def _story(letters: Sequence[Letter], title: str) -> list[Flowable]:
    if not letters:
        return [Heading(title, 1, style.LETTER_TITLE), paragraph("Nie ma listów do wydrukowania.")]
    story: list[Flowable] = []
    for position, letter in enumerate(letters):
        story += [PageBreak()] if position else []
        story += _letter(letter, f"list-{position + 1}")
    return story


def _letter(letter: Letter, anchor: str) -> list[Flowable]:
    """Address where a window envelope shows it; then why, how, until when."""
    return [
        Anchor(anchor),
        Spacer(0, 46),
        _address(letter),
        Spacer(0, 60),
        Heading(f"Zaproszenie do ankiety: gmina {letter.gmina}", 1, style.LETTER_TITLE),
        paragraph("Szanowni Państwo,", style.LETTER),
        *(paragraph(text, style.LETTER) for text in letter.introduction),
        paragraph(
            f"Ankietę można wypełnić do: {letter.closes_at}. Zajmuje około 10 minut, także na telefonie. "
            "Nie trzeba się logować ani zakładać konta.",
            style.LETTER,
        ),
        *_access(letter),
        paragraph(
            "Link i kod są jednorazowe i przeznaczone dla jednej instytucji. Prosimy nie przekazywać ich dalej.",
            style.NOTE,
        ),
    ]


def _address(letter: Letter) -> Flowable:
    lines = "\n".join(part for part in (letter.institution, *letter.address.split(", ")) if part.strip())
    return paragraph(lines, style.ADDRESS)


def _access(letter: Letter) -> list[Flowable]:
    alt = f"Kod QR, który otwiera ankietę pod adresem {letter.link}"
    link = LinkLine(letter.link, letter.link, style.LETTER_LINK, Slot("P"))
    code_page = letter.link.removesuffix(f"/{letter.code}")  # short enough to be typed by hand
    by_hand = paragraph(f"Można też wejść na stronę {code_page} i wpisać kod:", style.LETTER)
    code = paragraph(letter.code, style.LETTER_CODE)
    label = paragraph("Proszę zeskanować kod QR telefonem albo otworzyć adres:", style.LETTER)
    return [label, FigureBox(QrCode(letter.link, _QR_SIDE), alt, _QR_INDENT), link, by_hand, code]
