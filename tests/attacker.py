"""The truth of one campaign as unknowns, and a reader who is told numbers of it and solves for what is hidden.

Shares no formula with the code. The truth comes from the answers that were sent; the groups are public. What tables
and sentences say is in `reader_tables` and `reader_lines`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from survey_app.analysis.groups import Groups
from survey_app.analysis.released import HIDDEN
from survey_app.instrument.model import FREE_TEXT_TYPES, AnswerType, Instrument, Question
from survey_app.instrument.values import Answers, State, choice_of
from tests.knowledge import Knowledge, Name, NotUnderstoodError, Terms, UntrueError
from tests.renderings import squashed

ALL = "gmina"
COMPLETE = ("p5", "p7", "p9")
STATES = {
    "udzielona": State.ANSWERED,
    "bez odpowiedzi": State.UNANSWERED,
    "nie pytano": State.NOT_ASKED,
    "nie doszło do pytania": State.NOT_REACHED,
}
EMPTY = {"", "–"}


def whole(cell: str) -> int | None:
    """The number of people that a cell begins with; None where it is hidden or where there is none."""
    words = squashed(cell)
    found = re.match(r"[+−-]?\d+", words.replace("\u00a0", ""))
    if found is None and words not in EMPTY and words != HIDDEN:
        raise ValueError(cell)
    return int(found[0].replace("−", "-")) if found else None


@dataclass
class Attacker:
    """The truth of one campaign, and what one side of its readers was told."""

    instrument: Instrument
    records: Sequence[Answers]
    groups: Groups
    invited: int | None
    mornings: dict[str, int]
    knowledge: Knowledge = field(default_factory=Knowledge)
    hidden: set[tuple[str, str]] = field(default_factory=set)  # question and row
    shown: set[tuple[str, str]] = field(default_factory=set)
    source: str = ""

    def __post_init__(self) -> None:
        truth = self.knowledge.truth
        truth["complete",] = sum(
            sum(one[q].state is State.ANSWERED for q in COMPLETE) >= 2 for one in self.records
        )
        for group in self.groups.items:
            truth["size", group.id] = sum(self.group_of(one) == group.id for one in self.records)
            for option in group.options:
                truth["type", option] = sum(
                    (choice_of(one["p1"].value) or self.groups.unstated) == option for one in self.records
                )
            self._granted({("size", group.id): 1, **{("type", o): -1 for o in group.options}}, 0)
            self._granted({("size", group.id): 1}, truth["size", group.id])
        for day, count in self.mornings.items():
            truth["by", day] = count
            self.knowledge.know({("by", day): 1}, 0, len(self.records), "granted")
        for question in self.questions.values():
            self._count(question)
        for question in self.questions.values():
            self._link(question)

    def group_of(self, record: Answers) -> str:
        return self.groups.group_of(choice_of(record["p1"].value)).id

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Those of which anything may be shown."""
        asked = self.instrument.questions
        return {q.id: q for q in asked if q.id != "p1" and not q.identifying}

    def columns(self, question: str) -> tuple[str, ...]:
        """TAK and NIE, or how many boxes were filled."""
        one = self.questions[question]
        if one.type is AnswerType.YES_NO:
            return ("tak", "nie")
        return tuple(str(n) for n in range(one.max_items + 1)) if one.type is AnswerType.SHORT_TEXTS else ()

    def rows(self, question: str) -> tuple[str, ...]:
        """The groups, of a question that everybody is asked."""
        one = self.questions[question]
        by_group = one.type is AnswerType.YES_NO and one.ask_if is None
        return tuple(group.id for group in self.groups.items) if by_group else (ALL,)

    def count(self, question: str, row: str, column: str) -> Terms:
        """The number as a sum of unknowns."""
        if row == ALL:
            return {(question, one, column): 1.0 for one in self.rows(question)}
        return {(question, row, column): 1.0}

    def base(self, question: str, row: str) -> Terms:
        return _sum(self.count(question, row, column) for column in self.columns(question))

    def asked(self, question: str) -> Terms:
        """How many were asked: everybody, or those who gave the answer that leads there."""
        condition = self.questions[question].ask_if
        if condition is None:
            return {("size", group.id): 1.0 for group in self.groups.items}
        (comparison,) = condition.comparisons
        return self.count(comparison.question, ALL, str(comparison.value))

    def answered(self, question: str) -> Terms:
        if self.questions[question].type is AnswerType.SHORT_TEXTS:
            return _sum(self.count(question, ALL, column) for column in self.columns(question)[1:])
        return self.base(question, ALL)

    def _count(self, question: Question) -> None:
        """The true number of each unknown of a question."""
        truth = self.knowledge.truth
        for row in self.rows(question.id):
            for column in self.columns(question.id):
                truth[question.id, row, column] = 0
        for one in self.records:
            answer = one[question.id]
            row = self.group_of(one) if self.rows(question.id) != (ALL,) else ALL
            if question.type is AnswerType.YES_NO and answer.state is State.ANSWERED:
                truth[question.id, row, str(answer.value)] += 1
            if question.type is AnswerType.SHORT_TEXTS and answer.state in (State.ANSWERED, State.UNANSWERED):
                truth[question.id, ALL, str(len(answer.value) if isinstance(answer.value, list) else 0)] += 1
        if question.type in FREE_TEXT_TYPES:
            values = [one[question.id].value for one in self.records]
            truth["texts", question.id] = sum(
                len(value) if isinstance(value, list) else int(value is not None) for value in values
            )

    def _link(self, question: Question) -> None:
        """What a reader knows of how the questions hang together, and the bases, which the rule concedes."""
        if question.type is AnswerType.YES_NO:
            for row in self.rows(question.id) if question.ask_if is None else ():
                self._granted(self.base(question.id, row), None)
            self._at_most(self.base(question.id, ALL), self.asked(question.id))
        elif question.type is AnswerType.SHORT_TEXTS:
            self._granted(_less(self.base(question.id, ALL), self.asked(question.id)), 0)
            boxes = {(question.id, ALL, column): float(column) for column in self.columns(question.id)}
            self._granted({**boxes, ("texts", question.id): -1}, 0)
        else:
            self._at_most({("texts", question.id): 1.0}, self.asked(question.id))

    def _granted(self, terms: Terms, value: float | None) -> None:
        self.knowledge.equal(terms, self.knowledge.value(terms) if value is None else value, "granted")

    def _at_most(self, terms: Terms, limit: Terms) -> None:
        self.knowledge.know(_less(terms, limit), -float("inf"), 0, "granted")

    # What is read.

    def cell(self, question: str, row: str, column: str, words: str) -> None:
        """A count of a table as printed: a number, the word for hidden, or a dash. "n" is the base."""
        if squashed(words) == HIDDEN:
            self.hidden.add((question, row))
            return
        number = whole(words)
        if number is None:
            return
        self.shown.add((question, row))
        terms = self.base(question, row) if column == "n" else self.count(question, row, column)
        self.tell(terms, number)
        share = re.search(r"\((\d+)%\)", words)
        if share:
            self.share(question, row, column, float(share[1]) / 100, 0.005)

    def share(self, question: str, row: str, column: str, share: float, rounding: float) -> None:
        """count / base within the rounding, as two sums: it tells something even where neither is printed."""
        count, base = self.count(question, row, column), self.base(question, row)
        for edge, ends in ((share - rounding, (0, float("inf"))), (share + rounding, (-float("inf"), 0))):
            self.knowledge.know(_sum([count, dict.fromkeys(base, -edge)]), *ends, self.source)
        self.knowledge.told += 1

    def tell(self, terms: Terms, number: float) -> None:
        self.knowledge.told += 1
        self.knowledge.equal(terms, number, self.source)

    def true(self, number: float | None, expected: float | None) -> None:
        """A number about the response, which is conceded."""
        self.knowledge.told += 1
        if number is not None and number != expected:
            raise UntrueError(f"{self.source}: {number}, not {expected}")

    def leans(self, question: str, row: str) -> None:
        """What is derived from a count (bounds, a median, a score) may stand only where the count itself does."""
        if (question, row) not in self.shown:
            raise NotUnderstoodError(f"{self.source}: derived from {question} of {row}, which is not shown")

    @property
    def people(self) -> int:
        return len(self.records)

    # What is hidden.

    def protected(self) -> Iterator[tuple[str, str, str, int]]:
        """(question, row, column, base) of each count that may not be known: by the rule, and wherever it says so."""
        for question in self.questions:
            if not self.columns(question):
                continue
            for row in dict.fromkeys((*self.rows(question), ALL)):
                if (question, row) in self.hidden or self._is_primary(question, row):
                    base = round(self.knowledge.value(self.base(question, row)))
                    for column in self.columns(question):
                        yield question, row, column, base

    def _is_primary(self, question: str, row: str) -> bool:
        """METHOD, "Disclosure control": a base under k, or one under 2k where all answered alike. Closed questions."""
        if self.questions[question].type is not AnswerType.YES_NO:
            return False
        counts = [
            self.knowledge.value(self.count(question, row, column)) for column in self.columns(question)
        ]
        k = self.groups.k
        return sum(counts) < k or (sum(counts) < 2 * k and max(counts) == sum(counts))

    def narrow(self) -> list[tuple[str, str, str, int, int]]:
        """Counts that are known more closely than the rule allows: with their base and what is left."""
        found = []
        for question, row, column, base in self.protected():
            left = self.knowledge.width(self.count(question, row, column))
            if left < min(base, self.groups.k - 1):
                found.append((question, row, column, base, left))
        return found

    def narrow_days(self) -> list[tuple[str, int]]:
        """Mornings of which more is known than a step of five, or what the total leaves of it."""
        found = []
        for day, count in self.mornings.items():
            left = self.knowledge.width({("by", day): 1.0})
            if left < min(4, self.people - (count - count % 5)):
                found.append((day, left))
        return found


def _sum(parts: Iterable[Terms]) -> Terms:
    found: Counter[Name] = Counter()
    for terms in parts:
        for name, factor in terms.items():
            found[name] += factor  # type: ignore[assignment]
    return dict(found)


def _less(terms: Terms, other: Terms) -> Terms:
    return _sum([terms, {name: -factor for name, factor in other.items()}])
