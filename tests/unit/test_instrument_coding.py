"""Bad criteria and their exact faults; what the shipped criteria are; the words that faults and reports use."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.config import INSTRUMENTS
from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.coding_rule import code_of, proposal, rank, rule_criteria
from survey_app.instrument.loader import check_file, instrument_from_document, load_instrument
from survey_app.instrument.model import AnswerType, Coding, Fact, Kind, Stance
from survey_app.services.check_instruments import check_files

BAD_FILES = Path(__file__).parent / "instruments"
GOOD_FILE = INSTRUMENTS / "wyrozniki.yml"
CRITERIA = load_instrument(GOOD_FILE)
NAME = "„Zainteresowanie zatrudnieniem socjalnym”"

# file: "code place line" of every fault, in the order in which they are told
EXPECTED: dict[str, list[str]] = {
    "coding_codes": [
        "coding.axes definitions.coding.interest 12",
        "value.range definitions.coding.minimum_ratings 13",
        "definition.doubled definitions.coding.codes 15",
        "coding.stances definitions.coding.codes 15",
        "coding.order definitions.coding.codes 15",
        "definition.doubled definitions.coding.schemes 18",
        "coding.few_codes definitions.coding.schemes[0].rules 22",
        "coding.code_unknown definitions.coding.schemes[1].rules[0].code 27",
        "coding.code_doubled definitions.coding.schemes[1].rules[2].code 29",
        "coding.otherwise definitions.coding.schemes[1].rules[2] 29",
    ],
    "coding_many": [
        "coding.too_many definitions.coding.schemes[0].rules 27",
    ],
    "coding_none": [
        "coding.many_criteria sections 6",
        "coding.criterion_type sections[0].questions[0].type 8",
        "coding.criterion_path sections[0].questions[1].ask_if 9",
        "coding.criterion_path sections[0].questions[2].follows 10",
        "definition.not_for_kind definitions.complete 16",
        "coding.none definitions 16",
    ],
    "coding_questionnaire": [
        "definition.not_for_kind definitions.coding 12",
    ],
    "coding_rules": [
        "coding.overlap definitions.coding.schemes[0].rules 24",
        "coding.gap definitions.coding.schemes[0].rules 24",
        "coding.rule_idle definitions.coding.schemes[1].rules[0].any[1] 30",
        "coding.rule_idle definitions.coding.schemes[1].rules[1] 31",
        "coding.interest_lowers definitions.coding.schemes[2].rules 37",
        "coding.opponent definitions.coding.schemes[3].rules 43",
    ],
    "coding_terms": [
        "definition.question_missing definitions.coding.influence 12",
        "coding.rule_form definitions.coding.schemes[0].rules[0] 23",
        "coding.operator definitions.coding.schemes[0].rules[0].any[0].all[0].op 27",
        "coding.operator definitions.coding.schemes[0].rules[0].any[0].all[1].op 28",
        "coding.value definitions.coding.schemes[0].rules[0].any[0].all[1].value 28",
        "coding.value definitions.coding.schemes[0].rules[0].any[0].all[2].value 29",
        "definition.question_missing definitions.coding.schemes[0].rules[0].any[0].all[3].criterion 30",
        "coding.term_form definitions.coding.schemes[0].rules[0].any[0].all[4] 31",
        "coding.term_form definitions.coding.schemes[0].rules[0].any[0].all[5] 32",
        "value.not_allowed definitions.coding.schemes[0].rules[0].any[0].all[6].fact 33",
        "type.wrong definitions.coding.schemes[0].rules[0].any[0].all[8].holds 35",
        "coding.term_form definitions.coding.schemes[0].rules[0].any[0].all[9] 36",
        "coding.rule_form definitions.coding.schemes[0].rules[1] 37",
    ],
}


def shipped() -> Coding:
    coding = CRITERIA.definitions.coding
    assert coding is not None
    return coding


def told(document: dict[str, Any]) -> list[Fault]:
    """The faults of a changed definition."""
    with pytest.raises(InvalidInputError) as refused:
        instrument_from_document(document)
    return refused.value.faults


def changed_rules(scheme: int, rules: list[dict[str, Any]]) -> dict[str, Any]:
    document = copy.deepcopy(dict(CRITERIA.document))
    document["definitions"]["coding"]["schemes"][scheme]["rules"] = rules
    return document


def when(code: str, *clauses: list[dict[str, Any]]) -> dict[str, Any]:
    return {"code": code, "any": [{"all": clause} for clause in clauses]}


def interest(op: str, value: int) -> dict[str, Any]:
    return {"criterion": "zainteresowanie", "op": op, "value": value}


@pytest.mark.parametrize("name", EXPECTED)
def test_bad_criteria_are_told_all_their_faults_at_once(name: str) -> None:
    instrument, faults = check_file(BAD_FILES / f"{name}.yml")
    assert instrument is None
    assert [f"{fault.code} {fault.where} {fault.line or '-'}" for fault in faults] == EXPECTED[name]


def test_the_command_accepts_the_shipped_criteria() -> None:
    assert check_files([GOOD_FILE]) == [(GOOD_FILE, [])]
    good = CliRunner().invoke(main, ["instrument", "check", str(GOOD_FILE)])
    assert (good.exit_code, "bez błędów" in good.output) == (0, True)
    bad = CliRunner().invoke(main, ["instrument", "check", str(BAD_FILES / "coding_rules.yml")])
    assert bad.exit_code != 0
    assert "„Zapał” 2, wkład zapisany w katalogu: pasują dwa kody: Za i Nie wiadomo." in bad.output


def test_the_shipped_criteria_are_the_two_of_the_source_with_an_anchor_at_every_point() -> None:
    assert CRITERIA.kind is Kind.CODING_CRITERIA
    assert [question.id for question in CRITERIA.questions] == ["wplyw", "wiedza", "zainteresowanie"]
    for question in CRITERIA.questions:
        assert question.type is AnswerType.SCALE
        assert question.scale is not None
        assert (question.scale.low, question.scale.high) == (1, 3)
        assert all(len(anchor) > 20 for anchor in question.scale.anchors.values())
    assert [section.intro for section in CRITERIA.sections if section.intro] == [
        "Siła oddziaływania danej instytucji na kierunki i sposób realizacji lokalnej polityki społecznej w gminie.",
        "Poziom wiedzy i zainteresowania problematyką zatrudnienia socjalnego jako istotnego elementu ekonomii "
        "społecznej. Wiedzę i zainteresowanie ocenia się osobno: można wiedzieć mało, a być bardzo zainteresowanym.",
    ]


def test_the_shipped_rule_is_the_method() -> None:
    coding = shipped()
    both = frozenset({Fact.CONTRIBUTION, Fact.REFUSAL})
    expected = {
        (3, frozenset()): ("zwolennik", "zwolennik"),
        (2, frozenset()): ("neutralny", "neutralny"),
        (2, frozenset({Fact.CONTRIBUTION})): ("zwolennik", "zwolennik"),
        (1, frozenset({Fact.CONTRIBUTION})): ("neutralny", "neutralny"),
        (3, frozenset({Fact.REFUSAL})): ("zwolennik", "przeciwnik"),
        (2, both): ("zwolennik", "przeciwnik"),
        (None, frozenset()): ("neutralny", "neutralny"),
        (None, frozenset({Fact.REFUSAL})): ("neutralny", "przeciwnik"),
    }
    for (points, facts), (two, three) in expected.items():
        medians = {"wplyw": 1, "wiedza": 1, "zainteresowanie": points}
        assert code_of(coding, "dwa_kody", medians, facts) == two
        assert code_of(coding, "trzy_kody", medians, facts) == three


def test_no_code_is_proposed_under_three_points_for_what_the_rule_asks_about() -> None:
    coding = shipped()
    medians = {"wplyw": None, "wiedza": None, "zainteresowanie": 3}
    assert rule_criteria(coding.scheme("dwa_kody")) == {"zainteresowanie"}
    assert proposal(coding, "dwa_kody", medians, {"zainteresowanie": 3}, ()) == "zwolennik"
    assert proposal(coding, "dwa_kody", medians, {"zainteresowanie": 2, "wiedza": 9}, ()) is None
    assert proposal(coding, "dwa_kody", medians, {}, ()) is None


def test_a_code_ranks_by_its_place_in_the_file() -> None:
    coding = shipped()
    assert [rank(coding, code) for code in ("zwolennik", "neutralny", "przeciwnik")] == [2, 1, 0]
    with pytest.raises(KeyError):
        rank(coding, "inny")
    with pytest.raises(KeyError):
        code_of(coding, "inny", {}, ())


def test_an_overlap_and_a_gap_are_told_in_the_scores_concerned() -> None:
    rules = [
        when("zwolennik", [interest("ge", 3)], [interest("ge", 2), {"fact": "contribution"}]),
        when("neutralny", [interest("le", 2)]),
    ]
    assert [fault.message for fault in told(changed_rules(0, rules))] == [
        f"{NAME} 2, wkład zapisany w katalogu: pasują dwa kody: Zwolennik i Neutralny.",
        f"{NAME} bez oceny: nie pasuje żaden kod.",
    ]


def test_no_more_than_five_situations_are_told_and_then_how_many_more() -> None:
    def compared(criterion: str, point: int) -> list[dict[str, Any]]:
        return [{"criterion": criterion, "op": "eq", "value": point}]

    pairs = [
        [*compared("wplyw", a), *compared("wiedza", b), *compared("zainteresowanie", c)]
        for a, b, c in ((1, 1, 1), (1, 2, 2), (2, 1, 3), (2, 3, 2), (3, 2, 1), (3, 3, 3))
    ]
    rules = [when("zwolennik", *pairs), when("neutralny", *pairs), {"code": "przeciwnik", "otherwise": True}]
    faults = [fault for fault in told(changed_rules(0, rules)) if fault.code == "coding.overlap"]
    assert len(faults) == 5
    # each of the six situations is four combinations: contribution and refusal do not matter
    assert faults[-1].message.endswith("Takich układów ocen jest więcej: jeszcze 4.")


def test_low_knowledge_never_makes_an_opponent() -> None:
    rules = [
        when("przeciwnik", [{"criterion": "wiedza", "op": "eq", "value": 1}]),
        {"code": "neutralny", "otherwise": True},
    ]
    (fault,) = told(changed_rules(1, rules))
    assert fault.code == "coding.opponent"
    assert fault.message.startswith("„Wiedza o zatrudnieniu socjalnym” 1, bez zapisanej odmowy udziału: ")


def test_reports_print_the_numbers_and_rules_that_are_carried_out() -> None:
    document = copy.deepcopy(dict(CRITERIA.document))
    coding = document["definitions"]["coding"]
    coding["minimum_ratings"] = 5
    coding["schemes"][0]["rules"][0]["any"][0]["all"][0]["value"] = 2
    texts = {c.id: c.text for c in instrument_from_document(document).definitions.conventions}
    assert texts["minimum_ratings"].endswith("oceniło co najmniej 5\xa0osób.")
    assert f"Zwolennik: ocena {NAME} co najmniej 2; albo" in texts["rule_dwa_kody"]
    assert "Neutralny: w każdym innym przypadku." in texts["rule_dwa_kody"]


def test_a_stored_version_is_read_back_as_the_same_criteria() -> None:
    assert instrument_from_document(CRITERIA.document) == CRITERIA
    assert [code.stance for code in shipped().codes] == list(Stance)
