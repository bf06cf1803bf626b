"""Numbers of a calculator that nobody has said the source of: a draft may have them, what is agreed to may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_app.errors import Fault
from survey_app.forms.paper_page import assumption_cell
from survey_app.instrument.assumptions import assumed
from survey_app.instrument.calculator_model import SOURCE
from survey_app.instrument.model import Instrument
from survey_app.instrument.paper_model import Row
from survey_app.services.method.definitions import rules_of


@dataclass(frozen=True, slots=True)
class Unsourced:
    """An assumption with numbers and no source. `where`: the control of its source on the page that is filled in."""

    name: str
    where: str


def unsourced(definition: Instrument, tables: Mapping[str, Sequence[Row]]) -> list[Unsourced]:
    """In the order of the form; none of a paper that is no calculator. `tables`: of a version."""
    calculator = rules_of(definition).calculator
    if calculator is None:
        return []
    found = assumed(calculator, tables).unsourced
    return [
        Unsourced(one.name, assumption_cell(one, SOURCE)) for one in calculator.assumptions if one.id in found
    ]


def unsourced_faults(definition: Instrument, tables: Mapping[str, Sequence[Row]]) -> list[Fault]:
    """Why such a version is not agreed to; each fault's place is the control of the source."""
    hint = "Prosimy podać, skąd jest i z którego roku; wystarczy „szacunek zespołu” i na czym stoi."
    return [
        Fault("agreed.source", one.where, f"„{one.name}”: brak źródła.", hint)
        for one in unsourced(definition, tables)
    ]
