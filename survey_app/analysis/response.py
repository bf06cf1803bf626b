"""Who answered: invited, answered, complete, and AAPOR's response rate 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey_app.analysis.diagnoza.result import ResponseResult
from survey_app.analysis.disclosure import ReleasedCampaign
from survey_app.analysis.released import ReleasedTable
from survey_app.instrument.model import Instrument
from survey_app.instrument.values import State

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Population:
    """Whom a campaign with invitations invited: institutions in all, and by catalogue sector."""

    invited: int
    by_sector: Mapping[str, int] = field(default_factory=dict)


def count_complete(instrument: Instrument, frame: pd.DataFrame) -> int:
    """How many of the answers are complete: at least `at_least` of the named questions answered
    (`CompleteRule`).

    `frame` is `frames.tidy`. Without a rule every answer that was sent is complete.
    """
    rule = instrument.definitions.complete
    if rule is None:
        return int(frame["response"].nunique())
    given = frame[frame["question"].isin(rule.of) & (frame["state"] == State.ANSWERED.value)]
    return int((given.groupby("response").size() >= rule.at_least).sum())


def response_rate_1(complete: int, population: Population | None) -> float | None:
    """AAPOR RR1 = complete / invited, from 0 to 1; None with an open link, where nobody knows how many
    could answer.

    The American Association for Public Opinion Research, Standard Definitions: RR1 counts complete answers
    over all eligible units; every invited institution is eligible here.
    """
    if population is None or population.invited == 0:
        return None
    return complete / population.invited


def response_figures(
    instrument: Instrument, frame: pd.DataFrame, population: Population | None
) -> dict[str, tuple[str, int]]:
    """The figures about the response, as `release_campaign` takes them: column id -> (Polish label,
    number).
    """
    figures = {} if population is None else {"invited": ("zaproszone instytucje", population.invited)}
    figures["answered"] = ("otrzymane ankiety", int(frame["response"].nunique()))
    figures["complete"] = ("w tym kompletne", count_complete(instrument, frame))
    return figures


def response_result(
    released: ReleasedCampaign, population: Population | None, steps: ReleasedTable | None = None
) -> ResponseResult:
    """The response as the report prints it. Read from released tables, as everything else. `steps`: `release_steps`."""
    answered = released.response.count("gmina", "answered") or 0
    complete = released.response.count("gmina", "complete") or 0
    return ResponseResult(
        table=released.response,
        answered=answered,
        complete=complete,
        invited=population.invited if population else None,
        rr1=response_rate_1(complete, population),
        by_type=released.by_type,
        groups=released.sizes,
        notes=tuple(_notes(answered, population)),
        steps=steps,
    )


def _notes(answered: int, population: Population | None) -> list[str]:
    """METHOD, "How sure it is": with an open link print counts, no interval, and say why."""
    if population is None:
        return [
            "Ankieta była dostępna przez otwarty adres, bez kontroli liczby odpowiedzi. Nie wiadomo, ile instytucji "
            "mogło odpowiedzieć, a odpowiadał, kto chciał; dlatego nie podano odsetka odpowiedzi ani granic."
        ]
    if answered > population.invited:
        return ["Ankiet jest więcej niż zaproszonych instytucji, dlatego nie podano granic odsetków."]
    return []
