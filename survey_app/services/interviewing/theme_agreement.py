"""Do coders of the same text give the same themes? METHOD, "IDI and FGI".

Counted are coders who finished the text and marked something in it, on what they had chosen before they saw others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from survey_app.analysis.coding.level import Level, level
from survey_app.analysis.themes import places
from survey_app.analysis.themes.places import Place, Span
from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.interviewing import interview_texts as texts
from survey_app.services.interviewing.interviews import Interview
from survey_app.services.interviewing.passages import text_name
from survey_app.services.interviewing.scenarios import scenario_of
from survey_app.services.interviewing.themes import ThemeNode, tree_within
from survey_app.store import excerpts as store
from survey_app.store import interview_texts as text_store
from survey_app.store import people
from survey_app.store.interview_texts import NOTES, InterviewText

if TYPE_CHECKING:
    from survey_app.analysis.themes.agreement import ThemeAgreement

__all__ = ["Chosen", "Difference", "GminaAgreement", "Level", "TextAgreement", "level", "of_gmina", "of_text"]

NOT_FINISHED = (
    "Porównanie pokazuje, co zaznaczyli inni. Prosimy najpierw zakończyć własne kodowanie tego tekstu."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one coder marked in a place: words and themes, in the order of the text."""

    coder: str
    passages: tuple[tuple[str, tuple[ThemeNode, ...]], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that coders judged differently. `themes`: which, with the names of those who gave it."""

    question: str
    words: str
    themes: tuple[tuple[ThemeNode, tuple[str, ...]], ...]
    coders: tuple[Chosen, ...]


@dataclass(frozen=True, slots=True)
class TextAgreement:
    text: InterviewText
    name: str
    coders: tuple[str, ...]
    whole: ThemeAgreement
    themes: tuple[tuple[ThemeNode, ThemeAgreement], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class GminaAgreement:
    """Over all texts that at least two people coded to the end; of notes, the first such version."""

    texts: int
    coders: tuple[str, ...]
    whole: ThemeAgreement
    themes: tuple[tuple[ThemeNode, ThemeAgreement], ...]


def of_text(
    context: Context, gmina_code: str, interview: Interview, text_id: int, person_id: int
) -> TextAgreement:
    """ConflictError: the reader has not finished this text, and must not see what others chose."""
    from survey_app.analysis.themes.agreement import by_theme, differences, theme_agreement, theme_table

    with context.database.reading() as session:
        text = texts.text(session, gmina_code, interview.id, text_id)
        if person_id not in store.finished(session, [text.id]).get(text.id, {}):
            raise ConflictError(NOT_FINISHED)
        nodes = {node.id: node for node in tree_within(session, gmina_code)}
        codings = _codings(session, [text]).get(text.id, {})
        found = _places(text)
        table = theme_table([(text.id, found, codings)])
        names = people.names(session, codings)
        questions = {
            question.id: f"{question.number} {question.text}".strip()
            for question in scenario_of(interview.instrument_version).questions
        }
        apart: dict[str, list[tuple[int, frozenset[int]]]] = {}
        for _, place, theme, gave, _ in differences(table):
            apart.setdefault(place, []).append((theme, gave))
        return TextAgreement(
            text,
            text_name(text),
            tuple(names[coder] for coder in codings),
            theme_agreement(table),
            tuple((nodes[theme], one) for theme, one in by_theme(table).items()),
            tuple(
                _difference(text, place, apart[place.key], codings, names, nodes, questions)
                for place in found
                if place.key in apart
            ),
        )


def of_gmina(context: Context, gmina_code: str) -> GminaAgreement:
    """Figures alone, and no words of anybody."""
    from survey_app.analysis.themes.agreement import by_theme, theme_agreement, theme_table

    with context.database.reading() as session:
        rows = [row for rows in text_store.of_gmina(session, gmina_code).values() for row in rows]
        codings = {number: coders for number, coders in _codings(session, rows).items() if len(coders) >= 2}
        compared = _first_versions([row for row in rows if row.id in codings])
        table = theme_table((row.id, _places(row), codings[row.id]) for row in compared)
        nodes = {node.id: node for node in tree_within(session, gmina_code)}
        coders = {coder for row in compared for coder in codings[row.id]}
        names = people.names(session, coders)
        found = by_theme(table)
        return GminaAgreement(
            len(compared),
            tuple(sorted(names.values())),
            theme_agreement(table),
            tuple((node, found[node.id]) for node in nodes.values() if node.id in found),
        )


def _first_versions(rows: list[InterviewText]) -> list[InterviewText]:
    """Of the notes of an interview the earliest: coders of a later one may have seen each other's passages."""
    first: dict[int, int] = {}
    for row in rows:
        if row.kind == NOTES:
            first[row.interview_id] = min(row.number, first.get(row.interview_id, row.number))
    return [row for row in rows if row.kind != NOTES or row.number == first[row.interview_id]]


def _codings(session: Session, rows: list[InterviewText]) -> dict[int, dict[int, list[Span]]]:
    numbers = [row.id for row in rows]
    done = store.finished(session, numbers)
    excerpts = [row for row in store.of_texts(session, numbers, set_aside=True) if row.independent]
    themes = store.themes_of(session, [row.id for row in excerpts])
    found: dict[int, dict[int, list[Span]]] = {}
    for row in excerpts:
        if row.coder_id in done.get(row.text_id, {}):
            span = Span(row.id, row.start_at, row.end_at, frozenset(themes.get(row.id, ())))
            found.setdefault(row.text_id, {}).setdefault(row.coder_id, []).append(span)
    return found


def _places(text: InterviewText) -> list[Place]:
    return places.places((one.start, one.end, one.question) for one in texts.segments_of(text).segments)


def _difference(
    text: InterviewText,
    place: Place,
    themes: list[tuple[int, frozenset[int]]],
    codings: dict[int, list[Span]],
    names: dict[int, str],
    nodes: dict[int, ThemeNode],
    questions: dict[str, str],
) -> Difference:
    return Difference(
        questions.get(place.question, ""),
        "\n\n".join(text.text[start:end] for start, end in place.runs),
        tuple((nodes[theme], tuple(names[coder] for coder in sorted(gave))) for theme, gave in themes),
        tuple(
            Chosen(
                names[coder],
                tuple(
                    (
                        text.text[span.start : span.end],
                        tuple(node for number, node in nodes.items() if number in span.themes),
                    )
                    for span in spans
                    if any(span.start < end and start < span.end for start, end in place.runs)
                ),
            )
            for coder, spans in codings.items()
        ),
    )
