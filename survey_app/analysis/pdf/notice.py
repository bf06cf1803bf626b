"""The notice of art. 13 RODO for the participants of an interview, as a sheet to hand over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable

from survey_app.analysis.pdf import style
from survey_app.analysis.pdf.canvas import CREATOR, Metadata
from survey_app.analysis.pdf.flowables import Box, Heading, paragraph
from survey_app.analysis.pdf.layout import RunningHead, build_pdf


def render_notice(
    *,
    title: str,
    gmina: str,
    day: str,
    parts: Sequence[tuple[str, Sequence[str]]],
    missing: Sequence[str],
    made_at: dt.datetime,
) -> bytes:
    """One tagged PDF (PDF/UA-1), A4. `parts`: heading and paragraphs; `missing`: what has to be added by hand."""
    story: list[Flowable] = [
        Heading(title, 1, style.LETTER_TITLE),
        paragraph(f"Gmina {gmina}, rozmowa: {day}. Podstawa informacji: art. 13 RODO.", style.FORM_ROUTING),
    ]
    if missing:
        words = f"Przed wręczeniem trzeba uzupełnić: {', '.join(missing)}."
        story.append(Box([paragraph(words, style.NOTICE_TEXT)]))
    for heading, paragraphs in parts:
        story += [CondPageBreak(60), Heading(heading, 2, style.SECTION)]
        story += [paragraph(words, style.FORM_TEXT) for words in paragraphs]
    whole = f"{title}: gmina {gmina}"
    metadata = Metadata(whole, CREATOR, "Informacja o przetwarzaniu danych osobowych", made_at)
    return build_pdf(story, metadata, RunningHead(whole, on_no_page=True))
