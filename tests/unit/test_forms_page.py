"""A whole sent page: what is read, what is named, what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from survey_app.forms.page import new_form_key, read_page, typed_in_words
from survey_app.forms.steps import steps
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument

ANKIETA = Path(__file__).parents[2] / "instruments" / "ankieta.yml"


@pytest.fixture(scope="module")
def ankieta() -> Instrument:
    return load_instrument(ANKIETA)


def test_values_are_read_and_what_was_typed_is_kept_for_showing(ankieta: Instrument) -> None:
    page = read_page(
        ankieta, {"p1": ["inna"], "p1-inna": ["lasy"], "p6-2": [" drzewa "], "form_key": ["a" * 32]}
    )
    assert page.values == {"p1": {"option": "inna", "text": "lasy"}, "p6": ["drzewa"]}
    assert page.raw == {"p1": "inna", "p1-inna": "lasy", "p6-2": " drzewa "}
    assert (page.faults, page.unknown_fields, page.form_key) == ([], [], "a" * 32)


def test_an_unknown_field_is_named_not_passed_over(ankieta: Instrument) -> None:
    page = read_page(
        ankieta, {"p99": ["x"], "p1-edukacja": ["y"], "csrf_token": ["z"], "institution_name": ["n"]}
    )
    assert page.unknown_fields == ["csrf_token", "institution_name", "p1-edukacja", "p99"]
    assert read_page(ankieta, {"csrf_token": ["z"]}, also=frozenset({"csrf_token"})).unknown_fields == []


@pytest.mark.parametrize("key", ["", "A" * 32, "a" * 31, "a" * 33, "g" * 32, "../../etc/passwd"])
def test_a_key_that_this_service_did_not_make_is_no_key(ankieta: Instrument, key: str) -> None:
    assert read_page(ankieta, {"form_key": [key]}).form_key is None


def test_two_keys_are_no_key_and_every_new_one_is_another(ankieta: Instrument) -> None:
    one, other = new_form_key(), new_form_key()
    assert one != other
    assert read_page(ankieta, {"form_key": [one]}).form_key == one
    assert read_page(ankieta, {"form_key": [one, other]}).form_key is None


def test_only_answers_that_the_person_was_told_of_may_be_left_out(ankieta: Instrument) -> None:
    page = read_page(ankieta, {"drop_off_path": ["p3 p4"]})
    assert page.agreed_to_drop(("p3",))
    assert page.agreed_to_drop(("p3", "p4"))
    assert not page.agreed_to_drop(("p3", "p5_argument"))
    assert not read_page(ankieta, {}).agreed_to_drop(("p3",))


def test_name_of_the_institution_is_needed_where_it_is_asked_for(ankieta: Instrument) -> None:
    missing = read_page(ankieta, {"institution_name": ["  "]}, asks_name=True)
    assert [(fault.code, fault.where) for fault in missing.faults] == [("name.missing", "institution_name")]
    given = read_page(ankieta, {"institution_name": [" Szkoła nr 1 "]}, asks_name=True)
    assert (given.institution_name, given.faults) == ("Szkoła nr 1", [])
    assert read_page(ankieta, {}, asks_name=True).faults


def test_a_control_character_comes_back_as_a_visible_mark(ankieta: Instrument) -> None:
    page = read_page(ankieta, {"p10": ["a\x00b"]})
    assert page.raw["p10"] == "a\ufffdb"
    assert [fault.where for fault in page.faults] == ["p10"]


def test_copy_for_the_person_holds_every_word_typed(ankieta: Instrument) -> None:
    raw = {"p1": "inna", "p1-inna": "lasy", "p2": "tak", "p6-1": "raz", "p6-3": "dwa", "p10": "ważne"}
    told = dict(typed_in_words(ankieta, raw))
    assert told["1. Proszę określić reprezentowaną instytucję"] == ["Inna", "lasy"]
    assert [texts for question, texts in told.items() if question.startswith("6.")] == [["raz", "dwa"]]
    assert told["2. Czy na terenie działania Pani/Pana instytucji funkcjonuje partnerstwo?"] == ["TAK"]
    assert len(told) == 4


def test_each_numbered_question_is_one_step_with_its_follow_ups(ankieta: Instrument) -> None:
    found = steps(ankieta)
    assert [step.asked[0].question.number for step in found] == [str(number) for number in range(1, 12)]
    assert [asked.question.id for asked in found[3].asked] == ["p4", "p4_przedsiewziecia", "p4_przyczyny"]


def test_a_condition_reaches_the_script_as_it_stands_in_the_file(ankieta: Instrument) -> None:
    third = steps(ankieta)[2].asked[0]
    assert json.loads(third.rule) == {"mode": "all", "parts": [["p2", "eq", "tak"]]}
    assert third.when == "Odpowiedz tylko, jeśli w pytaniu 2 zaznaczono TAK."
    assert steps(ankieta)[1].asked[0].jump == "Jeśli NIE, przejdź do pytania 5."
    assert steps(ankieta)[0].asked[0].rule == ""
