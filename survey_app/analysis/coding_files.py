"""Coding as rows of a file: every stakeholder of every round, and everyone's change. For the team alone."""

from __future__ import annotations

from collections.abc import Sequence

from survey_app.analysis.coding.change import RoundChange
from survey_app.analysis.coding.result import CodedStakeholder, RoundResult

Cell = str | int | float | None
CHANGE_HEADER = ("interesariusz", "sektor", "osoba fizyczna", "kod przed", "kod po", "co się stało", "powód")
_BEFORE = (
    "tura",
    "zamknięta",
    "interesariusz",
    "sektor",
    "miejsce",
    "typ",
    "osoba fizyczna",
    "wkład",
    "odmowa",
)
_AFTER = (
    "propozycja", "kod", "sprostowano", "powód", "głosy za", "głosy przeciw", "wstrzymało się", "uprawnionych",
    "podstawy",
)  # fmt: skip


def stakeholder_header(rounds: Sequence[RoundResult]) -> tuple[str, ...]:
    """The columns; a pair for each criterion that any of the rounds had."""
    names = _criteria(rounds).values()
    return (
        *_BEFORE,
        *(column for name in names for column in (f"mediana: {name}", f"liczba ocen: {name}")),
        *_AFTER,
    )


def stakeholder_rows(rounds: Sequence[RoundResult]) -> list[tuple[Cell, ...]]:
    """One row per stakeholder and round, as `change.counted_rounds` counts them; missing medians are empty."""
    criteria = tuple(_criteria(rounds))
    return [_stakeholder(one, each, criteria) for one in rounds for each in one.stakeholders]


def change_rows(change: RoundChange) -> list[tuple[Cell, ...]]:
    """Those of both rounds, then the new, then the departed."""
    before, after = change.before.coding.code, change.after.coding.code
    rows: list[tuple[Cell, ...]] = [
        (
            pair.name,
            pair.sector_label,
            _yes(pair.natural_person),
            before(pair.before).label,
            after(pair.after).label,
            "zmiana kodu" if pair.changed else "bez zmiany",
            pair.reason,
        )
        for pair in change.pairs
    ]
    rows += [
        (one.name, one.sector_label, _yes(one.natural_person), "", after(one.code).label, "nowy", one.reason)
        for one in change.new
    ]
    rows += [
        (
            one.name,
            one.sector_label,
            _yes(one.natural_person),
            before(one.code).label,
            "",
            "nie ma w ostatniej turze",
            change.departed_why[one.stakeholder_id],
        )
        for one in change.departed
    ]
    return rows


def _criteria(rounds: Sequence[RoundResult]) -> dict[str, str]:
    return {question.id: question.text for one in rounds for question in one.instrument.questions}


def _stakeholder(one: RoundResult, each: CodedStakeholder, criteria: Sequence[str]) -> tuple[Cell, ...]:
    votes = each.votes
    counts: tuple[Cell, ...] = (None, None, None, None)
    if votes is not None:
        counts = (votes.votes_for, votes.votes_against, votes.abstained, votes.seats)
    corrected = {correction.stakeholder_id for correction in one.corrections}
    return (
        one.number,
        one.closed_on.isoformat(),
        each.name,
        each.sector_label,
        "wewnętrzny" if each.internal else "zewnętrzny",
        each.stakeholder_type or "",
        _yes(each.natural_person),
        _yes(each.contribution),
        _yes(each.refusal),
        *(cell for key in criteria for cell in (each.medians.get(key), each.points.get(key))),
        "" if each.proposed is None else one.coding.code(each.proposed).label,
        one.coding.code(each.code).label,
        _yes(each.stakeholder_id in corrected),
        each.reason,
        *counts,
        "; ".join(each.evidence),
    )


def _yes(holds: bool) -> str:
    return "tak" if holds else "nie"
