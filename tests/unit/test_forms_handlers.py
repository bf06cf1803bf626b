"""What a person may type into each kind of question, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_app.forms.handlers import Parsed, handler
from survey_app.instrument.model import AnswerType, Option, OptionText, Question, Scale
from survey_app.instrument.values import Value

CHOICE = Question(
    "p1",
    AnswerType.SINGLE_CHOICE,
    "Rodzaj instytucji",
    number="1",
    options=(
        Option("szkola", "Szkoła", 1),
        Option("inna", "Inna", 2, OptionText("jaka?", 20)),
        Option("obca", "Spoza gminy", 3, OptionText("jaka?", 20)),
    ),
)
YES_NO = Question("p2", AnswerType.YES_NO, "Czy działa?", number="2")
TEXTS = Question("p3", AnswerType.SHORT_TEXTS, "Przykłady", number="3", max_items=3, max_length=10)
LONG = Question("p4", AnswerType.LONG_TEXT, "Dlaczego?", number="4", max_length=30)
NUMBER = Question("p5", AnswerType.NUMBER, "Ile?", number="5", minimum=0, maximum=100)
SCALE = Question(
    "p6", AnswerType.SCALE, "Jak?", number="6", scale=Scale(-1, 1, {-1: "źle", 0: "tak sobie", 1: "dobrze"})
)
DATE = Question("p7", AnswerType.DATE, "Kiedy?", number="7")
EVERY = (CHOICE, YES_NO, TEXTS, LONG, NUMBER, SCALE, DATE)


def parse(question: Question, **sent: str | list[str]) -> Parsed:
    """Field names are written with an underscore in place of the dash."""
    fields = {
        name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in sent.items()
    }
    return handler(question.type).parse(question, fields)


def codes(parsed: Parsed) -> list[str]:
    assert parsed.value is None or not parsed.faults
    return [fault.code for fault in parsed.faults]


def test_one_short_text_is_named_by_its_question_alone() -> None:
    hour = replace(TEXTS, number=None, text="Godzina", max_items=1)
    (fault,) = parse(hour, p3_1="za kwadrans szesnasta").faults
    assert fault.message.startswith("„Godzina”: tekst ma 21")
    (fault,) = parse(TEXTS, p3_2="za kwadrans szesnasta").faults
    assert ", odpowiedź 2: tekst ma 21" in fault.message


@pytest.mark.parametrize(
    ("typed", "words"),
    [("9" * 16, "za dużo cyfr"), ("0," + "3" * 13, "za dużo cyfr"), ("1e308", "to nie jest liczba")],
)
def test_a_number_that_is_too_long_is_not_called_no_number(typed: str, words: str) -> None:
    (fault,) = parse(NUMBER, p5=typed).faults
    assert words in fault.message


def test_every_answer_type_has_a_handler() -> None:
    assert {question.type for question in EVERY} == set(AnswerType)
    assert len({handler(kind).macro for kind in AnswerType}) == len(AnswerType)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.type.value)
def test_nothing_sent_and_blank_fields_are_left_unanswered(question: Question) -> None:
    names = handler(question.type).field_names(question)
    assert handler(question.type).parse(question, {}) == Parsed()
    blank = {name: [""] for name in names}
    assert handler(question.type).parse(question, blank) == Parsed()


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.type.value)
def test_an_answer_that_came_twice_is_not_chosen_from(question: Question) -> None:
    name = handler(question.type).field_names(question)[0]
    assert codes(handler(question.type).parse(question, {name: ["1", "1"]})) == ["field.repeated"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (CHOICE, {"option": "szkola"}),
        (CHOICE, {"option": "inna", "text": "koło „Żuraw”"}),
        (YES_NO, "nie"),
        (TEXTS, ["pierwszy", "drugi"]),
        (LONG, "dwa\nwiersze"),
        (NUMBER, 12),
        (replace(NUMBER, decimals=2), 0.1),
        (SCALE, -1),
        (DATE, "2026-11-21"),
    ],
)
def test_fields_of_a_value_give_the_value_again(question: Question, value: Value) -> None:
    answer = handler(question.type)
    assert answer.parse(question, answer.fields(question, value)).value == value


@pytest.mark.parametrize(
    ("question", "sent"),
    [(CHOICE, {"p1": "<b>x</b>"}), (YES_NO, {"p2": "TAK"}), (SCALE, {"p6": "2"}), (SCALE, {"p6": "٠"})],
)
def test_an_option_that_is_not_there_is_refused_at_its_place(
    question: Question, sent: dict[str, str]
) -> None:
    parsed = parse(question, **sent)
    assert codes(parsed) == ["choice.unknown"]
    assert parsed.faults[0].where == question.id
    assert next(iter(sent.values())) in parsed.faults[0].message


def test_a_text_belongs_to_the_option_that_was_chosen() -> None:
    assert parse(CHOICE, p1="inna", p1_inna="  koło gospodyń ").value == {
        "option": "inna",
        "text": "koło gospodyń",
    }
    assert parse(CHOICE, p1="inna", p1_inna="   ").value == {"option": "inna"}


@pytest.mark.parametrize("chosen", ["szkola", "obca", ""])
def test_a_text_beside_another_option_is_asked_about_not_dropped(chosen: str) -> None:
    parsed = parse(CHOICE, p1=chosen, p1_inna="leśnictwo")
    assert codes(parsed) == ["choice.stray_text"]
    assert parsed.faults[0].where == "p1-inna"
    assert "„Inna”" in parsed.faults[0].hint


def test_text_of_an_option_has_its_own_limit() -> None:
    assert parse(CHOICE, p1="inna", p1_inna="x" * 20).value is not None
    assert codes(parse(CHOICE, p1="inna", p1_inna="x" * 21)) == ["text.long"]


def test_empty_boxes_are_passed_over_and_order_is_kept() -> None:
    assert parse(TEXTS, p3_1="", p3_2="drugi", p3_3="trzeci").value == ["drugi", "trzeci"]


def test_line_breaks_in_a_short_text_become_spaces() -> None:
    assert parse(TEXTS, p3_1="a\r\nb\tc").value == ["a b c"]


def test_limit_counts_characters_as_a_person_would() -> None:
    assert parse(TEXTS, p3_1="😀" * 10).value == ["😀" * 10]
    assert parse(TEXTS, p3_1="z\u0307" * 10).value == ["ż" * 10]
    parsed = parse(TEXTS, p3_1="ok", p3_2="x" * 12)
    assert codes(parsed) == ["text.long"]
    assert parsed.faults[0].where == "p3-2"
    assert parsed.faults[0].hint == "Prosimy skrócić go o 2\u00a0znaki."


def test_a_windows_line_break_counts_once() -> None:
    assert parse(LONG, p4="a\r\nb" * 10).value == "a\nb" * 10


@pytest.mark.parametrize(
    "text",
    [
        "Żółć, „cudzysłów” i 'apostrof'",
        "<script>alert(1)</script>",
        "שלום עולם",
        "👩‍👩‍👧‍👦 rodzina",
        "=1+1",
        "Robert'); DROP TABLE",
    ],
)
def test_what_people_write_is_kept_as_it_is(text: str) -> None:
    assert parse(replace(LONG, max_length=100), p4=text).value == text


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ufffe", "\U0001ffff", "\ufdd0"])
def test_a_control_character_is_named_and_the_text_not_kept(sign: str) -> None:
    assert codes(parse(LONG, p4=f"a{sign}b")) == ["text.control"]
    assert codes(parse(TEXTS, p3_3=f"a{sign}b")) == ["text.control"]


@pytest.mark.parametrize("text", ["\u200b", " \u2060\u00a0 ", "\u202e", "\n\n"])
def test_a_text_in_which_nothing_shows_is_no_answer(text: str) -> None:
    assert parse(LONG, p4=text) == Parsed()


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), (" 12 ", 12), ("1\u00a00", 10), ("007", 7), ("100", 100), ("0", 0)]
)
def test_whole_numbers(typed: str, number: int) -> None:
    value = parse(NUMBER, p5=typed).value
    assert value == number
    assert isinstance(value, int)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("dwa", "number.form"),
        ("1e3", "number.form"),
        ("NaN", "number.form"),
        ("١٢", "number.form"),
        ("--1", "number.form"),
        ("9" * 400, "number.form"),
        ("1,5", "number.decimals"),
        ("-1", "number.range"),
        ("101", "number.range"),
    ],
)
def test_numbers_that_cannot_be_taken(typed: str, code: str) -> None:
    assert codes(parse(NUMBER, p5=typed)) == [code]


def test_decimals_with_a_comma_or_a_point_and_exact_bounds() -> None:
    question = replace(NUMBER, decimals=1, minimum=0.1, maximum=0.3)
    assert parse(question, p5="0,3").value == 0.3
    assert parse(question, p5="0.1").value == 0.1
    assert codes(parse(question, p5="0,25")) == ["number.decimals"]
    assert codes(parse(question, p5="0,4")) == ["number.range"]
    assert parse(replace(question, minimum=None), p5="−2,5").value == -2.5


@pytest.mark.parametrize("typed", ["2026-11-21", "21.11.2026", "21/11/2026", " 21-11-2026 "])
def test_dates_of_a_browser_and_of_a_person(typed: str) -> None:
    assert parse(DATE, p7=typed).value == "2026-11-21"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("30.02.2026", "date.form"),
        ("wczoraj", "date.form"),
        ("21.11.0026", "date.year"),
        ("1.1.26", "date.form"),
    ],
)
def test_dates_that_cannot_be_taken(typed: str, code: str) -> None:
    assert codes(parse(DATE, p7=typed)) == [code]
