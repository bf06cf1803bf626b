"""Interviews alone as a report, whatever the gmina's ankieta and coding have come to: the chapter of the diagnoza."""

from __future__ import annotations

import datetime as dt

from survey_app.analysis.diagnoza.chapters.interviews import DEFINITIONS, interviews_chapter
from survey_app.analysis.diagnoza.compose import EDITION_NAMES, GminaFacts, in_order, place_words
from survey_app.analysis.diagnoza.document import Block, Chapter, Document, Notice, Paragraph, TextTable
from survey_app.analysis.diagnoza.interview_section import InterviewSection
from survey_app.analysis.edition import Edition


def interview_document(section: InterviewSection, facts: GminaFacts, day: dt.date) -> Document:
    """The report "Wywiady: gmina X". `day`: of the last interview that took place."""
    words = EDITION_NAMES[section.edition]
    return Document(
        title=f"Wywiady: gmina {facts.gmina_name}",
        subtitle="Co powiedzieli ludzie z instytucji, organizacji i firm gminy",
        running=f"Wywiady: gmina {facts.gmina_name} · wydanie {words}",
        facts=(
            ("Gmina", place_words(facts)),
            ("Kod TERYT", facts.gmina_teryt),
            ("Wydanie", words),
            ("Suma kontrolna", section.checksum[:16]),
        ),
        chapters=in_order([_notices(section, facts), interviews_chapter(section)], [_annex(section)]),
        checksum=section.checksum,
        watermark="PRZYKŁAD" if facts.example else "",
        created=dt.datetime.combine(day, dt.time(12), dt.UTC),
    )


def _notices(section: InterviewSection, facts: GminaFacts) -> Chapter:
    blocks: list[Block] = []
    if section.edition is Edition.INTERNAL:
        text = "Dla Zespołu Synergii Lokalnej. Może zostać udostępnione na wniosek o informację publiczną."
        blocks.append(Notice("Wydanie wewnętrzne", text))
    if facts.example:
        text = "Ten raport powstał z danych wymyślonych. Nie opisuje żadnej prawdziwej gminy."
        blocks.append(Notice("Przykład", text))
    return Chapter("", "O tym raporcie", "o-raporcie", blocks)


def _annex(section: InterviewSection) -> Chapter:
    text = (
        "Suma kontrolna obejmuje wszystko, co pokazuje to wydanie, i nic więcej: "
        f"{section.checksum} (SHA-256)."
    )
    table = TextTable(
        "Definicje", ("Pojęcie", "Definicja", "Źródło"), DEFINITIONS, (1.4, 4, 2), "tabela-definicje"
    )
    return Chapter("", "Definicje i dane", "aneks-definicje", [table, Paragraph(text, "small")])
