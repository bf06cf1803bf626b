"""What the pages of agreement say of ratings, decisions and votes, in words. METHOD, "Coding"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_app import polish
from survey_app.analysis.coding.level import Level, level
from survey_app.analysis.coding.ratings import RatingSummary
from survey_app.analysis.coding.result import Agreement
from survey_app.instrument.model import Coding, Fact, Instrument, Question
from survey_app.services.coding.agree import (
    BallotView,
    DecisionView,
    LaidOpen,
    LaidOpenCriterion,
    LaidOpenReason,
)
from survey_app.services.coding.coding_rounds import RoundView

LEVELS = {
    Level.RELIABLE: "wysoka: osoby oceniające rozumieją skalę tak samo",
    Level.TENTATIVE: "umiarkowana: wystarcza do ostrożnych wniosków",
    Level.LOW: "niska: oceny warto omówić, zanim zapadną decyzje",
    Level.CHANCE: "nie większa niż przypadkowa: oceny trzeba omówić",
}
FACTS = {
    Fact.CONTRIBUTION: "W katalogu jest zapisany wkład tej instytucji.",
    Fact.REFUSAL: "W katalogu jest zapisana odmowa udziału.",
}
DIFFER, UNDECIDED, ALL = "roznice", "bez-decyzji", ""
FILTERS = {ALL: "wszystkie", DIFFER: "różnice", UNDECIDED: "bez decyzji"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the overview."""

    id: int
    name: str
    sector: str
    medians: tuple[str, ...]
    proposed: str
    decided: str
    ballot: bool


@dataclass(frozen=True, slots=True)
class ShownReason:
    mark: str
    reason: str
    rater_name: str | None
    evidence: Sequence[object]


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """`points`: point, its anchor, how many gave it; the highest first, as on the scale's own page."""

    title: str
    points: tuple[tuple[str, str, int], ...]
    words: str
    reasons: tuple[ShownReason, ...]


@dataclass(frozen=True, slots=True)
class ShownBallot:
    id: int
    label: str
    reason: str
    cast: int
    seats: int


@dataclass(frozen=True, slots=True)
class ShownDecision:
    id: int
    label: str
    reason: str
    decided_at: object
    votes: str
    evidence: Sequence[object]


def code_label(coding: Coding, code: str | None) -> str:
    return coding.code(code).label if code else ""


def overview_row(coding: Coding, laid: LaidOpen) -> Row:
    return Row(
        laid.stakeholder.stakeholder_id,
        laid.stakeholder.name,
        laid.stakeholder.sector_label,
        tuple(spread(one.summary) for one in laid.criteria),
        code_label(coding, laid.proposed),
        code_label(coding, laid.decision.code if laid.decision else None),
        laid.ballot is not None,
    )


def kept_by(chosen: str, laid: LaidOpen) -> bool:
    """Does the filter of the overview keep this one?"""
    if chosen == DIFFER:
        return laid.differ
    return chosen != UNDECIDED or laid.decision is None


def spread(summary: RatingSummary) -> str:
    """ "2 (1–3)", "3 (wszyscy)", "brak ocen"."""
    if summary.median is None:
        return "brak ocen"
    if summary.low == summary.high:
        return f"{summary.median} (wszyscy)" if len(summary.points) > 1 else f"{summary.median} (jedna osoba)"
    return f"{summary.median} ({summary.low}–{summary.high})"


def agreement_rows(instrument: Instrument, agreements: Iterable[Agreement]) -> list[tuple[str, ...]]:
    return [
        (
            instrument.by_id[one.criterion].text,
            "nieokreślona" if one.alpha is None else polish.decimal(one.alpha, 2),
            interval(one),
            alpha_words(one),
            f"{polish.counted(one.units, 'interesariusz', 'interesariusze', 'interesariuszy')},"
            f" {polish.counted(one.points, 'ocena', 'oceny', 'ocen')}",
        )
        for one in agreements
    ]


def interval(one: Agreement) -> str:
    if one.low is None or one.high is None:
        return "–"
    return f"od {polish.decimal(one.low, 2)} do {polish.decimal(one.high, 2)}"


def alpha_words(one: Agreement) -> str:
    """What may rest on ratings that agree so far."""
    return LEVELS.get(level(one.alpha), one.undefined)


def criterion_shown(one: LaidOpenCriterion) -> ShownCriterion:
    scale, summary = one.criterion.scale, one.summary
    assert scale is not None
    points = tuple(
        (str(point), scale.anchors.get(point, ""), summary.points.count(point))
        for point in range(scale.high, scale.low - 1, -1)
    )
    return ShownCriterion(
        criterion_title(one.criterion),
        (*points, ("nie wiem", "", summary.dont_know)),
        summary_words(summary),
        tuple(_reason(reason) for reason in one.reasons if reason.reason or reason.evidence),
    )


