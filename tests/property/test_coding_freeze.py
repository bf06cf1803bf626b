"""A closed round, written down and read again, is the same round; and its checksum notices any change."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.analysis.coding.freeze import round_checksum, round_from_json, round_to_json
from survey_app.analysis.coding.result import (
    Agreement,
    CodedStakeholder,
    Correction,
    RoundResult,
    Votes,
    Withdrawn,
)
from survey_app.instrument.loader import canonical_json
from tests.unit.coding_records import closed_round, criteria, stakeholder

CRITERIA = ["wplyw", "wiedza", "zainteresowanie"]
CODES = st.sampled_from(["zwolennik", "neutralny", "przeciwnik"])
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
MAYBE_ALPHA = st.none() | st.floats(-1, 1)
VOTES = st.none() | st.builds(Votes, *[st.integers(0, 20)] * 4)
STAKEHOLDERS = st.builds(
    CodedStakeholder,
    stakeholder_id=st.integers(1, 10**9),
    name=TEXT,
    sector=TEXT,
    sector_label=TEXT,
    internal=st.booleans(),
    stakeholder_type=st.sampled_from([None, "A", "B", "C"]),
    natural_person=st.booleans(),
    contribution=st.booleans(),
    refusal=st.booleans(),
    medians=st.fixed_dictionaries({name: st.none() | st.integers(1, 3) for name in CRITERIA}),
    points=st.fixed_dictionaries({name: st.integers(0, 9) for name in CRITERIA}),
    proposed=st.none() | CODES,
    code=CODES,
    reason=TEXT,
    votes=VOTES,
    evidence=st.lists(TEXT, max_size=3).map(tuple),
)
AGREEMENT = st.builds(
    Agreement,
    st.sampled_from(CRITERIA),
    MAYBE_ALPHA,
    MAYBE_ALPHA,
    MAYBE_ALPHA,
    st.integers(0, 99),
    st.integers(0, 99),
    TEXT,
    st.integers(0, 1000),
)
DATES = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
ROUNDS = st.builds(
    RoundResult,
    number=st.integers(1, 9),
    title=TEXT,
    occasion=st.sampled_from(["start", "between", "before_pact"]),
    opened_on=DATES,
    closed_on=DATES,
    instrument=st.just(criteria()),
    scheme=st.sampled_from(["dwa_kody", "trzy_kody"]),
    raters=st.integers(0, 20),
    stakeholders=st.lists(STAKEHOLDERS, max_size=4).map(tuple),
    withdrawn=st.lists(st.builds(Withdrawn, st.integers(1, 99), TEXT, TEXT), max_size=2).map(tuple),
    agreement=st.lists(AGREEMENT, max_size=3).map(tuple),
    checksum=st.just(""),
    institutions_agreement=st.lists(AGREEMENT, max_size=3).map(tuple),
)


@settings(max_examples=60)
@given(ROUNDS)
def test_what_is_written_is_what_is_read(result: RoundResult) -> None:
    document = round_to_json(result)
    stored = json.loads(canonical_json(document))
    read = round_from_json(stored, criteria())
    assert replace(read, checksum="") == result
    assert read.checksum == round_checksum(document) == round_checksum(stored)
    assert round_to_json(read) == stored


def test_the_checksum_notices_a_changed_code() -> None:
    result = closed_round(1, [stakeholder(1, "N"), stakeholder(2, "N")])
    changed = closed_round(1, [stakeholder(1, "N"), stakeholder(2, "Z")])
    assert round_checksum(round_to_json(result)) != round_checksum(round_to_json(changed))


def test_corrections_stand_beside_the_round_and_not_in_it() -> None:
    correction = Correction(1, "neutralny", "zwolennik", "pomyłka w protokole", dt.date(2026, 3, 1))
    plain = closed_round(1, [stakeholder(1, "N")])
    mended = replace(plain, corrections=(correction,))
    assert round_to_json(plain) == round_to_json(mended)
    read = round_from_json(round_to_json(plain), criteria(), [correction])
    assert read.stakeholders[0].code == "neutralny"
    assert read.corrected().stakeholders[0].code == "zwolennik"
    assert read.corrected().stakeholders[0].reason == "pomyłka w protokole"


def test_the_version_of_the_criteria_is_the_one_it_was_closed_with() -> None:
    document = round_to_json(closed_round(1, [stakeholder(1)]))
    assert document["instrument"] == {"key": "wyrozniki", "sha256": criteria().sha256}
    with pytest.raises(ValueError, match="closed with"):
        round_from_json(document, replace(criteria(), sha256="f" * 64))


def test_a_document_of_another_time_is_not_guessed_at() -> None:
    document = round_to_json(closed_round(1, [stakeholder(1)])) | {"format": 2}
    with pytest.raises(ValueError, match="format"):
        round_from_json(document, criteria())
