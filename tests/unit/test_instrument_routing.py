"""The ankieta's path, and the words that tell it on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from survey_app.instrument.loader import instrument_from_document, load_instrument
from survey_app.instrument.model import Instrument
from survey_app.instrument.routing import is_given, is_on_path, jump_hint, path, settle, written_routing
from survey_app.instrument.values import State

ANKIETA = load_instrument(Path(__file__).parents[2] / "instruments" / "ankieta.yml")
ALWAYS = ["p1", "p1_wskazanie", "p2", "p5", "p6", "p7", "p8", "p9", "p10", "p11"]


def small(*questions: dict[str, Any]) -> Instrument:
    """An instrument of these questions; each gets its text and number unless it says otherwise."""
    numbered = [
        {"text": f"Pytanie {i}", **({} if "follows" in q else {"number": str(i)}), **q}
        for i, q in enumerate(questions, 1)
    ]
    return instrument_from_document(
        {
            "key": "mala",
            "kind": "questionnaire",
            "title": "Mała",
            "source": {"document": "000", "title": "Mała"},
            "texts": {"promise_anonymous": "a", "promise_named": "b", "introduction": "c"},
            "sections": [{"id": "s1", "questions": numbered}],
        }
    )


def test_with_nothing_answered_yet_the_path_holds_what_is_always_asked() -> None:
    assert list(path(ANKIETA, {})) == ALWAYS


def test_no_in_question_two_goes_to_question_five() -> None:
    on_path = path(ANKIETA, {"p2": "nie"})
    assert on_path[on_path.index("p2") + 1] == "p5"


def test_yes_in_question_two_opens_three_and_four_and_their_follow_ups() -> None:
    on_path = path(ANKIETA, {"p2": "tak", "p3": "nie", "p4": "tak"})
    assert on_path[2:8] == ("p2", "p2_cele", "p3", "p3_dlaczego", "p4", "p4_przedsiewziecia")
    assert not is_on_path(ANKIETA, "p4_przyczyny", {"p2": "tak", "p4": "tak"})


def test_question_two_left_unanswered_means_three_and_four_are_not_asked() -> None:
    settled = settle(ANKIETA, {"p5": "tak"})
    assert settled.answers["p2"].state is State.UNANSWERED
    assert settled.answers["p3"].state is State.NOT_ASKED
    assert settled.answers["p4_przyczyny"].state is State.NOT_ASKED


def test_an_answer_left_behind_off_the_path_opens_nothing_and_is_named() -> None:
    settled = settle(ANKIETA, {"p2": "nie", "p3": "nie", "p3_dlaczego": "nie wiedzieliśmy", "p4": "tak"})
    assert settled.off_path == ("p3", "p3_dlaczego", "p4")
    assert settled.answers["p3_dlaczego"].state is State.NOT_ASKED
    assert settled.answers["p3_dlaczego"].value is None


def test_a_blank_answer_off_the_path_is_no_answer_and_is_not_named() -> None:
    assert settle(ANKIETA, {"p2": "nie", "p3_dlaczego": "  ", "p2_cele": ["", " "]}).off_path == ()


@pytest.mark.parametrize("value", [None, "", "  ", [], ["", " "], {}, {"option": ""}])
def test_blank_is_not_an_answer(value: Any) -> None:
    assert not is_given(value)


@pytest.mark.parametrize("value", ["tak", ["", "x"], {"option": "inna"}, 0, 0.0])
def test_zero_is_an_answer(value: Any) -> None:
    assert is_given(value)


def test_a_sheet_torn_off_after_question_five_leaves_the_rest_not_reached() -> None:
    settled = settle(ANKIETA, {"p2": "nie", "p5": "tak", "p11": ["praca"]}, last_reached="p5_argument")
    states = {key: answer.state for key, answer in settled.answers.items()}
    assert states["p1"] is State.UNANSWERED
    assert states["p3"] is State.NOT_ASKED
    assert states["p5_instytucje"] is State.UNANSWERED
    assert states["p6"] is State.NOT_REACHED
    assert states["p9_obszary"] is State.NOT_REACHED
    assert states["p11"] is State.ANSWERED


def test_after_an_interview_that_stopped_before_question_two_nobody_knows_whether_three_was_due() -> None:
    states = {key: a.state for key, a in settle(ANKIETA, {}, last_reached="p1").answers.items()}
    assert states["p3"] is State.NOT_REACHED
    assert states["p2_cele"] is State.NOT_REACHED


def test_what_follows_a_question_that_was_perhaps_not_due_is_named_and_not_kept() -> None:
    instrument = small(
        {"id": "q1", "type": "yes_no"},
        {"id": "q2", "type": "yes_no"},
        {"id": "q3", "type": "yes_no", "ask_if": {"question": "q2", "op": "answered"}},
        {"id": "q4", "type": "yes_no", "follows": "q3"},
    )
    settled = settle(instrument, {"q1": "tak", "q4": "tak"}, last_reached="q1")
    assert settled.off_path == ("q4",)
    assert settled.answers["q4"].state is State.NOT_REACHED


def test_a_question_that_nobody_knows_is_not_dropped_in_silence() -> None:
    with pytest.raises(KeyError, match="p12"):
        settle(ANKIETA, {"p12": "tak"})
    with pytest.raises(KeyError):
        settle(ANKIETA, {}, last_reached="p12")
    with pytest.raises(KeyError):
        is_on_path(ANKIETA, "p12", {})


def test_the_routing_is_written_out_on_every_question_that_has_one() -> None:
    written = written_routing(ANKIETA)
    assert written["p3"] == "Odpowiedz tylko, jeśli w pytaniu 2 zaznaczono TAK."
    assert written["p9_dlaczego"] == "Odpowiedz tylko, jeśli w pytaniu 9 zaznaczono NIE."
    assert set(written) == {question.id for question in ANKIETA.questions} - set(ALWAYS)


def test_the_only_jump_of_the_paper_is_after_question_two() -> None:
    hints = {question.id: jump_hint(ANKIETA, question.id) for question in ANKIETA.questions}
    assert {key: hint for key, hint in hints.items() if hint} == {"p2": "Jeśli NIE, przejdź do pytania 5."}


def test_a_jump_to_the_end_says_so_and_options_that_share_a_target_share_a_sentence() -> None:
    options = [{"id": f"o{i}", "label": f"Odp. {i}", "code": i} for i in range(3)]
    instrument = small(
        {"id": "q1", "type": "single_choice", "options": options},
        {"id": "q2", "type": "yes_no", "ask_if": {"question": "q1", "op": "eq", "value": "o0"}},
    )
    assert jump_hint(instrument, "q1") == "Jeśli „Odp. 1” albo „Odp. 2”, to już koniec pytań."
    assert jump_hint(instrument, "q2") is None


def test_a_jump_passes_over_what_hangs_on_passed_questions_too() -> None:
    after_no = {"question": "q1", "op": "eq", "value": "tak"}
    instrument = small(
        {"id": "q1", "type": "yes_no"},
        {"id": "q2", "type": "yes_no", "ask_if": after_no},
        {"id": "q3", "type": "yes_no", "ask_if": {"question": "q2", "op": "answered"}},
        {"id": "q4", "type": "yes_no"},
    )
    assert jump_hint(instrument, "q1") == "Jeśli NIE, przejdź do pytania 4."


def test_a_follow_up_without_a_condition_of_its_own_is_asked_with_what_it_follows() -> None:
    instrument = small(
        {"id": "q1", "type": "yes_no"},
        {"id": "q2", "type": "yes_no", "ask_if": {"question": "q1", "op": "eq", "value": "tak"}},
        {"id": "q2_wiecej", "type": "long_text", "follows": "q2"},
    )
    assert path(instrument, {"q1": "nie"}) == ("q1",)
    assert path(instrument, {"q1": "tak"}) == ("q1", "q2", "q2_wiecej")
    assert written_routing(instrument)["q2_wiecej"] == "Odpowiedz tylko, jeśli w pytaniu 1 zaznaczono TAK."


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"question": "q1", "op": "in", "value": ["a", "b"]}, "w pytaniu 1 zaznaczono „Szkoła” albo „Dom”"),
        ({"question": "q1", "op": "ne", "value": "a"}, "w pytaniu 1 zaznaczono inną odpowiedź niż „Szkoła”"),
        ({"question": "q2", "op": "ge", "value": 3}, "w pytaniu 2 podano co najmniej 3"),
        ({"question": "q3", "op": "lt", "value": 2.5}, "w pytaniu 3 podano mniej niż 2,5"),
        (
            {"question": "q4", "op": "gt", "value": "2026-02-01"},
            "w pytaniu 4 podano datę późniejszą niż 01.02.2026",
        ),
        ({"question": "q5", "op": "answered"}, "na pytanie „Co dalej?” udzielono odpowiedzi"),
        (
            {"any": [{"question": "q1", "op": "eq", "value": "a"}, {"question": "q5", "op": "answered"}]},
            "w pytaniu 1 zaznaczono „Szkoła” lub na pytanie „Co dalej?” udzielono odpowiedzi",
        ),
    ],
)
def test_each_comparison_is_told_in_plain_words(condition: dict[str, Any], words: str) -> None:
    instrument = small(
        {
            "id": "q1",
            "type": "single_choice",
            "options": [{"id": "a", "label": "Szkoła", "code": 1}, {"id": "b", "label": "Dom", "code": 2}],
        },
        {
            "id": "q2",
            "type": "scale",
            "scale": {"low": 1, "high": 3, "anchors": {"1": "x", "2": "y", "3": "z"}},
        },
        {"id": "q3", "type": "number", "decimals": 1},
        {"id": "q4", "type": "date"},
        {"id": "q5", "type": "long_text", "follows": "q4", "text": "Co dalej?"},
        {"id": "q6", "type": "yes_no", "ask_if": condition},
    )
    assert written_routing(instrument)["q6"] == f"Odpowiedz tylko, jeśli {words}."
