"""The paper ankieta: boxes to tick, ruled lines, the routing written out. No code stands on the sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.flowables import Box, Heading, TaggedParagraph, paragraph
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.structure import Slot, list_attributes
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.routing import jump_hint, written_routing
from survey_app.instrument.values import YES_NO_WORDS

_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LINE_STEP = 24.0  # handwriting needs 8 mm
_TICK = 10.5


def render_blank_form(
    instrument: Instrument,
    campaign_title: str,
    gmina_name: str,
    introduction: Sequence[str],
    notice: str,
    anonymous: bool,
) -> bytes:
    """The same sheet for everyone, without a code, asking for a closed envelope (METHOD, "The ankieta")."""
    title = f"{campaign_title}: gmina {gmina_name}"
    metadata = Metadata(title, CREATOR, "Ankieta do wypełnienia na papierze", _NO_DATE)
    head = RunningHead(title, first_page=True)
    story: list[Flowable] = [
        *_opening(instrument, title, introduction),
        *(part for each in instrument.questions for part in _question(instrument, each, anonymous)),
        *_closing(notice, anonymous),
    ]
    return build_pdf(story, metadata, head)


def _opening(instrument: Instrument, title: str, introduction: Sequence[str]) -> list[Flowable]:
    texts = [instrument.text("greeting"), *introduction]
    signature = [instrument.text("signature"), instrument.text("signature_note")]
    return [
        Heading(title, 1, style.LETTER_TITLE),
        *(paragraph(text, style.FORM_TEXT) for text in texts if text),
        *(paragraph(text, style.NOTE) for text in signature if text),
        Box(
            [
                paragraph(
                    "Żadne pytanie nie jest obowiązkowe. Proszę wstawić X w kratce albo pisać na liniach.",
                    style.NOTICE_TEXT,
                )
            ]
        ),
    ]


def _question(instrument: Instrument, question: Question, anonymous: bool) -> list[Flowable]:
    parts: list[Flowable] = [CondPageBreak(_room(question)), _heading(question)]
    routing = written_routing(instrument).get(question.id)
    if routing and not question.follows:
        parts.append(_kept(paragraph(routing, style.FORM_ROUTING)))
    # A warning is about anonymity: a named sheet promises none.
    for text in (question.paper_help, question.help, question.warning if anonymous else None):
        if text:
            parts.append(_kept(paragraph(text, style.NOTE)))
    parts += _space(question)
    hint = jump_hint(instrument, question.id)
    if hint:
        parts.append(paragraph(hint, style.FORM_ROUTING))
    return parts


def _room(question: Question) -> float:
    """A question does not break over pages: room for its words and its whole answer."""
    lines = question.max_items if question.type is AnswerType.SHORT_TEXTS else question.lines
    options = len(question.options) + len(question.scale.anchors if question.scale else ())
    return min(80 + options * 20.0 + lines * _LINE_STEP, 600)


def _heading(question: Question) -> Flowable:
    if question.number:
        return Heading(f"Pytanie {question.number}. {question.text}", 2, style.FORM_QUESTION)
    return _kept(paragraph(question.text, style.FORM_FOLLOW_UP))


def _kept(flowable: TaggedParagraph) -> TaggedParagraph:
    flowable.keepWithNext = 1
    return flowable


def _space(question: Question) -> list[Flowable]:
    """Where the answer goes, by answer type."""
    if question.type is AnswerType.YES_NO:
        return [Ticks([*YES_NO_WORDS.values()], columns=4)]
    if question.type is AnswerType.SINGLE_CHOICE:
        labels = [
            f"{option.label} ({option.text.label}: ………………………)" if option.text else option.label
            for option in question.options
        ]
        return [Ticks(labels, columns=2)]
    if question.type is AnswerType.SCALE and question.scale:
        anchors = question.scale.anchors
        return [Ticks([f"{point}: {anchors[point]}" for point in sorted(anchors)], columns=1)]
    if question.type is AnswerType.SHORT_TEXTS:
        return [RuledLines(question.max_items, is_numbered=True)]
    return [RuledLines(max(question.lines, 1), is_numbered=False)]


def _closing(notice: str, anonymous: bool) -> list[Flowable]:
    thanks = "Dziękujemy. "
    if anonymous:
        thanks += (
            "Prosimy włożyć arkusz do koperty, zakleić ją i oddać bez podpisu. Na arkuszu nie ma żadnego kodu: "
            "nie da się ustalić, kto go wypełnił."
        )
    else:
        thanks += "Ankieta jest imienna: na kopercie prosimy napisać nazwę instytucji."
    parts: list[Flowable] = [
        Box([paragraph("Jak oddać ankietę", style.NOTICE_TITLE), paragraph(thanks, style.NOTICE_TEXT)])
    ]
    if notice.strip():
        parts.append(Heading("Informacja o przetwarzaniu danych", 2, style.FORM_QUESTION))
        parts += [paragraph(text.strip(), style.FORM_NOTICE) for text in notice.split("\n\n") if text.strip()]
    return parts


class Ticks(Flowable):
    """Boxes to tick, read row by row; a list to those who listen."""

    canv: Any

    def __init__(self, labels: Sequence[str], columns: int) -> None:
        super().__init__()
        self.columns = columns
        whole = Slot("L", attributes=list_attributes(ordered=False))
        self._bodies = [
            TaggedParagraph(markup(label), style.FORM_OPTION, Slot("LBody", Slot("LI", whole)))
            for label in labels
        ]
        self.spaceAfter = 5

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """Rows as high as their highest label."""
        self.width = availWidth
        self._column = availWidth / self.columns
        heights = [body.wrapOn(self.canv, self._column - 26, availHeight)[1] + 5 for body in self._bodies]
        rows = range(0, len(heights), self.columns)
        self._rows = [max(heights[at : at + self.columns]) for at in rows]
        self.height = sum(self._rows)
        return self.width, self.height

    def draw(self) -> None:
        """A square and its words; the square is decoration, the words say what it is for."""
        canvas: TaggedCanvas = self.canv
        top = self.height
        for at, body in enumerate(self._bodies):
            row, column = divmod(at, self.columns)
            if column == 0 and row:
                top -= self._rows[row - 1]
            x = column * self._column
            with canvas.artifact():
                canvas.setStrokeColor(style.INK)
                canvas.setLineWidth(0.9)
                canvas.rect(x + 1, top - _TICK - 2, _TICK, _TICK, stroke=1, fill=0)
            body.drawOn(canvas, x + 19, top - body.height)


class RuledLines(Flowable):
    """Lines to write on, numbered where the question asks for several entries."""

    canv: Any

    def __init__(self, count: int, is_numbered: bool) -> None:
        super().__init__()
        self.count = count
        self.is_numbered = is_numbered
        self.spaceAfter = 6

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        """Room for handwriting."""
        self.width, self.height = availWidth, self.count * _LINE_STEP
        return self.width, self.height

    def draw(self) -> None:
        """Decoration: the question above says what to write."""
        canvas: TaggedCanvas = self.canv
        with canvas.artifact():
            canvas.setStrokeColor(style.SOFT)
            canvas.setLineWidth(0.5)
            canvas.setFillColor(style.SOFT)
            canvas.setFont(style.FORM_OPTION.fontName, 9.5)
            for line in range(self.count):
                y = self.height - (line + 1) * _LINE_STEP + 4
                if self.is_numbered:
                    canvas.drawString(0, y + 1, f"{line + 1}.")
                canvas.line(14 if self.is_numbered else 0, y, self.width, y)
