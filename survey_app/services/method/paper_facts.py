"""What the service knows of a gmina, for the texts of its papers."""

from __future__ import annotations

import datetime as dt

from survey_app import polish
from survey_app.instrument.paper_model import PaperFact
from survey_app.services import team_people
from survey_app.services.context import Context
from survey_app.services.gminas import GminaDescription


def text_facts(context: Context, gmina: GminaDescription, day: dt.date) -> dict[str, str]:
    """Every fact that is a text, by its name; `day`: what "today" is, of a paper that was made earlier."""
    seats = team_people.team(context, gmina.code)
    return {
        PaperFact.GMINA.value: gmina.name,
        PaperFact.GMINA_KIND.value: gmina.kind_label,
        PaperFact.POWIAT.value: gmina.powiat,
        PaperFact.WOJEWODZTWO.value: gmina.wojewodztwo,
        PaperFact.TODAY.value: polish.date(day),
        PaperFact.COORDINATOR.value: ", ".join(seat.name for seat in seats if seat.coordinator),
    }
