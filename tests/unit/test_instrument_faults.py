"""Each bad file under `instruments/` and its exact list of faults: nothing missed, nothing invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_app.errors import Fault, InvalidInputError
from survey_app.instrument.fault_codes import FAULT_CODES
from survey_app.instrument.loader import check_file, load_instrument, parse_instrument
from survey_app.instrument.yaml_source import MAX_BYTES, MAX_DEPTH
from survey_app.services.check_instruments import check_files
from tests.unit.test_instrument_coding import EXPECTED as EXPECTED_OF_CRITERIA
from tests.unit.test_instrument_interview import EXPECTED as EXPECTED_OF_SCENARIOS
from tests.unit.test_instrument_paper import EXPECTED as EXPECTED_OF_PAPERS

ELSEWHERE = {**EXPECTED_OF_CRITERIA, **EXPECTED_OF_SCENARIOS, **EXPECTED_OF_PAPERS}
ROOT = Path(__file__).parents[2]
BAD_FILES = Path(__file__).parent / "instruments"
GOOD_FILE = ROOT / "instruments" / "ankieta.yml"

# file: "code place line" of every fault, in the order in which they are told
EXPECTED: dict[str, list[str]] = {
    "keys": [
        "value.not_allowed kind 2",
        "text.missing title 3",
        "type.wrong minutes 4",
        "type.wrong source 5",
        "key.unknown autor 6",
        "text.characters texts.promise_anonymous 7",
        "text.missing texts.introduction 7",
        "key.unknown sections[0].questions[0].askif 15",
        "type.wrong sections[0].questions[0].identifying 16",
        "key.missing sections[0].questions[1] 17",
        "list.length sections[0].questions[1].options 20",
        "value.range sections[0].questions[2].max_items 25",
        "type.wrong sections[0].questions[2].max_length 26",
        "type.wrong sections[0].questions[3] 27",
        "value.range definitions.smallest_cell 28",
        "type.wrong definitions.conventions 28",
    ],
    "ids": [
        "id.doubled sections[0].questions[1].id 10",
        "id.form sections[0].questions[2].id 11",
        "id.form sections[0].questions[3].id 12",
        "id.reserved sections[0].questions[4].id 13",
        "number.doubled sections[0].questions[5].number 14",
        "number.missing sections[0].questions[6] 15",
        "id.doubled sections[1].id 16",
    ],
    "options": [
        "option.none sections[0].questions[0] 9",
        "option.doubled_id sections[0].questions[1].options[1].id 16",
        "option.doubled_label sections[0].questions[1].options[2].label 17",
        "option.doubled_code sections[0].questions[1].options[3].code 18",
        "option.second_decline sections[0].questions[1].options[5] 20",
        "key.not_for_type sections[0].questions[2].options 21",
    ],
    "scales": [
        "scale.none sections[0].questions[0] 9",
        "scale.length sections[0].questions[1].scale 10",
        "scale.anchor_missing sections[0].questions[2].scale 11",
        "scale.anchor_unknown sections[0].questions[3].scale.anchors 12",
        "key.missing sections[0].questions[4].scale 13",
        "number.range sections[0].questions[5].minimum 14",
    ],
    "conditions": [
        "condition.later sections[0].questions[0].ask_if 13",
        "condition.later sections[0].questions[1].ask_if 14",
        "condition.missing sections[0].questions[2].ask_if 15",
        "condition.operator sections[0].questions[3].ask_if.op 16",
        "condition.value sections[0].questions[4].ask_if.value 17",
        "condition.operator sections[0].questions[5].ask_if.op 18",
        "condition.value sections[0].questions[6].ask_if.value 19",
        "condition.value sections[0].questions[7].ask_if.value 20",
        "condition.value_form sections[0].questions[8].ask_if.value 21",
        "condition.value_form sections[0].questions[9].ask_if.value 22",
        "condition.value_form sections[0].questions[10].ask_if 23",
        "condition.value_form sections[0].questions[11].ask_if.value 24",
        "condition.form sections[0].questions[12].ask_if 25",
        "condition.form sections[0].questions[13].ask_if 26",
        "value.not_allowed sections[0].questions[14].ask_if.op 27",
        "condition.value sections[0].questions[15].ask_if.all[1].value 28",
    ],
    "follows": [
        "follows.later sections[0].questions[0].follows 9",
        "follows.missing sections[0].questions[2].follows 11",
        "follows.numbered sections[0].questions[3].number 12",
    ],
    "unreachable": [
        "route.unreachable sections[0].questions[2].ask_if 15",
        "route.unreachable sections[0].questions[3].ask_if 20",
        "route.unreachable sections[0].questions[5].ask_if 26",
        "route.unreachable sections[0].questions[6].ask_if 27",
        "route.unreachable sections[0].questions[7].ask_if 32",
        "route.unreachable sections[0].questions[9].ask_if 38",
    ],
    "tangle": [
        "route.too_complex sections[0].questions[17].ask_if 31",
    ],
    "definitions": [
        "warning.missing sections[0].questions[0] 9",
        "warning.missing sections[0].questions[4] 21",
        "definition.question_missing definitions.complete.of[2] 23",
        "definition.doubled definitions.complete.of 23",
        "complete.at_least definitions.complete.at_least 23",
        "definition.doubled definitions.conventions 25",
        "readiness.skippable definitions.readiness.items[0].question 31",
        "readiness.positive definitions.readiness.items[1].positive 32",
        "readiness.type definitions.readiness.items[2].question 33",
        "definition.question_missing definitions.readiness.items[3].question 34",
        "concreteness.type definitions.readiness.concreteness[0].question 36",
        "concreteness.boxes definitions.readiness.concreteness[1].boxes 37",
        "sectors.option_doubled definitions.sectors 39",
        "sectors.option_missing definitions.sectors 39",
        "sectors.option_unknown definitions.sectors.sectors[0].options 42",
        "sectors.decline definitions.sectors.standalone 44",
        "definition.doubled definitions.sectors.catalogue 46",
        "sectors.option_unknown definitions.sectors.catalogue[0].options 46",
    ],
    "grouping": [
        "sectors.question definitions.sectors.question 12",
        "key.missing definitions.sectors.three_way_labels 13",
        "key.unknown definitions.sectors.three_way_labels.biznes 13",
        "value.not_allowed definitions.sectors.sectors[0].three_way 15",
    ],
    "yaml_alias": [
        "yaml.alias plik 2",
    ],
    "yaml_tag": [
        "yaml.tag plik 2",
    ],
    "yaml_key": [
        "yaml.key plik 2",
    ],
    "yaml_documents": [
        "yaml.documents plik 2",
    ],
    "yaml_syntax": [
        "yaml.syntax plik 4",
    ],
    "yaml_duplicate_key": [
        "yaml.duplicate_key plik 6",
        "yaml.duplicate_key plik 8",
    ],
    "file_name": [
        "file.name key 1",
    ],
    "file_empty": [
        "file.empty plik -",
    ],
}
# Faults of bytes, limits and names, made in the tests below.
MADE_HERE = {
    "file.unreadable",
    "file.size",
    "file.encoding",
    "yaml.characters",
    "yaml.depth",
    "text.too_long",
}


def codes(faults: list[Fault]) -> list[str]:
    return [fault.code for fault in faults]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_file_is_told_all_its_faults_at_once(name: str) -> None:
    instrument, faults = check_file(BAD_FILES / f"{name}.yml")
    assert instrument is None
    assert [f"{fault.code} {fault.where} {fault.line or '-'}" for fault in faults] == EXPECTED[name]


def test_every_bad_file_is_expected() -> None:
    assert {path.stem for path in BAD_FILES.glob("*.yml")} == {*EXPECTED, *ELSEWHERE}


def test_every_fault_code_has_a_file_or_a_test_that_provokes_it() -> None:
    expected = (*EXPECTED.values(), *ELSEWHERE.values())
    provoked = {line.split()[0] for lines in expected for line in lines}
    assert provoked | MADE_HERE == FAULT_CODES


def test_every_fault_code_is_explained_in_the_documentation() -> None:
    explained = set(
        re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", (ROOT / "docs" / "instruments.md").read_text("utf-8"), re.M)
    )
    assert explained == FAULT_CODES


def test_every_fault_says_what_to_do() -> None:
    for name in (*EXPECTED, *ELSEWHERE):
        for fault in check_files([BAD_FILES / f"{name}.yml"])[0][1]:
            assert fault.message.endswith("."), fault
            assert fault.hint, fault


def test_a_misspelt_key_is_told_what_was_meant() -> None:
    faults = check_file(BAD_FILES / "keys.yml")[1]
    assert any("Czy chodziło o „ask_if”?" in str(fault) for fault in faults)


def test_loading_a_bad_file_raises_with_all_faults() -> None:
    with pytest.raises(InvalidInputError) as refused:
        load_instrument(BAD_FILES / "follows.yml")
    assert codes(refused.value.faults) == ["follows.later", "follows.missing", "follows.numbered"]
    assert "follows.yml" in refused.value.message


def test_checking_many_files_keeps_their_order_and_their_faults_apart() -> None:
    checked = check_files([GOOD_FILE, BAD_FILES / "file_empty.yml"])
    assert [(path.name, codes(faults)) for path, faults in checked] == [
        ("ankieta.yml", []),
        ("file_empty.yml", ["file.empty"]),
    ]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = check_file(tmp_path / "nie_ma.yml")[1]
    assert fault.code == "file.unreadable"
    assert "nie ma takiego pliku" in fault.message


def test_a_file_in_cp1250_is_told_so_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "stary.yml"
    file.write_bytes("key: stary\ntitle: Gęś\n".encode("cp1250"))
    (fault,) = check_file(file)[1]
    assert (fault.code, fault.line) == ("file.encoding", 2)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "ankieta.yml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD_FILE.read_bytes())
    assert check_file(file)[1] == []


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "wielki.yml"
    file.write_text("key: x\n" + "#" * MAX_BYTES, encoding="utf-8")
    assert codes(check_file(file)[1]) == ["file.size"]
    assert codes(parse_instrument("#" * (MAX_BYTES + 1), "wielki.yml")[1]) == ["file.size"]


def test_endless_nesting_is_refused_and_does_not_crash() -> None:
    deep = MAX_DEPTH * 400
    assert codes(parse_instrument("key: " + "[" * deep + "]" * deep, "gleboki.yml")[1]) == ["yaml.depth"]


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
    assert codes(parse_instrument(bomb, "bomba.yml")[1]) == ["yaml.alias"]


@pytest.mark.parametrize("text", ["key: a\x00b", "key: a\x1bb"])
def test_a_control_character_is_refused(text: str) -> None:
    assert codes(parse_instrument(text, "znak.yml")[1]) == ["yaml.characters"]


@pytest.mark.parametrize("escape", [r"\uD800", r"\x00", r"\u202E"])
def test_an_escaped_character_that_no_page_can_show_is_refused(escape: str) -> None:
    text = GOOD_FILE.read_text("utf-8").replace("title: Ankieta\n", f'title: "Ankieta{escape}"\n')
    assert codes(parse_instrument(text, "ankieta.yml")[1]) == ["text.characters"]


def test_an_impossible_escape_is_a_fault_and_not_a_crash() -> None:
    assert codes(parse_instrument(r'key: "\UFFFFFFFF"', "znak.yml")[1]) == ["yaml.syntax"]


def test_a_text_longer_than_its_place_is_refused() -> None:
    text = GOOD_FILE.read_text("utf-8").replace("title: Ankieta\n", f"title: {'A' * 201}\n")
    assert codes(parse_instrument(text, "ankieta.yml")[1]) == ["text.too_long"]
