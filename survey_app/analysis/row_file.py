"""The row file of a campaign and its codebook (METHOD, "Disclosure control": row files).

Anonymous: closed answers and the released group only, in random order; no question 1 texts, no channel, no dates, no
free text. Named: everything that was asked, with the institution's name. The four states are kept apart: each
question has a state column beside its value, which is empty unless the question was answered. In an anonymous file
what people wrote themselves (texts, numbers, dates) has its state alone.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.classes import CLOSED_TYPES
from survey_app.analysis.groups import Groups
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Instrument, Question
from survey_app.instrument.values import YES_NO_WORDS, Answer, Answers, State, choice_of

STATE_WORDS = {
    State.ANSWERED: "udzielona",
    State.UNANSWERED: "bez odpowiedzi",
    State.NOT_ASKED: "nie pytano",
    State.NOT_REACHED: "nie doszło do pytania",
}
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """An answer of a named campaign: read together with the institution's name, as its first page says."""

    institution: str
    answers: Answers
    received: str  # a date in Polish, or empty
    channel: str  # "internet" or "papier"


@dataclass(frozen=True, slots=True)
class RowFile:
    """`codebook` rows: column, question, meaning of the values. `notes`: what was withheld and what to mind.

    `risk` is the note that follows from the answers themselves: it goes where the rows go, and nowhere else.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    codebook: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]
    risk: str = ""


CODEBOOK_HEADER = ("kolumna", "pytanie", "wartości")
_NAMED = (
    ("instytucja", "instytucja, którą reprezentuje odpowiadający", "nazwa"),
    ("data", "dzień wysłania", "data"),
    ("sposob", "sposób odpowiedzi", "internet, papier"),
)
_DIGEST = 8  # bytes: with a million rows, two that differ look alike once in 37 million files


def anonymous_rows(instrument: Instrument, records: Sequence[Answers], groups: Groups) -> RowFile:
    """One row per answer, shuffled once more here, so that no order of the store reaches the file.

    No row at all where fewer than k answered: whoever invited one or two institutions would read their answers.
    """
    made = anonymous_shape(instrument, groups)
    rows = [made.row(record) for record in records] if len(records) >= groups.k else []
    random.Random(secrets.randbits(128)).shuffle(rows)  # noqa: S311  (seeded from the system's randomness)
    alone = RowsAlone()
    for row in rows:
        alone.add(row)
    book, notes = anonymous_book(instrument, groups, alone)
    return RowFile(made.header, tuple(rows), book, notes, alone.note if rows else "")


@dataclass(frozen=True, slots=True)
class Shape:
    """The heading of a row file, and how a record becomes a row of it."""

    header: tuple[str, ...]
    row: Callable[[Answers], tuple[Cell, ...]]


def anonymous_shape(instrument: Instrument, groups: Groups) -> Shape:
    """Of an anonymous campaign's file: the released group, then every question that says nothing of who answered."""
    table = instrument.definitions.sectors
    grouping = table.question if table else None
    questions = anonymous_questions(instrument)
    of_type = {option: group.label for group in groups.items for option in group.options}

    def row(record: Answers) -> tuple[Cell, ...]:
        chosen = choice_of(record[grouping].value) if grouping else None
        cells = (cell for question in questions for cell in _cells(question, record, texts=False))
        return (of_type[chosen or groups.unstated], *cells)

    return Shape(("grupa", *(name for one in questions for name in columns(one, texts=False))), row)


def anonymous_book(
    instrument: Instrument, groups: Groups, alone: RowsAlone
) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Codebook and notes; `alone` has seen every row of the file."""
    codebook = [("grupa", "grupa instytucji, utworzona przy blokadzie kampanii", _listed(groups))]
    codebook += [line for one in anonymous_questions(instrument) for line in _explained(one, texts=False)]
    return tuple(codebook), _notes(instrument, alone, groups.k)


class RowsAlone:
    """How many rows nobody else's is like, and no row itself: of a million, eight bytes each are kept."""

    def __init__(self) -> None:
        self._seen = [bytearray() for _ in range(256)]  # so that one part at a time is counted

    def add(self, row: Sequence[Cell]) -> None:
        digest = hashlib.blake2b(repr(row).encode(), digest_size=_DIGEST).digest()
        self._seen[digest[0]] += digest

    @property
    def rows(self) -> int:
        return sum(len(part) for part in self._seen) // _DIGEST

    @property
    def note(self) -> str:
        """METHOD, "Disclosure control": the note names the rows that nobody else's is like."""
        alone = sum(self._once(part) for part in self._seen)
        return (
            f"Uwaga: {polish.counted(alone, 'wiersz ma', 'wiersze mają', 'wierszy ma')} układ odpowiedzi, którego nie"
            " ma nikt inny. Kto zna czyjeś odpowiedzi, może taki wiersz rozpoznać."
            if alone
            else "Żaden układ odpowiedzi nie występuje tylko raz."
        )

    @staticmethod
    def _once(part: bytearray) -> int:
        seen = Counter(bytes(part[at : at + _DIGEST]) for at in range(0, len(part), _DIGEST))
        return sum(1 for times in seen.values() if times == 1)


def anonymous_questions(instrument: Instrument) -> list[Question]:
    """The questions of which an anonymous file says anything: neither the grouping one nor any that may name."""
    table = instrument.definitions.sectors
    grouping = table.question if table else None
    return [q for q in instrument.questions if q.id != grouping and not q.identifying]


