"""Stage 1 of a round: each rates alone. Nothing here reads or tells what another person gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from survey_app.errors import ConflictError, Fault, ForbiddenError, InvalidInputError
from survey_app.services.coding.evidence import EvidenceView, of_own_ratings
from survey_app.services.coding.round_rules import (
    NO_SEAT,
    RoundEntry,
    instrument_and_coding,
    refuse_representative,
    represented,
    require_entry,
    require_round,
    require_seat,
    round_entries,
    tidy_reason,
)
from survey_app.services.context import Context
from survey_app.store import coding, coding_ratings, declarations
from survey_app.store.coding import CodingRound
from survey_app.store.coding_ratings import Rating

__all__ = [
    "BEGUN",
    "DONE",
    "REPRESENTED",
    "UNTOUCHED",
    "GivenRating",
    "OwnRating",
    "OwnState",
    "RatingDraft",
    "RatingSheet",
    "StaleRatingError",
    "own_list",
    "save_rating",
    "save_ratings",
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
class GivenRating:
    """A draft and what it is for. `revision`: the one that the rater knows; 0: none."""

    stakeholder_id: int
    criterion: str
    draft: RatingDraft
    revision: int = 0


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
    refusals: tuple[str, ...] = ()


class StaleRatingError(ConflictError):
    """Another window saved something else meanwhile; `stored` is what is kept."""

    def __init__(self, stored: OwnRating) -> None:
        super().__init__(
            "Tę ocenę zmieniono w innym oknie. Nic nie przepadło: porównaj obie wersje i wybierz jedną."
        )
        self.stored = stored


def own_list(context: Context, gmina_code: str, round_id: int, person_id: int) -> list[OwnState]:
    """Every stakeholder of the round, in alphabetical order, with the person's own progress."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        _require_any_seat(session, found, person_id)
        return _states(session, found, person_id)


def sheet(
    context: Context, gmina_code: str, round_id: int, person_id: int, stakeholder_id: int
) -> RatingSheet:
    """NotFoundError: not in the round. ForbiddenError: the person has no seat in it."""
    with context.database.reading() as session:
        found = require_round(session, gmina_code, round_id)
        _require_any_seat(session, found, person_id)
        states = _states(session, found, person_id)
        require_entry(session, found, stakeholder_id)
        rows = declarations.of_stakeholder(session, stakeholder_id)
        return RatingSheet(
            stakeholder=_entry(session, found, stakeholder_id),
            **_place(states, stakeholder_id),
            own=_own(session, found, person_id, stakeholder_id),
            represented=any(
                one.state == REPRESENTED for one in states if one.stakeholder_id == stakeholder_id
            ),
            open=found.stage == coding.RATING,
            contributions=_contributions(context, rows),
            refusals=tuple(row.description for row in _standing(context, rows, declarations.REFUSAL)),
        )


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
    given = GivenRating(stakeholder_id, criterion, draft, revision)
    (kept,) = save_ratings(context, gmina_code, round_id, person_id, [given])
    return kept


def save_ratings(
    context: Context, gmina_code: str, round_id: int, person_id: int, given: Iterable[GivenRating]
) -> list[int]:
    """One person's ratings, all or none; the revisions in the same order. Errors as of `save_rating`."""
    with context.database.transaction() as session:
        found = require_round(session, gmina_code, round_id, alone=True, stage=coding.RATING)
        require_seat(session, found, person_id)
        allowed: set[int] = set()
        revisions = []
        for one in given:
            if one.stakeholder_id not in allowed:
                require_entry(session, found, one.stakeholder_id)
                refuse_representative(session, found, person_id, one.stakeholder_id)
                allowed.add(one.stakeholder_id)
            revisions.append(_keep(session, found, person_id, one))
        return revisions


def _keep(session: Session, found: CodingRound, person_id: int, given: GivenRating) -> int:
    content = _checked(found, given.criterion, given.draft)
    key = (found.id, person_id, given.stakeholder_id, given.criterion)
    row = coding_ratings.get(session, *key)
    if row is None:
        return _add(session, key, content)
    if _content(row) == content:
        return row.revision
    if row.revision != given.revision and _content(row) != NOTHING:
        raise StaleRatingError(_own_rating(row, ()))
    row.point, row.dont_know, row.reason = content
    row.revision += 1
    return row.revision


Content = tuple[int | None, bool, str]
NOTHING: Content = (None, False, "")


def _content(row: Rating) -> Content:
    return row.point, row.dont_know, row.reason


def _add(session: Session, key: tuple[int, int, int, str], content: Content) -> int:
    if content == NOTHING:
        return 0
    round_id, person_id, stakeholder_id, criterion = key
    point, dont_know, reason = content
    added = coding_ratings.add(
        session,
        round_id=round_id,
        person_id=person_id,
        stakeholder_id=stakeholder_id,
        criterion=criterion,
        point=point,
        dont_know=dont_know,
        reason=reason,
    )
    return added.revision


