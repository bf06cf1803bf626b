"""The protocol of an interview on paper: consent first, every question with room, tagged, and nobody's name."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

import pikepdf
import pytest

from survey_app.analysis.pdf.protocol import render_protocol
from survey_app.instrument.loader import load_instrument
from survey_app.instrument.model import Instrument
from tests.unit.test_pdf import tags, text_of

FOLDER = Path(__file__).parents[2] / "instruments"
IDI, FGI = (load_instrument(FOLDER / f"{key}.yml") for key in ("idi", "fgi"))
BOTH = pytest.mark.parametrize("scenario", [IDI, FGI], ids=lambda scenario: scenario.key)


def sheet(scenario: Instrument) -> bytes:
    return render_protocol(scenario, "Janów Lubelski")


def plain(text: str | None) -> str:
    return " ".join((text or "").split())


@BOTH
def test_the_same_scenario_is_the_same_file(scenario: Instrument) -> None:
    assert sheet(scenario) == sheet(scenario)


@BOTH
def test_it_asks_for_consent_before_it_asks_anything_else(scenario: Instrument) -> None:
    interview = scenario.definitions.interview
    assert interview is not None
    text = text_of(sheet(scenario)).replace("\u00a0", " ")
    consent = interview.consent
    order = [consent.purpose, consent.rules, consent.question, consent.evidence_question, consent.readers]
    places = [text.find(words) for words in (*order, plain(scenario.numbered[0].text))]
    assert -1 not in places
    assert places == sorted(places)
    assert "projektu „………" in text


@BOTH
def test_every_part_has_its_minutes_its_words_and_its_questions(scenario: Instrument) -> None:
    text = text_of(sheet(scenario)).replace("\u00a0", " ")
    for section, begins, ends in scenario.timed_sections:
        assert f"od {begins}. do {ends}. minuty" in text
        assert plain(section.title) in text
        assert plain(section.read_aloud) in text
    for question in scenario.numbered:
        assert f"{question.number}. {question.text}" in text
        assert all(f"Dopytanie: {probe}" in text for probe in question.probes)
    for convention in scenario.definitions.conventions:
        assert convention.text in text


def test_one_person_has_boxes_and_a_group_has_letters_and_nobody_a_name() -> None:
    idi, fgi = text_of(sheet(IDI)), text_of(sheet(FGI))
    assert idi.count("TAK NIE") == 2
    assert fgi.count("TAK / NIE") == 2 * 12
    assert re.findall(r"\b([A-Z]) TAK / NIE", fgi) == list("ABCDEFGHIJKL")
    for text in (idi, fgi):
        assert "imię" not in text.lower()
        assert "podpis" not in text.lower()


def test_the_first_page_of_an_idi_holds_consent_and_the_persons_fields() -> None:
    with pikepdf.open(io.BytesIO(sheet(IDI))) as file:
        first = pikepdf.new()
        first.pages.append(file.pages[0])
        page = io.BytesIO()
        first.save(page)
    text = text_of(page.getvalue())
    assert "Data" in text
    assert "Moderator" in text
    assert all(field.text in text.replace("\u00a0", " ") for field in IDI.respondent_fields)


@BOTH
def test_it_is_tagged_and_headings_never_skip_a_level(scenario: Instrument) -> None:
    found = tags(sheet(scenario))
    levels = [int(tag[1]) for tag in found if re.fullmatch(r"H\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert found.count("Table") == (1 if scenario is FGI else 0)


def test_what_a_gmina_is_called_never_breaks_it() -> None:
    text = text_of(render_protocol(IDI, "<b>Łęg & Ślęza</b> 😀"))
    assert "<b>Łęg & Ślęza</b> [emoji]" in text


def test_an_ankieta_has_no_protocol() -> None:
    with pytest.raises(ValueError, match="ankieta"):
        render_protocol(load_instrument(FOLDER / "ankieta.yml"), "Janów Lubelski")