def named_rows(instrument: Instrument, records: Sequence[NamedRecord]) -> RowFile:
    """One row per institution, with every answer and text."""
    book, notes = named_book(instrument)
    rows = tuple(named_row(instrument, record) for record in records)
    return RowFile(named_header(instrument), rows, book, notes)


def named_header(instrument: Instrument) -> tuple[str, ...]:
    own = (line[0] for line in _NAMED)
    return (*own, *(name for one in instrument.questions for name in columns(one, texts=True)))


def named_row(instrument: Instrument, record: NamedRecord) -> tuple[Cell, ...]:
    """The cells under `named_header`."""
    cells = (cell for one in instrument.questions for cell in _cells(one, record.answers, texts=True))
    return (record.institution, record.received, record.channel, *cells)


def named_book(instrument: Instrument) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Codebook and notes of a named campaign's file."""
    codebook = (*_NAMED, *(line for one in instrument.questions for line in _explained(one, texts=True)))
    notes = ("Kampania imienna: odpowiedzi są zapisane razem z nazwą instytucji. Plik tylko dla zespołu.",)
    return codebook, notes


def columns(question: Question, *, texts: bool) -> tuple[str, ...]:
    """The columns of a question, in order; its state comes last. `texts`: a named campaign's file."""
    if not texts and question.type not in CLOSED_TYPES:
        return (f"{question.id}_stan",)
    if question.type not in FREE_TEXT_TYPES:
        own_text = (
            (f"{question.id}_tekst",) if texts and any(option.text for option in question.options) else ()
        )
        return (question.id, *own_text, f"{question.id}_stan")
    if question.type is AnswerType.LONG_TEXT:
        return (question.id, f"{question.id}_stan")
    return (*(f"{question.id}_{number}" for number in range(1, _boxes(question) + 1)), f"{question.id}_stan")


def _cells(question: Question, record: Answers, *, texts: bool) -> tuple[Cell, ...]:
    answer = record[question.id]
    state = STATE_WORDS[answer.state]
    if not texts and question.type not in CLOSED_TYPES:
        return (state,)
    if question.type not in FREE_TEXT_TYPES:
        own_text = (
            (_option_text(answer),) if texts and any(option.text for option in question.options) else ()
        )
        return (_value(question, answer), *own_text, state)
    boxes = _boxes(question)
    return (*(_texts(answer) + [""] * boxes)[:boxes], state)


def _boxes(question: Question) -> int:
    return question.max_items if question.type is AnswerType.SHORT_TEXTS else 1


def _texts(answer: Answer) -> list[str]:
    if isinstance(answer.value, list):
        return answer.value
    return [answer.value] if isinstance(answer.value, str) else []


def _value(question: Question, answer: Answer) -> Cell:
    if answer.state is not State.ANSWERED:
        return None
    if question.type is AnswerType.YES_NO:
        return YES_NO_WORDS[str(answer.value)]
    if question.type is AnswerType.SINGLE_CHOICE:
        return question.option(choice_of(answer.value) or "").label
    return answer.value if isinstance(answer.value, str | int | float) else None


def _option_text(answer: Answer) -> str:
    return answer.value.get("text", "") if isinstance(answer.value, dict) else ""


def _explained(question: Question, *, texts: bool) -> list[tuple[str, str, str]]:
    name = f"Pytanie {question.number}. {question.text}" if question.number else question.text
    meanings = {
        f"{question.id}_stan": ", ".join(STATE_WORDS.values()),
        f"{question.id}_tekst": "tekst dopisany do odpowiedzi",
        question.id: _range(question),
    }
    return [(column, name, meanings.get(column, "tekst")) for column in columns(question, texts=texts)]


def _range(question: Question) -> str:
    if question.type is AnswerType.YES_NO:
        return ", ".join(YES_NO_WORDS.values())
    if question.type is AnswerType.SINGLE_CHOICE:
        return "; ".join(f"{option.code} = {option.label}" for option in question.options)
    if question.type is AnswerType.LONG_TEXT:
        return "tekst"
    if question.scale is not None:
        return "; ".join(f"{point} = {anchor}" for point, anchor in question.scale.anchors.items())
    return "data RRRR-MM-DD" if question.type is AnswerType.DATE else "liczba"


def _listed(groups: Groups) -> str:
    return "; ".join(f"{group.label}: {', '.join(group.members)}" for group in groups.items)


def _notes(instrument: Instrument, alone: RowsAlone, k: int) -> tuple[str, ...]:
    if not alone.rows:
        least = f"odpowiedzi jest mniej niż {polish.whole(k)}"
        return (f"Kampania anonimowa. Wierszy nie podano, bo {least}: zdradzałyby, kto co odpowiedział.",)
    return (
        "Kampania anonimowa. Plik zawiera odpowiedzi zamknięte i grupę instytucji, w losowej kolejności.",
        f"Pominięto: {', '.join(_withheld(instrument))}.",
        alone.note,
        "Plik jest tylko dla zespołu. Publicznie pokazuje się tabele z diagnozy, nie wiersze.",
    )


def _withheld(instrument: Instrument) -> list[str]:
    """What the file leaves out, in words."""
    table = instrument.definitions.sectors
    asked = instrument.by_id[table.question] if table else None
    own = [f"odpowiedź na pytanie {asked.number or asked.text} i jego teksty"] if asked else []
    return [*own, "wszystko, co wpisano własnymi słowami, liczbą lub datą", "sposób odpowiedzi", "daty"]
