"""XLSForms of other people: what is taken over, what is listed, what is refused."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import openpyxl
import pytest
from pyxform.xls2xform import convert

from survey_app.errors import InvalidInputError
from survey_app.instrument.loader import load_instrument, parse_instrument
from survey_app.instrument.model import AnswerType, Operator
from survey_app.instrument.routing import path
from survey_app.services.xlsform.expressions import UnreadableError, read
from survey_app.services.xlsform.from_xlsform import Imported, from_form
from survey_app.services.xlsform.to_xlsform import to_form

INSTRUMENTS = Path(__file__).parents[2] / "instruments"

HOUSEHOLD = """
| survey |
| | type | name | label::English (en) | label::Polski (pl) | relevant | constraint | required | hint::Polski (pl) |
| | start | start | | | | | | |
| | deviceid | deviceid | | | | | | |
| | note | hello | Good morning | Dzień dobry | | | | |
| | begin_group | household | Household | Gospodarstwo domowe | | | | |
| | integer | people | 1. How many people live here? | 1. Ile osób tu mieszka? | | . > 0 and . <= 30 | yes | Z dziećmi |
| | select_one yes_no | children | 2. Are there children? | 2. Czy są dzieci? | ${people} > 1 | | | |
| | text | school | Which school? | Do której szkoły? | ${children} = 'yes' | string-length(.) < 101 | | |
| | end_group | | | | | | | |
| | begin_group | help | Help | Pomoc | ${people} >= 2 | | | |
| | select_one helper or_other | who | 3. Who helps? | 3. Kto pomaga? | | | | |
| | select_multiple helper | all | 4. Who else? | 4. Kto jeszcze? | | | | |
| | decimal | money | 5. How much? | 5. Ile? | selected(${who}, 'ops') or selected(${who}, 'ngo') | | | |
| | date | since | 6. Since when? | 6. Od kiedy? | not(${who} = 'family') | | | |
| | geopoint | place | 7. Where? | 7. Gdzie? | | | | |
| | end_group | | | | | | | |
| | begin_repeat | child | Child | Dziecko | | | | |
| | text | child_name | Name | Imię | | | | |
| | end_repeat | | | | | | | |
| choices |
| | list_name | name | label::English (en) | label::Polski (pl) |
| | yes_no | yes | Yes | Tak |
| | yes_no | no | No | Nie |
| | helper | ops | Welfare centre | Ośrodek pomocy |
| | helper | ngo | Association | Stowarzyszenie |
| | helper | family | Family | Rodzina |
| settings |
| | form_title | form_id | default_language |
| | Pomoc w domu | Pomoc-2026 | English (en) |
"""
SATISFACTION = """
| survey |
| | type | name | label | appearance | relevant | parameters |
| | select_one agree | service | The service was good | likert | | |
| | range | stars | Stars | | | start=1 end=5 step=1 |
| | select_one colour | Colour | Which colour? | | ${service} <= 2 and ${stars} != 3 | |
| | text | why | Why ${Colour}? | multiline | ${Colour} != '' | |
| choices |
| | list_name | name | label |
| | agree | 1 | Disagree |
| | agree | 2 | Neither |
| | agree | 3 | Agree |
| | colour | 10 | Red |
| | colour | 20 | Blue |
"""
UNGROUPED = """
| survey |
| | type | name | label |
| | text | your_name | What is your name? |
| | integer | your_age | How old are you? |
| | select_one yn | token | Are you well? |
| choices |
| | list_name | name | label |
| | yn | 1 | yes |
| | yn | 0 | no |
"""


def imported(form: str) -> Imported:
    return from_form(form.encode(), "formularz.md")


def left(found: Imported) -> dict[str, str]:
    return {one.what: one.where for one in found.left}


def test_a_household_form_becomes_a_questionnaire_in_polish() -> None:
    found = imported(HOUSEHOLD)
    instrument = found.instrument
    assert (found.key, instrument.title) == ("pomoc_2026", "Pomoc w domu")
    assert instrument.text("introduction") == "Dzień dobry"
    assert [section.title for section in instrument.sections] == ["Gospodarstwo domowe", "Pomoc"]
    assert [(q.id, q.number, q.type.value) for q in instrument.questions] == [
        ("people", "1", "number"),
        ("children", "2", "yes_no"),
        ("school", None, "long_text"),
        ("who", "3", "single_choice"),
        ("money", "5", "number"),
        ("since", "6", "date"),
    ]
    people, school, who = (instrument.by_id[key] for key in ("people", "school", "who"))
    assert (people.text, people.help, people.minimum, people.maximum) == (
        "Ile osób tu mieszka?", "Z dziećmi", 1, 30,
    )  # fmt: skip
    assert (school.follows, school.max_length) == ("children", 100)
    assert [option.label for option in who.options] == [
        "Ośrodek pomocy",
        "Stowarzyszenie",
        "Rodzina",
        "Other",
    ]
    assert [option.text is not None for option in who.options] == [False, False, False, True]


def test_its_conditions_lead_the_same_ways() -> None:
    instrument = imported(HOUSEHOLD).instrument
    alone = path(instrument, {"people": 1})
    assert alone == ("people",)
    family = path(instrument, {"people": 3, "children": "tak", "who": {"option": "family"}})
    assert family == ("people", "children", "school", "who")
    helped = path(instrument, {"people": 2, "children": "nie", "who": {"option": "ngo"}})
    assert helped == ("people", "children", "who", "money", "since")


def test_what_it_could_not_take_over_is_listed_in_words() -> None:
    told = left(imported(HOUSEHOLD))
    assert told["zapis czasu, urządzenia albo osoby; serwis go nie prowadzi"] == "start, deviceid"
    assert told["wersja językowa „English (en)”"] == "cały formularz"
    assert told["położenie na mapie"] == "place"
    assert told["powtarzana grupa „Dziecko” z pytaniami (1)"] == "child"
    assert told["obowiązek odpowiedzi: w serwisie każde pytanie można pominąć"] == "people"
    assert any("wybór wielu odpowiedzi" in what and where == "all" for what, where in told.items())
    assert any("nie odpowiedział na „who”" in what and where == "since" for what, where in told.items())


def test_a_likert_scale_and_a_slider_become_scales() -> None:
    found = imported(SATISFACTION)
    service, stars, colour, why = found.instrument.questions
    assert service.scale is not None
    assert service.scale.anchors == {1: "Disagree", 2: "Neither", 3: "Agree"}
    assert stars.type is AnswerType.SCALE
    assert [(option.id, option.code) for option in colour.options] == [("x10", 10), ("x20", 20)]
    assert colour.ask_if is not None
    assert [(c.question, c.op, c.value) for c in colour.ask_if.comparisons] == [
        ("service", Operator.LE, 2),
        ("stars", Operator.NE, 3),
    ]
    assert why.ask_if is not None
    assert why.ask_if.comparisons[0].op is Operator.ANSWERED
    told = left(found)
    assert told["nazwa pola: tu nazywa się „colour”"] == "Colour"
    assert "odwołanie do innej odpowiedzi w treści pytania: zostało w niej jako tekst" in told


def test_questions_without_numbers_and_groups_get_both() -> None:
    found = imported(UNGROUPED)
    assert [(q.number, q.id) for q in found.instrument.questions] == [
        ("1", "your_name"),
        ("2", "your_age"),
        ("3", "p_token"),
    ]
    assert found.instrument.questions[2].type is AnswerType.YES_NO
    assert found.instrument.title == "formularz"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.xlsx", "Nie można odczytać"),
        (b"PK\x03\x04 broken", "a.xlsx", "Nie można odczytać"),
        (b"hello", "a.pdf", "nie jest XLSForm"),
        (b"| survey |\n| | type | name | label |\n| | telepathy | x | X |\n", "a.md", "pyxform pisze"),
        (b"| survey |\n| | type | name | label |\n| | geopoint | x | X |\n", "a.md", "nie ma pytania"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.xlsx", "większy niż 5 MB"),
    ],
)
def test_what_is_no_usable_form_is_refused_in_words(content: bytes, name: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        from_form(content, name)
    assert words in refused.value.message


def test_a_text_longer_than_a_definition_takes_is_named() -> None:
    form = f"| survey |\n| | type | name | label |\n| | text | x | {'a' * 3_000} |\n"
    with pytest.raises(InvalidInputError) as refused:
        imported(form)
    assert [fault.code for fault in refused.value.faults] == ["text.too_long"]


def test_emoji_markup_and_other_scripts_stay_what_they_are() -> None:
    text = "Czy <b>ty</b> & שלום 🙂 „tak”?"
    form = f"| survey |\n| | type | name | label |\n| | text | x | {text} |\n"
    assert imported(form).instrument.questions[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        "count(${p1}) > 1",
        "${p1} = 'a' and (${p2} = 'b' or ${p3} = 'c')",
        "not(${p1} = 'a' or ${p2} = 'b')",
        "${p1} + 1 > 2",
        "${p1} = ''",
        "${p1} = ${p2}",
        "(" * 5_000,
        "(" * 200 + "${p1} = 1" + ")" * 200,
    ],
)
def test_a_condition_that_says_more_than_a_definition_can_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text, {})


def test_a_condition_that_cannot_be_held_is_listed_and_its_question_kept() -> None:
    form = (
        "| survey |\n| | type | name | label | relevant |\n| | integer | n | N | |\n"
        "| | text | x | X | ${n} mod 2 = 0 |\n| | text | y | Y | ${x} = 'a' |\n"
    )
    found = imported(form)
    assert [question.ask_if for question in found.instrument.questions] == [None, None, None]
    assert {one.where for one in found.left if "warunek" in one.what} == {"x", "y"}


@pytest.mark.parametrize("key", ["ankieta", "idi", "fgi", "wyrozniki"])
def test_our_own_instruments_are_forms_that_pyxform_and_odk_accept(key: str) -> None:
    """ODK Validate comes with pyxform and needs Java; without it pyxform's own checks remain."""
    workbook = to_form(load_instrument(INSTRUMENTS / f"{key}.yml")).workbook()
    converted = convert(workbook, file_type=".xlsx", validate=shutil.which("java") is not None)
    assert converted.warnings == []