def _checked(found: CodingRound, criterion: str, draft: RatingDraft) -> Content:
    """InvalidInputError: no such criterion, a point outside its scale, a point and "nie wiem" at once."""
    instrument, _ = instrument_and_coding(found)
    question = instrument.by_id.get(criterion)
    if question is None or question.scale is None:
        raise _refused(
            "criterion_unknown", criterion, "Tego kryterium nie ma w tej turze.", "Odśwież stronę."
        )
    scale = question.scale
    if draft.point is not None and draft.dont_know:
        message, hint = "Zaznaczono i punkt, i „nie wiem”.", "Zostaw jedno z nich."
        raise _refused("point_and_dont_know", criterion, message, hint)
    if draft.point is not None and not scale.low <= draft.point <= scale.high:
        message = f"Skala kryterium „{question.text}” ma punkty od {scale.low} do {scale.high}."
        raise _refused("out_of_scale", criterion, message, "Wybierz jeden z nich albo „nie wiem”.")
    return draft.point, draft.dont_know, tidy_reason(draft.reason, criterion, required=False)


def _refused(code: str, where: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError("Nie zapisano oceny.", [Fault(code, where, message, hint)])


def _require_any_seat(session: Session, found: CodingRound, person_id: int) -> None:
    """Also one that was given up: what a person gave stays theirs to read."""
    if person_id not in {person.id for _, person, _ in coding.seats_now(session, found)}:
        raise ForbiddenError(NO_SEAT)


def _states(session: Session, found: CodingRound, person_id: int) -> list[OwnState]:
    instrument, _ = instrument_and_coding(found)
    given: dict[int, int] = {}
    for row in coding_ratings.own_ratings(session, found.id, person_id):
        settled = row.point is not None or row.dont_know
        given[row.stakeholder_id] = given.get(row.stakeholder_id, 0) + settled
    theirs = represented(session, found).get(person_id, frozenset())

    def state(stakeholder_id: int) -> str:
        if stakeholder_id in theirs:
            return REPRESENTED
        if stakeholder_id not in given:
            return UNTOUCHED
        return DONE if given[stakeholder_id] >= len(instrument.questions) else BEGUN

    return [
        OwnState(one.stakeholder_id, one.name, one.sector_label, state(one.stakeholder_id))
        for one in round_entries(session, found)
    ]


def _place(states: list[OwnState], stakeholder_id: int) -> dict[str, Any]:
    """Where a stakeholder stands in the rater's walk, which leaves out those that the rater represents."""
    walk = [one for one in states if one.state != REPRESENTED]
    ids = [one.stakeholder_id for one in walk]
    at = ids.index(stakeholder_id) if stakeholder_id in ids else -1
    following = walk[at + 1 :] + walk[: max(at, 0)]
    return {
        "position": at + 1,
        "of": len(ids),
        "previous_id": ids[at - 1] if at > 0 else None,
        "next_id": ids[at + 1] if at + 1 < len(ids) else None,
        "next_unrated_id": next((one.stakeholder_id for one in following if one.state != DONE), None),
        "done": sum(one.state == DONE for one in walk),
    }


def _entry(session: Session, found: CodingRound, stakeholder_id: int) -> RoundEntry:
    return next(one for one in round_entries(session, found) if one.stakeholder_id == stakeholder_id)


def _own(session: Session, found: CodingRound, person_id: int, stakeholder_id: int) -> dict[str, OwnRating]:
    instrument, _ = instrument_and_coding(found)
    attached = of_own_ratings(session, found.id, person_id)
    kept = {
        row.criterion: row
        for row in coding_ratings.own_ratings(session, found.id, person_id)
        if row.stakeholder_id == stakeholder_id
    }
    own = {}
    for question in instrument.questions:
        evidence = tuple(attached.get((person_id, stakeholder_id, question.id), ()))
        row = kept.get(question.id)
        own[question.id] = (
            OwnRating(question.id, None, False, "", 0) if row is None else _own_rating(row, evidence)
        )
    return own


def _own_rating(row: Rating, evidence: tuple[EvidenceView, ...]) -> OwnRating:
    return OwnRating(row.criterion, row.point, row.dont_know, row.reason, row.revision, evidence)


def _contributions(context: Context, rows: list[declarations.Declaration]) -> tuple[str, ...]:
    """What the catalogue says that the stakeholder contributes now."""
    return tuple(
        f"{declarations.RESOURCES.get(row.resource or '', row.resource)}: {row.description}"
        for row in _standing(context, rows, declarations.CONTRIBUTION)
    )


def _standing(
    context: Context, rows: list[declarations.Declaration], kind: str
) -> list[declarations.Declaration]:
    """Those of the kind that were not taken back."""
    today = context.today()
    return [
        row for row in rows if row.kind == kind and (row.withdrawn_on is None or row.withdrawn_on > today)
    ]
