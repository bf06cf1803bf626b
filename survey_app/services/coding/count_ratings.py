"""The ratings of a round as the method counts them: without those of people who represent the institution."""

from __future__ import annotations

import functools
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analysis.coding.ratings import RatingSummary, summarise
from survey_app.analysis.coding.result import Agreement
from survey_app.instrument.coding_rule import proposal
from survey_app.instrument.model import Coding, Fact
from survey_app.store import coding_ratings
from survey_app.store.coding import CodingRound
from survey_app.store.coding_ratings import Given

Points = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class CountedRatings:
    """`rows`: stakeholder -> criterion -> ratings. `authors`: who wrote anything at all in the round.

    `raters`: who gave a point or "nie wiem" at least once, in what was read.
    """

    rows: Mapping[int, Mapping[str, Sequence[Given]]]
    raters: frozenset[int]
    authors: frozenset[int]

    def of(self, stakeholder_id: int, criterion: str) -> Sequence[Given]:
        return self.rows.get(stakeholder_id, {}).get(criterion, ())


def counted_ratings(
    session: Session,
    found: CodingRound,
    stakeholder_ids: frozenset[int],
    not_counted: Mapping[int, frozenset[int]],
    only: int | None = None,
) -> CountedRatings:
    """Of these stakeholders; `only`: of one of them. `not_counted`: as `left_out` says.

    Only for a round whose ratings are laid open.
    """
    rows: dict[int, dict[str, list[Given]]] = defaultdict(lambda: defaultdict(list))
    raters = set()

    def counts(person_id: int, stakeholder_id: int) -> bool:
        left = not_counted.get(person_id, frozenset())
        return stakeholder_id in stakeholder_ids and stakeholder_id not in left

    read = coding_ratings.ratings(session, found.id, only)
    for row in read:
        if counts(row.person_id, row.stakeholder_id):
            rows[row.stakeholder_id][row.criterion].append(row)
            if row.point is not None or row.dont_know:
                raters.add(row.person_id)
    written = coding_ratings.authors(session, found.id) if only is not None else _authors(read)
    authors = frozenset(person_id for person_id, key in written if counts(person_id, key))
    return CountedRatings(rows, frozenset(raters), authors)


def _authors(rows: Sequence[Given]) -> set[tuple[int, int]]:
    """As the store tells them, from every rating of the round."""
    return {(row.person_id, row.stakeholder_id) for row in rows}


def finished(counted: CountedRatings, criteria: Sequence[str]) -> set[tuple[int, int]]:
    """(person, stakeholder): a point or "nie wiem" by every criterion; of the ratings that were read and count."""
    return {
        (person_id, stakeholder_id)
        for stakeholder_id in counted.rows
        for person_id in frozenset.intersection(
            *(_raters(counted.of(stakeholder_id, criterion)) for criterion in criteria)
        )
    }


def _raters(rows: Sequence[Given]) -> frozenset[int]:
    return frozenset(row.person_id for row in rows if row.point is not None or row.dont_know)


def summaries(
    counted: CountedRatings, stakeholder_id: int, criteria: Sequence[str]
) -> dict[str, RatingSummary]:
    """By criterion, in the instrument's order."""
    found = {}
    for criterion in criteria:
        rows = counted.of(stakeholder_id, criterion)
        points = [row.point for row in rows if row.point is not None]
        found[criterion] = summarise(criterion, points, sum(row.dont_know for row in rows))
    return found


def proposed_code(
    rules: Coding, scheme: str, found: Mapping[str, RatingSummary], facts: frozenset[Fact]
) -> str | None:
    """METHOD, "Coding": from the lower medians, and from what the catalogue says."""
    medians = {criterion: summary.median for criterion, summary in found.items()}
    points = {criterion: len(summary.points) for criterion, summary in found.items()}
    return proposal(rules, scheme, medians, points, facts)


def agreements(
    counted: CountedRatings, stakeholder_ids: Sequence[int], criteria: Sequence[str]
) -> tuple[Agreement, ...]:
    """One per criterion. The same ratings give the same interval, whoever asks and whenever."""
    raters = sorted(counted.raters)
    return tuple(
        _agreement(
            criterion,
            tuple(
                _points(counted.of(stakeholder_id, criterion), raters) for stakeholder_id in stakeholder_ids
            ),
        )
        for criterion in criteria
    )


def _points(rows: Sequence[Given], raters: Sequence[int]) -> tuple[int | None, ...]:
    by_rater = {row.person_id: row.point for row in rows}
    return tuple(by_rater.get(person_id) for person_id in raters)


@functools.lru_cache(maxsize=64)
def _agreement(criterion: str, points: Points) -> Agreement:
    """A thousand draws take longer than the rest of the page: once per set of ratings."""
    import pandas as pd

    from survey_app.analysis.coding import agreement as alpha

    frame = pd.DataFrame([list(row) for row in points], dtype="float64")
    return alpha.agreement(criterion, frame, seed=_seed(criterion, points))


def _seed(criterion: str, points: Points) -> int:
    """From what was rated alone, in no order of stakeholders or raters."""
    rows = sorted(sorted(point for point in row if point is not None) for row in points)
    return int.from_bytes(hashlib.sha256(f"{criterion} {rows}".encode()).digest()[:4], "big")
