"""Annexes: the questionnaire as it was asked, data and checksum."""

from __future__ import annotations

from collections.abc import Iterator

from survey_app import polish
from survey_app.analysis.diagnoza.chapters.criteria import coding_versions
from survey_app.analysis.diagnoza.chapters.questions import heading_of
from survey_app.analysis.diagnoza.document import Block, Chapter, Paragraph, Subheading, TextTable
from survey_app.analysis.diagnoza.result import Diagnoza
from survey_app.instrument.model import AnswerType, Question
from survey_app.instrument.routing import jump_hint, written_routing
from survey_app.instrument.values import YES_NO_WORDS


def questionnaire_annex(diagnoza: Diagnoza) -> Chapter:
    """Introduction, questions with options and routing, and the notice that people were shown."""
    blocks: list[Block] = [Paragraph(text, "small") for text in diagnoza.facts.introduction]
    routing = written_routing(diagnoza.instrument)
    for question in diagnoza.instrument.questions:
        blocks += _question(diagnoza, question, routing.get(question.id, ""))
    if diagnoza.facts.notice.strip():
        blocks.append(Subheading("Informacja o przetwarzaniu danych", "aneks-informacja", compact=True))
        parts = diagnoza.facts.notice.split("\n\n")
        blocks += [Paragraph(part.strip(), "small") for part in parts if part.strip()]
    return Chapter("", "Kwestionariusz", "aneks-kwestionariusz", blocks)


def _question(diagnoza: Diagnoza, question: Question, routing: str) -> Iterator[Block]:
    if question.follows:
        yield Paragraph(" ".join(part for part in (question.text, _space(question)) if part), "small")
        return
    yield Subheading(heading_of(question), f"kwestionariusz-{question.id}", compact=True)
    if routing:
        yield Paragraph(routing, "note")
    if offered := _offered(question) or _space(question):
        yield Paragraph(offered, "small")
    hint = jump_hint(diagnoza.instrument, question.id)
    if hint:
        yield Paragraph(hint, "note")


def _offered(question: Question) -> str:
    """The options in one line: an annex of bullets would be half of a small gmina's report."""
    options = _options(question)
    if question.type is AnswerType.YES_NO:
        return " albo ".join(options)
    return f"Do wyboru: {'; '.join(options)}." if options else ""


def _options(question: Question) -> tuple[str, ...]:
    if question.type is AnswerType.YES_NO:
        return tuple(YES_NO_WORDS.values())
    if question.scale:
        points = range(question.scale.low, question.scale.high + 1)
        return tuple(f"{point}: {question.scale.anchors[point]}" for point in points)
    return tuple(
        f"{option.label} ({option.text.label})" if option.text else option.label
        for option in question.options
    )


def _space(question: Question) -> str:
    if question.type is AnswerType.SHORT_TEXTS:
        return f"[{polish.counted(question.max_items, 'pole', 'pola', 'pól')} na odpowiedź]"
    return "[pole na odpowiedź]" if question.type is AnswerType.LONG_TEXT else ""


def checksum_annex(diagnoza: Diagnoza) -> Chapter:
    """What the numbers rest on, so that two reports can be told apart or proved equal."""
    facts, instrument = diagnoza.facts, diagnoza.instrument
    rows: tuple[tuple[str, str], ...] = (
        ("Wersja danych", diagnoza.data_version),
        ("Zablokowanie odpowiedzi", polish.moment(facts.locked_at)),
        ("Kwestionariusz", f"{instrument.title} ({instrument.key})"),
        ("Suma kontrolna kwestionariusza (SHA-256)", instrument.sha256),
        ("Suma kontrolna danych (SHA-256)", diagnoza.checksum),
        (
            "Najmniejsza grupa k",
            polish.whole(facts.k) if facts.anonymous else "nie dotyczy (ankieta imienna)",
        ),
        *(coding_versions(diagnoza.coding) if diagnoza.coding else ()),
    )
    text = (
        "Suma kontrolna danych obejmuje wszystkie liczby i teksty, które wolno pokazać, oraz kwestionariusz; liczb "
        f"ukrytych w niej nie ma, ani herbu z okładki.{_version_words(diagnoza)} Raport o tej samej sumie ma te same "
        "liczby, w pliku PDF, na stronie i w plikach DOCX, XLSX i ZIP."
    )
    return Chapter(
        "", "Dane i suma kontrolna", "aneks-dane",
        [Paragraph(text), TextTable("Dane tego raportu", ("Cecha", "Wartość"), rows, (2, 4), "tabela-dane")],
    )  # fmt: skip


def _version_words(diagnoza: Diagnoza) -> str:
    if diagnoza.coding is None:
        return ""
    return " Wersja danych to kolejno: wersja ankiety, liczba zamkniętych tur i liczba sprostowań."
