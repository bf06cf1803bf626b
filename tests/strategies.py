"""Hypothesis strategies: random valid instruments, and random answers to them, whether on the path or not."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from survey_app.instrument.build import build_instrument
from survey_app.instrument.check_routing import OPERATORS
from survey_app.instrument.loader import instrument_from_document
from survey_app.instrument.model import AnswerType, Instrument, Operator, Question
from survey_app.instrument.reach import Reach, reach
from survey_app.instrument.routing import settle
from survey_app.instrument.values import NO, YES, Answer, Value

Document = dict[str, Any]

AWKWARD_TEXTS = (
    "Zażółć gęślą jaźń",
    "<script>alert(1)</script>",
    "„cudzysłów” & 'apostrof' \"prosty\"",
    "=1+1",
    "112",
    "2026-01-01",
    "nie",
    "null",
    "{{ 7 * 7 }}",
    "漢字 😀 Ё",
)
FREE_CHARACTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))


def texts(longest: int = 40) -> st.SearchStrategy[str]:
    """A text of a person or an author: never blank, no space at its ends, letters composed, as a form keeps it."""
    awkward = st.sampled_from([text for text in AWKWARD_TEXTS if len(text) <= longest] or ["x"])
    free = st.text(FREE_CHARACTERS, min_size=1, max_size=longest).map(_composed)
    return awkward | free.filter(lambda text: 0 < len(text) <= longest)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


@st.composite
def instruments(draw: st.DrawFn, *, longest: int = 9, definitions: bool = True) -> Instrument:
    """A valid instrument of up to `longest` questions with conditions and follow-ups, reachable all of them."""
    questions: list[Document] = []
    for position in range(draw(st.sampled_from(_sizes_up_to(longest)))):
        questions.append(_question(draw, position, questions, tuple(AnswerType)))
        if Reach.YES is not reach(questions_of(questions))[questions[-1]["id"]]:
            del questions[-1]["ask_if"]
    document = _document(questions, cut=draw(st.integers(1, len(questions))))
    if definitions:
        document["definitions"] = _definitions(questions)
    return instrument_from_document(document)


def _sizes_up_to(longest: int) -> list[int]:
    """Sizes to draw from: middling ones first, because what is drawn leans to the first."""
    return sorted(range(1, longest + 1), key=lambda size: abs(size - (longest + 1) // 2))


@st.composite
def tangled_questions(
    draw: st.DrawFn, *, longest: int, types: tuple[AnswerType, ...]
) -> tuple[Question, ...]:
    """Questions whose conditions may well contradict each other."""
    questions: list[Document] = []
    for position in range(draw(st.integers(3, longest))):
        questions.append(_question(draw, position, questions, types))
    return questions_of(questions)


def _document(questions: list[Document], cut: int) -> Document:
    runs = [run for run in (questions[:cut], questions[cut:]) if run]
    return {
        "key": "losowa",
        "kind": "questionnaire",
        "title": "Ankieta losowa",
        "minutes": 10,
        "source": {"document": "000", "title": "Losowa"},
        "texts": {
            "greeting": "Szanowni Państwo,",
            "promise_anonymous": "Ankieta jest anonimowa.",
            "promise_named": "Ankieta jest imienna.",
            "introduction": "Prosimy o odpowiedzi.",
        },
        "sections": [{"id": f"s{i}", "title": "", "questions": run} for i, run in enumerate(runs, 1)],
    }


def questions_of(questions: list[Document]) -> tuple[Question, ...]:
    """The model of questions that need not make a valid file yet."""
    return build_instrument(_document(questions, len(questions))).questions


def _question(
    draw: st.DrawFn, position: int, earlier: list[Document], types: tuple[AnswerType, ...]
) -> Document:
    answer_type = draw(st.sampled_from(types))
    question: Document = {"id": f"q{position + 1}", "type": answer_type.value, "text": draw(texts(80))}
    question |= _sizes(draw, answer_type)
    if earlier and draw(st.integers(0, 3)) != 0:
        question["ask_if"] = _condition(draw, earlier)
    if earlier and draw(st.integers(0, 3)) == 0:
        question["follows"] = draw(st.sampled_from(earlier))["id"]
    else:
        question["number"] = str(position + 1)
    return question


def _sizes(draw: st.DrawFn, answer_type: AnswerType) -> Document:
    if answer_type is AnswerType.SINGLE_CHOICE:
        return {"options": _options(draw)}
    if answer_type is AnswerType.SCALE:
        low = draw(st.integers(-2, 2))
        high = low + draw(st.integers(1, 5))
        anchors = {str(point): f"opis {point}" for point in range(low, high + 1)}
        return {"scale": {"low": low, "high": high, "anchors": anchors}}
    if answer_type is AnswerType.SHORT_TEXTS:
        return {"max_items": draw(st.integers(1, 4)), "max_length": draw(st.integers(5, 60))}
    if answer_type is AnswerType.LONG_TEXT:
        return {"max_length": draw(st.integers(5, 200)), "lines": draw(st.integers(1, 5))}
    return _bounds(draw) if answer_type is AnswerType.NUMBER else {}


def _options(draw: st.DrawFn) -> list[Document]:
    options: list[Document] = []
    for i in range(draw(st.integers(2, 5))):
        option: Document = {"id": f"o{i}", "label": f"{draw(texts(20))} {i}", "code": i}
        if draw(st.integers(0, 3)) == 0:
            option["text"] = {"label": "jaka?", "max_length": 40}
        options.append(option)
    return options


def _bounds(draw: st.DrawFn) -> Document:
    low = draw(st.integers(-50, 50))
    bounds: Document = {"decimals": draw(st.integers(0, 2))}
    if draw(st.booleans()):
        bounds["minimum"] = low
    if draw(st.booleans()):
        bounds["maximum"] = low + draw(st.integers(0, 100))
    return bounds


def _condition(draw: st.DrawFn, earlier: list[Document]) -> Document:
    parts = [_comparison(draw, draw(st.sampled_from(earlier))) for _ in range(draw(st.integers(1, 3)))]
    return parts[0] if len(parts) == 1 else {draw(st.sampled_from(["all", "any"])): parts}


def _comparison(draw: st.DrawFn, asked: Document) -> Document:
    model = questions_of([{key: value for key, value in asked.items() if key != "ask_if"}])[0]
    op = draw(st.sampled_from(sorted(OPERATORS[model.type])))
    comparison: Document = {"question": asked["id"], "op": op.value}
    constant = values(model).map(lambda value: value["option"] if isinstance(value, dict) else value)
    if op in (Operator.IN, Operator.NOT_IN):
        comparison["value"] = draw(st.lists(constant, min_size=1, max_size=3))
    elif op is not Operator.ANSWERED:
        comparison["value"] = draw(constant)
    return comparison


def _definitions(questions: list[Document]) -> Document:
    """Whatever can be computed from these questions, as the ankieta's file would define it."""
    always = [q for q in questions if "ask_if" not in q and "follows" not in q]
    yes_no = [q["id"] for q in always if q["type"] == AnswerType.YES_NO]
    grouping = next((q for q in always if q["type"] == AnswerType.SINGLE_CHOICE), None)
    definitions: Document = {"complete": {"of": [q["id"] for q in questions], "at_least": 1}}
    if yes_no:
        boxes = [q for q in questions if q["type"] == AnswerType.SHORT_TEXTS]
        definitions["readiness"] = {
            "description": "Średnia odsetków.",
            "minimum_answers": 5,
            "items": [{"question": q, "label": q, "positive": YES, "argument": "Warto."} for q in yes_no],
            "concreteness": [{"question": q["id"], "label": q["id"], "boxes": q["max_items"]} for q in boxes],
        }
    if grouping:
        grouping["warning"] = "Podanie nazwy znosi anonimowość."
        definitions["sectors"] = _sectors(grouping)
    return definitions