def criterion_title(question: Question) -> str:
    return f"{question.number}. {question.text}" if question.number else question.text


def summary_words(summary: RatingSummary) -> str:
    """Median, spread and the point that stands out; never whose it is."""
    if summary.median is None:
        return "Nikt nie dał oceny."
    given = polish.counted(len(summary.points), "oceny", "ocen", "ocen")
    if summary.low == summary.high:
        return f"Mediana {summary.median} z {given}; wszystkie oceny takie same."
    words = f"Mediana {summary.median} z {given}; oceny od {summary.low} do {summary.high}."
    return words if summary.farthest is None else f"{words} Najbardziej odbiega ocena {summary.farthest}."


def proposal_words(laid: LaidOpen, composed: str) -> str:
    """From what was rated, as the composed reason says it, before anybody has confirmed anything."""
    if laid.proposed is None:
        return laid.why_no_proposal
    _, _, rated = composed.partition(": ")
    return f"Z ocen i katalogu: {rated or composed}"


def facts_words(laid: LaidOpen) -> list[str]:
    return [FACTS[fact] for fact in FACTS if fact in laid.facts]


def decision_shown(coding: Coding, one: DecisionView) -> ShownDecision:
    votes = ballot_words(one.ballot) if one.ballot else ""
    return ShownDecision(
        one.id, code_label(coding, one.code), one.reason, one.decided_at, votes, one.evidence
    )


def ballot_shown(coding: Coding, one: BallotView) -> ShownBallot:
    return ShownBallot(one.id, code_label(coding, one.code), one.reason, one.cast, one.seats)


def ballot_words(one: BallotView) -> str:
    """ "Głosowanie: 4 za, 1 przeciw, 0 wstrzymało się (miejsc: 6)." """
    return (
        f"Głosowanie: {one.votes_for} za, {one.votes_against} przeciw,"
        f" {one.votes_abstained} wstrzymało się (miejsc: {one.seats})."
    )


def past_ballot_row(coding: Coding, one: BallotView) -> tuple[object, ...]:
    how = "podniesienie ręki" if one.show_of_hands else "na telefonach"
    carried = "przeszedł" if one.carried else "nie przeszedł"
    label = f"{code_label(coding, one.code)} ({carried})"
    return label, one.votes_for, one.votes_against, one.votes_abstained, one.seats, how


def history_rows(coding: Coding, laid: LaidOpen) -> list[tuple[str, str, str]]:
    """Every decision of the chain; nothing to tell where there is only one."""
    chain = (*laid.earlier, *((laid.decision,) if laid.decision else ()))
    return [
        (
            polish.moment(one.decided_at),
            f"{code_label(coding, one.code)} (sprostowanie)"
            if one.correction
            else code_label(coding, one.code),
            one.reason,
        )
        for one in chain
        if len(chain) > 1
    ]


def correction_rows(coding: Coding, entries: Iterable[LaidOpen]) -> list[tuple[str, str, str, str, str]]:
    """Every correction with the code that it replaces; the newest first."""
    found = []
    for laid in entries:
        chain = (*laid.earlier, *((laid.decision,) if laid.decision else ()))
        for before, after in pairwise(chain):
            if after.correction:
                found.append((after.decided_at, laid.stakeholder.name, before.code, after.code, after.reason))
    found.sort(reverse=True)
    return [
        (name, polish.date_short(at), code_label(coding, before), code_label(coding, after), reason)
        for at, name, before, after, reason in found
    ]


@dataclass(frozen=True, slots=True)
class Names:
    """Who is to be named: how many agreed, and the asking person's own word (None: no seat)."""

    shown: bool
    words: str
    own: bool | None


def names_words(view: RoundView, person_id: int, shown: bool) -> Names:
    seats = [seat for seat in view.raters if not seat.left]
    agreed = sum(seat.agrees_to_names for seat in seats)
    own = next((seat.agrees_to_names for seat in seats if seat.person_id == person_id), None)
    words = f"Zgód jest {agreed}, miejsc {len(seats)}."
    return Names(shown, words, own)


def _reason(one: LaidOpenReason) -> ShownReason:
    mark = "nie wiem" if one.dont_know else str(one.point) if one.point is not None else "bez oceny"
    return ShownReason(mark, one.reason, one.rater_name, one.evidence)
