"""Records as frames. Free text never enters one: only states, choices, numbers and how many boxes were
filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey_app.analysis.classes import category_of
from survey_app.analysis.groups import Groups
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Instrument, Question
from survey_app.instrument.values import NOT_REACHED, Answer, Answers, State

if TYPE_CHECKING:
    import pandas as pd

_NUMERIC_TYPES = frozenset({AnswerType.NUMBER, AnswerType.SCALE})


def tidy(instrument: Instrument, records: Sequence[Answers]) -> pd.DataFrame:
    """One row per response and question.

    Columns: response (int, the position in `records` and nothing else), question, state (see `State`),
    choice (str: option, TAK or NIE, point of a scale, class of a number; NA otherwise), number (float: numbers and
    scales), filled (Int64: boxes with text, for free text that was asked; NA otherwise).
    """
    import pandas as pd

    rows = [
        (position, question.id, *_cells(question, record.get(question.id, NOT_REACHED)))
        for position, record in enumerate(records)
        for question in instrument.questions
    ]
    frame = pd.DataFrame(rows, columns=["response", "question", "state", "choice", "number", "filled"])
    return frame.astype(
        {
            "response": "int64",
            "question": "str",
            "state": "str",
            "choice": "str",
            "number": "float64",
            "filled": "Int64",
        }
    )


def _cells(question: Question, answer: Answer) -> tuple[str, str | None, float | None, int | None]:
    choice = category_of(question, answer)
    number = float(str(answer.value)) if _has_number(question, answer) else None
    return answer.state.value, choice, number, _filled(question, answer)


def _has_number(question: Question, answer: Answer) -> bool:
    return question.type in _NUMERIC_TYPES and answer.state is State.ANSWERED


def _filled(question: Question, answer: Answer) -> int | None:
    if question.type not in FREE_TEXT_TYPES or answer.state not in {State.ANSWERED, State.UNANSWERED}:
        return None
    if isinstance(answer.value, list):
        return len(answer.value)
    return int(answer.state is State.ANSWERED)


def with_groups(instrument: Instrument, frame: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    """The tidy frame with a column `group`: the id of the released group of the response."""
    table = instrument.definitions.sectors
    if table is None:
        return frame.assign(group=groups.items[0].id)
    own = frame.loc[frame["question"] == table.question, ["response", "choice"]]
    of_type = {option: group.id for group in groups.items for option in group.options}
    chosen = own.set_index("response")["choice"].fillna(groups.unstated)
    return frame.assign(group=frame["response"].map(chosen.map(of_type)))
