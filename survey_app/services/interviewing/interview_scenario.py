"""Which scenario an interview follows, and the people and minutes that it is written for. METHOD, "IDI and FGI"."""

from __future__ import annotations

from dataclasses import dataclass

from survey_app.services.context import Context
from survey_app.services.interviewing.scenarios import publish_scenario, scenario_of
from survey_app.store.instruments import InstrumentVersion

FORMS = {"idi": "IDI", "fgi": "FGI"}
FORM_WORDS = {"idi": "wywiad indywidualny (IDI)", "fgi": "wywiad grupowy (FGI)"}


@dataclass(frozen=True, slots=True)
class Limits:
    """How many people a form is for, how long it may take, and how long its scenario is (minutes)."""

    people_low: int
    people_high: int
    minutes_low: int
    minutes_high: int
    minutes: int


def current_version(context: Context, form: str) -> InstrumentVersion:
    """The scenario of this form as it is now."""
    return publish_scenario(context, form)


def limits_of(version: InstrumentVersion) -> Limits:
    """Of the scenario that an interview was planned with."""
    scenario = scenario_of(version)
    interview = scenario.definitions.interview
    if interview is None or scenario.minutes is None:
        raise ValueError(f"{version.key} is no scenario of an interview")
    return Limits(
        interview.people_low,
        interview.people_high,
        interview.minutes_low,
        interview.minutes_high,
        scenario.minutes,
    )


def current_limits(context: Context, form: str) -> Limits:
    """Of the scenario as it is now."""
    return limits_of(current_version(context, form))
