"""From results to a report in chapters and blocks; a chapter without content is left out, not left empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import Protocol

from survey_app import polish
from survey_app.analysis.diagnoza.chapters import (
    annexes,
    catalogue,
    change,
    coding,
    criteria,
    interviews,
    methods,
    network,
    open_answers,
    opening,
    papers,
    questions,
    readiness,
    response,
    talks,
    team,
)
from survey_app.analysis.diagnoza.coding_section import CodingSection
from survey_app.analysis.diagnoza.document import Chapter, Document, numbered
from survey_app.analysis.diagnoza.result import Diagnoza, Edition

_ANKIETA_CHAPTERS = (
    opening.summary_chapter,
    opening.method_chapter,
    response.response_chapter,
    questions.questions_chapter,
    open_answers.open_answers_chapter,
)
EDITION_NAMES = {Edition.PUBLIC: "publiczne", Edition.INTERNAL: "wewnętrzne"}


class PlaceFacts(Protocol):
    """Where a gmina lies; the facts of a campaign know it, and those of a report on coding alone."""

    @property
    def gmina_name(self) -> str: ...
    @property
    def gmina_kind(self) -> str: ...
    @property
    def powiat(self) -> str: ...
    @property
    def wojewodztwo(self) -> str: ...


@dataclass(frozen=True, slots=True)
class GminaFacts:
    """What the title page of a report says of the gmina."""

    gmina_name: str
    gmina_teryt: str
    gmina_kind: str
    powiat: str
    wojewodztwo: str
    example: bool


def compose(diagnoza: Diagnoza) -> Document:
    """The report of METHOD, "The diagnoza", as far as this edition's results go.

    Numbers come from the result object alone; nothing is computed here but wording.
    """
    return replace(_title(diagnoza), chapters=in_order(_chapters(diagnoza), _annexes(diagnoza)))


def _title(diagnoza: Diagnoza) -> Document:
    facts = diagnoza.facts
    return Document(
        title=f"Diagnoza lokalna: gmina {facts.gmina_name}",
        subtitle=_subtitle(diagnoza),
        running=f"Diagnoza lokalna: gmina {facts.gmina_name} · wydanie {EDITION_NAMES[diagnoza.edition]}",
        facts=_title_facts(diagnoza),
        chapters=(),
        checksum=diagnoza.checksum,
        watermark="PRZYKŁAD" if facts.example else "",
        created=facts.locked_at,
    )


def compose_figures(diagnoza: Diagnoza) -> Document:
    """The campaign's own chapters alone, with the numbers and words that they have in the report."""
    makers = (response.response_chapter, questions.questions_chapter, open_answers.open_answers_chapter)
    made = [make(diagnoza) for make in (*makers, readiness.readiness_chapter)]
    return replace(_title(diagnoza), chapters=in_order(made, ()))


def in_order(chapters: Sequence[Chapter], annexes: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """Chapters with their numbers and annexes with their letters; those without content are left out."""
    kept = [chapter for chapter in chapters if chapter.blocks]
    made = [replace(chapter, number=str(number)) for number, chapter in enumerate(kept, start=1)]
    added = [chapter for chapter in annexes if chapter.blocks]
    made += [replace(chapter, number=letter) for letter, chapter in zip(ascii_uppercase, added, strict=False)]
    return numbered(made)


def place_words(facts: PlaceFacts) -> str:
    """ "Janów Lubelski (gmina miejsko-wiejska, powiat janowski, województwo lubelskie)"."""
    where = ", ".join(
        part
        for part in (
            facts.gmina_kind,
            facts.powiat and f"powiat {facts.powiat}",
            facts.wojewodztwo and f"województwo {facts.wojewodztwo}",
        )
        if part
    )
    return f"{facts.gmina_name} ({where})" if where else facts.gmina_name


def rounds_words(section: CodingSection) -> str:
    """The rounds with their days, for the title page."""
    return "; ".join(f"tura {one.number}, {polish.date(one.closed_on)}" for one in section.rounds)


def _chapters(diagnoza: Diagnoza) -> list[Chapter]:
    section, facts = diagnoza.coding, diagnoza.facts
    made = [make(diagnoza) for make in _ANKIETA_CHAPTERS]
    if diagnoza.interviews is not None:
        made.append(interviews.interviews_chapter(diagnoza.interviews))
    if section is not None:
        made.append(catalogue.catalogue_chapter(section))
        made.append(coding.coding_chapter(section))
        made.append(change.change_chapter(section, facts.gmina_name, facts.wojewodztwo))
    made.append(readiness.readiness_chapter(diagnoza))
    if section is not None:
        made += [talks.talks_chapter(section), catalogue.resources_chapter(section)]
    made.append(network.network_chapter(diagnoza))
    return [*made, papers.papers_chapter(diagnoza), team.conclusions_chapter(diagnoza)]


def _annexes(diagnoza: Diagnoza) -> list[Chapter]:
    made = [annexes.questionnaire_annex(diagnoza)]
    if diagnoza.coding is not None:
        made.append(criteria.criteria_annex(diagnoza.coding))
    made += [methods.definitions_annex(diagnoza), annexes.checksum_annex(diagnoza)]
    return [*made, team.replaced_annex(diagnoza)]


def _subtitle(diagnoza: Diagnoza) -> str:
    subject = "Partnerstwo oraz reintegracja społeczna i zawodowa w opinii instytucji. "
    return subject + ("Wyniki ankiety i kodowania interesariuszy" if diagnoza.coding else "Wyniki ankiety")


def _title_facts(diagnoza: Diagnoza) -> tuple[tuple[str, str], ...]:
    facts, response = diagnoza.facts, diagnoza.response
    answered = polish.counted(response.answered, "ankieta", "ankiety", "ankiet")
    if response.invited is not None:
        answered += f" z {polish.counted(response.invited, 'zaproszonej instytucji', *['zaproszonych instytucji'] * 2)}"
    return (
        ("Gmina", place_words(facts)),
        ("Kod TERYT", facts.gmina_teryt),
        ("Badanie", facts.title),
        ("Ankieta", "anonimowa" if facts.anonymous else "imienna"),
        ("Dostęp", opening.access_words(facts)),
        ("Zbieranie odpowiedzi", f"{polish.date(facts.opens_at)} – {polish.date(facts.closes_at)}"),
        ("Odpowiedzi", answered),
        *([("Kodowanie", rounds_words(diagnoza.coding))] if diagnoza.coding else []),
        ("Wydanie", EDITION_NAMES[diagnoza.edition]),
        ("Stan danych", f"wersja {diagnoza.data_version}, {polish.date(facts.locked_at)}"),
        ("Suma kontrolna", diagnoza.checksum[:16]),
    )
