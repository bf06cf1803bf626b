"""From results to a report in chapters and blocks; a chapter without content is left out, not left empty."""

from __future__ import annotations

from dataclasses import replace

from survey_app import polish
from survey_app.analysis.diagnoza.chapters import (
    annexes,
    open_answers,
    opening,
    questions,
    readiness,
    response,
)
from survey_app.analysis.diagnoza.document import Chapter, Document, numbered
from survey_app.analysis.diagnoza.result import Diagnoza, Edition

_CHAPTERS = (
    opening.summary_chapter,
    opening.method_chapter,
    response.response_chapter,
    questions.questions_chapter,
    open_answers.open_answers_chapter,
    readiness.readiness_chapter,
)
_ANNEXES = (annexes.questionnaire_annex, annexes.definitions_annex, annexes.checksum_annex)
EDITION_NAMES = {Edition.PUBLIC: "publiczne", Edition.INTERNAL: "wewnętrzne"}


def compose(diagnoza: Diagnoza) -> Document:
    """The report of METHOD, "The diagnoza", as far as this edition's results go.

    Numbers come from the result object alone; nothing is computed here but wording.
    """
    made = [chapter for chapter in (make(diagnoza) for make in _CHAPTERS) if chapter.blocks]
    chapters = [replace(chapter, number=str(number)) for number, chapter in enumerate(made, start=1)]
    chapters += [
        replace(chapter, number=letter)
        for letter, chapter in zip("ABC", (make(diagnoza) for make in _ANNEXES), strict=True)
    ]
    facts = diagnoza.facts
    return Document(
        title=f"Diagnoza lokalna: gmina {facts.gmina_name}",
        subtitle="Partnerstwo oraz reintegracja społeczna i zawodowa w opinii instytucji. Wyniki ankiety",
        running=f"Diagnoza lokalna: gmina {facts.gmina_name} · wydanie {EDITION_NAMES[diagnoza.edition]}",
        facts=_title_facts(diagnoza),
        chapters=numbered(_without_empty(chapters)),
        checksum=diagnoza.checksum,
        watermark="PRZYKŁAD" if facts.example else "",
        created=facts.locked_at,
    )


def _without_empty(chapters: list[Chapter]) -> list[Chapter]:
    return [chapter for chapter in chapters if chapter.blocks]


def _title_facts(diagnoza: Diagnoza) -> tuple[tuple[str, str], ...]:
    facts, response = diagnoza.facts, diagnoza.response
    where = ", ".join(
        part
        for part in (
            facts.gmina_kind,
            facts.powiat and f"powiat {facts.powiat}",
            facts.wojewodztwo and f"województwo {facts.wojewodztwo}",
        )
        if part
    )
    answered = polish.counted(response.answered, "ankieta", "ankiety", "ankiet")
    if response.invited is not None:
        answered += f" z {polish.counted(response.invited, 'zaproszonej instytucji', *['zaproszonych instytucji'] * 2)}"
    return (
        ("Gmina", f"{facts.gmina_name} ({where})" if where else facts.gmina_name),
        ("Kod TERYT", facts.gmina_teryt),
        ("Badanie", facts.title),
        ("Ankieta", "anonimowa" if facts.anonymous else "imienna"),
        ("Dostęp", opening.access_words(facts)),
        ("Zbieranie odpowiedzi", f"{polish.date(facts.opens_at)} – {polish.date(facts.closes_at)}"),
        ("Odpowiedzi", answered),
        ("Wydanie", EDITION_NAMES[diagnoza.edition]),
        ("Stan danych", f"wersja {diagnoza.data_version}, {polish.date(facts.locked_at)}"),
        ("Suma kontrolna", diagnoza.checksum[:16]),
    )
