"""Whatever the instrument, whatever the walk: no reachable answer is lost, none off the path is kept."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hypothesis import event, given, settings
from hypothesis import strategies as st

from survey_app.instrument.loader import canonical_json, instrument_from_document
from survey_app.instrument.model import AnswerType, Comparison, Condition, Instrument, Operator, Question
from survey_app.instrument.reach import Reach, reach
from survey_app.instrument.routing import holds, jump_hint, path, settle, written_routing
from survey_app.instrument.values import NO, YES, State, Value
from tests.strategies import instruments, tangled_questions, typed, walks

steady = settings(deadline=None, max_examples=60)


def follow_the_paper(questions: Sequence[Question], answers: dict[str, Value]) -> list[str]:
    """The path as a patient person with a pencil would find it, written apart from the code under test."""
    on_path: list[str] = []
    for question in questions:
        if question.follows and question.follows not in on_path:
            continue
        seen = {key: value for key, value in answers.items() if key in on_path}
        if question.ask_if is None or _met(question.ask_if, seen):
            on_path.append(question.id)
    return on_path


def _met(condition: Condition, seen: dict[str, Value]) -> bool:
    results = []
    for comparison in condition.comparisons:
        if comparison.question not in seen:
            results.append(False)
            continue
        value = seen[comparison.question]
        value = value["option"] if isinstance(value, dict) else value
        results.append(
            {
                "answered": lambda _v, _c: True,
                "eq": lambda v, c: v == c,
                "ne": lambda v, c: v != c,
                "in": lambda v, c: v in list(c),
                "not_in": lambda v, c: v not in list(c),
                "lt": lambda v, c: v < c,
                "le": lambda v, c: v <= c,
                "gt": lambda v, c: v > c,
                "ge": lambda v, c: v >= c,
            }[comparison.op.value](value, comparison.value)
        )
    return all(results) if condition.mode == "all" else any(results)


@steady
@given(st.data())
def test_what_is_reachable_is_kept_and_what_is_not_is_named(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    answers = data.draw(typed(instrument))
    on_path = follow_the_paper(instrument.questions, answers)
    settled = settle(instrument, answers)
    event(f"off the path: {len(settled.off_path) > 0}")

    assert list(path(instrument, answers)) == on_path
    assert list(settled.answers) == [question.id for question in instrument.questions]
    for question_id, answer in settled.answers.items():
        if question_id not in on_path:
            assert answer.state is State.NOT_ASKED
        elif question_id in answers:
            assert answer.value == answers[question_id]
        else:
            assert answer.state is State.UNANSWERED
    assert set(settled.off_path) == set(answers) - set(on_path)


@steady
@given(st.data())
def test_going_back_and_forth_changes_nothing_else(data: st.DataObject) -> None:
    """The record depends on what stands in the form at the end, not on the way there."""
    instrument = data.draw(instruments())
    form: dict[str, Value] = data.draw(typed(instrument))
    before = settle(instrument, form)
    changed = dict(form)
    for question_id, value in data.draw(walks(instrument)):
        changed.pop(question_id, None)
        if value is not None:
            changed[question_id] = value
        settle(instrument, changed)
    for question_id in changed.keys() - form.keys():
        del changed[question_id]
    changed.update(form)
    assert settle(instrument, changed) == before


@steady
@given(st.data())
def test_sending_what_was_kept_once_more_keeps_the_same(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    settled = settle(instrument, data.draw(typed(instrument)))
    kept = {key: answer.value for key, answer in settled.answers.items() if answer.value is not None}
    again = settle(instrument, kept)
    assert again.answers == settled.answers
    assert again.off_path == ()


@steady
@given(st.data())
def test_one_changed_answer_touches_only_itself_and_what_depends_on_it(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    form = data.draw(typed(instrument))
    changed = data.draw(st.sampled_from(instrument.questions))
    after = {key: value for key, value in form.items() if key != changed.id}
    touched = {changed.id}
    for question in instrument.questions:
        named = {c.question for c in question.ask_if.comparisons} if question.ask_if else set()
        if (named | {question.follows}) & touched:
            touched.add(question.id)
    first, second = settle(instrument, form).answers, settle(instrument, after).answers
    assert all(first[key] == second[key] for key in first if key not in touched)


@steady
@given(st.data())
def test_an_unfinished_sheet_loses_no_answer_and_invents_no_refusal(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    form = data.draw(typed(instrument))
    last = data.draw(st.sampled_from(instrument.questions)).id
    ids = [question.id for question in instrument.questions]
    whole, cut = settle(instrument, form), settle(instrument, form, last_reached=last)
    assert whole.off_path == cut.off_path
    for position, question_id in enumerate(ids):
        full, short = whole.answers[question_id], cut.answers[question_id]
        if position <= ids.index(last) or full.state is State.ANSWERED:
            assert short == full
        else:
            assert short.state in (State.NOT_REACHED, State.NOT_ASKED)
            assert short.state is State.NOT_REACHED or full.state is State.NOT_ASKED


@steady
@given(instruments())
def test_a_stored_version_comes_back_equal(instrument: Instrument) -> None:
    again = instrument_from_document(instrument.document)
    assert again == instrument
    assert canonical_json(again.document) == canonical_json(instrument.document)


@steady
@given(instruments())
def test_whatever_is_not_always_asked_says_when_it_is(instrument: Instrument) -> None:
    written = written_routing(instrument)
    for question in instrument.questions:
        jump_hint(instrument, question.id)
        if question.ask_if is not None:
            assert written[question.id].startswith("Odpowiedz tylko, jeśli ")


@settings(deadline=None, max_examples=200)
@given(tangled_questions(longest=5, types=(AnswerType.YES_NO, AnswerType.LONG_TEXT, AnswerType.YES_NO)))
def test_the_search_for_paths_agrees_with_trying_everything(questions: tuple[Question, ...]) -> None:
    """Where answers are few, every combination can be tried by hand: the verdicts must be the same."""
    tried: set[str] = set()
    for combination in itertools.product(*map(_everything, questions)):
        pairs = zip((question.id for question in questions), combination, strict=True)
        answers = {key: value for key, value in pairs if value is not None}
        tried |= set(follow_the_paper(questions, answers))
    verdicts = reach(questions)
    event(f"unreachable: {Reach.NO in verdicts.values()}")
    assert {key for key, verdict in verdicts.items() if verdict is Reach.YES} == tried


def _everything(question: Question) -> list[Value | None]:
    if question.scale:
        return [None, *range(question.scale.low, question.scale.high + 1)]
    return [None, YES, NO] if question.type is AnswerType.YES_NO else [None, "x"]


def test_a_question_without_an_answer_meets_no_comparison() -> None:
    for op in (Operator.NE, Operator.NOT_IN, Operator.ANSWERED):
        assert not holds(Condition("all", (Comparison("q1", op, ("tak",)),)), {})
