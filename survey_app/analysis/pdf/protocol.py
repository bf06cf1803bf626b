"""The protocol of an interview on paper: consent first, then every part with its minutes, words and room for notes.

METHOD, "IDI and FGI": participants have letters, never names, and nothing is written down before the person agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from survey_app import polish
from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.blank_form import RuledLines, Ticks
from survey_app.analysis.pdf.canvas import CREATOR, Metadata, TaggedCanvas
from survey_app.analysis.pdf.flowables import Box, Heading, TaggedParagraph, bullet_list, paragraph
from survey_app.analysis.pdf.fonts import markup
from survey_app.analysis.pdf.layout import RunningHead, build_pdf
from survey_app.analysis.pdf.structure import Slot
from survey_app.analysis.pdf.tables import table_with_caption
from survey_app.instrument.model import (
    AnswerType,
    ConsentTexts,
    Instrument,
    Interview,
    InterviewForm,
    Question,
    Section,
)
from survey_app.instrument.values import YES_NO_WORDS

_NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TITLE_TO_FILL = "…" * 34
_LINE_HEIGHT = 25.0  # handwriting needs 8 mm
_NAMES = {InterviewForm.IDI: "wywiadu indywidualnego (IDI)", InterviewForm.FGI: "wywiadu grupowego (FGI)"}


def render_protocol(scenario: Instrument, gmina_name: str) -> bytes:
    """A sheet for one interview of this scenario, to be printed and filled in by hand.

    `scenario`: an instrument of kind interview_scenario; ValueError for another kind.
    """
    interview = scenario.definitions.interview
    if interview is None:
        raise ValueError(f"{scenario.key!r} is no scenario of an interview")
    name = f"Protokół {_NAMES[interview.form]}"
    title = f"{name}: gmina {gmina_name}"
    metadata = Metadata(title, CREATOR, "Protokół wywiadu do wypełnienia na papierze", _NO_DATE)
    story: list[Flowable] = [
        *_occasion(name, gmina_name, interview),
        *_consent(interview),
        *(_group(scenario, interview) if interview.people_high > 1 else _one_person(scenario)),
        *(part for timed in scenario.timed_sections for part in _part(scenario, *timed)),
        *_origin(scenario),
    ]
    return build_pdf(story, metadata, RunningHead(title, first_page=True))


def _occasion(name: str, gmina_name: str, interview: Interview) -> list[Flowable]:
    # No institution and no name: whoever finds the sheet must not be able to tell who spoke.
    return [
        Heading(name, 1, style.LETTER_TITLE),
        paragraph(f"Gmina {gmina_name}", style.FORM_ROUTING),
        WritingLines(["Data", "Początek (godz.)", "Koniec (godz.)"]),
        WritingLines(["Miejsce", "Moderator"]),
        WritingLines(
            ["Oznaczenie wywiadu", *(["Liczba osób"] if interview.people_high > 1 else ["Litera osoby"])]
        ),
    ]


def _consent(interview: Interview) -> list[Flowable]:
    consent = interview.consent
    parts: list[Flowable] = [
        Heading("Zgoda: przeczytać, zanim cokolwiek się zapisze", 2, style.FORM_QUESTION),
        paragraph(consent.purpose, style.FORM_TEXT),
        _project(consent),
        paragraph(consent.rules, style.FORM_TEXT),
    ]
    questions = {
        "Pytanie pierwsze: zgoda na rozmowę": [consent.question],
        "Pytanie drugie: zgoda na użycie zdania": [consent.evidence_question, consent.readers],
    }
    for heading, texts in questions.items():
        parts.append(Heading(heading, 3, style.SUBSECTION))
        parts += [_kept(paragraph(text, style.FORM_TEXT)) for text in texts]
        if interview.people_high == 1:
            parts.append(Ticks([*YES_NO_WORDS.values()], columns=4))
    return [*parts, Box([paragraph("Bez pierwszej zgody nie robimy notatek.", style.NOTICE_TEXT)])]


def _project(consent: ConsentTexts) -> TaggedParagraph:
    """Dots to write on; whoever listens to the file hears words instead."""
    slot = Slot("P", entries={"ActualText": consent.titled("(miejsce na tytuł projektu)")})
    return TaggedParagraph(markup(consent.titled(_TITLE_TO_FILL)), style.FORM_TEXT, slot)


def _one_person(scenario: Instrument) -> list[Flowable]:
    return [
        Heading("O rozmówcy: każde pole jest dobrowolne", 2, style.FORM_QUESTION),
        *(part for field in scenario.respondent_fields for part in _field(field)),
    ]


def _group(scenario: Instrument, interview: Interview) -> list[Flowable]:
    return [
        CondPageBreak(interview.people_high * 36 + 90),
        Heading("Uczestnicy: każde pole oprócz zgody jest dobrowolne", 2, style.FORM_QUESTION),
        *_letters(scenario.respondent_fields, interview.people_high),
    ]


def _field(field: Question) -> list[Flowable]:
    """One field of a single respondent: boxes for a choice, a line for the rest."""
    words = _field_words(field)
    if field.options:
        labels = [option.label for option in field.options]
        return [_kept(paragraph(words, style.FORM_FOLLOW_UP)), Ticks(labels, columns=len(labels))]
    return [WritingLines([words])]


def _field_words(field: Question) -> str:
    return (
        f"{field.text} ({field.help.rstrip('.').lower()})" if field.help and not field.options else field.text
    )


def _letters(fields: Sequence[Question], people: int) -> list[Flowable]:
    """A row for each letter, with room to write."""
    header = ["Litera", "Zgoda na rozmowę", "Zgoda: podstawa kodu", *(field.text for field in fields)]
    row_height = paragraph("\u00a0", style.FORM_QUESTION)  # as high as handwriting
    rows: list[list[Any]] = []
    for letter in _LETTERS[:people]:
        ticks = [paragraph("TAK / NIE", style.CELL) for _ in range(2)]
        rest = [paragraph(_short_choice(field), style.CELL) for field in fields]
        rows.append([[paragraph(letter, style.CELL_BOLD), row_height], *ticks, *rest])
    widths = [_widest_word(words) + 16 for words in header]
    written = [3 + at for at, field in enumerate(fields) if field.type is AnswerType.LONG_TEXT]
    for column in written:
        widths[column] += (style.WIDTH - sum(widths)) / len(written)
    caption = "Litery zamiast nazwisk; właściwe słowo zakreślić, resztę wpisać"
    return table_with_caption(caption, header, rows, widths)


def _widest_word(words: str) -> float:
    look = style.CELL_HEAD
    return max(float(stringWidth(word, look.fontName, look.fontSize)) for word in words.split())


def _short_choice(field: Question) -> str:
    """First letters to circle, as a cell is narrow; nothing to circle for one who would rather not say."""
    return " / ".join(option.label[:1].upper() for option in field.options if not option.decline)


def _part(scenario: Instrument, section: Section, begins: int, ends: int) -> list[Flowable]:
    clock = f"{polish.counted(ends - begins, 'minuta', 'minuty', 'minut')}, od {begins}. do {ends}. minuty"
    parts: list[Flowable] = [
        CondPageBreak(_room_of_beginning(section)),
        Heading(section.title or scenario.title, 2, style.SECTION),
        _kept(paragraph(clock, style.FORM_ROUTING)),
    ]
    if section.intro:
        parts += [paragraph(f"Dla moderatora: {text}" if at == 0 else text, style.FORM_TEXT)
                  for at, text in enumerate(section.intro.split("\n\n"))]  # fmt: skip
    if section.read_aloud:
        words = [paragraph(text, style.NOTICE_TEXT) for text in section.read_aloud.split("\n\n")]
        said = [part for each in words for part in (Spacer(0, 5), each)]
        parts.append(Box([paragraph("Przeczytać na głos", style.NOTICE_TITLE), *said]))
    if section.questions and not any(question.number for question in section.questions):
        return [*parts, paragraph("Pola o rozmówcy wypełnia się na początku protokołu.", style.FORM_TEXT)]
    return [*parts, *(part for question in section.questions for part in _question(question))]


def _room(question: Question) -> float:
    """Its words and at least four lines stay together."""
    return 40 + 16 * len(question.probes) + min(question.lines, 4) * _LINE_HEIGHT


def _room_of_beginning(section: Section) -> float:
    """A part does not begin at the foot of a page: its words and its first question stay together."""
    said = 55 + len(section.read_aloud) / 95 * 14 if section.read_aloud else 0
    noted = 20 + len(section.intro) / 95 * 13 if section.intro else 0
    return 62 + noted + said + (_room(section.questions[0]) if section.questions else 40)


def _question(question: Question) -> list[Flowable]:
    probes = [f"Dopytanie: {probe}" for probe in question.probes]
    parts: list[Flowable] = [
        CondPageBreak(_room(question)),
        Heading(f"{question.number}. {question.text}", 3, style.FORM_QUESTION),
    ]
    if question.help:
        parts.append(_kept(paragraph(f"Dla moderatora: {question.help}", style.FORM_TEXT)))
    for item in bullet_list(probes, style=style.LIST) if probes else ():
        item.keepWithNext = 1
        parts.append(item)
    return [*parts, RuledLines(question.lines, is_numbered=False)]


def _origin(scenario: Instrument) -> list[Flowable]:
    """Whose words these are; conventions are printed wherever they are used (docs/method.md)."""
    source = f"{scenario.source.title}. {scenario.text('address')}".strip()
    texts = [source, *(convention.text for convention in scenario.definitions.conventions)]
    return [
        CondPageBreak(110),
        Heading("Skąd jest ten scenariusz", 2, style.FORM_QUESTION),
        *(paragraph(text, style.FORM_NOTICE) for text in texts),
    ]


def _kept(flowable: TaggedParagraph) -> TaggedParagraph:
    flowable.keepWithNext = 1
    return flowable


class WritingLines(Flowable):
    """Words and a line to write on, side by side in equal columns; the line is decoration."""

    canv: Any

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__()
        self._labels = [paragraph(label, style.FORM_OPTION) for label in labels]
        self.spaceAfter = 3

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: N803
        """One line of handwriting, or more where the words need it."""
        self.width = availWidth
        self._column = availWidth / len(self._labels)
        heights = [label.wrapOn(self.canv, self._column - 12, availHeight)[1] for label in self._labels]
        self.height = max(_LINE_HEIGHT, *heights, 0)
        return self.width, self.height

    def draw(self) -> None:
        """The words on the line, then the line from their end."""
        canvas: TaggedCanvas = self.canv
        for at, label in enumerate(self._labels):
            left = at * self._column
            label.drawOn(canvas, left, 2)
            words = label.getActualLineWidths0()
            with canvas.artifact():
                canvas.setStrokeColor(style.SOFT)
                canvas.setLineWidth(0.5)
                canvas.line(left + min(max(words) + 6, self._column - 30), 4, left + self._column - 12, 4)
