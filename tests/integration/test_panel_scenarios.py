"""The pages of scenarios: everything that a moderator says and asks, with its minutes, and the sheet for paper."""

from __future__ import annotations

import html

import pytest
from flask import Flask

from survey_app.errors import NotFoundError
from survey_app.instrument.model import Kind
from survey_app.services.context import Context
from survey_app.services.interviewing import scenarios
from tests.integration.staff import GMINA, Staff, staff

PAGE = f"/panel/{GMINA}/wywiady/scenariusze"


@pytest.fixture
def jan(app: Flask) -> Staff:
    return staff(app, "jan@example.org")


def words_of(person: Staff, address: str) -> str:
    """The page, with numbers no longer tied to their words."""
    return html.unescape(person.get(address)).replace("\u00a0", " ")


def test_a_scenario_is_published_once_per_content(context: Context) -> None:
    first, again = (scenarios.publish_scenario(context, "idi") for _ in range(2))
    assert (first.id, first.key, first.version) == (again.id, "idi", 1)
    found = scenarios.current_scenarios(context)
    assert [(each.key, each.kind, each.minutes) for each in found] == [
        ("idi", Kind.INTERVIEW_SCENARIO, 55),
        ("fgi", Kind.INTERVIEW_SCENARIO, 90),
    ]
    assert scenarios.scenario_of(first) == found[0]


@pytest.mark.parametrize("form", ["ankieta", "wyrozniki", "", "../idi", "IDI"])
def test_nothing_else_is_a_scenario(context: Context, form: str) -> None:
    with pytest.raises(NotFoundError):
        scenarios.publish_scenario(context, form)


def test_the_list_has_both_with_people_minutes_and_whose_they_are(jan: Staff) -> None:
    page = words_of(jan, PAGE)
    assert "55 minut (może być od 45 do 60)" in page
    assert "90 minut (może być od 60 do 120)" in page
    assert "od 6 do 12 osób" in page
    assert "Scenariusz własny tego projektu" in page
    assert "do wykorzystania (dokument 004)" in page


@pytest.mark.parametrize("form", ["idi", "fgi"])
def test_a_scenario_is_read_whole(jan: Staff, sqlite_context: Context, form: str) -> None:
    page = words_of(jan, f"{PAGE}/{form}")
    scenario = scenarios.current_scenario(sqlite_context, form)
    interview = scenario.definitions.interview
    assert interview is not None
    said = [
        *(text for section in scenario.sections for text in (section.read_aloud or "").split("\n\n")),
        *(f"{question.number}. {question.text}" for question in scenario.numbered),
        *(probe for question in scenario.questions for probe in question.probes),
        *(field.text for field in scenario.respondent_fields),
        *(topic.definition for topic in interview.topics),
        *(topic.example for topic in interview.topics),
        *scenario.source.mends,
        interview.consent.rules,
        interview.consent.evidence_question,
        interview.consent.readers,
        "„[tytuł projektu]”",
    ]
    assert [text for text in said if text not in page] == []
    assert "{tytuł projektu}" not in page


def test_the_minutes_run_on_from_part_to_part(jan: Staff) -> None:
    page = words_of(jan, f"{PAGE}/idi")
    for words in ("od 0. do 10. minuty", "od 30. do 40. minuty", "15 minut, od 40. do 55. minuty"):
        assert words in page


@pytest.mark.parametrize("form", ["idi", "fgi"])
def test_the_protocol_is_a_pdf_named_after_the_gmina(jan: Staff, form: str) -> None:
    response = jan.client.get(f"{PAGE}/{form}/protokol")
    assert response.status_code == 200
    assert response.data.startswith(b"%PDF-")
    assert f"protokol-{form}-janow-lubelski.pdf" in response.headers["Content-Disposition"]


def test_there_is_no_third_scenario(jan: Staff) -> None:
    jan.get(f"{PAGE}/ankieta", expect=404)