def _sectors(grouping: Document) -> Document:
    options = [option["id"] for option in grouping["options"]]
    return {
        "question": grouping["id"],
        "three_way_labels": {"public": "publiczny", "social": "społeczny", "business": "biznesu"},
        "sectors": [{"id": "pierwszy", "label": "pierwszy", "three_way": "public", "options": options[:-1]}],
        "standalone": options[-1:],
        "catalogue": [{"id": "pierwszy", "label": "pierwszy", "options": options[:-1]}],
    }


def values(question: Question) -> st.SearchStrategy[Value]:
    """A valid answer to a question."""
    if question.type is AnswerType.YES_NO:
        return st.sampled_from([YES, NO])
    if question.type is AnswerType.SINGLE_CHOICE:
        return st.sampled_from(question.options).flatmap(
            lambda option: _chosen(option.id, option.text.max_length if option.text else 0)
        )
    if question.type is AnswerType.SCALE and question.scale:
        return st.integers(question.scale.low, question.scale.high)
    if question.type is AnswerType.NUMBER:
        return _numbers(question)
    if question.type is AnswerType.DATE:
        return st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).map(dt.date.isoformat)
    if question.type is AnswerType.SHORT_TEXTS:
        return st.lists(texts(question.max_length), min_size=1, max_size=question.max_items)
    return texts(question.max_length)


def _chosen(option_id: str, longest: int) -> st.SearchStrategy[Value]:
    bare = st.just({"option": option_id})
    if not longest:
        return bare
    return bare | texts(longest).map(lambda text: {"option": option_id, "text": text})


def _numbers(question: Question) -> st.SearchStrategy[Value]:
    unit = 10**question.decimals
    low = question.minimum if question.minimum is not None else (question.maximum or 0) - 100
    high = question.maximum if question.maximum is not None else low + 200
    units = st.integers(int(low * unit), int(high * unit))
    return units.map(lambda count: count / unit) if question.decimals else units


@st.composite
def typed(draw: st.DrawFn, instrument: Instrument) -> dict[str, Value]:
    """What a person may have typed: valid answers to any of the questions, on the path or off it."""
    chosen = draw(st.sets(st.sampled_from([question.id for question in instrument.questions])))
    return {q.id: draw(values(q)) for q in instrument.questions if q.id in chosen}


@st.composite
def records(draw: st.DrawFn, instrument: Instrument) -> Mapping[str, Answer]:
    """A complete record as the store keeps it."""
    return settle(instrument, draw(typed(instrument))).answers


@st.composite
def walks(draw: st.DrawFn, instrument: Instrument, steps: int = 12) -> list[tuple[str, Value | None]]:
    """A person going back and forth: (question, new answer or None for cleared), one after the other."""
    walk = []
    for _ in range(draw(st.integers(0, steps))):
        question = draw(st.sampled_from(instrument.questions))
        walk.append((question.id, draw(st.none() | values(question))))
    return walk
