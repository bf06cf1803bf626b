"""What YAML would turn into something else stays what the author wrote."""

from __future__ import annotations

from survey_app.instrument.loader import parse_instrument
from survey_app.instrument.model import Instrument

FILE = """
key: zapis
kind: questionnaire
title: 2026-01-01
source: {document: 007, title: 1_000}
texts: {promise_anonymous: yes, promise_named: no, introduction: 3.50}
sections:
  - id: s1
    title:
    questions:
      - id: q1
        number: 1
        type: single_choice
        text: 12:30:45
        options:
          - {id: nie, label: no, code: 0}
          - {id: tak, label: 0x1F, code: 1}
          - {id: off, label: .inf, code: 010}
      - {id: q2, number: 2, type: number, text: Ile, minimum: -1.5, maximum: 1e3}
"""


def parsed(text: str) -> Instrument:
    instrument, faults = parse_instrument(text, "zapis.yml")
    assert instrument is not None, faults
    return instrument


def test_words_dates_and_numbers_stay_the_text_that_was_written() -> None:
    instrument = parsed(FILE.replace("maximum: 1e3", "maximum: 1000"))
    question = instrument.by_id["q1"]
    assert instrument.title == "2026-01-01"
    assert (instrument.source.document, instrument.source.title) == ("007", "1_000")
    assert instrument.texts["promise_anonymous"] == "yes"
    assert instrument.texts["introduction"] == "3.50"
    assert question.text == "12:30:45"
    assert [(option.id, option.label, option.code) for option in question.options] == [
        ("nie", "no", 0),
        ("tak", "0x1F", 1),
        ("off", ".inf", 10),
    ]
    assert instrument.sections[0].title == ""


def test_numbers_are_read_where_numbers_stand() -> None:
    number = parsed(FILE.replace("maximum: 1e3", "maximum: '1000'")).by_id["q2"]
    assert (number.minimum, number.maximum) == (-1.5, 1000)


def test_a_spelling_of_numbers_that_could_surprise_is_a_fault() -> None:
    instrument, faults = parse_instrument(FILE, "zapis.yml")
    assert instrument is None
    assert [(fault.code, fault.where) for fault in faults] == [
        ("type.wrong", "sections[0].questions[1].maximum")
    ]
