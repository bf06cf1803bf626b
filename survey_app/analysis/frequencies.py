"""Results question by question: the released table, its bounds, and cleared texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_app.analysis.diagnoza.result import QuestionResult
from survey_app.analysis.disclosure import ReleasedCampaign
from survey_app.analysis.readiness import gmina_bounds
from survey_app.analysis.response import Population
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.values import YES

Texts = Mapping[str, tuple[tuple[str, ...], int]]


def question_results(
    instrument: Instrument, released: ReleasedCampaign, population: Population | None, texts: Texts
) -> tuple[QuestionResult, ...]:
    """Every question of the instrument, in order. `texts` is what `open_texts.texts_of_report` gives."""
    return tuple(_result(question, released, population, texts) for question in instrument.questions)


def median_and_range(counts: Sequence[int | None]) -> tuple[int, int, int] | None:
    """Lower median, least and greatest of a number that is counted from 0 upwards: how many had 0, 1, 2, ... of it.

    The lower median is the value at place ceil(n / 2) of n values in order: always one that somebody has (METHOD,
    "Coding", takes the same one). None where a count is hidden, or nobody is counted.
    """
    if not any(counts) or any(count is None for count in counts):
        return None
    place, below = (sum(count or 0 for count in counts) + 1) // 2, 0
    had = [value for value, count in enumerate(counts) if count]
    for value in had:
        below += counts[value] or 0
        if below >= place:
            return value, had[0], had[-1]
    return None


def _result(
    question: Question, released: ReleasedCampaign, population: Population | None, texts: Texts
) -> QuestionResult:
    table = released.questions.get(question.id)
    shown, withheld = texts.get(question.id, ((), 0))
    bounds = None
    # Of a routed question nobody knows how many of the silent ones it would have been asked of.
    if table is not None and question.type is AnswerType.YES_NO and question.ask_if is None:
        bounds = gmina_bounds(table, YES, released, population)
    return QuestionResult(question, table, shown, withheld, bounds)
