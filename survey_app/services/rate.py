"""Stage 1 of a round: each rates alone. Nothing here reads or tells what another person gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey_app.errors import ConflictError
from survey_app.services.context import Context
from survey_app.services.round_rules import RoundEntry

if TYPE_CHECKING:
    from survey_app.services.evidence import EvidenceView

__all__ = [
    "BEGUN",
    "DONE",
    "REPRESENTED",
    "UNTOUCHED",
    "OwnRating",
    "OwnState",
    "RatingDraft",
    "RatingSheet",
    "StaleRatingError",
    "own_list",
    "save_rating",
    "sheet",
]

DONE = "done"
BEGUN = "begun"
UNTOUCHED = "untouched"
REPRESENTED = "represented"


@dataclass(frozen=True, slots=True)
class RatingDraft:
    """What a rater says by one criterion. `point` None and not `dont_know`: nothing yet, perhaps a reason."""

    point: int | None
    dont_know: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnRating:
    """`revision`: 0 as long as nothing is kept; a page sends back the one that it knows."""

    criterion: str
    point: int | None
    dont_know: bool
    reason: str
    revision: int
    evidence: tuple[EvidenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnState:
    """How far the rater is with one stakeholder."""

    stakeholder_id: int
    name: str
    sector_label: str
    state: str  # DONE | BEGUN | UNTOUCHED | REPRESENTED


@dataclass(frozen=True, slots=True)
class RatingSheet:
    """One stakeholder in front of one rater. `own` has an entry for each criterion, empty ones included.

    `position` counts from 1 among those that the person rates (0: represented by them); `next_unrated_id`: the next
    one that is not finished, from here on and then from the start; None when all the others are.
    """

    stakeholder: RoundEntry
    position: int
    of: int
    previous_id: int | None
    next_id: int | None
    next_unrated_id: int | None
    own: Mapping[str, OwnRating] = field(default_factory=dict)
    represented: bool = False
    open: bool = True  # stage rating: what is typed is taken
    done: int = 0  # how many of `of` are finished
    contributions: tuple[str, ...] = ()


class StaleRatingError(ConflictError):
    """Another window saved something else meanwhile; `stored` is what is kept."""

    def __init__(self, stored: OwnRating) -> None:
        super().__init__(
            "Tę ocenę zmieniono w innym oknie. Nic nie przepadło: porównaj obie wersje i wybierz jedną."
        )
        self.stored = stored


def own_list(context: Context, gmina_code: str, round_id: int, person_id: int) -> list[OwnState]:
    """Every stakeholder of the round, in alphabetical order, with the person's own progress."""
    raise NotImplementedError


def sheet(
    context: Context, gmina_code: str, round_id: int, person_id: int, stakeholder_id: int
) -> RatingSheet:
    """NotFoundError: not in the round. ForbiddenError: the person has no seat in it."""
    raise NotImplementedError


def save_rating(
    context: Context,
    gmina_code: str,
    round_id: int,
    person_id: int,
    stakeholder_id: int,
    criterion: str,
    draft: RatingDraft,
    revision: int,
) -> int:
    """The new revision; the same one if nothing changed. StaleRatingError: another window was faster."""
    raise NotImplementedError
