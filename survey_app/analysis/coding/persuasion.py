"""What may win over the Neutral, sector by sector: the library's words for the weakest component of readiness.

METHOD, "Readiness per sector": suggested from released groups only; where bounds overlap, all candidates are shown.
No barrier is ever chosen for an institution: those that the library ties to its sector come as questions to the team.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey_app import polish
from survey_app.analysis.coding.change import sector_names
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult
from survey_app.analysis.coding.talks import Basis, Talk, basis_of, order_of_talks
from survey_app.analysis.diagnoza.result import ReadinessResult, ReadinessRow
from survey_app.analysis.groups import Groups
from survey_app.instrument.arguments_model import Argument, Library
from survey_app.instrument.model import SectorTable

SEVERAL = "Granice odpowiedzi na siebie zachodzą, więc najsłabsza może być każda z tych składowych."


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the library has for a sector. `arguments`: the weakest components, none where the ankieta does not say.

    `basis`: sentences with released numbers alone. `barriers`: as questions to the team. `services`: groups of
    services that the library ties to the sector.
    """

    arguments: tuple[Argument, ...]
    why: str
    basis: tuple[str, ...]
    barriers: tuple[Argument, ...]
    services: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class SectorTarget:
    """A sector with somebody to win over. `sector`: id of a standard catalogue sector."""

    sector: str
    label: str
    talks: tuple[Talk, ...]
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Scenario:
    """Whom to win over. `talks`: in their order; `sectors`: alphabetically; `round`: as it is counted now."""

    round: RoundResult
    talks: tuple[Talk, ...]
    sectors: tuple[SectorTarget, ...]

    def why(self, one: CodedStakeholder) -> tuple[tuple[str, str], ...]:
        """What the code rests on beside influence: (criterion in words, median or "–"), the same for everybody."""
        criteria = (
            asked for asked in self.round.instrument.questions if asked.id != self.round.coding.influence
        )
        points = {key: str(point) for key, point in one.medians.items() if point is not None}
        return tuple((asked.text, points.get(asked.id, "–")) for asked in criteria)

    def of_sector(self, sector: str) -> SectorTarget | None:
        return next((one for one in self.sectors if one.sector == sector), None)


def scenario(
    result: RoundResult,
    library: Library,
    readiness: ReadinessResult | None,
    groups: Groups | None,
    sectors: SectorTable | None,
) -> Scenario:
    """`result`: a closed round as it is counted now. The last three: of the gmina's ankieta, or all None."""
    talks = order_of_talks(result, readiness, groups, sectors)
    by_sector: dict[str, list[Talk]] = {}
    for talk in talks:
        by_sector.setdefault(talk.stakeholder.sector, []).append(talk)
    names: Mapping[str, str] = sector_names(result.stakeholders)
    targets = tuple(
        SectorTarget(
            sector,
            names[sector],
            tuple(by_sector[sector]),
            _suggestion(sector, library, basis_of(sector, readiness, groups, sectors)),
        )
        for sector in names
        if sector in by_sector
    )
    return Scenario(result, talks, targets)


def _suggestion(sector: str, library: Library, basis: Basis) -> Suggestion:
    weakest = dict.fromkeys(question for row in basis.rows for question in row.weakest)
    known = library.by_component
    arguments = tuple(known[question] for question in weakest if question in known)
    sentences = [_basis(row) for row in basis.rows]
    if any(len(row.weakest) > 1 and row.bounds is not None for row in basis.rows):
        sentences.append(SEVERAL)
    return Suggestion(
        arguments,
        basis.why,
        tuple(sentences),
        tuple(one for one in library.barriers if sector in one.sectors),
        tuple(one for one in library.services if sector in one.sectors),
    )


def _basis(row: ReadinessRow) -> str:
    """ "Gotowość, „Szkoły”: 47 na 100. Potrzeba 40%, Działanie 20%, Gotowość 80%; dane z 5 odpowiedzi." """
    parts = []
    for part in row.components:
        if part.share is not None:
            bounds = part.bounds
            said = f" (od {polish.percent(bounds.low)} do {polish.percent(bounds.high)})" if bounds else ""
            parts.append(f"{part.label} {polish.percent(part.share)}{said}")
    bases = sorted({part.base for part in row.components if part.base is not None})
    score = "" if row.score is None else f": {polish.decimal(row.score, 0)} na 100"
    return f"Gotowość, „{row.label}”{score}. {', '.join(parts)}; dane z {_answers(bases)}."


def _answers(bases: list[int]) -> str:
    if not bases:
        return "ankiety"
    last = f"{polish.whole(bases[-1])}{polish.NBSP}odpowiedzi"
    return last if len(bases) == 1 else f"{polish.whole(bases[0])}–{last}"
