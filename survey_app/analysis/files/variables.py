"""The row file as numbered variables: codes, labels, and three of the four states as user-missing values.

The four states of an answer (METHOD, "The ankieta") become one variable: a code where it was answered, and three
missing values that are kept apart, so that "nie pytano" never counts as a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from survey_app.analysis.row_file import STATE_WORDS, Cell, RowFile, anonymous_questions, columns
from survey_app.instrument.model import AnswerType, Instrument, Question
from survey_app.instrument.values import YES_NO_WORDS, State

GROUP = "grupa"
_MISSING = (State.UNANSWERED, State.NOT_ASKED, State.NOT_REACHED)
_ANSWERED = 1  # of a variable that holds the state alone
_OWN_LABELS = {
    "instytucja": "Instytucja, którą reprezentuje odpowiadający",
    "data": "Dzień wysłania odpowiedzi",
    "sposob": "Sposób odpowiedzi",
}
# Words of the SPSS language that cannot name a variable.
_TAKEN = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. `values`: code -> label of what can be answered; `missing`: code -> the state it stands for.

    `measure`: "nominal", "ordinal" or "scale"; `decimals` of a number; `is_text`: cells are texts, never None.
    `question`: the question it belongs to, None for what the file adds itself.
    """

    name: str
    label: str
    values: Mapping[int, str] = field(default_factory=dict)
    missing: Mapping[int, str] = field(default_factory=dict)
    measure: str = "nominal"
    decimals: int = 0
    is_text: bool = False
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class CodedFile:
    """`rows` hold a code or a number where the variable is no text; `notes` are the row file's own.

    `about`: those notes that say nothing of the answers, for what describes the file without its rows.
    """

    variables: tuple[Variable, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]
    about: tuple[str, ...] = ()


def coded(instrument: Instrument, rows: RowFile, group_labels: Sequence[str] | None) -> CodedFile:
    """The row file in codes, row by row in its order. `group_labels`: of an anonymous campaign, else None.

    The spelling can be undone: two different rows of the row file stay different, and nothing is added.
    """
    anonymous = group_labels is not None
    parts = [*_own(rows.header, group_labels)]
    questions = anonymous_questions(instrument) if anonymous else list(instrument.questions)
    at = len(parts)
    for question in questions:
        names = columns(question, texts=not anonymous)
        parts += _parts(question, names, range(at, at + len(names)), rows.rows)
        at += len(names)
    named = _with_names([part.variable for part in parts])
    cells = tuple(tuple(part.cell(row) for part in parts) for row in rows.rows)
    return CodedFile(tuple(named), cells, rows.notes, tuple(note for note in rows.notes if note != rows.risk))


@dataclass(frozen=True, slots=True)
class _Part:
    """A variable and where its cells stand in the row file: the value's column, and the state's."""

    variable: Variable
    value_at: int | None
    state_at: int | None = None

    def cell(self, row: Sequence[Cell]) -> Cell:
        given = None if self.value_at is None else row[self.value_at]
        if self.variable.is_text:
            return str(given or "")
        if self.state_at is not None and row[self.state_at] != STATE_WORDS[State.ANSWERED]:
            return _code(self.variable.missing, row[self.state_at])
        if self.value_at is None:
            return _ANSWERED
        return _code(self.variable.values, given) if isinstance(given, str) else given


def _code(labels: Mapping[int, str], word: Cell) -> int:
    return next(code for code, label in labels.items() if label == word)


def _own(header: Sequence[str], group_labels: Sequence[str] | None) -> Iterator[_Part]:
    if group_labels is not None:
        values = dict(enumerate(group_labels, start=1))
        label = "Grupa instytucji, utworzona przy blokadzie kampanii"
        yield _Part(Variable(GROUP, label, values), 0)
        return
    for at, (name, label) in enumerate(_OWN_LABELS.items()):
        assert header[at] == name
        yield _Part(Variable(name, label, is_text=True), at)


def _parts(
    question: Question, names: Sequence[str], places: range, rows: Sequence[Sequence[Cell]]
) -> Iterator[_Part]:
    """The variables of a question. One that is coded carries its state; beside texts the state stands alone."""
    label = f"{question.number}. {question.text}" if question.number else question.text
    state = places[-1]
    is_coded = len(names) > 1 and question.type in _CODED
    for name, at in zip(names[:-1], places, strict=False):
        if is_coded and at == places[0]:
            yield _Part(_coded_variable(question, name, label, [row[at] for row in rows]), at, state)
        else:
            text_label = f"{label} (tekst)" if is_coded else label
            yield _Part(Variable(name, text_label, is_text=True, question=question), at)
    if not is_coded:
        values = {_ANSWERED: STATE_WORDS[State.ANSWERED]}
        alone = Variable(
            names[-1], f"{label} (stan odpowiedzi)", values, _missing_codes(0), question=question
        )
        yield _Part(alone, None, state)


_CODED = frozenset({AnswerType.SINGLE_CHOICE, AnswerType.YES_NO, AnswerType.SCALE, AnswerType.NUMBER})


def _coded_variable(question: Question, name: str, label: str, cells: Sequence[Cell]) -> Variable:
    variable = Variable(name, label, _labels(question), _missing_codes(0), question=question)
    if question.type is AnswerType.SCALE:
        return replace(variable, measure="ordinal")
    if question.type is AnswerType.NUMBER:
        numbers = [float(cell) for cell in cells if isinstance(cell, int | float)]
        lowest = min([question.minimum or 0, *numbers])
        return replace(variable, missing=_missing_codes(lowest), measure="scale", decimals=question.decimals)
    return variable


def _labels(question: Question) -> dict[int, str]:
    if question.type is AnswerType.YES_NO:
        return dict(enumerate(YES_NO_WORDS.values(), start=1))
    if question.scale is not None:
        return dict(question.scale.anchors)
    return {option.code: option.label for option in question.options}


def _missing_codes(lowest: float) -> dict[int, str]:
    """-999, -998, -997; with more nines where an answer may be as low. `lowest`: the least that can be an answer."""
    nines = 999
    while lowest <= -(nines - len(_MISSING)):
        nines = nines * 10 + 9
    return {-(nines - place): STATE_WORDS[state] for place, state in enumerate(_MISSING)}


def _with_names(variables: Sequence[Variable]) -> Iterator[Variable]:
    """Each under a name that the statistics programs take; letters' case does not tell two apart."""
    used: set[str] = set()
    for variable in variables:
        name = f"{variable.name}_" if variable.name in _TAKEN else variable.name
        number = 2
        while name in used:
            name, number = f"{variable.name}_v{number}", number + 1
        used.add(name)
        yield replace(variable, name=name)
