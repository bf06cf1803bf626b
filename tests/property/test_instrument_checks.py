"""However broken a definition is, the check names faults and never falls over; what it passes can be carried out."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.coding_rule import code_of
from survey_app.instrument.loader import instrument_from_document, load_instrument, parse_instrument
from survey_app.instrument.routing import path, written_routing

ANKIETA = Path(__file__).parents[2] / "instruments" / "ankieta.yml"
CRITERIA = ANKIETA.with_name("wyrozniki.yml")
DOCUMENT = dict(load_instrument(ANKIETA).document)
LINES = ANKIETA.read_text(encoding="utf-8").splitlines()
JUNK = st.sampled_from(
    [
        None,
        "",
        "tak",
        "p2",
        "p11",
        "inna",
        "nie ma",
        0,
        -1,
        3,
        2.5,
        True,
        [],
        {},
        ["p5"],
        [None],
        {"id": "p1"},
    ]
)
steady = settings(deadline=None, max_examples=60)


def _places(part: Any, where: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a document, from the outermost in."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [where, *(place for key, value in inner for place in _places(value, (*where, key)))]


PLACES = [place for place in _places(DOCUMENT) if place]
CODING = dict(load_instrument(CRITERIA).document)
CODING_PLACES = [place for place in _places(CODING) if place]
SCENARIO = dict(load_instrument(ANKIETA.with_name("fgi.yml")).document)
SCENARIO_PLACES = [place for place in _places(SCENARIO) if place]
SCENARIO_JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        "",
        "respondent",
        "udzial",
        "idi",
        "{tytuł projektu}",
        0,
        1,
        5,
        90,
        2.5,
        True,
        [],
        {},
        [{}],
        {"id": "g1_1"},
    ]
)
CODING_JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "wplyw", "zwolennik", "ge", "in", "refusal", 0, 1, 9, 2.5, True, [], {}, [{}], {"all": []}]
)


def _replace(document: Any, place: tuple[Any, ...], value: Any) -> None:
    for key in place[:-1]:
        if not isinstance(document, (dict, list)) or (isinstance(document, dict) and key not in document):
            return
        if isinstance(document, list) and not (isinstance(key, int) and key < len(document)):
            return
        document = document[key]
    fits = isinstance(document, dict) or (
        isinstance(document, list) and isinstance(place[-1], int) and place[-1] < len(document)
    )
    if fits:
        document[place[-1]] = value


def faults_of(document: dict[str, Any]) -> list[Fault]:
    """The faults of a stored definition; none when it loads."""
    try:
        instrument_from_document(document)
    except InvalidInputError as refused:
        return refused.faults
    return []


@steady
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=6))
def test_a_document_with_junk_in_it_is_refused_or_works(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    document = copy.deepcopy(DOCUMENT)
    for place, junk in changes:
        _replace(document, place, copy.deepcopy(junk))
    faults = faults_of(document)
    assert all(fault.message and fault.where for fault in faults)
    if faults:
        return
    instrument = instrument_from_document(document)
    assert set(written_routing(instrument)) <= set(instrument.by_id)
    assert path(instrument, {})


@steady
@given(st.lists(st.tuples(st.sampled_from(CODING_PLACES), CODING_JUNK), min_size=1, max_size=6))
def test_criteria_with_junk_in_them_are_refused_or_give_one_code(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    document = copy.deepcopy(CODING)
    for place, junk in changes:
        _replace(document, place, copy.deepcopy(junk))
    faults = faults_of(document)
    assert all(fault.message and fault.where for fault in faults)
    if faults:
        return
    instrument = instrument_from_document(document)
    coding = instrument.definitions.coding
    if coding is not None:
        assert all(code_of(coding, scheme.id, {}, ()) in scheme.codes for scheme in coding.schemes)


@steady
@given(st.lists(st.tuples(st.sampled_from(SCENARIO_PLACES), SCENARIO_JUNK), min_size=1, max_size=6))
def test_a_scenario_with_junk_in_it_is_refused_or_keeps_its_clock(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    document = copy.deepcopy(SCENARIO)
    for place, junk in changes:
        _replace(document, place, copy.deepcopy(junk))
    faults = faults_of(document)
    assert all(fault.message and fault.where for fault in faults)
    if faults:
        return
    instrument = instrument_from_document(document)
    interview = instrument.definitions.interview
    if interview is None:  # another kind of file now
        return
    assert instrument.minutes == sum(section.minutes or 0 for section in instrument.sections)
    asking = {s.id for s in instrument.sections if any(q.number for q in s.questions)}
    assert {topic.section for topic in interview.topics} <= asking
    assert interview.consent.titled("Razem w gminie").count("Razem w gminie") == 1


@steady
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "double", "indent", "cut"])))
)
def test_a_file_with_lines_lost_or_doubled_is_refused_or_works(edits: list[tuple[int, str]]) -> None:
    lines: list[str] = list(LINES)
    for number, edit in sorted(edits, reverse=True):
        line = lines[number]
        lines[number] = {"drop": "", "double": f"{line}\n{line}", "indent": f"  {line}", "cut": line[:-3]}[
            edit
        ]
    instrument, faults = parse_instrument("\n".join(lines), "ankieta.yml")
    assert (instrument is None) == bool(faults)


@steady
@given(st.text(max_size=200))
def test_no_text_whatever_makes_the_check_fall_over(text: str) -> None:
    instrument, faults = parse_instrument(text, "ankieta.yml")
    assert instrument is None
    assert faults
