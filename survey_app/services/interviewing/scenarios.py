"""The scenarios of interviews: the IDI of the source, and the project's own FGI. METHOD, "IDI and FGI".

An interview keeps the version that it was planned with, so a changed file never changes what somebody was asked.
"""

from __future__ import annotations

from survey_app.errors import NotFoundError
from survey_app.instrument.model import Instrument, InterviewForm
from survey_app.services.context import Context
from survey_app.services.instruments import instrument_of, publish_file
from survey_app.store.instruments import InstrumentVersion

__all__ = [
    "InterviewForm",
    "current_scenario",
    "current_scenarios",
    "protocol_pdf",
    "publish_scenario",
    "scenario_of",
]

scenario_of = instrument_of


def publish_scenario(context: Context, form: str) -> InstrumentVersion:
    """The version of the form's ("idi", "fgi") present file; made now if its content is new.

    NotFoundError: there is no such form. InvalidInputError: the file has faults.
    """
    if form not in [each.value for each in InterviewForm]:
        raise NotFoundError("Nie ma takiego scenariusza wywiadu.")
    return publish_file(context, form)


def current_scenario(context: Context, form: str) -> Instrument:
    """The scenario that an interview planned now would follow. Raises as `publish_scenario`."""
    return scenario_of(publish_scenario(context, form))


def current_scenarios(context: Context) -> list[Instrument]:
    """All of them, the IDI first."""
    return [current_scenario(context, form) for form in InterviewForm]


def protocol_pdf(scenario: Instrument, gmina_name: str) -> bytes:
    """The protocol to be filled in by hand, without anything of a particular interview."""
    from survey_app.analysis.pdf.protocol import render_protocol

    return render_protocol(scenario, gmina_name)
