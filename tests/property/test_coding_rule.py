"""A scheme that passes the check gives exactly one code, whatever the scores; one that does not is always found.

The judge here is written on its own: it reads the document, not the model, and tries every combination itself.
"""

from __future__ import annotations

import copy
import itertools
import operator
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from survey_app.config import INSTRUMENTS
from survey_app.errors import InvalidInputError
from survey_app.instrument.coding_rule import code_of, rank
from survey_app.instrument.loader import instrument_from_document, load_instrument
from survey_app.instrument.model import Coding, Fact, Instrument

CRITERIA = load_instrument(INSTRUMENTS / "wyrozniki.yml")
DOCUMENT = dict(CRITERIA.document)
NAMES = ("wplyw", "wiedza", "zainteresowanie")
COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
ORDER = ("zwolennik", "neutralny", "przeciwnik")  # from the most to the least favourable

Situation = tuple[dict[str, int | None], frozenset[str]]


def situations(points: dict[str, range]) -> Iterator[Situation]:
    """Every combination of medians, missing ones among them, and facts."""
    scores = [[None, *points[name]] for name in NAMES]
    for medians in itertools.product(*scores):
        for facts in ((), ("contribution",), ("refusal",), ("contribution", "refusal")):
            yield dict(zip(NAMES, medians, strict=True)), frozenset(facts)


def holds(term: dict[str, Any], situation: Situation) -> bool:
    medians, facts = situation
    if "fact" in term:
        return bool((term["fact"] in facts) == term.get("holds", True))
    median = medians[term["criterion"]]
    return median is not None and bool(COMPARE[term["op"]](median, term["value"]))


def fitting(rules: list[dict[str, Any]], situation: Situation) -> list[str]:
    """Every code whose rule applies; those of `otherwise` where no other does."""
    stated = [
        rule["code"]
        for rule in rules
        if any(all(holds(term, situation) for term in clause["all"]) for clause in rule.get("any", []))
    ]
    return stated or [rule["code"] for rule in rules if rule.get("otherwise")]


def judged(rules: list[dict[str, Any]], points: dict[str, range]) -> set[str]:
    """The codes of all faults that the rules have, by brute force."""
    found = {(tuple(m.items()), f): fitting(rules, (m, f)) for m, f in situations(points)}
    faults = set()
    for (medians, facts), codes in found.items():
        if len(codes) > 1:
            faults.add("coding.overlap")
        if not codes:
            faults.add("coding.gap")
        if "przeciwnik" in codes and "refusal" not in facts:
            faults.add("coding.opponent")
        interest = dict(medians)["zainteresowanie"]
        if interest is None or interest + 1 not in points["zainteresowanie"]:
            continue
        higher = found[tuple({**dict(medians), "zainteresowanie": interest + 1}.items()), facts]
        if len(codes) == len(higher) == 1 and ORDER.index(higher[0]) > ORDER.index(codes[0]):
            faults.add("coding.interest_lowers")
    everywhere = [(m, f) for m, f in situations(points)]
    for rule in rules:
        clauses = rule.get("any", [])
        alone = [any(all(holds(t, each) for t in clause["all"]) for each in everywhere) for clause in clauses]
        never = rule.get("otherwise") and not any(rule["code"] in codes for codes in found.values())
        if never or not all(alone):
            faults.add("coding.rule_idle")
    return faults


def told(document: dict[str, Any]) -> tuple[Instrument | None, set[str]]:
    try:
        return instrument_from_document(document), set()
    except InvalidInputError as refused:
        return None, {fault.code for fault in refused.faults}


facts = st.fixed_dictionaries(
    {"fact": st.sampled_from(["contribution", "refusal"])}, optional={"holds": st.booleans()}
)


def scores(points: dict[str, range]) -> st.SearchStrategy[dict[str, Any]]:
    def term(name: str) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {
                "criterion": st.just(name),
                "op": st.sampled_from(sorted(COMPARE)),
                "value": st.sampled_from(list(points[name])),
            }
        )

    return st.sampled_from(("zainteresowanie", *NAMES)).flatmap(term)


