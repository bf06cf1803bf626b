"""The text of a paper's version, composed from what was filled in or as it was edited by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from survey_app import polish
from survey_app.analysis.papers.compose import composed
from survey_app.analysis.papers.values import cell_words, words_of
from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import ROW_ID, PaperFact, TextPart
from survey_app.instrument.paper_text import places
from survey_app.instrument.routing import path
from survey_app.instrument.values import Value
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription
from survey_app.services.method.definitions import rules_of
from survey_app.services.method.paper_facts import text_facts
from survey_app.services.method.papers import Content, PaperVersion, content_of

_OF_LETTERS = {PaperFact.RECIPIENT.value, PaperFact.RECIPIENT_PERSON.value}


def version_text(
    context: Context,
    gmina: GminaDescription,
    definition: Instrument,
    version: PaperVersion,
    more: Mapping[str, str] = MappingProxyType({}),
    *,
    in_report: bool = False,
) -> str:
    """Markdown. "Today" is the day on which the version was made: a paper does not grow younger when it is read.

    `more`: facts of this copy alone, e.g. whom a letter goes to. `in_report`: as it stands in the diagnoza.
    """
    facts = text_facts(context, gmina, version.made_at.astimezone(polish.WARSAW).date())
    return text_of(definition, content_of(version), {**facts, **more}, in_report=in_report)


def text_of(
    definition: Instrument, content: Content, facts: Mapping[str, str], *, in_report: bool = False
) -> str:
    """Markdown of what is on the path; of an edited text, with its places filled."""
    on_path = set(path(definition, content.answers))
    answers = {key: value for key, value in content.answers.items() if key in on_path}
    if content.text is None:
        return composed(definition, answers, content.tables, facts, in_report)
    return "\n".join(
        _line(definition, line, answers, content, facts) if places(line) else line
        for line in content.text.split("\n")
    )


def _line(
    definition: Instrument,
    line: str,
    answers: Mapping[str, Value],
    content: Content,
    facts: Mapping[str, str],
) -> str:
    """A line with places, as a template of one line."""
    rules = replace(rules_of(definition), body=(TextPart(line, {}),))
    alone = replace(definition, definitions=replace(definition.definitions, paper=rules))
    return composed(alone, answers, content.tables, facts).strip("\n")


def fields_of(definition: Instrument, content: Content) -> str:
    """Everything that was filled in, also what is no part of the text: a line for each answer and each row."""
    lines = [
        f"{question.text.rstrip(' :')}: {' '.join(words_of(question, content.answers[question.id]))}"
        for question in definition.questions
        if question.id in content.answers
    ]
    for table in definition.tables:
        labels = {row.id: f"{row.label}: " for row in table.rows}
        for row in content.tables.get(table.id, ()):
            cells = [" ".join(cell_words(column, row.get(column.id, ""))) for column in table.columns]
            lines.append(f"{table.title}: {labels.get(row.get(ROW_ID, ''), '')}{' | '.join(cells)}")
    return "\n".join(lines)


def known_places(definition: Instrument) -> set[str]:
    """Every name that the text of this paper may hold in braces."""
    facts = {fact.value for fact in PaperFact}
    if not rules_of(definition).letters:
        facts -= _OF_LETTERS
    return facts | set(definition.by_id) | {table.id for table in definition.tables}
