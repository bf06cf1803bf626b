"""What tests of coding begin with: a gmina, its catalogue, a team, and whole rounds held through the services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from survey_app import security
from survey_app.services import team_people
from survey_app.services.coding import agree, coding_rounds, rate
from survey_app.services.coding.coding_rounds import CodingRound, RoundDraft
from survey_app.services.coding.rate import GivenRating, RatingDraft
from survey_app.services.context import Context
from survey_app.services.register import catalogue
from survey_app.store import people
from tests.campaign_kit import GMINA, add_gmina
from tests.stores import Clock

CRITERIA = ("wplyw", "wiedza", "zainteresowanie")
PASSWORD = "cztery-zwykle-slowa-razem"
REASON = "Zespół tak ustalił."
# One point per criterion, in the order of CRITERIA, or None for "nie wiem".
Points = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Team:
    """Godziszów: the ids of its catalogue entries and of its people; the first person coordinates."""

    stakeholders: tuple[int, ...]
    people: tuple[int, ...]

    @property
    def coordinator(self) -> int:
        return self.people[0]


def add_team(context: Context, stakeholders: int = 4, seats: int = 3) -> Team:
    """Institutions named "Instytucja 001" and on; people named "Osoba 1" and on."""
    add_gmina(context, stakeholders)
    entries = tuple(row.id for row in catalogue.stakeholders(context, GMINA))
    return Team(entries, add_people(context, seats))


def add_people(context: Context, count: int, gmina: str = GMINA) -> tuple[int, ...]:
    """A coordinator and members, "osoba1.060502@example.org" and on, all with the password PASSWORD."""
    ids: list[int] = []
    with context.database.transaction() as session:
        for number in range(1, count + 1):
            person = people.add(
                session,
                email=f"osoba{number}.{gmina}@example.org",
                name=f"Osoba {number}",
                password_hash=security.hash_password(PASSWORD),
                at=context.clock(),
            )
            people.add_membership(session, person, people.MEMBER if ids else people.COORDINATOR, gmina)
            ids.append(person.id)
    return tuple(ids)


def draft(team: Team, **changes: object) -> RoundDraft:
    typed: dict[str, object] = {
        "title": "Tura na początku",
        "occasion": "start",
        "scheme": "trzy_kody",
        "stakeholder_ids": team.stakeholders,
        "rater_ids": team.people,
    }
    return RoundDraft(**{**typed, **changes})  # type: ignore[arg-type]


def open_round(context: Context, team: Team, **changes: object) -> CodingRound:
    """Everybody rates everything; `changes` are those to the draft."""
    return coding_rounds.open_round(context, GMINA, draft(team, **changes), team.coordinator)


def rate_one(
    context: Context, round_id: int, person_id: int, stakeholder_id: int, points: Points, reason: str = ""
) -> None:
    """All criteria of one stakeholder by one rater, over what was there before."""
    known = rate.sheet(context, GMINA, round_id, person_id, stakeholder_id).own
    revisions = {criterion: known[criterion].revision for criterion in CRITERIA}
    rate.save_ratings(context, GMINA, round_id, person_id, _given(stakeholder_id, points, reason, revisions))


def _given(
    stakeholder_id: int, points: Points, reason: str = "", revisions: Mapping[str, int] | None = None
) -> list[GivenRating]:
    return [
        GivenRating(
            stakeholder_id,
            criterion,
            RatingDraft(point, point is None, reason),
            (revisions or {}).get(criterion, 0),
        )
        for criterion, point in zip(CRITERIA, points, strict=True)
    ]


def rate_all(
    context: Context,
    round_id: int,
    team: Team,
    points: Callable[[int, int], Points] | Points = (2, 2, 3),
    raters: Sequence[int] | None = None,
) -> None:
    """`points`: the same for all, or by place of the rater and place of the stakeholder. None rated before."""
    for seat, person_id in enumerate(team.people if raters is None else raters):
        given: list[GivenRating] = []
        for place, stakeholder_id in enumerate(team.stakeholders):
            given += _given(stakeholder_id, points(seat, place) if callable(points) else points)
        rate.save_ratings(context, GMINA, round_id, person_id, given)


def lay_open(context: Context, round_id: int, team: Team) -> None:
    coding_rounds.lay_open(context, GMINA, round_id, team.coordinator)


def decide_all(context: Context, round_id: int, team: Team, codes: Mapping[int, str] | None = None) -> None:
    """The given codes, each with a reason; for the others the proposal, "neutralny" where there is none."""
    for laid in agree.overview(context, GMINA, round_id).entries:
        key = laid.stakeholder.stakeholder_id
        if laid.decision is None:
            code = (codes or {}).get(key) or laid.proposed or "neutralny"
            agree.decide(context, GMINA, round_id, key, code, REASON, team.coordinator)


def close(context: Context, round_id: int, team: Team) -> CodingRound:
    return coding_rounds.close(context, GMINA, round_id, team.coordinator)


def laid_open_round(
    context: Context, team: Team, points: Callable[[int, int], Points] | Points = (2, 2, 3), **changes: object
) -> CodingRound:
    """Opened, rated by everybody, laid open."""
    found = open_round(context, team, **changes)
    rate_all(context, found.id, team, points)
    lay_open(context, found.id, team)
    return coding_rounds.coding_round(context, GMINA, found.id)


def closed_round(
    context: Context,
    team: Team,
    codes: Mapping[int, str] | None = None,
    points: Callable[[int, int], Points] | Points = (2, 2, 3),
    **changes: object,
) -> CodingRound:
    """A whole round, a day later than it was opened if the clock can be moved."""
    found = laid_open_round(context, team, points, **changes)
    decide_all(context, found.id, team, codes)
    if isinstance(context.clock, Clock):
        context.clock.advance(days=1)
    return close(context, found.id, team)


def together(*calls: Callable[[], object]) -> list[object]:
    """All at the same moment; what each returned or raised."""
    start, results = threading.Barrier(len(calls)), list[object](calls)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = calls[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def frozen(context: Context, round_id: int) -> tuple[object, object]:
    """The bytes of a closed round's result as the store holds them, and its checksum."""
    with context.database.connection() as connection:
        row = connection.execute(
            text("SELECT CAST(result AS TEXT), result_sha256 FROM coding_round WHERE id = :id"),
            {"id": round_id},
        ).one()
    return row[0], row[1]


def represent(context: Context, person_id: int, *stakeholder_ids: int) -> None:
    team_people.set_representations(context, GMINA, person_id, stakeholder_ids, None)