@st.composite
def generated(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, range]]:
    """A definition with other scales and one scheme of other rules; often with `otherwise`, so that some pass."""
    document = copy.deepcopy(DOCUMENT)
    points = {}
    for section in document["sections"]:
        for question in section["questions"]:
            high = draw(st.integers(2, 4))
            points[question["id"]] = range(1, high + 1)
            question["scale"] = {
                "low": 1,
                "high": high,
                "anchors": {str(i): "opis" for i in points[question["id"]]},
            }
    clause = st.fixed_dictionaries(
        {"all": st.lists(st.one_of(scores(points), facts), min_size=1, max_size=3)}
    )
    codes = draw(st.sampled_from([ORDER[:2], ORDER]))
    rules: list[dict[str, Any]] = [
        {"code": code, "any": draw(st.lists(clause, min_size=1, max_size=2))} for code in codes
    ]
    if draw(st.booleans()):
        rules[1] = {"code": "neutralny", "otherwise": True}
    if len(rules) == 3 and draw(st.booleans()):
        rules[2]["any"] = [{"all": [{"fact": "refusal"}]}]
        for one in rules[0]["any"]:
            one["all"].append({"fact": "refusal", "holds": False})
    document["definitions"]["coding"]["schemes"] = [
        {"id": "proba", "label": "Próba", "description": "Wylosowane reguły.", "rules": rules}
    ]
    return document, rules, points


def exactly_one_code(coding: Coding, scheme: str, points: dict[str, range]) -> None:
    """For every situation one code, and more interest never a less favourable one."""
    for medians, held in situations(points):
        code = code_of(coding, scheme, medians, frozenset(Fact(fact) for fact in held))
        interest = medians["zainteresowanie"]
        if interest is None or interest + 1 not in points["zainteresowanie"]:
            continue
        higher = {**medians, "zainteresowanie": interest + 1}
        raised = code_of(coding, scheme, higher, frozenset(Fact(fact) for fact in held))
        assert rank(coding, raised) >= rank(coding, code)


@pytest.mark.parametrize("scheme", ["dwa_kody", "trzy_kody"])
def test_the_shipped_schemes_give_exactly_one_code_and_reward_interest(scheme: str) -> None:
    coding = CRITERIA.definitions.coding
    assert coding is not None
    points = {name: range(1, 4) for name in NAMES}
    exactly_one_code(coding, scheme, points)
    rules = next(s for s in DOCUMENT["definitions"]["coding"]["schemes"] if s["id"] == scheme)["rules"]
    assert judged(rules, points) == set()
    for medians, held in situations(points):
        expected = fitting(rules, (medians, held))
        assert [code_of(coding, scheme, medians, frozenset(Fact(fact) for fact in held))] == expected


@settings(deadline=None, max_examples=300)
@given(generated())
def test_the_check_finds_what_brute_force_finds_and_nothing_else(
    made: tuple[dict[str, Any], list[dict[str, Any]], dict[str, range]],
) -> None:
    document, rules, points = made
    instrument, faults = told(document)
    assert faults == judged(rules, points)
    event("passed" if instrument else "refused")
    if instrument is not None:
        coding = instrument.definitions.coding
        assert coding is not None
        exactly_one_code(coding, "proba", points)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_other_thresholds_of_the_shipped_schemes_pass_or_are_told(data: st.DataObject) -> None:
    """What a coordinator changes by form: the values of the comparisons."""
    document = copy.deepcopy(DOCUMENT)
    points = {name: range(1, 4) for name in NAMES}
    for scheme in document["definitions"]["coding"]["schemes"]:
        for rule in scheme["rules"]:
            for clause in rule.get("any", []):
                for term in clause["all"]:
                    if "criterion" in term:
                        term["value"] = data.draw(st.integers(1, 3))
    instrument, faults = told(document)
    assert instrument is not None, faults
    coding = instrument.definitions.coding
    assert coding is not None
    for scheme in coding.schemes:
        exactly_one_code(coding, scheme.id, points)
