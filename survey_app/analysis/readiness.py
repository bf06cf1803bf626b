"""Readiness per sector, from released tables alone (METHOD, "Readiness per sector")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from survey_app import polish
from survey_app.analysis.bounds import mean_bounds, overlap, share_bounds
from survey_app.analysis.diagnoza.result import Bounds, ComponentResult, ReadinessResult, ReadinessRow
from survey_app.analysis.disclosure import GMINA, Group, ReleasedCampaign
from survey_app.analysis.released import ReleasedTable
from survey_app.analysis.response import Population
from survey_app.instrument.model import Instrument, Readiness, ReadinessItem, SectorTable

_HIDDEN = "Część liczb jest ukryta, żeby chronić odpowiadających."
_NOBODY = "Nikt nie odpowiedział."
_NO_POPULATION = "Nie podano granic: przy otwartym adresie nie wiadomo, ile instytucji mogło odpowiedzieć."
_NOT_TIED = (
    "Nie podano granic: grupy nie da się dokładnie powiązać z sektorami katalogu (są dla całej gminy)."
)
_TOO_MANY = "Nie podano granic: odpowiedzi jest więcej niż zaproszonych instytucji."
_FEW = "Nie podano granic, bo nie podano wyniku."


def readiness_result(
    instrument: Instrument, released: ReleasedCampaign, population: Population | None
) -> ReadinessResult | None:
    """Readiness of the gmina and of every released group; None if the instrument defines no readiness.

    Shares are from 0 to 1, scores and their bounds from 0 to 100. Groups keep the instrument's order: there
    is no ranking, and `separable` says whether any two groups have bounds that do not overlap.
    """
    definition = instrument.definitions.readiness
    if definition is None:
        return None
    size, why = _gmina_size(released, population)
    rows = [_row(definition, released, GMINA, "Cała gmina", size, why)]
    if not released.groups.single:
        for group in released.groups.items:
            size, why = _group_size(instrument.definitions.sectors, released, group, population)
            rows.append(_row(definition, released, group.id, group.label, size, why))
    return ReadinessResult(
        rows=tuple(rows),
        experience=tuple(_component(released, item, GMINA, None) for item in definition.experience),
        concreteness=tuple(
            (part.label, released.questions[part.question])
            for part in definition.concreteness
            if part.question in released.questions
        ),
        separable=_separable(rows[1:]),
    )


def _row(
    definition: Readiness,
    released: ReleasedCampaign,
    row_id: str,
    label: str,
    size: int | None,
    why_no_size: str,
) -> ReadinessRow:
    components = tuple(_component(released, item, row_id, size) for item in definition.items)
    anyone = bool(released.response.count(GMINA, "answered"))
    why_no_score = _why_no_score(components, definition.minimum_answers) if anyone else _NOBODY
    score = None
    if not why_no_score:
        shares = [part.positive / part.base for part in components if part.base and part.positive is not None]
        score = 100 * sum(shares) / len(shares)
    parts = [part.bounds for part in components if part.bounds is not None]
    bounds = mean_bounds(parts, 100.0) if score is not None and len(parts) == len(components) else None
    why_no_bounds = "" if bounds else why_no_size or _FEW
    weakest = _weakest(definition, components) if score is not None else ()
    return ReadinessRow(
        row_id,
        label,
        components,
        score,
        bounds,
        why_no_score,
        why_no_bounds,
        arguments=tuple(f"{item.label}: {item.argument}" for item in weakest),
        weakest=tuple(item.question for item in weakest),
    )


def _component(
    released: ReleasedCampaign, item: ReadinessItem, row_id: str, size: int | None
) -> ComponentResult:
    table = released.questions[item.question]
    positive, base = table.count(row_id, item.positive), table.row(row_id).base
    share = table.share(row_id, item.positive)
    bounds = None
    if share is not None and size is not None and positive is not None and base is not None and base <= size:
        bounds = share_bounds(positive, base, size)
    return ComponentResult(item.question, item.label, positive, base, share, bounds)


def _why_no_score(components: Sequence[ComponentResult], minimum: int) -> str:
    """METHOD: a score needs at least `minimum` answers to each question; otherwise counts are printed."""
    if any(part.base is None or part.positive is None for part in components):
        return _HIDDEN
    if any(part.base is not None and part.base < minimum for part in components):
        needed = polish.counted(minimum, "odpowiedzi", "odpowiedzi", "odpowiedzi")
        return f"Za mało odpowiedzi: wynik podaje się od {needed} na każde z pytań składowych."
    return ""


def _weakest(definition: Readiness, components: Sequence[ComponentResult]) -> tuple[ReadinessItem, ...]:
    """The lowest component; every component that may be the lowest once bounds overlap.

    Without bounds only those who answered speak: the lowest share, and nothing where all of them said TAK.
    """
    bounds = [part.bounds for part in components if part.bounds is not None]
    if len(bounds) == len(components):
        ceiling = min(part.high for part in bounds)
        open_ = [part.low <= ceiling for part in bounds]
    else:
        shares = [part.share if part.share is not None else 1.0 for part in components]
        open_ = [share == min(shares) < 1 for share in shares]
    return tuple(item for item, candidate in zip(definition.items, open_, strict=True) if candidate)


def _gmina_size(released: ReleasedCampaign, population: Population | None) -> tuple[int | None, str]:
    if population is None:
        return None, _NO_POPULATION
    if (released.response.count(GMINA, "answered") or 0) > population.invited:
        return None, _TOO_MANY
    return population.invited, ""


def _group_size(
    table: SectorTable | None, released: ReleasedCampaign, group: Group, population: Population | None
) -> tuple[int | None, str]:
    """How many institutions of a group were invited, where the catalogue can say so exactly, and else why
    not.
    """
    if population is None:
        return None, _NO_POPULATION
    tied = tied_sectors(table, group) if table else ()
    if not tied:
        return None, _NOT_TIED
    invited = sum(population.by_sector.get(sector, 0) for sector in tied)
    if (released.sizes.row(group.id).base or 0) > invited:
        return None, _TOO_MANY
    return invited, ""


def tied_sectors(table: SectorTable, group: Group) -> tuple[str, ...]:
    """The catalogue sectors that together are exactly this group; none if any of them reaches beyond it.

    Groups with "Inna", "spoza Gminy" or "wolę nie wskazywać" have none: anyone of the catalogue may be in them.

    METHOD, "How sure it is": per sector only through the table in the instrument's file. A catalogue sector
    may only hold institutions of the group's types, and every type of the group must have its catalogue
    sector.
    """
    chosen = set(group.options)
    touching = {
        sector: set(options) for sector, options in table.catalogue_options.items() if chosen & set(options)
    }
    if any(options - chosen for options in touching.values()):
        return ()
    if chosen & set(table.standalone):
        return ()
    covered = set[str]().union(*touching.values())
    return tuple(touching) if covered == chosen else ()


def _separable(rows: Sequence[ReadinessRow]) -> bool:
    """METHOD: no ranking of sectors whose bounds overlap."""
    known = [row.bounds for row in rows if row.bounds is not None]
    return any(not overlap(one, other) for one, other in combinations(known, 2))


def gmina_bounds(
    table: ReleasedTable, positive: str, released: ReleasedCampaign, population: Population | None
) -> Bounds | None:
    """Bounds of one answer of a question that everyone is asked, for the whole gmina; None where they make
    no sense.
    """
    size, _ = _gmina_size(released, population)
    count, base = table.count(GMINA, positive), table.row(GMINA).base
    if size is None or count is None or base is None or table.share(GMINA, positive) is None:
        return None
    return share_bounds(count, base, size)