def test_the_ankieta_comes_back_as_it_was() -> None:
    ankieta = load_instrument(INSTRUMENTS / "ankieta.yml")
    assert from_form(to_form(ankieta).workbook(), "ankieta.xlsx").instrument.questions == ankieta.questions


def test_a_comparison_is_guarded_against_an_answer_that_was_left_out() -> None:
    """In XPath an empty answer differs from 'tak'; in a definition it meets no comparison."""
    text = (INSTRUMENTS / "ankieta.yml").read_text(encoding="utf-8")
    changed = text.replace(
        "ask_if: {question: p3, op: eq, value: nie}", "ask_if: {question: p3, op: ne, value: tak}"
    )
    assert changed != text
    instrument, _ = parse_instrument(changed, "ankieta.yml")
    assert instrument is not None
    rows = {row.get("name"): row for row in to_form(instrument).survey}
    assert rows["p3_dlaczego"]["relevant"] == "${p3} != '' and ${p3} != 'tak'"


def test_the_form_promises_no_anonymity_and_says_so_on_a_sheet_of_its_own() -> None:
    ankieta = load_instrument(INSTRUMENTS / "ankieta.yml")
    book = openpyxl.load_workbook(io.BytesIO(to_form(ankieta).workbook()))
    survey = " ".join(str(cell) for row in book["survey"].iter_rows(values_only=True) for cell in row if cell)
    assert "anonimowości" not in survey.replace("znosi anonimowość", "")
    listed = [row[1] for row in book["_nie_przeniesiono"].iter_rows(min_row=2, values_only=True)]
    assert str(listed[0]).startswith("anonimowość i jej obietnica")
    assert any("wskaźnik gotowości" in str(what) for what in listed)
