"""Scenariusze wywiadów: what a moderator will say and ask, part by part, and the protocol for paper."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from survey_app import polish
from survey_app.instrument.model import Instrument, Interview
from survey_app.services.gminas import GminaDescription
from survey_app.services.interviewing import scenarios
from survey_app.web.access import current_context, member_or_moderator
from survey_app.web.downloads import download, plain_name
from survey_app.web.panel_frame import panel_page

blueprint = Blueprint(
    "scenarios", __name__, url_prefix="/panel/<string(length=6):gmina_code>/wywiady/scenariusze"
)

NAME = "Scenariusze wywiadów"
TITLE_TO_SAY = "[tytuł projektu]"


@blueprint.get("")
@member_or_moderator
def index(gmina: GminaDescription) -> str:
    found = scenarios.current_scenarios(current_context())
    return panel_page(
        "panel/scenarios.html",
        gmina=gmina,
        section="interviews",
        crumbs=[("Wywiady", url_for("interviews.index", gmina_code=gmina.code)), (NAME, None)],
        name=NAME,
        scenarios=[(scenario, _facts(scenario)) for scenario in found],
    )


@blueprint.get("/<any(idi, fgi):form>")
@member_or_moderator
def show(gmina: GminaDescription, form: str) -> str:
    """The scenario as people read it; the minutes run from the beginning."""
    scenario = scenarios.current_scenario(current_context(), form)
    return panel_page(
        "panel/scenario.html",
        gmina=gmina,
        section="interviews",
        crumbs=[
            ("Wywiady", url_for("interviews.index", gmina_code=gmina.code)),
            (NAME, url_for("scenarios.index", gmina_code=gmina.code)),
            (form.upper(), None),
        ],
        scenario=scenario,
        interview=_interview(scenario),
        facts=_facts(scenario),
        timetable=_timetable(scenario),
        title_to_say=TITLE_TO_SAY,
    )


@blueprint.get("/<any(idi, fgi):form>/protokol")
@member_or_moderator
def protocol(gmina: GminaDescription, form: str) -> Response:
    scenario = scenarios.current_scenario(current_context(), form)
    name = f"protokol-{form}-{plain_name(gmina.name)}.pdf"
    return download(scenarios.protocol_pdf(scenario, gmina.name), name)


def _interview(scenario: Instrument) -> Interview:
    interview = scenario.definitions.interview
    if interview is None:
        raise LookupError(f"{scenario.key!r} is no scenario of an interview")
    return interview


def _facts(scenario: Instrument) -> list[tuple[str, str]]:
    interview = _interview(scenario)
    people = "jedna osoba"
    if interview.people_high > 1:
        people = f"od {interview.people_low} do {interview.people_high} osób"
    minutes = polish.counted(scenario.minutes or 0, "minuta", "minuty", "minut")
    return [
        ("Z kim", people),
        ("Jak długo", f"{minutes} (może być od {interview.minutes_low} do {interview.minutes_high})"),
        ("Pytania", str(len(scenario.numbered))),
        ("Skąd jest", scenario.source.title),
    ]


def _timetable(scenario: Instrument) -> list[tuple[str, str, str]]:
    """Part, how many minutes, how many questions."""
    return [
        (
            section.title,
            str(ends - begins),
            str(sum(1 for question in section.questions if question.number)),
        )
        for section, begins, ends in scenario.timed_sections
    ]
