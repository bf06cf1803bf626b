"""Papers, processes, registers, arguments: bad files with their exact faults, in the order in which they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_app.services.check_instruments import check_files

BAD_FILES = Path(__file__).parent / "instruments"

# file: "code place line" of every fault
EXPECTED: dict[str, list[str]] = {
    "calculator_elsewhere": ["definition.not_for_kind definitions.paper.calculator 14"],
    "calculator_parts": [
        "list.length sections[1].questions 10",
        "calculator.result definitions.paper.calculator.result 15",
        "calculator.result definitions.paper.calculator.break_even 16",
        "calculator.section definitions.paper.calculator.assumptions[1].section 20",
        "calculator.bounds definitions.paper.calculator.assumptions[1].smallest 20",
        "calculator.unused definitions.paper.calculator.assumptions[1] 20",
        "value.not_allowed definitions.paper.calculator.assumptions[2].unit 21",
        "calculator.label definitions.paper.calculator.assumptions[2].name 21",
        "id.doubled definitions.paper.calculator.assumptions[3].id 22",
        "calculator.unused definitions.paper.calculator.assumptions[3] 22",
        "calculator.default definitions.paper.calculator.assumptions[3].default 28",
        "calculator.formula definitions.paper.calculator.groups[0].lines[0].formula 33",
        "calculator.name definitions.paper.calculator.groups[0].lines[1].formula 34",
        "calculator.zero definitions.paper.calculator.groups[0].lines[2].formula 35",
        "id.doubled definitions.paper.calculator.groups[0].lines[3].id 36",
        "calculator.formula definitions.paper.calculator.groups[0].lines[3].formula 36",
    ],
    "arguments_parts": [
        "file.name key 1",
        "id.doubled barriers[1].id 7",
        "list.length services[0].words 9",
        "arguments.breaks services[0].breaks 9",
        "key.missing services[1] 10",
        "key.unknown services[1].zrodlo 10",
        "id.doubled components[0].id 14",
        "arguments.component components[1].component 15",
    ],
    "paper_body": [
        "paper.body definitions.paper 8",
    ],
    "paper_none": [
        "paper.none definitions 1",
    ],
    "paper_parts": [
        "key.not_for_kind sections[0].questions[0].number 9",
        "paper.column sections[0].tables[0].columns[0] 15",
        "id.doubled sections[0].tables[0].columns[1].id 16",
        "paper.column sections[0].tables[0].columns[1] 16",
        "number.range sections[0].tables[0].columns[2].minimum 17",
        "key.not_for_type sections[0].tables[0].columns[3].minimum 18",
        "id.doubled sections[0].tables[1].id 19",
        "number.range sections[0].tables[2].rows[0].minimum 23",
        "paper.named_by definitions.paper 26",
        "paper.unknown definitions.paper.points 28",
        "paper.unknown definitions.paper.prefill[0].into 30",
        "paper.unknown definitions.paper.prefill[1].from 31",
        "paper.register definitions.paper.prefill[2].into 32",
        "paper.unknown definitions.paper.body[0].text 34",
        "paper.unknown definitions.paper.body[0].text 34",
        "paper.unknown definitions.paper.body[0].when[0].is 35",
        "paper.unknown definitions.paper.body[1].when[0].question 37",
        "paper.deadline definitions.paper.deadlines[0] 39",
        "paper.deadline definitions.paper.deadlines[1] 40",
        "paper.in_order definitions.paper.in_order[0].first 42",
        "paper.in_order definitions.paper.in_order[0].then 42",
        "paper.unknown definitions.paper.signatories[0].table 44",
        "paper.unknown definitions.paper.signatories[1].name 45",
        "paper.unknown definitions.paper.reasons[0].in 46",
    ],
    "paper_questionnaire": [
        "key.not_for_type sections[0].questions[0].box 9",
        "key.not_for_kind sections[0].questions[0].box 9",
        "key.not_for_kind sections[0].tables 10",
        "definition.not_for_kind definitions.paper 12",
    ],
    "process_parts": [
        "file.name key 1",
        "process.after stages[0].steps[0].after 12",
        "process.path stages[0].steps[1].paths 19",
        "process.need stages[0].steps[1].needs[0] 21",
        "process.need stages[0].steps[1].needs[1] 22",
        "process.need stages[0].steps[1].needs[2] 23",
        "process.need stages[0].steps[1].needs[3] 24",
        "id.doubled stages[0].steps[2].id 25",
    ],
    "register_elsewhere": ["definition.not_for_kind definitions.register 10"],
    "register_none": ["register.none definitions 1"],
    "register_parts": [
        "key.not_for_kind sections[0].questions[0].number 6",
        "id.reserved sections[0].questions[1].id 6",
        "register.question definitions.register.named_by 12",
        "register.question definitions.register.required[1] 13",
        "register.question definitions.register.due 14",
        "register.question definitions.register.late_after_start 15",
        "register.question definitions.register.in_order[0].first 16",
        "register.level definitions.register.about 17",
        "register.state definitions.register.states[0].final 19",
        "id.doubled definitions.register.states[1].id 20",
        "register.after definitions.register.log[0].after 22",
        "register.question definitions.register.hour 24",
        "register.question definitions.register.hour 24",
        "register.question definitions.register.place 25",
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_paper_process_register_or_library_is_told_all_its_faults_at_once(name: str) -> None:
    ((_, faults),) = check_files([BAD_FILES / f"{name}.yml"])
    assert [f"{fault.code} {fault.where} {fault.line or '-'}" for fault in faults] == EXPECTED[name]


def test_a_misspelt_place_is_told_what_was_meant() -> None:
    ((_, faults),) = check_files([BAD_FILES / "paper_parts.yml"])
    assert any("Czy chodziło o „forma”?" in str(fault) for fault in faults)
    assert any("Czy chodziło o „team_rows”?" in str(fault) for fault in faults)


def test_a_good_process_has_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "proces.yml"
    file.write_text(GOOD_PROCESS, encoding="utf-8")
    assert check_files([file]) == [(file, [])]
    file.write_text(GOOD_PROCESS.replace("kind: process", "kind: proces"), encoding="utf-8")
    ((_, faults),) = check_files([file])
    assert "value.not_allowed" in {fault.code for fault in faults}


GOOD_PROCESS = """\
key: proces
kind: process
title: Proces próbny
source: Wzór do testów
paths:
  - {id: pelna, label: Pełna, description: Wszystko po kolei.}
stages:
  - id: pierwszy
    title: Pierwszy
    summary: Początek.
    steps:
      - {id: krok, title: Krok, why: Po co, help: Jak, gives: Co, source: "000", paths: [pelna]}
"""
