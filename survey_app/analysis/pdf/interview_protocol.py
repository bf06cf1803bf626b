"""The protocol of one interview that took place: who spoke under which letter, consent, time, and the notes.

METHOD, "IDI and FGI": letters, never names; what describes a person is in no protocol.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable

from survey_app.analysis.interview_record import InterviewProtocol, ProtocolPart, ProtocolQuestion
from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata
from survey_app.analysis.pdf.flowables import Box, Heading, TaggedParagraph, paragraph
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.tables import table_with_caption


def render_interview_protocol(protocol: InterviewProtocol) -> bytes:
    """One tagged PDF (PDF/UA-1), A4. The same protocol gives the same bytes."""
    title = f"{protocol.name}: gmina {protocol.gmina_name}"
    metadata = Metadata(title, CREATOR, "Protokół wywiadu, który się odbył", protocol.made_at)
    story: list[Flowable] = [
        *_beginning(protocol),
        *_consents(protocol),
        *_times(protocol),
        *(flowable for part in protocol.parts for flowable in _part(part)),
        *_checksum(protocol),
    ]
    return build_pdf(story, metadata, RunningHead(title, first_page=True))


def _beginning(protocol: InterviewProtocol) -> list[Flowable]:
    found: list[Flowable] = [
        Heading(protocol.name, 1, style.LETTER_TITLE),
        paragraph(f"Gmina {protocol.gmina_name}", style.FORM_ROUTING),
        paragraph(protocol.version, style.FORM_TEXT),
    ]
    if protocol.warning:
        found.append(Box([paragraph(protocol.warning, style.NOTICE_TEXT)]))
    rows = _cells(protocol.facts)
    return [*found, *table_with_caption("Wywiad", ["Co", "Jak było"], rows, [130, style.WIDTH - 130])]


def _consents(protocol: InterviewProtocol) -> list[Flowable]:
    header = ["Litera", "Instytucja", "Rola", "Zgoda na notatki", "Zgoda na użycie zdania jako podstawy kodu"]
    rows = _cells(protocol.consents)
    rest = style.WIDTH - 42
    return [
        Heading("Uczestnicy i ich zgody", 2, style.SECTION),
        _kept(
            paragraph("Litery zastępują nazwiska. Danych osobowych protokół nie zawiera.", style.FORM_TEXT)
        ),
        *table_with_caption(
            "Kto mówił i na co się zgodził",
            header,
            rows,
            [42, rest * 0.28, rest * 0.2, rest * 0.25, rest * 0.27],
        ),
    ]


def _times(protocol: InterviewProtocol) -> list[Flowable]:
    if not protocol.times:
        return []
    widths = [style.WIDTH - 200, 100, 100]
    rows = _cells(protocol.times)
    return [
        CondPageBreak(90),
        Heading("Czas", 2, style.SECTION),
        *table_with_caption("Ile trwały części", ["Część", "W scenariuszu", "W rozmowie"], rows, widths),
    ]


def _part(part: ProtocolPart) -> list[Flowable]:
    return [
        CondPageBreak(90),
        Heading(part.title, 2, style.SECTION),
        *(flowable for question in part.questions for flowable in _question(question)),
    ]


def _question(question: ProtocolQuestion) -> list[Flowable]:
    found: list[Flowable] = [CondPageBreak(60)]
    if question.words:
        found.append(Heading(question.words, 3, style.FORM_QUESTION))
    if question.mark:
        found.append(_kept(paragraph(f"Pytanie: {question.mark}.", style.FORM_ROUTING)))
    if not question.notes:
        found.append(paragraph("Bez notatek.", style.FORM_NOTICE))
    for note in question.notes:
        said = ", słowa dosłowne" if note.quotation else ""
        found.append(_kept(paragraph(f"{note.speaker}{said}", style.CELL_HEAD)))
        words = f"„{note.words}”" if note.quotation else note.words
        found.append(paragraph(words, style.QUOTE))
    return found


def _checksum(protocol: InterviewProtocol) -> list[Flowable]:
    return [
        CondPageBreak(70),
        Heading("Wersja", 2, style.SECTION),
        paragraph(protocol.version, style.FORM_TEXT),
        paragraph(f"Suma kontrolna notatek (SHA-256): {protocol.sha256}", style.FORM_NOTICE),
    ]


def _cells(rows: Sequence[Sequence[str]]) -> list[list[Flowable]]:
    """What a row is about stands out."""
    looks = (style.CELL_BOLD, *[style.CELL] * 9)
    return [[paragraph(words, look) for words, look in zip(row, looks, strict=False)] for row in rows]


def _kept(flowable: TaggedParagraph) -> TaggedParagraph:
    flowable.keepWithNext = 1
    return flowable
