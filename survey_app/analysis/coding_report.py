"""Coding alone as a report, for a gmina without a locked ankieta: the same chapters as in the diagnoza."""

from __future__ import annotations

import datetime as dt

from survey_app import polish
from survey_app.analysis.coding_summary import coding_figures, coding_sentences
from survey_app.analysis.diagnoza.chapters import catalogue, change, coding, criteria, talks
from survey_app.analysis.diagnoza.coding_section import CodingSection
from survey_app.analysis.diagnoza.compose import (
    EDITION_NAMES,
    GminaFacts,
    in_order,
    place_words,
    rounds_words,
)
from survey_app.analysis.diagnoza.document import (
    Block,
    Chapter,
    Document,
    KeyFigures,
    Notice,
    Paragraph,
    TextTable,
)
from survey_app.analysis.edition import Edition


def coding_document(section: CodingSection, facts: GminaFacts, edition: Edition) -> Document:
    """The report "Kodowanie interesariuszy: gmina X". `edition` must be the section's own."""
    if section.edition is not edition:
        raise ValueError(f"a section of the {section.edition} edition cannot be printed as {edition}")
    words = EDITION_NAMES[edition]
    chapters = [
        _summary(section, facts),
        catalogue.catalogue_chapter(section),
        coding.coding_chapter(section),
        change.change_chapter(section, facts.gmina_name, facts.wojewodztwo),
        talks.talks_chapter(section),
        catalogue.resources_chapter(section),
    ]
    return Document(
        title=f"Kodowanie interesariuszy: gmina {facts.gmina_name}",
        subtitle="Kto popiera partnerstwo na rzecz reintegracji społecznej i zawodowej, w ocenie zespołu",
        running=f"Kodowanie interesariuszy: gmina {facts.gmina_name} · wydanie {words}",
        facts=(
            ("Gmina", place_words(facts)),
            ("Kod TERYT", facts.gmina_teryt),
            ("Kodowanie", rounds_words(section)),
            ("Wydanie", words),
            ("Stan danych", f"wersja {section.version}, {polish.date(section.last.closed_on)}"),
            ("Suma kontrolna", section.checksum[:16]),
        ),
        chapters=in_order(
            chapters, [criteria.criteria_annex(section), _definitions(section), _origin(section)]
        ),
        checksum=section.checksum,
        watermark="PRZYKŁAD" if facts.example else "",
        created=dt.datetime.combine(section.last.closed_on, dt.time(12), dt.UTC),
    )


def _summary(section: CodingSection, facts: GminaFacts) -> Chapter:
    blocks: list[Block] = []
    if section.is_internal:
        text = "Dla Zespołu Synergii Lokalnej. Może zostać udostępnione na wniosek o informację publiczną."
        blocks.append(Notice("Wydanie wewnętrzne", text))
    if facts.example:
        text = "Ten raport powstał z danych wymyślonych. Nie opisuje żadnej prawdziwej gminy."
        blocks.append(Notice("Przykład", text))
    figures = coding_figures(section)
    blocks += [KeyFigures(figures)] if figures else []
    blocks += [Paragraph(sentence) for sentence in coding_sentences(section)]
    return Chapter("", "Podsumowanie", "podsumowanie", blocks)


def _definitions(section: CodingSection) -> Chapter:
    rows = tuple(criteria.coding_definitions(section))
    table = TextTable(
        "Definicje i wzory", ("Pojęcie", "Definicja", "Źródło"), rows, (1.4, 4, 2), "tabela-definicje"
    )
    return Chapter("", "Definicje i wzory", "aneks-definicje", [table])


def _origin(section: CodingSection) -> Chapter:
    text = (
        "Suma kontrolna danych obejmuje wszystko, co pokazuje to wydanie; liczb ukrytych w niej nie ma. Wersja danych "
        "to liczba zamkniętych tur i liczba sprostowań po zamknięciu."
    )
    rows = (
        ("Wersja danych", section.version),
        ("Suma kontrolna danych (SHA-256)", section.checksum),
        *criteria.coding_versions(section),
    )
    table = TextTable("Dane tego raportu", ("Cecha", "Wartość"), rows, (2, 4), "tabela-dane")
    return Chapter("", "Dane i suma kontrolna", "aneks-dane", [Paragraph(text), table])
